//! What a code leads to, in words: for somebody on the telephone, who knows neither the system nor its log.

use activity::{FaultClass, Record};
use app::support::{Around, Note, Scope, Traced as Found, What};
use app::{App, Names};
use domain::PartyId;
use page::door::Visitor;
use page::problem::Kind;
use page::{Badge, BrokenLink, Facts, Mender, Tone, Tr, codes};

use super::{Row, Seen, Traced};
use crate::offer::spoken;
use crate::{outcome, records};

/// Whose names the page needs: none, where the officer may see none.
pub(super) fn parties(found: &Found) -> Vec<PartyId> {
    match found.scope {
        Scope::Cause => Vec::new(),
        Scope::Names => {
            found.person.into_iter().chain(found.record.as_ref().and_then(|record| record.party)).collect()
        }
    }
}

pub(super) fn tell<'a>(app: &App, visitor: &'a Visitor, names: &Names, found: &Found) -> Traced<'a> {
    let tr = visitor.tr();
    let kind = kind(found);
    let group = group(kind, found);
    Traced {
        tr,
        lead: lead(tr, kind, found),
        facts: facts(app, visitor, names, found, kind),
        why: why(tr, found),
        seen: kind.map(|kind| seen(tr, kind, found)),
        tell: tr.get(&format!("support-tell-{group}")),
        todo: tr.get(&format!("support-todo-{group}")),
        rows: found.around.iter().map(|around| row(visitor, around)).collect(),
        alone: tr.get(if found.person.is_some() { "support-around-none" } else { "support-around-nobody" }),
        again: format!("{}/support", visitor.base()),
    }
}

/// The page's kind: as noted, or as the record tells for a page that was not.
fn kind(found: &Found) -> Option<&'static Kind> {
    if let Some(code) = found.note.as_ref().and_then(|note| note.code.as_deref()) {
        return codes::ALL.iter().copied().find(|kind| kind.code == code);
    }
    if found.note.is_some() {
        // A fault whose page never came about, or that a program was told.
        return Some(&codes::OUR_FAULT);
    }
    let record = found.record.as_ref()?;
    if record.decided.as_ref().is_some_and(|decided| !decided.allowed) {
        return Some(&codes::NO_ACCESS);
    }
    let failed = record.fault.is_some();
    record.detail.get("code").filter(|_| failed).map(|code| outcome::kind(code))
}

/// The texts of what to tell and to do go by what it was about and whose fault.
fn group(kind: Option<&Kind>, found: &Found) -> &'static str {
    let fault = found.record.as_ref().and_then(|record| record.fault);
    let Some(kind) = kind else { return "fine" };
    if found.note.as_ref().is_some_and(|note| note.cause.is_some()) || fault == Some(FaultClass::Us) {
        return "ours";
    }
    match kind.code.get(4..).unwrap_or_default() {
        "1106" => "risk",
        "1109" | "1111" => "ours",
        "1104" | "1105" | "1108" => "issuer",
        "1114" | "2101" => "access",
        code if code.starts_with("11") => {
            if fault == Some(FaultClass::Issuer) {
                "issuer"
            } else {
                "login"
            }
        }
        code if code.starts_with("12") => "session",
        code if code.starts_with("21") => "party",
        code if code.starts_with("32") => "state",
        "5101" | "5103" => "busy",
        code if code.starts_with('5') => "ours",
        _ => "request",
    }
}

fn lead(tr: &Tr, kind: Option<&Kind>, found: &Found) -> String {
    let what = match (kind, &found.record) {
        (Some(kind), _) => title(tr, kind, found),
        (None, Some(record)) => records::event(tr, &record.event),
        (None, None) => String::new(),
    };
    tr.with("support-lead", &[("what", what.into()), ("time", tr.date_time_exact(found.at).into())])
}

fn title(tr: &Tr, kind: &Kind, found: &Found) -> String {
    text(tr, kind, "", found)
}

/// A text of the page; what it told by name is left open.
fn text(tr: &Tr, kind: &Kind, end: &str, found: &Found) -> String {
    let says = rule(found).map(|rule| conflict(tr, &rule)).unwrap_or_default();
    let left_open = tr.get("support-left-open");
    let values = [
        ("says", says.into()),
        ("name", left_open.clone().into()),
        ("what", left_open.clone().into()),
        ("service", left_open.into()),
    ];
    tr.with(&format!("problem-{}{end}", kind.name), &values)
}

fn seen(tr: &Tr, kind: &Kind, found: &Found) -> Seen {
    Seen {
        title: title(tr, kind, found),
        what: text(tr, kind, "-what", found),
        todo: text(tr, kind, "-do", found),
    }
}

/// The rule that refused, beyond the decision.
fn rule(found: &Found) -> Option<String> {
    let noted = found.note.as_ref().and_then(|note| note.rule.clone());
    let recorded = || {
        let record = found.record.as_ref().filter(|record| record.event == "act.refused")?;
        record.detail.get("code").cloned()
    };
    noted.or_else(recorded)
}

