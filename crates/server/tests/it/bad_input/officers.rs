//! The agency's side: invitations, forms, and the paper form of an employer.

use super::{FORM, OWN, guard, protected, raw, send, with};
use crate::main_job::{SCAN, act_for, employer_by_paper, officers, path, today};
use crate::support::browser::Page;
use crate::support::house::Engine;
use crate::support::table::Walk;
use crate::support::{Browser, House};

const HERE: &str = "bad_input/officers.rs::invitations_forms_and_paper_forms";
/// A scan whose bytes are one more than the page's limit for a file.
const TOO_LARGE: usize = 10 * 1024 * 1024 + 1;
const NOBODY: &str = "00000000000070008000000000000000";

// R-004-16 (part), R-004-17 (part), R-004-20 (part), R-004-23 (part), R-004-47 (part)
#[test]
fn invitations_forms_and_paper_forms() {
    let house = House::start(Engine::Sqlite);
    let mut greta = house.browser();
    greta.log_in(&house.phone, "greta");
    let mut walk = Walk::of(&house, HERE);
    invitations(&mut walk, &mut greta);
    forms(&mut walk, &mut greta);
    let (mut astrid, mut bengt) = officers(&house);
    walk.moved();
    used_invitations(&mut walk, &mut greta, &mut astrid);
    let agency = path(&astrid, "/applications");
    a_strangers_address(&mut walk, &mut greta, &agency);
    protected::opening(&mut walk, &mut astrid, &mut greta);
    paper_forms(&mut walk, &mut astrid);
    cases(&mut walk, &mut astrid, &mut bengt, &agency);
    let secrets =
        [greta, astrid, bengt].into_iter().flat_map(|b| b.cookies.into_values()).collect::<Vec<_>>();
    walk.finish(&[secrets, house.invitations.clone()].concat());
}

fn invitations(walk: &mut Walk<'_>, greta: &mut Browser) {
    let long = "0".repeat(65);
    for (input, code, email) in [
        ("invitation code: missing", "", "greta@agency.example"),
        ("invitation code: malformed", "00000-00000-00000-00000-0000", "greta@agency.example"),
        ("invitation code: no letter of ours", "UUUUU-UUUUU-UUUUU-UUUUU-UUUUU", "greta@agency.example"),
        ("invitation code: too long", long.as_str(), "greta@agency.example"),
        ("invitation code: of nobody", "00000-00000-00000-00000-00000", "greta@agency.example"),
        ("e-mail address: malformed", "00000-00000-00000-00000-00000", "greta"),
        (
            "e-mail address: with a header in it",
            "00000-00000-00000-00000-00000",
            "greta@agency.example\r\nBcc: x@evil.example",
        ),
    ] {
        let page = send(greta, "/invitation", &[("code", code), ("email", email)]);
        walk.meets(input, &page);
    }
    let page = send(greta, "/invitation/confirm", &[]);
    walk.meets("confirmation of officers before both have come", &page);
}

fn used_invitations(walk: &mut Walk<'_>, greta: &mut Browser, astrid: &mut Browser) {
    let codes = walk.house.invitations.clone();
    for (input, code) in [
        ("invitation code: used by another person", &codes[0]),
        ("invitation code: both are used", &codes[1]),
    ] {
        let page = send(greta, "/invitation", &[("code", code), ("email", "greta@agency.example")]);
        walk.meets(input, &page);
    }
    let page = send(astrid, "/invitation", &[("code", &codes[0]), ("email", "astrid@agency.example")]);
    walk.meets("invitation code: used by the same person", &page);
    let page = send(astrid, "/invitation", &[("code", &codes[1]), ("email", "astrid@agency.example")]);
    walk.meets("invitation code: the other person's", &page);
    let page = send(astrid, "/invitation/confirm", &[]);
    walk.meets("confirmation of officers twice", &page);
}

