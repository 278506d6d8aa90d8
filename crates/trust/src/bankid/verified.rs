//! A signature that has passed every check. There is no other way to one of these than [`super::verify`]: whoever
//! holds it holds the proof.

use super::Operation;
use domain::Instant;
use ident::PersonalNumber;
use std::fmt;

/// Who signed what, when, by which means.
pub struct Verified {
    pub(super) personal_number: PersonalNumber,
    pub(super) given_name: String,
    pub(super) surname: String,
    pub(super) display_name: String,
    pub(super) signed_at: Instant,
    pub(super) certificate_serial: String,
    pub(super) policy: String,
    pub(super) root_fingerprint: [u8; 32],
    pub(super) operation: Operation,
    pub(super) visible: Option<Vec<u8>>,
    pub(super) non_visible: Option<Vec<u8>>,
    pub(super) relying_party: String,
    pub(super) nonce: Vec<u8>,
}

impl Verified {
    pub fn personal_number(&self) -> &PersonalNumber {
        &self.personal_number
    }

    /// As in the person's certificate, which the bank wrote when it was issued. Empty for a person with one name.
    pub fn given_name(&self) -> &str {
        &self.given_name
    }

    /// Empty for a person with one name.
    pub fn surname(&self) -> &str {
        &self.surname
    }

    /// The whole name as the bank writes it (common name of the certificate).
    pub fn display_name(&self) -> &str {
        &self.display_name
    }

    /// When the person signed, by the OCSP responder's clock (`producedAt`, whole seconds, UTC).
    pub fn signed_at(&self) -> Instant {
        self.signed_at
    }

    /// Serial number of the person's certificate, lower-case hexadecimal.
    pub fn certificate_serial(&self) -> &str {
        &self.certificate_serial
    }

    /// The certificate policy that was accepted, a dotted OID: which type of BankID it was.
    pub fn policy(&self) -> &str {
        &self.policy
    }

    /// SHA-256 over the DER of the root that it leads to.
    pub fn root_fingerprint(&self) -> &[u8; 32] {
        &self.root_fingerprint
    }

    pub fn operation(&self) -> Operation {
        self.operation
    }

    /// The text that was shown, equal to the one expected.
    pub fn visible(&self) -> Option<&[u8]> {
        self.visible.as_deref()
    }

    /// The bytes that were signed unseen, equal to those expected.
    pub fn non_visible(&self) -> Option<&[u8]> {
        self.non_visible.as_deref()
    }

    /// The subject of the relying-party certificate that the order was made with (`srvInfo/name`).
    pub fn relying_party(&self) -> &str {
        &self.relying_party
    }

    /// BankID's own nonce of the order (`srvInfo/nonce`).
    pub fn nonce(&self) -> &[u8] {
        &self.nonce
    }
}

/// Nothing about the person or the text.
impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verified")
            .field("operation", &self.operation)
            .field("signed_at", &self.signed_at)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
