//! Every hint and error code of BankID, mapped to what we do and say.
//!
//! The message numbers (RFA…) are those of BankID's recommended user messages; the wording in
//! `texts/bankid.*.ftl` is our own. An unknown code gets the general text of its state.

use trust::bankid::Operation;

use super::{
    client::CallError,
    codes::{ErrorCode, FailedHint, PendingHint},
};
use crate::{
    browser::Device,
    outcome::{Attention, FaultClass, Outcome, OutcomeCode, Retry},
    pulse::Call,
};

/// The Swedish texts, Fluent.
pub const TEXTS_SV: &str = include_str!("../../texts/bankid.sv.ftl");
/// The English texts, Fluent; the same keys.
pub const TEXTS_EN: &str = include_str!("../../texts/bankid.en.ftl");

/// What the texts depend on besides the code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Situation {
    pub operation: Operation,
    pub device: Device,
}

/// What an order that lives means.
pub fn pending(hint: &PendingHint, situation: Situation) -> Outcome {
    use OutcomeCode::{InClient, WaitingStart};
    let (code, text) = match hint {
        PendingHint::OutstandingTransaction if situation.device != Device::Other => {
            (WaitingStart, "bankid-rfa13")
        }
        PendingHint::OutstandingTransaction | PendingHint::NoClient => (WaitingStart, "bankid-rfa1"),
        PendingHint::Started if situation.device == Device::ThisComputer => (InClient, "bankid-rfa15a"),
        PendingHint::Started => (InClient, "bankid-rfa15b"),
        PendingHint::UserMrtd => (InClient, "bankid-rfa23"),
        PendingHint::UserCallConfirm => (InClient, "bankid-call-confirm"),
        PendingHint::UserSign => match situation.operation {
            Operation::Identification => (InClient, "bankid-rfa9-auth"),
            Operation::Signing => (InClient, "bankid-rfa9-sign"),
        },
        PendingHint::UserStepUp => (InClient, "bankid-rfa25"),
        PendingHint::UserFace => (InClient, "bankid-rfa24"),
        PendingHint::Processing | PendingHint::Other(_) => match situation.operation {
            Operation::Identification => (InClient, "bankid-rfa21-auth"),
            Operation::Signing => (InClient, "bankid-rfa21-sign"),
        },
    };
    Outcome { code, text, fault: FaultClass::Nobody, retry: Retry::Wait, attention: Attention::Nobody }
}

/// What an order that lives means while the provider gives no answer.
pub fn silent(hint: &PendingHint, situation: Situation) -> Outcome {
    Outcome { text: "bankid-silent", ..pending(hint, situation) }
}

/// What a failed order means.
pub fn failed(hint: &FailedHint, situation: Situation) -> Outcome {
    use OutcomeCode as C;
    let by_user = |code, text| Outcome {
        code,
        text,
        fault: FaultClass::User,
        retry: Retry::ByPerson,
        attention: Attention::Nobody,
    };
    let fraud = |outcome: Outcome| Outcome { attention: Attention::SecurityEvent, ..outcome };
    match hint {
        FailedHint::ExpiredTransaction => by_user(C::Expired, "bankid-rfa8"),
        FailedHint::CertificateErr => by_user(C::IdUnusable, "bankid-rfa16"),
        FailedHint::UserCancel => by_user(C::CancelledByUser, "bankid-rfa6"),
        FailedHint::Cancelled => fraud(by_user(C::CancelledOther, "bankid-rfa3")),
        FailedHint::StartFailed => Outcome { retry: Retry::Renew, ..not_started(situation) },
        FailedHint::UserDeclinedCall => fraud(by_user(C::CancelledByUser, "bankid-call-declined")),
        FailedHint::NotSupportedByUserApp => by_user(C::ClientTooOld, "bankid-app-too-old"),
        FailedHint::TransactionRiskBlocked => fraud(by_user(C::RiskBlocked, "bankid-risk-blocked")),
        FailedHint::MrtdVerificationFailed => by_user(C::IdUnusable, "bankid-rfa26"),
        FailedHint::FacialRecognitionFailed => by_user(C::IdUnusable, "bankid-rfa27"),
        FailedHint::NfcNotSupportedByDevice => by_user(C::ClientTooOld, "bankid-rfa28"),
        FailedHint::MultipleBankIdsOnDevice => by_user(C::IdUnusable, "bankid-rfa29"),
        FailedHint::StepUpFailed => by_user(C::IdUnusable, "bankid-rfa30"),
        FailedHint::Other(_) => Outcome {
            code: C::ProviderDown,
            text: "bankid-rfa22",
            fault: FaultClass::Issuer,
            retry: Retry::ByPerson,
            attention: Attention::Nobody,
        },
    }
}