/// Forms that are not of this session or this party, or no form at all.
fn forms(walk: &mut Walk<'_>, greta: &mut Browser) {
    let own = guard(greta);
    let value = |name: &str| own.iter().find(|(had, _)| had == name).unwrap().1.clone();
    let (csrf, party) = (value("csrf"), value("party"));
    let mut hassan = walk.house.browser();
    hassan.log_in(&walk.house.phone, "hassan");
    walk.moved();
    let foreign = guard(&mut hassan);
    let foreign = |name: &str| foreign.iter().find(|(had, _)| had == name).unwrap().1.clone();
    for (input, fields) in [
        ("csrf: missing", vec![("party", party.clone())]),
        ("csrf: malformed", vec![("csrf", "x".into()), ("party", party.clone())]),
        ("csrf: of another session", vec![("csrf", foreign("csrf")), ("party", party.clone())]),
        ("csrf and party: of another session", vec![("csrf", foreign("csrf")), ("party", foreign("party"))]),
        ("csrf: twice", vec![("csrf", csrf.clone()), ("csrf", csrf.clone()), ("party", party.clone())]),
        ("party in a form: missing", vec![("csrf", csrf.clone())]),
        ("party in a form: malformed", vec![("csrf", csrf.clone()), ("party", "x".into())]),
        ("party in a form: of nobody", vec![("csrf", csrf.clone()), ("party", NOBODY.into())]),
    ] {
        let fields = fields.iter().map(|(name, value)| (*name, value.as_str())).collect::<Vec<_>>();
        let page = greta.post_once("/party", &with(&fields, "to", &party));
        walk.meets(input, &page);
    }
    let body = format!("csrf={csrf}&party={party}&to={party}");
    for (input, headers) in [
        ("Origin: another site, with the cookie and a genuine form", [("origin", "https://evil.example")]),
        (
            "Sec-Fetch-Site: cross-site, with the cookie and a genuine form",
            [("sec-fetch-site", "cross-site")],
        ),
    ] {
        let page = greta.exactly("POST", "/party", &[&headers[..], &[OWN[0], FORM]].concat(), body.as_str());
        walk.meets(input, &page);
    }
    let page =
        raw(greta, "/party", "application/json", format!("{{\"csrf\":\"{csrf}\",\"party\":\"{party}\"}}"));
    walk.meets("body: JSON, logged in", &page);
    let page = raw(greta, "/party", FORM.1, format!("{body}&x={}", "x".repeat(66_000)));
    walk.meets("body: larger than a form, logged in", &page);
    for (input, to) in [
        ("party to act for: missing", String::new()),
        ("party to act for: malformed", "x".to_owned()),
        ("party to act for: of nobody", NOBODY.to_owned()),
        ("party to act for: another person", foreign("party")),
    ] {
        let page = send(greta, "/party", &[("to", &to)]);
        walk.meets(input, &page);
    }
    let page = greta.get_once(&format!("/for/{}", foreign("party")));
    walk.meets("party in the path: another person", &page);
    let page = greta.get_once(&format!("/for/{NOBODY}"));
    walk.meets("party in the path: of nobody", &page);
    for path in ["/logout", "/session/renew"] {
        let page = greta.post_once(path, &[("party", &party)]);
        walk.meets(&format!("csrf: missing at {path}"), &page);
    }
    walk.holds(greta.get("/home").status == 200, "nobody else ends a session");
}

/// Addresses of the agency, asked by somebody without a role there: they do not exist.
fn a_strangers_address(walk: &mut Walk<'_>, greta: &mut Browser, agency: &str) {
    let page = greta.get_once(agency);
    walk.meets("the agency's list, by a stranger", &page);
    let page = send(greta, &format!("{agency}/register"), &[]);
    walk.meets("the agency's form, by a stranger", &page);
    let party = agency.split('/').nth(2).unwrap().to_owned();
    let page = send(greta, "/party", &[("to", &party)]);
    walk.meets("party to act for: the agency, by a stranger", &page);
    let own = path(greta, "/applications");
    let page = greta.get_once(&own);
    walk.meets("the agency's list, for oneself", &page);
}

fn fields(arrived: &str) -> Vec<(&str, &str)> {
    vec![
        ("organisation_number", "405620-2205"),
        ("organisation_name", "Björkdalens Bygg AB"),
        ("organisation_email", "info@bjorkdal.example"),
        ("administrator_number", "19920616-2399"),
        ("administrator_name", "Farid Gran"),
        ("administrator_email", "farid@bjorkdal.example"),
        ("terms_version", "2024-12-20"),
        ("arrived", arrived),
    ]
}

fn register(astrid: &mut Browser, typed: &[(&str, &str)], scan: &[u8]) -> Page {
    let form = astrid.get(&path(astrid, "/applications/register"));
    astrid.submit_file(&form, "/applications/register", typed, ("scan", "blankett.pdf", scan))
}

