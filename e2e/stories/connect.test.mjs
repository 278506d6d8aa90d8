// E-services of others, connected by standards: with `openid-client`, which we did not write, as a public client and as one
// with a key; and the example e-service in a browser without JavaScript.

import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import * as client from 'openid-client';
import { launch, picture, seen, until, visit, visitor } from '../lib/browser.mjs';
import { arrived, base, enter, faulty, house } from '../lib/house.mjs';
import { run } from '../lib/process.mjs';
import { approve, ask, discover, keys, logInAt, opened, party, relying } from '../lib/relying.mjs';

const EXAMPLE = 'http://127.0.0.1:8420';

let demo;
let browser;
let shop;
before(async () => {
  demo = await house();
  browser = await launch();
  shop = await relying();
});
after(async () => {
  shop?.stop();
  await browser?.close();
  await demo?.stop();
});

test('a public client: discovery, pushed request, login, userinfo, a decision, log-out', async () => {
  const config = await discover(demo.url, 'example-app');
  const { page, faults, close } = await visitor(browser, 'without script');
  const tokens = await logInAt(page, demo, config, shop, 'cecilia', 'Granåsens');
  const claims = tokens.claims();
  assert.equal(claims.acr, 'http://id.elegnamnden.se/loa/1.0/loa3');
  assert.ok(claims.exp - claims.iat <= 300, 'an ID token lives at most five minutes');
  assert.equal(party(claims).type, 'organisation');
  assert.equal(claims['https://id.oidc.se/claim/orgName'], 'Granåsens Åkeri AB');
  assert.equal(claims.name, undefined, 'names are told by userinfo, unless asked for by name');

  const person = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
  assert.match(person.name, /Cecilia/);
  assert.deepEqual(party(person), party(claims));
  assert.doesNotMatch(JSON.stringify([claims, person]), /personalIdentityNumber/);

  // Introspection is for clients that can prove who they are.
  await assert.rejects(client.tokenIntrospection(config, tokens.access_token), (error) => error.error === 'unauthorized_client');
  const answer = await ask(demo.url, tokens.access_token, claims.sub, 'example.order.place', party(claims));
  assert.deepEqual([answer.status, typeof answer.decision], [200, 'boolean']);

  const out = client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token, post_logout_redirect_uri: `${shop.base}/`, state: 'bye' });
  await visit(page, out.href);
  assert.equal(page.url(), `${shop.base}/?state=bye`);
  assert.equal((await ask(demo.url, tokens.access_token, claims.sub, 'example.order.place', party(claims))).status, 401);
  assert.deepEqual(faulty(faults), []);
  await close();
});

test('a client with a key: the same, and introspection, its own token, and being told of a log-out', async () => {
  const { key, jwks } = await keys();
  const file = join(demo.data, 'shop.jwks.json');
  writeFileSync(file, JSON.stringify(jwks));
  const added = await run([
    ...['client', 'add', '--config', join(demo.data, 'behorig.toml'), '--id', 'shop', '--service', 'example'],
    ...['--name-sv', 'Butiken', '--name-en', 'The shop', '--redirect', `${shop.base}/back`, '--post-logout', `${shop.base}/`],
    ...['--backchannel-logout', `${shop.base}/backchannel-logout`, '--jwks', file],
  ]);
  assert.equal(added.code, 0, added.stderr);

  const config = await discover(demo.url, 'shop', client.PrivateKeyJwt(key));
  const { page, close } = await visitor(browser, 'without script');
  const tokens = await logInAt(page, demo, config, shop, 'greta');
  const claims = tokens.claims();
  assert.deepEqual(party(claims), { type: 'person', id: claims.sub });
  const told = await client.tokenIntrospection(config, tokens.access_token);
  assert.deepEqual([told.active, told.sub, told.client_id], [true, claims.sub, 'shop']);

  // A machine asks about whoever is logged in there.
  const machine = await client.clientCredentialsGrant(config);
  const own = await ask(demo.url, machine.access_token, claims.sub, 'example.profile.read', party(claims));
  assert.equal(own.decision, true, JSON.stringify(own));
  const foreign = await ask(demo.url, machine.access_token, claims.sub, 'employer.report.send', party(claims));
  assert.equal(foreign.decision, false, 'about its own service only');

  // The visitor logs out at the front door: the client is told, by a token that verifies.
  await visit(page, `${demo.url}/logout`);
  await page.locator('main form button').first().click();
  const token = await until(async () => shop.heard.logouts.at(-1), { limit: 30_000, what: 'nobody told of the log-out' });
  const logout = await opened(demo.url, token);
  assert.equal(logout.typ, 'logout+jwt');
  assert.deepEqual([logout.claims.aud, logout.claims.sub, logout.claims.sid], ['shop', claims.sub, claims.sid]);
  assert.ok('http://schemas.openid.net/event/backchannel-logout' in logout.claims.events);
  assert.equal((await client.tokenIntrospection(config, tokens.access_token)).active, false);
  await close();
});

/** The heading of the shop's page, once it is there. */
const title = async (page, pattern) => {
  await until(async () => page.url().startsWith(EXAMPLE) && pattern.test(await page.locator('h1').innerText()), {
    what: `${pattern} is not the heading of ${page.url()}`,
  });
};
const main = (page) => page.locator('main').innerText();
const press = (page, name) => page.getByRole('button', { name }).click();

