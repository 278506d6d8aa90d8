//! Connected e-services at the agency: the form of registration, the page of one, and the trial.

use super::{send, with};
use crate::main_job::{officers, path};
use crate::support::browser::Page;
use crate::support::house::Engine;
use crate::support::table::Walk;
use crate::support::{Browser, House};

const HERE: &str = "bad_input/clients.rs::connecting_an_e_service";

const SHOP: [(&str, &str); 6] = [
    ("id", "shop"),
    ("service", "employer"),
    ("name_sv", "Butiken"),
    ("name_en", "The shop"),
    ("authentication", "public"),
    ("redirect_uris", "https://shop.example.se/back"),
];

#[test]
fn connecting_an_e_service() {
    let house = House::start(Engine::Sqlite);
    let (mut astrid, mut bengt) = officers(&house);
    let mut walk = Walk::of(&house, HERE);
    let list = path(&astrid, "/clients");
    registrations(&mut walk, &mut astrid, &list);
    assert_eq!(send(&mut astrid, &format!("{list}/register"), &SHOP).status, 303);
    walk.moved();
    files(&mut walk, &mut astrid, &list);
    confirmations(&mut walk, &mut astrid, &mut bengt, &list);
    addresses(&mut walk, &mut astrid, &list);
    trials(&mut walk, &mut astrid, &mut bengt, &list);
    let mut greta = house.browser();
    greta.log_in(&house.phone, "greta");
    walk.moved();
    walk.meets("the page of clients: by somebody who is no officer", &greta.get(&list));
    let secrets = [astrid, bengt, greta].into_iter().flat_map(|b| b.cookies.into_values());
    walk.finish(&secrets.collect::<Vec<_>>());
}

fn registrations(walk: &mut Walk<'_>, astrid: &mut Browser, list: &str) {
    let register = format!("{list}/register");
    let page = send(astrid, &register, &[]);
    walk.meets("registration of a client: empty", &page);
    let with_keys = with(&SHOP, "authentication", "keys");
    let many = (0..11).map(|n| format!("https://shop.example.se/{n}\n")).collect::<String>();
    let key = r#"{"kty":"EC","crv":"P-256","kid":"k","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
    let set = |keys: &str| format!("{{\"keys\":[{keys}]}}");
    let (same, nameless) = (set(&format!("{key},{key}")), set(&key.replace("\"kid\":\"k\",", "")));
    let private = set(&key.replace("\"kid\"", "\"d\":\"AA\",\"kid\""));
    let curve = set(&key.replace("P-256", "P-384"));
    for (input, fields) in [
        ("id of a client: with capitals", with(&SHOP, "id", "Shop")),
        ("id of a client: two letters", with(&SHOP, "id", "ab")),
        ("id of a client: a path", with(&SHOP, "id", "../shop")),
        ("id of a client: of a trial", with(&SHOP, "id", "trial-x1")),
        ("id of a client: a word of our addresses", with(&SHOP, "id", "register")),
        ("service of a client: unknown", with(&SHOP, "service", "cafe")),
        ("name of a client: two lines", with(&SHOP, "name_sv", "a\nb")),
        ("authentication of a client: unknown", with(&SHOP, "authentication", "password")),
        ("keys of a client: missing", with_keys.clone()),
        ("keys of a client: no JSON", with(&with_keys, "keys", "-----BEGIN PUBLIC KEY-----")),
        ("keys of a client: a private one", with(&with_keys, "keys", &private)),
        ("keys of a client: another curve", with(&with_keys, "keys", &curve)),
        ("keys of a client: the same twice", with(&with_keys, "keys", &same)),
        ("keys of a client: without kid", with(&with_keys, "keys", &nameless)),
        ("redirect of a client: missing", with(&SHOP, "redirect_uris", "")),
        ("redirect of a client: plain http", with(&SHOP, "redirect_uris", "http://shop.example.se/back")),
        ("redirect of a client: a fragment", with(&SHOP, "redirect_uris", "https://shop.example.se/#x")),
        ("redirect of a client: a user in it", with(&SHOP, "redirect_uris", "https://a@evil.example/")),
        ("redirect of a client: a script", with(&SHOP, "redirect_uris", "javascript:alert(1)")),
        ("redirect of a client: eleven", with(&SHOP, "redirect_uris", &many)),
        (
            "back-channel address of a client: no address",
            with(&SHOP, "backchannel_logout_uri", "shop.example.se"),
        ),
        ("start page of a client: no address", with(&SHOP, "home", "//shop.example.se")),
    ] {
        let page = send(astrid, &register, &fields);
        walk.meets(input, &page);
    }
    let good = set(key);
    let loopback = [&with_keys[..], &[("keys", good.as_str()), ("loopback", "yes")]].concat();
    let page = send(astrid, &register, &loopback);
    walk.meets("any loopback address: for a client with keys", &page);
}

