// Sessions as people expect: warned in time, extended, in step between tabs; what was typed outlives them; logging out
// says what it reached.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, seen, until, visit, visitor } from '../lib/browser.mjs';
import { fill } from '../lib/errand.mjs';
import { arrived, base, enter, faulty, house, logIn } from '../lib/house.mjs';

const WHO = { number: '19910302-2399', name: 'David Ek', email: 'david@post.example', need: 'Sköter löner' };

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

/** The time of all pages of a browser, in minutes. The server's goes on as it does. */
const pass = (context, minutes) => context.clock.fastForward(minutes * 60_000);

test('two minutes before the end a dialog warns, extends, and the other tab follows', async () => {
  const { context, page: one, faults, close } = await visitor(browser);
  await enter(one, demo, 'cecilia', 'Granåsens');
  const give = `${demo.url}${base(one)}/people/give`;
  const two = await context.newPage();
  await context.clock.install();
  for (const page of [two, one]) await visit(page, give);
  await fill(one, WHO);
  const title = await one.title();
  const warning = (page) => page.getByRole('alertdialog');
  await pass(context, 27);
  assert.equal(await warning(one).isVisible(), false);
  await pass(context, 2);
  for (const page of [one, two]) await seen(warning(page));
  assert.match(await one.title(), /^Du loggas snart ut – /);
  // One action extends; focus is on it.
  assert.equal(await one.evaluate(() => document.activeElement.textContent), 'Fortsätt vara inloggad');
  await one.keyboard.press('Enter');
  for (const page of [one, two]) await until(async () => !(await warning(page).isVisible()), { what: 'the dialog closed' });
  await until(async () => (await one.title()) === title, { what: 'the title was as before' });
  assert.equal(await one.locator('[name=name]').inputValue(), WHO.name, 'what was typed stays');

  // Nobody answers the next one: the page is left, and the form comes back as it was, not sent.
  await two.close();
  await pass(context, 29);
  await seen(warning(one));
  await pass(context, 3);
  await seen(one.locator('form.kept'));
  assert.equal(await one.locator('[name=need]').inputValue(), WHO.need);
  await one.locator('form.kept button').click();
  await until(async () => (await one.locator('[name=need]').inputValue()) === '', { what: 'the form was emptied' });
  assert.deepEqual(faulty(faults), []);
  await close();
});

for (const look of ['light', 'without script']) {
  test(`logging out says where one is left logged in, and ends it there too, ${look}`, async () => {
    const here = await visitor(browser, look);
    const there = await visitor(browser, look);
    for (const { page } of [here, there]) await logIn(page, demo, 'greta');
    await visit(here.page, `${demo.url}/sessions`);
    assert.match(await here.page.locator('main .lead').innerText(), /Du är inloggad på 2 ställen/);
    assert.match(await here.page.locator('main tbody tr').first().innerText(), /Chrome på .*Den här/s);
    await here.page.locator('.head form[action="/logout"] button').click();
    await arrived(here.page, /^\/logout$/);
    await here.page.locator('main form[action="/logout/others"] button').click();
    await until(async () => /inte inloggad någon annanstans/.test(await here.page.locator('main').innerText()));
    await visit(there.page, `${demo.url}/home`);
    assert.match(await there.page.locator('main').innerText(), /BEH-1202/);
    for (const { faults, close } of [here, there]) {
      assert.deepEqual(faulty(faults), []);
      await close();
    }
  });
}