test('the example: no, asked for, granted and yes, then withdrawn and no at the next click; without JavaScript', async () => {
  const elin = await visitor(browser, 'without script');
  await visit(elin.page, EXAMPLE);
  await elin.page.getByRole('link', { name: 'Logga in' }).click();
  await approve(elin.page, demo, 'elin');
  if (elin.page.url().includes('/party')) await elin.page.locator('main button[name=to]', { hasText: 'Granåsens' }).click();
  await title(elin.page, /Du får inte beställa/);
  assert.match(await elin.page.locator('.acting').innerText(), /Du företräder Granåsens Åkeri AB/);
  assert.match(await main(elin.page), /Du har .*behörighet/);
  await picture(elin.page, 'example-no');

  // One click away the provider says more, and asks for what is missing.
  await elin.page.getByRole('link', { name: 'Se vad som saknas' }).click();
  await seen(elin.page.getByRole('heading', { name: 'Du har inte behörighet' }));
  await elin.page.getByRole('button', { name: 'Be om behörighet' }).click();
  await seen(elin.page.getByText('Din förfrågan är skickad'));
  const cecilia = await visitor(browser);
  await enter(cecilia.page, demo, 'cecilia', 'Granåsens');
  await until(async () => {
    await visit(cecilia.page, `${demo.url}${base(cecilia.page)}/requests`);
    return (await cecilia.page.getByRole('link', { name: 'Elin Forsman' }).count()) > 0;
  });
  await cecilia.page.getByRole('link', { name: 'Elin Forsman' }).click();
  await arrived(cecilia.page, /\/requests\/[0-9a-f]{32}$/);
  await cecilia.page.getByRole('button', { name: 'Ge behörighet' }).click();
  await arrived(cecilia.page, /\?done=granted$/);
  await visit(elin.page, EXAMPLE);
  await title(elin.page, /Beställ blanketter/);
  await picture(elin.page, 'example-yes');
  await press(elin.page, 'Beställ 10 blanketter');
  await title(elin.page, /Tack för beställningen/);

  await visit(cecilia.page, `${demo.url}${base(cecilia.page)}/people`);
  await cecilia.page.getByRole('link', { name: 'Ta bort Beställare av blanketter för Elin Forsman' }).click();
  await arrived(cecilia.page, /\/end\?/);
  await cecilia.page.locator('main form button').first().click();
  await arrived(cecilia.page, /\/people\?ended=/);
  await visit(elin.page, EXAMPLE);
  await title(elin.page, /Du får inte beställa/);
  assert.deepEqual(faulty(elin.faults), []);
  await elin.close();
  await cecilia.close();
});

test('the example: switched to another party by the chooser, logged out from both sides', async () => {
  const { page, faults, close } = await visitor(browser, 'without script');
  const logIn = async (choice) => {
    await visit(page, EXAMPLE);
    await page.getByRole('link', { name: 'Logga in' }).click();
    await approve(page, demo, 'nils');
    await page.locator('main button[name=to]', { hasText: choice }).click();
    await title(page, /beställ/i);
  };
  const acting = () => page.locator('.acting').innerText();
  await logIn('Granåsens');
  assert.match(await acting(), /Granåsens/);
  await page.getByRole('link', { name: 'Byt' }).click();
  await until(async () => page.url().includes('/party'));
  await page.locator('main button[name=to]', { hasText: 'Sjöviks' }).click();
  await title(page, /beställ/i);
  assert.match(await acting(), /Du företräder Sjöviks/);
  // The same party again, by the chooser: the form ends at the example all the same.
  await page.getByRole('link', { name: 'Byt' }).click();
  await until(async () => page.url().includes('/party'));
  await page.locator('main button[name=to]', { hasText: 'Nils' }).click();
  await title(page, /beställ/i);
  assert.match(await acting(), /du är här för egen del/);

  // From here: out here, and out there.
  await press(page, 'Logga ut');
  await title(page, /Beställ blanketter/);
  await visit(page, `${demo.url}/party`);
  assert.match(page.url(), /\/login/, 'logged out at the provider too');

  // From there: the example is told, and knows nobody at the next click.
  await logIn('Granåsens');
  await visit(page, `${demo.url}/logout`);
  await page.locator('main form button').first().click();
  await until(async () => {
    await visit(page, EXAMPLE);
    return (await page.locator('.acting').count()) === 0;
  }, { limit: 30_000, what: 'the example still knows the visitor' });
  assert.deepEqual(faulty(faults), []);
  await close();
});

for (const look of ['narrow', 'dark', 'light']) {
  test(`the example is kept as our own pages are: ${look}`, async () => {
    const { axe, clipped, small } = await import('../lib/access.mjs');
    const { page, faults, close } = await visitor(browser, look);
    await visit(page, EXAMPLE);
    await page.getByRole('link', { name: 'Logga in' }).click();
    await approve(page, demo, 'nils');
    await actFromChooser(page);
    await title(page, /beställ/i);
    await picture(page, `example-${look}`);
    assert.deepEqual(await axe(page), []);
    assert.deepEqual(await clipped(page), []);
    assert.deepEqual(await small(page), []);
    assert.deepEqual(faulty(faults), []);
    await close();
  });
}

const actFromChooser = (page) => page.locator('main button[name=to]', { hasText: 'Granåsens' }).click();
