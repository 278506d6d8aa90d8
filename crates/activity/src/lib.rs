//! The activity log (*aktivitetslogg*): records, the Merkle tree over them, checkpoints, proofs, offline verifier.
//!
//! Every act leaves one record. The record's body stays erasable: the tree holds only a salted commitment to it
//! ([`leaf`]), so that erasing a body reveals nothing and breaks no proof. The tree is that of RFC 6962, its files
//! are those of C2SP (tlog-tiles, tlog-checkpoint, tlog-proof), so that tools we did not write can check it.
//!
//! Nothing here does I/O, reads a clock or holds a key: hashes come through a reader, signatures through a closure.

pub mod checkpoint;
mod hex;
pub mod leaf;
pub mod note;
pub mod receipt;
pub mod record;
pub mod reference;
pub mod restored;
pub mod tiles;
pub mod tree;
pub mod verify;

pub use checkpoint::{Checkpoint, CheckpointRefused};
pub use leaf::{Leaf, UtcDay, leaf_data};
pub use note::{SignedNote, VerifierKey, read_keys};
pub use receipt::{Proven, Receipt, ReceiptRefused};
pub use record::{BadRecord, Decided, FaultClass, Record, RecordClass};
pub use reference::{BadReference, Reference};

/// A SHA-256 hash.
pub type Hash = [u8; 32];

/// SHA-256 over the parts, one after the other.
pub(crate) fn sha256(parts: &[&[u8]]) -> Hash {
    let mut context = aws_lc_rs::digest::Context::new(&aws_lc_rs::digest::SHA256);
    for part in parts {
        context.update(part);
    }
    let mut hash = [0; 32];
    hash.copy_from_slice(context.finish().as_ref());
    hash
}

/// A decimal number without sign and leading zeroes, as C2SP writes sizes and indices.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}
