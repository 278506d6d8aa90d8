//! A stranger's flood: held by its source and minute with a way on, counted and not recorded one by one; other sources and
//! whoever is logged in notice nothing of it.

use crate::support::browser::Page;
use crate::support::client::{FORM, call, encoded, json, register, request, tokens};
use crate::support::house::{Engine, within};
use crate::support::table::{Walk, store};
use crate::support::{Browser, House};
use app::{MOST_PER_SOURCE, SystemClock};
use domain::Clock as _;
use std::time::Duration;

const HERE: &str = "bad_input/flood.rs::a_strangers_flood";
/// Two addresses of one network, and one of another.
const STRANGER: &str = "2001:db8:1:2::1";
const NEIGHBOUR: &str = "2001:db8:1:2:ffff::9";
const OTHER: &str = "2001:db8:1:3::1";
const MINUTE: i64 = 60_000_000;

#[test]
fn a_strangers_flood() {
    let mut house = House::start(Engine::Sqlite);
    // As behind a balancer, which says where somebody comes from.
    let text = std::fs::read_to_string(house.config()).unwrap();
    let behind = text.replace("trusted_proxies = []", "trusted_proxies = [\"127.0.0.1\"]");
    assert_ne!(text, behind);
    std::fs::write(house.config(), behind).unwrap();
    house.kill();
    house.node();
    register(&house, "shop", None);
    let mut greta = house.browser();
    greta.log_in(&house.phone, "greta").expect(200, "Greta");
    let home = greta.get("/home").path;
    let token = tokens(&house, &mut greta, "shop")["access_token"].as_str().unwrap().to_owned();
    let mut walk = Walk::of(&house, HERE);

    // All of it in one minute of the machine's clock.
    let left = MINUTE - SystemClock.now().micros().rem_euclid(MINUTE);
    if left < MINUTE / 4 {
        std::thread::sleep(Duration::from_micros(left.unsigned_abs()));
    }
    let from = |address: &str| [("x-forwarded-for", address.to_owned())];
    let begin = |browser: &mut Browser, address: &str| -> Page {
        let from = from(address).map(|(name, value)| (name, value.leak() as &str));
        let get = [&from[..], &[("accept", "text/html")]].concat();
        browser.exactly("GET", "/login", &get, "");
        let post = [&from[..], &super::OWN[..], &[super::FORM]].concat();
        browser.exactly("POST", "/login/bankid", &post, "device=this")
    };
    let asks = format!("/oauth/authorize?{}", encoded(&request("shop", &[])));
    let ask = |address: &str| {
        let headers = [("x-forwarded-for", address), ("accept", "text/html")];
        call(&house, "GET", &asks, &headers, "")
    };
    let admitted = (0..MOST_PER_SOURCE).filter(|_| ask(STRANGER).status == 303).count();
    assert_eq!(admitted, MOST_PER_SOURCE as usize, "as many as docs/operate.md says");
    walk.moved();
    let records = records(&house);

    let page = begin(&mut house.browser(), STRANGER);
    walk.meets("flood: a login", &page);
    held(&mut walk, &page);
    walk.holds(page.has("Vänta en minut"), "no way on");
    let page = begin(&mut house.browser(), NEIGHBOUR);
    walk.meets("flood: a login from the same network", &page);
    held(&mut walk, &page);
    let page = ask(STRANGER);
    walk.meets("flood: an e-service's request", &page);
    held(&mut walk, &page);
    let headers = [FORM, ("x-forwarded-for", STRANGER)];
    let pushed = encoded(&request("shop", &[]));
    let page = call(&house, "POST", "/oauth/par", &headers, &pushed);
    walk.meets("flood: a pushed request", &page);
    held(&mut walk, &page);
    walk.holds(
        json(&page)["error_description"].as_str().is_some_and(|says| says.contains("wait")),
        "no way on",
    );
    for _ in 0..50 {
        assert_eq!(ask(STRANGER).status, 429);
    }
    assert_eq!(house.metric("behorig_beginnings_refused_total"), 54);
    walk.holds(self::records(&house) == records, "a record for each refusal");

    // From the flooding address itself: whoever is in goes on, and so do their e-services.
    let headers = [("x-forwarded-for", STRANGER), ("accept", "text/html")];
    let page = greta.exactly("GET", &home, &headers, "");
    walk.meets("flood: who is logged in, from there", &page);
    let page = greta.exactly("GET", &asks, &headers, "");
    walk.holds(
        page.status == 303 && page.header("location").is_some_and(|to| to.contains("code=")),
        "no code",
    );
    walk.moved();
    let bearer = format!("Bearer {token}");
    let headers = [("x-forwarded-for", STRANGER), ("authorization", bearer.as_str())];
    let page = call(&house, "GET", "/oauth/userinfo", &headers, "");
    walk.meets("flood: an e-service's call with a token, from there", &page);
    let page = begin(&mut house.browser(), OTHER);
    walk.meets("flood: a login from another source", &page);

    // The minute over, one record tells how many there were, and not from where.
    let told = within(Duration::from_secs(75), "the flood's record", || counted(&house));
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("\"refused\":\"54\"") && !told[0].contains("2001"), "{told:?}");
    let page = begin(&mut house.browser(), STRANGER);
    walk.meets("flood: a login, the minute over", &page);
    walk.finish(&[token]);
}

/// When to come again stands where programs and browsers look for it.
fn held(walk: &mut Walk<'_>, page: &Page) {
    let after = page.header("retry-after").and_then(|seconds| seconds.parse::<u64>().ok());
    walk.holds(after.is_some_and(|seconds| (1..=60).contains(&seconds)), &format!("come again: {after:?}"));
}

fn records(house: &House) -> i64 {
    store(house).query_row("SELECT count(*) FROM record", [], |row| row.get(0)).unwrap()
}

fn counted(house: &House) -> Option<Vec<String>> {
    let store = store(house);
    let mut question = store.prepare("SELECT body FROM record WHERE event = 'flood.counted'").unwrap();
    let told = question.query_map([], |row| row.get(0)).unwrap().collect::<Result<Vec<String>, _>>().ok()?;
    (!told.is_empty()).then_some(told)
}
