// Accessibility, stricter than "axe finds nothing": contrast that axe cannot compute is a fault until looked at,
// controls must lie inside a narrow window, be large enough to hit, and be reached by Tab with a focus that is seen.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Findings of axe as lines of text; none means none. Needs a context with JavaScript.
 *
 * @param {{ allow?: { key: string, selector: string, reason: string }[], rules?: string[] }} [options] `allow`: contrast
 *   that axe left undecided, by the key of its message, for elements that match the selector, and why it is right all the
 *   same; equal colours and elements outside the window are never allowed. `rules`: these alone, for a look in which
 *   nothing else than they can tell anything new.
 */
export async function axe(page, { allow = [], rules } = {}) {
  // Through the debugger, so that the page's own content security policy stays as it is.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axeSource);
  const result = await page.evaluate(
    (runOnly) => globalThis.axe.run(document, { runOnly, resultTypes: ['violations', 'incomplete'] }),
    rules ? { type: 'rule', values: rules } : { type: 'tag', values: TAGS },
  );
  const lines = [];
  for (const { id, help, nodes } of result.violations) {
    for (const node of nodes) lines.push(`${id}: ${help}: ${node.target.join(' ')}`);
  }
  for (const { id, nodes } of result.incomplete.filter(({ id }) => id === 'color-contrast')) {
    for (const node of nodes) {
      const key = node.any.find(({ data }) => data?.messageKey)?.data.messageKey ?? 'unknown';
      const selectors = allow.filter((entry) => entry.key === key).map((entry) => entry.selector);
      const never = key === 'equalRatio' || key === 'outsideViewport';
      const allowed = !never && selectors.length > 0 && (await matches(page, node.target[0], selectors));
      if (!allowed) lines.push(`${id} cannot be computed (${key}): ${node.target.join(' ')}`);
    }
  }
  return lines;
}

function matches(page, target, selectors) {
  return page.evaluate(([target, selectors]) => document.querySelector(target)?.matches(selectors.join(',')) ?? false, [
    target,
    selectors,
  ]);
}

const CONTROLS = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex="-1"])';

/** Controls and texts that are cut off or lie outside the window sideways, and a page that scrolls sideways. */
export function clipped(page) {
  return page.evaluate((controls) => {
    const lines = [];
    const name = (element) => {
      const text = (element.innerText || element.getAttribute('aria-label') || element.name || '').trim().slice(0, 40);
      return `<${element.localName}${element.id ? ` id=${element.id}` : ''}> ${text}`.trim();
    };
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth > width + 1) {
      lines.push(`the page is ${document.documentElement.scrollWidth} px wide in a window of ${width}`);
    }
    // How much of the element can be seen sideways: what ancestors cut off is gone, what they scroll is not.
    const seen = (element) => {
      const box = element.getBoundingClientRect();
      let [left, right] = [Math.max(box.left, 0), Math.min(box.right, width)];
      for (let parent = element.parentElement; parent && parent !== document.body; parent = parent.parentElement) {
        const overflow = getComputedStyle(parent).overflowX;
        if (overflow === 'auto' || overflow === 'scroll') return box.width;
        if (overflow === 'hidden' || overflow === 'clip') {
          const frame = parent.getBoundingClientRect();
          [left, right] = [Math.max(left, frame.left), Math.min(right, frame.right)];
        }
      }
      return right - left;
    };
    const visible = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    for (const element of document.querySelectorAll(controls)) {
      if (!visible(element)) continue;
      const whole = () => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && seen(element) >= box.width - 1;
      };
      // A link that jumps over the menu shows itself when it has the focus.
      if (whole()) continue;
      element.focus({ preventScroll: true });
      if (!whole()) lines.push(`outside the window: ${name(element)}`);
      element.blur();
    }
    for (const element of document.querySelectorAll('body *')) {
      const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
      // One pixel square is how text for screen readers only is hidden.
      if (!own || !visible(element) || element.clientWidth <= 1) continue;
      const cut = ['hidden', 'clip'].includes(getComputedStyle(element).overflowX);
      if (cut && element.scrollWidth > element.clientWidth + 1) lines.push(`text is cut off: ${name(element)}`);
    }
    return lines;
  }, CONTROLS);
}

