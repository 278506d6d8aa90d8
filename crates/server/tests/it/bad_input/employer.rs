//! An employer's side: grants, their end, sickness reports, two tabs, other people's drafts and reports.

use super::{FORM, guard, raw, send, strangers::phone, with};
use crate::main_job::{
    about, act_for, employer_by_paper, end, give, officers, path, report, report_fields, today,
};
use crate::support::browser::Page;
use crate::support::house::Engine;
use crate::support::table::Walk;
use crate::support::{Browser, House};
use serde_json::json;

const HERE: &str = "bad_input/employer.rs::grants_reports_and_what_is_not_ones_own";
const NOBODY: &str = "00000000000070008000000000000000";
const ELIN: &str = "199205052385";

// R-002-08 (part), R-004-11, R-004-23 (part), R-004-47 (part)
#[test]
fn grants_reports_and_what_is_not_ones_own() {
    let house = House::start(Engine::Sqlite);
    let (mut astrid, mut bengt) = officers(&house);
    employer_by_paper(&house, &mut astrid, &mut bengt);
    let log_in = |person: &str| {
        let mut browser = house.browser();
        browser.log_in(&house.phone, person);
        browser
    };
    let (mut cecilia, mut elin, mut farid) = (log_in("cecilia"), log_in("elin"), log_in("farid"));
    let mut walk = Walk::of(&house, HERE);
    act_for(&mut cecilia, "Granåsens");
    let people = path(&cecilia, "/people");
    grants(&mut walk, &mut cecilia, &people);
    give(&mut cecilia, ELIN, "Elin Forsman", "employer.user");
    give(&mut cecilia, "199206162399", "Farid Gran", "employer.user");
    walk.moved();
    let page = send(&mut cecilia, &format!("{people}/give"), &grant(&today(30)));
    walk.meets("grant: sent twice", &page);
    act_for(&mut elin, "Granåsens");
    act_for(&mut farid, "Granåsens");
    grants_of_others(&mut walk, &mut elin, &mut astrid, &people);
    ends(&mut walk, &mut cecilia, &people);
    parties(&mut walk, &mut elin, &astrid);
    let reports = path(&elin, "/employer/sickness-reports");
    forms(&mut walk, &mut elin, &reports);
    let page = send(&mut cecilia, &format!("{reports}/new"), &report_fields());
    walk.meets("report: by an administrator who is no user", &page);
    let draft = drafts(&mut walk, &mut elin, &mut farid, &reports);
    signatures(&mut walk, &mut elin, &draft);
    sent_reports(&mut walk, &mut elin, &mut farid, &mut astrid, &reports);
    a_right_that_ends(&mut walk, &mut elin, &mut cecilia, &reports);
    let secrets = [astrid, bengt, cecilia, elin, farid].into_iter().flat_map(|b| b.cookies.into_values());
    let secrets = secrets.collect::<Vec<_>>();
    walk.finish(&secrets);
}

fn grant(last_day: &str) -> Vec<(&'static str, &str)> {
    vec![
        ("number", "19920505-2385"),
        ("name", "Elin Forsman"),
        ("email", "elin@granas.example"),
        ("permission", "employer.user"),
        ("last_day", last_day),
        ("need", "Sköter löner"),
    ]
}

fn grants(walk: &mut Walk<'_>, cecilia: &mut Browser, people: &str) {
    let (month, yesterday, long) = (today(30), today(-1), "x".repeat(501));
    let good = grant(&month);
    for (input, field, value) in [
        ("grant, personal number: missing", "number", " "),
        ("grant, personal number: a wrong check digit", "number", "19920505-2386"),
        ("grant, personal number: an organisation's", "number", "405620-1108"),
        ("grant, name: missing", "name", " "),
        ("grant, e-mail address: malformed", "email", "elin@@granas.example"),
        ("grant: nothing chosen", "permission", ""),
        ("grant: an unknown permission", "permission", "employer.everything"),
        ("grant: a role of the agency", "permission", "platform.authorisation_administrator"),
        ("grant: an officer's role in the service", "permission", "employer.sickness_officer"),
        ("grant, last day: yesterday", "last_day", yesterday.as_str()),
        ("grant, last day: none that is a day", "last_day", "2027-13-01"),
        ("grant, need: missing", "need", " "),
        ("grant, need: 501 characters", "need", long.as_str()),
    ] {
        let page = send(cecilia, &format!("{people}/give"), &with(&good, field, value));
        walk.meets(input, &page);
    }
    // Number and name must go together: she types both of her own.
    let own = with(&with(&good, "number", "19910214-2388"), "name", "Cecilia Dahl");
    let page = send(cecilia, &format!("{people}/give"), &own);
    walk.meets("grant: to oneself", &page);
    let page = raw(cecilia, &format!("{people}/give"), "application/json", "{}");
    walk.meets("grant: JSON", &page);
}

