//! Who are you? Identification and signature by Swedish e-IDs, one normalised and verified result.
//!
//! The methods lie behind one trait, [`Method`]; nothing above this room depends on which one was used. A
//! [`VerifiedLogin`] is the only thing that a session may be opened from, and only
//! [`bankid::verify_login`] makes one: after the provider's answer has been verified offline (signature,
//! chain, policy, OCSP, nonce) against configured anchors and against the order, the browser and the
//! purpose that it was made for. What a [`VerifiedLogin`] cannot be made from is shown there by tests that
//! must not compile.

pub mod bankid;
pub mod browser;
pub mod method;
pub mod order;
pub mod outcome;
pub mod pulse;
mod random;
pub mod secret;
pub mod text;
pub mod verified;

pub use browser::{Browser, BrowserHash, Device, ReturnAddress};
pub use method::{Answer, Completion, Method, Progress, StartRequest};
pub use order::{Order, Purpose};
pub use outcome::{Attention, Failure, FaultClass, Outcome, OutcomeCode, Retry};
pub use text::VisibleText;
pub use verified::{AddressMatch, Evidence, Verdict, VerifiedLogin, VerifiedSignature};
