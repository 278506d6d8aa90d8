//! The kind of case as a table.

use domain::case::{CaseKind, Deadline, Hands, Step};

pub const REGISTERED: &str = "registered";
pub const LAPSED: &str = "lapsed";
pub const CONFIRM: &str = "confirm";
pub const RETURN: &str = "return";

/// Application to connect an employer, on paper.
pub const APPLICATION: CaseKind = CaseKind {
    name: "employer_application",
    first: REGISTERED,
    steps: &[
        Step {
            name: CONFIRM,
            from: REGISTERED,
            to: "confirmed",
            permission: "platform.application.confirm",
            hands: Hands::NotTheOpener,
        },
        Step {
            name: RETURN,
            from: REGISTERED,
            to: "returned",
            permission: "platform.application.return",
            hands: Hands::Any,
        },
    ],
    deadlines: &[Deadline { state: REGISTERED, key: "confirm_application", to: LAPSED }],
};