/// A user gives nothing, and the agency gives nothing at an employer.
fn grants_of_others(walk: &mut Walk<'_>, elin: &mut Browser, astrid: &mut Browser, people: &str) {
    let month = today(30);
    let page = send(elin, &format!("{people}/give"), &with(&grant(&month), "number", "199307182387"));
    walk.meets("grant: by a user", &page);
    let page = elin.get_once(people);
    walk.meets("list of authorisations: by a user", &page);
    let page = send(astrid, &format!("{people}/give"), &grant(&month));
    walk.meets("grant: by an officer of the agency, at the employer's address", &page);
    let own = path(astrid, "/people/give");
    let page = send(astrid, &own, &grant(&month));
    walk.meets("grant: by an officer of the agency, at the agency's address", &page);
}

fn ends(walk: &mut Walk<'_>, cecilia: &mut Browser, people: &str) {
    let list = cecilia.get(people);
    let own = cecilia.get(&about(&list, "Cecilia Dahl").link("/end"));
    let (target, fields) = own.form("/end");
    let mandate = fields.iter().find(|(name, _)| name == "mandate").unwrap().1.clone();
    let page = send(cecilia, &target, &[("mandate", &mandate)]);
    walk.meets("end: of the last administrator", &page);
    for (input, path, mandate) in [
        ("end: no authorisation named", target.clone(), ""),
        ("end: authorisation malformed", target.clone(), "x"),
        ("end: authorisation of nobody", target.clone(), NOBODY),
        ("end: person malformed", format!("{people}/x/end"), mandate.as_str()),
    ] {
        let page = send(cecilia, &path, &[("mandate", mandate)]);
        walk.meets(input, &page);
    }
    let page = cecilia.get_once(&format!("{people}/{NOBODY}/why?permission=employer.user"));
    walk.meets("why: of nobody", &page);
    // Ended twice: by a second tab that still shows the button.
    give(cecilia, "199307182387", "Greta Holm", "employer.payroll_manager");
    let list = cecilia.get(people);
    let asked = cecilia.get(&about(&list, "Greta Holm").link("/end"));
    end(cecilia, "Greta Holm");
    walk.moved();
    let (target, fields) = asked.form("/end");
    let fields = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>();
    let page = cecilia.post_once(&target, &fields);
    walk.meets("end: twice", &page);
}

/// Two tabs that act for different parties.
fn parties(walk: &mut Walk<'_>, elin: &mut Browser, astrid: &Browser) {
    let granas = path(elin, "/employer/sickness-reports");
    let form = elin.get(&format!("{granas}/new"));
    act_for(elin, "Elin");
    let page = elin.get_once(&granas);
    walk.meets("party in the path: another than the visit's", &page);
    let (target, hidden) = form.form("/sickness-reports/new");
    let hidden = hidden.iter().filter(|(name, _)| name == "csrf" || name == "party");
    let fields = hidden
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .chain(report_fields())
        .collect::<Vec<_>>();
    let page = elin.post_once(&target, &fields);
    walk.meets("party in a form: another than the visit's, at its address", &page);
    let own = path(elin, "");
    let page = elin.post_once("/invitation", &fields);
    walk.meets("party in a form: another than the visit's, at an address without party", &page);
    let agency = path(astrid, "/employer/sickness-reports/received");
    let page = elin.get_once(&agency);
    walk.meets("party in the path: the agency, by an employer's user", &page);
    let page = send(elin, "/party", &[("to", agency.split('/').nth(2).unwrap())]);
    walk.meets("party to act for: the agency, by an employer's user", &page);
    let page = elin.get_once(&format!("{own}/employer/sickness-reports/new"));
    walk.meets("report: for oneself", &page);
    act_for(elin, "Granåsens");
}

