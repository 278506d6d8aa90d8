//! What every kind of case shares: how long it may wait, which step is open, how it ends, and what the calendar does.
//!
//! A kind is a table in its own module; here stands which kinds there are and what a lapse of each tells whom.

use crate::core::App;
use crate::refusal::{Refusal, Stop};
use crate::{access, application};
use activity::{Record, RecordClass};
use catalogue::{Service, Span};
use domain::case::{CaseKind, Step, StepRefused, Taker};
use domain::{CaseId, Instant, PartyId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::time::Duration;
use store::cases::Case;
use store::{StoreError, Tx};

/// A kind of case, and what is told when the calendar ends one.
pub(crate) struct Lapsing {
    pub kind: &'static CaseKind,
    /// The event of the record.
    pub event: &'static str,
    /// The letter; its argument is the number of the case.
    pub template: &'static str,
    /// Who gets it.
    pub tell: fn(&Case) -> Result<Vec<PartyId>, Stop>,
}

/// Every kind that the calendar ends.
const KINDS: [Lapsing; 2] = [application::LAPSING, access::LAPSING];

/// How long a node has for them before another may take them.
const LEASE: Duration = Duration::from_secs(60);

/// When the calendar ends a case that comes into `state` now: with the end of its last day in Sweden.
pub(crate) fn due_at(kind: &CaseKind, state: &str, service: &Service, now: Instant) -> Option<Instant> {
    let deadline = service.deadlines.get(kind.deadline(state)?.key)?;
    let today = domain::calendar::date_in_stockholm(now);
    let last = match deadline.span {
        Span::WorkingDays(days) => domain::calendar::add_working_days(today, days),
        Span::Days(days) => today.saturating_add(jiff::Span::new().days(i64::from(days))),
    };
    Some(domain::calendar::end_of_day_stockholm(last))
}

/// The case, if there is one of this kind.
pub(crate) fn find(tx: &mut Tx<'_>, kind: &CaseKind, id: CaseId) -> Result<Case, Stop> {
    store::cases::find(tx, id)?.filter(|case| case.kind == kind.name).ok_or(Stop::No(Refusal::NotFound))
}

/// The step, if it is open now for a person who is (or is not) the opener.
pub(crate) fn open_step(
    kind: &CaseKind,
    case: &Case,
    name: &str,
    taker: Taker,
    now: Instant,
) -> Result<&'static Step, StepRefused> {
    if case.due_at.is_some_and(|due| due <= now) {
        // Its time is over, whether or not the timer has come to it.
        return Err(StepRefused::WrongState(case.state.clone()));
    }
    kind.step(name, &case.state, taker)
}

/// What the case keeps.
pub(crate) fn body<T: DeserializeOwned>(case: &Case) -> Result<T, Stop> {
    serde_json::from_str(&case.body).map_err(|_| Stop::Store(StoreError::Corrupt("case body".into())))
}

pub(crate) fn text<T: Serialize>(body: &T) -> Result<String, Stop> {
    serde_json::to_string(body).map_err(|_| Stop::Store(StoreError::Corrupt("case body".into())))
}

/// Ends the case in `state`; whoever comes second is told that it has moved on.
pub(crate) fn end<T: Serialize>(tx: &mut Tx<'_>, case: &Case, state: &str, body: &T) -> Result<(), Stop> {
    let ended = Case { state: state.to_owned(), due_at: None, body: text(body)?, ..case.clone() };
    if store::cases::update(tx, &ended, case.version)? {
        Ok(())
    } else {
        Err(Refusal::Conflict("CASE_MOVED_ON").into())
    }
}

impl App {
    /// What the calendar does to cases that are due at `now`: they lapse, with mail and record. Gives how many were due.
    pub(crate) fn lapse_due(&self, tx: &mut Tx<'_>, now: Instant) -> Result<usize, Stop> {
        let due = store::cases::lease_due(tx, now, &self.settings().node, LEASE, crate::due::AT_ONCE)?;
        for case in &due {
            let Some(of) = KINDS.iter().find(|of| of.kind.name == case.kind) else { continue };
            let Some(deadline) = of.kind.deadline(&case.state) else { continue };
            let next = Case { state: deadline.to.to_owned(), due_at: None, ..case.clone() };
            if !store::cases::update(tx, &next, case.version)? {
                continue;
            }
            for recipient in (of.tell)(case)? {
                let event = format!("{}.lapsed", case.id);
                self.mail_in(tx, &event, recipient, of.template, &case.id.to_string(), now)?;
            }
            let record = Record {
                party: case.party,
                object: Some(case.id.to_string()),
                ..Record::new(self.entropy(), now, RecordClass::System, of.event)
            };
            self.append(tx, &record)?;
        }
        Ok(due.len())
    }
}
