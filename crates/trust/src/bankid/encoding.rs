//! Base64 (RFC 4648 §4), bounded: strict where bytes are compared, white space allowed where XML Signature allows it.

use super::Fault;
use base64::{Engine, engine::general_purpose::STANDARD};

/// Exactly the alphabet with its padding, at most `max` bytes in the end.
pub(super) fn base64_strict(text: &str, max: usize) -> Result<Vec<u8>, Fault> {
    if text.len() / 4 > max.div_ceil(3) {
        return Err(Fault::TooLarge);
    }
    STANDARD.decode(text).map_err(|_| Fault::Base64)
}

/// As `xsd:base64Binary`, in which lines may be broken: for values whose meaning is checked, not their writing.
/// The document that holds them is bounded.
pub(super) fn base64_loose(text: &str) -> Result<Vec<u8>, Fault> {
    let dense: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(dense).map_err(|_| Fault::Base64)
}
