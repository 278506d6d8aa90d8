//! The administrator's answer: grant at most what may be given, with an end; or decline with a reason.
//!
//! A grant goes the way of every mandate ([`crate::mandates::give`]): it works at the requester's next request.

use super::form::need;
use super::kind::{ACCESS_REQUEST, DECLINE, GIVE, GRANT};
use super::offer::answerers;
use super::{Answer, Body, Outcome};
use crate::act::{Act, Want};
use crate::application::date;
use crate::cases;
use crate::core::App;
use crate::mandates::{Giving, give};
use crate::refusal::{FieldFault, Refusal, Stop};
use crate::session::Visit;
use domain::case::{StepRefused, Taker};
use domain::fact::PermissionId;
use domain::{CaseId, FactId};
use jiff::civil::Date;
use store::cases::Case;

/// What an administrator grants.
#[derive(Debug, Clone)]
pub struct Grant {
    /// May be less than was asked for.
    pub package: PermissionId,
    /// The last day, in Sweden. What was asked for never lasts until further notice.
    pub last_day: Date,
    /// Why the person needs it, as stated or as the administrator knows it (R-004-26).
    pub need: String,
}

/// The fields as typed.
#[derive(Clone, Default)]
pub struct TypedGrant {
    pub package: String,
    /// `YYYY-MM-DD`.
    pub last_day: String,
    pub need: String,
}

/// What people type is theirs.
impl std::fmt::Debug for TypedGrant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TypedGrant").field("package", &self.package).finish_non_exhaustive()
    }
}

impl Grant {
    /// Parses all fields and tells every fault at once. `today` is the date in Sweden.
    ///
    /// # Errors
    /// Every field that cannot be used, in the order of the form.
    pub fn parse(typed: &TypedGrant, today: Date) -> Result<Self, Vec<FieldFault>> {
        let mut faults = Vec::new();
        if typed.package.is_empty() {
            faults.push(FieldFault::new("permission", "CHOOSE"));
        }
        let last_day = date("last_day", &typed.last_day, &mut faults);
        if last_day.is_some_and(|day| day < today) {
            faults.push(FieldFault::new("last_day", "DATE_PAST"));
        }
        let need = need(&typed.need, &mut faults);
        match last_day {
            Some(last_day) if faults.is_empty() => {
                Ok(Self { package: typed.package.clone(), last_day, need })
            }
            _ => Err(faults),
        }
    }
}

/// Why a request is declined. The requester is told it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeclineReason {
    /// The person does not work with this for the organisation.
    NotOurs,
    /// The work does not need it (R-004-26).
    NotNeeded,
    /// It has to be talked about first.
    TalkFirst,
}

impl DeclineReason {
    pub const ALL: [Self; 3] = [Self::NotOurs, Self::NotNeeded, Self::TalkFirst];

    pub fn code(self) -> &'static str {
        match self {
            Self::NotOurs => "not_ours",
            Self::NotNeeded => "not_needed",
            Self::TalkFirst => "talk_first",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

impl App {
    /// Grants. Conflicts: those of [`crate::mandates::give`], `REQUEST_OWN`, `CASE_MOVED_ON`.
    // R-004-24, R-004-25, R-004-26: as any authority that an administrator gives.
    pub async fn grant_request(&self, visit: &Visit, id: CaseId, grant: Grant) -> Result<FactId, Refusal> {
        self.change(visit, Want::to(GIVE, visit.party()), move |act| {
            let (case, body, end) = open_step(act, id, GRANT)?;
            let giving = Giving {
                holder: body.requester,
                permission: &grant.package,
                last_day: Some(grant.last_day),
                need: &grant.need,
            };
            let mandate = give(act, &giving)?;
            let (package, last_day) = (grant.package.clone(), grant.last_day);
            let requester = body.requester;
            answered(act, &case, body, end, Outcome::Granted { mandate, package, last_day })?;
            let event = format!("{id}.granted");
            act.mail(&event, requester, "mail-request-granted", &last_day.to_string())?;
            act.record(
                "access_request.granted",
                Some(mandate.to_string()),
                &[],
                &[("holder", requester.to_string()), ("permission", grant.package.clone())],
            );
            Ok(mandate)
        })
        .await
    }

    /// Declines; nothing comes in force.
    pub async fn decline_request(
        &self,
        visit: &Visit,
        id: CaseId,
        reason: DeclineReason,
    ) -> Result<(), Refusal> {
        self.write(visit, Want::to(GIVE, visit.party()), move |act| {
            let (case, body, end) = open_step(act, id, DECLINE)?;
            let (requester, package) = (body.requester, body.package.clone());
            answered(act, &case, body, end, Outcome::Declined(reason.code().to_owned()))?;
            act.mail(&format!("{id}.declined"), requester, "mail-request-declined", reason.code())?;
            act.record(
                "access_request.declined",
                Some(id.to_string()),
                &[],
                &[
                    ("holder", requester.to_string()),
                    ("permission", package),
                    ("reason", reason.code().to_owned()),
                ],
            );
            Ok(())
        })
        .await
    }
}

/// A request that waits at the party of the visit, and the state to which the step leads.
fn open_step(act: &mut Act<'_, '_>, id: CaseId, step: &str) -> Result<(Case, Body, &'static str), Stop> {
    let case = cases::find(act.tx, &ACCESS_REQUEST, id)?;
    if case.party != Some(act.visit.party()) {
        return Err(Refusal::NotFound.into());
    }
    let body: Body = cases::body(&case)?;
    let taker = if body.requester == act.visit.person() { Taker::Opener } else { Taker::Other };
    match cases::open_step(&ACCESS_REQUEST, &case, step, taker, act.now) {
        Ok(step) => Ok((case, body, step.to)),
        // Nobody gives to oneself, and nobody judges the own request.
        Err(StepRefused::SamePerson) => Err(Refusal::Conflict("REQUEST_OWN").into()),
        Err(_) => Err(Refusal::Conflict("CASE_MOVED_ON").into()),
    }
}

/// Ends the case with the answer, and tells the other administrators that there is one.
fn answered(act: &mut Act<'_, '_>, case: &Case, body: Body, end: &str, outcome: Outcome) -> Result<(), Stop> {
    let (by, requester, organisation) = (act.visit.person(), body.requester, act.visit.party());
    let answer = Some(Answer { by, at: act.now, outcome });
    cases::end(act.tx, case, end, &Body { answer, ..body })?;
    let (ground, agency) = (act.ground()?, act.app.agency());
    let others = answerers(&ground.slice, &ground.catalogue, agency, organisation, requester, act.now);
    for other in others.into_iter().filter(|other| *other != by) {
        let event = format!("{}.answered", case.id);
        act.mail(&event, other, "mail-request-answered", &organisation.to_string())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_has_an_end_that_has_not_been_and_a_need() {
        let today = "2026-11-23".parse().unwrap();
        let typed = TypedGrant {
            package: "employer.user".into(),
            last_day: "2026-11-23".into(),
            need: "Vikarie".into(),
        };
        assert!(Grant::parse(&typed, today).is_ok());
        let told = |typed: &TypedGrant| {
            let faults = Grant::parse(typed, today).unwrap_err();
            faults.iter().map(|f| (f.field, f.code)).collect::<Vec<_>>()
        };
        let none = TypedGrant::default();
        let all = [("permission", "CHOOSE"), ("last_day", "DATE_FORM"), ("need", "FIELD_MISSING")];
        assert_eq!(told(&none), all);
        let past = TypedGrant { last_day: "2026-11-22".into(), ..typed };
        assert_eq!(told(&past), [("last_day", "DATE_PAST")]);
    }
}
