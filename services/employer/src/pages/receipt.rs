//! The receipt: who reported what for whom and when, how it stands, and the signed evidence for its sender.

use super::part::{badge, late, state_in_words};
use super::{At, Reach};
use crate::kept::Kept;
use crate::path;
use crate::permission::WITHDRAW;
use crate::store::reports::{Report, State};
use app::{Names, Platform, Refusal};
use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use domain::PartyId;
use page::door::Visitor;
use page::{Badge, Facts, Problem, Tr};

#[derive(Debug, Template)]
#[template(path = "receipt.html")]
struct Body<'a> {
    tr: &'a Tr,
    lead: String,
    state: Badge,
    late: Option<Badge>,
    facts: Facts,
    text: Option<String>,
    /// The language of the text.
    lang: &'static str,
    evidence: Option<String>,
    withdraw: Option<String>,
}

pub async fn receipt(
    Extension(platform): Extension<Platform>,
    Path(at): Path<At>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let no = |refusal| visitor.refused(refusal);
    let reach = Reach::of(&platform, &visitor).await.map_err(no)?;
    let report = reach.read(&platform, &visitor, at.id().map_err(no)?).await.map_err(no)?;
    let words = match hides(&platform, &visitor, &report).await.map_err(no)? {
        Some(_) => None,
        None => platform.text(report.employee, &Kept::name(report.id)).await.map_err(no)?,
    };
    let names = platform.names(&visitor.visit, [report.reporter, report.organisation]).await.map_err(no)?;
    let tr = visitor.tr();
    let address = path::report(report.organisation, report.id);
    let own = report.reporter == visitor.visit.person();
    let open = report.state == State::Received && platform.may(&visitor.visit, WITHDRAW);
    let body = Body {
        tr,
        lead: lead(tr, report.state),
        state: badge(tr, report.state),
        late: late(tr, report.timing),
        facts: facts(tr, &report, &names),
        text: words.as_deref().and_then(Kept::from_json).map(|kept| kept.text),
        lang: report.lang.tag(),
        evidence: (own && words.is_some()).then(|| format!("{address}/evidence")),
        withdraw: open.then(|| format!("{address}/withdraw")),
    };
    let frame = visitor.frame(tr.get("employer-receipt-title"));
    Ok(frame.back(tr.get("employer-reports-title"), path::reports(report.organisation)).render(&body))
}

/// Whom the report's text names that the visitor may not be shown: the employee, or the sender as colleagues and officials
/// see them.
pub async fn hides(
    platform: &Platform,
    visitor: &Visitor,
    report: &Report,
) -> Result<Option<PartyId>, Refusal> {
    let hidden = platform.hidden(&visitor.visit, [report.employee, report.reporter]).await?;
    Ok(hidden.into_iter().next())
}

fn lead(tr: &Tr, state: State) -> String {
    tr.get(match state {
        State::Received => "employer-receipt-received",
        State::Opened { .. } => "employer-receipt-opened",
        State::Withdrawn { .. } => "employer-receipt-withdrawn",
    })
}

/// Reference, times, who, for whom.
pub fn facts(tr: &Tr, report: &Report, names: &Names) -> Facts {
    let organisation = format!("{} ({})", names.of(report.organisation), names.number(report.organisation));
    Facts::new()
        .fact(tr.get("employer-fact-reference"), &report.reference)
        .fact(tr.get("employer-fact-received"), tr.date_time_exact(report.received_at))
        .fact(tr.get("employer-fact-signed"), tr.date_time_exact(report.signed_at))
        .fact(tr.get("employer-fact-sender"), names.of(report.reporter))
        .fact(tr.get("employer-fact-organisation"), organisation)
        .fact(tr.get("employer-fact-state"), state_in_words(tr, report.state))
}

/// The provider's answer as it was kept, byte for byte, for whoever signed.
pub async fn evidence(
    Extension(platform): Extension<Platform>,
    Path(at): Path<At>,
    visitor: Visitor,
) -> Result<Response, Problem> {
    let no = |refusal| visitor.refused(refusal);
    Reach::of(&platform, &visitor).await.map_err(no)?;
    // The signature tells more of the signer than colleagues need: their personal number among other things.
    let report = Reach::Own.read(&platform, &visitor, at.id().map_err(no)?).await.map_err(no)?;
    if hides(&platform, &visitor, &report).await.map_err(no)?.is_some() {
        return Err(no(Refusal::NotFound));
    }
    let evidence =
        platform.evidence(report.evidence).await.map_err(no)?.ok_or_else(|| no(Refusal::NotFound))?;
    let name = format!("attachment; filename=\"sickness-report-{}.json\"", report.reference);
    let headers = [(CONTENT_TYPE, "application/json".to_owned()), (CONTENT_DISPOSITION, name)];
    Ok((headers, evidence.bytes.to_vec()).into_response())
}
