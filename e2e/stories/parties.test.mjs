// For whom one acts: chosen once, always shown, switched without a new login, never mixed between tabs.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, visit, visitor } from '../lib/browser.mjs';
import { fill, press, report } from '../lib/errand.mjs';
import { actFor, arrived, bar, base, enter, faulty, heading, house, logIn, path } from '../lib/house.mjs';

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

test('whoever has no choice is not asked; whoever has one is asked once', async () => {
  const greta = await visitor(browser);
  await logIn(greta.page, demo, 'greta');
  assert.match(path(greta.page), /^\/for\/[0-9a-f]{32}$/);
  assert.equal(await greta.page.locator('.acting__switch').count(), 0);
  await greta.close();

  const nils = await visitor(browser);
  await logIn(nils.page, demo, 'nils');
  assert.match(path(nils.page), /^\/party/);
  const choices = await nils.page.locator('main button[name=to] .choice__name').allInnerTexts();
  assert.deepEqual(choices, ['Nils Oskarsson', 'Granåsens Åkeri AB', 'Kvarnbyns Bageri AB', 'Sjöviks Förskola ekonomisk förening']);
  await nils.close();
});

test('switching needs no new login, and the bar always says for whom', async () => {
  const { page, faults, close } = await visitor(browser);
  await enter(page, demo, 'nils', 'Granåsens');
  assert.match(await bar(page), /^Du företräder Granåsens Åkeri AB/);
  await page.locator('.acting__switch').click();
  await arrived(page, /^\/party/);
  await page.locator('main button[name=to]', { hasText: 'Sjöviks' }).click();
  await arrived(page, /^\/for\//);
  assert.match(await bar(page), /^Du företräder Sjöviks Förskola/);
  assert.deepEqual(faulty(faults), []);
  await close();
});

for (const look of ['light', 'without script']) {
  test(`two tabs for different parties never mix, ${look}`, async () => {
    const { context, page: one, faults, close } = await visitor(browser, look);
    await enter(one, demo, 'nils', 'Granåsens');
    const granasen = base(one);
    await visit(one, `${demo.url}${granasen}/employer/sickness-reports/new`);
    await fill(one, { ...report(), employee_number: '19910302-2399', employee_name: 'David Ek' });
    await one.locator('label', { hasText: '100 procent' }).click();

    const two = await context.newPage();
    await visit(two, demo.url + granasen);
    await actFor(two, demo, 'Sjöviks');
    const sjovik = base(two);
    assert.notEqual(sjovik, granasen);

    // The form of the first tab was made for Granåsen.
    await press(one, 'Granska anmälan');
    await arrived(one, /./);
    assert.match(await heading(one), /Länken gäller Granåsens Åkeri AB/);
    assert.match(await bar(one), /^Du företräder Sjöviks/, 'the bar says how it is now');

    // Nothing of it was sent, for neither of them.
    await visit(two, `${demo.url}${sjovik}/employer/sickness-reports`);
    assert.doesNotMatch(await two.locator('main').innerText(), /David Ek/);

    // The one button leads back to where the tab was, for Granåsen.
    await one.locator('main form button').click();
    await arrived(one, new RegExp(`^${granasen}`));
    assert.match(await bar(one), /^Du företräder Granåsens/);
    // What was typed stands in the form again; it is for the same person, and still not sent.
    assert.match(await one.locator('main').innerText(), /Det du skrev finns kvar/);
    assert.equal(await one.locator('[name=employee_name]').inputValue(), 'David Ek');

    // Now the second tab is the one that is left behind; a link there says so too.
    await two.locator('.nav__link').first().click();
    await arrived(two, new RegExp(`^${sjovik}`));
    assert.match(await heading(two), /Länken gäller Sjöviks Förskola/);
    assert.deepEqual(faulty(faults), []);
    await close();
  });
}

test('an address for a party that one may not act for does not exist', async () => {
  const nils = await visitor(browser);
  await enter(nils.page, demo, 'nils', 'Granåsens');
  const granasen = base(nils.page);
  const greta = await visitor(browser);
  await enter(greta.page, demo, 'greta');
  const answers = [];
  for (const party of [granasen, '/for/00000000000040008000000000000000']) {
    const answer = await greta.page.goto(demo.url + party);
    const text = await greta.page.locator('main').innerText();
    answers.push([answer.status(), text.replace(/Referenskod\s+\S+[^]*?Felkod/, '')]);
  }
  assert.equal(answers[0][0], 404);
  assert.deepEqual(answers[0], answers[1], 'no more is told than of a party that never was');
  await nils.close();
  await greta.close();
});

test('a login that was asked for on the way leads to where one was going', async () => {
  const elin = await visitor(browser);
  await enter(elin.page, demo, 'elin', 'Granåsens');
  const list = `${base(elin.page)}/employer/sickness-reports`;
  await elin.context.clearCookies();
  await visit(elin.page, demo.url + list);
  await arrived(elin.page, /^\/login\?next=/);
  await elin.page.locator('button[name=device][value=this]').click();
  await elin.page.locator('a[href*="autostarttoken="]').waitFor();
  const token = new URL(await elin.page.locator('a[href*="autostarttoken="]').getAttribute('href')).searchParams.get('autostarttoken');
  await demo.phone.start('elin', token);
  await demo.phone.approve('elin');
  await arrived(elin.page, new RegExp(`^${list}$`));
  await elin.close();
});
