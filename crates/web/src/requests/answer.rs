//! An administrator's answer to a request: granted with an end, or declined with a reason (R-004-24, -25, -26).

use app::access::{DeclineReason, Grant, TypedGrant};
use app::{App, Refusal};
use axum::extract::{Path, State};
use axum::response::Response;
use domain::CaseId;
use domain::calendar::date_in_stockholm;
use page::door::Sent;
use page::{Answers, Mistakes, Problem, parse_day};

use super::view::to_answer;
use super::{Named, base};
use crate::asking::see_other;
use crate::faults::mistakes;
use crate::people::field_of;

/// The fields in the order of the form.
const FIELDS: &[&str] = &["permission", "last_day", "need"];

pub(super) async fn grant(
    State(app): State<App>,
    Path(named): Path<Named>,
    sent: Sent,
) -> Result<Response, Problem> {
    let (visitor, answers) = (&sent.visitor, &sent.answers);
    let id = named.id(visitor)?;
    let granted = match Grant::parse(&typed(answers), date_in_stockholm(visitor.page.now)) {
        Ok(grant) => app.grant_request(&visitor.visit, id, grant).await,
        Err(faults) => Err(Refusal::Invalid(faults)),
    };
    match granted {
        Ok(_) => Ok(see_other(&format!("{}/{id}?done=granted", base(visitor)), None)),
        Err(Refusal::Invalid(faults)) => {
            let mistakes = mistakes(visitor.tr(), "give", FIELDS, answers, &faults);
            again(&app, &sent, id, answers, &mistakes).await
        }
        Err(Refusal::Conflict(code)) if FIELDS.contains(&field_of(code).unwrap_or_default()) => {
            let mut mistakes = Mistakes::none();
            let text = visitor.tr().get(&format!("conflict-{}", code.to_ascii_lowercase().replace('_', "-")));
            mistakes.add(field_of(code).unwrap_or_default(), text);
            again(&app, &sent, id, answers, &mistakes).await
        }
        Err(refusal) => Err(visitor.refused(refusal)),
    }
}

/// The page of the request again, with what was typed and what is wrong with it.
async fn again(
    app: &App,
    sent: &Sent,
    id: CaseId,
    answers: &Answers,
    mistakes: &Mistakes,
) -> Result<Response, Problem> {
    let visitor = &sent.visitor;
    let view = app.request(&visitor.visit, id).await.map_err(|r| visitor.refused(r))?;
    to_answer(app, visitor, &view, None, answers, mistakes).await
}

pub(super) async fn decline(
    State(app): State<App>,
    Path(named): Path<Named>,
    sent: Sent,
) -> Result<Response, Problem> {
    let visitor = &sent.visitor;
    let id = named.id(visitor)?;
    let Some(reason) = sent.answers.only("reason").and_then(DeclineReason::parse) else {
        let mut mistakes = Mistakes::none();
        let tr = visitor.tr();
        mistakes.add_code("reason", tr.get("request-decline-reason"), "CHOOSE", tr);
        let view = app.request(&visitor.visit, id).await.map_err(|r| visitor.refused(r))?;
        let answers = super::view::prefilled(&app, visitor, &view);
        return to_answer(&app, visitor, &view, None, &answers, &mistakes).await;
    };
    app.decline_request(&visitor.visit, id, reason).await.map_err(|r| visitor.refused(r))?;
    Ok(see_other(&format!("{}/{id}?done=declined", base(visitor)), None))
}

fn typed(answers: &Answers) -> TypedGrant {
    let day = answers.get("last_day");
    TypedGrant {
        package: answers.only("permission").unwrap_or_default().to_owned(),
        last_day: parse_day(day).map_or_else(|| day.to_owned(), |day| day.to_string()),
        need: answers.get("need").to_owned(),
    }
}
