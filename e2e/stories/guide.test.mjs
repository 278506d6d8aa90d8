// docs/e-service.md, carried out as printed: its blocks are written into a fresh folder and run there, against a demo.
// A block is named after its language: ```js shop.mjs. Several of one name belong together, in their order.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { launch, until, visit, visitor } from '../lib/browser.mjs';
import { give } from '../lib/errand.mjs';
import { enter, faulty, house } from '../lib/house.mjs';
import { binary, run, scratch, start } from '../lib/process.mjs';
import { approve } from '../lib/relying.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const ELIN = { number: '19920505-2385', name: 'Elin Forsman', email: 'elin@post.example' };
const HOME = 'http://127.0.0.1:3000';

/** `[name, text]` of every block that has a name. */
const BLOCKS = [...readFileSync(join(root, 'docs/e-service.md'), 'utf8').matchAll(/^```\w+ (\S+)\n([^]*?)^```$/gm)].map(([, name, text]) => [name, text]);
const named = (name) => BLOCKS.filter(([of]) => of === name).map(([, text]) => text).join('');

let demo;
let browser;
let folder;
let env;
let elin;
before(async () => {
  folder = scratch();
  for (const name of new Set(BLOCKS.map(([of]) => of))) {
    if (!name.startsWith('crates/')) writeFileSync(join(folder.path, name), named(name));
  }
  demo = await house();
  mkdirSync(join(folder.path, 'data'));
  symlinkSync(demo.data, join(folder.path, 'data/demo'));
  // In place of `npm install openid-client`: the same package, out of the lock file.
  symlinkSync(join(root, 'e2e/node_modules'), join(folder.path, 'node_modules'));
  env = { PATH: `${dirname(binary)}:${process.env.PATH}` };
  browser = await launch();
  elin = await visitor(browser, 'without script');
});
after(async () => {
  await browser?.close();
  await demo?.stop();
  folder?.remove();
});

const shell = (name) => run(['-eu', name], { program: 'sh', cwd: folder.path, env });
const node = (name) => run([name], { program: process.execPath, cwd: folder.path, env });
const heading = (page, pattern) => until(async () => pattern.test(await page.locator('h1').innerText()), { what: `${pattern} was not seen at ${page.url()}` });

test('every block of the guide is one that is tried here', () => {
  const names = [...new Set(BLOCKS.map(([name]) => name))];
  assert.deepEqual(names.sort(), [
    'Cargo.toml', 'crates/example/src/lib.rs', 'crates/example/src/provider.rs', 'curl.sh', 'keys.mjs', 'machine.mjs', 'register.sh', 'rust.sh', 'shop.mjs', 'shop.toml',
  ]);
  assert.ok(named('shop.mjs').split('\n').length <= 61, 'the program in Node is as short as is promised');
});

