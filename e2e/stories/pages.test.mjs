// Every page in every look: accessible, whole at 320 px, large enough to hit, dark, in forced colours, on paper, without
// script, in both languages; no page leads to one that is not in the list, none is missing from it.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { axe, clipped, keyboard, moving, pale, small, spaced, unspaced } from '../lib/access.mjs';
import { Assessment } from '../lib/assessment.mjs';
import { LOOKS, launch, visit, visitor } from '../lib/browser.mjs';
import { draft, fill, report } from '../lib/errand.mjs';
import { arrived, base, enter, faulty, heading, house } from '../lib/house.mjs';
import { OTHERS, PAGES, furnish, open } from '../lib/pages.mjs';

const ALLOW = [
  {
    key: 'pseudoContent',
    selector: '.radio-button__label, .checkbox__label',
    reason: 'the drawn circle and tick stand beside the text, on the same ground; contrast.rs measures the pair',
  },
];

let demo;
let browser;
let stage;
const assessment = new Assessment(PAGES.length);
before(async () => {
  demo = await house();
  browser = await launch();
  stage = await furnish(browser, demo);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Browsers that stay open for pages which an address alone leads to: by who looks, and how. */
const seats = new Map();

/** A browser of whoever sees the page, and the page in it. */
async function shown(entry, look, options = {}) {
  // What moves would be measured half way between two colours.
  const sit = () => visitor(browser, look, { storageState: entry.who && stage.states[entry.who], reducedMotion: 'reduce', ...options });
  const key = JSON.stringify([entry.who, look, options]);
  if (entry.at && !seats.has(key)) seats.set(key, await sit());
  const v = entry.at ? seats.get(key) : await sit();
  v.faults.length = 0;
  if (entry.at) await v.page.setViewportSize(LOOKS[look].viewport);
  const status = await open(entry, v.page, stage.world);
  assert.equal(status, entry.status ?? 200, `${entry.name}: status`);
  const close = async () => {
    if (entry.at) return;
    // A person has one order at a time with BankID: the next look begins its own.
    if (entry.moves) {
      await v.page.locator('form[action$="/cancel"] button').click();
      await arrived(v.page, /^\/(login|for)/);
    }
    await v.close();
  };
  return { ...v, close };
}

/** What is written in the page, one line for each block, without what differs from second to second, or from trial to trial. */
const lines = (page) =>
  page.locator('main').evaluate((main) =>
    main.innerText
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line && !/\d{1,2}[.:]\d{2}|[0-9A-Z]{5}-[0-9A-Z]{5}|trial-[0-9a-f]{32}|^expires_in: \d{4}|Kopiera/.test(line)),
  );

/** Where the links of each page lead, found while the page is looked at. */
const linked = [];

for (const entry of PAGES) {
  test(`${entry.name} (${entry.who ?? 'nobody'}, ${entry.route})`, async () => {
    const { page, faults, close } = await shown(entry, 'light');
    const found = [];
    const passed = [];
    const check = async (id, look) => {
      const lines = await look();
      found.push(...lines.map((line) => `${id}: ${line}`));
      if (!lines.length) passed.push(id);
    };
    const dress = async (media) => {
      const wish = { media: 'screen', colorScheme: 'light', forcedColors: 'none', ...media };
      await page.emulateMedia(wish);
      await page.evaluate(async ({ media, colorScheme, forcedColors }) => {
        const frame = () => new Promise((done) => requestAnimationFrame(done));
        const worn = `${media} and (prefers-color-scheme: ${colorScheme}) and (forced-colors: ${forcedColors})`;
        while (!matchMedia(worn).matches) await frame();
        await frame();
        await Promise.all(document.getAnimations().map((one) => one.finished));
      }, wish);
    };

    await check('axe', () => axe(page, { allow: ALLOW }));
    await check('target-size', async () => [...(await small(page)), ...(await clipped(page))]);
    await check('reduced-motion', () => moving(page));
    await check('keyboard', () => keyboard(page));
    assert.equal(await page.locator('h1').count(), 1);
    const title = await page.title();
    assert.ok(title.includes(await heading(page)), `the title says what the page is: ${title}`);
    const lightText = await lines(page);
    if (!entry.moves) {
      const hrefs = await page.locator('a[href]').evaluateAll((all) => all.map((a) => a.href));
      linked.push({ entry, path: new URL(page.url()).pathname, hrefs: [...new Set(hrefs)] });
    }

    // The structure is the same in every colour: only the contrast can be another.
    await dress({ colorScheme: 'dark' });
    await check('dark', () => axe(page, { allow: ALLOW, rules: ['color-contrast'] }));
    await dress({ forcedColors: 'active' });
    await check('forced-colours', () => pale(page));

    await dress({ media: 'print', colorScheme: 'dark' });
    await check('print', () => unprinted(page));

    await dress({});
    await page.setViewportSize(LOOKS.narrow.viewport);
    await check('reflow', async () => [...(await clipped(page)), ...(await small(page))]);
    await spaced(page);
    await check('text-spacing', () => clipped(page));
    await unspaced(page);

    assert.deepEqual(found, []);
    assert.deepEqual(faulty(faults), []);
    await close();

    // Without script the same words are there, but for what only a script can do.
    const plain = await shown(entry, 'without script');
    await check('without-script', async () => (entry.moves ? [] : differing(await lines(plain.page), lightText)));
    assert.deepEqual(faulty(plain.faults), []);
    await plain.close();

    const english = await shown(entry, 'light', { locale: 'en-GB' });
    assert.equal(await english.page.locator('html').getAttribute('lang'), 'en');
    await check('languages', () => swedish(english.page));
    await english.close();
    assert.deepEqual(found, []);
    assessment.add(passed);
  });
}

/** Lines that one text has and the other has not. */
function differing(one, other) {
  const without = (these, those) => these.filter((line) => !those.includes(line));
  return [...without(one, other).map((line) => `only without: ${line}`), ...without(other, one).map((line) => `only with: ${line}`)];
}

test('the statement of accessibility says what these looks found', () => {
  assessment.compare();
});

/** What matters and is lost on paper: words of the page and of the bars, and ink that would be white on white. */
function unprinted(page) {
  return page.evaluate(() => {
    const out = [];
    const matters = 'h1, h2, h3, main p:not(:has(.button)):not(.status), main li, main dt, main dd, main td, main th, main pre, main label, .acting__text, .mark__inner';
    for (const element of document.querySelectorAll(matters)) {
      const words = element.textContent.trim().slice(0, 40);
      if (!words || element.closest('.buttons, dialog, details:not([open]), .warning, .sr-only, .choices, thead') || element.matches('.sr-only')) continue;
      // What is not shown on the screen either is not lost.
      if (element.closest('.untaken, .order, [hidden]')) continue;
      if (!element.checkVisibility()) out.push(`not printed: <${element.localName}> ${words}`);
      const [r, g, b] = getComputedStyle(element).color.match(/[\d.]+/g).map(Number);
      const bright = (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
      const badge = element.querySelector('.badge');
      if (bright > 0.55 && !badge) out.push(`printed too pale: <${element.localName}> ${words}`);
    }
    const ground = getComputedStyle(document.body).backgroundColor;
    if (!['rgb(255, 255, 255)', 'rgba(0, 0, 0, 0)'].includes(ground)) out.push(`the ground is ${ground}`);
    return out;
  });
}

/** Small words that are Swedish and nothing else, outside what is marked as Swedish. */
function swedish(page) {
  return page.evaluate(() => {
    const words = /(?<![\p{L}\p{N}])(och|inte|är|för|du|att|som|eller|har|ska|med|från|behörighet\p{L}*|händelse\p{L}*)(?![\p{L}\p{N}])/iu;
    const out = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      const parent = node.parentElement;
      // An order does not know the language of the text that is signed; the review marks it.
      if (parent.closest('[lang]').lang !== 'en' || !words.test(node.data)) continue;
      out.push(node.data.trim().slice(0, 80));
    }
    return out;
  });
}

test('every page leads to pages of the list, and each of these links can be followed by whoever sees it', async () => {
  const shape = (path) => path.replace(/[0-9a-f]{32}/g, '{}').replace(/\?.*/, '');
  const places = new Map();
  const dead = [];
  const known = new Set();
  assert.equal(linked.length, PAGES.filter(({ moves }) => !moves).length, 'every page was looked at');
  const readers = new Map();
  for (const { entry, path, hrefs } of linked) {
    known.add(shape(path));
    if (!readers.has(entry.who)) readers.set(entry.who, await browser.newContext({ storageState: entry.who && stage.states[entry.who] }));
    for (const link of hrefs) {
      const url = new URL(link);
      if (url.origin !== demo.url || url.hash) continue;
      const key = `${entry.who} ${url.pathname}${url.search}`;
      if (places.has(key) || /^\/order\//.test(url.pathname)) continue;
      places.set(key, entry.name);
      const answer = await readers.get(entry.who).request.get(link, { maxRedirects: 3 });
      if (answer.status() >= 400) dead.push(`${entry.name} → ${shape(url.pathname)} answers ${answer.status()}`);
    }
  }
  assert.deepEqual(dead, []);
  const others = OTHERS.map((route) => route.replace(/\{[^}]*\}/g, '{}'));
  const strangers = [...places.keys()].map((key) => shape(key.split(' ')[1])).filter((path) => !known.has(path));
  const unlisted = [...new Set(strangers)].filter((path) => !others.some((route) => path.endsWith(route.replace('/for/{}', ''))));
  assert.deepEqual(unlisted, [], 'linked from a page and in neither list');
});

test('no route of the program is missing from the list', () => {
  const root = new URL('../../', import.meta.url).pathname;
  const files = (folder) =>
    readdirSync(root + folder, { recursive: true })
      .filter((name) => name.endsWith('.rs'))
      .map((name) => readFileSync(`${root}${folder}/${name}`, 'utf8'));
  const routes = (sources, before) =>
    sources.flatMap((source) => [...source.split('#[cfg(test)]')[0].matchAll(/\.route\(\s*"([^"]+)"/g)].map((match) => before + match[1]));
  const all = [
    ...routes(files('crates/web/src'), ''),
    ...routes(files('crates/page/src'), ''),
    ...routes(files('services/employer/src'), '/for/{party}'),
  ];
  assert.ok(all.length > 30, `${all.length} routes were found`);
  const listed = new Set([...PAGES.map((entry) => entry.route), ...OTHERS]);
  assert.deepEqual(all.filter((route) => !listed.has(route)), []);
});

// The whole of a first visit, as the browser counts it: page, style, both fonts, script, icon.
for (const path of ['/login', '/']) {
  test(`the first page is at most 70 KiB compressed: ${path}`, async () => {
    const { context, page, close } = await visitor(browser);
    const network = await context.newCDPSession(page);
    await network.send('Network.enable');
    await network.send('Network.setCacheDisabled', { cacheDisabled: true });
    const sizes = [];
    network.on('Network.loadingFinished', ({ encodedDataLength }) => sizes.push(encodedDataLength));
    await page.goto(demo.url + path, { waitUntil: 'networkidle' });
    const total = sizes.reduce((sum, size) => sum + size, 0);
    assert.ok(sizes.length >= 4, `${sizes.length} answers were counted`);
    assert.ok(total <= 70 * 1024, `${(total / 1024).toFixed(1)} KiB`);
    await close();
  });
}

test('the report form with the keyboard alone: order, focus that is seen, Enter', async () => {
  const { page, faults, close } = await visitor(browser);
  await enter(page, demo, 'nils', 'Sjöviks');
  await visit(page, `${demo.url}${base(page)}/employer/sickness-reports/new`);
  const fields = { ...report(), contact_name: 'Nils Oskarsson' };
  const visited = [];
  for (let stops = 0; stops < 30; stops += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      // A drawn radio button shows the focus on its label.
      const drawn = [element, ...(element.labels ?? [])].flatMap((one) => [getComputedStyle(one), getComputedStyle(one, '::before'), getComputedStyle(one, '::after')]);
      return {
        name: element.name || element.innerText.trim(),
        form: Boolean(element.closest('main form')),
        outlined: drawn.some((style) => (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== 'none'),
      };
    });
    assert.ok(stop.outlined, `the focus cannot be seen on ${stop.name}`);
    if (!stop.form) continue;
    visited.push(stop.name);
    if (stop.name === 'degree') await page.keyboard.press('ArrowDown');
    else if (fields[stop.name]) await page.keyboard.type(fields[stop.name]);
    if (stop.name === 'contact_email') break;
  }
  assert.deepEqual(visited, ['employee_number', 'employee_name', 'workplace', 'first_sick_day', 'last_sick_pay_day', 'degree', 'contact_name', 'contact_phone', 'contact_email']);
  await page.keyboard.press('Enter');
  await arrived(page, /\/drafts\/[0-9a-f]{32}$/);
  assert.match(await page.locator('pre.document').innerText(), /Hassan Ivarsson/);

  // With mistakes the focus stands at the summary, which leads to the field.
  await visit(page, `${demo.url}${base(page)}/employer/sickness-reports/new`);
  await fill(page, { employee_number: '1' });
  await page.keyboard.press('Enter');
  await page.locator('.summary').waitFor();
  assert.ok(await page.evaluate(() => document.activeElement.matches('.summary')), 'the summary has the focus');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.name), 'employee_number');
  assert.deepEqual(faulty(faults), []);
  await close();
});

