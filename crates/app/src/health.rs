//! How this node fares with what it depends on, for the operations listener: since when its writes fail. How the e-ID's
//! provider answers is told by its method ([`login::pulse`]). A node knows only of its own calls.

use domain::Instant;
use std::sync::atomic::{AtomicI64, Ordering};
use store::StoreError;

/// Nothing is wrong.
const WELL: i64 = i64::MIN;

/// Since when something fails without a break.
#[derive(Debug)]
pub(crate) struct Failing(AtomicI64);

impl Default for Failing {
    fn default() -> Self {
        Self(AtomicI64::new(WELL))
    }
}

impl Failing {
    pub fn worked(&self) {
        self.0.store(WELL, Ordering::Relaxed);
    }

    /// The first failure counts.
    pub fn failed(&self, now: Instant) {
        let _ = self.0.compare_exchange(WELL, now.micros(), Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Seconds since the first failure; 0 while all is well.
    pub fn seconds(&self, now: Instant) -> u64 {
        match self.0.load(Ordering::Relaxed) {
            WELL => 0,
            // The first second counts as one: an alarm asks for more than zero.
            since => now.since(Instant::from_micros(since)).as_secs().max(1),
        }
    }
}

/// What this node has met, all by the machine's time.
#[derive(Debug, Default)]
pub(crate) struct Health {
    pub store: Failing,
}

/// Whether an operator has to do something about the store.
pub(crate) fn is_the_stores(error: &StoreError) -> bool {
    matches!(
        error,
        StoreError::Full | StoreError::Unavailable(_) | StoreError::Unknown | StoreError::Corrupt(_)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_counts_until_something_works() {
        let at = |seconds: i64| Instant::from_micros(seconds * 1_000_000);
        let failing = Failing::default();
        assert_eq!(failing.seconds(at(5)), 0);
        failing.failed(at(10));
        failing.failed(at(20));
        assert_eq!((failing.seconds(at(10)), failing.seconds(at(30))), (1, 20));
        failing.worked();
        assert_eq!(failing.seconds(at(40)), 0);
    }
}
