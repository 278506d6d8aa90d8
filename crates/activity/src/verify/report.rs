//! The verifier's answer.

use domain::Seq;
use std::fmt;

use super::{CheckpointName, Finding};
use crate::{checkpoint::Checkpoint, restored::Restored};

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
    /// The restores that the log tells of, with their positions.
    pub restores: Vec<(u64, Restored)>,
    /// Saved checkpoints over what a restore has lost: genuine, and no fault of this log.
    pub lost: Vec<Lost>,
    /// The latest checkpoint, where its signature is good.
    pub checkpoint: Option<Checkpoint>,
}

/// A saved checkpoint of an earlier life of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    pub name: CheckpointName,
    /// Records that it covers.
    pub size: u64,
    pub restored: Restored,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, size, restored: Restored { at, size: kept, .. } } = self;
        write!(
            f,
            "{name} covers {size} records, of which those from position {kept} on were lost in the restore of {at}: it is \
             genuine, and the log goes on from {kept}"
        )
    }
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
        for (position, restored) in &self.restores {
            write!(
                f,
                "restored {} from the backup of {} (epoch {}, position {position}): the log goes on from {} records",
                restored.at, restored.made, restored.epoch, restored.size
            )?;
            match restored.lost {
                Some((size, _)) => writeln!(f, "; those up to {size} were lost")?,
                None => writeln!(f, "; how many were lost was not known")?,
            }
        }
        for lost in &self.lost {
            writeln!(f, "{lost}")?;
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
