// Every page that people see, with somebody who sees it: the list that the stories of looks walk through.
// A route that is in the program and not here fails the crawl.

import { readFileSync } from 'node:fs';

import { seen, visit, visitor } from './browser.mjs';
import { APPLICATION, askFor, draft, fill, give, handIn, register, report, sign } from './errand.mjs';
import { arrived, base, day, enter, logIn, startLink } from './house.mjs';

const begin = (device) => async (page, { demo }) => {
  await visit(page, `${demo.url}/login`);
  await page.locator(`button[name=device][value=${device}]`).click();
  await seen(page.locator('.order')).catch(async (error) => {
    throw new Error(`${await page.locator('main').innerText()}\n${error.message}`);
  });
};

/** The form that connects an e-service, sent with the catalogue file of a service that is not in force yet. */
const connect = (change = (text) => text) => async (page, { demo, agency }) => {
  const example = readFileSync(new URL('../../catalogue/example.toml', import.meta.url), 'utf8');
  const text = example.replaceAll('example.', 'shop.').replace('id = "example"', 'id = "shop"');
  await visit(page, `${demo.url}${agency}/clients/register`);
  await fill(page, { id: 'shop', name_sv: 'Butiken', name_en: 'The shop', redirect_uris: 'https://shop.example.se/back' });
  await page.locator('main [name=authentication][value=public]').press('Space');
  await page.locator('main [name=catalogue]').setInputFiles({ name: 'shop.toml', mimeType: 'application/toml', buffer: Buffer.from(change(text)) });
  await page.locator('main form button').first().click();
};

/**
 * `route` as the program names it; `who` sees it (nobody: logged out); `at` its path, or `open` how one comes there;
 * `status` if it is a refusal; `moves`: its text changes by itself.
 */
