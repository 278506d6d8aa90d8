//! What can be wrong with a log, each with a word for programs and a sentence for people.

use domain::{Instant, RecordId, Seq};
use std::{fmt, time::Duration};

use super::{Place, Row};

/// Which checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckpointName {
    /// The latest in the store.
    Latest,
    /// An older one in the store, by the size that it is over.
    Kept(u64),
    /// One that was saved earlier, by its file's name.
    Saved(String),
}

/// Which record, and when it says that it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    pub id: RecordId,
    pub at: Instant,
}

impl Named {
    pub(super) fn of(row: &Row) -> Self {
        Self { id: row.id, at: row.at }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The text or salt of a record is not what the tree committed to.
    Altered { record: Named, place: Place },
    /// The tree has a leaf here and the store no record; the one before it was made at `after`.
    Missing { position: u64, after: Option<Instant> },
    /// A record lies at another position than its leaf.
    Moved { record: Named, position: u64, belongs: u64 },
    /// A record that the tree does not know.
    Inserted { record: Named, place: Place },
    /// A record that was kept, and neither has its place in the tree nor waits for it.
    Unlogged { record: Named },
    /// The tree's own hash is damaged; the record is the one that was signed.
    TreeHash { record: Named, position: u64 },
    /// A column by which records are searched says something else than the record.
    Column { record: Named, place: Place, column: &'static str },
    /// It states a time well before that of a record before it.
    BackDated { record: Named, position: u64, after: Instant },
    /// It states a time that has not come.
    FromTheFuture { record: Named, position: u64 },
    /// The tree is not the one that was signed. Up to `sound` it is, by a checkpoint.
    Root { name: CheckpointName, size: u64, sound: u64 },
    /// The tree is sound by the latest checkpoint and not by one that was saved earlier: it was written and signed anew.
    Rebuilt { name: CheckpointName, size: u64, sound: u64 },
    /// The tree is shorter than what was signed.
    Shorter { name: CheckpointName, signed: u64, found: u64 },
    /// The tree does not have as many leaves as the store states.
    Size { stated: u64, found: u64 },
    /// A checkpoint does not count: its form or its signature.
    Checkpoint { name: CheckpointName, why: String },
    /// There are records and no signed checkpoint.
    NoCheckpoint,
    /// A saved checkpoint is that of another log.
    OtherLog { name: CheckpointName, origin: String, expected: String },
    /// Changes without a record, `from` and `to` included.
    SeqMissing { from: Seq, to: Seq },
    /// A second record of the same change.
    SeqTwice { record: Named, place: Place, seq: Seq },
    /// A record of a change that was never made.
    SeqBeyondHead { seq: Seq, head: Seq },
    /// A restore states a tree that it went on from, and the log does not begin with it.
    Restored { position: u64, size: u64 },
    /// It has waited too long for its place in the tree.
    Waiting { record: Named, age: Duration },
    /// It is in the tree and has waited too long for a signed checkpoint; others behind it may as well.
    Unsigned { record: Named, position: u64, age: Duration },
}

impl Finding {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Altered { .. } => "altered",
            Self::Missing { .. } => "missing",
            Self::Moved { .. } => "moved",
            Self::Inserted { .. } => "inserted",
            Self::Unlogged { .. } => "unlogged",
            Self::TreeHash { .. } => "tree_hash",
            Self::Column { .. } => "column",
            Self::BackDated { .. } => "back_dated",
            Self::FromTheFuture { .. } => "from_the_future",
            Self::Root { .. } => "root",
            Self::Rebuilt { .. } => "rebuilt",
            Self::Shorter { .. } => "shorter",
            Self::Size { .. } => "size",
            Self::Checkpoint { .. } => "checkpoint",
            Self::NoCheckpoint => "no_checkpoint",
            Self::OtherLog { .. } => "other_log",
            Self::SeqMissing { .. } => "seq_missing",
            Self::SeqTwice { .. } => "seq_twice",
            Self::SeqBeyondHead { .. } => "seq_beyond_head",
            Self::Restored { .. } => "restored",
            Self::Waiting { .. } => "waiting",
            Self::Unsigned { .. } => "unsigned",
        }
    }

    /// The record that it is about.
    pub fn record(&self) -> Option<RecordId> {
        match self {
            Self::Altered { record, .. }
            | Self::Moved { record, .. }
            | Self::Inserted { record, .. }
            | Self::Unlogged { record }
            | Self::TreeHash { record, .. }
            | Self::Column { record, .. }
            | Self::BackDated { record, .. }
            | Self::FromTheFuture { record, .. }
            | Self::SeqTwice { record, .. }
            | Self::Waiting { record, .. }
            | Self::Unsigned { record, .. } => Some(record.id),
            _ => None,
        }
    }

