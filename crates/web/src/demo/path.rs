//! The way through the demo in three minutes, as numbered steps: each says what to see, and logs in who sees it.

use page::{Tr, Visit};
use std::time::Duration;

use crate::hall::Hall;
use crate::phone::{DemoPhone, Person};

/// One step.
pub(super) struct Step {
    pub name: String,
    pub says: String,
    /// In the order in which they are gone.
    pub ways: Vec<Way>,
}

/// How one comes there.
pub(super) enum Way {
    /// By logging in as somebody, straight to the page.
    Be {
        person: String,
        label: String,
        next: Option<String>,
    },
    Link {
        href: String,
        label: String,
    },
}

/// How far above the telephone's port the example e-service listens: of a demo's ports the first and the twentieth.
const EXAMPLE: u16 = 19;

/// The employer of the story.
const EMPLOYER: &str = "granas";

pub(super) async fn steps(hall: &Hall, phone: &DemoPhone, visit: &Visit, people: &[Person]) -> Vec<Step> {
    let tr = &visit.tr;
    let party = employer(hall, phone).await;
    let of = |path: &str| {
        let at = |party: &String| format!("/for/{party}/{path}").trim_end_matches('/').to_owned();
        party.as_ref().map(at)
    };
    let number = |id: &str| {
        let person = people.iter().find(|person| person.id == id);
        person.map(|person| person.personal_number.clone()).unwrap_or_default()
    };
    // Inside the days in which a report is in time, whatever day it is here; as its form wants it typed.
    let first_sick_day = page::swedish_day(visit.now - Duration::from_secs(17 * 24 * 3600)).to_string();
    let be = |key: &str, id: &str, next: Option<String>, said: &[(&str, String)]| {
        let said: Vec<_> = said.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
        Step {
            name: tr.get(&format!("demo-step-{key}")),
            says: tr.with(&format!("demo-step-{key}-says"), &said),
            ways: vec![as_somebody(tr, people, id, next)],
        }
    };
    let mut elsewhere = link(tr, "elsewhere", phone.beside(EXAMPLE));
    elsewhere.ways.insert(0, as_somebody(tr, people, "nils", of("")));
    elsewhere.ways.push(as_somebody(tr, people, "cecilia", of("people")));
    let mut log = link(tr, "log", "#log".to_owned());
    log.ways.insert(0, as_somebody(tr, people, "cecilia", of("records")));
    vec![
        be("refused", "farid", of("employer/sickness-reports"), &[]),
        be("granted", "cecilia", of("requests"), &[]),
        be(
            "works",
            "farid",
            of("employer/sickness-reports/new"),
            &[("number", number("hassan")), ("day", first_sick_day)],
        ),
        be("why", "cecilia", of("people"), &[]),
        elsewhere,
        link(tr, "letters", phone.page("/inbox.html")),
        link(tr, "clock", "#clock".to_owned()),
        log,
    ]
}

fn link(tr: &Tr, key: &str, href: String) -> Step {
    Step {
        name: tr.get(&format!("demo-step-{key}")),
        says: tr.get(&format!("demo-step-{key}-says")),
        ways: vec![Way::Link { href, label: tr.get(&format!("demo-step-{key}-go")) }],
    }
}

/// Logging in as one of the people, straight to a page.
fn as_somebody(tr: &Tr, people: &[Person], id: &str, next: Option<String>) -> Way {
    let name = people.iter().find(|person| person.id == id).map_or("", |person| &person.name);
    Way::Be { person: id.to_owned(), label: tr.with("demo-step-be", &[("name", name.into())]), next }
}

/// The employer's random id; `None` where it cannot be told just now, and then a step leads to the person's first page.
async fn employer(hall: &Hall, phone: &DemoPhone) -> Option<String> {
    let organisations = phone.organisations().await.ok()?;
    let number = organisations.into_iter().find(|organisation| organisation.id == EMPLOYER)?.number;
    Some(hall.app.demo_organisation(&number).await.ok()??.to_string())
}
