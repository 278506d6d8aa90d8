//! Registering a paper form, with the scan as evidence (R-004-17, R-004-20). Nothing comes in force by it.

use app::application::{ApplicationForm, SERVICE, Typed};
use app::{App, Refusal, Want};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use domain::calendar::date_in_stockholm;
use http::StatusCode;
use page::door::{Filling, Sent, Visitor};
use page::{Answers, Choice, Form, FormGuard, InputMode, Mistakes, Problem, Tr, Width, parse_day};

use super::{REGISTER, at_agency, base};
use crate::asking::see_other;
use crate::faults::mistakes;

/// The fields in the order of the form.
const FIELDS: &[&str] = &[
    "organisation_number",
    "organisation_name",
    "organisation_email",
    "administrator_number",
    "administrator_name",
    "administrator_email",
    "terms_version",
    "arrived",
    "scan",
];

#[derive(Template)]
#[template(path = "applications/register.html")]
struct Body<'a> {
    tr: &'a Tr,
    form: Form<'a>,
    guard: FormGuard,
    action: String,
    cancel: String,
    again: bool,
    versions: Vec<Choice>,
}

impl Body<'_> {
    fn medium() -> Width {
        Width::Medium
    }

    fn email() -> InputMode {
        InputMode::Email
    }
}

pub(super) async fn form(State(app): State<App>, filling: Filling) -> Result<Response, Problem> {
    let visitor = &filling.visitor;
    at_agency(&app, visitor)?;
    app.require(&visitor.visit, &Want::to(REGISTER, app.agency())).await.map_err(|r| visitor.refused(r))?;
    // The version in force is the likely one; an earlier one is a click away.
    let newest = || versions(visitor).first().map(|choice| choice.value.clone()).unwrap_or_default();
    let answers = filling.answers_or(|| Answers::empty().with("terms_version", newest()));
    Ok(show(visitor, &answers, &Mistakes::none()))
}

fn show(visitor: &Visitor, answers: &Answers, mistakes: &Mistakes) -> Response {
    let (tr, list) = (visitor.tr(), base(visitor));
    let body = Body {
        tr,
        form: Form::new(tr, answers, mistakes),
        guard: visitor.guard().surviving(),
        action: format!("{list}/register"),
        cancel: list.clone(),
        again: !mistakes.is_empty(),
        versions: versions(visitor),
    };
    let frame = visitor.frame(tr.get("register-title")).back(tr.get("application-back"), list);
    if mistakes.is_empty() {
        return frame.render(&body);
    }
    (StatusCode::UNPROCESSABLE_ENTITY, frame.in_error().render(&body)).into_response()
}

/// Versions of the terms that a form can name: those that have come into force, the newest first.
fn versions(visitor: &Visitor) -> Vec<Choice> {
    let tr = visitor.tr();
    let Some(service) = visitor.visit.known.catalogue.service(SERVICE) else { return Vec::new() };
    let now = visitor.page.now;
    let in_force = service.terms_in_force(now).map(|terms| terms.version.as_str());
    let past = service.terms.iter().rev().filter(|terms| terms.in_force_at() <= now);
    past.map(|terms| {
        let says = if in_force == Some(terms.version.as_str()) {
            tr.get("register-terms-version-now")
        } else {
            tr.with("register-terms-version-from", &[("date", tr.day(terms.in_force_from).into())])
        };
        Choice::new(terms.version.as_str(), terms.version.as_str()).says(says)
    })
    .collect()
}

pub(super) async fn register(State(app): State<App>, sent: Sent) -> Result<Response, Problem> {
    let (visitor, answers) = (&sent.visitor, &sent.answers);
    at_agency(&app, visitor)?;
    let mut scans = sent.files.iter().filter(|file| file.field == "scan");
    let scan = scans.next().map(|file| file.bytes.to_vec()).unwrap_or_default();
    let registered = match ApplicationForm::parse(&typed(answers), scan, date_in_stockholm(visitor.page.now))
    {
        Ok(form) => app.register_application(&visitor.visit, form).await,
        Err(faults) => Err(Refusal::Invalid(faults)),
    };
    match registered {
        Ok(case) => Ok(see_other(&format!("{}/{case}?done=registered", base(visitor)), None)),
        Err(Refusal::Invalid(faults)) => {
            Ok(show(visitor, answers, &mistakes(visitor.tr(), "register", FIELDS, answers, &faults)))
        }
        Err(Refusal::Conflict(code @ ("ALREADY_CONNECTED" | "APPLICATION_OPEN"))) => {
            let mut mistakes = Mistakes::none();
            let key = format!("conflict-{}", code.to_ascii_lowercase().replace('_', "-"));
            mistakes.add("organisation_number", visitor.tr().get(&key));
            Ok(show(visitor, answers, &mistakes))
        }
        Err(refusal) => Err(visitor.refused(refusal)),
    }
}

fn typed(answers: &Answers) -> Typed {
    let text = |name: &str| answers.get(name).to_owned();
    let arrived = answers.get("arrived");
    Typed {
        organisation_number: text("organisation_number"),
        organisation_name: text("organisation_name"),
        organisation_email: text("organisation_email"),
        administrator_number: text("administrator_number"),
        administrator_name: text("administrator_name"),
        administrator_email: text("administrator_email"),
        terms_version: answers.only("terms_version").unwrap_or_default().to_owned(),
        arrived: parse_day(arrived).map_or_else(|| arrived.to_owned(), |day| day.to_string()),
    }
}
