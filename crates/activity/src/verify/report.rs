//! The verifier's answer.

use domain::Seq;
use std::fmt;

use super::Finding;
use crate::checkpoint::Checkpoint;

/// How many findings are listed; the rest is counted.
pub const MAX_FINDINGS: usize = 1000;

/// What was read and what is wrong with it. The log is sound if and only if [`Report::is_sound`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub findings: Vec<Finding>,
    /// Findings beyond [`MAX_FINDINGS`].
    pub more: u64,
    /// Leaves in the tree.
    pub size: u64,
    /// Records that were read, those in the queue included.
    pub records: u64,
    /// Records in the queue.
    pub waiting: u64,
    pub head: Seq,
    /// The latest checkpoint, where its signature is good.
    pub checkpoint: Option<Checkpoint>,
}

impl Report {
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty() && self.more == 0
    }

    pub(super) fn add(&mut self, finding: Finding) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        } else {
            self.more += 1;
        }
    }
}

/// One finding per line, its word for programs first; then what was read.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for finding in &self.findings {
            writeln!(f, "{}: {finding}", finding.code())?;
        }
        if self.more > 0 {
            writeln!(f, "and {} more", self.more)?;
        }
        writeln!(
            f,
            "{} records read: {} in the log, {} waiting; changes 1 to {}",
            self.records, self.size, self.waiting, self.head
        )?;
        match &self.checkpoint {
            Some(checkpoint) => writeln!(f, "signed checkpoint: {checkpoint}")?,
            None => writeln!(f, "no signed checkpoint")?,
        }
        f.write_str(if self.is_sound() { "the log is sound" } else { "the log is NOT sound" })
    }
}
