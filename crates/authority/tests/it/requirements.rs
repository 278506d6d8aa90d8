//! The founding requirements that are decided here, each performed as its row says.

mod employer;
mod login;

use crate::support::{
    AGENCY, ALL_RIGHTS, ASTRID, BAKERY, BANKID, BENGT, CATALOGUE, CECILIA, DAVID, ELIN, EMPLOYER, FARID,
    Facts, HAULIER, PLATFORM, administrator_of, ask, catalogue, codes, day, parse, question, role, set,
    user_of, words,
};
use authority::{
    Context, Ending, Gift, Handover, LinkKind, Mender, Question, Registration, Session, Taken, Verdict, code,
    may_end, may_give, may_register, parties_of, two_persons,
};
use catalogue::Catalogue;
use domain::fact::{Mandate, MandateKind, MethodPhase, MethodState, Right};
use domain::{Assurance, Fact, FactId, Instant, PartyId};
use std::collections::BTreeSet;

const CREATE: &str = "employer.sickness_report.create";
const GIVE: &str = "employer.mandate.give";

/// The haulier, connected, with Cecilia as its administrator.
fn haulier() -> (Catalogue, Facts, FactId) {
    let catalogue = catalogue();
    let mut facts = Facts::default();
    let administrator = facts.employer(&catalogue, HAULIER, CECILIA);
    (catalogue, facts, administrator)
}

fn gift<'a>(giver: PartyId, party: PartyId, mandate: &'a Mandate, at: Instant) -> Gift<'a> {
    Gift {
        giver,
        session: BANKID,
        party,
        agency: AGENCY,
        holder: mandate.holder,
        kind: mandate.kind,
        permissions: &mandate.permissions,
        rights: &mandate.rights,
        valid_from: at,
        valid_to: None,
        at,
    }
}

fn ending(by: PartyId, mandate: FactId, at: Instant) -> Ending<'static> {
    Ending { by, session: BANKID, party: HAULIER, agency: AGENCY, mandate, ends_at: at, at }
}
