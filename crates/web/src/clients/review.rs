//! The page between the form and the act: what will hold when the service of a catalogue file comes in force, who gains and
//! who loses, and one button that does both. Nothing is kept meanwhile: the form carries what was typed.

use app::App;
use app::Refusal;
use app::new_catalogue::{Difference, Effects, Turn};
use app::oidc::{NotReviewed, Review};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use catalogue::{Catalogue, Lang, RuleKind, Service};
use domain::fact::Right;
use page::door::{Sent, Visitor};
use page::{Answers, Facts, FormGuard, Notice, Problem, Tone, Tr};
use std::collections::{BTreeMap, BTreeSet};

use super::register::{CHANGE, again, draft, given, registered};
use super::{at_agency, base};
use crate::asking::see_other;
use crate::offer::spoken;

/// What was seen, in the form that confirms it.
const SEEN: &str = "seen";
/// The hidden fields of every form, which this one has of its own.
const GUARD: [&str; 2] = ["csrf", "party"];

#[derive(Template)]
#[template(path = "clients/review.html")]
struct Body<'a> {
    tr: &'a Tr,
    notice: Option<Notice>,
    facts: Facts,
    /// `None`: the service is in force already, word by word.
    service: Option<Shown>,
    guard: FormGuard,
    confirm: String,
    change: String,
    cancel: String,
    hidden: Vec<(String, String)>,
}

/// A service that will come in force.
struct Shown {
    says: String,
    /// Headings with their lines.
    parts: Vec<(String, Vec<String>)>,
    people: Vec<String>,
    /// All of it, as `behorig catalogue print` writes it.
    whole: String,
    file: String,
}

pub(super) fn show(
    visitor: &Visitor,
    answers: &Answers,
    review: &Review,
    notice: Option<Notice>,
) -> Response {
    let (tr, list) = (visitor.tr(), base(visitor));
    let body = Body {
        tr,
        notice,
        facts: facts(visitor, review),
        service: shown(visitor, review),
        guard: visitor.guard(),
        confirm: format!("{list}/register/confirm"),
        change: format!("{list}/register"),
        cancel: list.clone(),
        hidden: hidden(answers, review),
    };
    visitor.frame(tr.get("client-review-title")).back(tr.get("clients-title"), list).render(&body)
}

/// Everything that was typed, and what is seen now.
fn hidden(answers: &Answers, review: &Review) -> Vec<(String, String)> {
    let ours = |name: &str| GUARD.contains(&name) || [SEEN, CHANGE].contains(&name);
    let typed = answers.pairs().filter(|(name, _)| !ours(name));
    let typed = typed.map(|(name, value)| (name.to_owned(), value.to_owned()));
    typed.chain([(SEEN.to_owned(), review.seen.to_string())]).collect()
}

fn facts(visitor: &Visitor, review: &Review) -> Facts {
    let (tr, client, lang) = (visitor.tr(), &review.client, spoken(visitor.page.lang()));
    let service = review.catalogue.service(&client.service);
    let service = service.map_or(client.service.as_str(), |service| service.name.get(lang));
    let facts = Facts::new()
        .fact(tr.get("clients-name"), client.name.get(lang))
        .fact(tr.get("client-id"), client.id.to_string())
        .fact(tr.get("client-service"), format!("{service} ({})", client.service))
        .fact(tr.get("client-authentication"), super::proven(tr, client));
    let addresses = client.redirect_uris.iter().map(|uri| uri.as_str());
    facts.fact(tr.get("client-redirect-uris"), addresses.collect::<Vec<_>>().join(" "))
}

fn shown(visitor: &Visitor, review: &Review) -> Option<Shown> {
    let effects = review.preview.as_ref()?.effects.as_ref();
    let (tr, lang, new) = (visitor.tr(), spoken(visitor.page.lang()), &review.catalogue);
    let service = new.service(&review.client.service)?;
    Some(Shown {
        says: service.description.get(lang).to_owned(),
        parts: parts(tr, lang, new, service),
        people: people(tr, lang, new, effects),
        whole: new.print(&service.id, lang),
        file: format!("{}.toml", service.id),
    })
}

