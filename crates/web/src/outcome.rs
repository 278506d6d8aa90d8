//! How an order ended, as a page: the outcome's code decides the page, the method's own words say what happened.

use app::identify::End;
use domain::Instant;
use http::StatusCode;
use login::Failure;
use page::door::broken_link;
use page::problem::Kind;
use page::{Problem, Visit, codes};

use crate::hall::Hall;
use crate::offer::{self, AtFault};

const BANKID: &str = "bankid";

/// The page for an outcome's code ([`login::OutcomeCode`]); an unknown one is our fault.
pub(crate) fn kind(code: &str) -> &'static Kind {
    match code {
        "cancelled_by_user" => &codes::LOGIN_CANCELLED,
        "cancelled_other" => &codes::LOGIN_REPLACED,
        "expired" => &codes::LOGIN_EXPIRED,
        "id_unusable" => &codes::ID_UNUSABLE,
        "client_too_old" => &codes::APP_TOO_OLD,
        "risk_blocked" => &codes::RISK_BLOCKED,
        "wrong_person" => &codes::WRONG_PERSON,
        "unverified" => &codes::EVIDENCE_REFUSED,
        "provider_down" => &codes::PROVIDER_DOWN,
        _ => &codes::LOGIN_OUR_FAULT,
    }
}

fn at_fault(code: &str) -> AtFault {
    match code {
        "id_unusable" | "client_too_old" | "provider_down" => AtFault::Issuer,
        _ => AtFault::Us,
    }
}

fn page(hall: &Hall, visit: &Visit, code: &str, text: &str) -> Problem {
    let problem =
        Problem::of(kind(code)).who(offer::helpers(&hall.app.known(), BANKID, &visit.tr, at_fault(code)));
    if visit.tr.has(text) { problem.saying(visit.tr.get(text)) } else { problem }
}

/// The provider said no at once, or did not answer.
pub(crate) fn not_begun(
    hall: &Hall,
    visit: &Visit,
    failure: &Failure,
    reference: &activity::Reference,
) -> Problem {
    let outcome = failure.outcome;
    let problem =
        page(hall, visit, outcome.code.as_str(), outcome.text).reference(reference.to_string(), visit.now);
    if problem.status() == StatusCode::SERVICE_UNAVAILABLE { problem.retry_after(10) } else { problem }
}

/// An order that ended without what it was for. `back` is the page that it began at.
pub(crate) fn ended(hall: &Hall, visit: &Visit, end: &End, back: &str) -> Problem {
    match end {
        End::Failed { text, code, reference } => {
            told(page(hall, visit, code, text), reference.as_deref(), visit.now).way("order-way-back", back)
        }
        // As at any refused page: which link is missing, and who can mend it.
        End::Refused { missing, reference, .. } if !missing.is_empty() => {
            let links = missing.iter().map(|m| broken_link(&m.code, m.mender, m.since)).collect();
            Problem::no_access(links, reference.clone().unwrap_or_default(), visit.now)
                .way("order-way-back", back)
        }
        End::Refused { code, reference, .. } => {
            refused(visit, code, reference.as_deref(), visit.now).way("order-way-back", back)
        }
        // Not failures; whoever calls has gone on already.
        End::Signed { .. } | End::Opened => Problem::of(&codes::LOGIN_USED),
    }
}

/// The signature was made, and the errand was not: nothing was done.
fn refused(visit: &Visit, code: &str, reference: Option<&str>, at: Instant) -> Problem {
    let problem = match code {
        "NOT_ALLOWED" => Problem::of(&codes::NO_ACCESS),
        "SESSION_ENDED" => Problem::of(&codes::SESSION_ENDED),
        _ => {
            let key = format!("conflict-{}", code.to_ascii_lowercase().replace('_', "-"));
            let says = if visit.tr.has(&key) { visit.tr.get(&key) } else { visit.tr.get("conflict-other") };
            Problem::of(&codes::CONFLICT_NAMED).with("says", says).rule(code)
        }
    };
    told(problem, reference, at)
}

/// With the reference of the record, so that the code on the page finds it.
fn told(problem: Problem, reference: Option<&str>, at: Instant) -> Problem {
    match reference {
        Some(reference) => problem.reference(reference, at),
        None => problem,
    }
}

/// The visitor or the timer gave the order up.
pub(crate) fn given_up(visit: &Visit, back: &str) -> Problem {
    Problem::of(&codes::LOGIN_EXPIRED).saying(visit.tr.get("order-given-up")).way("order-way-back", back)
}

#[cfg(test)]
mod tests {
    use super::*;
    use login::OutcomeCode as Code;

    #[test]
    fn every_outcome_has_a_page_of_its_own() {
        let all = [
            Code::CancelledByUser,
            Code::CancelledOther,
            Code::Expired,
            Code::IdUnusable,
            Code::ClientTooOld,
            Code::RiskBlocked,
            Code::WrongPerson,
            Code::Unverified,
            Code::ProviderDown,
            Code::OurFault,
        ];
        let mut kinds: Vec<_> = all.iter().map(|code| kind(code.as_str()).code).collect();
        kinds.sort_unstable();
        kinds.dedup();
        assert_eq!(kinds.len(), all.len());
        assert_eq!(kind("a_code_of_tomorrow").code, codes::LOGIN_OUR_FAULT.code);
    }
}
