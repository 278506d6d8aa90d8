// Takes the pictures of docs/pictures from a demo of its own: `npm run pictures` after `cargo build`.
// Names say the page and the look; each stays below 150 KB, so that the repository stays small.

import { mkdirSync, writeFileSync } from 'node:fs';
import { launch, until, visitor } from './lib/browser.mjs';
import { house } from './lib/house.mjs';
import { PAGES, furnish, open } from './lib/pages.mjs';
import { smaller } from './lib/png.mjs';
import { readQr } from './lib/qr.mjs';

const FOLDER = new URL('../docs/pictures/', import.meta.url).pathname;
const MOST = 150 * 1024;

/** Page of the list, file, and the looks that it is taken in. */
const WANTED = [
  ['the people of the demo', 'people', ['light', 'dark', 'narrow']],
  ['login', 'login', ['light', 'dark', 'narrow', 'without script']],
  ['login under way, another device', 'qr', ['light', 'dark', 'narrow', 'without script']],
  ['for whom', 'party', ['light', 'narrow']],
  ['people', 'authorities', ['light', 'narrow']],
  ['why', 'why', ['light', 'narrow']],
  ['a new report, with mistakes', 'report', ['light', 'narrow', 'without script']],
  ['review', 'review', ['light', 'dark', 'narrow']],
  ['receipt', 'receipt', ['light', 'narrow']],
  ['one received, opened', 'received', ['light', 'dark']],
  ['application, a colleague\'s', 'application', ['light', 'narrow']],
  ['refused with the missing link', 'refused', ['light', 'dark', 'narrow']],
  ['own request', 'asked', ['light', 'narrow']],
  ['request to answer', 'answer', ['light', 'narrow']],
  ['own overview', 'overview', ['light', 'narrow']],
  ['own logins', 'logins', ['light', 'narrow']],
  ['refused by an e-service', 'refused-elsewhere', ['light', 'narrow']],
  ['connect an e-service', 'connect', ['light', 'narrow']],
  ['trial of a connection', 'trial', ['light', 'narrow']],
  ['a record altered in a copy', 'altered', ['light', 'narrow']],
];

mkdirSync(FOLDER, { recursive: true });
const demo = await house();
const browser = await launch();
try {
  const { world, states } = await furnish(browser, demo);
  for (const [name, file, looks] of WANTED) {
    const entry = PAGES.find((entry) => entry.name === name);
    if (!entry) throw new Error(`no page is called ${name}`);
    for (const look of looks) {
      const wide = look.startsWith('narrow') ? {} : { viewport: { width: 1000, height: 800 } };
      const { page, close } = await visitor(browser, look, { storageState: entry.who && states[entry.who], ...wide });
      await open(entry, page, world);
      if (file === 'qr' && look !== 'narrow') await until(() => readQr(page), { what: 'no code was seen' });
      const path = `${FOLDER}${file}-${look.replaceAll(' ', '-')}.png`;
      // A page that streams stands still while a whole page is taken.
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.setViewportSize({ width: page.viewportSize().width, height: Math.min(height, 1800) });
      if (entry.moves) await until(() => readQr(page), { what: 'no code was seen' });
      const picture = smaller(await page.screenshot());
      if (picture.length > MOST) throw new Error(`${path} has ${picture.length} bytes`);
      writeFileSync(path, picture);
      // A person has one order at a time with BankID.
      if (entry.moves) await page.locator('form[action$="/cancel"] button').click();
      await close();
    }
  }
} finally {
  await browser.close();
  await demo.stop();
}