fn conflict(tr: &Tr, code: &str) -> String {
    let key = format!("conflict-{}", code.to_ascii_lowercase().replace('_', "-"));
    if tr.has(&key) { tr.get(&key) } else { tr.get("conflict-other") }
}

fn facts(app: &App, visitor: &Visitor, names: &Names, found: &Found, kind: Option<&'static Kind>) -> Facts {
    let tr = visitor.tr();
    let (record, note) = (found.record.as_ref(), found.note.as_ref());
    let when = [("time", tr.date_time_exact(found.at).into()), ("utc", found.at.to_string().into())];
    let mut facts = Facts::new()
        .fact(tr.get("support-when"), tr.with("support-when-says", &when))
        .fact(tr.get("support-who"), who(tr, names, found));
    if let Some(party) = record.and_then(|record| record.party) {
        facts = facts.fact(tr.get("support-for"), for_whom(app, tr, names, found, party));
    }
    if let Some(record) = record {
        facts = facts.fact(tr.get("support-step"), records::event(tr, &record.event));
    }
    if let Some(asked) = record.and_then(asked) {
        facts = facts.fact(tr.get("support-asked"), permission(visitor, asked));
    }
    if let Some(Note { method: Some(method), route, .. }) = note {
        let route = route.clone().unwrap_or_else(|| tr.get("support-route-none"));
        facts = facts.fact(tr.get("support-route"), format!("{method} {route}"));
    }
    if let Some(kind) = kind {
        facts = facts.fact(tr.get("support-error"), format!("{}: {}", kind.code, title(tr, kind, found)));
    }
    if let Some(told) = record.and_then(|record| record.detail.get("cause")) {
        facts = facts.fact(tr.get("support-provider"), told);
    }
    if let Some(Note { cause: Some(cause), node, .. }) = note {
        facts = facts.fact(tr.get("support-cause"), cause).fact(tr.get("support-node"), node);
    }
    facts
}

fn who(tr: &Tr, names: &Names, found: &Found) -> String {
    match (found.person, found.scope) {
        (None, _) => tr.get("support-who-nobody"),
        (Some(_), Scope::Cause) => tr.get("support-who-hidden"),
        (Some(person), Scope::Names) => names.of(person).to_owned(),
    }
}

fn for_whom(app: &App, tr: &Tr, names: &Names, found: &Found, party: PartyId) -> String {
    if found.person == Some(party) {
        tr.get("support-for-self")
    } else if party == app.agency() {
        tr.get("support-for-agency")
    } else {
        match found.scope {
            Scope::Cause => tr.get("support-for-other"),
            Scope::Names => names.of(party).to_owned(),
        }
    }
}

fn asked(record: &Record) -> Option<&str> {
    let decided = record.decided.as_ref().map(|decided| decided.permission.as_str());
    decided.or_else(|| record.detail.get("permission").map(String::as_str))
}

/// A permission in the catalogue's words.
fn permission(visitor: &Visitor, id: &str) -> String {
    let (catalogue, lang) = (&visitor.visit.known.catalogue, spoken(visitor.page.lang()));
    catalogue.permission(id).map_or(id, |permission| permission.name.get(lang)).to_owned()
}

/// Each reason in words, with its code.
fn why(tr: &Tr, found: &Found) -> Vec<(String, String)> {
    let decided = found.record.as_ref().and_then(|record| record.decided.as_ref());
    let broken = decided.filter(|decided| !decided.allowed).into_iter().flat_map(|decided| &decided.codes);
    let links = broken.map(|code| (BrokenLink::new(code, Mender::Nobody).sentence(tr), code.clone()));
    let rule = rule(found).map(|code| (conflict(tr, &code), code));
    links.chain(rule).collect()
}

fn row(visitor: &Visitor, around: &Around) -> Row {
    let tr = visitor.tr();
    let at = tr.time_tag(around.at);
    match &around.what {
        What::Act(record) => Row {
            at,
            what: records::event(tr, &record.event),
            result: records::result(tr, record),
            code: record.reference.to_string(),
        },
        What::Hidden(service) => {
            let service = visitor.visit.known.catalogue.service(service);
            let name = service.map_or("–", |service| service.name.get(spoken(visitor.page.lang())));
            Row {
                at,
                what: tr.with("support-around-hidden", &[("service", name.into())]),
                result: Badge::plain(tr.get("support-around-hidden-result")),
                code: String::new(),
            }
        }
        What::Shown(note) => {
            let code = note.code.as_deref().unwrap_or(codes::OUR_FAULT.code);
            let kind = codes::ALL.iter().find(|kind| kind.code == code).copied();
            let title = kind.map(|kind| {
                tr.with(&format!("problem-{}", kind.name), &[("name", tr.get("support-left-open").into())])
            });
            let what = [("code", code.into()), ("title", title.unwrap_or_default().into())];
            Row {
                at,
                what: tr.with("support-around-shown", &what),
                result: Badge::new(Tone::Warning, tr.get("records-failed")),
                code: note.reference.to_string(),
            }
        }
    }
}
