//! Whether the rules name things that exist, and together let every permission be given by somebody.

use super::{Check, Finding, key};
use crate::{BY_APPLICATION, BY_INVITATION, Relation, Rule, RuleKind};
use domain::fact::MandateKind;
use std::collections::BTreeSet;

/// Steps of two persons that are not permissions: the invitations of an installation's first officers.
const OWN_STEPS: [&str; 2] = ["invitation.redeem", "invitation.confirm"];

pub(super) fn check(check: &mut Check<'_>) {
    let mut given = BTreeSet::new();
    for (service, of) in &check.form.services {
        let mut ids = BTreeSet::new();
        for rule in &of.rules {
            let at = key(service, "rule", &rule.id);
            check.word(&at, &rule.id);
            check.source(&at, &rule.source);
            if !ids.insert(&rule.id) {
                check.wrong(at.clone(), "two rules share an id", "give one of them another");
            }
            rule_holds(check, &at, rule, &mut given);
        }
    }
    for (service, of) in &check.form.services {
        for (id, permission) in &of.permissions {
            if permission.relation != Relation::Own && !given.contains(id) {
                let fix = "name it, or a package with it, in a rule of kind `gives`";
                check.wrong(key(service, "permission", id), "no rule lets anybody give it", fix);
            }
        }
    }
}

fn rule_holds(check: &mut Check<'_>, at: &str, rule: &Rule, given: &mut BTreeSet<String>) {
    match &rule.kind {
        RuleKind::Gives { giver, gives, to_give, to_end } => {
            giver_holds(check, at, giver, to_give.as_deref(), to_end.as_deref());
            if gives.is_empty() {
                check.wrong(
                    at.to_owned(),
                    "the rule gives nothing",
                    "name what may be given, or take the rule away",
                );
            }
            for entry in gives {
                let permissions = entry_permissions(check, entry);
                if permissions.is_empty() {
                    unknown(check, at, entry);
                }
                for permission in &permissions {
                    may_be_given(check, &format!("{at}/{entry}"), giver, permission);
                }
                given.extend(permissions);
            }
        }
        RuleKind::TwoPersons { steps } => {
            for step in steps {
                if holder(check, step).is_none() && !OWN_STEPS.contains(&step.as_str()) {
                    unknown(check, at, step);
                }
            }
            let distinct: BTreeSet<_> = steps.iter().collect();
            if steps.len() < 2 || distinct.len() != steps.len() {
                let fix = "name at least two different steps, in the order in which they are taken";
                check.wrong(at.to_owned(), "two persons need two steps", fix);
            }
        }
        RuleKind::NeedsSuccessor { package } => {
            if package_holder(check, package).is_none() {
                unknown(check, at, package);
            }
        }
    }
}

fn giver_holds(check: &mut Check<'_>, at: &str, giver: &str, to_give: Option<&str>, to_end: Option<&str>) {
    let origin = giver == BY_APPLICATION || giver == BY_INVITATION;
    let holder = package_holder(check, giver);
    if !origin && holder.is_none() {
        let what = format!("there is no package `{giver}`");
        let fix = "write a package, `application` or `invitation`";
        check.wrong(format!("{at}/{giver}"), what, fix);
    }
    // R-004-11: a user submits, an administrator administers.
    if holder == Some(MandateKind::User) {
        let fix = "let an administrator's package give it";
        check.wrong(format!("{at}/{giver}"), "a user gives nothing to others", fix);
    }
    if origin != (to_give.is_none() && to_end.is_none()) || to_give.is_some() != to_end.is_some() {
        let fix = "a package as giver needs both to_give and to_end; `application` and `invitation` neither";
        check.wrong(at.to_owned(), "to_give and to_end do not fit the giver", fix);
    }
    for needed in [to_give, to_end].into_iter().flatten() {
        // Giving is an act of the giver's own kind: an administrator's at the organisation, an official's at the agency.
        match permission_holder(check, needed) {
            None => unknown(check, at, needed),
            Some(kind) if !origin && holder.is_some_and(|holder| holder != kind) => {
                let fix = "name a permission that the giver's kind of mandate can hold";
                check.wrong(format!("{at}/{needed}"), "the giver can never hold this permission", fix);
            }
            Some(_) => {}
        }
    }
}

/// Who gives stands on the same side as what is given: no role at the agency gives authority at an employer, and the
/// agency registers administrators, never users (R-002-08).
fn may_be_given(check: &mut Check<'_>, at: &str, giver: &str, permission: &str) {
    let Some(given) = permission_holder(check, permission) else { return };
    let fits = match (giver, package_holder(check, giver)) {
        (BY_APPLICATION, _) => given == MandateKind::Administrator,
        (BY_INVITATION, _) | (_, Some(MandateKind::AgencyRole)) => given == MandateKind::AgencyRole,
        (_, Some(_)) => given != MandateKind::AgencyRole,
        (_, None) => true,
    };
    if !fits {
        let what = format!("`{giver}` cannot give `{permission}`");
        let fix = "authority at an organisation comes from its own administrators, a role from the agency (R-002-08)";
        check.wrong(at.to_owned(), what, fix);
    }
}

fn unknown(check: &mut Check<'_>, at: &str, id: &str) {
    let what = format!("the rule names `{id}`, which does not exist or cannot be given");
    check.findings.push(Finding {
        at: format!("{at}/{id}"),
        what,
        fix: "correct the name, or add it".to_owned(),
    });
}

/// The permissions behind an entry, none of them anybody's own.
fn entry_permissions(check: &Check<'_>, entry: &str) -> Vec<String> {
    let of = |service: &crate::Service| match service.packages.get(entry) {
        Some(package) => package.permissions.iter().cloned().collect(),
        None if permission_holder(check, entry).is_some() => vec![entry.to_owned()],
        None => Vec::new(),
    };
    service(check, entry).map(of).unwrap_or_default()
}

fn holder(check: &Check<'_>, entry: &str) -> Option<MandateKind> {
    package_holder(check, entry).or_else(|| permission_holder(check, entry))
}

fn package_holder(check: &Check<'_>, id: &str) -> Option<MandateKind> {
    Some(service(check, id)?.packages.get(id)?.holder)
}

fn permission_holder(check: &Check<'_>, id: &str) -> Option<MandateKind> {
    service(check, id)?.permissions.get(id)?.holder
}

fn service<'f>(check: &Check<'f>, id: &str) -> Option<&'f crate::Service> {
    check.form.services.get(id.split('.').next()?)
}