fn paper_forms(walk: &mut Walk<'_>, astrid: &mut Browser) {
    let (yesterday, tomorrow) = (today(-1), today(1));
    let good = fields(&yesterday);
    let long = "x".repeat(201);
    for (input, field, value) in [
        ("organisation number: missing", "organisation_number", " "),
        ("organisation number: a wrong check digit", "organisation_number", "405620-2206"),
        ("organisation number: letters", "organisation_number", "40562O-2205"),
        ("organisation number: too short", "organisation_number", "405620"),
        ("organisation number: a personal number", "organisation_number", "920616-2399"),
        ("personal number: missing", "administrator_number", " "),
        ("personal number: a wrong check digit", "administrator_number", "19920616-2390"),
        ("personal number: letters", "administrator_number", "19920616-239x"),
        ("personal number: too long", "administrator_number", "1992061623991"),
        ("personal number: a day that is none", "administrator_number", "19920631-2399"),
        ("personal number: an organisation's", "administrator_number", "405620-2205"),
        ("name: missing", "organisation_name", " "),
        ("name: 201 characters", "administrator_name", long.as_str()),
        ("name: two lines", "administrator_name", "Farid\nGran"),
        ("e-mail address: missing", "organisation_email", " "),
        ("e-mail address: without a domain", "administrator_email", "farid@"),
        ("terms version: unknown", "terms_version", "2099-01-01"),
        ("arrival: tomorrow", "arrived", tomorrow.as_str()),
        ("arrival: a day that is none", "arrived", "2026-02-30"),
        ("arrival: no day", "arrived", "i går"),
    ] {
        let page = register(astrid, &with(&good, field, value), SCAN);
        walk.meets(input, &page);
    }
    let page = register(astrid, &good, b"");
    walk.meets("scan: missing", &page);
    let page = register(astrid, &good, b"MZ\x90\x00 this is a program");
    walk.meets("scan: a program named .pdf", &page);
    let large = [SCAN, &vec![0; TOO_LARGE]].concat();
    let page = register(astrid, &good, &large);
    walk.meets("scan: larger than 10 MiB", &page);
    let page = send(astrid, &path(astrid, "/applications/register"), &good);
    walk.meets("scan: a form without a file", &page);
    let list = astrid.get(&path(astrid, "/applications?show=all"));
    walk.holds(!list.has("Björkdalen"), "nothing was registered");
}

/// The second official; a form twice; a case that has moved on.
fn cases(walk: &mut Walk<'_>, astrid: &mut Browser, bengt: &mut Browser, agency: &str) {
    let arrived = today(-1);
    let good = fields(&arrived);
    let case = register(astrid, &good, SCAN);
    walk.holds(case.status == 200, "the form is registered");
    walk.moved();
    let case = case.path.split('?').next().unwrap().to_owned();
    let page = register(astrid, &good, SCAN);
    walk.meets("paper form: sent twice", &page);
    let page = send(astrid, &format!("{case}/confirm"), &[]);
    walk.meets("two officials: the same person", &page);
    for (input, path) in [
        ("case id: malformed", format!("{agency}/1/confirm")),
        ("case id: of nobody", format!("{agency}/{NOBODY}/confirm")),
        ("case id: of nobody, returned", format!("{agency}/{NOBODY}/return")),
    ] {
        let page = send(bengt, &path, &[("reason", "incomplete")]);
        walk.meets(input, &page);
    }
    let page = bengt.get_once(&format!("{agency}/{NOBODY}"));
    walk.meets("case id: of nobody, read", &page);
    let page = bengt.get_once(&format!("{agency}/{NOBODY}/scan"));
    walk.meets("case id: of nobody, its scan", &page);
    let page = send(bengt, &format!("{case}/return"), &[("reason", "because")]);
    walk.meets("reason for returning: unknown", &page);
    // One tab acts for the agency, another for the person itself: a form of the first is not taken in the second.
    let shown = bengt.get(&case);
    act_for(bengt, "Bengt");
    let (target, fields) = shown.form("/confirm");
    let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>();
    let page = bengt.post_once(&target, &fields);
    walk.meets("form of another party: the page of one tab in a visit for another", &page);
    act_for(bengt, "Exempelmyndigheten");
    let page = send(bengt, &format!("{case}/return"), &[("reason", "incomplete")]);
    walk.holds(page.status == 303, "the form is returned");
    walk.moved();
    let page = send(bengt, &format!("{case}/confirm"), &[]);
    walk.meets("case: confirmed after it was returned", &page);
    let page = send(bengt, &format!("{case}/return"), &[("reason", "incomplete")]);
    walk.meets("case: returned twice", &page);
    employer_by_paper(walk.house, astrid, bengt);
    walk.moved();
    let list = bengt.get(&format!("{agency}?show=all"));
    let connected = main_part(&list, "Granåsen").link("/applications/");
    let page = send(bengt, &format!("{connected}/confirm"), &[]);
    walk.meets("case: confirmed twice", &page);
    let granas = with(&good, "organisation_number", "405620-1108");
    let page = register(astrid, &granas, SCAN);
    walk.meets("paper form: of an employer that is connected", &page);
}

/// The page from a name on.
fn main_part(page: &Page, name: &str) -> Page {
    crate::main_job::about(page, name)
}
