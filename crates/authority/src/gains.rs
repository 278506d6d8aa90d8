//! Who gains and who loses when one catalogue comes after another, the facts being the same: shown before it is
//! brought in force (design §2). Both sides are asked of [`holders`], so that this is what decisions will say.

use crate::acts_for::holders;
use crate::chain::may_be_root;
use crate::view::FactsView;
use catalogue::{Catalogue, Relation};
use domain::fact::{MandateKind, PermissionId, Right};
use domain::{Instant, PartyId};
use std::collections::BTreeSet;

/// Which way a difference goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    Gains,
    Loses,
}

/// A right to a permission that `person` has for `party` by one of two catalogues only.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Difference {
    pub party: PartyId,
    pub person: PartyId,
    pub turn: Turn,
    pub permission: PermissionId,
    pub right: Right,
}

/// Every difference at `parties` when `after` takes the place of `before` at `at`, in order. As in [`holders`],
/// whether a person's login and the party's connection hold is not asked.
pub fn differences(
    view: &impl FactsView,
    (before, after): (&Catalogue, &Catalogue),
    agency: PartyId,
    parties: impl IntoIterator<Item = PartyId>,
    at: Instant,
) -> Vec<Difference> {
    // A million mandates are not asked about what stays as it is.
    let permissions: Vec<&str> = permissions(before, after)
        .into_iter()
        .filter(|permission| bearing(before, permission) != bearing(after, permission))
        .collect();
    let mut found = Vec::new();
    for party in parties {
        for permission in &permissions {
            for right in [Right::Use, Right::Give, Right::GiveOn] {
                let by = |catalogue: &Catalogue| -> BTreeSet<PartyId> {
                    let holders = holders(view, catalogue, agency, party, permission, right, at);
                    holders.into_iter().map(|holder| holder.person).collect()
                };
                let (had, has) = (by(before), by(after));
                let tell = |person: &PartyId, turn| Difference {
                    party,
                    person: *person,
                    turn,
                    permission: (*permission).to_owned(),
                    right,
                };
                found.extend(has.difference(&had).map(|person| tell(person, Turn::Gains)));
                found.extend(had.difference(&has).map(|person| tell(person, Turn::Loses)));
            }
        }
    }
    found.sort_unstable();
    found
}

/// What everyone may do for themselves by one of two catalogues only.
pub fn own_differences(before: &Catalogue, after: &Catalogue) -> Vec<(Turn, PermissionId)> {
    let own = |catalogue: &Catalogue, permission: &str| {
        catalogue.permission(permission).is_some_and(|p| p.relation == Relation::Own)
    };
    let turn = |permission: &str| match (own(before, permission), own(after, permission)) {
        (false, true) => Some(Turn::Gains),
        (true, false) => Some(Turn::Loses),
        _ => None,
    };
    permissions(before, after)
        .into_iter()
        .filter_map(|permission| Some((turn(permission)?, permission.to_owned())))
        .collect()
}

/// The permissions that either of them names.
fn permissions<'c>(before: &'c Catalogue, after: &'c Catalogue) -> BTreeSet<&'c str> {
    let of = |catalogue: &'c Catalogue| catalogue.services().flat_map(|service| service.permissions.keys());
    of(before).chain(of(after)).map(String::as_str).collect()
}

/// One entry of a mandate that says something of a permission.
#[derive(PartialEq, Eq)]
struct Says<'c> {
    entry: &'c str,
    holder: MandateKind,
    used: bool,
    given: bool,
    registered: bool,
}

/// All that a chain of mandates asks the catalogue about `permission`: where two catalogues agree on it, they agree
/// on who holds it, whatever the facts.
fn bearing<'c>(catalogue: &'c Catalogue, permission: &str) -> Option<(Relation, Vec<Says<'c>>)> {
    let relation = catalogue.permission(permission)?.relation;
    let entries =
        catalogue.services().flat_map(|service| service.packages.keys().chain(service.permissions.keys()));
    let says = entries.filter_map(|entry| {
        let holder = catalogue.holder(entry)?;
        let used = catalogue.contains(entry, permission);
        let given = catalogue.gives(entry, permission);
        let registered = may_be_root(catalogue, holder, entry);
        (used || given).then_some(Says { entry, holder, used, given, registered })
    });
    // A permission and a package never share an id, and both are in the order of services and ids.
    Some((relation, says.collect()))
}
