//! Inclusion and consistency proofs: made as RFC 6962 §2.1.1–2.1.2 defines them, verified by the algorithms of
//! RFC 9162 §2.1.3.2 and §2.1.4.2, which share nothing with the making.

use super::{HashReader, empty_root, node_hash, range_root, split};
use crate::Hash;

/// No proof in a tree of at most 2⁶⁴ leaves is longer.
pub const MAX_PROOF_LEN: usize = 65;

/// The proof could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError<E> {
    #[error("the tree does not reach that far")]
    OutsideTree,
    #[error(transparent)]
    Read(E),
}

/// The proof does not show what it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofRefused {
    #[error("the tree does not reach that far")]
    OutsideTree,
    #[error("the proof has the wrong number of hashes")]
    Length,
    #[error("the proof leads to another root")]
    Root,
}

/// The hashes that lead from leaf `index` to the root of the first `size` leaves, the leaf's sibling first.
pub fn inclusion_proof<R: HashReader>(
    reader: &mut R,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, ProofError<R::Error>> {
    if index >= size {
        return Err(ProofError::OutsideTree);
    }
    let (mut from, mut to) = (0, size);
    let mut proof = Vec::new();
    while to - from > 1 {
        let middle = from + split(to - from);
        if index < middle {
            proof.push(range_root(reader, middle, to).map_err(ProofError::Read)?);
            to = middle;
        } else {
            proof.push(range_root(reader, from, middle).map_err(ProofError::Read)?);
            from = middle;
        }
    }
    proof.reverse();
    Ok(proof)
}

/// The hashes that show that the first `old` leaves are a prefix of the first `new`. Empty for `old` = 0 and for
/// `old` = `new`.
pub fn consistency_proof<R: HashReader>(
    reader: &mut R,
    old: u64,
    new: u64,
) -> Result<Vec<Hash>, ProofError<R::Error>> {
    if old > new {
        return Err(ProofError::OutsideTree);
    }
    let mut proof = Vec::new();
    if old == 0 {
        return Ok(proof);
    }
    let (mut from, mut to) = (0, new);
    // The old root itself is known to the verifier: it is left out while the walk keeps to the left edge.
    while to != old {
        let middle = from + split(to - from);
        if old <= middle {
            proof.push(range_root(reader, middle, to).map_err(ProofError::Read)?);
            to = middle;
        } else {
            proof.push(range_root(reader, from, middle).map_err(ProofError::Read)?);
            from = middle;
        }
    }
    if from > 0 {
        proof.push(range_root(reader, from, to).map_err(ProofError::Read)?);
    }
    proof.reverse();
    Ok(proof)
}

/// Whether `leaf_hash` is leaf `index` of the tree of `size` leaves with this root (RFC 9162 §2.1.3.2).
pub fn verify_inclusion(
    leaf_hash: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofRefused> {
    if index >= size {
        return Err(ProofRefused::OutsideTree);
    }
    let (mut node, mut last) = (index, size - 1);
    let mut hash = *leaf_hash;
    for sibling in proof {
        if last == 0 {
            return Err(ProofRefused::Length);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            climb(&mut node, &mut last);
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofRefused::Length);
    }
    if hash == *root { Ok(()) } else { Err(ProofRefused::Root) }
}

/// Whether the tree of `old` leaves is a prefix of the tree of `new` leaves (RFC 9162 §2.1.4.2). The empty tree is
/// a prefix of every tree, by an empty proof (C2SP tlog-witness).
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofRefused> {
    if old > new {
        return Err(ProofRefused::OutsideTree);
    }
    if old == 0 || old == new {
        let known = if old == 0 { empty_root() } else { *new_root };
        return match (proof.is_empty(), *old_root == known) {
            (false, _) => Err(ProofRefused::Length),
            (true, false) => Err(ProofRefused::Root),
            (true, true) => Ok(()),
        };
    }
    let mut path = proof.iter();
    // A complete old tree is a node of the new one: its root starts the path and is not in the proof.
    let start = if old.is_power_of_two() { old_root } else { path.next().ok_or(ProofRefused::Length)? };
    let (mut node, mut last) = (old - 1, new - 1);
    let complete = node.trailing_ones();
    node >>= complete;
    last >>= complete;
    let (mut old_hash, mut new_hash) = (*start, *start);
    for sibling in path {
        if last == 0 {
            return Err(ProofRefused::Length);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            climb(&mut node, &mut last);
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(ProofRefused::Length);
    }
    if old_hash == *old_root && new_hash == *new_root { Ok(()) } else { Err(ProofRefused::Root) }
}

/// Up past the levels at which the right edge has no sibling.
fn climb(node: &mut u64, last: &mut u64) {
    while *node & 1 == 0 && *node != 0 {
        *node >>= 1;
        *last >>= 1;
    }
}