    /// The position in the tree that it is about.
    pub fn position(&self) -> Option<u64> {
        match self {
            Self::Missing { position, .. }
            | Self::Moved { position, .. }
            | Self::TreeHash { position, .. }
            | Self::BackDated { position, .. }
            | Self::FromTheFuture { position, .. }
            | Self::Restored { position, .. }
            | Self::Unsigned { position, .. } => Some(*position),
            Self::Altered { place: Place::At(position), .. }
            | Self::Inserted { place: Place::At(position), .. }
            | Self::Column { place: Place::At(position), .. }
            | Self::SeqTwice { place: Place::At(position), .. } => Some(*position),
            _ => None,
        }
    }
}

impl fmt::Display for CheckpointName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Latest => f.write_str("the latest checkpoint"),
            Self::Kept(size) => write!(f, "an older checkpoint in the store ({size})"),
            Self::Saved(name) => write!(f, "the saved checkpoint {name}"),
        }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "record {} of {}", self.id, self.at)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Altered { record, place } => {
                write!(f, "{record} {place} was altered: its text is not the one that was logged")
            }
            Self::Missing { position, after: None } => {
                write!(f, "the record at position {position} is missing")
            }
            Self::Missing { position, after: Some(after) } => {
                write!(
                    f,
                    "the record at position {position} is missing; those before it were made by {after}"
                )
            }
            Self::Moved { record, position, belongs } => {
                write!(
                    f,
                    "{record} was moved: it is stored at position {position} and was logged at {belongs}"
                )
            }
            Self::Inserted { record, place } => {
                write!(f, "{record} {place} was put in: it was never logged there")
            }
            Self::Unlogged { record } => {
                write!(f, "{record} never reached the log: it has no place in it and does not wait for one")
            }
            Self::TreeHash { record, position } => write!(
                f,
                "the tree's hash at position {position} is damaged; {record} there is the one that was signed"
            ),
            Self::Column { record, place, column } => write!(
                f,
                "the column `{column}` of {record} {place} was altered: the record itself says something else"
            ),
            Self::BackDated { record: Named { id, at }, position, after } => {
                write!(
                    f,
                    "record {id} at position {position} is back-dated: it says {at}, but stands behind {after}"
                )
            }
            Self::FromTheFuture { record: Named { id, at }, position } => {
                write!(f, "record {id} at position {position} states a time that has not come: {at}")
            }
            Self::Root { name, size, sound } => write!(
                f,
                "the log is not the one that was signed: {name} over {size} records has another root; something was \
                 changed from position {sound} on"
            ),
            Self::Rebuilt { name, size, sound } => write!(
                f,
                "the log was written anew and signed anew: {name} over {size} records has another root; something was \
                 changed from position {sound} on"
            ),
            Self::Shorter { name, signed, found } => {
                write!(f, "the log was cut: {name} covers {signed} records, {found} are left")
            }
            Self::Size { stated, found } => {
                write!(f, "the store states a tree of {stated} records, but {found} are found")
            }
            Self::Checkpoint { name, why } => write!(f, "{name} does not count: {why}"),
            Self::NoCheckpoint => f.write_str("there is no signed checkpoint"),
            Self::OtherLog { name, origin, expected } => {
                write!(f, "{name} belongs to another log: {origin}, not {expected}")
            }
            Self::SeqMissing { from, to } if from == to => write!(f, "change {from} has no record"),
            Self::SeqMissing { from, to } => write!(f, "changes {from} to {to} have no record"),
            Self::SeqTwice { record, place, seq } => {
                write!(f, "{record} {place} is a second record of change {seq}")
            }
            Self::SeqBeyondHead { seq, head } => {
                write!(f, "there is a record of change {seq}, but the last change is {head}")
            }
            Self::Restored { position, size } => write!(
                f,
                "the restore at position {position} says that it went on from {size} records, which the log does not begin with"
            ),
            Self::Waiting { record, age } => {
                write!(f, "{record} has waited {} s for its place in the log", age.as_secs())
            }
            Self::Unsigned { record, position, age } => write!(
                f,
                "{record} at position {position} has waited {} s for a signed checkpoint",
                age.as_secs()
            ),
        }
    }
}
