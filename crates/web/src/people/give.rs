//! Giving somebody authority: the form with the stated need (R-004-24, -25, -26). It works at the person's next click.

use app::application::SERVICE;
use app::mandates::{NEED_LIMIT, NewMandate, TypedMandate};
use app::{App, Refusal, Want};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use domain::calendar::date_in_stockholm;
use domain::fact::PermissionId;
use http::StatusCode;
use page::door::{Filling, Sent, Visitor};
use page::{Answers, Choice, Form, FormGuard, InputMode, Mistakes, Problem, Tr, Width, parse_day};
use std::collections::BTreeSet;

use super::{GIVE, entry_name};
use crate::asking::see_other;
use crate::faults::mistakes;
use crate::offer::spoken;

/// The fields in the order of the form.
const FIELDS: &[&str] = &["number", "name", "email", "permission", "last_day", "need"];

#[derive(Template)]
#[template(path = "people/give.html")]
struct Body<'a> {
    tr: &'a Tr,
    form: Form<'a>,
    guard: FormGuard,
    action: String,
    people: String,
    choices: Vec<Choice>,
}

impl Body<'_> {
    fn medium() -> Width {
        Width::Medium
    }

    fn email() -> InputMode {
        InputMode::Email
    }

    fn need_limit() -> u16 {
        u16::try_from(NEED_LIMIT).unwrap_or(u16::MAX)
    }
}

pub(super) async fn form(State(app): State<App>, filling: Filling) -> Result<Response, Problem> {
    let visitor = &filling.visitor;
    app.require(&visitor.visit, &Want::to(GIVE, visitor.party.id)).await.map_err(|r| visitor.refused(r))?;
    Ok(show(&app, visitor, &filling.answers, &Mistakes::none()))
}

fn show(app: &App, visitor: &Visitor, answers: &Answers, mistakes: &Mistakes) -> Response {
    let (tr, people) = (visitor.tr(), format!("{}/people", visitor.base()));
    let body = Body {
        tr,
        form: Form::new(tr, answers, mistakes),
        guard: visitor.guard().surviving(),
        action: format!("{people}/give"),
        people: people.clone(),
        choices: choices_of(visitor, &app.givable(&visitor.visit, SERVICE)),
    };
    let frame = visitor.frame(tr.get("give-title")).back(tr.get("people-title"), people);
    if mistakes.is_empty() {
        return frame.render(&body);
    }
    (StatusCode::UNPROCESSABLE_ENTITY, frame.in_error().render(&body)).into_response()
}

/// Packages to choose from, each with what it holds, in the catalogue's words; with the service's name where there are several.
pub(crate) fn choices_of(visitor: &Visitor, packages: &[PermissionId]) -> Vec<Choice> {
    let (catalogue, lang) = (&visitor.visit.known.catalogue, spoken(visitor.page.lang()));
    let says = |id: &str| {
        let names = catalogue.expand([id]).into_iter().filter_map(|id| catalogue.permission(id));
        names.map(|permission| permission.name.get(lang)).collect::<Vec<_>>().join(" · ")
    };
    let services: BTreeSet<&str> = packages.iter().filter_map(|id| id.split('.').next()).collect();
    let within = |id: &str| match catalogue.service_of(id) {
        Some(service) if services.len() > 1 => format!("{}: {}", service.name.get(lang), says(id)),
        _ => says(id),
    };
    packages.iter().map(|id| Choice::new(id.as_str(), entry_name(visitor, id)).says(within(id))).collect()
}

pub(super) async fn give(State(app): State<App>, sent: Sent) -> Result<Response, Problem> {
    let (visitor, answers) = (&sent.visitor, &sent.answers);
    let given = match NewMandate::parse(&typed(answers), date_in_stockholm(visitor.page.now)) {
        Ok(new) => app.give_mandate(&visitor.visit, SERVICE, new).await,
        Err(faults) => Err(Refusal::Invalid(faults)),
    };
    match given {
        Ok(id) => Ok(see_other(&format!("{}/people?given={id}", visitor.base()), None)),
        Err(Refusal::Invalid(faults)) => {
            Ok(show(&app, visitor, answers, &mistakes(visitor.tr(), "give", FIELDS, answers, &faults)))
        }
        Err(Refusal::Conflict(code)) if field_of(code).is_some() => {
            let mut mistakes = Mistakes::none();
            let text = visitor.tr().get(&format!("conflict-{}", code.to_ascii_lowercase().replace('_', "-")));
            mistakes.add(field_of(code).unwrap_or_default(), text);
            Ok(show(&app, visitor, answers, &mistakes))
        }
        Err(refusal) => Err(visitor.refused(refusal)),
    }
}

fn typed(answers: &Answers) -> TypedMandate {
    let day = answers.get("last_day");
    TypedMandate {
        number: answers.get("number").to_owned(),
        name: answers.get("name").to_owned(),
        email: answers.get("email").to_owned(),
        permission: answers.only("permission").unwrap_or_default().to_owned(),
        last_day: parse_day(day).map_or_else(|| day.to_owned(), |day| day.to_string()),
        need: answers.get("need").to_owned(),
    }
}

/// The field that mends a refusal of the rules; nothing typed is lost.
pub(crate) fn field_of(code: &str) -> Option<&'static str> {
    match code {
        "MANDATE_EXISTS" | "GIVE_NOT_HELD" | "GIVE_KIND" => Some("permission"),
        "GIVE_TO_SELF" => Some("number"),
        "NAME_NUMBER" => Some("name"),
        "GIVE_INTERVAL" | "GIVE_NOTHING" => Some("last_day"),
        _ => None,
    }
}
