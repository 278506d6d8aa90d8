// Chromium as our visitors might have it: wide or narrow, light or dark, with and without JavaScript.
// No browser is a failure of the run.

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function launch() {
  const usual = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
  const executablePath = process.env.CHROMIUM ?? usual.find((path) => existsSync(path)) ?? usual[0];
  if (!existsSync(executablePath)) throw new Error(`no browser at ${executablePath}: install chromium, or set CHROMIUM`);
  // As root, as in most build servers, Chromium's sandbox does not start.
  return chromium.launch({ executablePath, headless: true, chromiumSandbox: false, args: FLAGS });
}

const WIDE = { width: 1280, height: 900 };

/** Ways to look at a page. 320 px is the width of WCAG 2.2, 1.4.10. */
export const LOOKS = {
  light: { viewport: WIDE, colorScheme: 'light' },
  dark: { viewport: WIDE, colorScheme: 'dark' },
  narrow: { viewport: { width: 320, height: 800 }, colorScheme: 'light' },
  'narrow dark': { viewport: { width: 320, height: 800 }, colorScheme: 'dark' },
  forced: { viewport: WIDE, forcedColors: 'active' },
  still: { viewport: WIDE, reducedMotion: 'reduce' },
  'without script': { viewport: WIDE, javaScriptEnabled: false },
  'narrow without script': { viewport: { width: 320, height: 800 }, javaScriptEnabled: false },
};

/**
 * A browser of its own (cookies, storage) in one of the looks, and a page in it. What the page does wrong on the side
 * is kept in `faults`: errors in the console, refusals by the content security policy, requests to other hosts.
 *
 * @param {keyof typeof LOOKS} look
 */
export async function visitor(browser, look = 'light', options = {}) {
  const context = await browser.newContext({ locale: 'sv-SE', timezoneId: 'Europe/Stockholm', ...LOOKS[look], ...options });
  const faults = [];
  context.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => faults.push(`script: ${error.error().message}`));
  context.on('request', (request) => {
    const host = new URL(request.url()).hostname;
    if (!['localhost', '127.0.0.1', '[::1]', ''].includes(host)) faults.push(`request to ${host}`);
  });
  context.setDefaultTimeout(10_000);
  const page = await context.newPage();
  return { context, page, faults, close: () => context.close() };
}

/**
 * Opens an address and goes on as soon as the answer has begun. A page that streams (a login under way) never
 * "finishes": wait for what should be seen instead, with `seen`.
 */
export async function visit(page, url) {
  const answer = await page.goto(url, { waitUntil: 'commit' });
  await seen(page.locator('body'));
  return answer;
}

/**
 * Waits until something can be seen. Use this instead of a locator's own `waitFor`: that one waits with timers inside
 * the page, which stand still where JavaScript is off.
 */
export async function seen(locator, { limit = 15_000 } = {}) {
  await until(async () => locator.first().isVisible(), { limit, what: `${locator} was not seen` });
}

/** Asks every 50 ms until the answer is yes. A question that fails because the page is just changing is asked anew. */
export async function until(question, { limit = 15_000, what = 'it did not happen' } = {}) {
  const end = Date.now() + limit;
  for (;;) {
    const answer = await question().catch(() => false);
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`${what} within ${limit / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Keeps a picture of the page under e2e/out, for people to look at. */
export async function picture(page, name, options = {}) {
  const path = new URL(`../out/${name}.png`, import.meta.url).pathname;
  await page.screenshot({ path, fullPage: true, ...options });
  return path;
}
