//! The right edge of a growing tree: enough to append and to know the root, 64 hashes at most.

use super::{empty_root, node_hash};
use crate::Hash;

/// The roots of the complete subtrees that make up the tree, from the largest (left) to the smallest: a compact range.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

impl Frontier {
    /// The empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// From what was kept; `None` where the number of hashes does not fit the size.
    pub fn from_parts(size: u64, roots: Vec<Hash>) -> Option<Self> {
        (roots.len() == size.count_ones() as usize).then_some(Self { size, roots })
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The subtree roots, largest first; one for each bit that is set in the size.
    pub fn roots(&self) -> &[Hash] {
        &self.roots
    }

    /// Appends one leaf.
    pub fn push(&mut self, leaf_hash: Hash) {
        let mut hash = leaf_hash;
        // Each complete pair becomes one subtree, like the carry of an addition.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.roots.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// The root of the whole tree.
    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        match roots.next() {
            None => empty_root(),
            Some(smallest) => roots.fold(*smallest, |right, left| node_hash(left, &right)),
        }
    }
}
