//! What a client is told when it asks wrongly: one of the registered codes, and a sentence for its developer's log.

use std::fmt;

/// Codes of RFC 6749 §4.1.2.1 and §5.2, RFC 9126, OpenID Connect Core §3.1.2.6, and OpenID's `unmet_authentication_requirements`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ErrorCode {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    InvalidScope,
    InvalidToken,
    InvalidRequestObject,
    InvalidRequestUri,
    UnauthorizedClient,
    UnsupportedGrantType,
    UnsupportedResponseType,
    RequestNotSupported,
    RegistrationNotSupported,
    AccessDenied,
    LoginRequired,
    InteractionRequired,
    UnmetAuthenticationRequirements,
    InsufficientScope,
    TemporarilyUnavailable,
    ServerError,
}

impl ErrorCode {
    /// The word that stands in the answer.
    pub const fn word(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidToken => "invalid_token",
            Self::InvalidRequestObject => "invalid_request_object",
            Self::InvalidRequestUri => "invalid_request_uri",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::RequestNotSupported => "request_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::AccessDenied => "access_denied",
            Self::LoginRequired => "login_required",
            Self::InteractionRequired => "interaction_required",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::InsufficientScope => "insufficient_scope",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::ServerError => "server_error",
        }
    }

    /// The status of HTTP that goes with it where the answer is no redirect.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidClient | Self::InvalidToken => 401,
            Self::InsufficientScope => 403,
            Self::TemporarilyUnavailable => 503,
            Self::ServerError => 500,
            _ => 400,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A refusal by protocol: the code, and what to do about it in English for a developer. Never holds what was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {says}")]
pub struct Fault {
    pub code: ErrorCode,
    pub says: &'static str,
}

impl Fault {
    pub const fn new(code: ErrorCode, says: &'static str) -> Self {
        Self { code, says }
    }

    pub(crate) const fn request(says: &'static str) -> Self {
        Self::new(ErrorCode::InvalidRequest, says)
    }
}
