//! Mandate chains: whether a mandate reaches back to one that the agency registered.
//!
//! A mandate is worth what its parent lets it be: each one on the way must hold at the instant, must have been given
//! by another person than its holder, and must have the right to give what the next one has. The last one must be
//! something that the agency may register at all: the first administrator of an organisation by its application
//! (general terms §4), a first role at the agency by invitation, never a user mandate (R-002-08).

use crate::decision::{Broken, Mender, code};
use crate::standing::{Standing, standing};
use crate::view::{FactsView, Known};
use catalogue::{BY_APPLICATION, BY_INVITATION, Catalogue};
use domain::fact::{Mandate, MandateKind, PermissionId, Right, Rights};
use domain::{FactId, Instant};
use std::collections::BTreeSet;

/// The most steps from a mandate to the one that the agency registered.
pub(crate) const MOST_HOPS: usize = 3;

/// A right to a permission.
pub(crate) type Power<'c> = (&'c str, Right);

/// The right that a giver needs in order to give `right`.
pub(crate) fn right_to_give(right: Right) -> Right {
    match right {
        Right::Use => Right::Give,
        Right::Give | Right::GiveOn => Right::GiveOn,
    }
}

/// What a mandate says, whatever it stands on.
#[derive(Clone, Copy)]
pub(crate) struct Says<'m> {
    pub kind: MandateKind,
    pub permissions: &'m BTreeSet<PermissionId>,
    pub rights: &'m Rights,
}

impl<'m> Says<'m> {
    pub fn of(mandate: &'m Mandate) -> Self {
        Self { kind: mandate.kind, permissions: &mandate.permissions, rights: &mandate.rights }
    }

    /// The entries that a mandate of this kind can hold.
    fn entries(self, catalogue: &Catalogue) -> impl Iterator<Item = &'m str> {
        let fits = move |entry: &&str| catalogue.holder(entry) == Some(self.kind);
        self.permissions.iter().map(String::as_str).filter(fits)
    }

    /// The entries that say `right` to `permission`. `Use` is of what an entry holds; `Give` and `GiveOn` are of
    /// what the rules let its holder give, so that an administrator's package gives what it does not use (R-004-11).
    fn entries_with(
        self,
        catalogue: &Catalogue,
        permission: &str,
        right: Right,
    ) -> impl Iterator<Item = &'m str> {
        let says = move |entry: &&str| match right {
            Right::Use => catalogue.contains(entry, permission),
            Right::Give | Right::GiveOn => catalogue.gives(entry, permission),
        };
        self.entries(catalogue).filter(move |entry| self.rights.contains(&right) && says(entry))
    }

    pub fn has(self, catalogue: &Catalogue, permission: &str, right: Right) -> bool {
        self.entries_with(catalogue, permission, right).next().is_some()
    }

    /// Whether it says any right to `permission`.
    pub fn names(self, catalogue: &Catalogue, permission: &str) -> bool {
        self.rights.iter().any(|right| self.has(catalogue, permission, *right))
    }

    /// Everything it says.
    pub fn powers<'c>(self, catalogue: &'c Catalogue) -> BTreeSet<Power<'c>> {
        let mut powers = BTreeSet::new();
        for entry in self.entries(catalogue) {
            for right in self.rights {
                match right {
                    Right::Use => powers.extend(catalogue.expand([entry]).into_iter().map(|p| (p, *right))),
                    Right::Give | Right::GiveOn => {
                        powers.extend(catalogue.givable(entry).map(|p| (p, *right)));
                    }
                }
            }
        }
        powers
    }

    /// Whether the agency may register this `right` to `permission` without a parent.
    fn registerable(self, catalogue: &Catalogue, permission: &str, right: Right) -> bool {
        self.entries_with(catalogue, permission, right).any(|entry| may_be_root(catalogue, self.kind, entry))
    }
}

/// Whether the agency may register `entry` without a parent, by the rules of kind *gives*.
pub(crate) fn may_be_root(catalogue: &Catalogue, kind: MandateKind, entry: &str) -> bool {
    let origin = match kind {
        MandateKind::AgencyRole => BY_INVITATION,
        MandateKind::Administrator | MandateKind::User => BY_APPLICATION,
    };
    let permissions = catalogue.expand([entry]);
    !permissions.is_empty() && permissions.iter().all(|permission| catalogue.gives(origin, permission))
}

/// Walks from `leaf`, which says `right` to `permission` and holds at `at`, to the mandate that the agency registered.
///
/// # Errors
/// The first thing on the way that does not hold.
pub(crate) fn chain(
    view: &impl FactsView,
    catalogue: &Catalogue,
    leaf: Known<'_, Mandate>,
    (permission, right): Power<'_>,
    at: Instant,
) -> Result<Vec<FactId>, Broken> {
    let mender = mender(leaf.says.kind);
    let broken = |fact, since| Broken { code: code::CHAIN_BROKEN, fact: Some(fact), since, mender };
    let mut ids = vec![leaf.id()];
    let (mut child, mut right) = (leaf, right);
    while let Some(parent) = child.says.parent {
        if ids.len() > MOST_HOPS {
            return Err(broken(leaf.id(), None));
        }
        let Some(parent) = view.mandate(parent) else {
            return Err(broken(child.id(), None));
        };
        match standing(parent.version, at) {
            Standing::Holds => {}
            Standing::NotYet(since) => return Err(broken(parent.id(), Some(since))),
            Standing::Ended(since) => return Err(broken(parent.id(), since)),
        }
        right = right_to_give(right);
        let gives = Says::of(parent.says).has(catalogue, permission, right);
        if parent.says.grantor != child.says.grantor || parent.says.holder == child.says.holder || !gives {
            return Err(broken(parent.id(), None));
        }
        ids.push(parent.id());
        child = parent;
    }
    if Says::of(child.says).registerable(catalogue, permission, right) {
        Ok(ids)
    } else if child.id() == leaf.id() {
        Err(Broken { code: code::RULE_GIVES, fact: Some(leaf.id()), since: None, mender })
    } else {
        Err(broken(child.id(), None))
    }
}

/// Who can mend a mandate of this kind.
pub(crate) fn mender(kind: MandateKind) -> Mender {
    match kind {
        MandateKind::AgencyRole => Mender::Agency,
        MandateKind::Administrator | MandateKind::User => Mender::OrganisationAdministrator,
    }
}
