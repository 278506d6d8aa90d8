// Accessibility, stricter than "axe finds nothing": contrast that axe cannot compute is a fault until looked at,
// controls must lie inside a narrow window, and be large enough to hit.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Findings of axe as lines of text; none means none. Needs a context with JavaScript.
 *
 * @param {{ allow?: { key: string, selector: string, reason: string }[] }} [options] contrast that axe left undecided,
 *   by the key of its message, for elements that match the selector, and why it is right all the same. Equal colours and
 *   elements outside the window are never allowed.
 */
export async function axe(page, { allow = [] } = {}) {
  // Through the debugger, so that the page's own content security policy stays as it is.
  await page.evaluate(axeSource);
  const result = await page.evaluate(
    (tags) =>
      globalThis.axe.run(document, {
        runOnly: tags,
        resultTypes: ['violations', 'incomplete'],
        // Forced colours are the visitor's own; axe reads the ones that the page wished for.
        rules: { 'color-contrast': { enabled: !matchMedia('(forced-colors: active)').matches } },
      }),
    TAGS,
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
