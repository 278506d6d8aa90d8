//! A demo in which the three people do what everybody does: a permission, a report sent and signed, one about her, one
//! begun about another, a request, letters.

use super::canary::{MONA, PHONE, PLACE, SIV, Seen, found};
use super::routes::Ids;
use crate::bad_files::run;
use crate::demo::{demo, free_base, with_pki};
use crate::main_job::{act_for, report_fields, today};
use crate::support::Browser;
use crate::support::browser::Page;
use crate::support::house::{Process, eventually, folder};
use crate::support::phone::Phone;
use crate::support::table::Table;
use std::path::PathBuf;

pub struct Scene {
    demo: Process,
    phone: Phone,
    operations: String,
    /// The example e-service, as its visitors reach it.
    pub shop: String,
    pub data: PathBuf,
    pub ids: Ids,
    reference: String,
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.demo.kill();
        drop(std::fs::remove_dir_all(&self.data));
    }
}

impl Scene {
    pub fn play() -> Scene {
        let (base, data) = (free_base(), folder());
        with_pki(&data);
        let demo = demo(&data, &["--port-base", &base.to_string()]);
        let phone = Phone::new(&format!("http://127.0.0.1:{}", base + 1));
        let operations = format!("http://127.0.0.1:{}", base + 2);
        let shop = format!("http://127.0.0.1:{}", base + 20);
        let (ids, reference) = (Ids::default(), String::new());
        let mut scene = Scene { demo, phone, operations, shop, data, ids, reference };
        scene.act();
        scene
    }

    pub fn browser(&self) -> Browser {
        Browser::at(&self.demo.told("ready"))
    }

    pub fn log_in(&self, who: &str, party: &str) -> Browser {
        let mut browser = self.browser();
        let page = browser.get("/login");
        let order = browser.begin(&page);
        self.phone.start_and_approve(who, &order.autostart_token());
        browser.arrive(&order);
        if !party.is_empty() {
            act_for(&mut browser, party);
        }
        browser
    }

    fn act(&mut self) {
        // She logs in as everybody does, sees her own name and number, and those who may open see them too.
        let mut mona = self.log_in("mona", "Granåsens");
        assert!(found(&mona.get("/party").html).contains(&"Mona Nyman".to_owned()), "her own page is hers");
        let fields = |employee: [&'static str; 2]| {
            let mut fields = report_fields();
            fields.retain(|(name, _)| !["employee_number", "employee_name", "workplace"].contains(name));
            fields.extend([
                ("employee_number", employee[0]),
                ("employee_name", employee[1]),
                ("workplace", PLACE),
            ]);
            fields
        };
        // She reports a colleague, with herself as contact.
        let mut own = fields(["199308202390", "Hassan Ivarsson"]);
        own.retain(|(name, _)| !name.starts_with("contact_"));
        own.extend([("contact_name", "Mona Nyman"), ("contact_phone", PHONE)]);
        let sent = self.sign(&mut mona, "mona", &own);
        self.ids.reports.push(last(&sent.path));
        self.reference = sent.reference();
        // She is reported, and another report about somebody like her is begun and not sent.
        let mut elin = self.log_in("elin", "Granåsens");
        let sent = self.sign(&mut elin, "elin", &fields([MONA, "Mona Nyman"]));
        self.ids.reports.push(last(&sent.path));
        let draft = write(&mut elin, &fields([SIV, "Siv Tranberg"]));
        draft.expect(200, "Siv Tranberg");
        self.ids.drafts.push(last(&draft.path));
        // An administrator gives one of them a permission, by number and name as for anybody.
        let mut cecilia = self.log_in("cecilia", "Granåsens");
        let list = cecilia.get("/home").path;
        self.ids.parties.push(last(&list));
        let form = cecilia.get(&format!("{list}/people/give"));
        let until = today(30);
        let typed = [
            ("number", SIV),
            ("name", "Siv Tranberg"),
            ("email", "siv@post.example"),
            ("permission", "employer.user"),
            ("last_day", until.as_str()),
            ("need", "Sköter löner"),
        ];
        let given = cecilia.submit(&form, "/people/give", &typed);
        assert!(given.status == 200 && found(&given.html).is_empty(), "{}", given.text());
        let people = cecilia.get(&format!("{list}/people"));
        self.ids.mandates = stand_ins(&people);
        assert_eq!(self.ids.mandates.len(), 2, "Mona and Siv: {}", people.text());
        // Both are refused something, and ask for it.
        let ask = [("permission", "employer.mandate.give"), ("organisation", self.ids.parties[0].as_str())];
        let refused = mona.get(&format!("{list}/people"));
        assert_eq!(refused.status, 403, "{}", refused.text());
        let asked = mona.submit(&refused, "/requests/ask", &ask);
        let asked_path = asked.path.split('?').next().unwrap().to_owned();
        assert!(asked_path.contains("/requests/"), "{}: {}", asked.path, asked.text());
        self.ids.cases.push(last(&asked_path));
        let mut astrid = self.log_in("astrid", "Exempelmyndigheten");
        let agency = astrid.get("/home").path;
        let waiting = astrid.get(&format!("{agency}/applications"));
        self.ids.cases.extend(ids_after(&waiting, "/applications/"));
        let mut mona = self.log_in("mona", "");
        let own = self_of(&mut mona).expect("her own party");
        let receipts = eventually("her receipt", || {
            let page = mona.get(&format!("/for/{own}/mine/receipts"));
            page.html.contains("/mine/receipts/").then_some(page)
        });
        self.ids.records = ids_after(&receipts, "/mine/receipts/");
        self.handler();
    }

