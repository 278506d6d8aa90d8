//! Swedish identity numbers: parse, check, redact. No I/O, no clock.
//!
//! A constructed value is the proof that the number is well formed; whether it belongs to somebody only a
//! register can say. Sources: folkbokföringslagen (1991:481) 18 § (personnummer), lagen (2022:1697) om
//! samordningsnummer, lagen (1974:174) om identitetsbeteckning för juridiska personer m.fl.

mod digits;
mod error;
mod organisation;
mod personal;

pub use error::IdentError;
pub use organisation::OrganisationNumber;
pub use personal::{PersonalNumber, PersonalNumberKind};
