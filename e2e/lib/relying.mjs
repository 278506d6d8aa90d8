// An e-service of others, as far as the stories need one: it asks for logins with `openid-client`, which we did not write,
// and hears what comes back, by the visitor and by the provider itself.

import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { createServer } from 'node:http';
import * as client from 'openid-client';
import { seen, until, visit } from './browser.mjs';
import { startLink } from './house.mjs';

export const INFO = 'https://id.oidc.se/scope/naturalPersonInfo';
export const PARTY = 'urn:behorig:scope:party';
export const party = (claims) => claims['urn:behorig:claim:party'];

/** Listens for the visitor who comes back and for log-out tokens. */
export async function relying() {
  const heard = { back: [], logouts: [] };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://127.0.0.1');
    if (request.method === 'POST' && url.pathname === '/backchannel-logout') {
      let body = '';
      for await (const part of request) body += part;
      heard.logouts.push(new URLSearchParams(body).get('logout_token'));
      return response.writeHead(200).end();
    }
    if (url.pathname === '/back') heard.back.push(`${base}${request.url}`);
    response.setHeader('content-type', 'text/html; charset=utf-8').end('<!doctype html><title>Butiken</title><h1>Tillbaka i butiken</h1>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${server.address().port}`;
  return {
    base,
    heard,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** What a client knows of the provider after discovery. Plain HTTP: only ever on this machine. */
export const discover = (issuer, id, proof = client.None()) =>
  client.discovery(new URL(issuer), id, undefined, proof, { execute: [client.allowInsecureRequests] });

/** A key pair of a client: the private one as `openid-client` takes it, the public one as it is registered. */
export async function keys() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'ES256' };
  return { key: { key, kid: 'k1' }, jwks: { keys: [jwk] } };
}

/** Begins a login, pushed ahead. Gives the address for the browser and what the answer must fit to. */
export async function begin(config, redirect_uri, more = {}) {
  const checks = { pkceCodeVerifier: client.randomPKCECodeVerifier(), expectedState: client.randomState(), expectedNonce: client.randomNonce() };
  const url = await client.buildAuthorizationUrlWithPAR(config, {
    redirect_uri,
    scope: `openid ${INFO} ${PARTY}`,
    code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    ...more,
  });
  return { url: url.href, checks };
}

/** From the login page that is shown, on the same device, to wherever the login leads. */
export async function approve(page, house, person) {
  await page.locator('main button[name=device][value=this]').click();
  await house.phone.start(person, await startLink(page));
  await house.phone.approve(person);
  await until(async () => !/\/(login|order)/.test(page.url()), { limit: 30_000, what: 'the login did not end' });
  await seen(page.locator('h1'));
}

/** A whole login of a person for a party, at a client of ours. Gives the tokens. */
export async function logInAt(page, house, config, shop, person, choice, more) {
  const { url, checks } = await begin(config, `${shop.base}/back`, more);
  await visit(page, url);
  await approve(page, house, person);
  if (choice) await page.locator('main button[name=to]', { hasText: choice }).click();
  await until(async () => page.url().startsWith(`${shop.base}/back`), { what: `the login ended at ${page.url()}` });
  return client.authorizationCodeGrant(config, new URL(shop.heard.back.at(-1)), checks);
}

/** The claims of a token of the provider's, whose signature is verified with nothing but Node. */
export async function opened(issuer, token) {
  const [head, body, signature] = token.split('.');
  const { kid, alg, typ } = JSON.parse(Buffer.from(head, 'base64url'));
  const { jwks_uri } = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();
  const jwk = (await (await fetch(jwks_uri)).json()).keys.find((one) => one.kid === kid);
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  const right = verify('sha256', Buffer.from(`${head}.${body}`), { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'));
  if (alg !== 'ES256' || !right) throw new Error('the token does not verify');
  return { typ, claims: JSON.parse(Buffer.from(body, 'base64url')) };
}

/** One question to the decision point. */
export async function ask(issuer, token, subject, action, resource) {
  const answer = await fetch(`${issuer}/access/v1/evaluation`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ subject: { type: 'person', id: subject }, action: { name: action }, resource }),
  });
  return { status: answer.status, ...(await answer.json()) };
}
