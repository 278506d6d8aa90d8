//! Searches over the same predicates as the decision: for whom one may act, and who may act.

use crate::chain::{Says, chain};
use crate::view::{FactsView, Known};
use catalogue::{Catalogue, Relation};
use domain::fact::{Mandate, MandateKind, Right};
use domain::{FactId, Instant, PartyId};
use std::collections::{BTreeMap, BTreeSet};

/// A party that a person can choose to act for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActsFor {
    pub party: PartyId,
    /// Empty for the person itself.
    pub kinds: BTreeSet<MandateKind>,
    /// The mandates in force, in the order of their ids.
    pub mandates: Vec<FactId>,
}

/// The parties that `person` can choose to act for at `at`: first the person itself, then every party with at least one
/// mandate in force whose whole chain holds, in the order of their ids.
pub fn parties_of(
    view: &impl FactsView,
    catalogue: &Catalogue,
    agency: PartyId,
    person: PartyId,
    at: Instant,
) -> Vec<ActsFor> {
    let mut parties: BTreeMap<PartyId, ActsFor> = BTreeMap::new();
    for mandate in view.mandates_of(person) {
        if !gives_anything(view, catalogue, agency, mandate, at) {
            continue;
        }
        let party = mandate.says.grantor;
        let entry =
            parties.entry(party).or_insert(ActsFor { party, kinds: BTreeSet::new(), mandates: Vec::new() });
        entry.kinds.insert(mandate.says.kind);
        entry.mandates.push(mandate.id());
    }
    let mut list = vec![ActsFor { party: person, kinds: BTreeSet::new(), mandates: Vec::new() }];
    list.extend(parties.into_values().map(|mut acts_for| {
        acts_for.mandates.sort_unstable();
        acts_for
    }));
    list
}

/// Whether some right to some permission comes through `mandate` at `at`.
fn gives_anything(
    view: &impl FactsView,
    catalogue: &Catalogue,
    agency: PartyId,
    mandate: Known<'_, Mandate>,
    at: Instant,
) -> bool {
    let at_agency = mandate.says.grantor == agency;
    mandate.holds_at(at)
        && (mandate.says.kind != MandateKind::AgencyRole || at_agency)
        && Says::of(mandate.says)
            .powers(catalogue)
            .into_iter()
            .any(|power| chain(view, catalogue, mandate, power, at).is_ok())
}

/// Someone who holds a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holder {
    pub person: PartyId,
    pub mandate: FactId,
}

/// Who has `right` to `permission` for `party` at `at`, by mandates whose whole chain holds: one entry per mandate, in
/// the order of persons. Whether a person's login and the party's connection hold is not asked.
pub fn holders(
    view: &impl FactsView,
    catalogue: &Catalogue,
    agency: PartyId,
    party: PartyId,
    permission: &str,
    right: Right,
    at: Instant,
) -> Vec<Holder> {
    let relation = catalogue.permission(permission).map(|p| p.relation);
    if relation.is_none_or(|r| r == Relation::Own || (r == Relation::Agency && party != agency)) {
        return Vec::new();
    }
    let mut holders: Vec<Holder> = view
        .mandates_at(party)
        .filter(|m| m.holds_at(at) && Says::of(m.says).has(catalogue, permission, right))
        .filter(|m| chain(view, catalogue, *m, (permission, right), at).is_ok())
        .map(|m| Holder { person: m.says.holder, mandate: m.id() })
        .collect();
    holders.sort_unstable();
    holders
}