fn forms(walk: &mut Walk<'_>, elin: &mut Browser, reports: &str) {
    let good = report_fields();
    let (tomorrow, long, old, day_14, later) = (today(1), "x".repeat(201), today(-400), today(-13), today(0));
    for (input, field, value) in [
        ("report, personal number: missing", "employee_number", " "),
        ("report, personal number: a wrong check digit", "employee_number", "19930820-2391"),
        ("report, personal number: too short", "employee_number", "930820"),
        ("report, name: missing", "employee_name", " "),
        ("report, name: a hidden character", "employee_name", "Hassan\u{202e}Ivarsson"),
        ("report, workplace: 201 characters", "workplace", long.as_str()),
        ("report, first sick day: sick day 14 is today", "first_sick_day", day_14.as_str()),
        ("report, first sick day: tomorrow", "first_sick_day", tomorrow.as_str()),
        ("report, first sick day: more than a year ago", "first_sick_day", old.as_str()),
        ("report, first sick day: no day", "first_sick_day", "2026-02-31"),
        ("report, last sick-pay day: after the sick-pay period", "last_sick_pay_day", later.as_str()),
        ("report, last sick-pay day: no day", "last_sick_pay_day", "snart"),
        ("report, degree: 60 per cent", "degree", "60"),
        ("report, degree: not chosen", "degree", ""),
        ("report, contact: neither telephone nor e-mail", "contact_email", ""),
        ("report, contact: e-mail malformed", "contact_email", "elin"),
        ("report, contact: telephone malformed", "contact_phone", "ring mig"),
    ] {
        let page = send(elin, &format!("{reports}/new"), &with(&good, field, value));
        walk.meets(input, &page);
        if input.contains("sick day 14") {
            // The day on which it opens is told: sick day 15 is tomorrow.
            let opens: jiff::civil::Date = tomorrow.parse().unwrap();
            let opens = walk.day(opens);
            walk.holds(page.has(&opens), "the day on which a report can be sent");
        }
    }
    for (input, kind, body) in [
        ("report: JSON", "application/json", "{}".to_owned()),
        ("report: larger than a form", FORM.1, format!("workplace={}", "x".repeat(66_000))),
    ] {
        let page = raw(elin, &format!("{reports}/new"), kind, body);
        walk.meets(input, &page);
    }
    for (input, query) in
        [("list: an unknown filter", "?show=secret"), ("list: a place that is none", "?after=x")]
    {
        let page = elin.get_once(&format!("{reports}{query}"));
        walk.meets(input, &page);
    }
}

/// A draft of elin's, and what others and she herself may not do with it.
fn drafts(walk: &mut Walk<'_>, elin: &mut Browser, farid: &mut Browser, reports: &str) -> String {
    let saved = send(elin, &format!("{reports}/new"), &report_fields());
    let draft = saved.header("location").expect("a draft");
    walk.moved();
    let page = farid.get_once(&draft);
    walk.meets("draft id: a colleague's", &page);
    let page = farid.get_once(&format!("{draft}/change"));
    walk.meets("draft id: a colleague's, to be changed", &page);
    let page = send(farid, &format!("{draft}/change"), &report_fields());
    walk.meets("draft id: a colleague's, changed", &page);
    let page = send(farid, &format!("{draft}/sign"), &[("device", "this"), ("version", "1")]);
    walk.meets("draft id: a colleague's, to be signed", &page);
    for (input, path) in [
        ("draft id: malformed", format!("{reports}/drafts/x")),
        ("draft id: of nobody", format!("{reports}/drafts/{NOBODY}")),
    ] {
        let page = elin.get_once(&path);
        walk.meets(input, &page);
    }
    for (input, version, device) in [
        ("draft: another version than the one that was shown", "7", "this"),
        ("draft: no version", "", "this"),
        ("draft: on an unknown device", "1", "toaster"),
    ] {
        let page = send(elin, &format!("{draft}/sign"), &[("device", device), ("version", version)]);
        walk.meets(input, &page);
    }
    let key = elin.cookies.remove("browser").expect("a browser's key");
    let page = send(elin, &format!("{draft}/sign"), &[("device", "this"), ("version", "1")]);
    walk.meets("draft: signed in a browser that never logged in", &page);
    elin.cookies.insert("browser".into(), key);
    draft
}

/// The signature: by another person, twice at once, and by a lying provider.
fn signatures(walk: &mut Walk<'_>, elin: &mut Browser, draft: &str) {
    let sign = [("device", "this"), ("version", "1")];
    let begun = send(elin, &format!("{draft}/sign"), &sign);
    let order = elin.peek(&begun.header("location").expect("an order"));
    let body = json!({"person": "farid", "autostart_token": order.autostart_token()});
    let page = phone(walk.house, "/phone/start", &body);
    walk.meets("signature: opened by another person", &page);
    walk.house.phone.fault("other_person");
    walk.house.phone.start_and_approve("elin", &order.autostart_token());
    let page = elin.arrive(&order);
    walk.meets("signature: of another person, by a lying provider", &page);
    let begun = send(elin, &format!("{draft}/sign"), &sign);
    let order = elin.peek(&begun.header("location").expect("an order"));
    walk.house.phone.fault("other_text");
    walk.house.phone.start_and_approve("elin", &order.autostart_token());
    let page = elin.arrive(&order);
    walk.meets("signature: of another text, by a lying provider", &page);
    walk.house.phone.faults("503", 20);
    let page = send(elin, &format!("{draft}/sign"), &sign);
    walk.house.phone.clear_faults();
    walk.meets("signature: the provider is away", &page);
    // A second one takes the first one's place; from another browser the provider ends both.
    let first = send(elin, &format!("{draft}/sign"), &sign).header("location").expect("an order");
    let second = send(elin, &format!("{draft}/sign"), &sign);
    walk.meets("signature: sent twice", &second);
    let page = elin.get_once(&format!("{first}/done"));
    walk.meets("signature: the first of two", &page);
    let key = elin.cookies.insert("browser".into(), "A".repeat(43)).expect("a browser's key");
    let page = send(elin, &format!("{draft}/sign"), &sign);
    walk.meets("signature: begun in a second browser", &page);
    elin.cookies.insert("browser".into(), key);
    let second = second.header("location").expect("an order");
    let page = elin.arrive(&Page { path: second, ..page });
    walk.meets("signature: begun in a second browser, the first", &page);
    let list = elin.get(&path(elin, "/employer/sickness-reports"));
    let sent = list
        .html
        .split("/sickness-reports/")
        .skip(1)
        .any(|rest| rest.get(..32).is_some_and(|id| id.bytes().all(|digit| digit.is_ascii_hexdigit())));
    walk.holds(!sent, "nothing was sent");
}

