//! Giving: whether a mandate may be given, before it is written.
//!
//! A child is never more than its parent: not in permissions, not in rights, not in time; nobody gives to oneself
//! (general terms §4–5; R-004-11, R-004-25, R-002-08). What [`may_give`] allows, [`decide`](crate::decide) then
//! finds in force; what it refuses would give nothing if it were written.

use crate::chain::{self, MOST_HOPS, Power, Says};
use crate::decide::decide;
use crate::decision::{Broken, Decision, Mender, code};
use crate::question::{Context, Question, Session};
use crate::view::{FactsView, Known};
use catalogue::Catalogue;
use domain::fact::{Mandate, MandateKind, PermissionId, Right, Rights};
use domain::{FactId, Instant, PartyId, Seq};
use std::collections::BTreeSet;

/// A mandate that somebody wants to give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gift<'a> {
    pub giver: PartyId,
    pub session: Session<'a>,
    /// For whom the holder shall act: the organisation, or the agency for its own roles.
    pub party: PartyId,
    pub agency: PartyId,
    pub holder: PartyId,
    pub kind: MandateKind,
    /// Permissions or packages.
    pub permissions: &'a BTreeSet<PermissionId>,
    pub rights: &'a Rights,
    /// Not before `at`: nothing is given for the past.
    pub valid_from: Instant,
    pub valid_to: Option<Instant>,
    /// Now.
    pub at: Instant,
}

/// Whether it may be given, and on which mandate of the giver's it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MayGive {
    pub allowed: bool,
    /// The parent to write in the new mandate; present exactly when allowed.
    pub parent: Option<FactId>,
    /// Whether the giver may use the permission that giving needs.
    pub decision: Decision,
    /// What else stands against it.
    pub broken: Vec<Broken>,
}

/// Whether `gift` may be given. The giver needs the use of the permission that the rule names, and one mandate with
/// the right to give all of it.
pub fn may_give(
    view: &impl FactsView,
    catalogue: &Catalogue,
    catalogue_seq: Seq,
    gift: &Gift<'_>,
) -> MayGive {
    let says = Says { kind: gift.kind, permissions: gift.permissions, rights: gift.rights };
    let wanted = catalogue.expand(gift.permissions.iter().map(String::as_str));
    let asks = Guard {
        subject: gift.giver,
        session: gift.session,
        party: gift.party,
        agency: gift.agency,
        at: gift.at,
    };
    let decision = guard(view, catalogue, catalogue_seq, &asks, &catalogue.needed_to_give(&wanted));
    let mut broken = form(catalogue, says, gift.party == gift.agency, gift.valid_from, gift.valid_to);
    if gift.holder == gift.giver {
        broken.push(refusal(code::GIVE_TO_SELF, None, None, chain::mender(gift.kind)));
    }
    if gift.valid_from < gift.at {
        broken.push(refusal(code::GIVE_INTERVAL, None, Some(gift.at), Mender::Self_));
    }
    let parent = parent(view, catalogue, gift, &says.powers(catalogue));
    let parent = match parent {
        Ok(parent) => Some(parent),
        Err(refusal) => {
            broken.push(refusal);
            None
        }
    };
    let allowed = decision.allowed && broken.is_empty();
    MayGive { allowed, parent: parent.filter(|_| allowed), decision, broken }
}

/// Who asks to give or to end.
pub(crate) struct Guard<'a> {
    pub subject: PartyId,
    pub session: Session<'a>,
    pub party: PartyId,
    pub agency: PartyId,
    pub at: Instant,
}

/// The decision on the permissions that an act needs: the first that refuses, or the last. None needed means that no
/// rule lets anybody do it, which is a refusal.
pub(crate) fn guard(
    view: &impl FactsView,
    catalogue: &Catalogue,
    catalogue_seq: Seq,
    asks: &Guard<'_>,
    needed: &BTreeSet<&str>,
) -> Decision {
    let ask = |permission| {
        let question = Question {
            subject: asks.subject,
            session: asks.session,
            party: asks.party,
            agency: asks.agency,
            permission,
            right: Right::Use,
            at: asks.at,
            context: Context::NONE,
        };
        decide(view, catalogue, catalogue_seq, &question)
    };
    let mut last = None;
    for permission in needed {
        let decision = ask(permission);
        if !decision.allowed {
            return decision;
        }
        last = Some(decision);
    }
    last.unwrap_or_else(|| ask(""))
}

pub(crate) fn refusal(
    code: &'static str,
    fact: Option<FactId>,
    since: Option<Instant>,
    mender: Mender,
) -> Broken {
    Broken { code, fact, since, mender }
}

