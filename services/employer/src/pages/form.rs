//! The form: empty, filled in again with what is wrong, or a draft to be changed.

use super::{At, limits, today};
use crate::form::{Form, label, mistakes};
use crate::id::ReportId;
use crate::kept::Kept;
use crate::permission::CREATE;
use crate::rules::{Degree, Limits};
use crate::store::drafts::{self, Draft, Owner};
use crate::text::{Sender, signed_text};
use crate::{object, path, refusals};
use app::platform::ServiceAct;
use app::rows::StoreError;
use app::{Platform, Refusal, Stop};
use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use domain::PartyId;
use page::door::{Filling, Sent, Visitor};
use page::{Answers, Choice, FormGuard, Mistakes, Problem, Tr, Width};

#[derive(Debug, Template)]
#[template(path = "form.html")]
struct Body<'a> {
    tr: &'a Tr,
    form: page::Form<'a>,
    guard: FormGuard,
    action: String,
    cancel: String,
    limits: Limits,
}

impl Body<'_> {
    fn label(&self, field: &str) -> String {
        label(field, self.tr)
    }

    fn hint(&self, field: &str) -> String {
        self.tr.get(&format!("employer-field-{field}-hint"))
    }

    fn lead(&self) -> String {
        let [first, last, _] = self.limits.sick_days();
        self.tr.with("employer-form-lead", &[("first", first.into()), ("last", last.into())])
    }

    fn sick_pay_hint(&self) -> String {
        let [.., days] = self.limits.sick_days();
        self.tr.with("employer-field-last-sick-pay-day-hint", &[("days", days.into())])
    }

    fn degrees(&self) -> Vec<Choice> {
        let words = |percent: u8| self.tr.with("employer-degree", &[("percent", percent.into())]);
        Degree::ALL
            .map(Degree::percent)
            .map(|percent| Choice::new(percent.to_string(), words(percent)))
            .into()
    }

    fn medium() -> Width {
        Width::Medium
    }
}

/// What the form makes or changes.
#[derive(Debug, Clone, Copy)]
enum Target {
    New,
    Draft(ReportId),
}

pub async fn new(Extension(platform): Extension<Platform>, filling: Filling) -> Result<Response, Problem> {
    let visitor = &filling.visitor;
    let no = |refusal| visitor.refused(refusal);
    platform.require(&visitor.visit, CREATE).await.map_err(no)?;
    let limits = limits(&platform, visitor).map_err(no)?;
    Ok(show(visitor, Target::New, limits, &filling.answers, &Mistakes::none()))
}

pub async fn change(
    Extension(platform): Extension<Platform>,
    Path(at): Path<At>,
    filling: Filling,
) -> Result<Response, Problem> {
    let visitor = &filling.visitor;
    let no = |refusal| visitor.refused(refusal);
    platform.require(&visitor.visit, CREATE).await.map_err(no)?;
    let id = at.id().map_err(no)?;
    let (_, kept) = draft(&platform, visitor, id).await.map_err(no)?;
    let limits = limits(&platform, visitor).map_err(no)?;
    let answers = filling.answers_or(|| kept.answers());
    Ok(show(visitor, Target::Draft(id), limits, &answers, &Mistakes::none()))
}

pub async fn create(Extension(platform): Extension<Platform>, sent: Sent) -> Result<Response, Problem> {
    submit(&platform, &sent, Target::New).await.map_err(|refusal| sent.visitor.refused(refusal))
}

pub async fn update(
    Extension(platform): Extension<Platform>,
    Path(at): Path<At>,
    sent: Sent,
) -> Result<Response, Problem> {
    let no = |refusal| sent.visitor.refused(refusal);
    let id = at.id().map_err(no)?;
    submit(&platform, &sent, Target::Draft(id)).await.map_err(no)
}

/// A draft of the visitor's own and its words.
pub async fn draft(platform: &Platform, visitor: &Visitor, id: ReportId) -> Result<(Draft, Kept), Refusal> {
    let gone = Refusal::Conflict(refusals::DRAFT_GONE);
    let owner = Owner { organisation: visitor.visit.party(), reporter: visitor.visit.person() };
    let now = platform.now();
    let found = platform.read(move |tx| Ok(drafts::find(tx, id, owner, now)?)).await?;
    let Some(draft) = found else { return Err(gone) };
    let words = platform.text(draft.employee, &Kept::name(id)).await?;
    let kept = words.as_deref().and_then(Kept::from_json).ok_or(gone)?;
    Ok((draft, kept))
}

