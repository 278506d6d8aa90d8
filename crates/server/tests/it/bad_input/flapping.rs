//! A provider that comes and goes, many times over: what was approved meanwhile arrives when it is back or ends by a code
//! of its own, whoever is logged in goes on, and operations are told of it without being flooded.

use crate::main_job::{officers, path};
use crate::support::browser::Page;
use crate::support::house::{Engine, within};
use crate::support::relay::{Line, Relay};
use crate::support::table::Walk;
use crate::support::{Browser, House, eventually};
use std::time::Duration;

const HERE: &str = "bad_input/flapping.rs::a_provider_that_comes_and_goes";
const TROUBLE: &str = "BankID does not answer, or comes and goes";

#[test]
fn a_provider_that_comes_and_goes() {
    let mut house = House::start(Engine::Sqlite);
    let mut relay = house.relay();
    let (mut astrid, _) = officers(&house);
    let mut greta = house.browser();
    greta.log_in(&house.phone, "greta").expect(200, "Greta");
    let mut walk = Walk::of(&house, HERE);
    refuses(&mut walk, &mut relay, &mut greta);
    silent(&mut walk, &mut relay);
    let elin = lost(walk.house, &mut relay);
    flaps(&mut walk, &mut relay);
    ends(&mut walk, elin);
    let page = house.browser().log_in(&house.phone, "hassan");
    walk.meets("provider comes and goes: afterwards", &page);
    told(&house, &mut astrid);
    walk.finish(&greta.cookies.into_values().collect::<Vec<_>>());
}

/// An order begun in a browser of its own.
fn order(house: &House) -> (Browser, Page) {
    let mut browser = house.browser();
    let login = browser.get("/login");
    let order = browser.begin(&login);
    (browser, order)
}

fn begin(browser: &mut Browser) -> Page {
    let login = browser.get("/login");
    browser.submit_once(&login, "/login/bankid", &[("device", "this")])
}

/// A number of the metrics that has labels.
fn calls(house: &House, result: &str) -> u64 {
    house.metric(&format!("behorig_provider_calls_total{{provider=\"bankid\",result=\"{result}\"}}"))
}

fn failing(house: &House) -> u64 {
    house.metric("behorig_provider_failing_seconds{provider=\"bankid\"}")
}

fn refuses(walk: &mut Walk<'_>, relay: &mut Relay, greta: &mut Browser) {
    let house = walk.house;
    let (mut inga, waiting) = order(house);
    assert_eq!((failing(house), calls(house, "failed")), (0, 0));
    relay.set(Line::Refuses);
    house.phone.start_and_approve("inga", &waiting.autostart_token());
    // Nobody begins anything: the questions alone tell that it does not answer.
    eventually("the metric to tell it", || (failing(house) > 0).then_some(()));
    let page = begin(&mut house.browser());
    walk.meets("provider comes and goes: a login begun while it refuses", &page);
    let page = greta.get("/home");
    walk.meets("provider comes and goes: who is logged in, meanwhile", &page);
    let ready = Browser::at(&house.nodes[0].told("operations")).get("/readyz");
    assert_eq!((ready.status, ready.html.as_str()), (200, "ready\n"), "the node itself is well");
    let page = eventually("the page to tell it", || {
        Some(inga.peek(&waiting.path)).filter(|page| page.has("BankID svarar inte just nu"))
    });
    walk.meets("provider comes and goes: the page that waits, after three questions", &page);
    relay.set(Line::Open);
    let page = inga.arrive(&waiting);
    walk.meets("provider comes and goes: approved while it refused, and back", &page);
    assert_eq!(failing(house), 0);
}

fn silent(walk: &mut Walk<'_>, relay: &mut Relay) {
    let house = walk.house;
    let (mut hassan, waiting) = order(house);
    relay.set(Line::Silent);
    house.phone.start_and_approve("hassan", &waiting.autostart_token());
    let page = begin(&mut house.browser());
    walk.meets("provider comes and goes: a login begun while it is silent", &page);
    relay.set(Line::Open);
    let page = within(Duration::from_secs(15), "Hassan to arrive", || hassan.try_to_arrive(&waiting));
    walk.meets("provider comes and goes: approved while it was silent, and back", &page);
}

/// The provider gives a completion once. When that one answer is lost, nobody is logged in by it, ever.
fn lost(house: &House, relay: &mut Relay) -> (Browser, Page) {
    let (elin, waiting) = order(house);
    let before = calls(house, "failed");
    // Between two questions, so that the next one meets an open connection.
    let asked = calls(house, "answered");
    eventually("a question", || (calls(house, "answered") > asked).then_some(()));
    relay.set(Line::Deaf);
    house.phone.start_and_approve("elin", &waiting.autostart_token());
    eventually("the answer to be lost", || (calls(house, "failed") > before).then_some(()));
    relay.set(Line::Open);
    (elin, waiting)
}

/// Once nobody can be about to keep the answer any more.
fn ends(walk: &mut Walk<'_>, (mut elin, waiting): (Browser, Page)) {
    let page = within(Duration::from_secs(40), "an end", || elin.try_to_arrive(&waiting));
    walk.meets("provider comes and goes: approved, and its answer lost on the way", &page);
    walk.holds(!elin.cookies.contains_key("session"), "no session");
}

/// Up and down once a second. Whoever gets so far as to see the order arrives.
fn flaps(walk: &mut Walk<'_>, relay: &mut Relay) {
    let house = walk.house;
    let mut begun = Vec::new();
    for (round, person) in ["astrid", "bengt", "cecilia", "david", "farid", "tora"].into_iter().enumerate() {
        let mut browser = house.browser();
        let login = browser.get("/login");
        relay.set(Line::Open);
        let order = browser.begin(&login);
        relay.set(if round % 2 == 0 { Line::Refuses } else { Line::Silent });
        house.phone.start_and_approve(person, &order.autostart_token());
        std::thread::sleep(Duration::from_millis(900));
        begun.push((browser, order));
    }
    relay.set(Line::Open);
    let pages = begun
        .into_iter()
        .map(|(mut browser, order)| {
            within(Duration::from_secs(15), "the login to arrive", || browser.try_to_arrive(&order))
        })
        .collect::<Vec<_>>();
    for page in &pages {
        walk.holds(page.status == 200, &format!("a login was lost: {}", page.text()));
    }
    walk.meets("provider comes and goes: begun and approved as it flaps", &pages[0]);
}

/// One line in the journal, not one for each of the calls; the numbers stand in the metrics and on the page.
fn told(house: &House, astrid: &mut Browser) {
    let lines =
        house.logs().lines().filter(|line| line.contains("BankID")).map(str::to_owned).collect::<Vec<_>>();
    let troubles = lines.iter().filter(|line| line.contains(TROUBLE)).count();
    assert_eq!((troubles, lines.len()), (1, 1), "{lines:#?}");
    assert!(calls(house, "failed") > 5, "{}", calls(house, "failed"));
    let page = astrid.get(&path(astrid, "/operations"));
    page.expect(200, "anrop misslyckades de senaste 10 minuterna");
    assert!(page.has("BankID Fungerar."), "{}", page.text());
}
