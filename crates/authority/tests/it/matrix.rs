//! The authority matrix: every role × permission × relation × state as one committed table, so that a change of
//! rights is a visible change of `tests/matrix.txt`. Roles and permissions come from the catalogue; each cell is
//! the answer of `decide` and of the naive evaluator, which must agree. `BEHORIG_UPDATE=1` writes the table anew.

use crate::naive::{self, Ask};
use crate::support::{
    AGENCY, BAKERY, BANKID, BENGT, CATALOGUE, CECILIA, ELIN, Facts, HAULIER, administrator_of, catalogue,
    day, naive_words, role, set, words,
};
use authority::{Context, Question, Session, Taken, decide};
use catalogue::{Catalogue, Permission, Relation};
use domain::fact::{Mandate, MandateKind, MethodPhase, Right};
use domain::{Assurance, Instant, PartyId};
use std::fmt::Write;

const NOW: i64 = 5;

/// One state of the world or of the login, and the word that heads its column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    InOrder,
    Unconnected,
    Deregistered,
    NoTerms,
    Ended,
    NotYet,
    GiverEnded,
    Locked,
    PartyLocked,
    Withdrawn,
    Policy,
    Level2,
    ToGive,
    OtherParty,
    Alone,
}

const STATES: [(State, &str); 15] = [
    (State::InOrder, "in order"),
    (State::Unconnected, "unconnected"),
    (State::Deregistered, "deregistered"),
    (State::NoTerms, "no terms"),
    (State::Ended, "ended"),
    (State::NotYet, "not yet"),
    (State::GiverEnded, "giver ended"),
    (State::Locked, "locked"),
    (State::PartyLocked, "party locked"),
    (State::Withdrawn, "withdrawn"),
    (State::Policy, "policy"),
    (State::Level2, "level 2"),
    (State::ToGive, "to give"),
    (State::OtherParty, "other party"),
    (State::Alone, "alone"),
];

/// Short words for the codes, as the table's legend tells.
const SHORT: [(&str, &str); 13] = [
    ("METHOD_WITHDRAWN", "gone"),
    ("METHOD_NOT_ALLOWED", "method"),
    ("LOA_TOO_LOW", "level"),
    ("PARTY_NOT_CONNECTED", "conn"),
    ("PARTY_DEREGISTERED", "dereg"),
    ("TERMS_NOT_ACCEPTED", "terms"),
    ("LOCKED", "lock"),
    ("NO_MANDATE", "none"),
    ("MANDATE_ENDED", "ended"),
    ("MANDATE_NOT_YET", "future"),
    ("MANDATE_SCOPE", "scope"),
    ("CHAIN_BROKEN", "chain"),
    ("RIGHT_MISSING", "right"),
];

fn short(code: &str) -> &str {
    match code {
        "RULE_TWO_PERSONS" => "two",
        other => SHORT.iter().find(|(code, _)| *code == other).map_or(other, |(_, short)| short),
    }
}

