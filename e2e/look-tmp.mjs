import { launch, visitor, visit, seen } from '/work/main/e2e/lib/browser.mjs';
import { axe, clipped, small } from '/work/main/e2e/lib/access.mjs';
import { readQrs } from '/work/main/e2e/lib/qr.mjs';
import { Phone } from '/work/main/e2e/lib/phone.mjs';
import { readFileSync } from 'node:fs';
const base='http://localhost:8477';
const phone=new Phone(readFileSync('/tmp/look.control','utf8'));
const b=await launch();
async function check(page, name, faults){
  await page.screenshot({path:`/tmp/shot-${name}.png`, fullPage:true}).catch(e=>console.log('shot',e.message));
  try { console.log(name, 'axe', await axe(page)); } catch(e){console.log(name,'axe failed',e.message.slice(0,200))}
  console.log(name,'clipped', await clipped(page),'small', await small(page),'faults',faults.splice(0));
}
for (const look of ['light','narrow','narrow dark']) {
  const v=await visitor(b, look); const n=look.replace(' ','-');
  for (const [p,name] of [['/','people'],['/login','login'],['/logout','logout']]) { await visit(v.page, base+p); await check(v.page, `${n}-${name}`, v.faults); }
  await visit(v.page, base+'/login');
  await v.page.getByRole('button',{name:/annan enhet/}).click({noWaitAfter:true}).catch(e=>console.log(e.message));
  await seen(v.page.locator('.qr img')); await new Promise(r=>setTimeout(r,1500));
  await check(v.page, `${n}-order-qr`, v.faults);
  await v.page.getByRole('button',{name:'Avbryt'}).click();
  await v.page.getByRole('button',{name:/den här enheten/}).click({noWaitAfter:true});
  await seen(v.page.getByRole('link',{name:'Starta BankID-appen'})); await check(v.page, `${n}-order-this`, v.faults);
  await visit(v.page, base+'/'); await v.page.getByRole('button',{name:/Nils/}).click({noWaitAfter:true});
  await seen(v.page.getByRole('heading',{name:'Vem vill du företräda?'}));
  await check(v.page, `${n}-party`, v.faults);
  await v.page.getByRole('button',{name:/Granåsen/}).click(); await seen(v.page.getByRole('heading',{name:'Start'}));
  await check(v.page, `${n}-home`, v.faults);
  await v.close();
}
// without script
const v=await visitor(b,'without script');
await visit(v.page, base+'/login');
await v.page.getByRole('button',{name:/annan enhet/}).click({noWaitAfter:true});
await seen(v.page.locator('.qr img'));
const codes=[...await readQrs(v.page,3)]; console.log('codes', codes.map(c=>c.slice(0,50)));
await phone.scan('greta', codes.at(-1));
await new Promise(r=>setTimeout(r,3500)); await v.page.screenshot({path:'/tmp/shot-taken.png'}).catch(e=>console.log(e.message));
await phone.approve('greta');
await seen(v.page.getByText('du är här för egen del')); console.log('arrived', v.page.url(), v.faults);
await v.page.screenshot({path:'/tmp/shot-arrived.png'});
await b.close();