/// The rights that the service brings, who may give them, and what it is told of its visitors.
fn parts(tr: &Tr, lang: Lang, new: &Catalogue, service: &Service) -> Vec<(String, Vec<String>)> {
    let permissions = service.permissions.values().map(|p| format!("{} ({})", p.name.get(lang), p.id));
    let packages = service.packages.values().map(|package| {
        let holds = package.permissions.iter().map(|id| named(lang, new, id));
        let said = [
            ("package", format!("{} ({})", package.name.get(lang), package.id).into()),
            ("permissions", holds.collect::<Vec<_>>().join(", ").into()),
        ];
        tr.with("client-review-package", &said)
    });
    let gives = service.rules.iter().filter_map(|rule| match &rule.kind {
        RuleKind::Gives { giver, gives, .. } => {
            let given = gives.iter().map(|id| named(lang, new, id)).collect::<Vec<_>>().join(", ");
            let said = [
                ("giver", giver_named(tr, lang, new, giver).into()),
                ("gives", given.into()),
                ("source", rule.source.as_str().into()),
            ];
            Some(tr.with("client-review-gives", &said))
        }
        _ => None,
    });
    let number = match &service.personal_number {
        None => tr.get("client-review-no-number"),
        Some(given) => tr.with("client-review-number", &[("ground", given.ground.as_str().into())]),
    };
    vec![
        (tr.get("client-review-permissions"), permissions.collect()),
        (tr.get("client-review-packages"), packages.collect()),
        (tr.get("client-review-givers"), gives.collect()),
        (tr.get("client-review-numbers"), vec![number]),
    ]
    .into_iter()
    .filter(|(_, lines): &(String, Vec<String>)| !lines.is_empty())
    .collect()
}

fn named(lang: Lang, new: &Catalogue, entry: &str) -> String {
    let name = new.package(entry).map(|p| &p.name).or_else(|| new.permission(entry).map(|p| &p.name));
    name.map_or_else(|| entry.to_owned(), |name| name.get(lang).to_owned())
}

fn giver_named(tr: &Tr, lang: Lang, new: &Catalogue, giver: &str) -> String {
    match giver {
        catalogue::BY_APPLICATION => tr.get("client-review-by-application"),
        catalogue::BY_INVITATION => tr.get("client-review-by-invitation"),
        package => named(lang, new, package),
    }
}

/// Who gains and who loses: counted, never named.
fn people(tr: &Tr, lang: Lang, new: &Catalogue, effects: Option<&Effects>) -> Vec<String> {
    let Some(effects) = effects else { return vec![tr.get("client-review-unknown")] };
    let everyone = effects.everyone.iter().map(|(turn, permission)| {
        let what = [("permission", named(lang, new, permission).into())];
        tr.with(&format!("client-review-everyone-{}", word(*turn)), &what)
    });
    let mut groups: BTreeMap<(Turn, Right, &str), Vec<&Difference>> = BTreeMap::new();
    for difference in &effects.people {
        let key = (difference.turn, difference.right, difference.permission.as_str());
        groups.entry(key).or_default().push(difference);
    }
    let people = groups.into_iter().map(|((turn, right, permission), group)| {
        let count = |of: fn(&Difference) -> domain::PartyId| {
            let ids: BTreeSet<_> = group.iter().copied().map(of).collect();
            ids.len() as u64
        };
        let said = [
            ("people", count(|d| d.person).into()),
            ("parties", count(|d| d.party).into()),
            ("permission", named(lang, new, permission).into()),
        ];
        let right = match right {
            Right::Use => "use",
            Right::Give => "give",
            Right::GiveOn => "give-on",
        };
        tr.with(&format!("client-review-{}-{right}", word(turn)), &said)
    });
    let told: Vec<String> = everyone.chain(people).collect();
    if told.is_empty() { vec![tr.get("client-review-nobody")] } else { told }
}

const fn word(turn: Turn) -> &'static str {
    match turn {
        Turn::Gains => "gain",
        Turn::Loses => "lose",
    }
}

/// Nothing is kept between the pages: whoever comes without the form begins anew.
pub(super) async fn begin(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    at_agency(&app, &visitor)?;
    Ok(see_other(&format!("{}/register", base(&visitor)), None))
}

pub(super) async fn confirm(State(app): State<App>, sent: Sent) -> Result<Response, Problem> {
    let (visitor, answers) = (&sent.visitor, &sent.answers);
    at_agency(&app, visitor)?;
    let draft = draft(answers);
    let (Some(Ok(file)), Some(seen)) = (given(&sent), answers.only(SEEN).and_then(|seen| seen.parse().ok()))
    else {
        // No page of ours sends this.
        return Err(visitor.refused(Refusal::Invalid(Vec::new())));
    };
    let visit = &visitor.visit;
    match app.register_reviewed(visit, &draft, &file, seen).await {
        Ok(()) => Ok(registered(visitor, &draft)),
        Err(NotReviewed::Refused(Refusal::Conflict("REVIEW_OUTDATED"))) => {
            match app.review_client(visit, &draft, &file).await {
                Ok(now) => {
                    let tr = visitor.tr();
                    let (heading, text) =
                        (tr.get("conflict-review-outdated"), tr.get("client-review-outdated-says"));
                    let notice = Notice::new(Tone::Warning, heading, text).just_happened();
                    Ok(outdated(show(visitor, answers, &now, Some(notice))))
                }
                Err(not) => again(&app, visitor, answers, not),
            }
        }
        Err(not) => again(&app, visitor, answers, not),
    }
}

/// Nothing was done: what was confirmed is no longer what would happen.
fn outdated(mut page: Response) -> Response {
    *page.status_mut() = http::StatusCode::CONFLICT;
    page
}