/// A service that is not in force yet.
const FILE: &str = include_str!("../../../../../catalogue/example.toml");

const EXAMPLE: [(&str, &str); 5] = [
    ("id", "example"),
    ("name_sv", "Exempel"),
    ("name_en", "Example"),
    ("authentication", "public"),
    ("redirect_uris", "https://example.example.se/back"),
];

/// Sends the form of registration with a catalogue file.
fn send_file(browser: &mut Browser, list: &str, fields: &[(&str, &str)], file: &[u8]) -> Page {
    let form = browser.get(&format!("{list}/register"));
    browser.submit_file(&form, "/clients/register", fields, ("catalogue", "example.toml", file))
}

fn files(walk: &mut Walk<'_>, astrid: &mut Browser, list: &str) {
    let method = "\n[method.sms]\nname = { sv = \"S\", en = \"S\" }\nassurance = 3\nissuer = { sv = \"S\", en = \"S\" }\nissuer_help = { sv = \"https://s.example\", en = \"https://s.example\" }\nissuer_terms = { sv = \"https://s.example\", en = \"https://s.example\" }\n";
    let terms = "\n[[terms]]\nversion = \"1\"\nin_force_from = \"2026-01-01\"\nearlier_acceptance = \"continues\"\ntext = { sv = \"a.md\", en = \"b.md\" }\n";
    let text = |from: &str, to: &str| {
        assert!(FILE.contains(from), "{from}");
        FILE.replace(from, to).into_bytes()
    };
    let employer = include_bytes!("../../../../../catalogue/employer.toml");
    for (input, file) in [
        ("catalogue file: empty", Vec::new()),
        ("catalogue file: white space", b" \r\n\t\n".to_vec()),
        ("catalogue file: larger than 32 KiB", vec![b'#'; 32 * 1024 + 1]),
        ("catalogue file: larger than a form with a file", vec![b'#'; 3 * 1024 * 1024]),
        ("catalogue file: not UTF-8", b"# \xe5\n".to_vec()),
        ("catalogue file: a control character", b"# \0\n".to_vec()),
        ("catalogue file: no TOML", b"%PDF-1.7".to_vec()),
        ("catalogue file: an unknown field", text("assurance = 3", "assurance = 3\ncolour = \"red\"")),
        (
            "catalogue file: a permission outside its service",
            text("\"example.profile.read\"", "\"employer.profile.read\""),
        ),
        (
            "catalogue file: a rule about another service's permissions",
            text("gives = [\"example.user\"]", "gives = [\"example.user\", \"employer.administrator\"]"),
        ),
        (
            "catalogue file: a role of the agency by the employers",
            text("gives = [\"example.user\"]", "gives = [\"platform.operator\"]"),
        ),
        (
            "catalogue file: another text for a service in force",
            text("id = \"example\"", "id = \"employer\""),
        ),
        ("catalogue file: the service with the terms in force", employer.to_vec()),
        ("catalogue file: the agency's own pages", text("id = \"example\"", "id = \"platform\"")),
        ("catalogue file: a login method", format!("{FILE}{method}").into_bytes()),
        ("catalogue file: terms of its own", format!("{FILE}{terms}").into_bytes()),
    ] {
        let page = send_file(astrid, list, &EXAMPLE, &file);
        walk.meets(input, &page);
    }
    let chosen = with(&EXAMPLE, "service", "employer");
    let page = send_file(astrid, list, &chosen, FILE.as_bytes());
    walk.meets("catalogue file: another service than the chosen one", &page);
    let twice = [&EXAMPLE[..], &[("catalogue_text", FILE), ("catalogue_text", FILE)]].concat();
    let page = send(astrid, &format!("{list}/register"), &twice);
    walk.meets("catalogue file: two texts", &page);
}

