//! A failed, slow or lying provider: the person is told, nobody is logged in, and the next login works.

use crate::support::browser::Page;
use crate::support::house::Engine;
use crate::support::table::Walk;
use crate::support::{Browser, House};

const HERE: &str = "bad_input/provider.rs::a_failed_slow_or_lying_provider";

// R-004-08 (part), R-004-41 (part), R-004-45 (part)
#[test]
fn a_failed_slow_or_lying_provider() {
    let house = House::start(Engine::Sqlite);
    let mut walk = Walk::of(&house, HERE);
    at_the_beginning(&mut walk);
    let secrets = [lies(&mut walk), ends(&mut walk), while_waiting(&mut walk)].concat();
    fault_classes(&mut walk);
    // After all of it a login works.
    let mut browser = house.browser();
    let page = browser.log_in(&house.phone, "greta");
    walk.meets("provider: answers again", &page);
    house.sandbox.kill();
    let page = begin(&mut house.browser());
    walk.meets("provider: gone", &page);
    let page = browser.get("/home");
    walk.meets("provider: gone, who is logged in", &page);
    walk.finish(&secrets);
}

fn begin(browser: &mut Browser) -> Page {
    let page = browser.get("/login");
    let (target, _) = page.form("/login/bankid");
    browser.post_once(&target, &[("device", "this")])
}

fn at_the_beginning(walk: &mut Walk<'_>) {
    for (input, fault, count) in [
        ("provider: 503 once", "503", 1),
        ("provider: 503 for long", "503", 20),
        ("provider: 500", "500", 1),
        ("provider: 408", "408", 1),
        ("provider: an error that nobody knows", "unknown_error", 1),
        ("provider: no JSON", "garbage", 1),
        ("provider: eight seconds late", "slow", 1),
    ] {
        walk.house.phone.faults(fault, count);
        let mut browser = walk.house.browser();
        let page = begin(&mut browser);
        walk.meets(input, &page);
        walk.house.phone.clear_faults();
        if let Some(order) = page.header("location") {
            // Given up, so that its questions do not meet the faults that are meant for others.
            super::raw(&mut browser, &format!("{order}/cancel"), super::FORM.1, "");
        }
    }
}

/// An order begun in a browser of its own, and its start token.
fn order(house: &House) -> (Browser, Page) {
    let mut browser = house.browser();
    let page = browser.get("/login");
    let order = browser.begin(&page);
    (browser, order)
}

/// The evidence is untrue: no session, and nothing told of why.
fn lies(walk: &mut Walk<'_>) -> Vec<String> {
    let mut orders = Vec::new();
    for (person, fault) in [
        ("astrid", "wrong_signature"),
        ("bengt", "revoked"),
        ("cecilia", "wrong_nonce"),
        ("david", "other_person"),
        ("elin", "wrong_policy"),
        ("farid", "other_text"),
        ("hassan", "other_operation"),
    ] {
        let (browser, page) = order(walk.house);
        walk.house.phone.fault(fault);
        walk.house.phone.start_and_approve(person, &page.autostart_token());
        orders.push((fault, browser, page));
    }
    told(walk, "provider lies: ", orders)
}

/// The order ends at the provider.
fn ends(walk: &mut Walk<'_>) -> Vec<String> {
    let mut orders = Vec::new();
    for (person, hint) in [
        ("astrid", "userCancel"),
        ("bengt", "expiredTransaction"),
        ("cecilia", "certificateErr"),
        ("david", "notSupportedByUserApp"),
        ("elin", "transactionRiskBlocked"),
        ("farid", "cancelled"),
        ("hassan", "somethingOfTomorrow"),
    ] {
        let (browser, page) = order(walk.house);
        walk.house.phone.start(person, &page.autostart_token());
        match hint {
            "userCancel" => walk.house.phone.refuse(person),
            other => walk.house.phone.hint(person, other),
        }
        orders.push((hint, browser, page));
    }
    let (browser, page) = order(walk.house);
    walk.house.phone.start_and_approve("leif", &page.autostart_token());
    orders.push(("a blocked e-ID", browser, page));
    let (browser, page) = order(walk.house);
    walk.house.phone.start("inga", &page.autostart_token());
    walk.house.phone.risk("inga", "high");
    walk.house.phone.approve("inga");
    orders.push(("a high risk", browser, page));
    told(walk, "provider ends: ", orders)
}

/// Faults of the questions while the page waits.
fn while_waiting(walk: &mut Walk<'_>) -> Vec<String> {
    let mut secrets = Vec::new();
    for (fault, count) in [("500", 1), ("garbage", 1)] {
        let (browser, page) = order(walk.house);
        walk.house.phone.faults(fault, count);
        secrets.extend(told(walk, "provider, asked how it stands: ", vec![(fault, browser, page)]));
    }
    // What passes by itself is not told.
    let (mut browser, page) = order(walk.house);
    walk.house.phone.faults("503", 1);
    walk.house.phone.start_and_approve("greta", &page.autostart_token());
    let arrived = browser.arrive(&page);
    walk.meets("provider, asked how it stands: 503 once", &arrived);
    secrets
}

/// Each failed login has a record that says whose fault it was.
fn fault_classes(walk: &mut Walk<'_>) {
    let store = rusqlite::Connection::open(walk.house.folder.join("data/behorig.db")).expect("the store");
    let sql = "SELECT count(*) FROM record WHERE event IN ('login.failed', 'order.not_begun') AND body LIKE ?1 AND body LIKE ?2";
    for (code, fault, wanted) in [
        ("cancelled_by_user", "user", 1),
        ("id_unusable", "user", 2),
        ("provider_down", "issuer", 9),
        ("unverified", "issuer", 7),
    ] {
        let like = [format!("%\"code\":\"{code}\"%"), format!("%\"fault\":\"{fault}\"%")];
        let found: i64 = store.query_row(sql, like, |row| row.get(0)).expect("a count");
        walk.holds(found == wanted, &format!("{found} records of {code} by the {fault}, {wanted} expected"));
    }
}

fn told(walk: &mut Walk<'_>, kind: &str, orders: Vec<(&str, Browser, Page)>) -> Vec<String> {
    let mut secrets = Vec::new();
    for (name, mut browser, page) in orders {
        secrets.push(page.autostart_token());
        let arrived = browser.arrive(&page);
        walk.meets(&format!("{kind}{name}"), &arrived);
        if arrived.html.contains("BEH-1104") {
            // What is wrong with the e-ID, its issuer mends: its help stands before our own customer centre.
            let at = |words: &str| arrived.html.find(words);
            walk.holds(
                at("support.bankid.com").zip(at("Kundcenter")).is_some_and(|(issuer, we)| issuer < we),
                "the issuer's help first",
            );
        }
        walk.holds(!browser.cookies.contains_key("session"), &format!("{kind}{name}: no session"));
        secrets.extend(browser.cookies.into_values());
    }
    secrets
}
