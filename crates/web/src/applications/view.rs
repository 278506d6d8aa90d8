//! One application: what the form says, the scan, and what a second official can do with it.
//!
//! The rule of two persons is told in words before the button; the use case holds it whatever the page shows.

use app::application::{ApplicationView, REGISTERED, ReturnReason};
use app::{App, Names, Want};
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use domain::CaseId;
use domain::case::Taker;
use http::{HeaderValue, StatusCode, header};
use ident::PersonalNumber;
use page::door::{Sent, Visitor};
use page::{Answers, Badge, Choice, Facts, Form, FormGuard, Mistakes, Notice, Problem, Radios, Tone, Tr};
use serde::Deserialize;

use super::{CONFIRM, REGISTER, RETURN, at_agency, badge, base, not_found};
use crate::asking::see_other;

/// The case that an address names.
#[derive(Debug, Deserialize)]
pub(super) struct Named {
    case: String,
}

impl Named {
    fn id(&self, visitor: &Visitor) -> Result<CaseId, Problem> {
        self.case.parse().map_err(|_| not_found(visitor))
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
}

/// What a second official can do.
struct Steps {
    /// Why this visitor cannot confirm.
    own: bool,
    confirm: Option<String>,
    send_back: Option<String>,
    reasons: Radios,
}

#[derive(Template)]
#[template(path = "applications/view.html")]
struct Body<'a> {
    tr: &'a Tr,
    summary: page::ErrorSummary,
    notice: Option<Notice>,
    badge: Badge,
    facts: Facts,
    scan: String,
    steps: Option<Steps>,
    guard: FormGuard,
}

pub(super) async fn page(
    State(app): State<App>,
    visitor: Visitor,
    Path(named): Path<Named>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    at_agency(&app, &visitor)?;
    let case = app.application(&visitor.visit, named.id(&visitor)?).await.map_err(|r| visitor.refused(r))?;
    show(&app, &visitor, &case, asked.done.as_deref(), &Mistakes::none()).await
}

async fn show(
    app: &App,
    visitor: &Visitor,
    case: &ApplicationView,
    done: Option<&str>,
    mistakes: &Mistakes,
) -> Result<Response, Problem> {
    let (tr, list, body) = (visitor.tr(), base(visitor), &case.body);
    let parties = [body.organisation, body.administrator, body.opener].into_iter().chain(body.closer);
    let names = app.names(&visitor.visit, parties).await.map_err(|r| visitor.refused(r))?;
    let number = app.administrator_number(&visitor.visit, case).await.map_err(|r| visitor.refused(r))?;
    // Told only if it is so: the address alone proves nothing.
    let so = done.filter(|done| *done == case.state);
    let page = Body {
        tr,
        summary: mistakes.summary(tr),
        notice: so.map(|state| {
            let key = format!("application-{state}");
            Notice::new(Tone::Success, tr.get(&key), tr.get(&format!("{key}-says"))).just_happened()
        }),
        badge: badge(tr, &case.state),
        facts: facts(tr, &names, case, number.as_ref()),
        scan: format!("{list}/{}/scan", case.id),
        steps: (case.state == REGISTERED)
            .then(|| steps(app, visitor, case, &format!("{list}/{}", case.id), mistakes)),
        guard: visitor.guard(),
    };
    let frame = visitor.frame(tr.get("application-title")).back(tr.get("application-back"), list);
    if mistakes.is_empty() {
        return Ok(frame.render(&page));
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, frame.in_error().render(&page)).into_response())
}

