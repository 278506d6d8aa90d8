//! What must hold in a catalogue as a whole. The same checks run on files and on the stored form.

mod rules;

use crate::canonical::{Form, sha256};
use crate::{
    ConnectionNeed, ContactFor, Data, LegalGround, Method, PLATFORM, RecordClass, Relation, Service, Span,
    Text,
};
use domain::fact::MandateKind;
use std::collections::BTreeSet;

/// One thing that does not hold, and at which [`key`].
#[derive(Debug)]
pub(crate) struct Finding {
    pub at: String,
    pub what: String,
    pub fix: String,
}

/// The name of a place: service, kind of thing, id. Parts of a thing append theirs after a slash.
pub(crate) fn key(service: &str, what: &str, id: &str) -> String {
    match what {
        "" => service.to_owned(),
        _ => format!("{service}/{what}/{id}"),
    }
}

pub(crate) fn check(form: &Form) -> Vec<Finding> {
    let mut check = Check { form, findings: Vec::new() };
    if !form.services.contains_key(PLATFORM) {
        check.wrong(PLATFORM.to_owned(), "the platform's own file is missing", "add platform.toml");
    }
    for (id, method) in &form.methods {
        check.method(id, method);
    }
    for (id, service) in &form.services {
        check.service(id, service);
    }
    rules::check(&mut check);
    check.findings
}

pub(super) struct Check<'f> {
    form: &'f Form,
    findings: Vec<Finding>,
}

