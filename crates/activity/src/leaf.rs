//! What goes into the tree for a record: a commitment that reveals nothing once body and salt are erased.
//!
//! Leaf data = version (1 byte) ‖ class (1) ‖ UTC day (4, days since 1970-01-01, big-endian) ‖ SHA-256(salt ‖ body)
//! (32): 38 bytes. A plain hash would be personal data, since a body can be guessed; the salt is 256 random bits.

use domain::{Entropy, Instant};
use std::fmt;

use crate::{Hash, Record, RecordClass, sha256, tree};

/// The only version so far.
pub const LEAF_VERSION: u8 = 1;
/// Length of leaf data in bytes.
pub const LEAF_LEN: usize = 38;

/// A day in UTC, counted from 1970-01-01: as fine as the tree tells time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcDay(pub u32);

impl UtcDay {
    /// The day of an instant; 1970-01-01 for anything earlier.
    pub fn of(at: Instant) -> Self {
        Self(u32::try_from(at.seconds().div_euclid(86_400)).unwrap_or(0))
    }

    /// The first instant of the day.
    pub fn start(self) -> Instant {
        Instant::from_micros(i64::from(self.0) * 86_400_000_000)
    }
}

/// The day as in `2026-07-14`.
impl fmt::Display for UtcDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.start().to_string().split('T').next().unwrap_or_default())
    }
}

/// The data of a leaf; see the module for the form.
pub fn leaf_data(day: UtcDay, class: RecordClass, salt: &[u8; 32], body: &str) -> Vec<u8> {
    let mut data = Vec::with_capacity(LEAF_LEN);
    data.push(LEAF_VERSION);
    data.push(class_byte(class));
    data.extend_from_slice(&day.0.to_be_bytes());
    data.extend_from_slice(&sha256(&[salt, body.as_bytes()]));
    data
}

/// What the leaf tells of its record without body and salt: `None` where it is no leaf of this form.
pub fn read_leaf(data: &[u8]) -> Option<(UtcDay, RecordClass)> {
    let data: &[u8; LEAF_LEN] = data.try_into().ok()?;
    if data[0] != LEAF_VERSION {
        return None;
    }
    let class = RecordClass::ALL.into_iter().find(|class| class_byte(*class) == data[1])?;
    Some((UtcDay(u32::from_be_bytes([data[2], data[3], data[4], data[5]])), class))
}

/// A record made ready for the log: what the store keeps of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The record's canonical text.
    pub body: String,
    pub salt: [u8; 32],
    /// What goes into the tree.
    pub data: Vec<u8>,
    /// SHA-256(0x00 ‖ data), the hash at level 0 of the tree.
    pub hash: Hash,
}

impl Record {
    /// Canonical text, fresh salt, leaf data and leaf hash.
    pub fn to_leaf(&self, entropy: &dyn Entropy) -> Leaf {
        let mut salt = [0; 32];
        entropy.fill(&mut salt);
        let body = self.body();
        let data = leaf_data(UtcDay::of(self.at), self.class, &salt, &body);
        let hash = tree::leaf_hash(&data);
        Leaf { body, salt, data, hash }
    }
}

/// Never renumber: these bytes lie in the tree for good.
const fn class_byte(class: RecordClass) -> u8 {
    match class {
        RecordClass::Change => 1,
        RecordClass::Refusal => 2,
        RecordClass::Login => 3,
        RecordClass::Read => 4,
        RecordClass::Attempt => 5,
        RecordClass::System => 6,
    }
}
