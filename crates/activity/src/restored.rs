//! What the log itself says of a restore (*återläsning*): from how far it goes on, and what was lost.
//!
//! An older copy that was restored is a prefix of what outsiders have seen. It must not be taken for a log that somebody has
//! cut, nor may a cut log pass for a restored one: the restore is a record, with the tree it went on from and as much as was
//! known of the lost part. Each life of the log signs with keys of its own, so that a checkpoint tells of which it is.

use domain::Instant;
use std::collections::BTreeMap;

use crate::{Hash, Record, hex};

/// The event of a restore's record.
pub const RESTORED: &str = "installation.restored";
/// The event of a key's turning, and the details by which that of a log's key is known.
pub const KEY_TURNED: &str = "key.turned";
const PURPOSE: &str = "purpose";
const CHECKPOINT: &str = "checkpoint";
/// The public half of a log's key in hexadecimal, wherever a record tells of one.
pub const PUBLIC: &str = "public";

/// A restore, as its record tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    pub at: Instant,
    /// The epoch that began.
    pub epoch: u64,
    /// When the backup was taken, as RFC 3339.
    pub made: String,
    /// The tree that the backup holds: whatever was logged after it is not in the log any more.
    pub size: u64,
    pub root: Hash,
    /// The furthest tree of the lost life that was known at the restore. `None`: nobody knew more than the backup.
    pub lost: Option<(u64, Hash)>,
    /// The key that the new life begins to sign with.
    pub key: [u8; 32],
}

impl Restored {
    /// The details of its record.
    pub fn detail(&self) -> BTreeMap<String, String> {
        let mut detail = BTreeMap::from([
            ("epoch".to_owned(), self.epoch.to_string()),
            ("made".to_owned(), self.made.clone()),
            ("size".to_owned(), self.size.to_string()),
            ("root".to_owned(), hex::encode(&self.root)),
            (PUBLIC.to_owned(), hex::encode(&self.key)),
        ]);
        if let Some((size, root)) = &self.lost {
            detail.insert("lost_size".to_owned(), size.to_string());
            detail.insert("lost_root".to_owned(), hex::encode(root));
        }
        detail
    }

    /// Out of its record; `None` if the record tells of something else.
    pub fn of(record: &Record) -> Option<Restored> {
        if record.event != RESTORED {
            return None;
        }
        let said = |name: &str| record.detail.get(name);
        let number = |name: &str| said(name).and_then(|text| crate::decimal(text));
        let hash = |name: &str| said(name).and_then(|text| hex::decode32(text));
        let lost = match (number("lost_size"), hash("lost_root")) {
            (Some(size), Some(root)) => Some((size, root)),
            _ => None,
        };
        Some(Restored {
            at: record.at,
            epoch: number("epoch")?,
            made: said("made")?.clone(),
            size: number("size")?,
            root: hash("root")?,
            lost,
            key: hash(PUBLIC)?,
        })
    }
}

/// The lives of a log: its restores, and where the keys of each began.
#[derive(Debug, Clone, Default)]
pub struct Lives {
    restores: Vec<(u64, Restored)>,
    keys: Vec<(u64, [u8; 32])>,
}

impl Lives {
    /// Takes up what a record at this position of the tree says of lives; most say nothing.
    pub fn read(&mut self, position: u64, record: &Record) {
        if let Some(restored) = Restored::of(record) {
            self.keys.push((position, restored.key));
            self.restores.push((position, restored));
        } else if record.event == KEY_TURNED
            && record.detail.get(PURPOSE).is_some_and(|purpose| purpose == CHECKPOINT)
            && let Some(key) = record.detail.get(PUBLIC).and_then(|text| hex::decode32(text))
        {
            self.keys.push((position, key));
        }
    }

    /// The restores with their positions.
    pub fn restores(&self) -> &[(u64, Restored)] {
        &self.restores
    }

    /// The restore in which a tree of `size` leaves, signed by one of `signers`, was lost; `None` if no restore can be the
    /// reason that it is not part of this log.
    ///
    /// A restore explains nothing of its own life or a later one: whatever is signed by a key that came after it must be in
    /// the log. Nor does it explain more than it has said to be lost.
    pub fn lost(&self, size: u64, root: Option<&Hash>, signers: &[[u8; 32]]) -> Option<&Restored> {
        let since =
            self.keys.iter().filter(|(_, key)| signers.contains(key)).map(|(position, _)| *position).max();
        let explains = |restored: &Restored| {
            restored.size < size
                && restored.lost.is_none_or(|(most, lost)| {
                    size < most || size == most && root.is_none_or(|root| *root == lost)
                })
        };
        let later = self.restores.iter().filter(|(position, _)| since.is_none_or(|since| *position > since));
        later.map(|(_, restored)| restored).find(|restored| explains(restored))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RecordClass;

    fn restored(size: u64, lost: Option<(u64, Hash)>, key: u8) -> Restored {
        let made = "2026-01-15T12:00:00Z".to_owned();
        Restored { at: Instant::from_micros(7), epoch: 2, made, size, root: [1; 32], lost, key: [key; 32] }
    }

    fn record(event: &str, detail: BTreeMap<String, String>) -> Record {
        Record { detail, ..Record::new(&Zeros, Instant::from_micros(7), RecordClass::System, event) }
    }

    #[derive(Debug)]
    struct Zeros;

    impl domain::Entropy for Zeros {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(0);
        }
    }

    #[test]
    fn a_restore_is_read_as_it_was_told() {
        for lost in [None, Some((12, [9; 32]))] {
            let said = restored(5, lost, 3);
            assert_eq!(Restored::of(&record(RESTORED, said.detail())), Some(said.clone()));
            assert_eq!(Restored::of(&record("note.written", said.detail())), None);
        }
    }

    #[test]
    fn a_restore_explains_what_it_lost_and_nothing_else() {
        let mut lives = Lives::default();
        lives.read(6, &record(RESTORED, restored(5, Some((12, [9; 32])), 2).detail()));
        let turned = [(PURPOSE, CHECKPOINT.to_owned()), (PUBLIC, hex::encode(&[3; 32]))];
        let turned = turned.map(|(name, value)| (name.to_owned(), value));
        lives.read(9, &record(KEY_TURNED, turned.into()));
        let lost = |size, root: u8, key: u8| lives.lost(size, Some(&[root; 32]), &[[key; 32]]).is_some();
        // Of the first life: what the backup holds must be there, what came after it was lost, as far as was said.
        assert!(!lost(5, 0, 1) && lost(6, 0, 1) && lost(12, 9, 1));
        assert!(!lost(12, 8, 1), "not the tree that was said to be lost");
        assert!(!lost(13, 0, 1), "more than was said to be lost");
        // Of the second life, by the key it began with or one turned in it: nothing of it may be missing.
        assert!(!lost(8, 0, 2) && !lost(11, 0, 3));
        // A second restore explains what the second life lost.
        lives.read(20, &record(RESTORED, restored(10, None, 4).detail()));
        let lost = |size, key: u8| lives.lost(size, None, &[[key; 32]]).map(|restored| restored.size);
        assert_eq!((lost(8, 1), lost(15, 3), lost(15, 4)), (Some(5), Some(10), None));
    }
}