/// The app was never started, or the code never scanned, and renewing has come to its end.
pub fn not_started(situation: Situation) -> Outcome {
    Outcome {
        code: OutcomeCode::Expired,
        text: if situation.device == Device::Other { "bankid-rfa17b" } else { "bankid-rfa17a" },
        fault: FaultClass::User,
        retry: Retry::ByPerson,
        attention: Attention::Nobody,
    }
}

/// What a call that failed means.
pub fn call(error: &CallError) -> Outcome {
    let issuer = |text, retry| Outcome {
        code: OutcomeCode::ProviderDown,
        text,
        fault: FaultClass::Issuer,
        retry,
        attention: Attention::Nobody,
    };
    match error {
        CallError::Refused { status, code } => refused(*status, code),
        // The call may have been heard: a second one could find the first in progress.
        CallError::TimedOut => issuer("bankid-rfa5", Retry::ByPerson),
        CallError::Unreachable => issuer("bankid-rfa5", Retry::Silently),
        CallError::Garbage => {
            Outcome { attention: Attention::Alarm, ..issuer("bankid-rfa5", Retry::ByPerson) }
        }
        // Wrong roots, an expired certificate of ours, a clock that is off: operations must act.
        CallError::Tls(_) => our_fault(),
    }
}

fn refused(status: u16, code: &ErrorCode) -> Outcome {
    let issuer = |text, retry| Outcome {
        code: OutcomeCode::ProviderDown,
        text,
        fault: FaultClass::Issuer,
        retry,
        attention: Attention::Nobody,
    };
    match code {
        // The provider has aborted the other order, too: one of the two may be somebody else's.
        ErrorCode::AlreadyInProgress => Outcome {
            code: OutcomeCode::CancelledOther,
            text: "bankid-rfa4",
            fault: FaultClass::User,
            retry: Retry::ByPerson,
            attention: Attention::SecurityEvent,
        },
        ErrorCode::InvalidParameters
        | ErrorCode::Unauthorized
        | ErrorCode::NotFound
        | ErrorCode::MethodNotAllowed
        | ErrorCode::UnsupportedMediaType => our_fault(),
        ErrorCode::RequestTimeout | ErrorCode::InternalError => issuer("bankid-rfa5", Retry::ByPerson),
        ErrorCode::Maintenance => issuer("bankid-rfa5", Retry::Silently),
        ErrorCode::Other(_) if status >= 500 => issuer("bankid-rfa5", Retry::ByPerson),
        ErrorCode::Other(_) => issuer("bankid-rfa22", Retry::ByPerson),
    }
}

/// A fault on our side: what we asked, how we are configured.
pub fn our_fault() -> Outcome {
    Outcome {
        code: OutcomeCode::OurFault,
        text: "bankid-our-fault",
        fault: FaultClass::Us,
        retry: Retry::Never,
        attention: Attention::Alarm,
    }
}

/// A completed order that our own verification refused: nothing is opened, nothing counts as signed.
pub fn unverified() -> Outcome {
    Outcome {
        code: OutcomeCode::Unverified,
        text: "bankid-unverified",
        fault: FaultClass::Issuer,
        retry: Retry::ByPerson,
        attention: Attention::SecurityEvent,
    }
}

/// A sound completion by somebody else than the person who is logged in.
pub fn wrong_person() -> Outcome {
    Outcome {
        code: OutcomeCode::WrongPerson,
        text: "bankid-wrong-person",
        fault: FaultClass::User,
        retry: Retry::ByPerson,
        attention: Attention::SecurityEvent,
    }
}

/// A sound completion whose risk is too high, or of a grade that we do not know.
pub fn risk_blocked() -> Outcome {
    Outcome {
        code: OutcomeCode::RiskBlocked,
        text: "bankid-risk-blocked",
        fault: FaultClass::User,
        retry: Retry::ByPerson,
        attention: Attention::SecurityEvent,
    }
}

/// Whether a call that gave no result says that the provider is not there for anybody, or only no to this one order.
pub(crate) fn pulse(error: &CallError) -> Call {
    match error {
        CallError::Refused { code: ErrorCode::AlreadyInProgress | ErrorCode::InvalidParameters, .. } => {
            Call::Answered
        }
        // A code of tomorrow is about the order, unless its status says otherwise.
        CallError::Refused { status, code: ErrorCode::Other(_) } if *status < 500 => Call::Answered,
        _ => Call::Failed,
    }
}

/// The code of a failed call, for records and logs.
pub(crate) fn cause_of(error: &CallError) -> String {
    match error {
        CallError::Refused { status, code } => format!("http:{status}:{}", code.as_str()),
        CallError::TimedOut => "call:timed_out".to_owned(),
        CallError::Unreachable => "call:unreachable".to_owned(),
        CallError::Tls(fault) => format!("tls:{}", fault.as_str()),
        CallError::Garbage => "call:garbage".to_owned(),
    }
}

#[cfg(test)]
mod tests;
