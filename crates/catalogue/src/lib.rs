//! The e-services as data: read, check, compare, print.
//!
//! One file per service and one for the platform itself say which permissions exist, who may give what to whom,
//! which assurance and terms are demanded, and which deadlines run. Nothing here reads a file or a clock: the
//! caller hands over texts, and a [`Catalogue`] is the proof that they were right. Nodes decide by the stored
//! canonical form, never by a file.

mod canonical;
mod check;
mod compare;
mod mistake;
mod model;
mod parse;
mod print;
mod raw;
mod rule;
mod text;

pub use compare::{Change, ChangeKind};
pub use mistake::{Mistake, NotCanonical};
pub use model::{
    Audience, ConnectionNeed, Contact, ContactFor, Data, Deadline, EarlierAcceptance, LegalGround, Limit,
    Method, Package, Permission, RecordClass, Relation, Service, Span, Terms,
};
pub use parse::{Joined, Source};
pub use rule::{BY_APPLICATION, BY_INVITATION, Rule, RuleKind};
pub use text::{Lang, Text};

use domain::fact::MandateKind;
use std::collections::{BTreeMap, BTreeSet};

/// The service id of the platform's own file.
pub const PLATFORM: &str = "platform";

/// All services, methods and rules of one installation: parsed and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Catalogue {
    methods: BTreeMap<String, Method>,
    services: BTreeMap<String, Service>,
    /// Giver (a package, or how a root mandate came about) to the permissions it may give. Derived from the rules.
    gives: BTreeMap<String, BTreeSet<String>>,
}

impl Catalogue {
    /// The service whose id the first part of `id` is.
    pub fn service_of(&self, id: &str) -> Option<&Service> {
        self.services.get(id.split('.').next()?)
    }

    pub fn permission(&self, id: &str) -> Option<&Permission> {
        self.service_of(id)?.permissions.get(id)
    }

    pub fn package(&self, id: &str) -> Option<&Package> {
        self.service_of(id)?.packages.get(id)
    }

    pub fn service(&self, id: &str) -> Option<&Service> {
        self.services.get(id)
    }

    /// All services in the order of their ids, the platform's own among them.
    pub fn services(&self) -> impl Iterator<Item = &Service> {
        self.services.values()
    }

    pub fn method(&self, id: &str) -> Option<&Method> {
        self.methods.get(id)
    }

    /// All login methods in the order of their ids.
    pub fn methods(&self) -> impl Iterator<Item = &Method> {
        self.methods.values()
    }

    /// The permissions behind ids of permissions and packages. An unknown id gives nothing.
    pub fn expand<'c, 'a>(&'c self, ids: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'c str> {
        let mut permissions = BTreeSet::new();
        for id in ids {
            if let Some(permission) = self.permission(id) {
                permissions.insert(permission.id.as_str());
            } else if let Some(package) = self.package(id) {
                permissions.extend(package.permissions.iter().map(String::as_str));
            }
        }
        permissions
    }

    /// Whether `entry` (a permission or a package) is or holds `permission`.
    pub fn contains(&self, entry: &str, permission: &str) -> bool {
        match self.package(entry) {
            Some(package) => package.permissions.contains(permission),
            None => entry == permission && self.permission(entry).is_some(),
        }
    }

    /// The kind of mandate that can hold `entry`. `None`: unknown, or everyone's own and never given.
    pub fn holder(&self, entry: &str) -> Option<MandateKind> {
        match self.package(entry) {
            Some(package) => Some(package.holder),
            None => self.permission(entry)?.holder,
        }
    }

    /// Whether `giver` (a package held with the right to give, [`BY_APPLICATION`] or [`BY_INVITATION`]) may give
    /// `permission`, by the rules of kind *gives*. What no rule names may not be given.
    pub fn gives(&self, giver: &str, permission: &str) -> bool {
        self.gives.get(giver).is_some_and(|given| given.contains(permission))
    }

    /// The permissions that `giver` may give.
    pub fn givable(&self, giver: &str) -> impl Iterator<Item = &str> {
        self.gives.get(giver).into_iter().flatten().map(String::as_str)
    }

    /// The packages that the first officers of an installation get by invitation.
    pub fn first_officer_packages(&self) -> BTreeSet<String> {
        let mut packages = BTreeSet::new();
        for (_, rule) in self.rules() {
            if let RuleKind::Gives { giver, gives, .. } = &rule.kind
                && giver == BY_INVITATION
            {
                packages.extend(gives.iter().cloned());
            }
        }
        packages
    }

    /// The permissions whose use is needed to give any of `permissions`, by the rules with a package as giver.
    pub fn needed_to_give<'c>(&'c self, permissions: &BTreeSet<&str>) -> BTreeSet<&'c str> {
        self.needed(permissions, |to_give, _| to_give)
    }

    /// The permissions whose use is needed to end a mandate with any of `permissions`.
    pub fn needed_to_end<'c>(&'c self, permissions: &BTreeSet<&str>) -> BTreeSet<&'c str> {
        self.needed(permissions, |_, to_end| to_end)
    }

    fn needed<'c>(
        &'c self,
        permissions: &BTreeSet<&str>,
        which: impl Fn(Option<&'c str>, Option<&'c str>) -> Option<&'c str>,
    ) -> BTreeSet<&'c str> {
        let mut needed = BTreeSet::new();
        for (_, rule) in self.rules() {
            if let RuleKind::Gives { gives, to_give, to_end, .. } = &rule.kind
                && gives.iter().any(|entry| permissions.iter().any(|p| self.contains(entry, p)))
            {
                needed.extend(which(to_give.as_deref(), to_end.as_deref()));
            }
        }
        needed
    }

    /// The rules of all services, with the id of their service.
    pub fn rules(&self) -> impl Iterator<Item = (&str, &Rule)> {
        self.services.values().flat_map(|s| s.rules.iter().map(move |rule| (s.id.as_str(), rule)))
    }
}
