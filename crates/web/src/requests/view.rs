//! One request, as the one who asked sees it, or as an administrator who is to answer it.

use app::access::{DeclineReason, Origin, Outcome, RequestView, Standing};
use app::application::SERVICE;
use app::mandates::NEED_LIMIT;
use app::{App, Names, Refusal};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use domain::case::Taker;
use http::StatusCode;
use page::door::Visitor;
use page::{Answers, Badge, Choice, Facts, Form, FormGuard, Mistakes, Notice, Problem, Tone, Tr};
use serde::Deserialize;

use super::{ANSWER, Named, badge, base, organisation};
use crate::elsewhere::{Place, places};
use crate::people::{choices_of, entry_name, last_day};

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

pub(super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Path(named): Path<Named>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let id = named.id(&visitor)?;
    let done = asked.done.as_deref();
    // The own one first: whoever asked sees it as such, also as an administrator.
    match app.own_request(&visitor.visit, id).await {
        Ok(view) => own(&app, &visitor, &view, done).await,
        Err(Refusal::NotFound) if visitor.may(ANSWER) => {
            let view = app.request(&visitor.visit, id).await.map_err(|r| visitor.refused(r))?;
            to_answer(&app, &visitor, &view, done, &prefilled(&app, &visitor, &view), &Mistakes::none()).await
        }
        Err(refusal) => Err(visitor.refused(refusal)),
    }
}

#[derive(Template)]
#[template(path = "requests/own.html")]
struct Own<'a> {
    tr: &'a Tr,
    notice: Option<Notice>,
    badge: Badge,
    says: String,
    facts: Facts,
    withdraw: Option<String>,
    /// Where what was granted can be used.
    party: bool,
    /// The e-service itself, where it is elsewhere.
    places: Vec<Place>,
    guard: FormGuard,
}

async fn own(
    app: &App,
    visitor: &Visitor,
    view: &RequestView,
    done: Option<&str>,
) -> Result<Response, Problem> {
    let names = app.names(&visitor.visit, view.organisation).await.map_err(|r| visitor.refused(r))?;
    let (tr, list) = (visitor.tr(), base(visitor));
    let facts = Facts::new()
        .fact(tr.get("requests-organisation"), organisation(&names, view))
        .fact(tr.get("requests-what"), entry_name(visitor, &view.body.package));
    let facts = needed(tr, facts, view).fact(tr.get("requests-opened"), tr.date_time(view.opened_at));
    let facts = match view.due_at {
        Some(due) => facts.fact(tr.get("requests-due"), last_day(tr, due)),
        None => facts,
    };
    let waits = view.standing == Standing::Waiting;
    let places = match view.standing {
        Standing::Granted => places(app, visitor, &view.body.package).await?,
        _ => Vec::new(),
    };
    let page = Own {
        tr,
        notice: notice(tr, view, done, "request-own"),
        badge: badge(tr, view.standing),
        says: tr.get(match view.standing {
            Standing::Waiting if visitor.may(ANSWER) => "request-own-administrator",
            Standing::Waiting if view.body.origin == Origin::Typed => "request-own-waiting",
            Standing::Waiting => "request-own-waiting-tied",
            Standing::Granted => "request-own-granted",
            Standing::Declined => "request-own-declined",
            Standing::Withdrawn => "request-own-withdrawn",
            Standing::Lapsed => "request-own-lapsed",
        }),
        facts: answered(visitor, facts, view),
        withdraw: waits.then(|| format!("{list}/{}/withdraw", view.id)),
        party: view.standing == Standing::Granted,
        places,
        guard: visitor.guard(),
    };
    // The list at this address is the one to answer for whoever can answer here.
    let back = if visitor.may(ANSWER) { "requests-title" } else { "requests-title-own" };
    Ok(visitor.frame(tr.get("request-title-own")).back(tr.get(back), list).render(&page))
}

/// What was done just now, told only if it is so: the address alone proves nothing.
fn notice(tr: &Tr, view: &RequestView, done: Option<&str>, prefix: &str) -> Option<Notice> {
    let standing = match done? {
        "asked" => Standing::Waiting,
        "withdrawn" => Standing::Withdrawn,
        "granted" => Standing::Granted,
        "declined" => Standing::Declined,
        _ => return None,
    };
    let key = format!("{prefix}-done-{}", done?);
    (view.standing == standing && tr.has(&key))
        .then(|| Notice::new(Tone::Success, tr.get(&key), tr.get(&format!("{key}-says"))).just_happened())
}

/// The need, as stated or as it follows from what was refused.
fn needed(tr: &Tr, facts: Facts, view: &RequestView) -> Facts {
    match &view.need {
        Some(need) => facts.fact(tr.get("requests-need"), need.as_str()),
        None => facts,
    }
}

