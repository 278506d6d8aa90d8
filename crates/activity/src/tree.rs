//! The Merkle tree of RFC 6962 §2.1 over SHA-256: hashes, roots, and where hashes are read from.

mod frontier;
mod proof;

pub use frontier::Frontier;
pub use proof::{
    MAX_PROOF_LEN, ProofError, ProofRefused, consistency_proof, inclusion_proof, verify_consistency,
    verify_inclusion,
};

use crate::{Hash, sha256};

/// SHA-256(0x00 ‖ data).
pub fn leaf_hash(data: &[u8]) -> Hash {
    sha256(&[&[0], data])
}

/// SHA-256(0x01 ‖ left ‖ right).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[1], left, right])
}

/// The root of the tree without leaves: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    sha256(&[])
}

/// Where the hashes of a tree are read from: the store, its tiles, or memory.
pub trait HashReader {
    type Error;

    /// The hash of the complete subtree over the leaves `index`·2^`level` up to (`index` + 1)·2^`level`. Asked only
    /// for subtrees that lie wholly inside the tree.
    fn hash(&mut self, level: u8, index: u64) -> Result<Hash, Self::Error>;
}

/// The root of the tree's first `size` leaves.
pub fn root<R: HashReader>(reader: &mut R, size: u64) -> Result<Hash, R::Error> {
    if size == 0 { Ok(empty_root()) } else { range_root(reader, 0, size) }
}

/// MTH(D[from:to]) for a range that the recursion of RFC 6962 §2.1 reaches: `from` < `to`, and `from` is a multiple
/// of every power of two below the length. At most 64 deep.
fn range_root<R: HashReader>(reader: &mut R, from: u64, to: u64) -> Result<Hash, R::Error> {
    let len = to - from;
    if len.is_power_of_two() {
        let level = len.trailing_zeros();
        // A level is below 64.
        return reader.hash(u8::try_from(level).unwrap_or(u8::MAX), from >> level);
    }
    let middle = from + split(len);
    let left = range_root(reader, from, middle)?;
    Ok(node_hash(&left, &range_root(reader, middle, to)?))
}

/// The largest power of two smaller than `len`; `len` is at least 2.
fn split(len: u64) -> u64 {
    1 << (63 - (len - 1).leading_zeros())
}

/// A tree whose leaf hashes lie in memory.
#[derive(Debug, Clone, Copy)]
pub struct LeafHashes<'a>(pub &'a [Hash]);

/// A subtree was asked for that the tree does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the tree does not reach that far")]
pub struct OutsideTree;

impl HashReader for LeafHashes<'_> {
    type Error = OutsideTree;

    fn hash(&mut self, level: u8, index: u64) -> Result<Hash, OutsideTree> {
        let width = 1_u64.checked_shl(level.into()).ok_or(OutsideTree)?;
        let from = index.checked_mul(width).ok_or(OutsideTree)?;
        let to = from.checked_add(width).ok_or(OutsideTree)?;
        let range =
            usize::try_from(from).map_err(|_| OutsideTree)?..usize::try_from(to).map_err(|_| OutsideTree)?;
        complete_root(self.0.get(range).ok_or(OutsideTree)?).ok_or(OutsideTree)
    }
}

/// The root over a power of two of consecutive hashes; `None` for any other number.
pub(crate) fn complete_root(hashes: &[Hash]) -> Option<Hash> {
    if !hashes.len().is_power_of_two() {
        return None;
    }
    let mut row = hashes.to_vec();
    while row.len() > 1 {
        row = row.as_chunks::<2>().0.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    row.first().copied()
}
