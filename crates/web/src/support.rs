//! `/for/{party}/support`: an officer types the code that somebody reads out, says why, and sees on one page what happened,
//! why, what the person saw, what to tell them and what to do.
//!
//! The code comes by `POST`: it stands in no address. What may be seen is [`app::support`]'s.

mod words;

use app::support::{Lookup, TypedLookup};
use app::{App, Refusal, Want};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::StatusCode;
use page::door::{Sent, Visitor};
use page::{Answers, Badge, Facts, Form, FormGuard, Mistakes, Problem, TimeTag, Tr, Width, codes};

use crate::faults::mistakes;
use crate::hall::Hall;

/// What looking a code up needs.
pub(crate) const LOOK: &str = app::support::LOOK;

pub(crate) fn routes() -> Router<Hall> {
    Router::new().route("/for/{party}/support", get(form).post(look_up))
}

/// The fields in the order of the form.
const FIELDS: &[&str] = &["code", "reason"];

#[derive(Template)]
#[template(path = "support/form.html")]
struct Body<'a> {
    tr: &'a Tr,
    form: Form<'a>,
    guard: FormGuard,
    action: String,
}

impl Body<'_> {
    fn medium() -> Width {
        Width::Medium
    }

    fn limit() -> u16 {
        u16::try_from(app::support::REASON_LIMIT).unwrap_or(u16::MAX)
    }
}

async fn form(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    here(&app, &visitor)?;
    app.require(&visitor.visit, &want(&app)).await.map_err(|r| visitor.refused(r))?;
    Ok(show(&visitor, &Answers::empty(), &Mistakes::none()))
}

fn want(app: &App) -> Want {
    Want::to(LOOK, app.agency())
}

/// The page is the agency's: in a visit for anybody else it does not exist.
fn here(app: &App, visitor: &Visitor) -> Result<(), Problem> {
    if visitor.party.id == app.agency() {
        return Ok(());
    }
    Err(Problem::of(&codes::NOT_FOUND).in_frame(visitor.frame("")))
}

fn show(visitor: &Visitor, answers: &Answers, mistakes: &Mistakes) -> Response {
    let tr = visitor.tr();
    let body = Body {
        tr,
        form: Form::new(tr, answers, mistakes),
        guard: visitor.guard(),
        action: format!("{}/support", visitor.base()),
    };
    let frame = visitor.frame(tr.get("support-title"));
    if mistakes.is_empty() {
        return frame.render(&body);
    }
    (StatusCode::UNPROCESSABLE_ENTITY, frame.in_error().render(&body)).into_response()
}

/// What the person had before their eyes.
struct Seen {
    title: String,
    what: String,
    todo: String,
}

/// One thing around it.
struct Row {
    at: TimeTag,
    what: String,
    result: Badge,
    code: String,
}

#[derive(Template)]
#[template(path = "support/traced.html")]
struct Traced<'a> {
    tr: &'a Tr,
    lead: String,
    facts: Facts,
    /// Why it ended so, each with its code.
    why: Vec<(String, String)>,
    seen: Option<Seen>,
    tell: String,
    todo: String,
    rows: Vec<Row>,
    /// Why there is nothing around it.
    alone: String,
    again: String,
}

async fn look_up(State(app): State<App>, sent: Sent) -> Result<Response, Problem> {
    let (visitor, answers) = (&sent.visitor, &sent.answers);
    here(&app, visitor)?;
    let typed =
        TypedLookup { code: answers.get("code").to_owned(), reason: answers.get("reason").to_owned() };
    let traced = match Lookup::parse(&typed) {
        Ok(lookup) => app.look_up(&visitor.visit, lookup).await,
        // Who may not look up is told so first, whatever was typed.
        Err(faults) => match app.require(&visitor.visit, &want(&app)).await {
            Ok(_) => Err(Refusal::Invalid(faults)),
            Err(refusal) => Err(refusal),
        },
    };
    let traced = match traced {
        Ok(traced) => traced,
        Err(Refusal::Invalid(faults)) => {
            return Ok(show(visitor, answers, &mistakes(visitor.tr(), "support", FIELDS, answers, &faults)));
        }
        Err(refusal) => return Err(visitor.refused(refusal)),
    };
    let names = app.names(words::parties(&traced)).await.map_err(|r| visitor.refused(r))?;
    let body = words::tell(&app, visitor, &names, &traced);
    let title = visitor.tr().with("support-traced-title", &[("code", traced.reference.to_string().into())]);
    let back = format!("{}/support", visitor.base());
    Ok(visitor.frame(title).back(visitor.tr().get("support-again"), back).wide().render(&body))
}
