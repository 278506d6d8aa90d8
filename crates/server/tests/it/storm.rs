//! Kill storm: the real binary under the load of real clients, killed again and again; what was acknowledged is there.
//!
//! Each round starts the server as a supervisor would (no command, no repair), lets every client see that what it was
//! told before still holds, holds the books of the store against each other while the load runs, and kills the server
//! at a moment that nobody chose. `BEHORIG_SOAK_KILLS` makes it long: so many on SQLite, a fifth of them on PostgreSQL.

mod books;
mod crew;

use crate::main_job::{act_for, employer_by_paper, give, officers, path};
use crate::support::House;
use crate::support::browser::{Browser, GivenUp, Unanswered};
use crate::support::house::{Engine, Process, eventually};
use books::Books;
use crew::{Grants, Logins, Reports, Work};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::{Duration, Instant};

/// Kills in one installation. A long storm begins a new one then: sessions last two hours.
const IN_ONE_HOUSE: u32 = 50;
/// The longest that a round lasts, in milliseconds.
const LONGEST: u64 = 2_000;

/// Who reports sickness: id, personal number, name.
const REPORTERS: [(&str, &str, &str); 2] =
    [("elin", "199205052385", "Elin Forsman"), ("nils", "199602132392", "Nils Oskarsson")];
/// Whose authority comes and goes.
const COLLEAGUES: [(&str, &str); 4] = [
    ("199206162399", "Farid Gran"),
    ("199103022399", "David Ek"),
    ("199801052383", "Tora Ulriksson"),
    ("199803122382", "Ylva Wiberg"),
];
/// Who logs in again and again.
const VISITORS: [&str; 8] = ["greta", "hassan", "inga", "johan", "leif", "mona", "karin", "vera"];

// R-004-47 (part)
#[test]
fn kills_on_sqlite() {
    storm("SQLite", || Engine::Sqlite, asked_for().unwrap_or(12));
}

#[test]
fn kills_on_postgresql() {
    storm("PostgreSQL", || Engine::Postgres, asked_for().map_or(8, |kills| kills.div_ceil(5)));
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

fn asked_for() -> Option<u32> {
    number("BEHORIG_SOAK_KILLS").map(|kills| u32::try_from(kills).unwrap())
}

fn storm(engine_name: &str, engine: impl Fn() -> Engine, kills: u32) {
    let seed = number("BEHORIG_SOAK_SEED").unwrap_or(1);
    let (mut dice, mut told) = (Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1), Told::default());
    while told.kills < kills {
        one_house(engine(), IN_ONE_HOUSE.min(kills - told.kills), &mut dice, &mut told);
        println!("soak: {engine_name}, seed {seed}: {told}");
    }
}

fn one_house(engine: Engine, kills: u32, dice: &mut Dice, told: &mut Told) {
    let mut house = House::start(engine);
    let mut crew = gather(&house);
    let mut books = Books::open(&house);
    let until = told.kills + kills;
    while told.kills < until {
        let left = until - told.kills;
        let lasts = Duration::from_millis(50 + dice.below(LONGEST));
        let base = house.address();
        std::thread::scope(|scope| {
            let ashore = crew
                .iter_mut()
                .map(|work| (work.name(), scope.spawn(|| sail(work.as_mut(), &base, &house))))
                .collect::<Vec<_>>();
            let server = Doomed(&house.nodes[0]);
            // Beside the load: a log that is being written must never look wrong.
            books.check(&house);
            std::thread::sleep(lasts);
            books.save_checkpoint(&house);
            drop(server);
            for (name, worker) in ashore {
                if let Err(fault) = worker.join() {
                    eprintln!("{name} found it otherwise:\n{}", house.logs());
                    resume_unwind(fault);
                }
            }
        });
        books.collect_letters(&house.phone);
        house.kill();
        told.kills += 1;
        // Some die while they are coming up: the next one finds what that left.
        if told.kills.is_multiple_of(4) && left > 1 {
            house.node_that_dies(Duration::from_millis(dice.below(400)));
            told.kills += 1;
        }
        let begin = Instant::now();
        house.node();
        told.slowest = told.slowest.max(begin.elapsed());
    }
    let base = house.address();
    for work in &mut crew {
        work.ashore(&base);
        eventually(&work.name(), || {
            catch_unwind(AssertUnwindSafe(|| work.check(true))).map_err(not_busy).ok()
        });
    }
    books.check(&house);
    books.close(&mut house);
    for work in &crew {
        told.count(work.as_ref());
    }
    told.add(&books);
}

