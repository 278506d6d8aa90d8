//! Proof key for code exchange (RFC 7636): S256 only, `plain` never.

use crate::Fault;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// SHA-256 of the verifier that only the client knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge(String);

impl Challenge {
    /// # Errors
    /// `invalid_request` for anything but 43 characters of base64url under `S256`.
    pub fn parse(challenge: Option<&str>, method: Option<&str>) -> Result<Self, Fault> {
        let Some(text) = challenge else {
            return Err(Fault::request("code_challenge is missing: every client sends one (PKCE, S256)."));
        };
        if method != Some("S256") {
            return Err(Fault::request("code_challenge_method must be S256."));
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
        if text.len() == 43 && bytes.len() == 32 {
            Ok(Self(text.to_owned()))
        } else {
            Err(Fault::request("code_challenge must be 43 characters of base64url: SHA-256 of the verifier."))
        }
    }

    /// Whether `verifier` is the one; of 43 to 128 unreserved characters (RFC 7636 §4.1). In constant time.
    pub fn is_met_by(&self, verifier: &str) -> bool {
        let formed = (43..=128).contains(&verifier.len())
            && verifier.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
        let own = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        formed && verify_slices_are_equal(own.as_bytes(), self.0.as_bytes()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636, appendix B.
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_standard_holds() {
        let challenge = Challenge::parse(Some(CHALLENGE), Some("S256")).unwrap();
        assert!(challenge.is_met_by(VERIFIER));
        assert!(!challenge.is_met_by(CHALLENGE));
        assert!(!challenge.is_met_by(&VERIFIER[..42]));
    }

    #[test]
    fn plain_and_rubbish_are_refused() {
        for (challenge, method) in [
            (None, Some("S256")),
            (Some(CHALLENGE), None),
            (Some(CHALLENGE), Some("plain")),
            (Some(&CHALLENGE[..42]), Some("S256")),
            (Some("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM"), Some("S256")),
        ] {
            assert!(Challenge::parse(challenge, method).is_err(), "{challenge:?} {method:?}");
        }
    }
}
