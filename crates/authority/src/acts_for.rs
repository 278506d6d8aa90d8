//! Searches over the same predicates as the decision: for whom one may act, and who may act.

use crate::view::FactsView;
use catalogue::Catalogue;
use domain::fact::{MandateKind, Right};
use domain::{FactId, Instant, PartyId};
use std::collections::BTreeSet;

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
pub fn parties_of(_view: &impl FactsView, _catalogue: &Catalogue, person: PartyId, _at: Instant) -> Vec<ActsFor> {
    vec![ActsFor { party: person, kinds: BTreeSet::new(), mandates: Vec::new() }]
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
    _view: &impl FactsView,
    _catalogue: &Catalogue,
    _agency: PartyId,
    _party: PartyId,
    _permission: &str,
    _right: Right,
    _at: Instant,
) -> Vec<Holder> {
    Vec::new()
}
