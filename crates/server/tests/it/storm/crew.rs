//! Who works during the storm. Each keeps what the server has acknowledged to it, and looks for it in the next life.

use super::mortal;
use crate::main_job::{about, report_fields, today};
use crate::support::Browser;
use crate::support::browser::{GivenUp, Page, Unanswered};
use crate::support::phone::Phone;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// One kind of work, with its memory.
pub trait Work: Send {
    fn name(&self) -> String;
    /// The server is there again, at this address.
    fn ashore(&mut self, base: &str);
    /// What was acknowledged before still holds: of the old some, of the new all; or `all`.
    fn check(&mut self, all: bool);
    /// One act. Unwinds with [`GivenUp`] when the server dies or is busy.
    fn act(&mut self, phone: &Phone);
    /// In words: how many were acknowledged, how many were cut off.
    fn told(&self) -> (&'static str, u64, u64);
}

/// A person who logs in with BankID again and again; each session stays open.
pub struct Logins {
    person: &'static str,
    base: String,
    browser: Option<(Browser, Page)>,
    /// The cookie of every session that this person was given.
    sessions: Vec<String>,
    checked: usize,
    cut: u64,
}

impl Logins {
    pub fn new(person: &'static str, base: &str) -> Self {
        Self { person, base: base.to_owned(), browser: None, sessions: Vec::new(), checked: 0, cut: 0 }
    }

    fn fresh(&self) -> Browser {
        let mut browser = Browser::at(&self.base);
        browser.unanswered = Unanswered::GivesUp;
        browser
    }
}

impl Work for Logins {
    fn name(&self) -> String {
        format!("{} who logs in", self.person)
    }

    fn ashore(&mut self, base: &str) {
        base.clone_into(&mut self.base);
        self.browser = self.browser.take().map(|(browser, order)| (browser.over_at(base), order));
    }

    fn check(&mut self, all: bool) {
        let old = self.checked.min(self.sessions.len().saturating_sub(5));
        for cookie in &self.sessions[if all { 0 } else { old }..] {
            let mut browser = self.fresh();
            browser.cookies.insert("session".to_owned(), cookie.clone());
            let home = browser.get("/home");
            assert!(
                home.status == 200 && home.path.starts_with("/for/"),
                "a session is lost: {}",
                home.text()
            );
        }
        self.checked = self.sessions.len();
    }

    fn act(&mut self, phone: &Phone) {
        // An order that was begun in an earlier life of the server is gone on with, as by a visitor who reloads.
        let (mut browser, order) = match self.browser.take() {
            Some(begun) => begun,
            None => {
                let mut browser = self.fresh();
                let login = browser.get("/login");
                let order = browser.begin(&login);
                phone.start_and_approve(self.person, &order.autostart_token());
                (browser, order)
            }
        };
        let ended = catch_unwind(AssertUnwindSafe(|| browser.try_to_arrive(&order)));
        // The cookie is the acknowledgement, whatever became of the page behind it.
        if let Some(cookie) = browser.cookies.get("session") {
            self.sessions.push(cookie.clone());
        } else if let Err(fault) = &ended {
            self.cut += 1;
            // The page of an order that failed at the provider is told as busy too: that one is over.
            if fault.downcast_ref() == Some(&GivenUp::Gone) {
                self.browser = Some((browser, order));
            }
        }
        if let Err(fault) = ended {
            resume_unwind(fault);
        }
    }

    fn told(&self) -> (&'static str, u64, u64) {
        ("sessions", self.sessions.len() as u64, self.cut)
    }
}

/// Whether a colleague holds authority, as far as the administrator was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Held {
    Yes,
    No,
    /// The answer never came.
    Unknown,
}

/// An administrator who gives one colleague authority and takes it away again.
pub struct Grants {
    browser: Browser,
    people: String,
    number: &'static str,
    holder: &'static str,
    held: Held,
    acknowledged: u64,
    cut: u64,
}

impl Grants {
    pub fn new(browser: Browser, people: &str, number: &'static str, holder: &'static str) -> Self {
        let people = people.to_owned();
        Self { browser, people, number, holder, held: Held::No, acknowledged: 0, cut: 0 }
    }

    fn list(&mut self) -> (Page, Held) {
        let list = self.browser.get(&self.people);
        list.expect(200, "Elin Forsman");
        let listed = list.html.split("<main").nth(1).is_some_and(|main| main.contains(self.holder));
        (list, if listed { Held::Yes } else { Held::No })
    }

