//! Asking for authority and answering: crafted clicks, numbers that lead nowhere, answers above one's own, to oneself,
//! after one's own end, and two at once.

use super::{send, with};
use crate::main_job::{act_for, employer_by_paper, give, officers, path, today};
use crate::support::browser::Page;
use crate::support::house::{Engine, eventually};
use crate::support::table::Walk;
use crate::support::{Browser, House};

const HERE: &str = "bad_input/requests.rs::asking_and_answering";
const NOBODY: &str = "00000000000070008000000000000000";
const CREATE: &str = "employer.sickness_report.create";
const READ_ALL: &str = "employer.sickness_report.read_all";

// R-002-09 (part), R-004-25 (part)
#[test]
fn asking_and_answering() {
    let house = House::start(Engine::Sqlite);
    let (mut astrid, mut bengt) = officers(&house);
    employer_by_paper(&house, &mut astrid, &mut bengt);
    let log_in = |person: &str| {
        let mut browser = house.browser();
        browser.log_in(&house.phone, person);
        browser
    };
    let (mut cecilia, mut elin) = (log_in("cecilia"), log_in("elin"));
    let (mut farid, mut greta) = (log_in("farid"), log_in("greta"));
    act_for(&mut cecilia, "Granåsens");
    let requests = path(&cecilia, "/requests");
    let granas = requests.split('/').nth(2).unwrap().to_owned();
    let mut walk = Walk::of(&house, HERE);
    let page = ask(&mut cecilia, &granas, CREATE);
    walk.meets("ask: by the only administrator", &page);
    // He administers too, for thirty days; she reports.
    give(&mut cecilia, "199206162399", "Farid Gran", "employer.administrator");
    give(&mut cecilia, "199205052385", "Elin Forsman", "employer.user");
    act_for(&mut farid, "Granåsens");
    act_for(&mut elin, "Granåsens");
    walk.moved();
    let asked = clicks(&mut walk, &mut elin, &mut greta, &granas);
    numbers(&mut walk, &mut greta);
    others(&mut walk, &mut elin, &mut greta, &requests, &asked);
    answers(&mut walk, &mut farid, &requests, &asked);
    oneself(&mut walk, &mut farid, &granas, &requests);
    two_at_once(&mut walk, &mut cecilia, &mut farid, &mut elin, &requests, &asked);
    let secrets =
        [astrid, bengt, cecilia, elin, farid, greta].into_iter().flat_map(|b| b.cookies.into_values());
    walk.finish(&secrets.collect::<Vec<_>>());
}

fn ask(browser: &mut Browser, organisation: &str, permission: &str) -> Page {
    send(browser, "/requests/ask", &[("organisation", organisation), ("permission", permission)])
}

/// The id of the request that a redirect leads to.
fn case(page: &Page) -> String {
    let to = page.header("location").unwrap_or_else(|| panic!("no request: {}", page.text()));
    to.split('/').next_back().unwrap().split('?').next().unwrap().to_owned()
}

/// The button of a refused page, crafted. Gives the request that came of a good one.
fn clicks(walk: &mut Walk<'_>, elin: &mut Browser, greta: &mut Browser, granas: &str) -> String {
    for (input, organisation) in [
        ("ask: by a stranger to the organisation", granas),
        ("ask: of an organisation of nobody", NOBODY),
        ("ask: organisation malformed", "x"),
    ] {
        let page = ask(greta, organisation, CREATE);
        walk.meets(input, &page);
    }
    for (input, permission) in [
        ("ask: for what one has", CREATE),
        ("ask: for what is no permission", "employer.everything"),
        ("ask: for an officer's permission in the service", "employer.sickness_report.receive"),
        ("ask: for a role of the agency", "platform.role.give"),
    ] {
        let page = ask(elin, granas, permission);
        walk.meets(input, &page);
    }
    let first = ask(elin, granas, READ_ALL);
    walk.moved();
    let page = ask(elin, granas, READ_ALL);
    walk.meets("ask: twice", &page);
    walk.holds(case(&first) == case(&page), "the second click leads to the same request");
    case(&first)
}

/// By number: what cannot be one is told, what leads nowhere is not.
fn numbers(walk: &mut Walk<'_>, greta: &mut Browser) {
    let (new, long) = (path(greta, "/requests/new"), "x".repeat(501));
    let good = [("number", "405620-2205"), ("package", "employer.user"), ("need", "Sköter löner")];
    for (input, field, value) in [
        ("request, organisation number: missing", "number", ""),
        ("request, organisation number: a wrong check digit", "number", "405620-2206"),
        ("request, organisation number: a personal number", "number", "19930718-2387"),
        ("request: nothing chosen", "package", ""),
        ("request: an officer's role in the service", "package", "employer.sickness_officer"),
        ("request: a role of the agency", "package", "platform.operator"),
        ("request, need: missing", "need", " "),
        ("request, need: 501 characters", "need", long.as_str()),
        ("request, e-mail address: malformed", "email", "greta@@post.example"),
    ] {
        let page = send(greta, &new, &with(&good, field, value));
        walk.meets(input, &page);
    }
    let unknown = send(greta, &new, &good);
    walk.meets("request: an organisation of nobody", &unknown);
    let connected = send(greta, &new, &with(&good, "number", "405620-1108"));
    walk.meets("request: an organisation that is connected", &connected);
    // Laid before two administrators by now, which the sender is not told.
    let list = new.trim_end_matches("/new").to_owned();
    eventually("the letters", || {
        let told =
            |to: &str| walk.house.phone.inbox(to).iter().any(|mail| mail.to_string().contains("ber om"));
        (told("cecilia@granas.example") && told("elin@granas.example")).then_some(())
    });
    walk.moved();
    let page = greta.get(&list);
    walk.holds(!page.has("Granåsens"), "the list names no organisation");
    for id in [case(&unknown), case(&connected)] {
        walk.holds(send(greta, &format!("{list}/{id}/withdraw"), &[]).status == 303, "it can be taken back");
    }
    for _ in 0..8 {
        let id = case(&send(greta, &new, &good));
        send(greta, &format!("{list}/{id}/withdraw"), &[]);
    }
    walk.moved();
    let page = send(greta, &new, &good);
    walk.meets("request: the eleventh of a day", &page);
}

