//! Whoever is not logged in, or not in this browser: cookies, orders, addresses, bodies, codes of the simulated phone.

use super::{FORM, OWN, raw};
use crate::support::browser::Page;
use crate::support::house::Engine;
use crate::support::table::Walk;
use crate::support::{Browser, House, eventually};
use serde_json::{Value, json};

const HERE: &str = "bad_input/strangers.rs";
/// A key of the right form that opens nothing.
const NOBODY: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const NO_ORDER: &str = "00000000000070008000000000000000";

#[test]
fn cookies_bodies_and_addresses_of_nobody() {
    let house = House::start(Engine::Sqlite);
    let mut walk = Walk::of(&house, &format!("{HERE}::cookies_bodies_and_addresses_of_nobody"));
    cookies(&mut walk);
    addresses(&mut walk);
    bodies(&mut walk);
    origins(&mut walk);
    walk.finish(&house.invitations);
}

fn cookies(walk: &mut Walk<'_>) {
    let long = "a".repeat(2000);
    for (input, cookie) in [
        ("no session", "x=y".to_owned()),
        ("session cookie: malformed", "session=abc".to_owned()),
        ("session cookie: of nobody", format!("session={NOBODY}")),
        ("session cookie: twice", format!("session={NOBODY}; session={NOBODY}")),
        ("session cookie: 2000 characters", format!("session={long}")),
        ("session cookie: not ASCII", "session=åäö".to_owned()),
    ] {
        let page = walk.house.browser().exactly("GET", "/home", &[OWN[0], ("cookie", &cookie)], "");
        walk.meets(input, &page);
        walk.holds(page.header("location").is_some_and(|to| to.starts_with("/login?next=")), input);
    }
    let page = raw(&mut walk.house.browser(), "/party", FORM.1, "to=x");
    walk.meets("no session, a form", &page);
    let page = walk.house.browser().exactly("GET", "/login", &[OWN[0], ("cookie", "lang=xx")], "");
    walk.meets("lang cookie: no language of ours", &page);
    walk.holds(page.html.contains("<html lang=\"sv\""), "an unknown language is Swedish");
    for (input, cookie) in [
        ("browser cookie: missing", "x=y".to_owned()),
        ("browser cookie: malformed", "browser=%00".to_owned()),
        ("browser cookie: of nobody", format!("browser={NOBODY}")),
    ] {
        let page = walk.house.browser().exactly(
            "GET",
            &format!("/order/{NO_ORDER}"),
            &[OWN[0], ("cookie", &cookie)],
            "",
        );
        walk.meets(input, &page);
    }
    let cookie = format!("browser={NOBODY}; order=zz.../..");
    let page = walk.house.browser().exactly("GET", "/order/return?n=x", &[OWN[0], ("cookie", &cookie)], "");
    walk.meets("order cookie: malformed", &page);
    let cookie = format!("browser={NOBODY}; order={NO_ORDER}");
    let page = walk.house.browser().exactly("GET", "/order/return?n=x", &[OWN[0], ("cookie", &cookie)], "");
    walk.meets("order cookie: of nobody", &page);
}

fn addresses(walk: &mut Walk<'_>) {
    let cookie = format!("browser={NOBODY}");
    let long = "a".repeat(3000);
    for (input, path) in [
        ("order id: malformed", "/order/1".to_owned()),
        ("order id: upper case and braces", "/order/{00000000-0000-7000-8000-000000000000}".to_owned()),
        ("order id: 3000 characters", format!("/order/{long}")),
        ("party in the path: malformed", "/for/199001012385/people".to_owned()),
        ("party in the path: no session", format!("/for/{NO_ORDER}/people")),
        ("address: unknown", "/wp-admin".to_owned()),
        ("address: out of the folder of assets", "/assets/..%2F..%2Fbehorig.toml".to_owned()),
        ("address: a tile that is none", "/log/tile/9/x".to_owned()),
        ("address: terms that are none", "/terms/employer/1999-01-01".to_owned()),
        ("address: broken percent-encoding", "/terms/%FF/%C3".to_owned()),
    ] {
        let page = walk.house.browser().exactly("GET", &path, &[OWN[0], ("cookie", &cookie)], "");
        // The personal number in this address was the sender's own.
        walk.meets(input, &Page { path: "…".into(), html: page.html.replace("199001012385", "…"), ..page });
    }
    let page = walk.house.browser().exactly("GET", "/login/bankid", &OWN, "");
    walk.meets("GET where a form belongs", &page);
    let page = walk.house.browser().exactly("DELETE", "/login", &OWN, "");
    walk.meets("a method that the page has not", &page);
}

