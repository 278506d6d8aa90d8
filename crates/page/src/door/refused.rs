//! Refusals of the house as problems of a page.

use app::Refusal;
use authority::{Decision, Mender as By};
use domain::Instant;

use crate::problem::{BrokenLink, Mender, codes};
use crate::{Problem, Visit};

/// The page for a refusal. `visit` tells whether the visitor is logged in.
pub fn problem(page: &Visit, refusal: Refusal, visit: Option<&app::Visit>) -> Problem {
    match refusal {
        Refusal::NotAllowed { decision, reference, .. } => {
            Problem::no_access(broken_links(&decision), reference.to_string(), page.now)
        }
        Refusal::NotFound => Problem::of(&codes::NOT_FOUND),
        Refusal::Conflict("SESSION_ENDED") if visit.is_some() => Problem::of(&codes::SESSION_ENDED),
        Refusal::Conflict("EVIDENCE_REFUSED") => Problem::of(&codes::EVIDENCE_REFUSED),
        Refusal::Conflict("ORDER_NOT_READY") => Problem::of(&codes::LOGIN_USED),
        Refusal::Conflict(code) => {
            let key = format!("conflict-{}", code.to_ascii_lowercase().replace('_', "-"));
            let says = if page.tr.has(&key) { page.tr.get(&key) } else { page.tr.get("conflict-other") };
            Problem::of(&codes::CONFLICT_NAMED).with("says", says).rule(code)
        }
        // A form shows its own faults; this is what is left when there is no form to show.
        Refusal::Invalid(_) => Problem::of(&codes::INVALID),
        Refusal::TooMany(left) => Problem::of(&codes::TOO_MANY)
            .retry_after(u32::try_from(left.as_secs()).unwrap_or(u32::MAX).max(1)),
        Refusal::Unavailable => Problem::of(&codes::BUSY).retry_after(5),
        Refusal::Full => Problem::of(&codes::FULL).retry_after(60),
        Refusal::Clock => Problem::of(&codes::CLOCK).retry_after(60),
        Refusal::Broken(reference) => {
            Problem::of(&codes::OUR_FAULT).reference(reference.to_string(), page.now)
        }
    }
}

/// The broken links as the subject may see them (R-002-09).
pub fn broken_links(decision: &Decision) -> Vec<BrokenLink> {
    decision
        .for_subject()
        .broken()
        .map(|(_, broken)| broken_link(broken.code, broken.mender, broken.since))
        .collect()
}

/// One broken link for a page.
pub fn broken_link(code: &str, mender: By, since: Option<Instant>) -> BrokenLink {
    let mender = match mender {
        By::Self_ => Mender::Yourself,
        By::OrganisationAdministrator => Mender::OrganisationAdministrator,
        By::Agency => Mender::Agency,
        By::Issuer => Mender::Issuer,
        By::Nobody => Mender::Nobody,
    };
    let link = BrokenLink::new(code, mender);
    match since {
        Some(since) => link.since(since),
        None => link,
    }
}
