//! `seq` counts changes of facts and catalogue, nothing else: gap-free and in commit order.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The number of a change. 0 is the empty store.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seq(pub u64);

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A token of freshness: which history (`epoch`, raised by a restore) and how far into it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Freshness {
    pub epoch: u64,
    pub seq: Seq,
}
