//! The closed set of rules that a catalogue file can state. A new kind is code with a test.
//!
//! | Kind | What it says |
//! |---|---|
//! | `gives` | who may give what; what no rule names may not be given |
//! | `two_persons` | steps that different persons must take, none of them the one who gains by it |
//! | `needs_successor` | the last holder cannot be ended without another in force |
//!
//! Every rule cites its source, and the printed catalogue shows it.

use domain::fact::PermissionId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Giver of mandates at an organisation that the agency registers from an approved application
/// (*anmälan*, general terms §4). Such a mandate has no parent.
pub const BY_APPLICATION: &str = "application";
/// Giver of the first roles at the agency itself, by the invitations that the installation is born with.
pub const BY_INVITATION: &str = "invitation";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Unique in its service, such as `administrator_gives`.
    pub id: String,
    pub kind: RuleKind,
    /// The law, the terms or the decision behind it.
    pub source: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum RuleKind {
    /// Whoever holds the package `giver` with the right to give may give the permissions behind `gives`, and must
    /// be allowed to use `to_give` when giving and `to_end` when ending. With [`BY_APPLICATION`] or
    /// [`BY_INVITATION`] as giver: what the agency may register without a parent; such a rule has neither.
    Gives {
        giver: String,
        gives: BTreeSet<PermissionId>,
        to_give: Option<PermissionId>,
        to_end: Option<PermissionId>,
    },
    /// Each step is taken after those before it and by another person than theirs. Nobody takes a step to the own benefit.
    TwoPersons { steps: Vec<String> },
    /// At an organisation with a holder of `package` there shall always be one.
    NeedsSuccessor { package: PermissionId },
}

impl RuleKind {
    /// The word for it in the files.
    pub fn word(&self) -> &'static str {
        match self {
            RuleKind::Gives { .. } => "gives",
            RuleKind::TwoPersons { .. } => "two_persons",
            RuleKind::NeedsSuccessor { .. } => "needs_successor",
        }
    }
}
