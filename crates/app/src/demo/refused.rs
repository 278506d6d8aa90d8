//! Somebody who was refused a few minutes ago and has got a reference code, for the demo's support officer to look up.
//!
//! The refusal is the decision's own, over the facts of the demo; only that the person came is made up.

use super::{DemoPerson, Seeding};
use crate::act::decided;
use crate::refusal::Stop;
use activity::{FaultClass, Record, RecordClass, Reference};
use authority::{Context, Question, Slice};
use domain::Assurance;
use domain::fact::{PermissionId, Right};
use std::collections::BTreeMap;
use std::time::Duration;
use store::StoreError;
use store::problems::Note;

/// A refusal with a code that is known ahead.
#[derive(Debug, Clone)]
pub struct DemoRefused {
    /// The employer's number; it is one of [`super::DemoWorld::employers`].
    pub employer: String,
    pub person: DemoPerson,
    /// What the person wanted to do.
    pub permission: PermissionId,
    pub reference: Reference,
    /// Where the page stands, as a pattern.
    pub route: String,
}

/// How long before the demo's beginning the person logged in, and was refused.
const LOGGED_IN: Duration = Duration::from_secs(5 * 60);
const REFUSED: Duration = Duration::from_secs(3 * 60);

impl Seeding<'_, '_> {
    pub(super) fn refused(&mut self, refused: &DemoRefused) -> Result<(), Stop> {
        let of = self.administrators.get(&refused.employer);
        let (party, _) = *of.ok_or(StoreError::Corrupt("a demo refusal at no demo employer".into()))?;
        let person = self.person(&refused.person)?;
        let at = self.now - REFUSED;
        let slice = Slice::new(self.seq, store::facts::slice(self.tx, person, party)?);
        let question = Question {
            subject: person,
            session: authority::Session { method: "bankid", assurance: Assurance::Level3 },
            party,
            agency: self.agency,
            permission: &refused.permission,
            right: Right::Use,
            // The login method is open from the installation's own instant on, a moment ago.
            at: self.now,
            context: Context { taken: &[], beneficiary: None },
        };
        let decision = authority::decide(&slice, self.catalogue, self.catalogue_seq, &question);
        if decision.allowed {
            return Err(StoreError::Corrupt("a demo refusal of what is allowed".into()).into());
        }
        let login = Record {
            actor: Some(person),
            party: Some(person),
            detail: BTreeMap::from([("method".to_owned(), "bankid".to_owned())]),
            ..Record::new(self.entropy, self.now - LOGGED_IN, RecordClass::Login, "login.done")
        };
        store::records::append(self.tx, &login, self.entropy)?;
        let record = Record {
            actor: Some(person),
            party: Some(party),
            decided: Some(decided(&decision, &refused.permission)),
            fault: Some(FaultClass::User),
            reference: refused.reference.clone(),
            ..Record::new(self.entropy, at, RecordClass::Refusal, "act.refused")
        };
        store::records::append(self.tx, &record, self.entropy)?;
        let note = Note {
            reference: refused.reference.clone(),
            at,
            node: "demo".to_owned(),
            code: Some("BEH-2101".to_owned()),
            status: Some(403),
            method: Some("GET".to_owned()),
            route: Some(refused.route.clone()),
            rule: None,
            cause: None,
            person: Some(person),
        };
        Ok(store::problems::keep(self.tx, &note)?)
    }
}
