//! The one way in which a mandate is written for somebody, whether an administrator thought of it or was asked
//! (R-004-24, R-004-25, R-004-26).

use crate::act::Act;
use crate::refusal::{FieldFault, Refusal, Stop};
use authority::{Gift, code};
use domain::fact::{Mandate, MandateKind, Right, Rights};
use domain::{Fact, FactId, Instant, PartyId};
use jiff::civil::Date;
use std::collections::BTreeSet;
use store::vault::Field;

/// What is given to whom, at the party of the visit.
pub(crate) struct Giving<'a> {
    pub holder: PartyId,
    /// One package or permission of the catalogue.
    pub permission: &'a str,
    /// The last day, in Sweden; `None` until further notice.
    pub last_day: Option<Date>,
    pub need: &'a str,
}

/// Writes the mandate and the need for it, if the visitor may give it. The caller tells people and records.
///
/// Conflicts: `MANDATE_EXISTS`, and the codes of [`authority::may_give`]. Faults: `DATE_PAST`, `UNKNOWN_PERMISSION`.
pub(crate) fn give(act: &mut Act<'_, '_>, giving: &Giving<'_>) -> Result<FactId, Stop> {
    let today = domain::calendar::date_in_stockholm(act.now);
    if giving.last_day.is_some_and(|day| day < today) {
        return Err(Refusal::Invalid(vec![FieldFault::new("last_day", "DATE_PAST")]).into());
    }
    let known = act.app.known();
    let kind = known
        .catalogue
        .holder(giving.permission)
        .ok_or(Stop::No(Refusal::Invalid(vec![FieldFault::new("permission", "UNKNOWN_PERMISSION")])))?;
    let to = giving.last_day.map(domain::calendar::end_of_day_stockholm);
    let rights: Rights = match kind {
        MandateKind::Administrator => BTreeSet::from([Right::Use, Right::Give, Right::GiveOn]),
        _ => BTreeSet::from([Right::Use]),
    };
    let mut mandate = Mandate {
        kind,
        grantor: act.visit.party(),
        holder: giving.holder,
        permissions: BTreeSet::from([giving.permission.to_owned()]),
        rights,
        parent: None,
        evidence: None,
    };
    let given = may_give(act, &mandate, to)?;
    mandate.parent = Some(given);
    if same_in_force(act, &mandate)? {
        return Err(Refusal::Conflict("MANDATE_EXISTS").into());
    }
    let now = act.now;
    let id = act.add_fact(now, to, &Fact::Mandate(mandate))?;
    let ring = act.ring.clone();
    let need = format!("need.{id}");
    let (entropy, field) = (act.app.entropy(), Field::FreeText(&need));
    store::vault::set_field(act.tx, &ring, entropy, giving.holder, field, giving.need)?;
    Ok(id)
}

/// The giver's mandate by which this one may be given; refused otherwise.
fn may_give(act: &mut Act<'_, '_>, mandate: &Mandate, to: Option<Instant>) -> Result<FactId, Stop> {
    let ground = act.ground()?;
    let gift = Gift {
        giver: act.visit.person(),
        session: act.visit.login(),
        party: mandate.grantor,
        agency: act.app.agency(),
        holder: mandate.holder,
        kind: mandate.kind,
        permissions: &mandate.permissions,
        rights: &mandate.rights,
        valid_from: act.now,
        valid_to: to,
        at: act.now,
    };
    let answer = authority::may_give(&ground.slice, &ground.catalogue, ground.catalogue_seq, &gift);
    match answer.parent {
        Some(parent) if answer.allowed => Ok(parent),
        _ if !answer.decision.allowed => Err(Stop::Refused(Box::new(answer.decision))),
        _ => Err(Refusal::Conflict(answer.broken.first().map_or(code::GIVE_NOT_HELD, |b| b.code)).into()),
    }
}

/// The same authority twice would make its end unclear.
fn same_in_force(act: &mut Act<'_, '_>, mandate: &Mandate) -> Result<bool, Stop> {
    let here = store::facts::slice(act.tx, mandate.holder, mandate.grantor)?;
    Ok(here.iter().any(|v| {
        matches!(&v.fact, Fact::Mandate(m) if m.holder == mandate.holder && m.grantor == mandate.grantor
            && m.permissions == mandate.permissions)
            && v.valid_to.is_none_or(|to| act.now < to)
    }))
}