fn show(
    visitor: &Visitor,
    target: Target,
    limits: Limits,
    answers: &Answers,
    mistakes: &Mistakes,
) -> Response {
    let (tr, party) = (visitor.tr(), visitor.visit.party());
    let (action, cancel) = match target {
        Target::New => (path::new(party), path::reports(party)),
        Target::Draft(id) => (format!("{}/change", path::draft(party, id)), path::draft(party, id)),
    };
    let form = page::Form::new(tr, answers, mistakes);
    let body = Body { tr, form, guard: visitor.guard().surviving(), action, cancel, limits };
    let frame = visitor.frame(tr.get("employer-form-title"));
    if mistakes.is_empty() { frame.render(&body) } else { frame.in_error().render(&body) }
}

async fn submit(platform: &Platform, sent: &Sent, target: Target) -> Result<Response, Refusal> {
    let visitor = &sent.visitor;
    platform.require(&visitor.visit, CREATE).await?;
    let limits = limits(platform, visitor)?;
    let form = match Form::read(&sent.answers, today(platform), &limits) {
        Ok(form) => form,
        Err(faults) => {
            let again = show(visitor, target, limits, &sent.answers, &mistakes(&faults, visitor.tr()));
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
        }
    };
    let sender = Sender {
        organisation: &visitor.party.name,
        organisation_number: visitor.party.number.as_deref().unwrap_or("–"),
        person: &visitor.person.name,
    };
    let text = signed_text(visitor.tr(), sender, &form);
    let id = match target {
        Target::New => ReportId::new(platform.entropy()),
        Target::Draft(id) => id,
    };
    let words = Kept::new(&sent.answers, text).to_json();
    let lang = visitor.tr().lang();
    platform.write(&visitor.visit, CREATE, move |act| save(act, target, id, &form, lang, &words)).await?;
    Ok(Redirect::to(&path::draft(visitor.visit.party(), id)).into_response())
}

/// Keeps the draft: days in the table, words in the vault.
fn save(
    act: &mut ServiceAct<'_, '_, '_>,
    target: Target,
    id: ReportId,
    form: &Form,
    lang: page::Lang,
    words: &str,
) -> Result<(), Stop> {
    let owner = Owner { organisation: act.visit().party(), reporter: act.visit().person() };
    let now = act.now();
    let employee = act.person(&form.employee_number, &form.employee_name)?;
    let Owner { organisation, reporter } = owner;
    let absence = form.absence;
    let draft = Draft { id, organisation, reporter, employee, absence, lang, version: 1, saved_at: now };
    match target {
        Target::New => {
            for old in drafts::giving_way(act.rows(), owner, now)? {
                wipe(act, old.employee, old.id)?;
                drafts::remove(act.rows(), old.id)?;
            }
            drafts::insert(act.rows(), &draft)?;
        }
        Target::Draft(_) => {
            let gone = Refusal::Conflict(refusals::DRAFT_GONE);
            let Some(old) = drafts::find(act.rows(), id, owner, now)? else { return Err(gone.into()) };
            if !drafts::change(act.rows(), &draft)? {
                return Err(gone.into());
            }
            if old.employee != employee {
                wipe(act, old.employee, id)?;
            }
        }
    }
    act.keep_text(employee, &Kept::name(id), words)?;
    act.record("employer.sickness_report.drafted", &object(id), &[], &[]);
    Ok(())
}

/// Takes the words of a draft out of the vault.
fn wipe(act: &mut ServiceAct<'_, '_, '_>, employee: PartyId, id: ReportId) -> Result<(), Stop> {
    match act.keep_text(employee, &Kept::name(id), "") {
        // Whoever has been erased has no words left.
        Ok(()) | Err(Stop::Store(StoreError::Conflict)) => Ok(()),
        Err(stop) => Err(stop),
    }
}
