//! The offline verifier: reads all that the store holds of the log and says by name what is wrong with it.
//!
//! What it holds against each other: each record's text and its leaf (salted commitment), the leaf and the tree's
//! hash at its position, the tree and the signed checkpoints (all in the store and any that was saved earlier), the
//! numbers of changes and 1..head, the times and the positions, the columns by which records are searched and what
//! the records themselves say (R-004-48: all are found, complete and unaltered).
//!
//! A log that goes on from a restored backup says so itself ([`crate::restored`]): a saved checkpoint over what was lost then
//! is named as such, and is no fault of the log.
//!
//! It does not show what never came to the log: a program that does not record leaves no trace here.
//!
//! Memory: some bytes per record that is wrong, up to a bound; none per record that is right.

mod displaced;
mod finding;
mod kept;
mod report;
mod row;
mod seqs;

pub use finding::{CheckpointName, Finding, Named};
pub use report::{Lost, MAX_FINDINGS, Report};
pub use row::{Place, Row};

use domain::{Instant, Seq};
use std::{collections::HashMap, time::Duration};

use crate::{
    Hash,
    checkpoint::{Checkpoint, CheckpointRefused},
    note::{NoteRefused, VerifierKey},
    restored::Lives,
    tree::Frontier,
};
use displaced::Displaced;
use kept::Kept;
use seqs::Seqs;

/// What the log is held against.
#[derive(Debug, Clone)]
pub struct Expected {
    /// The keys that are trusted: from a file, or the published ones.
    pub keys: Vec<VerifierKey>,
    /// The latest checkpoint in the store, as a signed note.
    pub latest: Option<String>,
    /// Checkpoints saved earlier, each with the name it goes by (a file name).
    pub saved: Vec<(String, String)>,
    /// The tree's size as the store states it.
    pub size: u64,
    /// The head of `seq`, read with the records.
    pub head: Seq,
    pub now: Instant,
    /// The sizes from which the log went on after a restore, as its records state them.
    pub restored: Vec<u64>,
    /// How long a record may wait for its place in the tree and for a signature over it.
    pub max_wait: Duration,
    /// How much earlier than a record before it a record may say it was made (nodes' clocks, order of commits).
    pub max_back: Duration,
}

impl Expected {
    /// With one minute's patience for waiting records and five for times that go backwards; no checkpoints yet.
    pub fn new(keys: Vec<VerifierKey>, size: u64, head: Seq, now: Instant) -> Self {
        let (max_wait, max_back) = (Duration::from_secs(60), Duration::from_secs(300));
        Self {
            keys,
            latest: None,
            saved: Vec::new(),
            size,
            head,
            now,
            restored: Vec::new(),
            max_wait,
            max_back,
        }
    }
}

/// The verifier at work: [`Verifier::page`] for the tree from position 0 on, [`Verifier::outside`] for the records
/// that have no position in it, then [`Verifier::finish`]. All of it must be read in one snapshot of the store.
#[derive(Debug)]
pub struct Verifier {
    expected: Expected,
    report: Report,
    checkpoints: Vec<Signed>,
    lives: Lives,
    /// Over the tree's own hashes, and over those that the records give.
    tree: Frontier,
    records: Frontier,
    /// The roots of both at the sizes of the checkpoints.
    roots: HashMap<u64, (Hash, Hash)>,
    /// Older checkpoints of the store, which tell more closely where something was changed.
    kept: Kept,
    displaced: Displaced,
    seqs: Seqs,
    latest_time: Option<Instant>,
    unsigned_seen: bool,
}

/// A checkpoint that counts, and the public keys that signed it.
#[derive(Debug)]
struct Signed {
    name: CheckpointName,
    checkpoint: Checkpoint,
    by: Vec<[u8; 32]>,
}

