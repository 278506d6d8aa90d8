// The main job's steps, as people take them in the browser.

import { seen, visit } from './browser.mjs';
import { arrived, base, day, startLink } from './house.mjs';

/** A scan of a paper form, as small as a PDF can be. */
export const SCAN = {
  name: 'blankett.pdf',
  mimeType: 'application/pdf',
  buffer: Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'),
};

/** The paper form of an employer that is not connected yet. */
export const APPLICATION = {
  organisation_number: '405620-2205',
  organisation_name: 'Björkdalens Bygg AB',
  organisation_email: 'info@bjorkdal.example',
  administrator_number: '19951126-2389',
  administrator_name: 'Karin Lind',
  administrator_email: 'karin@post.example',
};

/** A report that may be sent today: sick day 16, in time. */
export const report = () => ({
  employee_number: '19930820-2390',
  employee_name: 'Hassan Ivarsson',
  workplace: 'Bygget vid ån',
  first_sick_day: day(-15),
  last_sick_pay_day: '',
  contact_name: 'David Ek',
  contact_phone: '08-123 45 67',
  contact_email: '',
});

/** Fills the named fields and nothing else. */
export async function fill(page, fields) {
  for (const [name, value] of Object.entries(fields)) await page.locator(`main [name=${name}]`).fill(value);
}

/** Does what the script does when time has run out: the form is handed in to be kept, not carried out. */
export async function handIn(page) {
  await page.locator('main input[name=keep]').evaluate((mark) => {
    for (const field of mark.form.elements) if (field.type === 'file') field.disabled = true;
    mark.form.action = '/session/keep';
    mark.form.submit();
  });
  await seen(page.locator('form.kept'));
}

export const press = (page, name) => page.locator('main').getByRole('button', { name, exact: true }).click();

/** Registers the paper form; gives the path of its case. */
export async function register(page, house, fields = APPLICATION) {
  await visit(page, `${house.url}${base(page)}/applications/register`);
  await fill(page, { ...fields, arrived: day(-1) });
  await page.locator('input[name=scan]').setInputFiles(SCAN);
  await press(page, 'Registrera ansökan');
  await arrived(page, /\/applications\/[0-9a-f]{32}\?done=registered$/);
  return new URL(page.url()).pathname;
}

/** Gives somebody a package; gives the path of the list that says so. */
export async function give(page, house, who, permission = 'employer.user') {
  await visit(page, `${house.url}${base(page)}/people/give`);
  await fill(page, { number: who.number, name: who.name, email: who.email, last_day: day(30), need: 'Sköter löner' });
  await page.locator(`label[for="${await page.locator(`input[name=permission][value="${permission}"]`).getAttribute('id')}"]`).click();
  await press(page, 'Ge behörighet');
  await arrived(page, /\/people\?given=/);
}

/** Asks for authority at the organisation of that number; gives the path of the request. */
export async function askFor(page, house, number) {
  await visit(page, `${house.url}${base(page)}/requests/new`);
  await fill(page, { number, need: 'Sköter löner' });
  await page.locator(`label[for="${await page.locator('input[name=package][value="employer.user"]').getAttribute('id')}"]`).click();
  await press(page, 'Skicka förfrågan');
  await arrived(page, /\/requests\/[0-9a-f]{32}\?done=asked$/);
  return new URL(page.url()).pathname;
}

/** From the empty form to the review; gives the text that is shown there. */
export async function draft(page, house, fields = report()) {
  await visit(page, `${house.url}${base(page)}/employer/sickness-reports/new`);
  await fill(page, fields);
  await page.locator('label', { hasText: '100 procent' }).click();
  await press(page, 'Granska anmälan');
  await arrived(page, /\/drafts\/[0-9a-f]{32}$/);
  return page.locator('main pre.document').evaluate((element) => element.textContent);
}

/** From the review to the receipt. Gives the text that stood beside the code and the one that the app showed. */
export async function sign(page, house, person) {
  await page.locator('main button[name=device][value=this]').click();
  await seen(page.locator('.order'));
  const told = await page.locator('main pre.document').evaluate((element) => element.textContent);
  const app = await house.phone.start(person, await startLink(page));
  await house.phone.approve(person);
  await arrived(page, /\/sickness-reports\/[0-9a-f]{32}$/);
  return { told, app: app.text };
}