fn bodies(walk: &mut Walk<'_>) {
    let many = "a=b&".repeat(400);
    let large = format!("device=this&x={}", "x".repeat(66_000));
    for (input, kind, body) in [
        ("body: no type", "", ""),
        ("body: JSON", "application/json", "{\"device\":\"this\"}"),
        ("body: XML", "text/xml", "<device>this</device>"),
        ("body: larger than a form", FORM.1, large.as_str()),
        ("body: 400 fields", FORM.1, many.as_str()),
        ("body: control characters", FORM.1, "device=this%00"),
        ("body: no UTF-8", FORM.1, "device=%FF%FE"),
        ("body: multipart without its boundary", "multipart/form-data", "device=this"),
        (
            "body: multipart cut short",
            "multipart/form-data; boundary=b",
            "--b\r\ncontent-disposition: form-data; name=\"device\"\r\n\r\nthis",
        ),
        ("device: missing", FORM.1, "next=/home"),
        ("device: unknown", FORM.1, "device=toaster"),
        ("device: twice", FORM.1, "device=this&device=other"),
        ("service: unknown", FORM.1, "device=this&service=nothing"),
    ] {
        let mut browser = walk.house.browser();
        let page = match kind {
            "" => browser.exactly("POST", "/login/bankid", &OWN, body),
            kind => raw(&mut browser, "/login/bankid", kind, body),
        };
        walk.meets(input, &page);
    }
    for (input, kind, body) in [
        ("language: unknown", FORM.1, "lang=xx"),
        ("language: JSON", "application/json", "{}"),
        ("language: back to another site", FORM.1, "lang=en&return=//evil.example"),
    ] {
        let page = raw(&mut walk.house.browser(), "/language", kind, body);
        walk.meets(input, &page);
        walk.holds(page.header("location").is_none_or(|to| to == "/"), "no way to another site");
    }
}

fn origins(walk: &mut Walk<'_>) {
    for (input, headers) in [
        ("Origin: another site", &[("origin", "https://evil.example")][..]),
        ("Origin: another port of this machine", &[("origin", "http://localhost:1")]),
        ("Origin: null", &[("origin", "null")]),
        ("Origin: none at all", &[]),
        (
            "Sec-Fetch-Site: cross-site",
            &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8400")],
        ),
        ("Sec-Fetch-Site: same-site", &[("sec-fetch-site", "same-site")]),
    ] {
        let headers = [headers, &[OWN[0], FORM]].concat();
        let page = walk.house.browser().exactly("POST", "/login/bankid", &headers, "device=this");
        walk.meets(input, &page);
    }
}

/// Whoever sends slowly holds a connection for a bounded time, and only that one.
#[test]
fn what_never_comes() {
    let house = House::start(Engine::Sqlite);
    let mut walk = Walk::of(&house, &format!("{HERE}::what_never_comes"));
    let place = house.address().trim_start_matches("http://").to_owned();
    let own = "host: localhost\r\nsec-fetch-site: same-origin\r\naccept: text/html\r\n";
    let form = format!(
        "POST /login/bankid HTTP/1.1\r\n{own}content-type: {}\r\ncontent-length: 1000\r\n\r\ndevice=this",
        FORM.1
    );
    let large = format!("GET /login HTTP/1.1\r\n{own}x: {}\r\n\r\n", "x".repeat(400_000));
    let sent = [
        ("body: that never comes", form),
        ("head: that never ends", format!("GET /login HTTP/1.1\r\n{own}")),
        ("head: 400 kB", large),
        ("head: no HTTP", "HELO agency.example\r\n\r\n".to_owned()),
    ];
    let waiting = sent.map(|(input, text)| {
        let place = place.clone();
        (input, std::thread::spawn(move || said(&place, &text)))
    });
    walk.holds(house.browser().get("/login").status == 200, "others are served meanwhile");
    for (input, answer) in waiting {
        walk.meets(input, &answer.join().expect("an answer"));
    }
    walk.finish(&[]);
}

/// What a connection answers until it is closed; status 0 if that is nothing.
fn said(place: &str, text: &str) -> Page {
    use std::io::{Read as _, Write as _};
    let mut stream = std::net::TcpStream::connect(place).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
    // What is too large may be refused before it has been sent.
    drop(stream.write_all(text.as_bytes()));
    let mut bytes = Vec::new();
    drop(stream.read_to_end(&mut bytes));
    let html = String::from_utf8_lossy(&bytes).into_owned();
    let status = html.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    Page { status, path: "/login".into(), html, headers: Vec::new() }
}

