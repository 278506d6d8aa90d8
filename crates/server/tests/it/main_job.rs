//! The main job: two officers, an employer on paper, a permission given, a signed errand, a removal, the log verified.

use crate::support::browser::Page;
use crate::support::house::{Engine, eventually};
use crate::support::{Browser, House};

/// A form as an officer scans it.
pub const SCAN: &[u8] = b"%PDF-1.7\n% a scanned form\n";

// R-002-06 (part), R-002-07, R-004-10, R-004-18 (part), R-004-20, R-004-23, R-004-24, R-004-31 (part)
#[test]
fn the_main_job_on_sqlite() {
    main_job(&mut House::start(Engine::Sqlite));
}

// R-004-20, R-004-23, R-004-31
#[test]
fn the_main_job_on_postgresql_with_two_nodes() {
    main_job(&mut House::start(Engine::Postgres));
}

fn main_job(house: &mut House) {
    let second_node = match house.postgres() {
        true => house.node(),
        false => house.address(),
    };
    let (mut astrid, mut bengt) = officers(house);
    employer_by_paper(house, &mut astrid, &mut bengt);

    // The administrator gives a colleague a permission; it works at the colleague's next click.
    let mut elin = house.browser();
    elin.log_in(&house.phone, "elin");
    let mut cecilia = house.browser();
    cecilia.log_in(&house.phone, "cecilia");
    act_for(&mut cecilia, "Granåsens");
    assert!(!offers(&mut elin, "Granåsens"), "nobody gets authority by being employed");
    give(&mut cecilia, "199205052385", "Elin Forsman", "employer.user");
    act_for(&mut elin, "Granåsens");
    let receipt = report(house, &mut elin);
    let reference = elin.get(&receipt).reference();
    why(&mut cecilia, "Elin Forsman");

    // The officer finds what arrived, who sent it and why they could.
    act_for(&mut astrid, "Exempelmyndigheten");
    let list = astrid.get(&path(&astrid, "/employer/sickness-reports/received"));
    list.expect(200, "Granåsens Åkeri AB");
    let arrived = astrid.get(&list.link("/sickness-reports/received/"));
    let arrived = astrid.submit(&arrived, "/open", &[]);
    arrived.expect(200, "Elin Forsman");
    assert!(arrived.has("Cecilia Dahl"), "the chain is shown: {}", arrived.text());

    // Removal ends the live page at the next click, in a second browser and on a second node too.
    let mut elsewhere = elin.over_at(&second_node);
    elsewhere.get(&receipt).expect(200, "");
    end(&mut cecilia, "Elin Forsman");
    for browser in [&mut elin, &mut elsewhere] {
        let page = browser.get(&receipt);
        assert_ne!(page.status, 200, "{}", page.text());
    }
    proof(house, &reference);
    // What was read under the old wrapping key is read under the new one.
    cecilia.get(&path(&cecilia, "/people")).expect(200, "Cecilia Dahl");
}

/// Two invitations for two people; neither has any right until the second has confirmed the first.
pub fn officers(house: &House) -> (Browser, Browser) {
    let (mut astrid, mut bengt) = (house.browser(), house.browser());
    astrid.log_in(&house.phone, "astrid");
    bengt.log_in(&house.phone, "bengt");
    let page = astrid.get("/invitation");
    let codes = &house.invitations;
    astrid.submit(&page, "/invitation", &[("code", &codes[0]), ("email", "astrid@agency.example")]);
    assert!(!offers(&mut astrid, "Exempelmyndigheten"), "one person alone has no right");
    // One person cannot use both.
    let page = astrid.get("/invitation");
    if page.html.contains("name=\"code\"") {
        astrid.submit(&page, "/invitation", &[("code", &codes[1]), ("email", "astrid@agency.example")]);
        assert!(!offers(&mut astrid, "Exempelmyndigheten"));
    }
    let page = bengt.get("/invitation");
    let asked = bengt.submit(&page, "/invitation", &[("code", &codes[1]), ("email", "bengt@agency.example")]);
    asked.expect(200, "Astrid Alm");
    assert!(!offers(&mut bengt, "Exempelmyndigheten"), "not before the confirmation");
    bengt.submit(&asked, "/invitation/confirm", &[]);
    act_for(&mut bengt, "Exempelmyndigheten");
    act_for(&mut astrid, "Exempelmyndigheten");
    (astrid, bengt)
}

