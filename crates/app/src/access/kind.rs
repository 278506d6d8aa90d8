//! The kind of case as a table.

use super::Body;
use crate::cases::{self, Lapsing};
use crate::refusal::Stop;
use domain::PartyId;
use domain::case::{CaseKind, Deadline, Hands, Step};
use store::cases::Case;

/// Sent, and not yet laid before anybody. For the one who asked it waits, as in the next two states.
pub(super) const SENT: &str = "sent";
/// Laid before the organisation's administrators.
pub(super) const WAITING: &str = "waiting";
/// There is nobody to lay it before. It lapses as one that nobody answers.
pub(super) const UNADDRESSED: &str = "unaddressed";
pub(super) const GRANT: &str = "grant";
pub(super) const DECLINE: &str = "decline";
pub(super) const TAKE_BACK: &str = "withdraw";

/// What asking, seeing one's own requests and taking one back need.
pub const CREATE: &str = "employer.access_request.create";
pub const READ_OWN: &str = "employer.access_request.read_own";
pub const WITHDRAW: &str = "employer.access_request.withdraw";
/// Whoever may give answers.
pub(super) const GIVE: &str = "employer.mandate.give";

const fn answer(name: &'static str, to: &'static str) -> Step {
    Step { name, from: WAITING, to, permission: GIVE, hands: Hands::NotTheOpener }
}

const fn taken_back(from: &'static str) -> Step {
    Step { name: TAKE_BACK, from, to: "withdrawn", permission: WITHDRAW, hands: Hands::Any }
}

const fn lapses(state: &'static str) -> Deadline {
    Deadline { state, key: "access_request", to: "lapsed" }
}

/// A request for authority at an organisation.
pub const ACCESS_REQUEST: CaseKind = CaseKind {
    name: "access_request",
    first: SENT,
    steps: &[
        answer(GRANT, "granted"),
        answer(DECLINE, "declined"),
        taken_back(SENT),
        taken_back(WAITING),
        taken_back(UNADDRESSED),
    ],
    deadlines: &[lapses(SENT), lapses(WAITING), lapses(UNADDRESSED)],
};

/// The one who asked is told, and nobody else: the administrators let it be.
pub(crate) const LAPSING: Lapsing = Lapsing {
    kind: &ACCESS_REQUEST,
    event: "access_request.lapsed",
    template: "mail-request-lapsed",
    tell: the_requester,
};

fn the_requester(case: &Case) -> Result<Vec<PartyId>, Stop> {
    let body: Body = cases::body(case)?;
    Ok(vec![body.requester])
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::case::{StepRefused, Taker};

    #[test]
    fn every_waiting_state_looks_the_same_to_the_one_who_asked() {
        for state in [SENT, WAITING, UNADDRESSED] {
            assert_eq!(ACCESS_REQUEST.step(TAKE_BACK, state, Taker::Opener).unwrap().to, "withdrawn");
            let deadline = ACCESS_REQUEST.deadline(state).unwrap();
            assert_eq!((deadline.key, deadline.to), ("access_request", "lapsed"));
        }
    }

    #[test]
    fn an_answer_is_another_persons_and_ends_it() {
        for step in [GRANT, DECLINE] {
            let refused = ACCESS_REQUEST.step(step, WAITING, Taker::Opener).unwrap_err();
            assert_eq!(refused, StepRefused::SamePerson);
            let end = ACCESS_REQUEST.step(step, WAITING, Taker::Other).unwrap().to;
            assert!(ACCESS_REQUEST.deadline(end).is_none());
            for again in [GRANT, DECLINE, TAKE_BACK] {
                assert!(ACCESS_REQUEST.step(again, end, Taker::Other).is_err());
            }
            // What nobody has been shown, nobody can answer.
            assert!(ACCESS_REQUEST.step(step, UNADDRESSED, Taker::Other).is_err());
        }
    }
}
