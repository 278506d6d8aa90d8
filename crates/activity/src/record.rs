//! A record: one per act, allowed or refused (R-004-47), and its canonical text, which the tree commits to.
//!
//! Records hold random ids and salted commitments, never a personal number, a name or a contact: those lie in the
//! vault and can be erased. The five fields that patient data asks for (HSLF-FS 2016:40 4 kap. 9 §: action, unit,
//! time, user, whom it concerned) are `event`, `party`, `at`, `actor` and `object`.

mod canonical;

use domain::{Entropy, FactId, Instant, PartyId, RecordId, Seq};
use std::{collections::BTreeMap, fmt, str::FromStr};

use crate::Reference;

/// What kind of act it was; also the one thing besides the day that the tree itself tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordClass {
    /// A change of facts or catalogue; carries its `seq`.
    Change,
    /// Somebody was told no.
    Refusal,
    /// A login, at its end, whichever that was.
    Login,
    /// Protected data was read.
    Read,
    /// A failed attempt that never came as far as a decision.
    Attempt,
    /// The installation itself: start, key turned, catalogue checked, strangers counted.
    System,
}

/// Whose fault a failed login was (R-004-45).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultClass {
    /// The person cancelled, waited too long, or the method is not open to them.
    User,
    /// The e-ID or its issuer failed.
    Issuer,
    /// We failed.
    Us,
}

/// The decision behind an act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub allowed: bool,
    /// The permission that was asked for.
    pub permission: String,
    /// The codes of its reasons, in the decision's order.
    pub codes: Vec<String>,
    /// The facts it rested on, in the order of the chain.
    pub chain: Vec<FactId>,
    /// What was known when it was made.
    pub as_of: Seq,
    /// The catalogue by which it was made.
    pub catalogue: Seq,
}

/// One act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    pub id: RecordId,
    /// When, UTC.
    pub at: Instant,
    pub class: RecordClass,
    /// Dotted words, such as `mandate.given`.
    pub event: String,
    /// Who did it. `None`: nobody known, or the installation itself.
    pub actor: Option<PartyId>,
    /// For whom they acted.
    pub party: Option<PartyId>,
    /// What it was done to, by kind and id, such as `mandate:4f…`.
    pub object: Option<String>,
    /// The change's number; exactly one record has each.
    pub seq: Option<Seq>,
    pub decided: Option<Decided>,
    /// SHA-256 of each piece of evidence.
    pub evidence: Vec<[u8; 32]>,
    pub fault: Option<FaultClass>,
    pub reference: Reference,
    /// Short words and numbers. Never personal data.
    pub detail: BTreeMap<String, String>,
}

/// The text is not the body of a record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadRecord {
    #[error("not a record's body: {0}")]
    Form(String),
    /// It says the same as a record, in other bytes than ours.
    #[error("not the canonical text of a record")]
    NotCanonical,
}

impl Record {
    /// A record of nothing but that it happened; who, for whom and what are filled in with `..Record::new(…)`.
    pub fn new(entropy: &dyn Entropy, at: Instant, class: RecordClass, event: &str) -> Self {
        Self {
            id: RecordId::new(entropy),
            at,
            class,
            event: event.to_owned(),
            actor: None,
            party: None,
            object: None,
            seq: None,
            decided: None,
            evidence: Vec::new(),
            fault: None,
            reference: Reference::new(entropy),
            detail: BTreeMap::new(),
        }
    }

    /// Canonical JSON: keys sorted, no spaces, absent things left out, times as RFC 3339 in UTC. The same record
    /// always gives the same bytes (years -9999 to 9999).
    pub fn body(&self) -> String {
        canonical::write(self)
    }

    /// Reads what [`Record::body`] wrote, and nothing else.
    pub fn from_body(text: &str) -> Result<Record, BadRecord> {
        canonical::read(text)
    }
}

impl RecordClass {
    pub const ALL: [RecordClass; 6] =
        [Self::Change, Self::Refusal, Self::Login, Self::Read, Self::Attempt, Self::System];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::Refusal => "refusal",
            Self::Login => "login",
            Self::Read => "read",
            Self::Attempt => "attempt",
            Self::System => "system",
        }
    }
}

impl FaultClass {
    pub const ALL: [FaultClass; 3] = [Self::User, Self::Issuer, Self::Us];

    pub const fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Issuer => "issuer",
            Self::Us => "us",
        }
    }
}

impl FromStr for RecordClass {
    type Err = BadRecord;
    fn from_str(word: &str) -> Result<Self, BadRecord> {
        Self::ALL.into_iter().find(|c| c.word() == word).ok_or(BadRecord::Form("unknown class".to_owned()))
    }
}

impl FromStr for FaultClass {
    type Err = BadRecord;
    fn from_str(word: &str) -> Result<Self, BadRecord> {
        Self::ALL
            .into_iter()
            .find(|c| c.word() == word)
            .ok_or(BadRecord::Form("unknown fault class".to_owned()))
    }
}

impl fmt::Display for RecordClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl fmt::Display for FaultClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
