// The demo's first page: people, each with one button that is an ordinary login; and out again.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, seen, visit, visitor } from '../lib/browser.mjs';
import { arrived, bar, faulty, heading, house, logIn, path } from '../lib/house.mjs';

let demo;
let browser;
before(async () => {
  demo = await house();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

test('every person has one button', async () => {
  const { page, faults, close } = await visitor(browser);
  await visit(page, demo.url);
  const people = await demo.phone.people();
  assert.ok(people.length >= 16);
  const buttons = page.locator('button[name=person]');
  assert.equal(await buttons.count(), people.length);
  for (const person of people) {
    const text = await page.locator(`button[value=${person.id}]`).innerText();
    assert.match(text, new RegExp(person.name));
    assert.doesNotMatch(text, /\d{8}/, 'no personal number on the page');
  }
  assert.deepEqual(faults, []);
  await close();
});

test('the button logs in by an ordinary login, and everybody gets in but the one whose BankID is blocked', async () => {
  const people = await demo.phone.people();
  const one = async (person) => {
    const { page, faults, close } = await visitor(browser);
    await visit(page, demo.url);
    const orders = [];
    page.on('request', (request) => request.isNavigationRequest() && orders.push(new URL(request.url()).pathname));
    await page.locator(`button[value=${person.id}]`).click();
    if (person.id === 'leif') {
      await arrived(page, /^\/order\/[0-9a-f]{32}\/done$/);
      assert.match(await heading(page), /kan inte användas/);
    } else {
      await arrived(page, /^\/(party|for\/)/);
      assert.match(await bar(page), new RegExp(person.name), person.id);
    }
    assert.ok(orders.some((order) => /^\/order\/[0-9a-f]{32}$/.test(order)), `${person.id}: an order is shown first`);
    assert.deepEqual(faulty(faults), [], person.id);
    await close();
  };
  for (let at = 0; at < people.length; at += 4) await Promise.all(people.slice(at, at + 4).map(one));
});

test('logging out ends it in every tab, and says what it did not reach', async () => {
  const { context, page, faults, close } = await visitor(browser);
  await logIn(page, demo, 'greta');
  const home = path(page);
  const other = await context.newPage();
  await visit(other, demo.url + home);
  assert.match(await bar(other), /Greta Holm/);
  await page.getByRole('button', { name: 'Logga ut' }).click();
  await arrived(page, /^\/logout$/);
  assert.equal(await heading(page), 'Du är utloggad');
  assert.match(await page.locator('main').innerText(), /annan webbläsare/);
  await other.reload();
  await arrived(other, /./);
  assert.equal(await other.locator('.acting').count(), 0, 'the other tab is logged out too');
  // The way back shows nothing of the session.
  await page.goBack();
  await seen(page.locator('h1'));
  await page.reload();
  assert.equal(await page.locator('.acting').count(), 0);
  assert.deepEqual(faulty(faults), []);
  await close();
});

test('the first page of a demo tells who is logged in already', async () => {
  const { page, close } = await visitor(browser);
  await logIn(page, demo, 'greta');
  await visit(page, demo.url);
  assert.match(await page.locator('.notice').innerText(), /Greta Holm/);
  await close();
});