/// One call for all: the tree's leaf hashes with the records stored at their positions, page by page from position 0
/// on, and the records outside.
pub fn verify<'a>(
    expected: Expected,
    pages: impl IntoIterator<Item = (&'a [Hash], &'a [Row])>,
    outside: &[Row],
) -> Report {
    let mut verifier = Verifier::new(expected);
    for (leaf_hashes, rows) in pages {
        verifier.page(leaf_hashes, rows);
    }
    verifier.outside(outside);
    verifier.finish()
}

impl Verifier {
    pub fn new(mut expected: Expected) -> Self {
        let latest = expected.latest.take().map(|note| (CheckpointName::Latest, note));
        let saved = std::mem::take(&mut expected.saved);
        let saved = saved.into_iter().map(|(name, note)| (CheckpointName::Saved(name), note));
        let mut report = Report::default();
        if latest.is_none() && expected.size > 0 {
            report.add(Finding::NoCheckpoint);
        }
        let mut checkpoints: Vec<Signed> = Vec::new();
        for (name, note) in latest.into_iter().chain(saved) {
            match Checkpoint::open_signed(&note, &expected.keys) {
                Ok((checkpoint, by)) => checkpoints.push(Signed { name, checkpoint, by }),
                Err(why) => report.add(Finding::Checkpoint { name, why: why.to_string() }),
            }
        }
        if let Some(expected) = checkpoints.first().map(|first| first.checkpoint.origin.clone()) {
            checkpoints.retain(|other| {
                let same = other.checkpoint.origin == expected;
                if !same {
                    let (name, origin) = (other.name.clone(), other.checkpoint.origin.clone());
                    report.add(Finding::OtherLog { name, origin, expected: expected.clone() });
                }
                same
            });
        }
        report.checkpoint = checkpoints
            .iter()
            .find(|signed| signed.name == CheckpointName::Latest)
            .map(|signed| signed.checkpoint.clone());
        let mut verifier = Self {
            expected,
            report,
            checkpoints,
            lives: Lives::default(),
            tree: Frontier::new(),
            records: Frontier::new(),
            roots: HashMap::new(),
            kept: Kept::default(),
            displaced: Displaced::default(),
            seqs: Seqs::default(),
            latest_time: None,
            unsigned_seen: false,
        };
        verifier.note_roots();
        verifier
    }

    /// Older checkpoints of the store, each as a signed note with the size that the store keeps it by: given before the
    /// page of the tree in which that size lies, smaller ones first. One that no known key has signed tells nothing.
    pub fn kept(&mut self, notes: &[(u64, String)]) {
        let origin = self.checkpoints.first().map(|first| first.checkpoint.origin.clone());
        for (size, note) in notes {
            match Checkpoint::open(note, &self.expected.keys) {
                Ok(checkpoint) if checkpoint.size != *size || origin.as_ref() != Some(&checkpoint.origin) => {
                    let why = "it is over another size, or of another log".to_owned();
                    self.report.add(Finding::Checkpoint { name: CheckpointName::Kept(*size), why });
                }
                Ok(checkpoint) => self.kept.expect(checkpoint),
                Err(CheckpointRefused::Note(NoteRefused::NoKnownKey)) => {}
                Err(why) => {
                    let (name, why) = (CheckpointName::Kept(*size), why.to_string());
                    self.report.add(Finding::Checkpoint { name, why });
                }
            }
        }
    }

    /// The next part of the tree: its leaf hashes, and all records stored at these positions, in any order. A record
    /// stored at any other position belongs to none.
    pub fn page(&mut self, leaf_hashes: &[Hash], rows: &[Row]) {
        let first = self.tree.size();
        let mut by_position: HashMap<u64, Vec<&Row>> = HashMap::new();
        for row in rows {
            match row.place {
                Place::At(at) if at.checked_sub(first).is_some_and(|i| i < leaf_hashes.len() as u64) => {
                    by_position.entry(at).or_default().push(row);
                }
                _ => self.outside(std::slice::from_ref(row)),
            }
        }
        for (position, leaf_hash) in (first..).zip(leaf_hashes) {
            let rows = by_position.remove(&position).unwrap_or_default();
            self.position(position, leaf_hash, &rows);
        }
    }

