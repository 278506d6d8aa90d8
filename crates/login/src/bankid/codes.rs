//! Every code of BankID's Relying Party API v6.0. Codes are added without notice, so an unknown one survives
//! as `Other` and is never an error.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(from = "String", into = "String")]
        pub enum $name {
            $(#[doc = $code] $variant,)+
            /// A code that did not exist when this was written; at most 64 harmless characters of it.
            Other(String),
        }

        impl $name {
            /// The codes known by name.
            pub const KNOWN: &[$name] = &[$($name::$variant),+];

            /// Case does not matter: sources differ (`maintenance`, `Maintenance`). What is not harmless is left out first, so
            /// that a code means the same when it is read again out of what was kept.
            pub fn parse(code: &str) -> Self {
                let code = harmless(code);
                $(if code.eq_ignore_ascii_case($code) { return Self::$variant; })+
                Self::Other(code)
            }

            pub fn as_str(&self) -> &str {
                match self { $(Self::$variant => $code,)+ Self::Other(code) => code }
            }
        }

        impl From<String> for $name {
            fn from(code: String) -> Self { Self::parse(&code) }
        }

        impl From<$name> for String {
            fn from(code: $name) -> String { code.as_str().to_owned() }
        }
    };
}

codes!(
    /// Hint code of an order that lives.
    PendingHint {
        OutstandingTransaction = "outstandingTransaction",
        NoClient = "noClient",
        Started = "started",
        UserMrtd = "userMrtd",
        UserCallConfirm = "userCallConfirm",
        UserSign = "userSign",
        Processing = "processing",
        UserStepUp = "userStepUp",
        UserFace = "userFace",
    }
);

impl PendingHint {
    /// Nobody's app has the order yet: code and start link are still of use. `noClient` is the same said later, of an order
    /// for a named person.
    pub const fn awaits_app(&self) -> bool {
        matches!(self, Self::OutstandingTransaction | Self::NoClient)
    }
}

codes!(
    /// Hint code of an order that failed.
    FailedHint {
        ExpiredTransaction = "expiredTransaction",
        CertificateErr = "certificateErr",
        UserCancel = "userCancel",
        Cancelled = "cancelled",
        StartFailed = "startFailed",
        UserDeclinedCall = "userDeclinedCall",
        NotSupportedByUserApp = "notSupportedByUserApp",
        TransactionRiskBlocked = "transactionRiskBlocked",
        MrtdVerificationFailed = "mrtdVerificationFailed",
        FacialRecognitionFailed = "facialRecognitionFailed",
        NfcNotSupportedByDevice = "nfcNotSupportedByDevice",
        MultipleBankIdsOnDevice = "multipleBankIdsOnDevice",
        StepUpFailed = "stepUpFailed",
    }
);

codes!(
    /// `errorCode` of an HTTP refusal.
    ErrorCode {
        AlreadyInProgress = "alreadyInProgress",
        InvalidParameters = "invalidParameters",
        Unauthorized = "unauthorized",
        NotFound = "notFound",
        MethodNotAllowed = "methodNotAllowed",
        RequestTimeout = "requestTimeout",
        UnsupportedMediaType = "unsupportedMediaType",
        InternalError = "internalError",
        Maintenance = "maintenance",
    }
);

impl ErrorCode {
    /// The code of a refusal, by its body where that is one. The details in it may name a person; only the code is kept.
    pub fn of_answer(status: u16, body: &[u8]) -> Self {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Refusal {
            error_code: String,
        }
        serde_json::from_slice::<Refusal>(body)
            .map_or_else(|_| Self::of_status(status), |refusal| Self::parse(&refusal.error_code))
    }

    /// For a refusal whose body is empty or not JSON.
    pub fn of_status(status: u16) -> Self {
        match status {
            401 | 403 => Self::Unauthorized,
            404 => Self::NotFound,
            405 => Self::MethodNotAllowed,
            408 => Self::RequestTimeout,
            415 => Self::UnsupportedMediaType,
            500 => Self::InternalError,
            503 => Self::Maintenance,
            other => Self::Other(other.to_string()),
        }
    }
}

/// A code from outside may go to logs: letters, digits and `_-.` only, no run of digits that could be a
/// personal number.
fn harmless(code: &str) -> String {
    let mut text: String =
        code.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')).take(64).collect();
    if text.chars().filter(char::is_ascii_digit).count() >= 6 {
        text.retain(|c| !c.is_ascii_digit());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_codes_round_trip_and_unknown_ones_survive() {
        for hint in FailedHint::KNOWN {
            assert_eq!(&FailedHint::parse(hint.as_str()), hint);
        }
        assert_eq!(PendingHint::parse("userMRTD"), PendingHint::UserMrtd);
        assert_eq!(ErrorCode::parse("Maintenance"), ErrorCode::Maintenance);
        assert_eq!(PendingHint::parse("userDances"), PendingHint::Other("userDances".into()));
        let json = serde_json::to_string(&FailedHint::parse("newCode")).unwrap();
        assert_eq!(serde_json::from_str::<FailedHint>(&json).unwrap(), FailedHint::Other("newCode".into()));
    }

    #[test]
    fn a_refusal_is_known_by_its_body_and_else_by_its_status() {
        let body = br#"{"errorCode":"Maintenance","details":"x"}"#;
        assert_eq!(ErrorCode::of_answer(400, body), ErrorCode::Maintenance);
        for body in ["", "<html>", "{\"errorCode\":7}"] {
            assert_eq!(ErrorCode::of_answer(401, body.as_bytes()), ErrorCode::Unauthorized, "{body}");
        }
    }

    #[test]
    fn a_hostile_code_is_made_harmless() {
        assert_eq!(FailedHint::parse("x\n<b>19121212-1212").as_str(), "xb-");
        assert_eq!(FailedHint::parse(&"a".repeat(1000)).as_str().len(), 64);
        // And means the same when it is read again out of a kept order.
        let hint = PendingHint::parse("\u{feff}userSign");
        assert_eq!(PendingHint::parse(hint.as_str()), hint);
    }
}