export const PAGES = [
  { name: 'the people of the demo', route: '/', at: () => '/' },
  { name: 'the people of the demo, logged in', route: '/', who: 'greta', at: () => '/' },
  { name: 'the people of the demo, on the way elsewhere', route: '/', at: () => '/?next=/invitation&service=employer' },
  {
    name: 'a record altered in a copy',
    route: '/demo/altered',
    async open(page, { demo }) {
      await visit(page, demo.url);
      await page.locator('form[action="/demo/altered"] button').click();
      await arrived(page, /^\/demo\/altered$/);
    },
  },
  { name: 'login', route: '/login', at: () => '/login' },
  { name: 'login for a service', route: '/login', at: () => '/login?service=employer' },
  { name: 'login, logged in', route: '/login', who: 'greta', at: () => '/login' },
  { name: 'logged out', route: '/logout', at: () => '/logout' },
  { name: 'log out?', route: '/logout', who: 'greta', at: () => '/logout' },
  {
    name: 'logged out just now, and still logged in elsewhere',
    route: '/logout',
    async open(page, { demo }) {
      await logIn(page, demo, 'greta');
      await page.locator('form[action="/logout"] button').click();
      await seen(page.locator('main form[action="/logout/others"]'));
    },
  },
  { name: 'help', route: '/help', at: () => '/help' },
  { name: 'accessibility', route: '/accessibility', at: () => '/accessibility' },
  { name: 'cookies', route: '/cookies', at: () => '/cookies' },
  { name: 'terms', route: '/terms', at: () => '/terms' },
  { name: 'one version of the terms', route: '/terms/{service}/{version}', at: () => '/terms/employer/2024-12-20' },
  { name: 'the log for outsiders', route: '/log', at: () => '/log' },
  { name: 'login under way, another device', route: '/order/{id}', open: begin('other'), moves: true },
  { name: 'login under way, the same device', route: '/order/{id}', open: begin('this'), moves: true },
  {
    name: 'login refused in the app',
    route: '/order/{id}/done',
    status: 403,
    async open(page, { demo }) {
      await begin('this')(page, { demo });
      await demo.phone.start('johan', await startLink(page));
      await demo.phone.refuse('johan');
      await arrived(page, /\/done$/);
    },
  },
  { name: 'somebody else\'s order', route: '/order/{id}', status: 403, at: () => `/order/${'0'.repeat(32)}` },
  { name: 'no such page', route: '/', status: 404, at: () => '/no-such-page' },

  { name: 'start, for oneself', route: '/for/{party}', who: 'greta', at: ({ self }) => self },
  { name: 'own logins', route: '/sessions', who: 'greta', at: () => '/sessions' },
  { name: 'refused by an e-service', route: '/for/{party}/may', who: 'elin', status: 403, at: ({ granas }) => `${granas}/may?permission=example.order.place` },
  { name: 'not refused by an e-service', route: '/for/{party}/may', who: 'elin', at: ({ granas }) => `${granas}/may?permission=employer.sickness_report.create` },
  { name: 'own overview, of nobody else', route: '/for/{party}/mine', who: 'greta', at: ({ self }) => `${self}/mine` },
  { name: 'own overview', route: '/for/{party}/mine', who: 'olga', at: ({ olga }) => `${olga}/mine` },
  { name: 'why one may', route: '/for/{party}/mine/{mandate}/why', who: 'olga', at: ({ mine }) => mine },
  { name: 'no receipts', route: '/for/{party}/mine/receipts', who: 'greta', at: ({ self }) => `${self}/mine/receipts` },
  { name: 'receipts', route: '/for/{party}/mine/receipts', who: 'elin-herself', at: ({ elin }) => `${elin}/mine/receipts` },
  { name: 'own events', route: '/for/{party}/records', who: 'greta', at: ({ self }) => `${self}/records` },
  { name: 'invitation', route: '/invitation', who: 'greta', at: () => '/invitation' },
  {
    name: 'invitation, wrong code',
    route: '/invitation',
    who: 'greta',
    status: 422,
    async open(page, { demo }) {
      await visit(page, `${demo.url}/invitation`);
      await page.locator('main form button').first().click();
      await seen(page.locator('.summary'));
    },
  },
  { name: 'refused', route: '/for/{party}', who: 'greta', status: 404, at: ({ granas }) => granas },
  { name: 'own requests', route: '/for/{party}/requests', who: 'greta', at: ({ self }) => `${self}/requests` },
  { name: 'ask for authority', route: '/for/{party}/requests/new', who: 'greta', at: ({ self }) => `${self}/requests/new` },
  {
    name: 'ask for authority, with mistakes',
    route: '/for/{party}/requests/new',
    who: 'greta',
    status: 422,
    async open(page, { demo, self }) {
      await visit(page, `${demo.url}${self}/requests/new`);
      await page.locator('main form button').first().click();
      await seen(page.locator('.summary'));
    },
  },
  { name: 'own request', route: '/for/{party}/requests/{case}', who: 'greta', at: ({ asked }) => asked },

  { name: 'for whom', route: '/party', who: 'cecilia', at: () => '/party' },
  { name: 'start, administrator', route: '/for/{party}', who: 'cecilia', at: ({ granas }) => granas },
  { name: 'people', route: '/for/{party}/people', who: 'cecilia', at: ({ granas }) => `${granas}/people` },
  { name: 'people, given just now', route: '/for/{party}/people', who: 'cecilia', at: ({ given }) => given },
  { name: 'give', route: '/for/{party}/people/give', who: 'cecilia', at: ({ granas }) => `${granas}/people/give` },
  {
    name: 'give, with mistakes',
    route: '/for/{party}/people/give',
    who: 'cecilia',
    status: 422,
    async open(page, { demo, granas }) {
      await visit(page, `${demo.url}${granas}/people/give`);
      await page.locator('main [name=number]').fill('19910302-2398');
      await page.locator('main form button').first().click();
      await seen(page.locator('.summary'));
    },
  },
  { name: 'take away', route: '/for/{party}/people/{person}/end', who: 'cecilia', at: ({ end }) => end },
  { name: 'why', route: '/for/{party}/people/{person}/why', who: 'cecilia', at: ({ why }) => why },
  { name: 'requests to answer', route: '/for/{party}/requests', who: 'cecilia', at: ({ granas }) => `${granas}/requests` },
  { name: 'request to answer', route: '/for/{party}/requests/{case}', who: 'cecilia', at: ({ granas, asked }) => `${granas}/requests/${asked.split('/').pop()}` },
  {
    name: 'request to answer, with mistakes',
    route: '/for/{party}/requests/{case}',
    who: 'cecilia',
    status: 422,
    async open(page, { demo, granas, asked }) {
      await visit(page, `${demo.url}${granas}/requests/${asked.split('/').pop()}`);
      await page.locator('main [name=last_day]').fill('');
      await page.locator('main form[action$="/grant"] button').click();
      await seen(page.locator('.summary'));
    },
  },
  { name: 'events of the employer', route: '/for/{party}/records', who: 'cecilia', at: ({ granas }) => `${granas}/records` },
  { name: 'refused with the missing link', route: '/for/{party}/sickness-reports', who: 'cecilia', status: 403, at: ({ granas }) => `${granas}/employer/sickness-reports` },

  { name: 'refused, with a button to ask', route: '/for/{party}/people', who: 'elin', status: 403, at: ({ granas }) => `${granas}/people` },
  { name: 'start, user', route: '/for/{party}', who: 'elin', at: ({ granas }) => granas },
  { name: 'reports', route: '/for/{party}/sickness-reports', who: 'elin', at: ({ granas }) => `${granas}/employer/sickness-reports` },
  { name: 'a new report', route: '/for/{party}/sickness-reports/new', who: 'elin', at: ({ granas }) => `${granas}/employer/sickness-reports/new` },
  {
    name: 'a new report, with mistakes',
    route: '/for/{party}/sickness-reports/new',
    who: 'elin',
    status: 422,
    async open(page, { demo, granas }) {
      await visit(page, `${demo.url}${granas}/employer/sickness-reports/new`);
      await fill(page, { employee_number: '19930820-2391', first_sick_day: day(-7) });
      await page.locator('main form button').first().click();
      await seen(page.locator('.summary'));
    },
  },
  { name: 'review', route: '/for/{party}/sickness-reports/drafts/{id}', who: 'elin', at: ({ draft }) => draft },
  { name: 'change', route: '/for/{party}/sickness-reports/drafts/{id}/change', who: 'elin', at: ({ draft }) => `${draft}/change` },
  {
    name: 'signature under way',
    route: '/order/{id}',
    who: 'elin',
    moves: true,
    async open(page, { demo, draft }) {
      await visit(page, demo.url + draft);
      await page.locator('main button[name=device][value=other]').click();
      await seen(page.locator('.order'));
    },
  },
  { name: 'receipt', route: '/for/{party}/sickness-reports/{id}', who: 'elin', at: ({ waiting }) => waiting },
  { name: 'receipt, opened', route: '/for/{party}/sickness-reports/{id}', who: 'elin', at: ({ opened }) => opened },
  { name: 'take back', route: '/for/{party}/sickness-reports/{id}/withdraw', who: 'elin', at: ({ waiting }) => `${waiting}/withdraw` },

  { name: 'start, officer', route: '/for/{party}', who: 'astrid', at: ({ agency }) => agency },
  { name: 'applications', route: '/for/{party}/applications', who: 'astrid', at: ({ agency }) => `${agency}/applications` },
  { name: 'register', route: '/for/{party}/applications/register', who: 'astrid', at: ({ agency }) => `${agency}/applications/register` },
  {
    name: 'register, with mistakes',
    route: '/for/{party}/applications/register',
    who: 'astrid',
    status: 422,
    async open(page, { demo, agency }) {
      await visit(page, `${demo.url}${agency}/applications/register`);
      await page.locator('main form button').first().click();
      await seen(page.locator('.summary'));
    },
  },
  { name: 'register, as kept', route: '/for/{party}/applications/register', who: 'bengt', at: ({ agency }) => `${agency}/applications/register` },
  { name: 'application, one\'s own', route: '/for/{party}/applications/{case}', who: 'astrid', at: ({ application }) => application },
  { name: 'application, a colleague\'s', route: '/for/{party}/applications/{case}', who: 'bengt', at: ({ application }) => application },
  { name: 'received', route: '/for/{party}/sickness-reports/received', who: 'astrid', at: ({ agency }) => `${agency}/employer/sickness-reports/received` },
  { name: 'received, all', route: '/for/{party}/sickness-reports/received', who: 'astrid', at: ({ agency }) => `${agency}/employer/sickness-reports/received?show=all` },
  { name: 'one received, opened', route: '/for/{party}/sickness-reports/received/{id}', who: 'astrid', at: ({ agency, opened }) => `${agency}/employer/sickness-reports/received/${opened.split('/').pop()}` },
  { name: 'one received, waiting', route: '/for/{party}/sickness-reports/received/{id}', who: 'astrid', at: ({ agency, waiting }) => `${agency}/employer/sickness-reports/received/${waiting.split('/').pop()}` },
  { name: 'connected e-services', route: '/for/{party}/clients', who: 'astrid', at: ({ agency }) => `${agency}/clients` },
  { name: 'connect an e-service', route: '/for/{party}/clients/register', who: 'astrid', at: ({ agency }) => `${agency}/clients/register` },
  {
    name: 'connect an e-service, with mistakes',
    route: '/for/{party}/clients/register',
    who: 'astrid',
    status: 422,
    async open(page, { demo, agency }) {
      await visit(page, `${demo.url}${agency}/clients/register`);
      await page.locator('main form button').first().click();
      await seen(page.locator('.summary'));
    },
  },
  {
    name: 'connect an e-service, with mistakes in its catalogue file',
    route: '/for/{party}/clients/register',
    who: 'astrid',
    status: 422,
    async open(page, world) {
      await connect((text) => text.replace('relation = "own"', 'relation = "mine"'))(page, world);
      await seen(page.locator('.summary'));
    },
  },
  {
    name: 'connect an e-service, reviewed',
    route: '/for/{party}/clients/register',
    who: 'astrid',
    async open(page, world) {
      await connect()(page, world);
      await seen(page.locator('main form[action$="/register/confirm"]'));
    },
  },
  { name: 'one e-service', route: '/for/{party}/clients/{client}', who: 'astrid', at: ({ agency }) => `${agency}/clients/example-app` },
  { name: 'switch an e-service off', route: '/for/{party}/clients/{client}/disable', who: 'astrid', at: ({ agency }) => `${agency}/clients/example-app/disable` },
  {
    name: 'trial of a connection',
    route: '/for/{party}/clients/{client}/trial/{trial}',
    who: 'astrid',
    async open(page, { demo, agency }) {
      await visit(page, `${demo.url}${agency}/clients/example-app`);
      await page.locator('main form[action$="/trial"] button').click();
      await arrived(page, /\/trial\/trial-[0-9a-f]+$/);
    },
  },
  { name: 'look up a reference code', route: '/for/{party}/support', who: 'astrid', at: ({ agency }) => `${agency}/support` },
  {
    name: 'look up a reference code, with mistakes',
    route: '/for/{party}/support',
    who: 'astrid',
    status: 422,
    async open(page, { demo, agency }) {
      await visit(page, `${demo.url}${agency}/support`);
      await page.locator('main form button').first().click();
      await seen(page.locator('.summary'));
    },
  },
  {
    name: 'what a reference code leads to',
    route: '/for/{party}/support',
    who: 'astrid',
    async open(page, { demo, agency }) {
      await visit(page, `${demo.url}${agency}/support`);
      await page.locator('main input[name=code]').fill('far7d nek4d');
      await page.locator('main textarea[name=reason]').fill('Personen ringer om en felsida');
      await page.locator('main form button').first().click();
      await seen(page.locator('main .facts'));
    },
  },
  { name: 'operations', route: '/for/{party}/operations', who: 'astrid', at: ({ agency }) => `${agency}/operations` },
  { name: 'events of the agency', route: '/for/{party}/records', who: 'astrid', at: ({ agency }) => `${agency}/records` },
  {
    name: 'the wrong party',
    route: '/for/{party}',
    who: 'nils',
    status: 409,
    at: ({ granas }) => granas,
  },
];

