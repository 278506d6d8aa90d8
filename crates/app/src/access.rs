//! Asking for authority (*förfrågan om behörighet*): from the refusal to the mandate, without a telephone call.
//!
//! Whoever was refused at an organisation asks in one click; whoever has no tie to one types its number, and learns
//! nothing by it: the answer is given before anybody has looked whether there is such an organisation. The
//! administrators answer by the permission and by the rules with which they give anything else. Who they are is not
//! told to the one who asks.

mod answer;
mod ask;
mod deliver;
mod form;
mod kind;
mod offer;
mod view;

pub use answer::{DeclineReason, Grant, TypedGrant};
pub use form::{NewRequest, TypedRequest};
pub use kind::{ACCESS_REQUEST, CREATE, READ_OWN, WITHDRAW};
pub use view::{RequestView, Requests, Standing};

pub(crate) use kind::LAPSING;

use domain::fact::PermissionId;
use domain::{FactId, Instant, PartyId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What the case keeps: ids, days and words of the catalogue. The number that was typed and the need lie in the vault.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Body {
    pub requester: PartyId,
    /// The package asked for.
    pub package: PermissionId,
    pub origin: Origin,
    pub answer: Option<Answer>,
}

/// How somebody came to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// By one click, when this permission was refused.
    Refused(PermissionId),
    /// By typing the organisation's number.
    Typed,
}

/// How an administrator answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Answer {
    pub by: PartyId,
    pub at: Instant,
    pub outcome: Outcome,
}

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Granted {
        mandate: FactId,
        /// May be less than was asked for.
        package: PermissionId,
        last_day: Date,
    },
    /// The code of a [`DeclineReason`].
    Declined(String),
}
