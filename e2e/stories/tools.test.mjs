// The tools of the stories, tried on pages of our own: each must find the fault that it is for, and none where none is.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { axe, clipped, keyboard, moving, pale, small, spaced } from '../lib/access.mjs';
import { launch, seen, visit, visitor } from '../lib/browser.mjs';
import { Phone } from '../lib/phone.mjs';
import { run, scratch, start } from '../lib/process.mjs';
import { decode, readQrs } from '../lib/qr.mjs';

const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'";
const frames = [1, 2, 3].map((n) => readFileSync(new URL(`../fixtures/qr-${n}.png`, import.meta.url)));

const html = (body) =>
  `<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Prov</title><meta name="viewport" content="width=device-width">` +
  `<link rel="stylesheet" href="/style.css"></head><body>${body}</body></html>`;

const STYLE = `
  body { font: 18px sans-serif; margin: 16px; background: #fff; color: #111 }
  .jump { display: inline-block; padding: 8px }
  .jump:not(:focus) { position: absolute; left: -999px }
  .button { display: inline-block; padding: 12px; background: #123; color: #fff }
  .faint { color: #aaa }
  .veiled { background: linear-gradient(#fff, #000) }
  .away { position: absolute; left: 300px; width: 200px }
  .frame { overflow: hidden; width: 100px; white-space: nowrap }
  .dot { display: block; width: 10px; height: 10px; font-size: 8px; overflow: visible }
  :focus { outline: 3px solid #123 }
  .unseen:focus { outline: none }
  .lid { position: fixed; inset: 0; background: #fff }
  .late { display: flex; flex-direction: column-reverse }
  .stubborn { forced-color-adjust: none; color: #777; background: #888 }
  .lively { transition: color 1s }
  .tight { width: 280px; white-space: nowrap; overflow: hidden }
`;

const GOOD = html(
  '<a class="jump" href="#main">Till innehållet</a><main id="main"><h1>Prov</h1><p>En <a href="/x">länk i text</a> som får vara liten.</p>' +
    '<form method="post" action="/done"><button class="button">Skicka in</button></form></main>',
);

const PAGES = {
  '/good': GOOD,
  '/faint': html('<main><h1>Prov</h1><p class="faint">Svag text</p></main>'),
  '/veiled': html('<main><h1>Prov</h1><p class="veiled">Text på toning</p></main>'),
  '/away': html('<main><h1>Prov</h1><a class="button away" href="/x">Logga ut</a></main>'),
  '/cut': html('<main><h1>Prov</h1><p class="frame">Ett namn som inte får plats</p></main>'),
  '/dot': html('<main><h1>Prov</h1><a class="dot" href="/x" aria-label="Liten">.</a></main>'),
  '/unseen': html('<main><h1>Prov</h1><a class="button unseen" href="/x">Vidare</a></main>'),
  '/covered': html('<main><h1>Prov</h1><a class="button" href="/x">Vidare</a><div class="lid">Lock</div></main>'),
  '/unreached': html('<main><h1>Prov</h1><a class="button" href="/x">Vidare</a><button class="button">Spara</button></main><script src="/trap.js"></script>'),
  '/leaps': html('<main><h1>Prov</h1><a class="button" href="/x">Sist</a><a class="button" href="/y" tabindex="1">Först</a></main>'),
  '/stubborn': html('<main><h1>Prov</h1><p class="stubborn">Svag text</p></main>'),
  '/lively': html('<main><h1>Prov</h1><p class="lively">Rör sig</p></main>'),
  '/tight': html('<main><h1>Prov</h1><p class="tight">En rad som precis ryms i rutan</p></main>'),
  '/inline': html('<main><h1>Prov</h1><script>document.title = "x"</script></main>'),
  '/qr': html('<main><h1>Prov</h1><img src="/frames" alt="QR-kod" width="244" height="244"></main>'),
  '/done': html('<main><h1>Tack</h1></main>'),
};

let browser;
let server;
let base;
let calls = [];
let moveOn;