test('the language is chosen once and stays, through the login too', async () => {
  const { page, close } = await visitor(browser);
  await visit(page, `${demo.url}/login`);
  await page.getByRole('button', { name: 'English' }).click();
  await arrived(page, /^\/login$/);
  assert.equal(await heading(page), 'Log in');
  await enter(page, demo, 'elin', 'Granåsens');
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await page.getByRole('button', { name: 'Svenska' }).click();
  await arrived(page, /^\/for\//);
  assert.equal(await page.locator('html').getAttribute('lang'), 'sv');
  // Text that is signed is in the language it was written in, and says so.
  await draft(page, demo);
  assert.equal(await page.locator('pre.document').getAttribute('lang'), 'sv');
  await close();
});

// The sandbox's own pages are for people too.
for (const path of ['/phone', '/inbox.html', '/phone/open']) {
  test(`the sandbox: ${path}`, async () => {
    const { context, page, faults, close } = await visitor(browser, 'light', { reducedMotion: 'reduce' });
    let address = `http://127.0.0.1:8401${path}`;
    if (path === '/phone/open') {
      await visit(page, `${demo.url}/login`);
      await page.locator('button[name=device][value=this]').click();
      address = await page.locator('a[href*="autostarttoken="]').getAttribute('href');
    }
    const other = await context.newPage();
    await visit(other, address);
    const found = [...(await axe(other)), ...(await small(other))];
    await other.emulateMedia({ colorScheme: 'dark' });
    await other.waitForTimeout(200);
    found.push(...(await axe(other)));
    await other.setViewportSize({ width: 320, height: 800 });
    found.push(...(await clipped(other)), ...(await small(other)));
    assert.deepEqual(found, []);
    assert.deepEqual(faulty(faults), []);
    await close();
  });
}
