//! The signed errand: the draft becomes a report in the transaction that keeps the signature, also if the browser is
//! closed at that moment (R-004-10: accepted in the employer's name with the person recorded).

use crate::id::ReportId;
use crate::kept::Kept;
use crate::refusals;
use crate::rules::{self, Limits};
use crate::store::drafts::{self, Draft, Owner};
use crate::store::reports::{self, Report, State};
use crate::{ERRAND, SERVICE, object, path};
use app::platform::ServiceAct;
use app::sign::{Errand, Signed};
use app::{Refusal, Stop};

/// Carries out a signed sickness report.
#[derive(Debug, Clone, Copy)]
pub struct SicknessReport;

impl Errand for SicknessReport {
    fn name(&self) -> &'static str {
        ERRAND
    }

    /// Idempotent by the draft's id: a second signature of the same draft sends nothing a second time.
    ///
    /// Conflicts: [`refusals::DRAFT_GONE`], [`refusals::DRAFT_CHANGED`], [`refusals::RULES`], [`refusals::LIMITS`].
    fn carry_out(
        &self,
        act: &mut ServiceAct<'_, '_, '_>,
        name: &str,
        signed: &Signed,
    ) -> Result<String, Stop> {
        let id: ReportId = name.parse().map_err(|_| Stop::No(Refusal::NotFound))?;
        let owner = Owner { organisation: act.visit().party(), reporter: act.visit().person() };
        let now = act.now();
        let draft = drafts::find(act.rows(), id, owner, now)?;
        let Some(draft) = draft else { return sent_already(act, id, owner, signed) };
        // The row is the lock: of two signatures at once only one finds it here.
        if !drafts::remove(act.rows(), id)? {
            return sent_already(act, id, owner, signed);
        }
        let kept = act.text(draft.employee, &Kept::name(id))?.as_deref().and_then(Kept::from_json);
        if kept.ok_or(Refusal::Conflict(refusals::DRAFT_GONE))?.text != signed.text {
            return Err(Refusal::Conflict(refusals::DRAFT_CHANGED).into());
        }
        send(act, draft, signed)
    }
}

fn send(act: &mut ServiceAct<'_, '_, '_>, draft: Draft, signed: &Signed) -> Result<String, Stop> {
    let limits = limits(act).ok_or(Refusal::Conflict(refusals::LIMITS))?;
    let today = domain::calendar::date_in_stockholm(act.now());
    // It has arrived now; days may have gone since the review.
    let timing =
        rules::check(&draft.absence, today, &limits).map_err(|_| Refusal::Conflict(refusals::RULES))?;
    let report = Report {
        id: draft.id,
        organisation: draft.organisation,
        reporter: draft.reporter,
        employee: draft.employee,
        absence: draft.absence,
        lang: draft.lang,
        timing,
        reference: act.reference(),
        evidence: signed.evidence,
        signed_at: signed.signed_at,
        received_at: act.now(),
        state: State::Received,
    };
    reports::insert(act.rows(), &report)?;
    let event = format!("{ERRAND}.{}.sent", report.id);
    act.mail(&event, report.reporter, "mail-sickness-report-sent", &report.reference)?;
    act.concerns(report.employee);
    act.record("employer.sickness_report.sent", &object(report.id), &[signed.evidence], &[]);
    Ok(path::report(report.organisation, report.id))
}

fn sent_already(
    act: &mut ServiceAct<'_, '_, '_>,
    id: ReportId,
    owner: Owner,
    signed: &Signed,
) -> Result<String, Stop> {
    let report = reports::find(act.rows(), id)?
        .filter(|report| (report.organisation, report.reporter) == (owner.organisation, owner.reporter))
        .ok_or(Refusal::Conflict(refusals::DRAFT_GONE))?;
    act.record("employer.sickness_report.sent_again", &object(report.id), &[signed.evidence], &[]);
    Ok(path::report(report.organisation, report.id))
}

/// The numbers by the catalogue that this node decides by.
fn limits(act: &ServiceAct<'_, '_, '_>) -> Option<Limits> {
    let service = act.visit().known.catalogue.service(SERVICE)?;
    Limits::read(|key| service.limits.get(key).map(|limit| limit.value))
}