    /// One position of the tree and the records that claim it: one, if all is well.
    fn position(&mut self, position: u64, leaf_hash: &Hash, rows: &[&Row]) {
        let mut matched = false;
        let mut given = None;
        for row in rows {
            let read = self.read(row);
            given = given.or(read.hash);
            if read.hash != Some(*leaf_hash) {
                self.displaced.record(position, Named::of(row), read.hash);
            } else if matched {
                self.report.add(Finding::Inserted { record: Named::of(row), place: row.place });
            } else {
                matched = true;
                self.columns(row, &read);
                self.in_time(position, row);
                if let Some(record) = &read.record {
                    self.lives.read(position, record);
                }
            }
        }
        if !matched {
            self.displaced.vacant(position, *leaf_hash, self.latest_time);
        }
        self.tree.push(*leaf_hash);
        self.records.push(if matched { *leaf_hash } else { given.unwrap_or([0; 32]) });
        self.note_roots();
    }

    /// Records that have no position in the tree: those that wait in the queue, and any other.
    pub fn outside(&mut self, rows: &[Row]) {
        for row in rows {
            let read = self.read(row);
            let record = Named::of(row);
            match row.place {
                Place::Queue => {}
                Place::Nowhere => {
                    self.report.add(Finding::Unlogged { record });
                    continue;
                }
                Place::At(_) => {
                    self.report.add(Finding::Inserted { record, place: row.place });
                    continue;
                }
            }
            self.report.waiting += 1;
            match read.hash {
                Some(_) => self.columns(row, &read),
                None => self.report.add(Finding::Altered { record, place: row.place }),
            }
            let age = self.expected.now.since(row.at);
            if age > self.expected.max_wait {
                self.report.add(Finding::Waiting { record, age });
            }
        }
    }

    /// What holds for every record wherever it lies.
    fn read(&mut self, row: &Row) -> row::Read {
        self.report.records += 1;
        let read = row.read();
        let seq = read.record.as_ref().map_or(row.seq, |record| record.seq);
        if let Some(seq) = seq
            && !self.seqs.insert(seq.0)
        {
            self.report.add(Finding::SeqTwice { record: Named::of(row), place: row.place, seq });
        }
        read
    }

    fn columns(&mut self, row: &Row, read: &row::Read) {
        for column in row.lying_columns(read) {
            self.report.add(Finding::Column { record: Named::of(row), place: row.place, column });
        }
    }

