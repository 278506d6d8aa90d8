//! Older checkpoints of the store, compared as the tree grows past them: they narrow down where something was changed.
//!
//! Memory: those of one page; of what was compared, the first that is unlike and how far the log was sound before it.

use std::collections::BTreeMap;

use crate::{Hash, checkpoint::Checkpoint};

#[derive(Debug, Default)]
pub(super) struct Kept {
    expected: BTreeMap<u64, Hash>,
    /// The size of the first that the tree is unlike.
    first_unlike: Option<u64>,
    /// The largest size before that at which the tree was as signed.
    sound: u64,
    damaged_below: u64,
}

impl Kept {
    pub(super) fn expect(&mut self, checkpoint: Checkpoint) {
        self.expected.insert(checkpoint.size, checkpoint.root);
    }

    /// The tree has so many leaves now; `roots` gives its own root and that of the records.
    pub(super) fn meet(&mut self, size: u64, roots: impl FnOnce() -> (Hash, Hash)) {
        let Some(signed) = self.expected.remove(&size) else { return };
        let (tree, records) = roots();
        if tree != signed {
            self.first_unlike.get_or_insert(size);
            if records == signed {
                self.damaged_below = size;
            }
        } else if self.first_unlike.is_none() {
            self.sound = size;
        }
    }

    pub(super) fn first_unlike(&self) -> Option<u64> {
        self.first_unlike
    }

    /// How far the log is sound, as far as that says something about a tree of `size` leaves that is not.
    pub(super) fn sound_before(&self, size: u64) -> u64 {
        if self.sound < size { self.sound } else { 0 }
    }

    pub(super) fn damaged_below(&self) -> u64 {
        self.damaged_below
    }
}
