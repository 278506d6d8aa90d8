// Reads QR codes off the screen, as a telephone does: from what the browser shows, not from what the server sent.

import jsQR from 'jsqr';
import { PNG } from 'pngjs';

/** The text of the QR code in a picture (PNG bytes), or null. */
export function decode(picture) {
  const { data, width, height } = PNG.sync.read(picture);
  return jsQR(new Uint8ClampedArray(data), width, height)?.data ?? null;
}

/** The text of the QR code on the screen now, or null. The window only: a whole page would stop the pictures. */
export async function readQr(page) {
  return decode(await page.screenshot({ animations: 'allow', caret: 'initial' }));
}

/** Looks until so many different codes were seen, oldest first. A screen that stands still is an error. */
export async function readQrs(page, count, { limit = 20_000 } = {}) {
  const seen = [];
  const end = Date.now() + limit;
  while (seen.length < count) {
    if (Date.now() > end) throw new Error(`${seen.length} of ${count} different QR codes were seen in ${limit / 1000} s`);
    const text = await readQr(page);
    if (text && !seen.includes(text)) seen.push(text);
    else await new Promise((resolve) => setTimeout(resolve, 150));
  }
  return seen;
}
