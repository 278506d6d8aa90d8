//! What ties a completion to its order: the bytes that are signed but not shown (*userNonVisibleData*).
//!
//! A canonical JSON object (keys in alphabetical order, no white space) of order, browser session, purpose,
//! service, text and a nonce. The signed document itself then proves which session it belongs to, so that a
//! relayed or stolen completion opens nothing, and an identification cannot be passed off as a signature.

use serde::Serialize;

use crate::{
    order::{Asked, KeptPurpose},
    random,
};

#[derive(Serialize)]
struct Binding<'a> {
    browser: String,
    document: String,
    nonce: &'a str,
    order: String,
    purpose: &'static str,
    schema: &'static str,
    service: &'a str,
}

/// The bytes for what was asked, with `nonce` for the order at the provider.
pub(crate) fn bytes(asked: &Asked, nonce: &str) -> Vec<u8> {
    let binding = Binding {
        browser: asked.browser.hex(),
        document: random::sha256_hex(asked.text.as_bytes()),
        nonce,
        order: asked.id.to_string(),
        purpose: match asked.purpose {
            KeptPurpose::Login => "login",
            KeptPurpose::Signature { .. } => "signature",
        },
        schema: "behorig-order-1",
        service: &asked.service,
    };
    // Strings only: it cannot fail. If it ever did, empty bytes are refused when the order starts.
    serde_json::to_vec(&binding).unwrap_or_default()
}