before(async () => {
  server = createServer(answer);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${server.address().port}`;
  browser = await launch();
});

after(async () => {
  await browser?.close();
  server?.closeAllConnections();
  server?.close();
});

function answer(request, response) {
  const path = request.url.split('?')[0];
  if (path === '/style.css') return response.setHeader('content-type', 'text/css').end(STYLE);
  if (path === '/trap.js') return response.setHeader('content-type', 'text/javascript').end("onkeydown = (event) => event.key === 'Tab' && document.activeElement.localName === 'a' && event.preventDefault()");
  if (path === '/stream') return stream(response);
  if (path === '/frames') return pictures(response);
  if (path.startsWith('/phone/') || path === '/people' || path === '/inbox') return sandbox(request, response, path);
  if (path === '/favicon.ico') return response.writeHead(204).end();
  const page = PAGES[path];
  response.writeHead(page ? 200 : 404, { 'content-type': 'text/html', 'content-security-policy': POLICY }).end(page ?? '');
}

/** A new picture every 300 ms. A browser shows a part when the boundary after it has come. */
function pictures(response) {
  response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
  response.write('--frame\r\n');
  let shown = 0;
  const next = () => {
    const picture = frames[shown++ % frames.length];
    response.write(`Content-Type: image/png\r\nContent-Length: ${picture.length}\r\n\r\n`);
    response.write(picture);
    response.write('\r\n--frame\r\n');
  };
  next();
  const timer = setInterval(next, 300);
  response.on('close', () => clearInterval(timer));
}

/** A page that is not finished, and sends the visitor on by itself. */
function stream(response) {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY });
  response.write('<!doctype html><html lang="sv"><title>Prov</title><body><main><h1>Väntar</h1><p role="status">Öppna appen</p>');
  moveOn = () => response.end('<meta http-equiv="refresh" content="0;url=/done"></main></body></html>');
}

/** As the sandbox's control listener answers. */
function sandbox(request, response, path) {
  let body = '';
  request.on('data', (data) => (body += data));
  request.on('end', () => {
    calls.push([request.method, request.url, body && JSON.parse(body)]);
    const send = (status, value) => response.writeHead(status, { 'content-type': 'application/json' }).end(value && JSON.stringify(value));
    if (path === '/people') return send(200, [{ id: 'astrid', name: 'Astrid Alm' }]);
    if (path === '/inbox') return send(200, [{ subject: 'Bekräftelse' }]);
    if (path === '/phone/scan') return send(409, { code: 'QR_REPLAYED', message: 'no' });
    return send(204);
  });
}

async function look(path, how = 'light') {
  const someone = await visitor(browser, how);
  await visit(someone.page, base + path);
  return someone;
}

for (const how of ['light', 'dark', 'narrow', 'forced', 'still']) {
  test(`a good page is good: ${how}`, async () => {
    const { page, faults, close } = await look('/good', how);
    // In forced colours axe sees the colours that the page wished for.
    assert.deepEqual(await (how === 'forced' ? pale : axe)(page), []);
    assert.deepEqual(await clipped(page), []);
    assert.deepEqual(await small(page), []);
    assert.deepEqual(await moving(page), []);
    assert.deepEqual(await keyboard(page), []);
    await spaced(page);
    assert.deepEqual(await clipped(page), []);
    assert.deepEqual(faults, []);
    await close();
  });
}

test('weak contrast is found', async () => {
  const { page, close } = await look('/faint');
  assert.match((await axe(page)).join(), /color-contrast/);
  await close();
});

test('contrast that cannot be computed is a fault unless allowed by name', async () => {
  const { page, close } = await look('/veiled');
  assert.match((await axe(page)).join(), /cannot be computed \(bgGradient\)/);
  assert.deepEqual(await axe(page, { allow: [{ key: 'bgGradient', selector: '.veiled', reason: 'tried by eye' }] }), []);
  await close();
});

test('a control outside a narrow window is found', async () => {
  const { page, close } = await look('/away', 'narrow');
  assert.match((await clipped(page)).join(), /outside the window: <a> Logga ut/);
  await close();
});

test('text that is cut off is found', async () => {
  const { page, close } = await look('/cut');
  assert.match((await clipped(page)).join(), /text is cut off: <p> Ett namn/);
  await close();
});

test('a control that is too small to hit is found', async () => {
  const { page, close } = await look('/dot');
  assert.match((await small(page)).join(), /10 × 10 px/);
  await close();
});

for (const [path, fault] of [
  ['/unseen', /the focus cannot be seen on <a> Vidare/],
  ['/covered', /covered while it has the focus: <a> Vidare/],
  ['/unreached', /not reached with Tab: <button> Spara/],
  ['/leaps', /not reached with Tab: <a> Först|reached before what stands in front of it: <a> Först/],
]) {
  test(`what stops somebody who has a keyboard alone is found: ${path}`, async () => {
    const { page, close } = await look(path);
    await page.waitForLoadState();
    assert.match((await keyboard(page)).join(), fault);
    await close();
  });
}

test('text that forced colours leave too weak is found', async () => {
  const { page, close } = await look('/stubborn', 'forced');
  assert.match((await pale(page)).join(), /1\.\d to 1: <p> Svag text/);
  await close();
});

test('what moves for somebody who asked for less is found', async () => {
  const { page, close } = await look('/lively', 'still');
  assert.match((await moving(page)).join(), /moves: <p class="lively">/);
  await close();
});

test('text that no longer fits when it is spaced is found', async () => {
  const { page, close } = await look('/tight');
  assert.deepEqual(await clipped(page), []);
  await spaced(page);
  assert.match((await clipped(page)).join(), /text is cut off: <p> En rad/);
  await close();
});

test('what the content security policy refuses is found', async () => {
  const { faults, page, close } = await look('/inline');
  await page.waitForLoadState();
  assert.match(faults.join(), /Content Security Policy/);
  await close();
});

test('without JavaScript a form is sent, and the measures still work', async () => {
  const { page, close } = await look('/good', 'narrow without script');
  assert.deepEqual(await clipped(page), []);
  assert.deepEqual(await small(page), []);
  await page.getByRole('button', { name: 'Skicka in' }).click();
  await seen(page.getByRole('heading', { name: 'Tack' }));
  await close();
});

test('without JavaScript a page that streams is seen, and moves on by itself', async () => {
  const { page, close } = await look('/stream', 'without script');
  await seen(page.getByRole('status').filter({ hasText: 'Öppna appen' }));
  moveOn();
  await seen(page.getByRole('heading', { name: 'Tack' }));
  await close();
});

test('without JavaScript three pictures of a pushed QR code are read off the screen', async () => {
  const { page, close } = await look('/qr', 'without script');
  const seen = await readQrs(page, 3);
  assert.deepEqual([...seen].sort(), frames.map(decode).sort());
  assert.match(seen[0], /^bankid\.67df3917-fa0d-44e5-b327-edcc928297f8\.\d\./);
  await close();
});

test('the telephone says what it was told, and passes refusals on with their code', async () => {
  calls = [];
  const phone = new Phone(`${base}/`);
  assert.equal((await phone.person('astrid')).name, 'Astrid Alm');
  await phone.approve('astrid');
  await assert.rejects(phone.scan('astrid', 'bankid.x'), { status: 409, code: 'QR_REPLAYED' });
  assert.equal((await phone.mail((mail) => mail.subject === 'Bekräftelse', { to: 'a+b@example.se' })).subject, 'Bekräftelse');
  assert.deepEqual(calls.slice(1), [
    ['POST', '/phone/approve', { person: 'astrid' }],
    ['POST', '/phone/scan', { person: 'astrid', qr: 'bankid.x' }],
    ['GET', '/inbox?to=a%2Bb%40example.se', ''],
  ]);
  await assert.rejects(phone.person('nobody'), /knows nobody/);
});

test('a program is started, known to be ready, and ended', async () => {
  const folder = scratch();
  const script = `console.log('hint'); console.log('ready http://localhost:1'); setInterval(() => {}, 1000)`;
  const running = await start(['-e', script], { program: process.execPath });
  assert.equal(running.url, 'http://localhost:1');
  assert.ok(running.lines.includes('hint'));
  await running.stop();
  assert.equal(await running.ended, 'SIGTERM');
  folder.remove();
});

test('a program that ends, is silent or is not there is an error with its last words', async () => {
  const program = process.execPath;
  await assert.rejects(start(['-e', "console.error('port taken'); process.exit(2)"], { program }), /ended with 2:\nport taken/);
  await assert.rejects(start(['-e', 'setInterval(() => {}, 1000)'], { program, limit: 300 }), /not ready after 0.3 s/);
  await assert.rejects(start([], { program: '/no/such/program' }), /missing/);
  assert.deepEqual(await run(['-e', "console.log('a'); process.exit(3)"], { program }), { code: 3, stdout: 'a\n', stderr: '' });
});
