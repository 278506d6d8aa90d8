//! The nouns and rules of the house: parties, facts, cases, calendar, terms.
//!
//! Nothing here reads a clock, a random source, a file or a network: time and randomness come in as
//! values or through [`Clock`] and [`Entropy`], so that a decision of any past day can be made again.

pub mod calendar;
pub mod case;
pub mod fact;
pub mod id;
pub mod level;
pub mod seq;
pub mod source;
pub mod time;

pub use fact::{Fact, FactVersion};
pub use id::{CaseId, FactId, MailId, OrderId, PartyId, RecordId, SessionId};
pub use level::Assurance;
pub use seq::{Freshness, Seq};
pub use source::{Clock, Entropy};
pub use time::Instant;