// R-004-06, R-004-11, R-002-08: who may do what stands in one table, and both evaluators say the same.
#[test]
fn the_matrix_is_the_committed_one() {
    let catalogue = catalogue();
    let mut table = String::from(
        "The authority matrix. A row is a role and a permission; a column is a state of things.\n\
         yes = allowed; anything else names the broken links.\n\n",
    );
    for (code, short) in SHORT.iter().chain(&[("RULE_TWO_PERSONS", "two")]) {
        writeln!(table, "  {short:<8}{code}").unwrap();
    }
    writeln!(
        table,
        "\n  in order: connected, terms accepted, mandate active, BankID at level 3, the step before taken by another\n  \
         to give: the right to give the permission, not to use it\n  \
         other party: asked for another organisation\n  \
         alone: the step before taken by the same person\n"
    )
    .unwrap();
    let mut roles: Vec<Option<&catalogue::Package>> = vec![None];
    roles.extend(catalogue.services().flat_map(|s| s.packages.values().map(Some)));
    for role in roles {
        let name = role.map_or("nobody", |package| package.id.as_str());
        write!(table, "\n{name}\n  {:<34}{:<13}", "permission", "relation").unwrap();
        for (_, head) in STATES {
            write!(table, "{head:<14}").unwrap();
        }
        table.truncate(table.trim_end().len());
        table.push('\n');
        for permission in catalogue.services().flat_map(|s| s.permissions.values()) {
            let relation = format!("{:?}", permission.relation).to_lowercase();
            write!(table, "  {:<34}{relation:<13}", permission.id).unwrap();
            for (state, _) in STATES {
                let cell = cell(&catalogue, role.map(|package| package.id.as_str()), permission, state);
                write!(table, "{cell:<14}").unwrap();
            }
            table.truncate(table.trim_end().len());
            table.push('\n');
        }
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/matrix.txt");
    if std::env::var_os("BEHORIG_UPDATE").is_some() {
        std::fs::write(path, &table).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let line = table.lines().zip(committed.lines()).position(|(new, old)| new != old);
    assert!(table == committed, "rights have changed, first in line {line:?}: look, then BEHORIG_UPDATE=1");
}

/// The answer for a person with `package` in `state`, from both evaluators.
fn cell(catalogue: &Catalogue, package: Option<&str>, permission: &Permission, state: State) -> String {
    let facts = world(catalogue, package, state);
    let party = match permission.relation {
        Relation::Own if state == State::OtherParty => CECILIA,
        Relation::Own => ELIN,
        _ if state == State::OtherParty => BAKERY,
        Relation::Organisation => HAULIER,
        Relation::Agency => AGENCY,
    };
    let by = if state == State::Alone { ELIN } else { BENGT };
    let taken = [Taken { step: "platform.application.register", by }];
    // Only the second step has one before it.
    let taken = if permission.id == "platform.application.confirm" { &taken[..] } else { &[] };
    let assurance = if state == State::Level2 { Assurance::Level2 } else { BANKID.assurance };
    let right = if state == State::ToGive { Right::Give } else { Right::Use };
    let question = Question {
        subject: ELIN,
        session: Session { method: "bankid", assurance },
        party,
        agency: AGENCY,
        permission: &permission.id,
        right,
        at: day(NOW),
        context: Context { taken, beneficiary: None },
    };
    let decision = decide(&facts.slice(), catalogue, CATALOGUE, &question);
    let ask = Ask {
        subject: ELIN,
        method: "bankid".to_owned(),
        assurance,
        party,
        agency: AGENCY,
        permission: permission.id.clone(),
        right,
        at: day(NOW),
        known: facts.head,
        taken: taken.iter().map(|t| (t.step.to_owned(), t.by)).collect(),
        beneficiary: None,
    };
    let naive = naive::answer(&facts.versions, catalogue, &ask);
    assert_eq!(naive.links, naive_words(&decision), "{package:?} {} {state:?}", permission.id);
    assert_eq!(naive.allowed, decision.allowed, "{package:?} {} {state:?}", permission.id);
    let broken: Vec<&str> = decision.codes().map(short).collect();
    if broken.is_empty() { "yes".to_owned() } else { broken.join("+") }
}

/// The haulier and the agency, with a giver at each and `package` given to the person in `state`.
fn world(catalogue: &Catalogue, package: Option<&str>, state: State) -> Facts {
    let mut facts = Facts::default();
    let terms = &catalogue.service("employer").unwrap().terms[0];
    let ends = |when: State| if state == when { Some(day(NOW - 1)) } else { None };
    facts.method("bankid", MethodPhase::Active, day(0), ends(State::Withdrawn));
    if state != State::Unconnected {
        facts.connect(HAULIER, day(0), ends(State::Deregistered));
    }
    if state != State::NoTerms {
        facts.accept(HAULIER, &terms.version, terms.hash, day(0));
    }
    if state == State::Policy {
        facts.policy(HAULIER, "employer", &["freja"], day(0));
        facts.policy(AGENCY, "employer", &["freja"], day(0));
        facts.policy(AGENCY, "platform", &["freja"], day(0));
    }
    let locks: &[PartyId] = match state {
        State::Locked => &[ELIN],
        State::PartyLocked => &[HAULIER, AGENCY],
        _ => &[],
    };
    locks.iter().for_each(|party| {
        facts.lock(*party, day(1));
    });
    let giver_to: Option<Instant> = ends(State::GiverEnded);
    let administrator = facts.mandate(administrator_of(HAULIER, CECILIA, None), day(0), giver_to);
    let official = facts.mandate(role(BENGT, "platform.authorisation_administrator", None), day(0), giver_to);
    if let Some(package) = package {
        let kind = catalogue.holder(package).unwrap();
        let (grantor, parent) = match kind {
            MandateKind::AgencyRole => (AGENCY, official),
            _ => (HAULIER, administrator),
        };
        let rights = match kind {
            MandateKind::User => set(&[Right::Use]),
            _ => set(&[Right::Use, Right::Give, Right::GiveOn]),
        };
        let mandate = Mandate {
            kind,
            grantor,
            holder: ELIN,
            permissions: words(&[package]),
            rights,
            parent: Some(parent),
            evidence: None,
        };
        let from = if state == State::NotYet { day(NOW + 1) } else { day(1) };
        facts.mandate(mandate, from, ends(State::Ended));
    }
    facts
}