    /// Those who may open do so with a reason; number and name of somebody unknown, or unmarked, look like each other.
    fn handler(&self) {
        let mut ulla = self.log_in("ulla", "Exempelmyndigheten");
        let page = format!("{}/protected", ulla.get("/home").path);
        let form = ulla.get(&page);
        let mut open =
            |number: &str| ulla.submit(&form, "/protected", &[("number", number), ("reason", "errand")]);
        let opened = open(MONA);
        assert_eq!(opened.status, 200, "{}", opened.text());
        assert!(opened.has("Mona Nyman") && opened.has("Sekretessmarkering"), "{}", opened.text());
        let bare = |page: Page| page.html.split("<main").nth(1).unwrap().to_owned();
        let guard = |html: String| {
            html.split("value=\"").map(|part| part.split_once('"').map_or(part, |p| p.1)).collect::<String>()
        };
        // The number of an identity that was replaced leads to nobody, like one that nobody has and one without a mark.
        let nobody =
            [open("196408233234"), open("201212121212"), open("199102142388")].map(|page| guard(bare(page)));
        assert!(nobody[0].contains("Ingen sådan person"), "{}", nobody[0]);
        assert!(nobody.iter().all(|page| *page == nobody[0]));
        let mut token = form.form("/protected").1;
        token.retain(|(name, _)| name == "csrf" || name == "party");
        self.wrongly(&mut ulla, &page, &token);
    }

    /// The rows of `docs/bad-input.md` about this page that only somebody who may open can perform.
    fn wrongly(&self, ulla: &mut Browser, page: &str, token: &[(String, String)]) {
        const ERRAND: (&str, &str) = ("reason", "errand");
        let mut table = Table::of("protected.rs::nobody_but_the_entitled_finds_a_protected_person");
        let mark = format!("{page}/mark");
        for (input, at, typed) in [
            ("no number", page, vec![("number", " "), ERRAND]),
            ("a wrong check digit", page, vec![("number", "19960110-2389"), ERRAND]),
            ("letters", page, vec![("number", "19960110-238x"), ERRAND]),
            ("an organisation's number", page, vec![("number", "405620-1108"), ERRAND]),
            ("no reason", page, vec![("number", MONA)]),
            ("a reason in one's own words", page, vec![("number", MONA), ("reason", "nyfiken")]),
            ("two reasons", page, vec![("number", MONA), ERRAND, ("reason", "review")]),
            ("a number of nobody", page, vec![("number", "201212121212"), ERRAND]),
            ("a number of somebody without protection", page, vec![("number", "199102142388"), ERRAND]),
            // No button marks anybody, and trying is recorded.
            ("protection set by hand", mark.as_str(), vec![]),
        ] {
            let row = table.row(&format!("protected data: {input}")).unwrap();
            let hidden = token.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let answer = ulla.post(at, &hidden.chain(typed).collect::<Vec<_>>());
            assert_eq!(answer.status.to_string(), row.status, "{input}: {}", answer.text());
            for code in &row.codes {
                assert!(answer.has(&table.words(code)), "{input}: {code}: {}", answer.text());
            }
            assert!(
                !answer.has("Mona Nyman") && !answer.has("Sekretessmarkering"),
                "{input}: {}",
                answer.text()
            );
        }
        assert_eq!(table.left(), Vec::<String>::new());
    }