/// Fixation: whoever knows which key a browser had before the login knows none that opens anything after it.
#[test]
fn a_key_from_before_the_login_opens_nothing_after_it() {
    let house = House::start(Engine::Sqlite);
    let mut victim = house.browser();
    let opens = |key: &str| {
        let mut thief = house.browser();
        thief.cookies.insert("session".into(), key.to_owned());
        let page = thief.get_once("/home");
        page.header("location").is_some_and(|to| to.starts_with("/for/") || to.starts_with("/party"))
    };
    victim.cookies.insert("session".into(), NOBODY.into());
    let mut before = vec![NOBODY.to_owned()];
    for _ in 0..2 {
        victim.log_in(&house.phone, "greta");
        let key = victim.cookies.get("session").expect("a session").clone();
        assert!(!before.contains(&key) && opens(&key), "each login has a key of its own");
        assert!(!before.iter().any(|key| opens(key)), "and what was there before opens nothing");
        let page = victim.get("/logout");
        victim.submit(&page, "/logout", &[]);
        // As if the browser had kept it.
        victim.cookies.insert("session".into(), key.clone());
        before.push(key);
    }
}

/// The browser's own secret, planted before the login by somebody who had the browser in their hands: no order that the
/// victim begins afterwards belongs to it, and the one that was finished gives nothing.
#[test]
fn a_browsers_secret_from_before_the_login_reaches_nothing_after_it() {
    let house = House::start(Engine::Sqlite);
    let (mut thief, mut victim) = (house.browser(), house.browser());
    let page = thief.get("/login");
    thief.begin(&page);
    let planted = thief.cookies.get("browser").expect("a secret").clone();
    victim.cookies.insert("browser".into(), planted.clone());
    let page = victim.get("/login");
    let first = victim.begin(&page);
    house.phone.start_and_approve("greta", &first.autostart_token());
    victim.arrive(&first).expect(200, "Greta");
    let own = victim.cookies.get("browser").expect("a secret").clone();
    assert_ne!(own, planted);
    // Back and reload lead where they did.
    let again = victim.get_once(&format!("{}/done", first.path));
    assert_eq!(again.status, 303, "{}", again.text());
    let page = victim.get("/login");
    let second = victim.begin(&page);
    assert_eq!(victim.cookies.get("browser"), Some(&own));
    house.phone.start_and_approve("greta", &second.autostart_token());
    eventually("the second login to be ready", || {
        victim.get_once(&second.path).header("location").filter(|to| to.ends_with("/done"))
    });
    thief.get_once(&format!("{}/done", first.path)).expect(410, "BEH-1113");
    for part in ["", "/done", "/qr.png"] {
        thief.get_once(&format!("{}{part}", second.path)).expect(403, "BEH-1110");
    }
    assert!(!thief.cookies.contains_key("session"));
}

/// A login that is carried to another browser gives nothing there, and is not lost where it began.
#[test]
fn a_login_belongs_to_the_browser_that_began_it() {
    let house = House::start(Engine::Sqlite);
    let mut walk = Walk::of(&house, &format!("{HERE}::a_login_belongs_to_the_browser_that_began_it"));
    let (mut own, mut other) = (house.browser(), house.browser());
    let page = own.get("/login");
    let order =
        own.submit_to_order(&page, "/login/bankid", &[("device", "this"), ("next", "//evil.example/")]);
    let order = own.peek(&order);
    let page = other.get("/login");
    other.begin(&page);
    in_the_other(&mut walk, &mut other, &order.path, "");
    let page = own.get_once("/order/return?n=wrong");
    walk.meets("return value: wrong", &page);
    let page = own.get_once(&format!("/order/return?n={}", "n".repeat(5000)));
    walk.meets("return value: 5000 characters", &page);
    let used = json!({"person": "hassan", "autostart_token": order.autostart_token()});
    walk.house.phone.start("greta", &order.autostart_token());
    let page = phone(walk.house, "/phone/start", &used);
    walk.meets("start token: used", &page);
    walk.house.phone.approve("greta");
    let page = phone(walk.house, "/phone/start", &used);
    walk.meets("start token: of an order that is approved", &page);
    in_the_other(&mut walk, &mut other, &order.path, ", approved");
    let before = own.cookies.get("browser").expect("a secret").clone();
    let arrived = own.arrive(&order);
    walk.holds(arrived.status == 200 && arrived.has("Greta"), "the browser that began it is logged in");
    walk.holds(!arrived.path.contains("evil"), "the login ends on this site");
    walk.moved();
    in_the_other(&mut walk, &mut other, &order.path, ", finished");
    replayed(&mut walk, &mut own, &order, before);
    cancelled(&mut walk);
    codes_of_the_phone(&mut walk);
    let secrets = own.cookies.values().chain(other.cookies.values()).cloned().collect::<Vec<_>>();
    walk.finish(&[secrets, vec![order.autostart_token()], house.invitations.clone()].concat());
}

