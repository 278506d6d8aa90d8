//! What changes from one catalogue to the next: shown before the next one is brought in force.

use crate::{Catalogue, Mistake, Service};
use std::collections::BTreeMap;

/// What happens to one thing of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    Added,
    Changed,
    Dropped,
}

/// One thing that differs between two catalogues.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    pub service: String,
    /// What it is: `service`, `method`, `permission`, `package`, `terms`, `rule`, `deadline`, `limit`,
    /// `contact` or `personal_number`.
    pub what: &'static str,
    pub id: String,
    pub kind: ChangeKind,
}

/// The things of a catalogue under service, kind and id, each as canonical text.
type Things = BTreeMap<(String, &'static str, String), String>;

impl Catalogue {
    /// What differs when this catalogue comes after `earlier`, in the order of services, kinds and ids.
    pub fn changes_since(&self, earlier: &Catalogue) -> Vec<Change> {
        let (old, new) = (things(earlier), things(self));
        let change = |key: &(String, &'static str, String), kind| {
            let (service, what, id) = key.clone();
            Change { service, what, id, kind }
        };
        let mut changes = Vec::new();
        for (key, text) in &new {
            match old.get(key) {
                None => changes.push(change(key, ChangeKind::Added)),
                Some(before) if before != text => changes.push(change(key, ChangeKind::Changed)),
                Some(_) => {}
            }
        }
        changes.extend(
            old.keys().filter(|key| !new.contains_key(key)).map(|key| change(key, ChangeKind::Dropped)),
        );
        changes.sort();
        changes
    }

    /// Versions of terms that `earlier` holds and that this catalogue alters or drops: no version once published can
    /// be (R-004-51). The catalogue may be brought in force only if there are none.
    pub fn altered_terms(&self, earlier: &Catalogue) -> Vec<Mistake> {
        let mut mistakes = Vec::new();
        for service in earlier.services() {
            for terms in &service.terms {
                let now = self.service(&service.id).and_then(|s| s.terms_version(&terms.version));
                if now != Some(terms) {
                    mistakes.push(Mistake {
                        file: format!("{}.toml", service.id),
                        line: 1,
                        column: 1,
                        what: format!(
                            "version {} of the terms is in force or published and is altered",
                            terms.version
                        ),
                        fix: "put its text and its days back, and write the new text as a version of its own"
                            .to_owned(),
                    });
                }
            }
        }
        mistakes
    }
}

fn things(catalogue: &Catalogue) -> Things {
    let mut things = Things::new();
    for method in catalogue.methods() {
        put(&mut things, crate::PLATFORM, "method", &method.id, method);
    }
    for service in catalogue.services() {
        let id = service.id.as_str();
        let bare = Service {
            terms: Vec::new(),
            permissions: BTreeMap::new(),
            packages: BTreeMap::new(),
            rules: Vec::new(),
            deadlines: BTreeMap::new(),
            limits: BTreeMap::new(),
            contacts: Vec::new(),
            personal_number: None,
            ..service.clone()
        };
        put(&mut things, id, "service", id, &bare);
        service.terms.iter().for_each(|t| put(&mut things, id, "terms", &t.version, t));
        service.permissions.iter().for_each(|(key, p)| put(&mut things, id, "permission", key, p));
        service.packages.iter().for_each(|(key, p)| put(&mut things, id, "package", key, p));
        service.rules.iter().for_each(|r| put(&mut things, id, "rule", &r.id, r));
        service.deadlines.iter().for_each(|(key, d)| put(&mut things, id, "deadline", key, d));
        service.limits.iter().for_each(|(key, l)| put(&mut things, id, "limit", key, l));
        service.contacts.iter().for_each(|c| put(&mut things, id, "contact", &c.id, c));
        if let Some(given) = &service.personal_number {
            put(&mut things, id, "personal_number", id, given);
        }
    }
    things
}

fn put(things: &mut Things, service: &str, what: &'static str, id: &str, thing: &impl serde::Serialize) {
    // Plain data always serialises; compared texts that both failed would be equal, and nothing is lost by it.
    let text = serde_json::to_string(thing).unwrap_or_default();
    things.insert((service.to_owned(), what, id.to_owned()), text);
}
