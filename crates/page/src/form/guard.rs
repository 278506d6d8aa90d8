//! The two hidden fields of every form behind login: a token against forged requests, and the party the
//! form was made for, so that two tabs that act for different parties never mix.

use askama::Template;
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::PartyId;

use super::Answers;
use crate::{Problem, html_safe, problem::codes};

/// Sets these tokens apart from everything else that the same key authenticates.
const PURPOSE: &[u8] = b"behorig/form/v1\0";

/// The token of a session's forms for one party: a message authentication code over both. `mac` comes
/// from the keyring (HMAC-SHA-256); `session_key_hash` is the hash under which the store keeps the session.
pub fn token(mac: impl Fn(&[u8]) -> [u8; 32], session_key_hash: &[u8; 32], party: PartyId) -> String {
    let message = [PURPOSE, session_key_hash, party.as_bytes()].concat();
    URL_SAFE_NO_PAD.encode(mac(&message))
}

/// The names of the fields.
pub(crate) const CSRF: &str = "csrf";
pub(crate) const PARTY: &str = "party";
pub(crate) const KEEP: &str = "keep";

/// The hidden fields `csrf` and `party`; in a form that survives the session also `keep`.
#[derive(Clone, Template)]
#[template(
    ext = "html",
    source = r#"<input type="hidden" name="csrf" value="{{ token }}"><input type="hidden" name="party" value="{{ party }}">{% if let Some(keep) = keep %}<input type="hidden" name="keep" value="{{ keep }}">{% endif %}"#
)]
pub struct FormGuard {
    token: String,
    party: PartyId,
    keep: Option<&'static str>,
}
html_safe!(FormGuard);

/// Why a form is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuardRefused {
    /// No token, or not one of this session: forged, or from before the last login.
    Forged,
    /// A genuine form of this session, but made for another party than the session acts for now.
    OtherParty(PartyId),
}

/// Without a name to show; where the name may be shown, use [`Problem::wrong_party`].
impl From<GuardRefused> for Problem {
    fn from(refused: GuardRefused) -> Self {
        match refused {
            GuardRefused::Forged => Problem::of(&codes::FORGED),
            GuardRefused::OtherParty(_) => Problem::of(&codes::WRONG_PARTY),
        }
    }
}

impl FormGuard {
    pub fn new(mac: impl Fn(&[u8]) -> [u8; 32], session_key_hash: &[u8; 32], party: PartyId) -> Self {
        Self { token: token(mac, session_key_hash, party), party, keep: None }
    }

    /// What is typed in this form outlives the session: see `door::Filling`.
    pub fn surviving(mut self) -> Self {
        self.keep = Some("1");
        self
    }

    /// Checks what came back against the session and the party it acts for, in constant time.
    ///
    /// # Errors
    /// [`GuardRefused`]; nothing may be done then.
    pub fn check(
        mac: impl Fn(&[u8]) -> [u8; 32],
        session_key_hash: &[u8; 32],
        acting_for: PartyId,
        answers: &Answers,
    ) -> Result<(), GuardRefused> {
        let party: PartyId =
            answers.only(PARTY).and_then(|text| text.parse().ok()).ok_or(GuardRefused::Forged)?;
        let given = answers.only(CSRF).ok_or(GuardRefused::Forged)?;
        let expected = token(mac, session_key_hash, party);
        verify_slices_are_equal(given.as_bytes(), expected.as_bytes()).map_err(|_| GuardRefused::Forged)?;
        if party == acting_for { Ok(()) } else { Err(GuardRefused::OtherParty(party)) }
    }

    pub fn party(&self) -> PartyId {
        self.party
    }

    /// The value of the field `csrf`.
    pub fn token(&self) -> &str {
        &self.token
    }
}

/// The token is a secret of the session.
impl std::fmt::Debug for FormGuard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FormGuard").field("party", &self.party).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_lc_rs::hmac;

    fn mac(message: &[u8]) -> [u8; 32] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"a key of the tests");
        hmac::sign(&key, message).as_ref().try_into().unwrap()
    }

    const SESSION: [u8; 32] = [7; 32];
    const OURS: PartyId = PartyId::from_bytes([1; 16]);
    const OTHER: PartyId = PartyId::from_bytes([2; 16]);

    fn posted(guard: &FormGuard) -> Answers {
        Answers::empty().with("csrf", guard.token()).with("party", guard.party().to_string())
    }

    #[test]
    fn a_form_of_this_session_and_party_passes() {
        let guard = FormGuard::new(mac, &SESSION, OURS);
        assert_eq!(FormGuard::check(mac, &SESSION, OURS, &posted(&guard)), Ok(()));
        assert!(!format!("{guard:?}").contains(guard.token()));
    }

    #[test]
    fn a_form_for_another_party_is_told_from_a_forged_one() {
        let guard = FormGuard::new(mac, &SESSION, OTHER);
        assert_eq!(
            FormGuard::check(mac, &SESSION, OURS, &posted(&guard)),
            Err(GuardRefused::OtherParty(OTHER))
        );
        // The token of one party does not carry another.
        let swapped = Answers::empty().with("csrf", guard.token()).with("party", OURS.to_string());
        assert_eq!(FormGuard::check(mac, &SESSION, OURS, &swapped), Err(GuardRefused::Forged));
    }

    #[test]
    fn what_is_missing_doubled_or_of_another_session_is_forged() {
        let guard = FormGuard::new(mac, &SESSION, OURS);
        let good = posted(&guard);
        for bad in [
            Answers::empty(),
            Answers::empty().with("csrf", guard.token()),
            Answers::empty().with("party", OURS.to_string()),
            Answers::empty().with("csrf", "").with("party", OURS.to_string()),
            Answers::empty().with("csrf", guard.token()).with("party", "x"),
            good.clone().with("csrf", guard.token()),
            good.clone().with("party", OTHER.to_string()),
        ] {
            assert_eq!(FormGuard::check(mac, &SESSION, OURS, &bad), Err(GuardRefused::Forged), "{bad:?}");
        }
        assert_eq!(FormGuard::check(mac, &[8; 32], OURS, &good), Err(GuardRefused::Forged));
    }
}
