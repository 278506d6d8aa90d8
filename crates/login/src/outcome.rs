//! What can become of an identification or signature, in words that no method owns.
//!
//! Every method maps its own codes to an [`Outcome`]: what to tell the person (a text key), whose fault it is,
//! whether to try again, and whether operations must look. New codes of a provider must never crash us: they
//! map to a general outcome.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The normalised code. Stable: it stands in records and metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeCode {
    /// The person is to start the app or scan the code.
    WaitingStart,
    /// The person is looking at the order in the app.
    InClient,
    /// The person said no.
    CancelledByUser,
    /// Another order for the same person ended this one. If it was not they who started it, it may be fraud.
    CancelledOther,
    /// Time ran out.
    Expired,
    /// This e-ID cannot be used: revoked, blocked, of a kind not accepted.
    IdUnusable,
    /// The person's app or device cannot do what is asked.
    ClientTooOld,
    /// Stopped for security. The person is told no detail.
    RiskBlocked,
    /// Somebody else than the one who is logged in.
    WrongPerson,
    /// The provider's answer could not be verified: nothing was opened, nothing counts as signed.
    Unverified,
    /// A technical fault on the e-ID's side.
    ProviderDown,
    /// A technical fault on our side.
    OurFault,
}

impl OutcomeCode {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WaitingStart => "waiting_start",
            Self::InClient => "in_client",
            Self::CancelledByUser => "cancelled_by_user",
            Self::CancelledOther => "cancelled_other",
            Self::Expired => "expired",
            Self::IdUnusable => "id_unusable",
            Self::ClientTooOld => "client_too_old",
            Self::RiskBlocked => "risk_blocked",
            Self::WrongPerson => "wrong_person",
            Self::Unverified => "unverified",
            Self::ProviderDown => "provider_down",
            Self::OurFault => "our_fault",
        }
    }
}

impl fmt::Display for OutcomeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Whose fault it is: decides whom the page sends the person to for help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FaultClass {
    /// Nothing is wrong.
    Nobody,
    /// The person, their e-ID or their device: the issuer's support.
    User,
    /// The e-ID's service.
    Issuer,
    /// We: our support, with a reference.
    Us,
}

/// What may be tried again, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Retry {
    /// The order lives: ask again in two seconds.
    Wait,
    /// Start a new order without telling, while the page's own limit allows.
    Renew,
    /// Repeat the same call a few times without telling; then tell.
    Silently,
    /// Only the person may start anew.
    ByPerson,
    /// Trying again gives the same until somebody has mended it.
    Never,
}

/// Who else than the person must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Attention {
    Nobody,
    /// A security event for the activity log: possible fraud.
    SecurityEvent,
    /// Operations: the service is broken until they act.
    Alarm,
}

/// One outcome, whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Outcome {
    pub code: OutcomeCode,
    /// Key of the text to show, in the method's text files.
    pub text: &'static str,
    pub fault: FaultClass,
    pub retry: Retry,
    pub attention: Attention,
}

/// An order that ended without a result, or could not be started. A business refusal, not an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub outcome: Outcome,
    /// The provider's or verifier's own code, for records and logs: `hint:userCancel`,
    /// `http:503:maintenance`, `evidence:OCSP_REVOKED`. Bounded, without personal data.
    pub cause: String,
}

impl Failure {
    pub(crate) fn new(outcome: Outcome, cause: impl Into<String>) -> Self {
        Self { outcome, cause: cause.into() }
    }
}
