//! `--scale national`: as many employers as a national service has, besides the demo's own people.
//!
//! How many is chosen so that they are loaded in about a minute: each costs a millisecond of processor in a debug build.
//! There are fewer people than permissions: the published test numbers are no more, and payroll clerks serve several
//! employers in the real world too.

use app::demo::series::{PEOPLE, organisation_number, personal_number};
use app::demo::{DemoEmployer, DemoPerson, DemoWorld};
use app::{SystemClock, SystemEntropy};
use std::sync::Arc;
use std::time::Instant;

/// Employers; each has an administrator and two users.
pub const EMPLOYERS: u32 = 40_000;
/// Employers in one transaction.
const AT_ONCE: u32 = 500;
/// The first numbers of the series are the demo's own people.
const FIRST: u32 = 3_000;

/// Fills the store; tells how far it has come.
pub async fn fill(store: &store::Store, master: &keyring::MasterKey) -> anyhow::Result<()> {
    let begun = Instant::now();
    for first in (0..EMPLOYERS).step_by(AT_ONCE as usize) {
        let world = DemoWorld {
            employers: (first..(first + AT_ONCE).min(EMPLOYERS)).map(employer).collect(),
            ..DemoWorld::default()
        };
        app::demo::seed(store, master, world, Arc::new(SystemClock), Arc::new(SystemEntropy::new()))
            .await
            .map_err(crate::wiring::stopped)?;
        let done = first + AT_ONCE;
        if done.is_multiple_of(EMPLOYERS / 10) {
            crate::out!("  {done} of {EMPLOYERS} employers, {} s", begun.elapsed().as_secs());
        }
    }
    Ok(())
}

fn employer(number: u32) -> DemoEmployer {
    let user = |index| (person(number * 3 + index), "employer.user".to_owned());
    DemoEmployer {
        number: organisation_number(number),
        name: format!("Arbetsgivare {number} AB"),
        email: format!("info@a{number}.example"),
        administrator: person(number * 3),
        users: vec![user(1), user(2)],
    }
}

/// The people come round again and again.
fn person(index: u32) -> DemoPerson {
    let index = FIRST + index % (PEOPLE - FIRST);
    DemoPerson {
        number: personal_number(index),
        name: format!("Person {index}"),
        email: format!("p{index}@post.example"),
    }
}