/// The answer, without the name of the one who gave it.
fn answered(visitor: &Visitor, facts: Facts, view: &RequestView) -> Facts {
    let tr = visitor.tr();
    let Some(answer) = &view.body.answer else { return facts };
    let facts = facts.fact(tr.get("request-answered"), tr.date_time(answer.at));
    match &answer.outcome {
        Outcome::Granted { package, last_day, .. } => facts
            .fact(tr.get("request-given"), entry_name(visitor, package))
            .fact(tr.get("people-until"), tr.day(*last_day)),
        Outcome::Declined(reason) => facts.fact(tr.get("request-reason"), reason_words(tr, view, reason)),
    }
}

/// The reason as it is said to the one who asked, or of that person to an administrator.
fn reason_words(tr: &Tr, view: &RequestView, code: &str) -> String {
    let key = DeclineReason::parse(code).map_or("request-reason-other".to_owned(), reason_key);
    tr.get(&match view.taker {
        Taker::Opener => format!("{key}-you"),
        Taker::Other => key,
    })
}

fn reason_key(reason: DeclineReason) -> String {
    format!("request-reason-{}", reason.code().replace('_', "-"))
}

#[derive(Template)]
#[template(path = "requests/answer.html")]
struct ToAnswer<'a> {
    tr: &'a Tr,
    notice: Option<Notice>,
    badge: Badge,
    facts: Facts,
    steps: Option<Steps>,
    form: Form<'a>,
    guard: FormGuard,
}

struct Steps {
    grant: String,
    decline: String,
    packages: Vec<Choice>,
    last_day_says: String,
    reasons: Vec<Choice>,
}

impl ToAnswer<'_> {
    fn need_limit() -> u16 {
        u16::try_from(NEED_LIMIT).unwrap_or(u16::MAX)
    }
}

/// What is proposed: what was asked for, until the proposed day, for the need that was stated.
pub(super) fn prefilled(app: &App, visitor: &Visitor, view: &RequestView) -> Answers {
    let need = view.need.clone().or_else(|| tried(visitor, view)).unwrap_or_default();
    Answers::empty()
        .with("permission", view.body.package.as_str())
        .with("last_day", app.proposed_end(&visitor.visit).to_string())
        .with("need", need)
}

/// What the person was refused, in the catalogue's words.
fn tried(visitor: &Visitor, view: &RequestView) -> Option<String> {
    match &view.body.origin {
        Origin::Refused(permission) => {
            let what = entry_name(visitor, permission);
            Some(visitor.tr().with("request-tried", &[("what", what.into())]))
        }
        Origin::Typed => None,
    }
}

pub(super) async fn to_answer(
    app: &App,
    visitor: &Visitor,
    view: &RequestView,
    done: Option<&str>,
    answers: &Answers,
    mistakes: &Mistakes,
) -> Result<Response, Problem> {
    let names = app.names(&visitor.visit, [view.body.requester]).await.map_err(|r| visitor.refused(r))?;
    let (tr, list) = (visitor.tr(), base(visitor));
    let here = format!("{list}/{}", view.id);
    let reasons = DeclineReason::ALL.map(|reason| Choice::new(reason.code(), tr.get(&reason_key(reason))));
    let steps = Steps {
        grant: format!("{here}/grant"),
        decline: format!("{here}/decline"),
        packages: choices_of(visitor, &app.givable(&visitor.visit, SERVICE)),
        last_day_says: match app.own_last_day(&visitor.visit) {
            Some(day) => tr.with("request-last-day-says", &[("day", tr.day(day).into())]),
            None => tr.get("request-last-day-free-says"),
        },
        reasons: reasons.into(),
    };
    let waits = view.standing == Standing::Waiting && view.due_at.is_some_and(|due| visitor.page.now < due);
    let page = ToAnswer {
        tr,
        notice: notice(tr, view, done, "request"),
        badge: badge(tr, view.standing),
        facts: answered(visitor, facts(visitor, &names, view), view),
        steps: waits.then_some(steps),
        form: Form::new(tr, answers, mistakes),
        guard: visitor.guard(),
    };
    let frame = visitor.frame(tr.get("request-title")).back(tr.get("requests-title"), list);
    if mistakes.is_empty() {
        return Ok(frame.render(&page));
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, frame.in_error().render(&page)).into_response())
}

fn facts(visitor: &Visitor, names: &Names, view: &RequestView) -> Facts {
    let (tr, requester) = (visitor.tr(), view.body.requester);
    let facts = Facts::new()
        .fact(tr.get("requests-person"), names.of(requester))
        .fact(tr.get("request-number"), names.number(requester))
        .fact(tr.get("requests-what"), entry_name(visitor, &view.body.package));
    let facts = match tried(visitor, view) {
        Some(tried) => facts.fact(tr.get("requests-need"), tried),
        None => needed(tr, facts, view),
    };
    let facts = facts.fact(tr.get("requests-opened"), tr.date_time(view.opened_at));
    match view.due_at {
        Some(due) => facts.fact(tr.get("requests-due"), last_day(tr, due)),
        None => facts,
    }
}