/// Requests of others, by somebody without the right to answer.
fn others(walk: &mut Walk<'_>, elin: &mut Browser, greta: &mut Browser, requests: &str, asked: &str) {
    let own = path(greta, "/requests");
    for (input, path) in [
        ("request id: malformed", format!("{own}/x")),
        ("request id: of nobody", format!("{own}/{NOBODY}")),
        ("request id: another person's", format!("{own}/{asked}")),
    ] {
        let page = greta.get_once(&path);
        walk.meets(input, &page);
    }
    let page = send(greta, &format!("{own}/{asked}/withdraw"), &[]);
    walk.meets("request id: another person's, withdrawn", &page);
    let page = send(greta, &format!("{own}/{asked}/grant"), &grant(&today(20)));
    walk.meets("answer: by a stranger, for oneself", &page);
    let page = send(elin, &format!("{requests}/{asked}/grant"), &grant(&today(20)));
    walk.meets("answer: by a user", &page);
    let page = send(elin, &format!("{requests}/{asked}/decline"), &[("reason", "not_ours")]);
    walk.meets("answer: no, by a user", &page);
}

fn grant(last_day: &str) -> Vec<(&'static str, &str)> {
    vec![("permission", "employer.payroll_manager"), ("last_day", last_day), ("need", "Sköter löner")]
}

/// More than one may give, and what cannot be given.
fn answers(walk: &mut Walk<'_>, farid: &mut Browser, requests: &str, asked: &str) {
    let (soon, later, yesterday, long) = (today(20), today(31), today(-1), "x".repeat(501));
    let good = grant(&soon);
    for (input, field, value) in [
        ("answer: nothing chosen", "permission", ""),
        ("answer: an unknown permission", "permission", "employer.everything"),
        (
            "answer, above one's own: an officer's role in the service",
            "permission",
            "employer.sickness_officer",
        ),
        ("answer, above one's own: a role of the agency", "permission", "platform.operator"),
        ("answer: after one's own end", "last_day", later.as_str()),
        ("answer: without an end", "last_day", ""),
        ("answer, last day: yesterday", "last_day", yesterday.as_str()),
        ("answer, need: missing", "need", " "),
        ("answer, need: 501 characters", "need", long.as_str()),
    ] {
        let page = send(farid, &format!("{requests}/{asked}/grant"), &with(&good, field, value));
        walk.meets(input, &page);
    }
    for (input, id) in [("answer: request id malformed", "x"), ("answer: request id of nobody", NOBODY)] {
        let page = send(farid, &format!("{requests}/{id}/grant"), &good);
        walk.meets(input, &page);
    }
    for (input, reason) in
        [("answer: no, without a reason", ""), ("answer: no, an unknown reason", "because")]
    {
        let page = send(farid, &format!("{requests}/{asked}/decline"), &[("reason", reason)]);
        walk.meets(input, &page);
    }
}

/// The requester is an administrator: another one has to answer.
fn oneself(walk: &mut Walk<'_>, farid: &mut Browser, granas: &str, requests: &str) {
    let own = case(&ask(farid, granas, CREATE));
    walk.moved();
    let soon = today(20);
    let page = send(farid, &format!("{requests}/{own}/grant"), &grant(&soon));
    walk.meets("answer: to oneself", &page);
    let page = send(farid, &format!("{requests}/{own}/decline"), &[("reason", "not_ours")]);
    walk.meets("answer: no, to oneself", &page);
    let page = farid.get(&format!("{requests}/{own}"));
    walk.holds(!page.html.contains("/grant\""), "no button to answer oneself");
}

/// Two administrators at once: one answer stands, and the other is told that there is one.
fn two_at_once(
    walk: &mut Walk<'_>,
    cecilia: &mut Browser,
    farid: &mut Browser,
    elin: &mut Browser,
    requests: &str,
    asked: &str,
) {
    let soon = today(20);
    let target = format!("{requests}/{asked}/grant");
    let good = grant(&soon);
    let (one, two) = std::thread::scope(|both| {
        let here = both.spawn(|| send(cecilia, &target, &good));
        let there = both.spawn(|| send(farid, &target, &good));
        (here.join().unwrap(), there.join().unwrap())
    });
    let (won, lost) = if one.status == 303 { (one, two) } else { (two, one) };
    walk.moved();
    walk.holds(won.status == 303, "one of the two answers stands");
    walk.meets("answer: two administrators at once, the second", &lost);
    let page = send(farid, &target, &good);
    walk.meets("answer: to what is answered", &page);
    let page = send(cecilia, &format!("{requests}/{asked}/decline"), &[("reason", "not_ours")]);
    walk.meets("answer: no, to what is answered", &page);
    let page = send(elin, &format!("{requests}/{asked}/withdraw"), &[]);
    walk.meets("request: withdrawn after its answer", &page);
    let reports = requests.replace("/requests", "/employer/sickness-reports");
    walk.holds(elin.get(&format!("{reports}?show=all")).status == 200, "it works at her next click");
}
