//! The books of an installation held against each other: facts, sessions, reports, letters and records, the log against
//! checkpoints that outsiders saved.

use super::{REPORTERS, at_rest, mortal};
use crate::main_job::{act_for, path};
use crate::support::House;
use crate::support::browser::{Browser, unescape};
use crate::support::house::{eventually, within};
use crate::support::phone::Phone;
use activity::receipt::Receipt;
use activity::verify::Finding;
use activity::{Record, VerifierKey, read_keys};
use domain::fact::Fact;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use store::{StoreError, Tx};

/// Checkpoints kept by the outsider, the newest.
const SAVED: usize = 20;

pub struct Books {
    keys: Vec<VerifierKey>,
    /// Name and text.
    saved: Vec<(String, String)>,
    /// By Message-ID: what was delivered under it.
    letters: BTreeMap<String, Vec<(String, String)>>,
    pub records: u64,
}

/// What one snapshot of the store says.
struct Page {
    records: Vec<Record>,
    mandates: Vec<(String, u64, bool)>,
    sessions: u64,
    reports: Vec<String>,
    without_evidence: u64,
    /// Event, Message-ID, state.
    mails: Vec<(String, String, String)>,
}

impl Books {
    pub fn open(house: &House) -> Self {
        let keys = house.browser().get("/log/keys").html;
        Self { keys: read_keys(&keys).unwrap(), saved: Vec::new(), letters: BTreeMap::new(), records: 0 }
    }

    /// A checkpoint as anybody can fetch it.
    pub fn save_checkpoint(&mut self, house: &House) {
        let mut browser = mortal(&house.browser());
        // On a machine that stands still there is none this time.
        let note = catch_unwind(AssertUnwindSafe(|| browser.get("/log/checkpoint"))).ok();
        if let Some(note) = note.filter(|note| note.status == 200) {
            self.saved.push((format!("saved-{}.txt", self.saved.len()), note.html));
        }
    }

    /// What has arrived; the mailbox is bounded, and emptied while no server sends.
    pub fn collect_letters(&mut self, phone: &Phone) {
        for letter in phone.empty_inbox() {
            let text = |key: &str| letter[key].as_str().unwrap_or_default().to_owned();
            self.letters
                .entry(text("message_id"))
                .or_default()
                .push((text("to"), text("subject") + &text("text")));
        }
    }

    pub fn letters(&self) -> u64 {
        self.letters.len() as u64
    }

    pub fn twice(&self) -> u64 {
        self.letters.values().map(|same| same.len() as u64 - 1).sum()
    }

    /// One snapshot: nothing is half done, nothing is there twice, and the log is sound.
    pub fn check(&mut self, house: &House) {
        // Opened anew each time: a file that we held open would not have to be recovered by the server that comes next.
        let store = house.store();
        let page = house.phone.block_on(store.read(read)).unwrap();
        hold(&page);
        self.records = page.records.len() as u64;
        let newest = self.saved.len().saturating_sub(SAVED);
        let (keys, saved) = (self.keys.clone(), self.saved[newest..].to_vec());
        within(Duration::from_secs(60), "a log without waiting records", || {
            let verify = app::log::verify(&store, keys.clone(), saved.clone(), &app::SystemClock);
            let report = house.phone.block_on(verify).unwrap();
            // After minutes without a server, on a machine that has too much to do, records wait until it is there.
            let waits =
                |finding: &Finding| matches!(finding, Finding::Waiting { .. } | Finding::Unsigned { .. });
            assert!(report.more == 0 && report.findings.iter().all(waits), "{report}");
            report.is_sound().then_some(())
        });
    }

    /// All has come to rest: every letter was delivered, every receipt proves, and the command says so too.
    pub fn close(&mut self, house: &mut House) {
        // A letter that a dead server had taken is free again when its lease is over.
        let mut operations = Browser::patient_at(&house.nodes[0].told("operations"));
        for _ in 0..8 {
            let advance = json!({"advance_seconds": 50}).to_string();
            let moved =
                operations.exactly("POST", "/clock", &[("content-type", "application/json")], advance);
            assert_eq!(moved.status, 200, "{}", moved.html);
        }
        eventually("all letters", || (house.metric("behorig_mail_waiting") == 0).then_some(()));
        self.receipts(house);
        at_rest(house);
        self.collect_letters(&house.phone);
        let page = {
            let store = house.store();
            house.phone.block_on(store.read(read)).unwrap()
        };
        hold(&page);
        self.hold_letters(&page);
        let mut arguments = vec!["log".to_owned(), "verify".to_owned()];
        for (name, note) in self.saved.iter().rev().take(SAVED) {
            std::fs::write(house.folder.join(name), note).unwrap();
            arguments.extend(["--checkpoint".to_owned(), name.clone()]);
        }
        let arguments = arguments.iter().map(String::as_str).collect::<Vec<_>>();
        let (sound, said) = house.run(&arguments);
        assert!(sound && said.contains("the log is sound"), "{said}");
        self.records = page.records.len() as u64;
    }

