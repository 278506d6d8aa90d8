//! Asking by an organisation's number. The page after it says the same whatever the number leads to.

use app::access::{CREATE, NewRequest, TypedRequest};
use app::application::SERVICE;
use app::mandates::NEED_LIMIT;
use app::{App, Refusal, Want};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use page::door::{Sent, Visitor};
use page::{Answers, Choice, Form, FormGuard, InputMode, Mistakes, Problem, Tr, Width};

use super::base;
use crate::asking::see_other;
use crate::faults::mistakes;
use crate::people::choices_of;

/// The fields in the order of the form.
const FIELDS: &[&str] = &["number", "package", "need", "email"];

#[derive(Template)]
#[template(path = "requests/new.html")]
struct Body<'a> {
    tr: &'a Tr,
    form: Form<'a>,
    guard: FormGuard,
    action: String,
    list: String,
    packages: Vec<Choice>,
    /// Whether an address is asked for: we have none yet.
    address: bool,
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

pub(super) async fn form(State(app): State<App>, visitor: Visitor) -> Result<Response, Problem> {
    let want = Want::to(CREATE, visitor.person.id);
    app.require(&visitor.visit, &want).await.map_err(|r| visitor.refused(r))?;
    show(&app, &visitor, &Answers::empty(), &Mistakes::none()).await
}

async fn show(
    app: &App,
    visitor: &Visitor,
    answers: &Answers,
    mistakes: &Mistakes,
) -> Result<Response, Problem> {
    let (tr, list) = (visitor.tr(), base(visitor));
    let known = app.has_address(&visitor.visit).await.map_err(|r| visitor.refused(r))?;
    let body = Body {
        tr,
        form: Form::new(tr, answers, mistakes),
        guard: visitor.guard(),
        action: format!("{list}/new"),
        list: list.clone(),
        packages: choices_of(visitor, &app.askable_packages(&visitor.visit, SERVICE)),
        address: !known,
    };
    let frame = visitor.frame(tr.get("request-new-title")).back(tr.get("requests-title-own"), list);
    if mistakes.is_empty() {
        return Ok(frame.render(&body));
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, frame.in_error().render(&body)).into_response())
}

pub(super) async fn send(State(app): State<App>, sent: Sent) -> Result<Response, Problem> {
    let (visitor, answers) = (&sent.visitor, &sent.answers);
    let asked = match NewRequest::parse(&typed(answers)) {
        Ok(new) => app.ask_by_number(&visitor.visit, new).await,
        Err(faults) => Err(Refusal::Invalid(faults)),
    };
    match asked {
        Ok(id) => Ok(see_other(&format!("{}/{id}?done=asked", base(visitor)), None)),
        Err(Refusal::Invalid(faults)) => {
            let mistakes = mistakes(visitor.tr(), "request-new", FIELDS, answers, &faults);
            show(&app, visitor, answers, &mistakes).await
        }
        Err(refusal) => Err(visitor.refused(refusal)),
    }
}

fn typed(answers: &Answers) -> TypedRequest {
    TypedRequest {
        number: answers.get("number").to_owned(),
        package: answers.only("package").unwrap_or_default().to_owned(),
        need: answers.get("need").to_owned(),
        email: answers.get("email").to_owned(),
    }
}