/// The paper form registered by one official and confirmed by another; both sides get their mail.
pub fn employer_by_paper(house: &House, astrid: &mut Browser, bengt: &mut Browser) {
    let list = astrid.get(&path(astrid, "/applications"));
    let form = astrid.get(&list.link("/applications/register"));
    let case = astrid.submit_file(
        &form,
        "/applications/register",
        &[
            ("organisation_number", "405620-1108"),
            ("organisation_name", "Granåsens Åkeri AB"),
            ("organisation_email", "info@granas.example"),
            ("administrator_number", "19910214-2388"),
            ("administrator_name", "Cecilia Dahl"),
            ("administrator_email", "cecilia@granas.example"),
            ("terms_version", "2024-12-20"),
            ("arrived", &today(-1)),
        ],
        ("scan", "blankett.pdf", SCAN),
    );
    case.expect(200, "Granåsens Åkeri AB");
    // Registered is not connected; the named person can do nothing yet.
    let mut cecilia = house.browser();
    cecilia.log_in(&house.phone, "cecilia");
    assert!(!offers(&mut cecilia, "Granåsens"));
    // The one who registered cannot confirm.
    if case.html.contains("/confirm\"") {
        let refused = astrid.submit(&case, "/confirm", &[]);
        assert_ne!(refused.status, 200, "{}", refused.text());
    }
    let seen = bengt.get(&case.path);
    bengt.submit(&seen, "/confirm", &[]).expect(200, "Granåsens Åkeri AB");
    for to in ["info@granas.example", "cecilia@granas.example", "astrid@agency.example"] {
        eventually(&format!("mail to {to}"), || house.phone.inbox(to).first().cloned());
    }
}

/// Whether the chooser offers a party.
pub fn offers(browser: &mut Browser, name: &str) -> bool {
    let page = browser.get("/party");
    page.html.split("<main").nth(1).is_some_and(|main| {
        main.contains("name=\"to\"") && main.split("</main>").next().unwrap().contains(name)
    })
}

/// Chooses a party by (a part of) its name.
pub fn act_for(browser: &mut Browser, name: &str) {
    let page = browser.get("/party");
    let (target, mut fields) = party_form(&page, name);
    fields.retain(|(field, _)| field != "next");
    let fields = fields.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect::<Vec<_>>();
    browser.post(&target, &fields).expect(200, name);
}

/// The form or button on the chooser that stands with a name.
fn party_form(page: &Page, name: &str) -> (String, Vec<(String, String)>) {
    let (target, mut fields) = page.form("/party");
    let main = page.html.split("<main").nth(1).expect("a main part");
    let at = main
        .find(&format!("choice__name\">{name}"))
        .unwrap_or_else(|| panic!("no party {name}: {}", page.text()));
    let button = main[..at].rfind("name=\"to\"").expect("a button");
    let value = main[button..].split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    fields.retain(|(field, _)| field != "to");
    fields.push(("to".into(), value));
    (target, fields)
}

/// An address for the party that the browser acts for.
pub fn path(browser: &Browser, rest: &str) -> String {
    let mut browser = browser.over_at(&browser.base);
    let home = browser.get("/home");
    let base = home.path.trim_end_matches('/').to_owned();
    assert!(base.starts_with("/for/"), "home is {base}: {}", home.text());
    format!("{base}{rest}")
}

pub fn give(administrator: &mut Browser, number: &str, name: &str, package: &str) {
    let people = path(administrator, "/people");
    let list = administrator.get(&people);
    let form = administrator.get(&list.link("/people/give"));
    administrator
        .submit(
            &form,
            "/people/give",
            &[
                ("number", number),
                ("name", name),
                ("email", "elin@granas.example"),
                ("permission", package),
                ("last_day", &today(30)),
                ("need", "Sköter löner"),
            ],
        )
        .expect(200, name);
}