fn in_the_other(walk: &mut Walk<'_>, other: &mut Browser, order: &str, when: &str) {
    for (input, path) in
        [("the page", ""), ("the end", "/done"), ("the moving code", "/qr"), ("the still code", "/qr.png")]
    {
        let page = other.get_once(&format!("{order}{path}"));
        walk.meets(&format!("another browser's order{when}: {input}"), &page);
    }
    let page = raw(other, &format!("{order}/cancel"), FORM.1, "");
    walk.meets(&format!("another browser's order{when}: its end asked for"), &page);
    walk.holds(!other.cookies.contains_key("session"), "no session in the other browser");
}

fn replayed(walk: &mut Walk<'_>, own: &mut Browser, order: &Page, before: String) {
    let page = own.get_once(&format!("{}/done", order.path));
    walk.meets("order: finished once already, still logged in", &page);
    // As if the answer that carried session and secret had been lost.
    own.cookies.insert("browser".into(), before);
    let page = own.get_once(&format!("{}/qr.png", order.path));
    walk.meets("order: the code of a finished one", &page);
    let session = own.cookies.remove("session").expect("a session");
    let page = own.get_once(&format!("{}/done", order.path));
    walk.meets("order: finished once already, without its session", &page);
    walk.holds(!own.cookies.contains_key("session"), "an order opens one session");
    own.cookies.insert("session".into(), session.clone());
    // The cookie of a session that was ended is taken out again.
    let page = own.get("/logout");
    own.submit(&page, "/logout", &[]);
    own.cookies.insert("session".into(), session.clone());
    let page = own.get_once("/home");
    walk.meets("session cookie: of a session that was ended", &page);
    own.cookies.insert("session".into(), session);
    let page = raw(own, "/party", FORM.1, "to=x");
    walk.meets("session cookie: of a session that was ended, a form", &page);
}

fn cancelled(walk: &mut Walk<'_>) {
    let mut browser = walk.house.browser();
    let page = browser.get("/login");
    let order = browser.begin(&page);
    for input in ["order: its end asked for", "order: its end asked for twice"] {
        let page = raw(&mut browser, &format!("{}/cancel", order.path), FORM.1, "");
        walk.meets(input, &page);
    }
    let page = browser.get_once(&format!("{}/done", order.path));
    walk.meets("order: given up", &page);
    let page = phone(
        walk.house,
        "/phone/start",
        &json!({"person": "hassan", "autostart_token": order.autostart_token()}),
    );
    walk.meets("start token: of an order given up", &page);
}

/// QR texts and start tokens, as the simulated phone reads them.
fn codes_of_the_phone(walk: &mut Walk<'_>) {
    let mac = "0".repeat(64);
    let foreign = format!("bankid.67df3917-fa0d-44e5-b327-edcc928297f8.0.{mac}");
    let upper = foreign.to_uppercase();
    for (input, qr) in [
        ("QR text: empty", ""),
        ("QR text: an address", "https://evil.example/"),
        ("QR text: upper case", upper.as_str()),
        ("QR text: of another provider's order", foreign.as_str()),
    ] {
        let page = phone(walk.house, "/phone/scan", &json!({"person": "hassan", "qr": qr}));
        walk.meets(input, &page);
    }
    for (input, path, body) in [
        ("QR text: missing", "/phone/scan", json!({"person": "hassan"})),
        ("QR text: a number", "/phone/scan", json!({"person": "hassan", "qr": 7})),
        ("phone: of nobody", "/phone/scan", json!({"person": "nobody", "qr": foreign})),
        ("start token: malformed", "/phone/start", json!({"person": "hassan", "autostart_token": "x"})),
        (
            "start token: of nobody",
            "/phone/start",
            json!({"person": "hassan", "autostart_token": "67df3917-fa0d-44e5-b327-edcc928297f8"}),
        ),
        ("approval without an order", "/phone/approve", json!({"person": "hassan"})),
    ] {
        let page = phone(walk.house, path, &body);
        walk.meets(input, &page);
    }
    let large = format!("{{\"person\":\"hassan\",\"qr\":\"{}\"}}", "x".repeat(66_000));
    for (input, kind, body) in [
        ("QR body: no JSON", "application/json", "{"),
        ("QR body: a form", FORM.1, "person=hassan&qr=x"),
        ("QR body: too large", "application/json", large.as_str()),
    ] {
        let page = Browser::at(walk.house.phone.address()).exactly(
            "POST",
            "/phone/scan",
            &[("content-type", kind)],
            body,
        );
        walk.meets(input, &page);
    }
}

/// An answer of the control API as a page.
pub(super) fn phone(house: &House, path: &str, body: &Value) -> Page {
    let (status, said) = house.phone.post(path, body);
    Page { status, path: path.to_owned(), html: said.to_string(), headers: Vec::new() }
}