/** Routes that answer with something else than a page: files, pictures, acts, redirects. */
export const OTHERS = [
  '/home',
  '/demo/login',
  '/demo/clock',
  '/login/bankid',
  '/language',
  '/session/renew',
  '/session/keep',
  '/session/drop',
  '/sessions/{session}/end',
  '/sessions/end-others',
  '/logout/others',
  '/for/{party}/mine/receipts/{record}',
  '/assets/{name}',
  '/oauth/authorize/{handle}',
  '/order/return',
  '/order/{id}/qr',
  '/order/{id}/qr.png',
  '/order/{id}/cancel',
  '/invitation/confirm',
  '/requests/ask',
  '/log/checkpoint',
  '/log/keys',
  '/log/tile/{*tile}',
  '/for/{party}/applications/{case}/scan',
  '/for/{party}/applications/{case}/confirm',
  '/for/{party}/applications/{case}/return',
  '/for/{party}/requests/{case}/withdraw',
  '/for/{party}/requests/{case}/grant',
  '/for/{party}/requests/{case}/decline',
  '/for/{party}/clients/register/confirm',
  '/for/{party}/clients/{client}/trial',
  '/for/{party}/clients/{client}/trial/{trial}/back',
  '/for/{party}/sickness-reports/drafts/{id}/sign',
  '/for/{party}/sickness-reports/received/{id}/open',
  '/for/{party}/sickness-reports/{id}/evidence',
];

