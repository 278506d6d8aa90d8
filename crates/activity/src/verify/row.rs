//! A record as the store keeps it: text, salt and leaf, the columns by which it is searched, and where it lies.

use domain::{Instant, PartyId, RecordId, Seq};
use std::fmt;

use crate::{Hash, Record, Reference, UtcDay, leaf_data, tree};

/// Where the store says that a record lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// At this position of the tree, from 0.
    At(u64),
    /// In the queue for it.
    Queue,
    /// In neither.
    Nowhere,
}

/// One row of the store's table of records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub place: Place,
    pub id: RecordId,
    pub at: Instant,
    pub event: String,
    pub actor: Option<PartyId>,
    pub party: Option<PartyId>,
    pub seq: Option<Seq>,
    pub reference: Reference,
    pub body: String,
    pub salt: [u8; 32],
    /// The leaf data as stored.
    pub leaf: Vec<u8>,
}

/// What a row says when its text is read and hashed again.
#[derive(Debug)]
pub(super) struct Read {
    pub record: Option<Record>,
    /// The leaf data that text and salt give.
    leaf: Vec<u8>,
    /// The leaf hash that they give; `None` where the text is no record.
    pub hash: Option<Hash>,
}

impl Row {
    pub(super) fn read(&self) -> Read {
        match Record::from_body(&self.body) {
            Ok(record) => {
                let leaf = leaf_data(UtcDay::of(record.at), record.class, &self.salt, &self.body);
                let hash = Some(tree::leaf_hash(&leaf));
                Read { record: Some(record), leaf, hash }
            }
            Err(_) => Read { record: None, leaf: Vec::new(), hash: None },
        }
    }

    /// The columns that say something else than the text: a search by them would miss the record, or find a wrong one.
    pub(super) fn lying_columns(&self, read: &Read) -> Vec<&'static str> {
        let Some(record) = &read.record else { return Vec::new() };
        [
            ("id", self.id == record.id),
            ("at", self.at == record.at),
            ("event", self.event == record.event),
            ("actor", self.actor == record.actor),
            ("party", self.party == record.party),
            ("seq", self.seq == record.seq),
            ("reference", self.reference == record.reference),
            ("leaf", self.leaf == read.leaf),
        ]
        .into_iter()
        .filter_map(|(column, same)| (!same).then_some(column))
        .collect()
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::At(position) => write!(f, "at position {position}"),
            Place::Queue => f.write_str("in the queue"),
            Place::Nowhere => f.write_str("outside the log"),
        }
    }
}
