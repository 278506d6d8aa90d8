//! `/for/{party}/people`: authorisations at an organisation (*behörigheter*), for its administrators.
//!
//! Terms §4–5: who has what is in plain sight, is given with a stated need and taken away at once.

mod end;
mod give;
mod why;

pub(crate) use give::{choices_of, field_of};

use app::application::SERVICE;
use app::mandates::MandateView;
use app::{App, Names};
use askama::Template;
use authority::{FactsView as _, holders};
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use domain::fact::{Mandate, MandateKind, PermissionId, Right};
use domain::{FactId, Instant, PartyId};
use page::door::Visitor;
use page::{Badge, Notice, Problem, TimeTag, Tone, Tr, codes};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use crate::hall::Hall;
use crate::offer::spoken;

/// What reading, giving and ending need.
pub(crate) const READ: &str = "employer.mandate.read";
const GIVE: &str = "employer.mandate.give";
const END: &str = "employer.mandate.end";
/// People on one page.
const PAGE: usize = 50;

pub(crate) fn routes() -> Router<Hall> {
    Router::new()
        .route("/for/{party}/people", get(list))
        .route("/for/{party}/people/give", get(give::form).post(give::give))
        .route("/for/{party}/people/{person}/end", get(end::ask).post(end::end))
        .route("/for/{party}/people/{person}/why", get(why::page))
}

/// The person that an address names.
#[derive(Debug, Deserialize)]
struct Named {
    person: String,
}

impl Named {
    fn id(&self, visitor: &Visitor) -> Result<PartyId, Problem> {
        self.person.parse().map_err(|_| not_found(visitor))
    }
}

/// What is not there, or not for this visitor: the two look the same.
fn not_found(visitor: &Visitor) -> Problem {
    Problem::of(&codes::NOT_FOUND).in_frame(visitor.frame(""))
}

#[derive(Debug, Deserialize)]
struct Asked {
    page: Option<usize>,
    /// A mandate given or ended just now.
    given: Option<String>,
    ended: Option<String>,
}

struct Row {
    what: String,
    /// What and whose, for those who hear a link without its row.
    about: String,
    badge: Badge,
    from: TimeTag,
    until: Option<String>,
    why: Option<String>,
    end: Option<String>,
}

struct Person {
    name: String,
    number: String,
    you: bool,
    caption: String,
    rows: Vec<Row>,
}

#[derive(Template)]
#[template(path = "people/list.html")]
struct List<'a> {
    tr: &'a Tr,
    lead: String,
    notice: Option<Notice>,
    give: Option<String>,
    people: Vec<Person>,
    pages: Option<String>,
    earlier: Option<String>,
    later: Option<String>,
}

async fn list(
    State(app): State<App>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let tr = visitor.tr();
    let mandates = app.mandates(&visitor.visit, SERVICE).await.map_err(|r| visitor.refused(r))?;
    let mut by_holder: BTreeMap<PartyId, Vec<MandateView>> = BTreeMap::new();
    for mandate in mandates {
        by_holder.entry(mandate.holder).or_default().push(mandate);
    }
    let changed = changed(&visitor, &asked);
    let wanted = by_holder.keys().copied().chain(changed.map(|(_, mandate)| mandate.holder));
    let names = app.names(&visitor.visit, wanted).await.map_err(|r| visitor.refused(r))?;
    let mut all: Vec<(PartyId, Vec<MandateView>)> = by_holder.into_iter().collect();
    all.sort_by_cached_key(|(holder, _)| (swedish_order(names.of(*holder)), *holder));
    let pages = all.len().div_ceil(PAGE).max(1);
    let page = asked.page.unwrap_or(1).clamp(1, pages);
    let working = Working::of(&app, &visitor);
    let shown = all.into_iter().skip((page - 1) * PAGE).take(PAGE);
    let here = format!("{}/people", visitor.base());
    let link = |page: usize| format!("{here}?page={page}");
    let count = || [("page", (page as u64).into()), ("pages", (pages as u64).into())];
    let body = List {
        tr,
        lead: tr.with("people-lead", &[("organisation", visitor.party.name.as_str().into())]),
        notice: changed.map(|(what, mandate)| notice(&visitor, &names, what, mandate)),
        give: visitor.may(GIVE).then(|| format!("{here}/give")),
        people: shown
            .map(|(holder, mandates)| person(&visitor, &names, &working, holder, &mandates))
            .collect(),
        pages: (pages > 1).then(|| tr.with("people-pages", &count())),
        earlier: (page > 1).then(|| link(page - 1)),
        later: (page < pages).then(|| link(page + 1)),
    };
    Ok(visitor.frame(tr.get("people-title")).wide().render(&body))
}

