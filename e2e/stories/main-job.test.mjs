// The main job, from the paper form to the signed errand and the right taken away again, in the browser.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch, visit, visitor } from '../lib/browser.mjs';
import { draft, fill, give, press, register, report, sign } from '../lib/errand.mjs';
import { actFor, arrived, bar, base, day, enter, faulty, heading, house, path } from '../lib/house.mjs';

const DAVID = { number: '19910302-2399', name: 'David Ek', email: 'david@post.example' };

let demo;
let browser;
const people = {};
before(async () => {
  demo = await house();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** The browser of a person; each has one of their own. */
async function of(name, party) {
  if (!people[name]) {
    people[name] = await visitor(browser);
    await enter(people[name].page, demo, name, party);
  }
  return people[name].page;
}

const main = (page) => page.locator('main').innerText();

// R-004-20, R-004-23
test('an officer registers a paper form, a second official confirms it, both sides get their mail', async () => {
  const astrid = await of('astrid', 'Exempelmyndigheten');
  await visit(astrid, `${demo.url}${base(astrid)}/applications`);
  await astrid.getByRole('link', { name: 'Registrera en ansökan' }).click();
  await arrived(astrid, /\/applications\/register$/);
  // Nothing filled in: every field says what it needs, and nothing is registered.
  await press(astrid, 'Registrera ansökan');
  await arrived(astrid, /\/applications\/register$/);
  assert.ok((await astrid.locator('.summary li').count()) >= 7);
  const link = astrid.locator('.summary a').first();
  await link.click();
  assert.equal(await astrid.evaluate(() => document.activeElement.name), 'organisation_number');

  const karin = await of('karin');
  const found = await register(astrid, demo);
  assert.match(await main(astrid), /Björkdalens Bygg AB/);
  assert.equal(await astrid.getByRole('button', { name: /^Bekräfta/ }).count(), 0, 'not by the one who registered');

  await visit(karin, `${demo.url}/party`);
  assert.doesNotMatch(await main(karin), /Björkdalens/, 'registered is not connected');

  const bengt = await of('bengt', 'Exempelmyndigheten');
  await visit(bengt, demo.url + found);
  assert.match(await main(bengt), /Astrid Alm/);
  await bengt.getByRole('button', { name: /^Bekräfta/ }).click();
  await arrived(bengt, /done=confirmed/);
  for (const to of ['info@bjorkdal.example', 'karin@post.example', 'astrid@post.example']) {
    const mail = await demo.phone.mail(() => true, { to });
    assert.doesNotMatch(mail.text, /Karin|Lind|19951126|2389/, 'letters go in clear and name nobody');
  }
  // People read them too.
  const inbox = await people.karin.context.newPage();
  await visit(inbox, 'http://127.0.0.1:8401/inbox.html');
  assert.match(await inbox.locator('main').innerText(), /Du är behörighetsadministratör/);
  await inbox.close();
});

test('the administrator gives a colleague a permission with an end date; it works at the next click', async () => {
  const david = await of('david');
  assert.match(await main(david), /behörighetsadministratör/, 'told whom to ask');
  const karin = await of('karin');
  await actFor(karin, demo, 'Björkdalens');
  await give(karin, demo, DAVID);
  assert.match(await main(karin), /David Ek/);
  assert.match(await karin.locator('.notice').innerText(), /given/);

  await david.reload();
  await arrived(david, /^\/for\//);
  await david.locator('.acting__switch').click();
  await arrived(david, /^\/party/);
  await actFor(david, demo, 'Björkdalens');
  assert.match(await bar(david), /Björkdalens Bygg AB/);
  await david.locator('.nav__link', { hasText: 'Sjukanmälningar' }).click();
  await arrived(david, /\/employer\/sickness-reports$/);

  // "Why?" shows the chain, back to the application.
  await visit(karin, `${demo.url}${base(karin)}/people`);
  const card = karin.locator('.card', { hasText: 'David Ek' });
  await card.getByRole('link', { name: /^Varför/ }).click();
  await arrived(karin, /\/why\?/);
  assert.match(await main(karin), /Karin Lind/);
  assert.match(await main(karin), /Björkdalens Bygg AB är ansluten/);
});

test('the form refuses what the rules refuse, at the field and with the day', async () => {
  const david = await of('david');
  await visit(david, `${demo.url}${base(david)}/employer/sickness-reports/new`);
  await fill(david, { ...report(), employee_number: '19930820-2391', first_sick_day: day(-7) });
  await press(david, 'Granska anmälan');
  await arrived(david, /\/new$/);
  const faults = await david.locator('.summary').innerText();
  assert.match(faults, /Personnummer/);
  assert.match(faults, /för tidigt/);
  assert.match(faults, new RegExp(` ${new Date(`${day(7)}T12:00Z`).getDate()} `), 'the day it opens');
  assert.equal(await david.locator('[name=workplace]').inputValue(), 'Bygget vid ån', 'nothing typed is lost');
});

test('the text that is reviewed is the text that is signed, and the receipt stands in the list', async () => {
  const david = await of('david');
  const reviewed = await draft(david, demo);
  for (const says of ['Hassan Ivarsson', 'Björkdalens Bygg AB', '100 procent', 'David Ek', 'Bygget vid ån']) {
    assert.ok(reviewed.includes(says), `${says} is in the text`);
  }
  const { told, app } = await sign(david, demo, 'david');
  assert.equal(told, reviewed);
  assert.equal(app, reviewed, 'the app shows it word for word');
  assert.equal(await david.locator('main pre.document').evaluate((element) => element.textContent), reviewed);
  people.receipt = path(david);

  const answer = await people.david.context.request.get(`${demo.url}${people.receipt}/evidence`);
  assert.equal(answer.status(), 200);
  const evidence = await answer.json();
  const xml = Buffer.from(find(evidence, 'signature'), 'base64').toString('utf8');
  const visible = /<usrVisibleData[^>]*>([^<]+)<\/usrVisibleData>/.exec(xml)[1];
  assert.equal(Buffer.from(visible, 'base64').toString('utf8'), reviewed, 'the bytes in the evidence');

  await david.locator('.back').click();
  await arrived(david, /\/sickness-reports$/);
  assert.match(await main(david), /Hassan Ivarsson/);
  assert.match(await main(david), /Inkommen, inte öppnad/);
});

test('a late report is marked, and can be taken back as long as nobody has opened it', async () => {
  const david = await of('david');
  await draft(david, demo, { ...report(), employee_number: '19940922-2388', employee_name: 'Inga Jansson Lund', first_sick_day: day(-30) });
  assert.match(await main(david), /Sen anmälan/);
  await sign(david, demo, 'david');
  assert.match(await main(david), /Sen anmälan/);
  const receipt = path(david);
  await david.getByRole('link', { name: 'Återta anmälan' }).click();
  await arrived(david, /\/withdraw$/);
  await david.locator('main form button').click();
  await arrived(david, new RegExp(`${receipt}$`));
  assert.match(await main(david), /återtagen/);
});

test('the officer sees who, for whom and why they could; what is opened cannot be taken back', async () => {
  const david = await of('david');
  // The page that asks stands open while the officer reads.
  await visit(david, `${demo.url}${people.receipt}/withdraw`);

  const astrid = await of('astrid');
  await visit(astrid, `${demo.url}${base(astrid)}/employer/sickness-reports/received`);
  const row = astrid.locator('tbody tr', { hasText: 'Björkdalens Bygg AB' });
  assert.equal(await row.count(), 1, 'what was taken back does not wait');
  await row.getByRole('button', { name: /^Öppna/ }).click();
  await arrived(astrid, /\/received\/[0-9a-f]{32}$/);
  const says = await main(astrid);
  for (const what of ['Hassan Ivarsson', 'David Ek', 'Björkdalens Bygg AB', 'Karin Lind']) {
    assert.ok(says.includes(what), `${what} is told`);
  }
  assert.ok((await astrid.locator('.chain__link').count()) >= 2, 'the chain behind it is shown');

  await david.locator('main form button').click();
  await arrived(david, /withdraw$/);
  assert.match(await main(david), /öppnat/);
  await visit(david, demo.url + people.receipt);
  assert.match(await main(david), /kan inte längre återtas/);
  assert.equal(await david.getByRole('link', { name: 'Återta anmälan' }).count(), 0);
});

test('somebody else at the same employer without the permission does not see it', async () => {
  const karin = await of('karin');
  const answer = await karin.goto(demo.url + people.receipt);
  assert.equal(answer.status(), 403);
  assert.doesNotMatch(await main(karin), /Hassan/);
  assert.match(await main(karin), /Referenskod/);
});

test('taken away: the live page ends at the next click, in a second browser too', async () => {
  const david = await of('david');
  const elsewhere = await visitor(browser, 'without script');
  await enter(elsewhere.page, demo, 'david', 'Björkdalens');
  await visit(elsewhere.page, demo.url + people.receipt);
  await visit(david, `${demo.url}${base(david)}/employer/sickness-reports/new`);
  await fill(david, report());
  await david.locator('label', { hasText: '100 procent' }).click();

  const karin = await of('karin');
  await visit(karin, `${demo.url}${base(karin)}/people`);
  await karin.locator('.card', { hasText: 'David Ek' }).getByRole('link', { name: /^Ta bort/ }).click();
  await arrived(karin, /\/end\?/);
  await press(karin, 'Ta bort behörigheten');
  await arrived(karin, /\/people\?ended=/);
  assert.match(await karin.locator('.notice').innerText(), /borttagen/);

  await press(david, 'Granska anmälan');
  await arrived(david, /\/new$/);
  await elsewhere.page.locator('.back').click();
  await arrived(elsewhere.page, /\/sickness-reports$/);
  for (const page of [david, elsewhere.page]) {
    const says = await main(page);
    assert.match(await heading(page), /behörighet|finns inte/);
    assert.match(says, /Referenskod/);
    assert.doesNotMatch(says, /Hassan/);
  }
  await elsewhere.close();
});

test('on the way there was no fault in the console, no refusal by the policy, no other host', () => {
  for (const [name, { faults }] of Object.entries(people).filter(([, one]) => one.faults)) {
    assert.deepEqual(faulty(faults), [], name);
  }
});

/** The value under a key, however deep it lies. */
function find(value, key) {
  if (typeof value !== 'object' || value === null) return undefined;
  return value[key] ?? Object.values(value).map((inner) => find(inner, key)).find((found) => found !== undefined);
}