    /// Each letter was delivered, and what came twice is one letter by its Message-ID.
    fn hold_letters(&self, page: &Page) {
        let sent: BTreeSet<String> = page.mails.iter().map(|(_, id, _)| format!("<{id}>")).collect();
        for (event, id, state) in &page.mails {
            assert_eq!(state, "sent", "the letter of {event}");
            assert!(self.letters.contains_key(&format!("<{id}>")), "the letter of {event} never arrived");
        }
        for (id, same) in &self.letters {
            assert!(sent.contains(id), "a letter that nobody wrote: {id}");
            assert!(
                same.iter().all(|letter| *letter == same[0]),
                "two letters under one Message-ID: {same:?}"
            );
        }
    }

    /// Every signed report has one receipt, which proves it without us.
    fn receipts(&self, house: &House) {
        let mut proven = BTreeSet::new();
        for (person, _, name) in REPORTERS {
            let mut browser = house.browser();
            browser.log_in(&house.phone, person);
            act_for(&mut browser, name);
            self.receipts_of(&mut browser, &mut proven);
        }
        let store = house.store();
        let page = house.phone.block_on(store.read(read)).unwrap();
        assert_eq!(proven.len(), page.reports.len(), "each report has its receipt");
    }

    fn receipts_of(&self, browser: &mut Browser, proven: &mut BTreeSet<Option<String>>) {
        let mut next = Some(path(browser, "/mine/receipts"));
        while let Some(address) = next {
            let list = browser.get(&address);
            let hrefs = list.html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
            let hrefs = hrefs.map(unescape).collect::<Vec<_>>();
            for link in hrefs.iter().filter(|href| href.contains("/mine/receipts/")) {
                let file =
                    eventually("a receipt", || Some(browser.get(link)).filter(|page| page.status == 200));
                let receipt: Receipt = file.html.parse().unwrap();
                let record = receipt.verify(&self.keys).unwrap().record;
                assert_eq!(record.event, "employer.sickness_report.sent");
                assert!(proven.insert(record.object), "two receipts of one report");
            }
            next = hrefs.into_iter().find(|href| href.contains("/mine/receipts?after="));
        }
    }
}

fn read(tx: &mut Tx<'_>) -> Result<Page, StoreError> {
    let bodies = tx.query("SELECT body FROM record", &[])?;
    let records = bodies.iter().map(|row| Ok(Record::from_body(&row.get::<String>(0)?).unwrap()));
    let mandates = store::facts::all_current(tx)?.into_iter().filter_map(|version| match version.fact {
        Fact::Mandate(_) => Some((version.id.to_string(), version.seq_from.0, version.valid_to.is_some())),
        _ => None,
    });
    let reports = tx.query("SELECT id FROM employer_sickness_report", &[])?;
    let reports = reports.iter().map(|row| Ok(app::log::hex(&row.get::<Vec<u8>>(0)?)));
    let lost = "SELECT count(*) FROM employer_sickness_report r WHERE NOT EXISTS \
                (SELECT 1 FROM evidence e WHERE e.hash = r.evidence)";
    let mails = tx.query("SELECT event, message_id, state FROM mail", &[])?;
    Ok(Page {
        records: records.collect::<Result<_, StoreError>>()?,
        mandates: mandates.collect(),
        sessions: tx.query("SELECT count(*) FROM session", &[])?[0].get(0)?,
        reports: reports.collect::<Result<_, StoreError>>()?,
        without_evidence: tx.query(lost, &[])?[0].get(0)?,
        mails: mails
            .iter()
            .map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .collect::<Result<_, StoreError>>()?,
    })
}

/// What was done with one thing: the records of it, by event and thing.
fn by_event(page: &Page) -> BTreeMap<&str, Vec<String>> {
    let mut by: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for record in &page.records {
        by.entry(&record.event).or_default().push(record.object.clone().unwrap_or_default());
    }
    by
}

fn hold(page: &Page) {
    let by = by_event(page);
    let of = |event: &str| by.get(event).cloned().unwrap_or_default();
    let once = |event: &str| {
        let things = of(event);
        assert_eq!(things.iter().collect::<BTreeSet<_>>().len(), things.len(), "{event} twice for one thing");
        things
    };
    // A mandate and its end: fact, record and letter, or none of them.
    let (given, ended) = (once("mandate.given"), once("mandate.ended"));
    let over = |id: &String| page.mandates.iter().any(|(fact, _, over)| fact == id && *over);
    let told = |event: String| page.mails.iter().filter(|(had, _, _)| *had == event).count() == 1;
    for id in &given {
        assert!(page.mandates.iter().any(|(fact, _, _)| fact == id), "{id} is recorded and not given");
        assert!(told(format!("{id}.given")), "the holder of {id} is not told");
    }
    for id in &ended {
        assert!(over(id) && told(format!("{id}.ended")), "{id} is recorded as ended and is not");
    }
    let seqs = page.records.iter().filter_map(|record| record.seq).map(|seq| seq.0).collect::<BTreeSet<_>>();
    for (id, seq, _) in &page.mandates {
        assert!(seqs.contains(seq), "the mandate {id} has no record of its change");
    }
    // A session and its login.
    assert_eq!(of("login.done").len() as u64, page.sessions, "sessions and logins");
    // A report, its evidence, its record and its letter.
    let sent = once("employer.sickness_report.sent");
    assert_eq!((sent.len(), page.without_evidence), (page.reports.len(), 0), "reports, records, evidence");
    for id in &page.reports {
        assert!(sent.iter().any(|object| object.contains(id.as_str())), "the report {id} has no record");
        assert!(page.mails.iter().any(|(event, _, _)| event.contains(id.as_str())), "no letter of {id}");
    }
}
