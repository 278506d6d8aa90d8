//! A receipt (*kvitto*) for one record: C2SP tlog-proof, checked without the store and without us.
//!
//! What is checked, on one page: (1) the leaf commits to the body: SHA-256(salt ‖ body) is its last 32 bytes, and its
//! day and class are the body's; (2) SHA-256(0x00 ‖ leaf) leads by the proof's hashes to the checkpoint's root
//! (RFC 9162 §2.1.3.2); (3) the checkpoint is signed by a key that the reader trusts.
//!
//! The `extra` line holds body, leaf data and salt as JSON. It is not authenticated by the format, therefore (1).

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

use crate::{
    Hash, Leaf, Record, UtcDay,
    checkpoint::{Checkpoint, CheckpointRefused},
    leaf_data,
    note::VerifierKey,
    tree::{self, MAX_PROOF_LEN, ProofRefused},
};

/// What is read at most, in bytes.
pub const MAX_RECEIPT_LEN: usize = 1024 * 1024;
const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// A receipt as read or made. Nothing in it counts until [`Receipt::verify`] has said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The record's position in the log, from 0.
    pub index: u64,
    /// From the leaf's sibling up.
    pub proof: Vec<Hash>,
    /// The signed checkpoint, as it was published.
    pub checkpoint: String,
    pub salt: [u8; 32],
    pub leaf: Vec<u8>,
    pub body: String,
}

/// What a good receipt shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    pub record: Record,
    pub index: u64,
    pub checkpoint: Checkpoint,
}

/// The receipt shows nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptRefused {
    #[error("not a receipt: {0}")]
    Form(&'static str),
    #[error("the record was altered: its text is not what the leaf commits to")]
    Body,
    #[error("the record is not in the log that the checkpoint describes: {0}")]
    Proof(#[from] ProofRefused),
    #[error("the checkpoint: {0}")]
    Checkpoint(#[from] CheckpointRefused),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Extra {
    body: String,
    leaf: String,
    salt: String,
}

impl Receipt {
    /// A receipt for a leaf at `index`, by a proof towards the checkpoint's size.
    pub fn new(leaf: Leaf, index: u64, proof: Vec<Hash>, checkpoint: String) -> Self {
        Self { index, proof, checkpoint, salt: leaf.salt, leaf: leaf.data, body: leaf.body }
    }

    /// Checks body → leaf → root → checkpoint → key.
    pub fn verify(&self, keys: &[VerifierKey]) -> Result<Proven, ReceiptRefused> {
        let checkpoint = Checkpoint::open(&self.checkpoint, keys)?;
        let record = Record::from_body(&self.body).map_err(|_| ReceiptRefused::Body)?;
        if leaf_data(UtcDay::of(record.at), record.class, &self.salt, &self.body) != self.leaf {
            return Err(ReceiptRefused::Body);
        }
        let leaf = tree::leaf_hash(&self.leaf);
        tree::verify_inclusion(&leaf, self.index, checkpoint.size, &self.proof, &checkpoint.root)?;
        Ok(Proven { record, index: self.index, checkpoint })
    }
}

/// The file `*.tlog-proof`.
impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extra = Extra {
            body: self.body.clone(),
            leaf: crate::hex::encode(&self.leaf),
            salt: crate::hex::encode(&self.salt),
        };
        let extra = serde_json::to_string(&extra).map_err(|_| fmt::Error)?;
        writeln!(f, "{FIRST_LINE}\nextra {}\nindex {}", BASE64_STANDARD.encode(extra), self.index)?;
        for hash in &self.proof {
            writeln!(f, "{}", BASE64_STANDARD.encode(hash))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for Receipt {
    type Err = ReceiptRefused;
    fn from_str(file: &str) -> Result<Self, ReceiptRefused> {
        let form = ReceiptRefused::Form;
        if file.len() > MAX_RECEIPT_LEN {
            return Err(form("it is too long"));
        }
        let (head, checkpoint) = file.split_once("\n\n").ok_or(form("the checkpoint is missing"))?;
        let mut lines = head.split('\n');
        if lines.next() != Some(FIRST_LINE) {
            return Err(form("its first line is not c2sp.org/tlog-proof@v1"));
        }
        let extra =
            lines.next().and_then(|line| line.strip_prefix("extra ")).ok_or(form("the record is missing"))?;
        let extra = BASE64_STANDARD.decode(extra).map_err(|_| form("the record is not base64"))?;
        let extra: Extra = serde_json::from_slice(&extra).map_err(|_| form("the record is not readable"))?;
        let index = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .and_then(crate::decimal)
            .ok_or(form("the index is missing"))?;
        let mut proof = Vec::new();
        for line in lines {
            if proof.len() == MAX_PROOF_LEN {
                return Err(form("it has too many hashes"));
            }
            let hash = BASE64_STANDARD.decode(line).ok().and_then(|bytes| bytes.try_into().ok());
            proof.push(hash.ok_or(form("one of its hashes is not one"))?);
        }
        Ok(Self {
            index,
            proof,
            checkpoint: checkpoint.to_owned(),
            salt: crate::hex::decode32(&extra.salt).ok_or(form("the salt is not 64 hexadecimal digits"))?,
            leaf: crate::hex::decode(&extra.leaf).ok_or(form("the leaf is not hexadecimal"))?,
            body: extra.body,
        })
    }
}
