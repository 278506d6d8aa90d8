//! What somebody who was refused can ask for: the narrowest package that holds the permission, if an administrator of
//! the organisation is the one who can mend the refusal.

use crate::act::Want;
use crate::core::App;
use crate::session::Visit;
use authority::{Decision, FactsView, LinkKind, Verdict, code, holders};
use catalogue::{Catalogue, Package, Relation, Service};
use domain::fact::{MandateKind, PermissionId, Right};
use domain::{Instant, PartyId};
use std::collections::BTreeSet;

use super::kind::GIVE;

impl App {
    /// The package that the refused visitor can ask for in one click; `None` where asking would mend nothing.
    pub fn askable(&self, visit: &Visit, want: &Want, decision: &Decision) -> Option<PermissionId> {
        let known = &visit.known;
        let (view, catalogue, person, now) = (&known.index, &known.catalogue, visit.person(), self.now());
        let open = want.right == Right::Use && is_tied(view, person, want.party) && mends(decision);
        let package = narrowest(catalogue, &want.permission).filter(|_| open)?;
        let others = answerers(view, catalogue, self.agency(), want.party, person, now);
        (!others.is_empty()).then(|| package.id.clone())
    }

    /// The packages that can be asked for: those that use before those that administer, and less before more.
    pub fn askable_packages(&self, visit: &Visit, service: &str) -> Vec<PermissionId> {
        let catalogue = &visit.known.catalogue;
        let packages = catalogue.service(service).into_iter().flat_map(askables);
        let mut packages: Vec<&Package> = packages.filter(|package| is_given(catalogue, package)).collect();
        packages.sort_by_key(|package| {
            (package.holder == MandateKind::Administrator, package.permissions.len(), &package.id)
        });
        packages.into_iter().map(|package| package.id.clone()).collect()
    }
}

/// Whether there is, or once was, a mandate from the party to the person.
pub(super) fn is_tied(view: &impl FactsView, person: PartyId, party: PartyId) -> bool {
    view.mandates_of(person).any(|mandate| mandate.says.grantor == party)
}

/// Whether a mandate would mend the decision: it alone is missing, and it is not only a matter of waiting.
pub(super) fn mends(decision: &Decision) -> bool {
    let missing = match decision.link(LinkKind::Mandate) {
        Verdict::Broken(broken) => broken.code != code::MANDATE_NOT_YET,
        _ => false,
    };
    missing && decision.broken().count() == 1
}

/// The smallest package with the permission that an organisation gives; of several, the first by id.
pub(super) fn narrowest<'c>(catalogue: &'c Catalogue, permission: &str) -> Option<&'c Package> {
    let service = catalogue.service_of(permission)?;
    if catalogue.permission(permission)?.relation != Relation::Organisation {
        return None;
    }
    askables(service)
        .filter(|package| package.permissions.contains(permission) && is_given(catalogue, package))
        .min_by_key(|package| (package.permissions.len(), &package.id))
}

/// The package, if it is one that can be asked for.
pub(super) fn askable_package<'c>(catalogue: &'c Catalogue, id: &str) -> Option<&'c Package> {
    catalogue
        .package(id)
        .filter(|package| package.holder != MandateKind::AgencyRole && is_given(catalogue, package))
}

fn askables(service: &Service) -> impl Iterator<Item = &Package> {
    service.packages.values().filter(|package| package.holder != MandateKind::AgencyRole)
}

/// Whether the rules name a package whose holders give all of it.
fn is_given(catalogue: &Catalogue, package: &Package) -> bool {
    catalogue
        .services()
        .flat_map(|service| service.packages.keys())
        .any(|giver| package.permissions.iter().all(|permission| catalogue.gives(giver, permission)))
}

/// Who can answer a request of `requester` at the organisation, in the order of their ids. Nobody answers their own.
pub(super) fn answerers(
    view: &impl FactsView,
    catalogue: &Catalogue,
    agency: PartyId,
    organisation: PartyId,
    requester: PartyId,
    at: Instant,
) -> BTreeSet<PartyId> {
    holders(view, catalogue, agency, organisation, GIVE, Right::Use, at)
        .into_iter()
        .map(|holder| holder.person)
        .filter(|person| *person != requester)
        .collect()
}