test('curl: from a pushed request to a decision', async (t) => {
  const child = spawn('sh', ['-eu', 'curl.sh'], { cwd: folder.path, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  let faults = '';
  child.stdout.on('data', (data) => (said += data));
  child.stderr.on('data', (data) => (faults += data));
  const ended = new Promise((resolve) => child.once('close', resolve));
  // However the story ends: a script that waits for an address would keep the run waiting too.
  t.after(() => child.kill('SIGKILL'));
  const open = await until(async () => /^Open: (\S+)$/m.exec(said)?.[1], { what: `no address was printed: ${faults}` });
  // Nobody answers where the browser ends: its address is all that is needed.
  let address;
  elin.context.on('request', (request) => request.url().startsWith(`${HOME}/back`) && (address = request.url()));
  await visit(elin.page, open);
  await approve(elin.page, demo, 'elin');
  await elin.page.locator('main button[name=to]', { hasText: 'Granåsens' }).click();
  await until(async () => address, { what: `the login ended at ${elin.page.url()}` });
  child.stdin.end(`${address}\n`);
  assert.equal(await ended, 0, faults);
  assert.match(said, /^Claims: \{.*"urn:behorig:claim:party":\{"id":"[0-9a-f-]+","type":"organisation"\}/m);
  const answer = JSON.parse(said.split('\n').at(-1));
  assert.equal(answer.decision, false);
  assert.match(answer.context.reason_user.en, /authority/);
});

test('Node: a page with a decision, which is another when a mandate was given', async () => {
  const shop = await start(['shop.mjs'], { program: process.execPath, cwd: folder.path });
  try {
    const { page, faults } = elin;
    await visit(page, HOME);
    await page.getByRole('link', { name: 'Log in' }).click();
    // Already logged in: nothing is asked again.
    await heading(page, /Not allowed/);
    assert.match(await page.locator('main').innerText(), /Elin Forsman for Granåsens Åkeri AB/);
    const cecilia = await visitor(browser);
    await enter(cecilia.page, demo, 'cecilia', 'Granåsens');
    await give(cecilia.page, demo, ELIN, 'example.user');
    await cecilia.close();
    await page.reload();
    await heading(page, /Order forms/);
    await page.getByRole('link', { name: 'Switch' }).click();
    await until(async () => page.url().includes('/party'));
    await page.locator('main button[name=to]', { hasText: 'Elin' }).click();
    await heading(page, /Not allowed/);
    assert.match(await page.locator('main').innerText(), /for themselves/);
    // A login that was answered for somebody else's session leads nowhere.
    await visit(page, `${HOME}/back?code=x&state=y&iss=${encodeURIComponent(demo.url)}`);
    await heading(page, /It did not work/);
    assert.deepEqual(faulty(faults).filter((fault) => !/502|ERR_CONNECTION_REFUSED/.test(fault)), []);
  } finally {
    await shop.stop();
  }
});

test('Rust: what is printed is what the example e-service is made of, and it runs alone', async () => {
  const printed = BLOCKS.filter(([name]) => name.startsWith('crates/'));
  assert.equal(printed.length, 6);
  for (const [name, text] of printed) {
    assert.ok(readFileSync(join(root, name), 'utf8').includes(text), `${name} says something else than the guide:\n${text}`);
  }
  // The versions that stand in the guide are those that the crate is built with.
  const workspace = readFileSync(join(root, 'Cargo.toml'), 'utf8');
  for (const line of named('Cargo.toml').trim().split('\n')) {
    const [, crate, version] = /^([\w-]+) = (?:\{ version = )?"([\d.]+)"/.exec(line);
    assert.match(workspace, new RegExp(`^${crate} = (\\{ version = )?"${version.replaceAll('.', '\\.')}`, 'm'), `${crate} ${version}`);
  }
  const [, words] = /^(.*) cargo run -p example$/m.exec(named('rust.sh'));
  const settings = Object.fromEntries(words.split(' ').map((word) => word.split('=')));
  const alone = spawn(join(dirname(binary), 'example'), { env: { ...process.env, ...settings } });
  try {
    const { page } = elin;
    await until(async () => (await fetch(settings.HOME_URL)).ok, { what: 'the example does not answer' });
    await visit(page, settings.HOME_URL);
    await page.getByRole('link', { name: 'Logga in' }).click();
    await heading(page, /Du får inte beställa/);
    await page.getByRole('link', { name: 'Byt' }).click();
    await until(async () => page.url().includes('/party'));
    await page.locator('main button[name=to]', { hasText: 'Granåsens' }).click();
    await heading(page, /Beställ blanketter/);
  } finally {
    alone.kill('SIGKILL');
  }
});

test('a service of one\'s own is registered with its keys, and proves itself by them', async () => {
  assert.equal((await node('keys.mjs')).code, 0);
  const registered = await shell('register.sh');
  assert.equal(registered.code, 0, registered.stderr);
  const told = await node('machine.mjs');
  assert.equal(told.stdout, 'true shop\n', told.stderr);
  const listed = await run(['client', 'show', 'shop', '--config', 'data/demo/behorig.toml'], { cwd: folder.path });
  assert.match(listed.stdout, /Butiken/);
});
