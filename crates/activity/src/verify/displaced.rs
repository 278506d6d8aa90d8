//! Records and positions that do not belong together, and what happened to each.

use domain::Instant;
use std::collections::{HashMap, HashSet};

use super::{Finding, Named, Place, Report};
use crate::Hash;

/// How many mismatches are kept to be named; the rest is counted.
const MAX_NAMED: usize = 100_000;

/// What is kept of mismatches until the end, since a record may lie far from where it belongs.
#[derive(Debug, Default)]
pub(super) struct Displaced {
    /// Positions whose hash no record there gives, and when those before them were made.
    vacant: HashMap<u64, (Hash, Option<Instant>)>,
    /// Records that do not give the hash of their position: position, which, and the hash that they do give.
    records: Vec<(u64, Named, Option<Hash>)>,
    unnamed: u64,
}

impl Displaced {
    pub(super) fn record(&mut self, position: u64, record: Named, hash: Option<Hash>) {
        if self.records.len() < MAX_NAMED {
            self.records.push((position, record, hash));
        } else {
            self.unnamed += 1;
        }
    }

    pub(super) fn vacant(&mut self, position: u64, hash: Hash, after: Option<Instant>) {
        if self.vacant.len() < MAX_NAMED {
            self.vacant.insert(position, (hash, after));
        } else {
            self.unnamed += 1;
        }
    }

    /// A record whose hash is that of a vacant position was moved from there. Of the others, one at a position whose
    /// own record was found elsewhere, or that has one, was put in; one at a position whose record is nowhere was
    /// altered; a position with neither lost its record. Below `damaged_below` the records are right and the tree's
    /// hash is not.
    pub(super) fn name(&mut self, damaged_below: u64, report: &mut Report) {
        let mut homes: HashMap<Hash, u64> =
            self.vacant.iter().map(|(position, (hash, _))| (*hash, *position)).collect();
        let mut accounted = HashSet::new();
        let mut named = Vec::new();
        self.records.retain(|(position, record, hash)| match hash.and_then(|hash| homes.remove(&hash)) {
            Some(belongs) => {
                accounted.insert(belongs);
                named.push((*position, Finding::Moved { record: *record, position: *position, belongs }));
                false
            }
            None => true,
        });
        for (position, record, hash) in &self.records {
            let (position, record) = (*position, *record);
            let own = self.vacant.contains_key(&position) && accounted.insert(position);
            named.push((
                position,
                match own {
                    true if hash.is_some() && position < damaged_below => {
                        Finding::TreeHash { record, position }
                    }
                    true => Finding::Altered { record, place: Place::At(position) },
                    false => Finding::Inserted { record, place: Place::At(position) },
                },
            ));
        }
        let lost = self.vacant.iter().filter(|(position, _)| !accounted.contains(position));
        named.extend(lost.map(|(position, (_, after))| {
            (*position, Finding::Missing { position: *position, after: *after })
        }));
        named.sort_by_key(|(position, _)| *position);
        for (_, finding) in named {
            report.add(finding);
        }
        report.more += self.unnamed;
    }
}
