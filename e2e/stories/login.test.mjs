// Login with BankID as at any service: on another device by the moving code, on the same device by the start link.
// Once more without JavaScript, where the code still moves and the page still goes on by itself.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, seen, until, visit, visitor } from '../lib/browser.mjs';
import { arrived, bar, faulty, heading, house, startLink } from '../lib/house.mjs';
import { readQr, readQrs } from '../lib/qr.mjs';

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

const begin = async (page, device) => {
  await visit(page, `${demo.url}/login`);
  await page.locator(`button[name=device][value=${device}]`).click();
  await seen(page.locator('.order'));
};

for (const look of ['without script', 'narrow without script', 'light']) {
  test(`another device, ${look}: the code moves, one is scanned, the page moves on by itself`, async () => {
    const { page, faults, close } = await visitor(browser, look);
    await begin(page, 'other');
    assert.match(await page.locator('.status:visible').innerText(), /Väntar på att du läser av koden/);
    if (look.startsWith('narrow')) await page.locator('.qr').scrollIntoViewIfNeeded();
    const codes = await readQrs(page, 3);
    for (const code of codes) assert.match(code, /^bankid\.[0-9a-f-]{36}\.\d+\.[0-9a-f]{64}$/);
    const seconds = codes.map((code) => Number(code.split('.')[2]));
    assert.ok(seconds[0] < seconds[1] && seconds[1] < seconds[2], `the time in the code goes on: ${seconds}`);
    const address = page.url();

    await demo.phone.scan('greta', await until(() => readQr(page)));
    // The app has the order: the code is taken away and the page says what to do now.
    await until(async () => !(await page.locator('.qr').isVisible()), { what: 'the code stayed' });
    assert.match(await page.locator('.status:visible').innerText(), /säkerhetskod|BankID/);
    assert.equal(page.url(), address);

    await demo.phone.approve('greta');
    await arrived(page, /^\/for\//);
    assert.match(await bar(page), /Greta Holm – du är här för egen del/);
    assert.deepEqual(faulty(faults), []);
    await close();
  });
}

for (const look of ['light', 'without script']) {
  test(`the same device, ${look}: the start link leads to the app, approval leads on`, async () => {
    const { page, faults, close } = await visitor(browser, look);
    await begin(page, 'this');
    assert.equal(await page.locator('.qr').count(), 0);
    await demo.phone.start('johan', await startLink(page));
    await demo.phone.approve('johan');
    await arrived(page, /^\/for\//);
    assert.match(await bar(page), /Johan Kvist/);
    assert.deepEqual(faulty(faults), []);
    await close();
  });
}

test('on the phone itself: the link opens the simulated app, one presses approve, and comes back', async () => {
  const { context, page, close } = await visitor(browser, 'narrow');
  await begin(page, 'this');
  const app = await context.newPage();
  await visit(app, await page.locator('a[href*="autostarttoken="]').getAttribute('href'));
  assert.match(await app.locator('main').innerText(), /Exempelmyndigheten/);
  await app.locator('select[name=person]').selectOption({ value: 'greta' });
  await app.locator('button[value=approve]').click();
  await arrived(page, /^\/for\//);
  assert.match(await bar(page), /Greta Holm/);
  await close();
});

test('refused in the app: nobody is logged in, and the page says so with a way on', async () => {
  const { page, close } = await visitor(browser, 'without script');
  await begin(page, 'this');
  await demo.phone.start('greta', await startLink(page));
  await demo.phone.refuse('greta');
  await arrived(page, /\/done$/);
  assert.match(await heading(page), /Du avbröt/);
  await page.locator('main a.button').click();
  await arrived(page, /^\/login/);
  assert.equal(await page.locator('.acting').count(), 0);
  await close();
});

test('given up on the page: back to where it began', async () => {
  const { page, close } = await visitor(browser, 'without script');
  await begin(page, 'other');
  await page.getByRole('button', { name: 'Avbryt' }).click();
  await arrived(page, /^\/login/);
  await close();
});

test('an order of one browser is not shown in another', async () => {
  const first = await visitor(browser);
  const second = await visitor(browser);
  await begin(first.page, 'other');
  await visit(second.page, first.page.url());
  assert.match(await heading(second.page), /började någon annanstans/);
  await first.close();
  await second.close();
});

test('with the keyboard alone: every stop can be seen, Enter presses', async () => {
  const { page, faults, close } = await visitor(browser);
  await visit(page, `${demo.url}/login`);
  const stops = [];
  for (let count = 0; count < 8; count += 1) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    assert.ok(stop.outlined, `the focus cannot be seen: ${stop.name}`);
    assert.ok(stop.inside, `the focus lies outside the window: ${stop.name}`);
    stops.push(stop.name);
    if (stop.name.startsWith('BankID på en annan enhet')) break;
  }
  assert.equal(stops[0], 'Till innehållet');
  assert.ok(stops.at(-1).startsWith('BankID på en annan enhet'), stops.join(' → '));
  await page.keyboard.press('Enter');
  await seen(page.locator('.qr'));
  await demo.phone.scan('greta', await until(() => readQr(page)));
  await demo.phone.approve('greta');
  await arrived(page, /^\/for\//);
  // The link that jumps over the head leads to the content.
  await page.keyboard.press('Tab');
  assert.equal((await focused(page)).name, 'Till innehållet');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  assert.deepEqual(faulty(faults), []);
  await close();
});

/** What has the focus: its name, and whether one sees that. */
function focused(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return {
      name: element.innerText.trim().split('\n')[0],
      outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
      inside: box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth && box.width > 1,
    };
  });
}
