// What the looks at every page found, and the file from which the statement of accessibility is made.
//
// `npm run accessibility` writes the file; an ordinary run compares with it, so that the statement can never say more
// than the looks have shown.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const FILE = new URL('../../crates/web/assessed.json', import.meta.url);

/** Every kind of look, in the order in which the statement lists them; each has a sentence of its own there. */
export const CHECKS = [
  'axe',
  'keyboard',
  'without-script',
  'reflow',
  'text-spacing',
  'target-size',
  'dark',
  'forced-colours',
  'reduced-motion',
  'print',
  'languages',
];

export class Assessment {
  #pages;
  #passed = new Map(CHECKS.map((check) => [check, 0]));

  /** @param {number} pages how many there are to look at */
  constructor(pages) {
    this.#pages = pages;
  }

  /** @param {string[]} checks what one page has passed */
  add(checks) {
    for (const check of checks) {
      assert.ok(this.#passed.has(check), `${check} is no check`);
      this.#passed.set(check, this.#passed.get(check) + 1);
    }
  }

  /** Fails where the file tells something else; with BEHORIG_UPDATE=1 the file is written anew, with the day of today. */
  compare() {
    const found = { pages: this.#pages, passed: Object.fromEntries(this.#passed) };
    if (process.env.BEHORIG_UPDATE === '1') {
      const assessed = new Date().toISOString().slice(0, 10);
      writeFileSync(FILE, `${JSON.stringify({ assessed, ...found }, null, 2)}\n`);
    }
    const { assessed, ...told } = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : {};
    assert.match(assessed ?? '', /^\d{4}-\d{2}-\d{2}$/, 'the day of the assessment');
    assert.deepEqual(found, told, 'run `npm run accessibility` in e2e when the pages have changed');
  }
}
