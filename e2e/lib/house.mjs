// The demo as a whole, and what a visitor does in it again and again: log in, choose a party, sign.

import { Phone } from './phone.mjs';
import { scratch, start } from './process.mjs';
import { seen, until, visit } from './browser.mjs';

/** Starts a demo of its own in a folder that is thrown away. Its ports are fixed: one at a time. */
export async function house() {
  const data = scratch();
  const running = await start(['demo', '--data', data.path]).catch((error) => {
    data.remove();
    throw error;
  });
  return {
    url: running.url,
    phone: new Phone('http://127.0.0.1:8401'),
    data: data.path,
    async stop() {
      await running.stop();
      data.remove();
    },
  };
}

/** The path of the page that is shown, with its query. */
export const path = (page) => page.url().replace(/^https?:\/\/[^/]+/, '');

/** `/for/{party}`, of the party that the page is for. */
export function base(page) {
  const found = /^\/for\/[0-9a-f]{32}/.exec(path(page));
  if (!found) throw new Error(`${page.url()} is no page for a party`);
  return found[0];
}

export const heading = (page) => page.locator('h1').innerText();

/** The bar that says for whom the visitor acts. */
export const bar = (page) => page.locator('.acting__text').innerText();

/** Waits until the address shown is so, and the page is there down to its foot. */
export async function arrived(page, pattern, { limit = 30_000 } = {}) {
  await until(async () => pattern.test(path(page)), { limit, what: `${pattern} was not reached; ${page.url()} was` });
  await seen(page.locator('.foot'));
}

/** Logs in with the button of the demo's first page, and waits until somebody is logged in. */
export async function logIn(page, house, person) {
  await visit(page, house.url);
  await page.locator(`button[name=person][value=${person}]`).click();
  await arrived(page, /^\/(party|for\/)/);
}

/** Chooses a party by a part of its name. */
export async function actFor(page, house, name) {
  await visit(page, `${house.url}/party`);
  await page.locator('main button[name=to]', { hasText: name }).click();
  await arrived(page, /^\/for\//);
}

/** A person's browser: logged in, acting for the party. */
export async function enter(page, house, person, party) {
  await logIn(page, house, person);
  if (party) await actFor(page, house, party);
  else if (/^\/party/.test(path(page))) await page.locator('main button[name=to]').first().click();
  await arrived(page, /^\/for\//);
}

/** What the app on the same device is given to start the order whose page is shown. */
export async function startLink(page) {
  await seen(page.locator('.order'));
  const href = await page.locator('a[href*="autostarttoken="]').getAttribute('href');
  return new URL(href).searchParams.get('autostarttoken');
}

/** A day in Sweden, so many days from today: `2026-11-03`. */
export function day(offset) {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm' }).format(Date.now() + offset * 86_400_000);
}

/** What went wrong beside the page, without the status that a refusal rightly has. */
export const faulty = (faults) => faults.filter((fault) => !/the server responded with a status of 4\d\d/.test(fault));