/** Controls smaller than 24 × 24 px (WCAG 2.2, 2.5.8) other than links in running text. A label enlarges its field. */
export function small(page) {
  return page.evaluate((controls) => {
    const lines = [];
    for (const element of document.querySelectorAll(controls)) {
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const inText =
        element.localName === 'a' &&
        getComputedStyle(element).display === 'inline' &&
        [...element.parentElement.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
      if (inText) continue;
      const boxes = [element, ...(element.labels ?? [])].map((one) => one.getBoundingClientRect());
      const width = Math.max(...boxes.map((box) => box.right)) - Math.min(...boxes.map((box) => box.left));
      const height = Math.max(...boxes.map((box) => box.bottom)) - Math.min(...boxes.map((box) => box.top));
      // A link to jump over the menu is one pixel large until it has the focus.
      if (width <= 1 || height <= 1) continue;
      if (width < 24 || height < 24) {
        lines.push(`${Math.round(width)} × ${Math.round(height)} px: <${element.localName}> ${(element.innerText || element.name || '').trim().slice(0, 40)}`);
      }
    }
    return lines;
  }, CONTROLS);
}

/**
 * Text that cannot be read in the visitor's own colours (forced colours, in which axe sees the colours that the page
 * wished for, and not these): below 4.5 to 1 (WCAG 1.4.3) against what lies under it.
 */
export function pale(page) {
  return page.evaluate(() => {
    const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
    const light = (colour) => {
      const [r, g, b] = parts(colour).map((value) => ((value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const ground = (element) => {
      for (let one = element; one; one = one.parentElement) {
        const colour = getComputedStyle(one).backgroundColor;
        if ((parts(colour)[3] ?? 1) === 1) return colour;
      }
      return 'rgb(255, 255, 255)';
    };
    const lines = [];
    for (const element of document.querySelectorAll('body *')) {
      const text = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data.trim()).join(' ');
      if (!text.trim() || element.clientWidth === 1 || !element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      if (element.matches(':disabled, svg *')) continue;
      const [a, b] = [light(getComputedStyle(element).color), light(ground(element))].sort((one, other) => other - one);
      const ratio = (a + 0.05) / (b + 0.05);
      if (ratio < 4.5) lines.push(`${ratio.toFixed(1)} to 1: <${element.localName}> ${text.trim().slice(0, 40)}`);
    }
    return lines;
  });
}

/** What moves for somebody who asked for less motion (WCAG 2.3.3): longer than a blink. */
export function moving(page) {
  return page.evaluate(() => {
    const seconds = (list) => Math.max(...list.split(',').map((one) => parseFloat(one) * (one.trim().endsWith('ms') ? 0.001 : 1)));
    const lines = [];
    for (const element of document.querySelectorAll('body, body *')) {
      const style = getComputedStyle(element);
      const moves = (style.animationName !== 'none' && seconds(style.animationDuration) > 0.05) || seconds(style.transitionDuration) > 0.05;
      if (moves) lines.push(`moves: <${element.localName} class="${element.className}">`);
    }
    return lines;
  });
}

/** Lines, letters and words as far apart as a reader may set them (WCAG 1.4.12). Undone by `unspaced`. */
export const spaced = (page) =>
  page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }');
    document.adoptedStyleSheets = [sheet];
  });

export const unspaced = (page) => page.evaluate(() => void (document.adoptedStyleSheets = []));

/**
 * Walks the page with Tab from its beginning to its end: every control is reached, in the order of the page, with a
 * focus that is seen (WCAG 2.1.1, 2.4.3, 2.4.7) on a control that nothing covers (2.4.11).
 */
export async function keyboard(page) {
  const controls = await page.evaluate((selector) => {
    const walk = (globalThis.walk = { stops: [], lines: [] });
    const name = (element) => `<${element.localName}> ${(element.innerText || element.getAttribute('aria-label') || element.name || '').trim().slice(0, 40)}`;
    const inGroup = (radio) => {
      const group = [...document.getElementsByName(radio.name)].filter((one) => one.type === 'radio' && one.form === radio.form);
      return group.find((one) => one.checked) ?? group[0];
    };
    const wanted = [...document.querySelectorAll(selector)].filter(
      (element) =>
        element.checkVisibility({ visibilityProperty: true }) && !element.matches(':disabled') && (element.type !== 'radio' || inGroup(element) === element),
    );
    walk.look = () => {
      const element = document.activeElement;
      if (!element || element === document.body) return;
      if (walk.stops.includes(element)) return;
      walk.stops.push(element);
      // A drawn radio button shows the focus on its label.
      const boxes = [element, ...(element.labels ?? [])];
      const styles = boxes.flatMap((one) => [getComputedStyle(one), getComputedStyle(one, '::before'), getComputedStyle(one, '::after')]);
      if (!styles.some((style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none')) {
        walk.lines.push(`the focus cannot be seen on ${name(element)}`);
      }
      const open = boxes.some((one) => {
        // A link that runs over two lines has two boxes, and nothing in the middle of both.
        const box = one.getClientRects()[0];
        if (!box) return false;
        const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        return top !== null && (one.contains(top) || top.contains(one));
      });
      if (!open) walk.lines.push(`covered while it has the focus: ${name(element)}`);
    };
    walk.result = () => {
      removeEventListener('keydown', walk.look, true);
      walk.look();
      const missed = wanted.filter((element) => element.isConnected && !walk.stops.includes(element));
      walk.lines.push(...missed.map((element) => `not reached with Tab: ${name(element)}`));
      const order = walk.stops.filter((element) => element.isConnected);
      for (const [at, element] of order.entries()) {
        const before = order[at - 1];
        if (before && !(before.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING)) {
          walk.lines.push(`reached before what stands in front of it: ${name(before)}`);
        }
      }
      return walk.lines;
    };
    // From the very beginning, wherever the page had put the focus.
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
    addEventListener('keydown', walk.look, true);
    return wanted.length;
  }, CONTROLS);
  for (let stop = 0; stop < controls; stop += 1) await page.keyboard.press('Tab');
  return page.evaluate(() => globalThis.walk.result());
}