fn facts(tr: &Tr, names: &Names, case: &ApplicationView, number: Option<&PersonalNumber>) -> Facts {
    let body = &case.body;
    // Whole while it is compared with the paper, masked afterwards.
    let number = number.map_or_else(
        || names.number(body.administrator).to_owned(),
        |number| {
            let (day, last) = number.as_str().split_at(8);
            format!("{day}-{last}")
        },
    );
    let opened = [("time", tr.date_time(case.opened_at).into()), ("name", names.of(body.opener).into())];
    let version = tr.with("application-terms-version", &[("version", body.terms_version.as_str().into())]);
    let terms = (version.clone(), format!("/terms/{}/{}", body.service, body.terms_version));
    let mut facts = Facts::new()
        .fact(tr.get("application-organisation"), names.of(body.organisation))
        .fact(tr.get("application-number"), names.number(body.organisation))
        .fact(tr.get("application-administrator"), names.of(body.administrator))
        .fact(tr.get("application-administrator-number"), number)
        .fact_with_link(tr.get("application-terms"), version, (tr.get("register-terms-read"), terms.1))
        .fact(tr.get("application-arrived"), tr.day(body.arrived))
        .fact(tr.get("application-opened"), tr.with("application-opened-by", &opened));
    if let Some(due) = case.due_at {
        facts = facts.fact(tr.get("application-due"), crate::people::last_day(tr, due));
    }
    if let Some(closer) = body.closer {
        facts = facts.fact(tr.get("application-closed-by"), names.of(closer));
    }
    if let Some(reason) = &body.reason {
        let key = ReturnReason::parse(reason).map_or("application-reason-other".to_owned(), reason_key);
        facts = facts.fact(tr.get("application-reason"), tr.get(&key));
    }
    facts.fact(tr.get("application-case"), case.id.to_string())
}

fn reason_key(reason: ReturnReason) -> String {
    format!("application-reason-{}", reason.code().replace('_', "-"))
}

fn steps(app: &App, visitor: &Visitor, case: &ApplicationView, base: &str, mistakes: &Mistakes) -> Steps {
    let tr = visitor.tr();
    let own = case.taker == Taker::Opener;
    let want = Want::to(CONFIRM, app.agency()).after(REGISTER, case.body.opener, case.body.administrator);
    let may_confirm = !own && app.decide(&visitor.visit, &want).allowed;
    let reasons = ReturnReason::ALL.map(|reason| Choice::new(reason.code(), tr.get(&reason_key(reason))));
    let answers = Answers::empty();
    Steps {
        own,
        confirm: may_confirm.then(|| format!("{base}/confirm")),
        send_back: visitor.may(RETURN).then(|| format!("{base}/return")),
        reasons: Form::new(tr, &answers, mistakes).radios(
            "reason",
            tr.get("application-return-reason"),
            reasons.into(),
        ),
    }
}

/// The scan, byte for byte, as a file to save: what somebody sent is not shown inside our own pages.
pub(super) async fn scan(
    State(app): State<App>,
    visitor: Visitor,
    Path(named): Path<Named>,
) -> Result<Response, Problem> {
    at_agency(&app, &visitor)?;
    let id = named.id(&visitor)?;
    let scan = app.application_scan(&visitor.visit, id).await.map_err(|r| visitor.refused(r))?;
    let (kind, ending) = match scan.media_type.as_str() {
        "application/pdf" => ("application/pdf", "pdf"),
        "image/png" => ("image/png", "png"),
        "image/jpeg" => ("image/jpeg", "jpg"),
        _ => ("application/octet-stream", "bin"),
    };
    let name = HeaderValue::from_str(&format!("attachment; filename=\"{id}.{ending}\""))
        .map_err(|_| not_found(&visitor))?;
    let kind = HeaderValue::from_static(kind);
    let bytes = scan.bytes.to_vec();
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}

pub(super) async fn confirm(
    State(app): State<App>,
    Path(named): Path<Named>,
    sent: Sent,
) -> Result<Response, Problem> {
    let visitor = &sent.visitor;
    at_agency(&app, visitor)?;
    let id = named.id(visitor)?;
    app.confirm_application(&visitor.visit, id).await.map_err(|r| visitor.refused(r))?;
    Ok(see_other(&format!("{}/{id}?done=confirmed", base(visitor)), None))
}

pub(super) async fn send_back(
    State(app): State<App>,
    Path(named): Path<Named>,
    sent: Sent,
) -> Result<Response, Problem> {
    let visitor = &sent.visitor;
    at_agency(&app, visitor)?;
    let id = named.id(visitor)?;
    let refused = |refusal| visitor.refused(refusal);
    let Some(reason) = sent.answers.only("reason").and_then(ReturnReason::parse) else {
        let case = app.application(&visitor.visit, id).await.map_err(refused)?;
        let mut mistakes = Mistakes::none();
        let tr = visitor.tr();
        mistakes.add_code("reason", tr.get("application-return-reason"), "CHOOSE", tr);
        return show(&app, visitor, &case, None, &mistakes).await;
    };
    app.return_application(&visitor.visit, id, reason).await.map_err(refused)?;
    Ok(see_other(&format!("{}/{id}?done=returned", base(visitor)), None))
}
