//! The numbers of changes that were seen, as runs: each must be there exactly once.

use std::collections::BTreeMap;

/// Runs of numbers, start → end (both in it). Numbers come nearly in order, so that there are few runs.
#[derive(Debug, Default)]
pub(super) struct Seqs {
    runs: BTreeMap<u64, u64>,
}

impl Seqs {
    /// `false` where it was seen before.
    pub(super) fn insert(&mut self, seq: u64) -> bool {
        let before = self.runs.range(..=seq).next_back().map(|(start, end)| (*start, *end));
        if before.is_some_and(|(_, end)| seq <= end) {
            return false;
        }
        let start = match before {
            Some((start, end)) if end + 1 == seq => start,
            _ => seq,
        };
        let end = seq.checked_add(1).and_then(|next| self.runs.remove(&next)).unwrap_or(seq);
        self.runs.insert(start, end);
        true
    }

    /// The gaps in 1..=`head`, and the largest number beyond it (0 counts as beyond: no change has it).
    pub(super) fn against(&self, head: u64) -> (Vec<(u64, u64)>, Option<u64>) {
        let mut gaps = Vec::new();
        let mut next = 1;
        for (start, end) in &self.runs {
            let gap_end = (*start).min(head.saturating_add(1)).saturating_sub(1);
            if next <= gap_end {
                gaps.push((next, gap_end));
            }
            next = next.max(end.saturating_add(1));
        }
        if next <= head {
            gaps.push((next, head));
        }
        let zero = self.runs.contains_key(&0).then_some(0);
        let last = self.runs.values().next_back().copied().filter(|last| *last > head);
        (gaps, last.or(zero))
    }
}

#[cfg(test)]
mod tests {
    use super::Seqs;

    fn seqs(numbers: &[u64]) -> (Seqs, Vec<u64>) {
        let mut seqs = Seqs::default();
        let twice = numbers.iter().copied().filter(|n| !seqs.insert(*n)).collect();
        (seqs, twice)
    }

    #[test]
    fn each_number_once_in_any_order() {
        let (all, twice) = seqs(&[3, 1, 2, 5, 4]);
        assert_eq!((all.runs.len(), twice), (1, vec![]));
        assert_eq!(all.against(5), (vec![], None));
    }

    #[test]
    fn gaps_doubles_and_numbers_beyond_the_head() {
        let (some, twice) = seqs(&[2, 3, 3, 7, 9, 2]);
        assert_eq!(twice, [3, 2]);
        assert_eq!(some.against(8), (vec![(1, 1), (4, 6), (8, 8)], Some(9)));
        assert_eq!(some.against(10), (vec![(1, 1), (4, 6), (8, 8), (10, 10)], None));
        assert_eq!(some.against(0), (vec![], Some(9)));
        assert_eq!(seqs(&[]).0.against(2), (vec![(1, 2)], None));
        assert_eq!(seqs(&[0, 1]).0.against(1), (vec![], Some(0)));
        assert_eq!(seqs(&[1, u64::MAX]).0.against(1), (vec![], Some(u64::MAX)));
    }
}
