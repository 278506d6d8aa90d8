//! The API's errors: HTTP status, `errorCode`, `details`.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::json;

/// Why a call was refused. `details` is for the relying party's log and never repeats what it sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    /// An order for the person is already open; both are aborted.
    AlreadyInProgress,
    InvalidParameters(String),
    NotFound,
    MethodNotAllowed,
    RequestTimeout,
    UnsupportedMediaType,
    InternalError,
    Maintenance,
    /// A code that no documentation knows: clients must survive it.
    Unknown,
}

impl ApiError {
    /// A field or body that the API does not accept.
    pub fn invalid(details: impl Into<String>) -> Self {
        Self::InvalidParameters(details.into())
    }

    pub fn code(&self) -> &'static str {
        match self {
            Self::AlreadyInProgress => "alreadyInProgress",
            Self::InvalidParameters(_) => "invalidParameters",
            Self::NotFound => "notFound",
            Self::MethodNotAllowed => "methodNotAllowed",
            Self::RequestTimeout => "requestTimeout",
            Self::UnsupportedMediaType => "unsupportedMediaType",
            Self::InternalError => "internalError",
            Self::Maintenance => "maintenance",
            Self::Unknown => "sandboxNewCode",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::AlreadyInProgress | Self::InvalidParameters(_) | Self::Unknown => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::InternalError => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Maintenance => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn details(&self) -> &str {
        match self {
            Self::InvalidParameters(details) => details,
            Self::AlreadyInProgress => "Order already in progress for pno",
            Self::NotFound => "No such method",
            Self::MethodNotAllowed => "Only POST is allowed",
            Self::RequestTimeout => "The request took too long to arrive",
            Self::UnsupportedMediaType => "Content-Type must be application/json without parameters",
            Self::InternalError => "Internal error",
            Self::Maintenance => "The service is being maintained",
            Self::Unknown => "A code invented by the sandbox",
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = Json(json!({"errorCode": self.code(), "details": self.details()}));
        let mut response = (self.status(), body).into_response();
        if self == Self::MethodNotAllowed {
            response.headers_mut().insert("allow", axum::http::HeaderValue::from_static("POST"));
        }
        response
    }
}
