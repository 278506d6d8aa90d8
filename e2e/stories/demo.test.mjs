// The three minutes as the demo's first page numbers them; then the clock and the log.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, visit, visitor } from '../lib/browser.mjs';
import { draft, press, report, sign } from '../lib/errand.mjs';
import { arrived, enter, faulty, heading, house, path } from '../lib/house.mjs';

let demo;
let browser;
let farid;
let cecilia;
before(async () => {
  demo = await house();
  browser = await launch();
  farid = await visitor(browser);
  cecilia = await visitor(browser);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const main = (page) => page.locator('main').innerText();

/** Presses the button of a numbered step on the demo's first page. */
async function step(page, number, lands) {
  await visit(page, demo.url);
  await page.locator('.steps--path > li').nth(number - 1).locator('button, a').first().click();
  await arrived(page, lands);
}

test('refused, granted, it works at the next click', async () => {
  await step(farid.page, 1, /^\/for\/[0-9a-f]{32}\/employer\/sickness-reports$/);
  assert.match(await heading(farid.page), /behörighet/);
  assert.match(await main(farid.page), /Referenskod/);

  await press(farid.page, 'Be om behörighet');
  await arrived(farid.page, /\/requests\/[0-9a-f]{32}\?done=asked$/);

  await step(cecilia.page, 2, /\/requests$/);
  await cecilia.page.getByRole('link', { name: 'Farid Gran' }).click();
  await arrived(cecilia.page, /\/requests\/[0-9a-f]{32}$/);
  await press(cecilia.page, 'Ge behörighet');
  await arrived(cecilia.page, /\?done=granted$/);

  await step(farid.page, 3, /\/employer\/sickness-reports\/new$/);
  await draft(farid.page, demo, report());
  await sign(farid.page, demo, 'farid');
  assert.match(await main(farid.page), /Hassan Ivarsson/);
});

test('why, taken away, and the open page ends', async () => {
  await step(cecilia.page, 4, /\/people$/);
  const card = cecilia.page.locator('.card', { hasText: 'Farid Gran' });
  await card.getByRole('link', { name: /^Varför/ }).first().click();
  await arrived(cecilia.page, /\/why\?/);
  assert.match(await main(cecilia.page), /Cecilia Dahl/);
  await cecilia.page.locator('.back').click();
  await arrived(cecilia.page, /\/people$/);
  await card.getByRole('link', { name: /^Ta bort/ }).first().click();
  await arrived(cecilia.page, /\/end\?/);
  await press(cecilia.page, 'Ta bort behörigheten');
  await arrived(cecilia.page, /\/people\?ended=/);

  await farid.page.reload();
  await arrived(farid.page, /./);
  assert.match(await main(farid.page), /Referenskod/, 'his open page is refused at the next click');
  assert.doesNotMatch(await main(farid.page), /Hassan/);
  await demo.phone.mail(() => true, { to: 'farid@post.example' });
});

test('another e-service logs in here, and says no at the next click when the right is gone', async () => {
  const nils = await visitor(browser);
  await step(nils.page, 5, /^\/for\/[0-9a-f]{32}$/);
  await visit(nils.page, demo.url);
  await nils.page.locator('.steps--path > li').nth(4).locator('a').click();
  await nils.page.waitForURL(/127\.0\.0\.1:\d+\//);
  await nils.page.getByRole('link', { name: /Logga in/ }).or(nils.page.getByRole('button', { name: /Logga in/ })).first().click();
  await nils.page.getByText('Granåsens Åkeri AB').first().waitFor();
  assert.doesNotMatch(await nils.page.locator('body').innerText(), /Du får inte beställa/);

  await step(cecilia.page, 4, /\/people$/);
  const card = cecilia.page.locator('.card', { hasText: 'Nils Oskarsson' });
  await card.getByRole('link', { name: /^Ta bort.*blanketter/ }).click();
  await arrived(cecilia.page, /\/end\?/);
  await press(cecilia.page, 'Ta bort behörigheten');
  await arrived(cecilia.page, /\/people\?ended=/);
  await nils.page.reload();
  await nils.page.getByText('Du får inte beställa').first().waitFor();
});

test('the code that Farid has read out leads support to the cause, and not to his name', async () => {
  const rut = await visitor(browser);
  await enter(rut.page, demo, 'rut', 'Exempelmyndigheten');
  await rut.page.getByRole('link', { name: 'Referenskod' }).first().click();
  await arrived(rut.page, /\/support$/);
  await rut.page.getByLabel('Referenskod').fill('far7d nek4d');
  await rut.page.getByLabel('Varför slår du upp koden?').fill('Personen ringer om en felsida');
  await press(rut.page, 'Slå upp');
  await rut.page.locator('main .facts').first().waitFor();
  assert.match(await heading(rut.page), /FAR7D-NEK4D/);
  const told = await main(rut.page);
  assert.match(told, /Din behörighet har slutat gälla/);
  assert.match(told, /Säg till personen/);
  assert.doesNotMatch(told, /Farid|Gran\b|Granåsen/);
  assert.deepEqual(faulty(rut.faults), []);
  await rut.close();
});

test('an altered record is found', async () => {
  await visit(cecilia.page, demo.url);
  await cecilia.page.locator('form[action="/demo/altered"] button').click();
  await arrived(cecilia.page, /^\/demo\/altered$/);
  assert.match(await main(cecilia.page), /Ändringen upptäcktes/);
  assert.match(await main(cecilia.page), /Den riktiga loggen är hel/);
});

test('a week passes by a button: what was due lapses on its day, and one logs in as before', async () => {
  const { page, faults } = cecilia;
  await visit(page, demo.url);
  await page.getByRole('button', { name: '7 dagar framåt' }).click();
  await arrived(page, /^\/\?moved=/);
  assert.match(await page.locator('.mark').innerText(), /framflyttad/);
  const letter = await demo.phone.mail(() => true, { to: 'info@lundby.example' });
  assert.ok(Date.parse(letter.written_at) > Date.now(), 'dated on a day that has not come');
  assert.ok(Date.parse(letter.written_at) < Date.now() + 7 * 86_400_000);
  await step(page, 2, /\/requests$/);
  assert.match(path(page), /^\/for\//);
  assert.deepEqual(faulty(faults), []);
  assert.deepEqual(faulty(farid.faults), []);
});