impl Check<'_> {
    fn wrong(&mut self, at: String, what: impl Into<String>, fix: impl Into<String>) {
        self.findings.push(Finding { at, what: what.into(), fix: fix.into() });
    }

    fn text(&mut self, at: &str, text: &Text) {
        for (lang, words) in [("sv", &text.sv), ("en", &text.en)] {
            if words.trim().is_empty() {
                let what = format!("a text in `{lang}` is empty");
                self.wrong(at.to_owned(), what, "write it; both languages are shown to people");
            }
        }
    }

    fn source(&mut self, at: &str, source: &str) {
        if source.trim().is_empty() {
            let fix = "name the law, the terms or the decision that it comes from, with its section";
            self.wrong(at.to_owned(), "there is no source", fix);
        }
    }

    fn word(&mut self, at: &str, word: &str) {
        let starts = word.starts_with(|c: char| c.is_ascii_lowercase());
        let rest = word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !starts || !rest || word.len() > 64 {
            let fix = "use small letters a–z, digits and _, a letter first, at most 64 in all";
            self.wrong(at.to_owned(), format!("`{word}` is not an id"), fix);
        }
    }

    /// An id of a permission or package: words joined by dots, the service's first.
    fn path(&mut self, at: &str, service: &str, id: &str) {
        let mut words = id.split('.');
        if words.next() != Some(service) || id.split('.').count() < 2 {
            let what = format!("`{id}` does not begin with its service");
            self.wrong(at.to_owned(), what, format!("write `{service}.` before it"));
        }
        for word in words {
            self.word(at, word);
        }
    }

    fn method(&mut self, id: &str, method: &Method) {
        let at = key(PLATFORM, "method", id);
        self.word(&at, id);
        for text in [&method.name, &method.issuer, &method.issuer_help, &method.issuer_terms] {
            self.text(&at, text);
        }
        for address in [&method.issuer_help, &method.issuer_terms] {
            if !address.sv.starts_with("https://") || !address.en.starts_with("https://") {
                let what = "an address of the issuer does not begin with https://";
                self.wrong(at.clone(), what, "write the whole address of the issuer's own page");
            }
        }
    }

    fn service(&mut self, id: &str, service: &Service) {
        let at = key(id, "", "");
        self.word(&at, id);
        for text in [&service.name, &service.description, &service.audience.name] {
            self.text(&at, text);
        }
        self.word(&at, &service.audience.id);
        for method in &service.methods {
            if !self.form.methods.contains_key(method) {
                let what = format!("there is no login method `{method}`");
                self.wrong(
                    key(id, "methods", method),
                    what,
                    "describe it in platform.toml, or correct the name",
                );
            }
        }
        if service.methods.is_empty() {
            self.wrong(at.clone(), "no login method is accepted", "name at least one under `methods`");
        }
        if !service.contacts.iter().any(|c| c.help_with == ContactFor::Service) {
            let fix = "add a [[contact]] with help_with = \"service\"; error pages show it";
            self.wrong(at.clone(), "there is no contact for questions on the service", fix);
        }
        if service.connection == ConnectionNeed::Required && service.terms.is_empty() {
            let what = "a connection is required, but there are no terms to accept";
            self.wrong(at, what, "add [[terms]], or write connection = \"not_required\"");
        }
        self.terms(id, service);
        self.permissions(id, service);
        self.packages(id, service);
        self.personal_number(id, service);
        self.rest(id, service);
    }

    /// What stands in a sentence for a lawyer: some words, on one line.
    fn personal_number(&mut self, id: &str, service: &Service) {
        let Some(LegalGround { ground }) = &service.personal_number else { return };
        let at = key(id, "personal_number", "ground");
        if ground.trim().is_empty() {
            let fix = "name the law with its section, or take [personal_number] away: then none is given out";
            self.wrong(at, "personal numbers would be given out without a legal ground", fix);
        } else if ground.chars().any(char::is_control) {
            let fix = "write it on one line: it stands in a sentence after \"med stöd av\"";
            self.wrong(at, "the legal ground is not one line of text", fix);
        }
    }

    fn terms(&mut self, id: &str, service: &Service) {
        let mut versions = BTreeSet::new();
        let mut before = None;
        for terms in &service.terms {
            let at = key(id, "terms", &terms.version);
            if terms.version.trim().is_empty() || !versions.insert(&terms.version) {
                self.wrong(
                    at.clone(),
                    "two versions of the terms share a name",
                    "name each version by its day",
                );
            }
            if before.is_some_and(|day| terms.in_force_from <= day) {
                let fix = "list the versions from the oldest to the newest, each with a later day";
                self.wrong(at.clone(), "the version does not come into force after the one above it", fix);
            }
            before = Some(terms.in_force_from);
            self.text(&at, &terms.text);
            if terms.hash != sha256(terms.text.sv.as_bytes()) {
                self.wrong(at, "the hash is not that of the text", "apply the catalogue files again");
            }
        }
    }

    fn permissions(&mut self, id: &str, service: &Service) {
        let reach = service.methods.iter().filter_map(|m| Some(self.form.methods.get(m)?.assurance)).max();
        for (name, permission) in &service.permissions {
            let at = key(id, "permission", name);
            self.path(&at, id, name);
            self.text(&at, &permission.name);
            if *name != permission.id {
                self.wrong(at.clone(), "the id differs from its key", "apply the catalogue files again");
            }
            let holder = match permission.relation {
                Relation::Own => permission.holder.is_none(),
                Relation::Agency => permission.holder == Some(MandateKind::AgencyRole),
                Relation::Organisation => {
                    matches!(permission.holder, Some(MandateKind::Administrator | MandateKind::User))
                }
            };
            if !holder {
                let fix = "an organisation's permission says holder = \"administrator\" or \"user\"; others say none";
                self.wrong(at.clone(), "the holder does not fit the relation", fix);
            }
            if permission.assurance < service.assurance {
                let fix = format!("write at least {}, or leave it out", service.assurance);
                self.wrong(at.clone(), "the assurance is lower than the service's", fix);
            }
            if reach.is_some_and(|most| permission.assurance > most) {
                let fix = "accept a method that reaches it, or lower the assurance";
                self.wrong(at.clone(), "no accepted login method reaches its assurance", fix);
            }
            if permission.data == Data::SpecialCategory && permission.record == RecordClass::None {
                let fix = "write record = \"read\" or \"change\"";
                self.wrong(at, "special category data is opened without a record", fix);
            }
        }
    }

    fn packages(&mut self, id: &str, service: &Service) {
        for (name, package) in &service.packages {
            let at = key(id, "package", name);
            self.path(&at, id, name);
            self.text(&at, &package.name);
            if *name != package.id || service.permissions.contains_key(name) {
                self.wrong(at.clone(), "its id is another's too", "give it an id of its own");
            }
            if package.permissions.is_empty() {
                self.wrong(
                    at.clone(),
                    "the package is empty",
                    "name at least one permission, or take it away",
                );
            }
            for permission in &package.permissions {
                let here = format!("{at}/{permission}");
                match service.permissions.get(permission) {
                    None => {
                        let what = format!("there is no permission `{permission}` in this service");
                        self.wrong(here, what, "correct the name, or add the [[permission]]");
                    }
                    Some(permission) if permission.holder != Some(package.holder) => {
                        let fix = "put permissions of different holders in different packages (R-004-11)";
                        self.wrong(here, "it has another kind of holder than the rest of the package", fix);
                    }
                    Some(_) => {}
                }
            }
        }
    }

    fn rest(&mut self, id: &str, service: &Service) {
        for (name, deadline) in &service.deadlines {
            let at = key(id, "deadline", name);
            self.word(&at, name);
            self.text(&at, &deadline.name);
            self.source(&at, &deadline.source);
            if matches!(deadline.span, Span::WorkingDays(0) | Span::Days(0)) {
                self.wrong(at, "the deadline has no length", "write at least one day");
            }
        }
        for (name, limit) in &service.limits {
            let at = key(id, "limit", name);
            self.word(&at, name);
            self.text(&at, &limit.name);
            self.source(&at, &limit.source);
        }
        let mut contacts = BTreeSet::new();
        for contact in &service.contacts {
            let at = key(id, "contact", &contact.id);
            self.word(&at, &contact.id);
            self.text(&at, &contact.name);
            self.text(&at, &contact.hours);
            if !contacts.insert(&contact.id) {
                self.wrong(at.clone(), "two contacts share an id", "give one of them another");
            }
            if contact.telephone.is_none() && contact.address.is_none() {
                self.wrong(at, "the contact cannot be reached", "write a telephone or an address");
            }
        }
    }
}