    fn sign(&self, browser: &mut Browser, who: &str, fields: &[(&str, &str)]) -> Page {
        let review = write(browser, fields);
        let order = browser.submit_to_order(&review, "/sign", &[("device", "this")]);
        let order = browser.peek(&order);
        self.phone.start_and_approve(who, &order.autostart_token());
        let receipt = browser.arrive(&order);
        assert_eq!(receipt.status, 200, "{}", receipt.text());
        receipt
    }

    /// What is no page: letters, metrics, the technical log, what commands print.
    pub fn beside(&self, leaks: &mut Vec<String>) {
        let mut note = |what: &str, text: &str| leaks.extend(Seen::said(what, text).leaks());
        let letters = eventually("letters", || {
            let letters = self.phone.get("/inbox").as_array().cloned().unwrap_or_default();
            (letters.len() > 3).then_some(letters)
        });
        for mut letter in letters {
            let to = letter["to"].as_str().unwrap_or_default().to_owned();
            if ["mona@post.example", "siv@post.example"].contains(&to.as_str()) {
                // To herself, at an address of her own; what it says may still be seen on the way.
                letter["to"] = "herself".into();
            }
            note("a letter", &letter.to_string());
        }
        let mut operations = Browser::at(&self.operations);
        for path in ["/healthz", "/readyz", "/metrics", "/clock"] {
            let page = operations.get(path);
            assert_eq!(page.status, 200, "{path}");
            note(path, &page.html);
        }
        let config = self.data.join("behorig.toml").display().to_string();
        for command in [
            &["log", "verify"][..],
            &["log", "checkpoint"],
            &["log", "prove", &self.reference],
            &["keys", "public"],
        ] {
            let (code, said) = run(&[command, &["--config", &config]].concat());
            assert_eq!(code, 0, "{command:?}: {said}");
            note(&command.join(" "), &said);
        }
        note("standard output", &self.demo.lines.join("\n"));
        note("the technical log", &self.demo.log());
    }
}

/// The draft's review.
fn write(browser: &mut Browser, fields: &[(&str, &str)]) -> Page {
    let at = browser.get("/home").path;
    let form = browser.get(&format!("{at}/employer/sickness-reports/new"));
    let review = browser.submit(&form, "/sickness-reports/new", fields);
    assert_eq!(review.status, 200, "{}", review.text());
    review
}

/// The visitor's own party, as the chooser names it.
pub fn self_of(browser: &mut Browser) -> Option<String> {
    let page = browser.get("/party");
    let first = page.html.split("name=\"to\"").nth(1)?;
    first.split("value=\"").nth(1)?.split('"').next().map(str::to_owned)
}

/// The people of a list who are shown by a stand-in, each with a mandate.
fn stand_ins(list: &Page) -> Vec<(String, String)> {
    let mut found = std::collections::BTreeMap::new();
    for part in list.html.split("Person ").skip(1) {
        let link = part.split("/people/").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        if let Some((person, mandate)) = link.split_once("/end?mandate=") {
            found.insert(person.to_owned(), mandate.to_owned());
        }
    }
    found.into_iter().collect()
}

/// For whom the visitor acts.
pub fn acting_for(browser: &mut Browser) -> String {
    last(&browser.get("/home").path)
}

fn last(path: &str) -> String {
    path.split('?').next().unwrap().rsplit('/').next().unwrap().to_owned()
}

/// Every id that follows `before` in the page's addresses, once.
fn ids_after(page: &Page, before: &str) -> Vec<String> {
    let is_id = |part: &&str| part.len() >= 32 && part.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    let all = page.html.split(before).skip(1);
    let ids = all.filter_map(|rest| rest.split(['/', '"', '&', '?']).next()).filter(is_id);
    ids.map(str::to_owned).collect::<std::collections::BTreeSet<_>>().into_iter().collect()
}
