//! The way through the demo in three minutes, as numbered steps: each says what to see, and logs in who sees it.

use page::{Tr, Visit};
use std::time::Duration;

use crate::hall::Hall;
use crate::phone::{DemoPhone, Person};

/// One step.
pub(super) struct Step {
    pub name: String,
    pub says: String,
    pub way: Way,
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
    let of = |path: &str| party.as_ref().map(|party| format!("/for/{party}/{path}"));
    let number = |id: &str| {
        let person = people.iter().find(|person| person.id == id);
        person.map(|person| person.personal_number.clone()).unwrap_or_default()
    };
    // Inside the days in which a report is in time, whatever day it is here.
    let first_sick_day = tr.date(visit.now - Duration::from_secs(17 * 24 * 3600));
    let be = |key: &str, id: &str, next: Option<String>, said: &[(&str, String)]| {
        let said: Vec<_> = said.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
        let name = people.iter().find(|person| person.id == id).map_or("", |person| &person.name);
        Step {
            name: tr.get(&format!("demo-step-{key}")),
            says: tr.with(&format!("demo-step-{key}-says"), &said),
            way: Way::Be {
                person: id.to_owned(),
                label: tr.with("demo-step-be", &[("name", name.into())]),
                next,
            },
        }
    };
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
        link(tr, "elsewhere", phone.beside(EXAMPLE)),
        link(tr, "letters", phone.page("/inbox.html")),
        link(tr, "clock", "#clock".to_owned()),
        link(tr, "log", "#log".to_owned()),
    ]
}

fn link(tr: &Tr, key: &str, href: String) -> Step {
    Step {
        name: tr.get(&format!("demo-step-{key}")),
        says: tr.get(&format!("demo-step-{key}-says")),
        way: Way::Link { href, label: tr.get(&format!("demo-step-{key}-go")) },
    }
}

/// The employer's random id; `None` where it cannot be told just now, and then a step leads to the person's first page.
async fn employer(hall: &Hall, phone: &DemoPhone) -> Option<String> {
    let organisations = phone.organisations().await.ok()?;
    let number = organisations.into_iter().find(|organisation| organisation.id == EMPLOYER)?.number;
    Some(hall.app.demo_organisation(&number).await.ok()??.to_string())
}