fn person(
    visitor: &Visitor,
    names: &Names,
    working: &Working,
    holder: PartyId,
    mandates: &[MandateView],
) -> Person {
    let may_end = visitor.may(END);
    let base = format!("{}/people/{holder}", visitor.base());
    let (tr, name) = (visitor.tr(), names.of(holder));
    let about = |what: &str| tr.with("people-for", &[("what", what.into()), ("name", name.into())]);
    let rows = mandates.iter().map(|mandate| Row {
        about: about(&what(visitor, &mandate.permissions)),
        what: what(visitor, &mandate.permissions),
        badge: working.badge(visitor, mandate),
        from: tr.time_tag(mandate.from),
        until: mandate.to.map(|to| last_day(tr, to)),
        why: first_permission(visitor, &mandate.permissions).map(|id| format!("{base}/why?permission={id}")),
        end: may_end.then(|| format!("{base}/end?mandate={}", mandate.id)),
    });
    Person {
        name: name.to_owned(),
        caption: tr.with("people-caption", &[("name", name.into())]),
        number: names.number(holder).to_owned(),
        you: holder == visitor.person.id,
        rows: rows.collect(),
    }
}

/// Something that was done just now, told only if it is so: the address alone proves nothing.
#[derive(Debug, Clone, Copy)]
enum Done {
    Given,
    Ended,
}

fn changed<'v>(visitor: &'v Visitor, asked: &Asked) -> Option<(Done, &'v Mandate)> {
    let (done, id) = match (&asked.given, &asked.ended) {
        (Some(id), _) => (Done::Given, id),
        (None, Some(id)) => (Done::Ended, id),
        (None, None) => return None,
    };
    let known = visitor.visit.known.index.mandate(id.parse().ok()?)?;
    let so = match done {
        Done::Given => known.holds_at(visitor.page.now),
        Done::Ended => known.version.valid_to.is_some_and(|to| to <= visitor.page.now),
    };
    (so && known.says.grantor == visitor.party.id).then_some((done, known.says))
}

fn notice(visitor: &Visitor, names: &Names, done: Done, mandate: &Mandate) -> Notice {
    let (tr, what) = (visitor.tr(), what(visitor, &mandate.permissions));
    let key = match done {
        Done::Given => "people-given",
        Done::Ended => "people-ended",
    };
    let says =
        tr.with(&format!("{key}-says"), &[("name", names.of(mandate.holder).into()), ("what", what.into())]);
    Notice::new(Tone::Success, tr.get(key), says).just_happened()
}

/// The mandates that give something now: in force, and their whole chain too.
struct Working(BTreeSet<FactId>);

impl Working {
    fn of(app: &App, visitor: &Visitor) -> Self {
        let known = &visitor.visit.known;
        let permissions = known.catalogue.services().flat_map(|service| service.permissions.keys());
        let found = permissions.flat_map(|id| {
            holders(
                &known.index,
                &known.catalogue,
                app.agency(),
                visitor.party.id,
                id,
                Right::Use,
                visitor.page.now,
            )
        });
        Self(found.map(|holder| holder.mandate).collect())
    }

    fn badge(&self, visitor: &Visitor, mandate: &MandateView) -> Badge {
        let tr = visitor.tr();
        if visitor.page.now < mandate.from {
            Badge::plain(tr.get("people-coming"))
        } else if self.0.contains(&mandate.id) {
            Badge::new(Tone::Success, tr.get("people-active"))
        } else {
            Badge::new(Tone::Error, tr.get("people-stopped"))
        }
    }
}

/// The names of packages and permissions, from the catalogue.
pub(crate) fn what(visitor: &Visitor, entries: &BTreeSet<PermissionId>) -> String {
    let names: Vec<&str> = entries.iter().map(|id| entry_name(visitor, id)).collect();
    names.join(", ")
}

/// The name of a package or a permission; its id if the catalogue no longer has it.
pub(crate) fn entry_name<'v>(visitor: &'v Visitor, id: &'v str) -> &'v str {
    let (catalogue, lang) = (&visitor.visit.known.catalogue, spoken(visitor.page.lang()));
    let package = catalogue.package(id).map(|package| package.name.get(lang));
    package.or_else(|| catalogue.permission(id).map(|permission| permission.name.get(lang))).unwrap_or(id)
}

fn first_permission<'v>(visitor: &'v Visitor, entries: &BTreeSet<PermissionId>) -> Option<&'v str> {
    visitor.visit.known.catalogue.expand(entries.iter().map(String::as_str)).into_iter().next()
}

/// The last day: a mandate ends with the end of a day in Sweden.
pub(crate) fn last_day(tr: &Tr, to: Instant) -> String {
    tr.date(to - Duration::from_secs(1))
}

fn is_administrator(kind: MandateKind) -> bool {
    kind == MandateKind::Administrator
}

/// Sorts names as Swedish does: å, ä, ö last and in this order (Unicode has ä before å).
pub(crate) fn swedish_order(name: &str) -> String {
    let moved = |c: char| match c {
        'å' => '\u{10fffd}',
        'ä' | 'æ' => '\u{10fffe}',
        'ö' | 'ø' => '\u{10ffff}',
        other => other,
    };
    name.to_lowercase().chars().map(moved).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_as_in_sweden() {
        let mut names = ["Östen", "Ärla", "Åke", "Zeb", "anna", "Berit"];
        names.sort_by_cached_key(|name| swedish_order(name));
        assert_eq!(names, ["anna", "Berit", "Zeb", "Åke", "Ärla", "Östen"]);
    }
}
