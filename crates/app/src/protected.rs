//! Protected identity (*skyddade personuppgifter*): the mark comes from the population register's notices and from
//! nowhere else (JO 4684-2007), and a small named group opens what it hides, each time with a reason and a record.
//!
//! What the mark does, [`crate::names`] does for every page. Facts, tokens and decisions know nothing of it.

mod notice;
mod open;

pub use notice::{BadBatch, Batch, MOST, Notice, Told};
pub use open::{Opened, Reason};

use crate::core::App;
use crate::refusal::{Refusal, Stop};
use activity::{Record, RecordClass};
use domain::{Fact, Instant, PartyId};
use std::collections::BTreeMap;
use store::Tx;
use store::parties::Identifier;
use store::protected::{self, Form};

/// What opening needs.
pub const OPEN: &str = "platform.protected.open";

impl App {
    /// How far the register has been read.
    pub async fn register_position(&self) -> Result<u64, Refusal> {
        self.read(|tx| Ok(protected::position(tx)?)).await
    }

    /// Takes an answer of the register: all of it, once, and nothing if another node was faster. The record tells how
    /// many notices came and not whom they were about: it would be a list of those who are protected.
    pub async fn take_notices(&self, batch: Batch) -> Result<(), Refusal> {
        if batch.is_empty() {
            return Ok(());
        }
        let app = self.clone();
        let taken = self
            .write_plain(move |tx| {
                // The order of all changes first: mandates of an identity that was replaced end here.
                let replaced = batch.notices.iter().any(|n| n.told == Told::Protected(Form::Replaced));
                let seq = if replaced { Some(store::seq::take(tx)?) } else { None };
                if !protected::advance(tx, batch.from, batch.to)? {
                    return Err(Refusal::Conflict("REGISTER_TAKEN").into());
                }
                let now = app.now();
                for notice in &batch.notices {
                    take(&app, tx, notice, seq, now)?;
                }
                let record = Record {
                    party: Some(app.agency()),
                    seq,
                    detail: BTreeMap::from([
                        ("count".to_owned(), batch.notices.len().to_string()),
                        ("position".to_owned(), batch.to.to_string()),
                    ]),
                    ..Record::new(app.entropy(), now, RecordClass::System, "register.notices_taken")
                };
                Ok(app.append(tx, &record)?)
            })
            .await;
        match taken {
            Err(Refusal::Conflict("REGISTER_TAKEN")) => Ok(()),
            Err(refusal) => Err(refusal),
            Ok(()) => {
                self.know_own_change().await;
                self.wake();
                Ok(())
            }
        }
    }
}

fn take(
    app: &App,
    tx: &mut Tx<'_>,
    notice: &Notice,
    seq: Option<domain::Seq>,
    now: Instant,
) -> Result<(), Stop> {
    let (ring, number) = (app.ring(), Identifier::PersonalNumber(notice.number.as_str()));
    match notice.told {
        Told::Lifted => {
            if let Some(person) = store::parties::find(tx, &ring, number)? {
                protected::lift(tx, &ring, person)?;
            }
        }
        // A person whom nobody here knows yet may become known tomorrow, by a number that somebody types.
        Told::Protected(form @ (Form::SecrecyMarking | Form::ProtectedRegistration)) => {
            let person = store::parties::find_or_create(tx, &ring, app.entropy(), number, now)?;
            protected::mark(tx, &ring, app.entropy(), person, form)?;
        }
        Told::Protected(Form::Replaced) => {
            if let (Some(person), Some(seq)) = (store::parties::find(tx, &ring, number)?, seq) {
                protected::mark(tx, &ring, app.entropy(), person, Form::Replaced)?;
                leave_behind(app, tx, person, seq, now)?;
                protected::forget_number(tx, &ring, number)?;
            }
        }
    }
    Ok(())
}

/// An identity that was replaced: its logins and mandates end, nothing is carried over to the new one, which nobody here
/// can tell from any other new person.
fn leave_behind(
    app: &App,
    tx: &mut Tx<'_>,
    person: PartyId,
    seq: domain::Seq,
    now: Instant,
) -> Result<(), Stop> {
    for session in store::sessions::open_of(tx, person, now)? {
        crate::session::close(app, tx, session.key_hash, now)?;
    }
    for version in store::facts::slice(tx, person, person)? {
        let Fact::Mandate(mandate) = &version.fact else { continue };
        if mandate.holder == person && version.valid_to.is_none_or(|to| now < to) {
            let from = version.valid_from.min(now);
            store::facts::replace(tx, seq, version.id, from, Some(now), &version.fact)?;
        }
    }
    Ok(())
}
