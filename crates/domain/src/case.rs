//! Cases (*ärenden*): every act of several steps or days is one kind of case, and a kind is a table.
//!
//! A kind says which states there are, which steps lead from one to another, who may take a step, and what the
//! calendar does when nobody does. Numbers (how many days) come from the catalogue; texts from the pages.

use crate::fact::PermissionId;

/// The name of a state, such as `registered`.
pub type StateName = &'static str;

/// A kind of case.
#[derive(Debug, Clone, Copy)]
pub struct CaseKind {
    /// Stable name under which the store files cases of the kind.
    pub name: &'static str,
    /// The state in which a case is born.
    pub first: StateName,
    pub steps: &'static [Step],
    pub deadlines: &'static [Deadline],
}

/// A step that somebody takes.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub name: &'static str,
    pub from: StateName,
    pub to: StateName,
    /// The permission that taking it asks for.
    pub permission: &'static str,
    pub hands: Hands,
}

/// Whose hands a step needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hands {
    /// Anyone with the permission.
    Any,
    /// Another person than the one who opened the case (*två personer i förening*).
    NotTheOpener,
}

/// What the calendar does to a case that stays in a state.
#[derive(Debug, Clone, Copy)]
pub struct Deadline {
    pub state: StateName,
    /// Key of the length of time in the service's catalogue file, which also says how its days are counted.
    pub key: &'static str,
    /// The state it passes to at the end of the last day.
    pub to: StateName,
}

/// Why a step cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StepRefused {
    #[error("the case has no step of this name")]
    Unknown,
    #[error("the case is in state {0}, where this step is not open")]
    WrongState(String),
    #[error("the step must be taken by another person than the one who opened the case")]
    SamePerson,
}

impl CaseKind {
    /// The step, if it is open in `state` for a person who is (or is not) the opener.
    pub fn step(&self, name: &str, state: &str, taker: Taker) -> Result<&'static Step, StepRefused> {
        let named = self.steps.iter().filter(|s| s.name == name).collect::<Vec<_>>();
        if named.is_empty() {
            return Err(StepRefused::Unknown);
        }
        let step = named
            .into_iter()
            .find(|s| s.from == state)
            .ok_or_else(|| StepRefused::WrongState(state.to_owned()))?;
        match (step.hands, taker) {
            (Hands::NotTheOpener, Taker::Opener) => Err(StepRefused::SamePerson),
            _ => Ok(step),
        }
    }

    /// The deadline that runs in `state`, if any.
    pub fn deadline(&self, state: &str) -> Option<&'static Deadline> {
        self.deadlines.iter().find(|d| d.state == state)
    }

    /// Every permission that some step asks for.
    pub fn permissions(&self) -> impl Iterator<Item = PermissionId> {
        self.steps.iter().map(|s| s.permission.to_owned())
    }
}

/// Who wants to take a step, seen from the case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taker {
    Opener,
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: CaseKind = CaseKind {
        name: "form",
        first: "registered",
        steps: &[
            Step {
                name: "confirm",
                from: "registered",
                to: "confirmed",
                permission: "p",
                hands: Hands::NotTheOpener,
            },
            Step { name: "return", from: "registered", to: "returned", permission: "p", hands: Hands::Any },
        ],
        deadlines: &[Deadline { state: "registered", key: "confirm", to: "lapsed" }],
    };

    #[test]
    fn two_persons_are_two_persons() {
        assert_eq!(KIND.step("confirm", "registered", Taker::Opener).unwrap_err(), StepRefused::SamePerson);
        assert_eq!(KIND.step("confirm", "registered", Taker::Other).unwrap().to, "confirmed");
        assert_eq!(KIND.step("return", "registered", Taker::Opener).unwrap().to, "returned");
    }

    #[test]
    fn a_finished_case_takes_no_step() {
        assert_eq!(
            KIND.step("confirm", "confirmed", Taker::Other).unwrap_err(),
            StepRefused::WrongState("confirmed".into())
        );
        assert_eq!(KIND.step("burn", "registered", Taker::Other).unwrap_err(), StepRefused::Unknown);
    }
}
