// Refused, asked, granted: a right that was taken away comes back without a telephone call, with JavaScript on and off.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, until, visit, visitor } from '../lib/browser.mjs';
import { askFor, press } from '../lib/errand.mjs';
import { actFor, arrived, bar, base, enter, faulty, heading, house } from '../lib/house.mjs';

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

const main = (page) => page.locator('main').innerText();

/** The administrator answers the first request on the list from the start page. */
async function grant(cecilia, name) {
  await until(
    async () => {
      await visit(cecilia, demo.url + base(cecilia));
      return (await main(cecilia)).includes('Någon ber om behörighet');
    },
    { what: 'the request stands on the start page' },
  );
  await cecilia.getByRole('link', { name: 'Se och svara' }).click();
  await arrived(cecilia, /\/requests$/);
  await cecilia.getByRole('link', { name }).click();
  await arrived(cecilia, /\/requests\/[0-9a-f]{32}$/);
  assert.match(await cecilia.locator('main [name=last_day]').inputValue(), /^20\d\d-\d\d-\d\d$/, 'an end is proposed');
  await press(cecilia, 'Ge behörighet');
  await arrived(cecilia, /\?done=granted$/);
}

for (const look of ['light', 'without script']) {
  // R-004-31 (part)
  test(`whoever is refused asks in one click, and it works at the next, ${look}`, async () => {
    const cecilia = await visitor(browser, look);
    await enter(cecilia.page, demo, 'cecilia', 'Granåsens');
    const elin = await visitor(browser, look);
    await enter(elin.page, demo, 'elin', 'Granåsens');
    const granas = base(elin.page);
    const reports = `${demo.url}${granas}/employer/sickness-reports`;
    await visit(elin.page, reports);

    // Her right is taken away: the live page ends, and offers one button.
    await visit(cecilia.page, `${demo.url}${granas}/people`);
    const href = await cecilia.page.locator('.card', { hasText: 'Elin Forsman' }).getByRole('link', { name: /^Ta bort/ }).first().getAttribute('href');
    await visit(cecilia.page, demo.url + href);
    await press(cecilia.page, 'Ta bort behörigheten');
    await arrived(cecilia.page, /\?ended=/);
    await elin.page.reload();
    assert.equal(await heading(elin.page), 'Du har inte behörighet');
    assert.doesNotMatch(await main(elin.page), /Cecilia/, 'who will answer is not told');
    await press(elin.page, 'Be om behörighet');
    await arrived(elin.page, /\/requests\/[0-9a-f]{32}\?done=asked$/);
    assert.match(await main(elin.page), /Väntar på svar/);

    const asked = await demo.phone.mail((mail) => /ber om behörighet/.test(mail.text), { to: 'cecilia@post.example' });
    assert.doesNotMatch(asked.text, /Elin|Forsman|19920505/, 'letters go in clear and name nobody');
    await grant(cecilia.page, 'Elin Forsman');
    await demo.phone.mail((mail) => /svarat ja/.test(mail.text), { to: 'elin@post.example' });

    // The same login.
    await actFor(elin.page, demo, 'Granåsens');
    await visit(elin.page, reports);
    assert.match(await bar(elin.page), /Granåsens Åkeri AB/);
    assert.equal(await heading(elin.page), 'Sjukanmälningar');
    assert.deepEqual(faulty([...elin.faults, ...cecilia.faults]), []);
    await elin.close();
    await cecilia.close();
  });
}

// R-002-09 (part)
test('a stranger types a number and is told the same, whether or not it leads to anybody', async () => {
  const david = await visitor(browser);
  await enter(david.page, demo, 'david');
  await david.page.getByRole('link', { name: 'Be om behörighet', exact: true }).click();
  await arrived(david.page, /\/requests\/new$/);
  const told = [];
  for (const number of ['405620-1108', '405620-2205']) {
    await askFor(david.page, demo, number);
    told.push((await main(david.page)).replaceAll(number, '').replace(/kl\. \d\d\.\d\d/g, ''));
  }
  assert.equal(told[0], told[1]);
  assert.doesNotMatch(told[0], /Granås/);

  const cecilia = await visitor(browser);
  await enter(cecilia.page, demo, 'cecilia', 'Granåsens');
  await grant(cecilia.page, 'David Ek');
  await actFor(david.page, demo, 'Granåsens');
  assert.match(await bar(david.page), /Granåsens Åkeri AB/);
  await david.close();
  await cecilia.close();
});