/// What is wrong with a mandate in itself, whoever gives it.
fn form(
    catalogue: &Catalogue,
    says: Says<'_>,
    at_agency: bool,
    valid_from: Instant,
    valid_to: Option<Instant>,
) -> Vec<Broken> {
    let empty_time = valid_to.is_some_and(|to| to <= valid_from);
    if says.permissions.is_empty() || says.rights.is_empty() || empty_time {
        return vec![refusal(code::GIVE_NOTHING, None, None, Mender::Self_)];
    }
    let kind_fits = says.permissions.iter().all(|entry| catalogue.holder(entry) == Some(says.kind));
    // A user gives nothing (R-004-11): a right that no rule backs is not written down as if it were one.
    let rights_fit = says.rights.iter().all(|right| {
        *right == Right::Use || says.permissions.iter().any(|entry| catalogue.givable(entry).next().is_some())
    });
    if !kind_fits || !rights_fit || (says.kind == MandateKind::AgencyRole && !at_agency) {
        return vec![refusal(code::GIVE_KIND, None, None, Mender::Nobody)];
    }
    Vec::new()
}

/// The giver's mandate that the gift can stand on: the one with the shortest chain, then the lowest id.
fn parent(
    view: &impl FactsView,
    catalogue: &Catalogue,
    gift: &Gift<'_>,
    powers: &BTreeSet<Power<'_>>,
) -> Result<FactId, Broken> {
    let mut best: Option<(usize, FactId)> = None;
    // Of several that fail, the reason of the one that comes nearest.
    let mut nearest = (2, refusal(code::GIVE_NOT_HELD, None, None, chain::mender(gift.kind)));
    for mandate in view.mandates_of(gift.giver).filter(|m| m.says.grantor == gift.party) {
        let Some(ids) = carries(view, catalogue, mandate, powers, gift.at) else { continue };
        let ends = ids.iter().filter_map(|id| view.mandate(*id)?.version.valid_to).min();
        let fails = match (ends, gift.valid_to) {
            _ if ids.len() > MOST_HOPS => {
                Some((1, refusal(code::GIVE_TOO_DEEP, Some(mandate.id()), None, chain::mender(gift.kind))))
            }
            (Some(ends), to) if to.is_none_or(|to| to > ends) => {
                Some((0, refusal(code::GIVE_INTERVAL, Some(mandate.id()), Some(ends), Mender::Self_)))
            }
            _ => None,
        };
        match fails {
            None => {
                let this = (ids.len(), mandate.id());
                best = Some(best.map_or(this, |other| other.min(this)));
            }
            Some((rank, why)) => {
                if (rank, why.fact) < (nearest.0, nearest.1.fact) {
                    nearest = (rank, why);
                }
            }
        }
    }
    best.map(|(_, id)| id).ok_or(nearest.1)
}

/// The chain of `mandate` if it holds at `at` with the right to give every one of `powers`. The chains of all powers
/// are the same mandates: the parents are written in them.
pub(crate) fn carries(
    view: &impl FactsView,
    catalogue: &Catalogue,
    mandate: Known<'_, Mandate>,
    powers: &BTreeSet<Power<'_>>,
    at: Instant,
) -> Option<Vec<FactId>> {
    let mut ids = None;
    for (permission, right) in powers {
        let right = chain::right_to_give(*right);
        let has = Says::of(mandate.says).has(catalogue, permission, right);
        if !has || !mandate.holds_at(at) {
            return None;
        }
        ids = Some(chain::chain(view, catalogue, mandate, (permission, right), at).ok()?);
    }
    ids
}

/// A mandate without a parent that the agency is about to register: the first administrator of an organisation by an
/// application, or a first role at the agency by invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Registration<'a> {
    /// The organisation, or the agency itself.
    pub party: PartyId,
    pub agency: PartyId,
    pub kind: MandateKind,
    pub permissions: &'a BTreeSet<PermissionId>,
    pub rights: &'a Rights,
    pub valid_from: Instant,
    pub valid_to: Option<Instant>,
}

/// Whether the catalogue lets the agency register it at all (R-002-08). Whether this official may, is a question to
/// [`decide`] with the permission of the step and its [`Context`].
///
/// # Errors
/// The first thing that stands against it.
pub fn may_register(catalogue: &Catalogue, registration: &Registration<'_>) -> Result<(), Broken> {
    let Registration { party, agency, kind, permissions, rights, valid_from, valid_to } = *registration;
    let says = Says { kind, permissions, rights };
    if let Some(broken) = form(catalogue, says, party == agency, valid_from, valid_to).first() {
        return Err(*broken);
    }
    if !permissions.iter().all(|entry| chain::may_be_root(catalogue, kind, entry)) {
        return Err(refusal(code::RULE_GIVES, None, None, Mender::OrganisationAdministrator));
    }
    Ok(())
}
