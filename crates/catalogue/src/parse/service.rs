//! From the shape of a file to its service: one thing after the other, each with the place where it stands.

use super::{MOST_BYTES, Reading};
use crate::canonical::sha256;
use crate::check::key;
use crate::rule::{Rule, RuleKind};
use crate::{
    Contact, Deadline, LegalGround, Limit, Method, Package, Permission, Relation, Service, Span, Terms, Text,
    raw,
};
use domain::fact::MandateKind;
use std::collections::{BTreeMap, BTreeSet};
use toml::Spanned;

impl Reading<'_> {
    pub(super) fn service(&mut self, index: usize, file: raw::File) {
        let id = file.service.id.get_ref().clone();
        let start = file.service.id.span().start;
        if self.services.contains_key(&id) {
            return self.duplicate(index, start, "service", &id);
        }
        self.places.insert(key(&id, "", ""), (index, start));
        let level = self.level(index, &file.service.assurance);
        let mut service = Service {
            id: id.clone(),
            name: file.service.name,
            description: file.service.description,
            audience: file.service.audience,
            methods: file.service.methods.iter().map(|m| m.get_ref().clone()).collect(),
            assurance: level,
            connection: file.service.connection,
            terms: Vec::new(),
            permissions: BTreeMap::new(),
            packages: BTreeMap::new(),
            rules: Vec::new(),
            deadlines: BTreeMap::new(),
            limits: BTreeMap::new(),
            contacts: Vec::new(),
            personal_number: None,
        };
        for method in &file.service.methods {
            self.put(index, &id, "methods", method);
        }
        for (name, method) in file.method {
            self.method(index, &id, name, method);
        }
        for terms in file.terms {
            self.terms(index, &mut service, terms);
        }
        for permission in file.permission {
            self.permission(index, &mut service, permission);
        }
        for package in file.package {
            self.package(index, &mut service, package);
        }
        for rule in file.rule {
            self.rule(index, &mut service, rule);
        }
        for (name, deadline) in file.deadline {
            self.deadline(index, &mut service, name, deadline);
        }
        for (name, limit) in file.limit {
            self.places.insert(key(&id, "limit", &name), (index, limit.span().start));
            let raw::Limit { name: text, value, source } = limit.into_inner();
            service.limits.insert(name, Limit { name: text, value, source });
        }
        for contact in file.contact {
            if service.contacts.iter().any(|c| c.id == *contact.id.get_ref()) {
                self.duplicate(index, contact.id.span().start, "contact", contact.id.get_ref());
                continue;
            }
            self.put(index, &id, "contact", &contact.id);
            service.contacts.push(Contact {
                id: contact.id.into_inner(),
                help_with: contact.help_with,
                name: contact.name,
                hours: contact.hours,
                telephone: contact.telephone,
                address: contact.address,
            });
        }
        if let Some(raw::PersonalNumber { ground }) = file.personal_number {
            self.places.insert(key(&id, "personal_number", "ground"), (index, ground.span().start));
            service.personal_number = Some(LegalGround { ground: ground.into_inner() });
        }
        self.services.insert(id, service);
    }

    fn method(&mut self, index: usize, service: &str, id: String, method: Spanned<raw::Method>) {
        let start = method.span().start;
        if service != crate::PLATFORM {
            return self.wrong(
                index,
                start,
                format!("the login method `{id}` stands in the file of a service"),
                "describe it in platform.toml; the service names it under `methods`",
            );
        }
        self.places.insert(key(service, "method", &id), (index, start));
        let method = method.into_inner();
        let assurance = self.level(index, &method.assurance);
        self.methods.insert(
            id.clone(),
            Method {
                id,
                name: method.name,
                assurance,
                issuer: method.issuer,
                issuer_help: method.issuer_help,
                issuer_terms: method.issuer_terms,
            },
        );
    }

    fn terms(&mut self, index: usize, service: &mut Service, terms: raw::Terms) {
        if service.terms_version(terms.version.get_ref()).is_some() {
            return self.duplicate(
                index,
                terms.version.span().start,
                "terms version",
                terms.version.get_ref(),
            );
        }
        self.put(index, &service.id, "terms", &terms.version);
        let Some(in_force_from) = terms.date() else {
            let what = format!("`{}` is not a day", terms.in_force_from.get_ref());
            return self.wrong(index, terms.in_force_from.span().start, what, "write it as \"2024-12-20\"");
        };
        let start = terms.text.span().start;
        let files = terms.text.into_inner();
        let (sv, en) = (self.terms_text(index, start, &files.sv), self.terms_text(index, start, &files.en));
        if let (Some(sv), Some(en)) = (sv, en) {
            service.terms.push(Terms {
                version: terms.version.into_inner(),
                in_force_from,
                earlier_acceptance: terms.earlier_acceptance,
                hash: sha256(sv.as_bytes()),
                text: Text { sv, en },
            });
        }
    }

    fn terms_text(&mut self, index: usize, offset: usize, file: &str) -> Option<String> {
        let tail = format!("/{file}");
        let found = self.terms.iter().find(|s| s.file == file || s.file.ends_with(&tail));
        match found {
            Some(source) if source.text.trim().is_empty() => {
                self.wrong(
                    index,
                    offset,
                    format!("the terms `{file}` have no text"),
                    "write the text in that file",
                );
                None
            }
            Some(source) if source.text.len() > MOST_BYTES => {
                let what = format!("the terms `{file}` are larger than 1 MiB");
                self.wrong(index, offset, what, "shorten the text");
                None
            }
            Some(source) => Some(source.text.clone()),
            None => {
                let what = format!("the terms text `{file}` is not there");
                self.wrong(
                    index,
                    offset,
                    what,
                    "put the file beside the catalogue, or correct its name here",
                );
                None
            }
        }
    }

    fn permission(&mut self, index: usize, service: &mut Service, permission: raw::Permission) {
        let start = permission.id.span().start;
        let id = permission.id.get_ref().clone();
        if service.permissions.contains_key(&id) {
            return self.duplicate(index, start, "permission", &id);
        }
        self.put(index, &service.id, "permission", &permission.id);
        let assurance = permission.assurance.map_or(service.assurance, |level| self.level(index, &level));
        let holder = match (permission.relation, permission.holder) {
            (Relation::Agency, None) => Some(MandateKind::AgencyRole),
            (_, holder) => holder,
        };
        service.permissions.insert(
            id.clone(),
            Permission {
                id,
                name: permission.name,
                relation: permission.relation,
                holder,
                assurance,
                record: permission.record,
                data: permission.data,
            },
        );
    }

    fn package(&mut self, index: usize, service: &mut Service, package: raw::Package) {
        let start = package.id.span().start;
        let id = package.id.get_ref().clone();
        if service.packages.contains_key(&id) || service.permissions.contains_key(&id) {
            return self.duplicate(index, start, "permission or package", &id);
        }
        self.put(index, &service.id, "package", &package.id);
        for permission in &package.permissions {
            let at = key(&service.id, "package", &format!("{id}/{}", permission.get_ref()));
            self.places.insert(at, (index, permission.span().start));
        }
        let permissions = package.permissions.into_iter().map(Spanned::into_inner);
        let permissions: BTreeSet<String> = permissions.collect();
        // Whether all its permissions agree is checked with the rest.
        let holder = permissions
            .iter()
            .find_map(|p| service.permissions.get(p).and_then(|p| p.holder))
            .unwrap_or(MandateKind::User);
        service.packages.insert(id.clone(), Package { id, name: package.name, holder, permissions });
    }

    fn rule(&mut self, index: usize, service: &mut Service, rule: raw::Rule) {
        let start = rule.id.span().start;
        let id = rule.id.get_ref().clone();
        if service.rules.iter().any(|r| r.id == id) {
            return self.duplicate(index, start, "rule", &id);
        }
        self.put(index, &service.id, "rule", &rule.id);
        let references =
            [&rule.giver, &rule.to_give, &rule.to_end, &rule.package].into_iter().filter_map(Option::as_ref);
        for reference in references.chain(rule.gives.iter().flatten()).chain(rule.steps.iter().flatten()) {
            let at = key(&service.id, "rule", &format!("{id}/{}", reference.get_ref()));
            self.places.insert(at, (index, reference.span().start));
        }
        let texts = |list: Vec<Spanned<String>>| list.into_iter().map(Spanned::into_inner);
        let keys = (rule.giver, rule.gives, rule.steps, rule.package);
        let kind = match (rule.kind.get_ref().as_str(), keys) {
            ("gives", (Some(giver), Some(gives), None, None)) => RuleKind::Gives {
                giver: giver.into_inner(),
                gives: texts(gives).collect(),
                to_give: rule.to_give.map(Spanned::into_inner),
                to_end: rule.to_end.map(Spanned::into_inner),
            },
            ("two_persons", (None, None, Some(steps), None)) => {
                RuleKind::TwoPersons { steps: texts(steps).collect() }
            }
            ("needs_successor", (None, None, None, Some(package))) => {
                RuleKind::NeedsSuccessor { package: package.into_inner() }
            }
            (kind, _) => {
                let (what, fix) = match kind {
                    "gives" => (
                        "a rule of kind `gives` takes other keys",
                        "write giver and gives, and to_give and to_end if the giver is a package",
                    ),
                    "two_persons" => ("a rule of kind `two_persons` takes other keys", "write steps"),
                    "needs_successor" => {
                        ("a rule of kind `needs_successor` takes other keys", "write package")
                    }
                    _ => ("no such kind of rule", "write gives, two_persons or needs_successor"),
                };
                return self.wrong(index, rule.kind.span().start, what, fix);
            }
        };
        service.rules.push(Rule { id, kind, source: rule.source });
    }

    fn deadline(
        &mut self,
        index: usize,
        service: &mut Service,
        name: String,
        deadline: Spanned<raw::Deadline>,
    ) {
        let start = deadline.span().start;
        self.places.insert(key(&service.id, "deadline", &name), (index, start));
        let deadline = deadline.into_inner();
        let span = match (deadline.working_days, deadline.days) {
            (Some(days), None) => Span::WorkingDays(days),
            (None, Some(days)) => Span::Days(days),
            _ => {
                let what = format!("the deadline `{name}` has no single length");
                return self.wrong(index, start, what, "write either working_days or days");
            }
        };
        service.deadlines.insert(name, Deadline { name: deadline.name, span, source: deadline.source });
    }
}