fn confirmations(walk: &mut Walk<'_>, astrid: &mut Browser, bengt: &mut Browser, list: &str) {
    let confirm = format!("{list}/register/confirm");
    let review = send_file(astrid, list, &EXAMPLE, FILE.as_bytes());
    assert_eq!(review.status, 200, "{}", review.text());
    let whole = [&EXAMPLE[..], &[("catalogue_text", FILE)]].concat();
    let page = send(astrid, &confirm, &whole);
    walk.meets("confirmation of a catalogue file: without what was seen", &page);
    for (input, seen) in [
        ("confirmation of a catalogue file: what was seen is malformed", "1-x-0"),
        ("confirmation of a catalogue file: what was seen is of the future", "999-0-0"),
    ] {
        let page = send(astrid, &confirm, &[&whole[..], &[("seen", seen)]].concat());
        walk.meets(input, &page);
    }
    let page = send(astrid, &confirm, &[&EXAMPLE[..], &[("seen", "1-0-0")]].concat());
    walk.meets("confirmation of a catalogue file: without the file", &page);
    let page = astrid.submit(&review, "/register/confirm", &[("catalogue_text", "no = toml =")]);
    walk.meets("confirmation of a catalogue file: another file", &page);

    let kiosk = FILE.replace("example", "kiosk");
    let other = with(&EXAMPLE, "id", "kiosk");
    let theirs = send_file(bengt, list, &other, kiosk.as_bytes());
    let page = bengt.submit(&theirs, "/register/confirm", &[]);
    assert_eq!(page.status, 200, "{}", page.text());
    walk.moved();
    let page = astrid.submit(&review, "/register/confirm", &[]);
    walk.meets("confirmation of a catalogue file: after another change of the catalogue", &page);
    let done = astrid.submit(&page, "/register/confirm", &[]);
    assert_eq!(done.status, 200, "{}", done.text());
    walk.moved();
    let page = astrid.submit(&page, "/register/confirm", &[]);
    walk.meets("confirmation of a catalogue file: twice", &page);
}

fn addresses(walk: &mut Walk<'_>, astrid: &mut Browser, list: &str) {
    let page = send(astrid, &format!("{list}/register"), &SHOP);
    walk.meets("id of a client: taken", &page);
    for (input, path) in [
        ("client in the path: of nobody", "/nobody"),
        ("client in the path: malformed", "/Shop"),
        ("client to switch off: of nobody", "/nobody/disable"),
    ] {
        let page = astrid.get(&format!("{list}{path}"));
        walk.meets(input, &page);
    }
    let page = send(astrid, &format!("{list}/nobody/disable"), &[]);
    walk.meets("switching off a client: of nobody", &page);
    let page = send(astrid, &format!("{list}/nobody/trial"), &[]);
    walk.meets("trial of a client: of nobody", &page);
}

/// The address of a trial that was begun and whose login was not gone through.
fn begun(astrid: &mut Browser, list: &str) -> String {
    let page = send(astrid, &format!("{list}/shop/trial"), &[]);
    let to = page.header("location").unwrap_or_else(|| panic!("{}: {}", page.status, page.text()));
    let id = to.split("client_id=").nth(1).and_then(|rest| rest.split('&').next());
    format!("{list}/shop/trial/{}", id.unwrap_or_else(|| panic!("no trial in {to}")))
}

fn trials(walk: &mut Walk<'_>, astrid: &mut Browser, bengt: &mut Browser, list: &str) {
    let trial = begun(astrid, list);
    walk.moved();
    let page = bengt.get(&trial);
    walk.meets("trial in the path: another officer's", &page);
    let page = bengt.get(&format!("{trial}/back?code=x&state=x"));
    walk.meets("the way back from a trial: by another officer", &page);
    let page = astrid.get(&trial.replace("/shop/", "/other/"));
    walk.meets("trial in the path: of another client", &page);
    let page = astrid.get(&format!("{list}/shop/trial/trial-00000000000000000000000000000000"));
    walk.meets("trial in the path: of nobody", &page);
    let page = astrid.get(&format!("{list}/shop/trial/..%2f"));
    walk.meets("trial in the path: malformed", &page);
    let page = astrid.get(&format!("{trial}/back?state=a&state=b"));
    walk.meets("the way back from a trial: state twice", &page);
    let failed = |walk: &mut Walk<'_>, input: &str, page: &Page| {
        walk.meets(input, page);
        walk.moved();
    };
    let page = astrid.get(&format!("{trial}/back?code=x&state=x"));
    failed(walk, "the way back from a trial: another state", &page);
    // It is over: the same again changes nothing.
    let page = astrid.get(&format!("{trial}/back?code=x&state=x"));
    failed(walk, "the way back from a trial: again", &page);
}