/// The part of a list of people that is about one of them.
pub fn about(list: &Page, name: &str) -> Page {
    let main = list.html.find("<main").expect("a main part");
    let at = list.html[main..].find(name).unwrap_or_else(|| panic!("{name} is not listed: {}", list.text()));
    Page { html: list.html[main + at..].to_owned(), ..list.clone() }
}

fn why(administrator: &mut Browser, name: &str) {
    let list = administrator.get(&path(administrator, "/people"));
    let page = administrator.get(&about(&list, name).link("/why"));
    page.expect(200, "Cecilia Dahl");
}

pub fn end(administrator: &mut Browser, name: &str) {
    let list = administrator.get(&path(administrator, "/people"));
    let asked = administrator.get(&about(&list, name).link("/end"));
    asked.expect(200, name);
    administrator.submit(&asked, "/end", &[]);
}

/// A sickness report, from form to receipt; gives the receipt's address.
pub fn report(house: &House, elin: &mut Browser) -> String {
    let list = elin.get(&path(elin, "/employer/sickness-reports"));
    let form = elin.get(&list.link("/sickness-reports/new"));
    let review = elin.submit(
        &form,
        "/sickness-reports/new",
        &[("employee_number", "19931020-0000"), ("employee_name", "Hassan Ivarsson")],
    );
    assert_eq!(review.status, 422, "a wrong check digit is told at its field: {}", review.text());
    let review = elin.submit(&form, "/sickness-reports/new", &report_fields());
    review.expect(200, "Hassan Ivarsson");
    let order = elin.submit_to_order(&review, "/sign", &[("device", "this")]);
    let order = elin.peek(&order);
    house.phone.start_and_approve("elin", &order.autostart_token());
    let receipt = elin.arrive(&order);
    receipt.expect(200, "Hassan Ivarsson");
    receipt.path
}

pub fn report_fields() -> Vec<(&'static str, &'static str)> {
    let leak = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    vec![
        ("employee_number", "199308202390"),
        ("employee_name", "Hassan Ivarsson"),
        ("workplace", "Granåsen"),
        ("first_sick_day", leak(today(-15))),
        ("last_sick_pay_day", leak(today(-2))),
        ("degree", "100"),
        ("contact_name", "Elin Forsman"),
        ("contact_email", "elin@granas.example"),
    ]
}

/// Verify, prove, check the receipt without the store, and hold an earlier checkpoint against it.
fn proof(house: &mut House, reference: &str) {
    let (good, saved) = house.run(&["log", "checkpoint"]);
    assert!(good, "{saved}");
    std::fs::write(house.folder.join("saved.txt"), &saved).unwrap();
    for key in ["vault", "checkpoint"] {
        let (good, said) = house.run(&["keys", "rotate", key]);
        assert!(good, "{said}");
    }
    // Old ciphertext is readable and the running node goes on with the turned keys.
    let mut greta = house.browser();
    greta.log_in(&house.phone, "greta").expect(200, "Greta");
    let report = eventually("the log at rest", || {
        let (good, said) = house.run(&["log", "verify", "--checkpoint", "saved.txt"]);
        good.then_some(said).filter(|said| said.contains("0 waiting"))
    });
    assert!(report.contains("the log is sound"), "{report}");
    let (good, keys) = house.run(&["keys", "public"]);
    assert!(good, "{keys}");
    std::fs::write(house.folder.join("keys.txt"), &keys).unwrap();
    let (good, receipt) = house.run(&["log", "prove", reference]);
    assert!(good, "{receipt}");
    std::fs::write(house.folder.join("receipt.txt"), &receipt).unwrap();
    // Elsewhere, without store and configuration.
    let alone = std::process::Command::new(crate::support::house::BINARY)
        .args(["log", "verify", "--receipt", "receipt.txt", "--key", "keys.txt"])
        .current_dir(&house.folder)
        .env_clear()
        .output()
        .expect("the command runs");
    let said = crate::support::house::text(&alone);
    assert!(alone.status.success() && said.contains("employer.sickness_report.sent"), "{said}");
}

/// A day from today in Sweden.
pub fn today(days: i64) -> String {
    use domain::Clock as _;
    let today = domain::calendar::date_in_stockholm(app::SystemClock.now());
    today.saturating_add(jiff::Span::new().days(days)).to_string()
}
