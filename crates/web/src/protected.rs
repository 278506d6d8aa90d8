//! `/for/{party}/protected`: opening what is hidden of people with protected identity, for the few who may. Number and
//! reason are asked every time, and each opening is recorded before it is answered.
//!
//! There is no button that marks anybody: `…/mark` exists to say so, and to record who tried.

use app::protected::{OPEN, Opened, Reason};
use app::{App, Want};
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use domain::calendar::date_in_stockholm;
use http::StatusCode;
use ident::PersonalNumber;
use page::door::{Sent, Visitor};
use page::{Answers, Choice, Facts, Form, FormGuard, Mistakes, Problem, Tr, Width, codes};

use crate::hall::Hall;

pub(crate) fn routes() -> Router<Hall> {
    Router::new()
        .route("/for/{party}/protected", get(form).post(open))
        .route("/for/{party}/protected/mark", post(mark))
}

/// These pages are the agency's own: in a visit for anybody else they do not exist.
fn at_agency(app: &App, visitor: &Visitor) -> Result<(), Problem> {
    if visitor.party.id == app.agency() {
        return Ok(());
    }
    Err(Problem::of(&codes::NOT_FOUND).in_frame(visitor.frame("")))
}

/// What came of opening.
enum Came {
    /// Nothing was asked for yet.
    Nothing,
    Opened(Opened),
    /// Nobody with this number bears a mark, or there is nobody.
    Nobody,
}

#[derive(Template)]
#[template(path = "protected/open.html")]
struct Body<'a> {
    tr: &'a Tr,
    form: Form<'a>,
    guard: FormGuard,
    action: String,
    cancel: String,
    reasons: Vec<Choice>,
    opened: Option<Facts>,
    nobody: bool,
}

impl Body<'_> {
    fn medium() -> Width {
        Width::Medium
    }
}

async fn form(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    at_agency(&app, &visitor)?;
    app.require(&visitor.visit, &Want::to(OPEN, app.agency())).await.map_err(|r| visitor.refused(r))?;
    Ok(show(&visitor, &Answers::empty(), &Mistakes::none(), Came::Nothing))
}

async fn open(State(app): State<App>, sent: Sent) -> Result<Response, Problem> {
    let (visitor, answers) = (&sent.visitor, &sent.answers);
    at_agency(&app, visitor)?;
    // Before the form is judged: what it says is nobody else's business either.
    app.require(&visitor.visit, &Want::to(OPEN, app.agency())).await.map_err(|r| visitor.refused(r))?;
    let (number, reason) = match parse(visitor, answers) {
        Ok(asked) => asked,
        Err(mistakes) => return Ok(show(visitor, answers, &mistakes, Came::Nothing)),
    };
    let came = match app.open_protected(&visitor.visit, &number, reason).await {
        Ok(Some(opened)) => Came::Opened(opened),
        Ok(None) => Came::Nobody,
        Err(refusal) => return Err(visitor.refused(refusal)),
    };
    // The next one is asked for anew, with its own reason.
    Ok(show(visitor, &Answers::empty(), &Mistakes::none(), came))
}

fn parse(visitor: &Visitor, answers: &Answers) -> Result<(PersonalNumber, Reason), Mistakes> {
    let (tr, today) = (visitor.tr(), date_in_stockholm(visitor.page.now));
    let mut mistakes = Mistakes::none();
    let number = match answers.filled("number") {
        None => Err("FIELD_MISSING"),
        Some(typed) => PersonalNumber::parse_typed(typed, (today.year(), today.month(), today.day()))
            .map_err(|error| error.code()),
    };
    if let Err(code) = &number {
        mistakes.add_code("number", tr.get("protected-number"), code, tr);
    }
    let reason = answers.only("reason").and_then(Reason::parse);
    if reason.is_none() {
        mistakes.add_code("reason", tr.get("protected-reason"), "CHOOSE", tr);
    }
    match (number, reason) {
        (Ok(number), Some(reason)) => Ok((number, reason)),
        _ => Err(mistakes),
    }
}

async fn mark(State(app): State<App>, sent: Sent) -> Result<Response, Problem> {
    at_agency(&app, &sent.visitor)?;
    let refusal = app.mark_by_hand(&sent.visitor.visit).await;
    Err(sent.visitor.refused(refusal))
}

fn show(visitor: &Visitor, answers: &Answers, mistakes: &Mistakes, came: Came) -> Response {
    let tr = visitor.tr();
    let reason = |reason: Reason| {
        Choice::new(reason.code(), tr.get(&format!("protected-reason-{}", reason.code().replace('_', "-"))))
    };
    let body = Body {
        tr,
        form: Form::new(tr, answers, mistakes),
        guard: visitor.guard(),
        action: format!("{}/protected", visitor.base()),
        cancel: visitor.base(),
        reasons: Reason::ALL.map(reason).into(),
        nobody: matches!(came, Came::Nobody),
        opened: match &came {
            Came::Opened(opened) => Some(facts(tr, opened)),
            Came::Nothing | Came::Nobody => None,
        },
    };
    let frame = visitor.frame(tr.get("protected-title"));
    if mistakes.is_empty() {
        return frame.render(&body);
    }
    (StatusCode::UNPROCESSABLE_ENTITY, frame.in_error().render(&body)).into_response()
}

fn facts(tr: &Tr, opened: &Opened) -> Facts {
    let kept = |text: &Option<String>| text.clone().unwrap_or_else(|| tr.get("protected-not-kept"));
    let form = opened.form.to_string().replace('_', "-");
    Facts::new()
        .fact(tr.get("protected-form"), tr.get(&format!("protected-form-{form}")))
        .fact(tr.get("protected-name"), kept(&opened.name))
        .fact(tr.get("protected-number"), opened.number.as_str())
        .fact(tr.get("protected-email"), kept(&opened.email))
}
