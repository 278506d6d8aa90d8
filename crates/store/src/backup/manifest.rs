//! What a backup says of itself.

use crate::migrate::Applied;
use domain::{Instant, Seq};
use serde::{Deserialize, Serialize};

/// The form of the file. A program reads its own and those before it.
pub(super) const FORMAT: u32 = 1;

/// What is in a backup and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The release that made it.
    pub release: String,
    /// When the snapshot was taken, in microseconds UTC by the machine's clock.
    pub made_at_micros: i64,
    /// The mark of the installation: demo, test or production.
    pub environment: String,
    /// The log's name.
    pub origin: String,
    pub epoch: u64,
    /// The last change in it.
    pub seq: Seq,
    /// The log's tree: leaves, and root in hexadecimal.
    pub log_size: u64,
    pub log_root: String,
    /// The migrations that its tables have had.
    pub steps: Vec<Step>,
    /// Its tables, in the order in which they lie in the file.
    pub parts: Vec<Part>,
}

/// One migration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub owner: String,
    pub number: u32,
    /// SHA-256 of its text, in hexadecimal.
    pub hash: String,
}

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    pub table: String,
    pub columns: Vec<String>,
    pub rows: u64,
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

impl Manifest {
    pub fn made_at(&self) -> Instant {
        Instant::from_micros(self.made_at_micros)
    }

    pub fn rows(&self) -> u64 {
        self.parts.iter().map(|part| part.rows).sum()
    }

    /// The steps as the store keeps them; `None` if a hash is none.
    pub(super) fn applied(&self) -> Option<Vec<Applied>> {
        let read = |step: &Step| {
            Some(Applied { owner: step.owner.clone(), number: step.number, hash: unhex(&step.hash)? })
        };
        self.steps.iter().map(read).collect()
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (place, pair) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
        *place = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}