/** Makes what the pages show: an application and a request that wait, a draft, a report that waits and one that is opened. */
export async function furnish(browser, demo) {
  const world = { demo };
  const states = {};
  const as = async (person, party, work) => {
    const { context, page, close } = await visitor(browser);
    await enter(page, demo, person, party);
    await work(page);
    states[person] = await context.storageState();
    await close();
  };
  await as('greta', undefined, async (page) => {
    world.self = base(page);
    world.asked = await askFor(page, demo, '405620-1108');
  });
  await as('cecilia', 'Granåsens', async (page) => {
    world.granas = base(page);
    await give(page, demo, { number: '19910302-2399', name: 'David Ek', email: 'david@post.example' }, 'employer.payroll_manager');
    world.given = new URL(page.url()).pathname + new URL(page.url()).search;
    const link = async (name) => {
      const href = await page.locator('.card', { hasText: 'Elin Forsman' }).getByRole('link', { name }).first().getAttribute('href');
      return href;
    };
    world.why = await link(/^Varför/);
    world.end = await link(/^Ta bort/);
  });
  const send = async (page, fields) => {
    await draft(page, demo, fields);
    await sign(page, demo, 'elin');
    return new URL(page.url()).pathname;
  };
  await as('elin', 'Granåsens', async (page) => {
    world.opened = await send(page, { ...report(), first_sick_day: day(-30) });
    world.waiting = await send(page, { ...report(), employee_number: '19940922-2388', employee_name: 'Inga Jansson Lund' });
    await draft(page, demo);
    world.draft = new URL(page.url()).pathname;
  });
  await as('astrid', 'Exempelmyndigheten', async (page) => {
    world.agency = base(page);
    world.application = await register(page, demo, APPLICATION);
    await visit(page, `${demo.url}${world.agency}/employer/sickness-reports/received/${world.opened.split('/').pop()}`);
    await page.locator('main form[action$="/open"] button').click();
    await seen(page.locator('main pre.document'));
  });
  await as('bengt', 'Exempelmyndigheten', async (page) => {
    await visit(page, `${demo.url}${base(page)}/applications/register`);
    await fill(page, APPLICATION);
    await handIn(page);
  });
  await as('olga', undefined, async (page) => {
    world.olga = base(page);
    await visit(page, `${demo.url}${world.olga}/mine`);
    world.mine = await page.locator('main a[href$="/why"]').first().getAttribute('href');
  });
  const elin = await visitor(browser);
  await enter(elin.page, demo, 'elin');
  world.elin = base(elin.page);
  states['elin-herself'] = await elin.context.storageState();
  await elin.close();
  await as('nils', 'Sjöviks', async () => {});
  return { world, states };
}

/** Opens a page of the list, as somebody who sees it. Gives its status. */
export async function open(entry, page, world) {
  let status = 0;
  const listen = (answer) => {
    if (answer.request().isNavigationRequest() && answer.frame() === page.mainFrame()) status = answer.status();
  };
  page.on('response', listen);
  if (entry.open) await entry.open(page, world);
  else await visit(page, world.demo.url + entry.at(world));
  if (entry.moves) await seen(page.locator('.order .buttons'));
  else await seen(page.locator('.foot'));
  page.off('response', listen);
  return status;
}
