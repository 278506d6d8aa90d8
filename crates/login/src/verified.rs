//! What a person has proven, and the proof. **No session opens without verified evidence**: these types have
//! private fields and no constructor; only the method's verification makes them. See [`VerifiedLogin`].

use domain::{Assurance, Instant, OrderId};
use ident::PersonalNumber;
use std::fmt;

use crate::browser::BrowserHash;

/// The evidence, byte for byte as received. It can be verified again, offline, by anybody who has the roots.
#[derive(Clone, PartialEq, Eq)]
pub struct Evidence {
    pub(crate) answer: Vec<u8>,
    pub(crate) signature: String,
    pub(crate) ocsp: String,
}

impl Evidence {
    /// The provider's whole answer: for BankID the body of `/collect`, JSON with `completionData`.
    pub fn answer(&self) -> &[u8] {
        &self.answer
    }

    /// The signature, base64 of an XML document.
    pub fn signature(&self) -> &str {
        &self.signature
    }

    /// The status answer for the person's certificate, base64 of DER (RFC 6960).
    pub fn ocsp(&self) -> &str {
        &self.ocsp
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence").field("bytes", &self.answer.len()).finish_non_exhaustive()
    }
}

/// Our own verification of the evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// When we verified, by our clock, UTC.
    pub verified_at: Instant,
    /// SHA-256 of the root (DER) that the person's certificate led to.
    pub root_fingerprint: [u8; 32],
}

/// Whether the app's network address is the browser's. A signal, not a proof: mobile networks and dual stack
/// differ without ill intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressMatch {
    Same,
    Different,
    Unknown,
}

/// What login and signature have in common.
pub(crate) struct Proven {
    pub(crate) method: &'static str,
    pub(crate) personal_number: PersonalNumber,
    pub(crate) given_name: String,
    pub(crate) surname: String,
    pub(crate) assurance: Assurance,
    pub(crate) authenticated_at: Instant,
    pub(crate) provider_reference: String,
    pub(crate) order: OrderId,
    pub(crate) browser: BrowserHash,
    pub(crate) address: AddressMatch,
    pub(crate) evidence: Evidence,
    pub(crate) verdict: Verdict,
}

macro_rules! proven {
    ($name:ident) => {
        impl $name {
            /// The stable id of the method, `bankid`.
            pub fn method(&self) -> &'static str {
                self.0.method
            }

            /// The person, from the verified certificate.
            pub fn personal_number(&self) -> &PersonalNumber {
                &self.0.personal_number
            }

            /// From the verified certificate; never a key to anything.
            pub fn given_name(&self) -> &str {
                &self.0.given_name
            }

            /// From the verified certificate; never a key to anything.
            pub fn surname(&self) -> &str {
                &self.0.surname
            }

            pub fn assurance(&self) -> Assurance {
                self.0.assurance
            }

            /// When the person did it, by the issuer's time stamp, UTC.
            pub fn authenticated_at(&self) -> Instant {
                self.0.authenticated_at
            }

            /// The provider's order reference, for the record.
            pub fn provider_reference(&self) -> &str {
                &self.0.provider_reference
            }

            /// Our order.
            pub fn order(&self) -> OrderId {
                self.0.order
            }

            /// The browser session that started the order: the result is for it alone.
            pub fn browser(&self) -> &BrowserHash {
                &self.0.browser
            }

            pub fn address_match(&self) -> AddressMatch {
                self.0.address
            }

            pub fn evidence(&self) -> &Evidence {
                &self.0.evidence
            }

            pub fn verdict(&self) -> &Verdict {
                &self.0.verdict
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("method", &self.0.method)
                    .field("order", &self.0.order)
                    .field("verdict", &self.0.verdict)
                    .finish_non_exhaustive()
            }
        }
    };
}

/// A person has identified, and the evidence has been verified. The only thing a session is opened from.
///
/// Whoever has one may read it, and gets one from the method's verification alone:
///
/// ```
/// use login::{BrowserHash, Order, VerifiedLogin, bankid};
/// fn open(order: &Order, browser: &BrowserHash, answer: &bankid::Completed, rules: &bankid::Rules,
///         now: domain::Instant) -> Option<VerifiedLogin> {
///     bankid::verify_login(order, browser, answer, rules, now).ok()
/// }
/// fn who(login: VerifiedLogin) -> ident::PersonalNumber {
///     login.personal_number().clone()
/// }
/// ```
///
/// Nobody outside can build one from parts. The same functions with the verification taken away do not
/// compile:
///
/// ```compile_fail
/// use login::{BrowserHash, Order, VerifiedLogin, bankid};
/// fn open(order: &Order, browser: &BrowserHash, answer: &bankid::Completed, rules: &bankid::Rules,
///         now: domain::Instant) -> Option<VerifiedLogin> {
///     Some(VerifiedLogin(todo!()))
/// }
/// fn who(login: VerifiedLogin) -> ident::PersonalNumber {
///     login.personal_number().clone()
/// }
/// ```
///
/// It is neither copied, so that one login opens one session, nor read from a text that anybody could write:
///
/// ```
/// fn kept<T: serde::de::DeserializeOwned + Clone>() {}
/// kept::<login::Order>();
/// ```
///
/// ```compile_fail
/// fn kept<T: serde::de::DeserializeOwned>() {}
/// kept::<login::VerifiedLogin>();
/// ```
///
/// ```compile_fail
/// fn kept<T: Clone>() {}
/// kept::<login::VerifiedLogin>();
/// ```
///
/// ```compile_fail
/// fn kept<T: Default>() {}
/// kept::<login::VerifiedLogin>();
/// ```
///
/// A signature is no login:
///
/// ```compile_fail
/// fn who(signature: login::VerifiedSignature) -> login::VerifiedLogin {
///     signature
/// }
/// ```
pub struct VerifiedLogin(pub(crate) Proven);
proven!(VerifiedLogin);

/// The person who is logged in has signed a text, and the evidence has been verified.
///
/// ```
/// use login::{BrowserHash, Order, VerifiedSignature, bankid};
/// fn sign(order: &Order, browser: &BrowserHash, answer: &bankid::Completed, rules: &bankid::Rules,
///         now: domain::Instant) -> Option<VerifiedSignature> {
///     bankid::verify_signature(order, browser, answer, rules, now).ok()
/// }
/// ```
///
/// ```compile_fail
/// use login::{BrowserHash, Order, VerifiedSignature, bankid};
/// fn sign(order: &Order, browser: &BrowserHash, answer: &bankid::Completed, rules: &bankid::Rules,
///         now: domain::Instant) -> Option<VerifiedSignature> {
///     Some(VerifiedSignature(todo!(), todo!()))
/// }
/// ```
pub struct VerifiedSignature(pub(crate) Proven, pub(crate) Vec<u8>);
proven!(VerifiedSignature);

impl VerifiedSignature {
    /// The bytes that were shown and signed: those of the review page.
    pub fn signed_text(&self) -> &[u8] {
        &self.1
    }
}
