//! Facts: all that gives or takes access.
//!
//! A fact is a list of versions, half-open on two axes: what we knew (`seq_from`..`seq_to`) and what held
//! (`valid_from`..`valid_to`, UTC). A change closes one version and adds one; nothing is overwritten, and state
//! is derived from facts, never stored beside them.

mod connection;
mod mandate;
mod method;

pub use connection::{AcceptanceWay, Connection, TermsAcceptance};
pub use mandate::{Mandate, MandateKind, Right, Rights};
pub use method::{Lock, MethodPhase, MethodPolicy, MethodState};

use crate::{FactId, Instant, PartyId, Seq};
use serde::{Deserialize, Serialize};

/// The id of a login method, such as `bankid`.
pub type MethodId = String;
/// The id of a service, the name of its catalogue file, such as `employer`.
pub type ServiceId = String;
/// The id of a permission or of a package of permissions, such as `employer.sickness_report.create`.
pub type PermissionId = String;
/// SHA-256 over the bytes of a piece of evidence.
pub type EvidenceHash = [u8; 32];

/// What a fact says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
// Not "kind": a mandate has a field of that name.
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    Connection(Connection),
    TermsAcceptance(TermsAcceptance),
    Mandate(Mandate),
    MethodState(MethodState),
    MethodPolicy(MethodPolicy),
    Lock(Lock),
}

/// One version of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactVersion {
    pub id: FactId,
    /// The change that brought this version.
    pub seq_from: Seq,
    /// The change that closed it; `None` while it is what we know.
    pub seq_to: Option<Seq>,
    /// First instant at which it holds.
    pub valid_from: Instant,
    /// First instant at which it no longer holds; `None` until further notice.
    pub valid_to: Option<Instant>,
    pub fact: Fact,
}

impl FactVersion {
    /// Whether this version is what we know after change `seq`.
    pub fn known_at(&self, seq: Seq) -> bool {
        self.seq_from <= seq && self.seq_to.is_none_or(|to| seq < to)
    }

    /// Whether what it says holds at `at`.
    pub fn holds_at(&self, at: Instant) -> bool {
        self.valid_from <= at && self.valid_to.is_none_or(|to| at < to)
    }
}

impl Fact {
    /// The party whose rights it bears on: the holder of a mandate, the locked party. `None` for the rest.
    pub fn subject(&self) -> Option<PartyId> {
        match self {
            Fact::Mandate(m) => Some(m.holder),
            Fact::Lock(l) => Some(l.party),
            _ => None,
        }
    }

    /// The party for whom it counts: the grantor of a mandate, the organisation of the rest.
    /// `None` where it counts for the whole installation.
    pub fn party(&self) -> Option<PartyId> {
        match self {
            Fact::Connection(c) => Some(c.organisation),
            Fact::TermsAcceptance(t) => Some(t.organisation),
            Fact::Mandate(m) => Some(m.grantor),
            Fact::MethodPolicy(p) => Some(p.organisation),
            Fact::Lock(l) => Some(l.party),
            Fact::MethodState(_) => None,
        }
    }

    /// The word under which the store files it.
    pub fn kind(&self) -> &'static str {
        match self {
            Fact::Connection(_) => "connection",
            Fact::TermsAcceptance(_) => "terms_acceptance",
            Fact::Mandate(_) => "mandate",
            Fact::MethodState(_) => "method_state",
            Fact::MethodPolicy(_) => "method_policy",
            Fact::Lock(_) => "lock",
        }
    }
}

/// 32 bytes as hexadecimal text in JSON.
pub(crate) mod hex32 {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bytes: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&bytes.iter().map(|b| format!("{b:02x}")).collect::<String>())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(from)?;
        parse(&text).ok_or_else(|| D::Error::custom("64 hexadecimal digits are expected"))
    }

    fn parse(text: &str) -> Option<[u8; 32]> {
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        let mut bytes = [0; 32];
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()?;
        }
        Some(bytes)
    }
}