/// Everybody who works during the storm, logged in and with the authority for it.
fn gather(house: &House) -> Vec<Box<dyn Work>> {
    let (mut astrid, mut bengt) = officers(house);
    employer_by_paper(house, &mut astrid, &mut bengt);
    let logged_in = |person: &'static str| {
        move || {
            let mut browser = house.browser();
            browser.log_in(&house.phone, person);
            browser
        }
    };
    // A login takes seconds of waiting for the phone: all at once.
    let (mut cecilia, reporters) = std::thread::scope(|scope| {
        let cecilia = scope.spawn(logged_in("cecilia"));
        let reporters = REPORTERS.map(|(person, _, _)| scope.spawn(logged_in(person)));
        (cecilia.join().unwrap(), reporters.map(|login| login.join().unwrap()))
    });
    act_for(&mut cecilia, "Granåsens");
    let people = path(&cecilia, "/people");
    let mut crew: Vec<Box<dyn Work>> = Vec::new();
    for ((person, number, name), mut browser) in REPORTERS.into_iter().zip(reporters) {
        give(&mut cecilia, number, name, "employer.user");
        act_for(&mut browser, "Granåsens");
        let reports = path(&browser, "/employer/sickness-reports");
        crew.push(Box::new(Reports::new(mortal(&browser), &reports, person)));
    }
    for (number, name) in COLLEAGUES {
        crew.push(Box::new(Grants::new(mortal(&cecilia), &people, number, name)));
    }
    for person in VISITORS {
        crew.push(Box::new(Logins::new(person, &house.address())));
    }
    crew
}

/// The same browser, prepared for a server that dies.
fn mortal(browser: &Browser) -> Browser {
    let mut browser = browser.over_at(&browser.base);
    browser.unanswered = Unanswered::GivesUp;
    browser
}

/// Checks, then works until the server is gone.
fn sail(work: &mut dyn Work, base: &str, house: &House) {
    work.ashore(base);
    let mut checked = false;
    loop {
        let ended = catch_unwind(AssertUnwindSafe(|| match checked {
            false => work.check(false),
            true => work.act(&house.phone),
        }));
        match ended.map_err(|fault| (fault.downcast_ref().copied(), fault)) {
            Ok(()) => checked = true,
            Err((Some(GivenUp::Gone), _)) => return,
            // On a machine that has too much to do. It says that nothing was done: the check of the next life looks.
            Err((Some(GivenUp::Busy), _)) => std::thread::sleep(Duration::from_millis(200)),
            Err((None, fault)) => resume_unwind(fault),
        }
    }
}

/// Goes on unwinding, but from a busy server.
fn not_busy(fault: Box<dyn std::any::Any + Send>) {
    if fault.downcast_ref() != Some(&GivenUp::Busy) {
        resume_unwind(fault);
    }
}

/// Killed when this goes, also by a failed check: the clients work until then.
struct Doomed<'a>(&'a Process);

impl Drop for Doomed<'_> {
    fn drop(&mut self) {
        self.0.kill();
    }
}

/// Repeatable numbers: xorshift64.
pub struct Dice(u64);

impl Dice {
    /// From 0 to `bound` - 1.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// What came of it, added up.
#[derive(Default)]
struct Told {
    kills: u32,
    acknowledged: std::collections::BTreeMap<&'static str, u64>,
    cut: u64,
    records: u64,
    letters: u64,
    twice: u64,
    /// Until a killed server was ready again.
    slowest: Duration,
}

impl Told {
    fn count(&mut self, work: &dyn Work) {
        let (what, acknowledged, cut) = work.told();
        *self.acknowledged.entry(what).or_default() += acknowledged;
        self.cut += cut;
    }

    fn add(&mut self, books: &Books) {
        self.records += books.records;
        self.letters += books.letters();
        self.twice += books.twice();
    }
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} kills", self.kills)?;
        for (what, count) in &self.acknowledged {
            write!(f, ", {count} {what}")?;
        }
        write!(
            f,
            " acknowledged and kept, {} acts cut off (whole or absent), {} records, {} letters ({} delivered twice \
             under one Message-ID), ready again in {} ms at most",
            self.cut,
            self.records,
            self.letters,
            self.twice,
            self.slowest.as_millis()
        )
    }
}

/// Waits until the log has come to rest.
fn at_rest(house: &House) {
    eventually("the log at rest", || (house.metric("behorig_log_waiting") == 0).then_some(()));
}