    /// How it stands; as it was acknowledged, where it was.
    fn look(&mut self) -> (Page, Held) {
        let (list, held) = self.list();
        if self.held != Held::Unknown {
            assert_eq!(held, self.held, "what {} was given or lost was acknowledged", self.holder);
        }
        self.held = held;
        (list, held)
    }

    /// Sends the form that changes it; the answer that leads on is the acknowledgement.
    fn change(&mut self, page: &Page, action: &str, typed: &[(&str, &str)], to: Held) {
        self.held = Held::Unknown;
        self.cut += 1;
        let answer = self.browser.submit_once(page, action, typed);
        assert_eq!(answer.status, 303, "{}", answer.text());
        self.held = to;
        self.cut -= 1;
        self.acknowledged += 1;
    }
}

impl Work for Grants {
    fn name(&self) -> String {
        format!("the administrator of {}", self.holder)
    }

    fn ashore(&mut self, base: &str) {
        self.browser = self.browser.over_at(base);
    }

    fn check(&mut self, _all: bool) {
        self.look();
    }

    fn act(&mut self, _phone: &Phone) {
        let (list, held) = self.look();
        if held == Held::Yes {
            let asked = self.browser.get(&about(&list, self.holder).link("/end"));
            self.change(&asked, "/end", &[], Held::No);
        } else {
            let form = self.browser.get(&list.link("/people/give"));
            let last_day = today(30);
            let typed = [
                ("number", self.number),
                ("name", self.holder),
                ("email", "colleague@granas.example"),
                ("permission", "employer.user"),
                ("last_day", last_day.as_str()),
                ("need", "Sköter löner"),
            ];
            self.change(&form, "/people/give", &typed, Held::Yes);
        }
    }

    fn told(&self) -> (&'static str, u64, u64) {
        ("mandates given or ended", self.acknowledged, self.cut)
    }
}

/// Somebody who reports sickness, signs each report, and keeps the address of its receipt.
pub struct Reports {
    person: &'static str,
    browser: Browser,
    list: String,
    order: Option<Page>,
    receipts: Vec<String>,
    checked: usize,
    cut: u64,
}

impl Reports {
    pub fn new(browser: Browser, list: &str, person: &'static str) -> Self {
        let list = list.to_owned();
        Self { person, browser, list, order: None, receipts: Vec::new(), checked: 0, cut: 0 }
    }

    /// `None`: an order that the last life of the server left open at the provider was in the way; both are gone now.
    fn begin(&mut self, phone: &Phone) -> Option<Page> {
        let form = self.browser.get(&format!("{}/new", self.list));
        let review = self.browser.submit(&form, "/sickness-reports/new", &report_fields());
        review.expect(200, "Hassan Ivarsson");
        let answer = self.browser.submit_once(&review, "/sign", &[("device", "this")]);
        let Some(order) = answer.header("location") else {
            answer.expect(409, "BEH-1102");
            return None;
        };
        let order = self.browser.peek(&order);
        phone.start_and_approve(self.person, &order.autostart_token());
        Some(order)
    }
}

impl Work for Reports {
    fn name(&self) -> String {
        format!("{} who reports", self.person)
    }

    fn ashore(&mut self, base: &str) {
        self.browser = mortal(&self.browser.over_at(base));
    }

    fn check(&mut self, all: bool) {
        let old = self.checked.min(self.receipts.len().saturating_sub(5));
        for receipt in &self.receipts[if all { 0 } else { old }..] {
            self.browser.get(receipt).expect(200, "Hassan Ivarsson");
        }
        self.checked = self.receipts.len();
    }

    fn act(&mut self, phone: &Phone) {
        let order = match self.order.take() {
            Some(begun) => begun,
            None => match self.begin(phone) {
                Some(order) => order,
                None => return,
            },
        };
        let ended = catch_unwind(AssertUnwindSafe(|| self.browser.try_to_arrive(&order)));
        match ended {
            Ok(Some(page)) if page.status == 200 && page.path.starts_with(&self.list) => {
                page.expect(200, "Hassan Ivarsson");
                self.receipts.push(page.path);
            }
            // The provider's answer was in the hands of the server when it died: told as failed, to be done again.
            Ok(_) => self.cut += 1,
            Err(fault) => {
                self.cut += 1;
                if fault.downcast_ref() == Some(&GivenUp::Gone) {
                    self.order = Some(order);
                }
                resume_unwind(fault);
            }
        }
    }

    fn told(&self) -> (&'static str, u64, u64) {
        ("signed reports", self.receipts.len() as u64, self.cut)
    }
}