fn sent_reports(
    walk: &mut Walk<'_>,
    elin: &mut Browser,
    farid: &mut Browser,
    astrid: &mut Browser,
    reports: &str,
) {
    let mine = report(walk.house, elin);
    walk.moved();
    for (input, path) in [
        ("report id: a colleague's", mine.clone()),
        ("report id: a colleague's, its evidence", format!("{mine}/evidence")),
        ("report id: a colleague's, to be withdrawn", format!("{mine}/withdraw")),
        ("report id: malformed", format!("{reports}/x")),
        ("report id: of nobody", format!("{reports}/{NOBODY}")),
        ("what has arrived, by an employer's user", format!("{reports}/received")),
    ] {
        let page = farid.get_once(&path);
        walk.meets(input, &page);
    }
    let page = send(farid, &format!("{mine}/withdraw"), &[]);
    walk.meets("report id: a colleague's, withdrawn", &page);
    let id = mine.rsplit('/').next().unwrap();
    let page = send(farid, &format!("{reports}/received/{id}/open"), &[]);
    walk.meets("report: opened by an employer's user", &page);
    let arrived = path(astrid, "/employer/sickness-reports/received");
    for (input, path) in [
        ("report, to be opened: malformed", format!("{arrived}/x/open")),
        ("report, to be opened: of nobody", format!("{arrived}/{NOBODY}/open")),
    ] {
        let page = send(astrid, &path, &[]);
        walk.meets(input, &page);
    }
    let page =
        send(astrid, &format!("{}/withdraw", path(astrid, &format!("/employer/sickness-reports/{id}"))), &[]);
    walk.meets("report: withdrawn by an officer", &page);
    let asked = elin.get(&format!("{mine}/withdraw"));
    walk.holds(send(astrid, &format!("{arrived}/{id}/open"), &[]).status == 303, "the officer opens it");
    let page = elin.submit(&asked, "/withdraw", &[]);
    walk.meets("report: withdrawn after an officer opened it", &page);
    let second = report(walk.house, elin);
    walk.moved();
    walk.holds(send(elin, &format!("{second}/withdraw"), &[]).status == 303, "it can be withdrawn");
    let page = send(elin, &format!("{second}/withdraw"), &[]);
    walk.meets("report: withdrawn twice", &page);
    let id = second.rsplit('/').next().unwrap();
    send(astrid, &format!("{arrived}/{id}/open"), &[]);
    let page = astrid.get(&format!("{arrived}/{id}"));
    walk.holds(!page.has("19930820") && !page.has("Hassan"), "what was withdrawn stays closed");
}

/// The right ends between the review and the signature: nothing is sent.
fn a_right_that_ends(walk: &mut Walk<'_>, elin: &mut Browser, cecilia: &mut Browser, reports: &str) {
    let saved = send(elin, &format!("{reports}/new"), &report_fields());
    let draft = saved.header("location").expect("a draft");
    let begun = send(elin, &format!("{draft}/sign"), &[("device", "this"), ("version", "1")]);
    let order = elin.peek(&begun.header("location").expect("an order"));
    let token = order.autostart_token();
    let hidden = guard(elin);
    end(cecilia, "Elin Forsman");
    walk.moved();
    walk.house.phone.start_and_approve("elin", &token);
    let page = elin.arrive(&order);
    walk.meets("signature: the right was taken away meanwhile", &page);
    let page: Page = elin.get_once(reports);
    walk.meets("report: by one whose right was taken away", &page);
    let hidden = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let page = elin.post_once(&format!("{reports}/new"), &hidden.chain(report_fields()).collect::<Vec<_>>());
    walk.meets("form of another party: from before the right was taken away", &page);
}