    fn in_time(&mut self, position: u64, row: &Row) {
        let (record, at, now) = (Named::of(row), row.at, self.expected.now);
        if at.since(now) > self.expected.max_back {
            // It must not make every later record look back-dated.
            self.report.add(Finding::FromTheFuture { record, position });
        } else if let Some(after) = self.latest_time.filter(|t| t.since(at) > self.expected.max_back) {
            self.report.add(Finding::BackDated { record, position, after });
        } else {
            self.latest_time = self.latest_time.max(Some(at));
        }
        let signed = self.report.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.size);
        if position >= signed && !self.unsigned_seen {
            self.unsigned_seen = true;
            let age = now.since(at);
            if self.report.checkpoint.is_some() && age > self.expected.max_wait {
                self.report.add(Finding::Unsigned { record, position, age });
            }
        }
    }

    fn note_roots(&mut self) {
        let size = self.tree.size();
        self.kept.meet(size, || (self.tree.root(), self.records.root()));
        if self.checkpoints.iter().any(|signed| signed.checkpoint.size == size)
            || self.expected.restored.contains(&size)
        {
            self.roots.insert(size, (self.tree.root(), self.records.root()));
        }
    }

    /// All was given: compares what needs the whole.
    pub fn finish(mut self) -> Report {
        self.report.size = self.tree.size();
        self.report.head = self.expected.head;
        if self.report.size != self.expected.size {
            self.report.add(Finding::Size { stated: self.expected.size, found: self.report.size });
        }
        self.hold_against_restores();
        let damaged_below = self.hold_against_checkpoints();
        self.displaced.name(damaged_below, &mut self.report);
        let (missing, beyond) = self.seqs.against(self.expected.head.0);
        for (from, to) in missing {
            self.report.add(Finding::SeqMissing { from: Seq(from), to: Seq(to) });
        }
        if let Some(seq) = beyond {
            self.report.add(Finding::SeqBeyondHead { seq: Seq(seq), head: self.expected.head });
        }
        self.report
    }

    /// Compares the roots. Returns up to which position the records give a signed root although the tree's hashes do
    /// not: there the hashes were damaged, not the records.
    fn hold_against_checkpoints(&mut self) -> u64 {
        let (mut damaged_below, mut sound) = (self.kept.damaged_below(), 0);
        // What lies in the store may have been signed anew together: only what was saved elsewhere vouches for more.
        let mut vouched = 0;
        let mut checkpoints = std::mem::take(&mut self.checkpoints);
        checkpoints.sort_by_key(|signed| signed.checkpoint.size);
        let fits = |checkpoint: &Checkpoint| {
            self.roots.get(&checkpoint.size).is_some_and(|(tree, _)| *tree == checkpoint.root)
        };
        let latest_fits = checkpoints
            .iter()
            .any(|signed| signed.name == CheckpointName::Latest && fits(&signed.checkpoint));
        if let Some(size) = self.kept.first_unlike() {
            let (name, sound) = (CheckpointName::Kept(size), self.kept.sound_before(size));
            self.report.add(Finding::Root { name, size, sound });
        }
        for Signed { name, checkpoint, by } in checkpoints {
            let size = checkpoint.size;
            let roots = self.roots.get(&size).copied();
            if roots.is_some_and(|(tree, _)| tree == checkpoint.root) {
                sound = size;
                if name != CheckpointName::Latest {
                    vouched = size;
                }
                continue;
            }
            // What the store itself holds as its latest was never lost.
            let lost =
                self.lives.lost(size, Some(&checkpoint.root), &by).filter(|_| name != CheckpointName::Latest);
            if let Some(restored) = lost {
                self.report.lost.push(Lost { name, size, restored: restored.clone() });
                continue;
            }
            match roots {
                None => self.report.add(Finding::Shorter { name, signed: size, found: self.report.size }),
                Some((_, records)) => {
                    if records == checkpoint.root {
                        damaged_below = damaged_below.max(size);
                    }
                    let by_kept = self.kept.sound_before(size);
                    // Whoever signed the latest one anew had the key.
                    self.report.add(match (&name, latest_fits, self.kept.first_unlike()) {
                        (CheckpointName::Saved(_), true, None) => {
                            Finding::Rebuilt { name, size, sound: vouched }
                        }
                        (CheckpointName::Saved(_), true, Some(_)) => {
                            Finding::Rebuilt { name, size, sound: vouched.max(by_kept) }
                        }
                        _ => Finding::Root { name, size, sound: sound.max(by_kept) },
                    });
                }
            }
        }
        damaged_below
    }

    /// A restore went on from the tree that its record states: the log still begins with it.
    fn hold_against_restores(&mut self) {
        let lives = std::mem::take(&mut self.lives);
        for (position, restored) in lives.restores() {
            let (position, size) = (*position, restored.size);
            let same = self.roots.get(&size).is_some_and(|(tree, _)| *tree == restored.root);
            if !same || size > position {
                self.report.add(Finding::Restored { position, size });
            }
            self.report.restores.push((position, restored.clone()));
        }
        self.lives = lives;
    }
}
