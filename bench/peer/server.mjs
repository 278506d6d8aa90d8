// npm `oidc-provider` as its documentation sets it up, with everything in memory: the provider beside which ours is measured.
//
// Prints `ready http://127.0.0.1:PORT` and then answers. `node server.mjs COUNT FILE` first writes so many client assertions of
// `bench-machine` to the file, one a line, each good for five minutes.

import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';

const [count, file] = process.argv.slice(2);
const BACK = 'http://127.0.0.1:9/back';

const server = createServer();
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const issuer = `http://127.0.0.1:${server.address().port}`;

const pair = () => generateKeyPair('ES256', { extractable: true });
const [own, machine] = [await pair(), await pair()];
const jwk = async (key, more) => ({ ...(await exportJWK(key)), alg: 'ES256', use: 'sig', ...more });

const provider = new Provider(issuer, {
  jwks: { keys: [await jwk(own.privateKey, { kid: 'own' })] },
  clients: [
    { client_id: 'bench-app', token_endpoint_auth_method: 'none', redirect_uris: [BACK], grant_types: ['authorization_code'], response_types: ['code'], id_token_signed_response_alg: 'ES256' },
    {
      client_id: 'bench-machine',
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: [await jwk(machine.publicKey, { kid: 'bench' })] },
      redirect_uris: [],
      grant_types: ['client_credentials'],
      response_types: [],
      id_token_signed_response_alg: 'ES256',
    },
  ],
  cookies: { keys: ['a key for cookies that live as long as a measurement'] },
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  pkce: { required: () => true },
  scopes: ['openid'],
  interactions: { url: (_, interaction) => `/login/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  // Nobody is asked whether the service may: as with ours, that is settled when it is registered.
  async loadExistingGrant(ctx) {
    const known = ctx.oidc.session.grantIdFor(ctx.oidc.client.clientId);
    if (known) return ctx.oidc.provider.Grant.find(known);
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid');
    await grant.save();
    return grant;
  },
});

// The page on which somebody would log in: here somebody has, as with ours.
provider.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/login/')) return next();
  const to = await provider.interactionResult(ctx.req, ctx.res, { login: { accountId: 'somebody' } });
  ctx.redirect(to);
  ctx.status = 303;
});

if (count) {
  const sign = () =>
    new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256', kid: 'bench', typ: 'JWT' })
      .setIssuer('bench-machine')
      .setSubject('bench-machine')
      .setAudience(issuer)
      .setIssuedAt()
      .setExpirationTime('5 min')
      .sign(machine.privateKey);
  const lines = [];
  for (let at = 0; at < Number(count); at += 1) lines.push(await sign());
  writeFileSync(file, `${lines.join('\n')}\n`);
}

const answer = provider.callback();
server.on('request', (request, response) => {
  // The floor: what a handler that does nothing takes here.
  if (request.url === '/floor') return response.end('ok\n');
  return answer(request, response);
});
// Nobody reads standard output behind that line: what the provider has to say goes to standard error.
console.info = console.error;
console.log(`ready ${issuer}`);
