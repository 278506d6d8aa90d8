//! How this node fares with what it depends on, for the operator: since when its writes fail, whether its store is full,
//! whether its clock can be trusted. How the e-ID's provider answers is told by its method ([`login::pulse`]). A node knows
//! only of its own calls.

use domain::Instant;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use store::StoreError;

/// Nothing is wrong.
const WELL: i64 = i64::MIN;

/// Since when something fails without a break.
#[derive(Debug)]
struct Failing(AtomicI64);

impl Default for Failing {
    fn default() -> Self {
        Self(AtomicI64::new(WELL))
    }
}

impl Failing {
    fn worked(&self) {
        self.0.store(WELL, Ordering::Relaxed);
    }

    /// The first failure counts.
    fn failed(&self, now: Instant) {
        let _ = self.0.compare_exchange(WELL, now.micros(), Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Seconds since the first failure; 0 while all is well.
    fn seconds(&self, now: Instant) -> u64 {
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
    store: Failing,
    full: AtomicBool,
    /// How far the clock is off, in microseconds, ahead or behind; 0 while it is trusted.
    clock_off: AtomicI64,
}

impl Health {
    /// A write was kept.
    pub fn wrote(&self) {
        self.store.worked();
        self.room(true);
    }

    /// A write was not kept. What is no fault of the store's is none here.
    pub fn not_written(&self, error: &StoreError, now: Instant) {
        if is_the_stores(error) {
            self.store.failed(now);
        }
        if *error == StoreError::Full {
            self.room(false);
        }
    }

    /// Seconds since the first write that failed; 0 while writing works.
    pub fn store_failing(&self, now: Instant) -> u64 {
        self.store.seconds(now)
    }

    pub fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    fn room(&self, there_is: bool) {
        match (self.full.swap(!there_is, Ordering::Relaxed), there_is) {
            (false, false) => {
                tracing::error!("the store is full: nothing is written until there is room on its disk")
            }
            (true, true) => tracing::info!("the store has room again"),
            _ => {}
        }
    }

    /// So far off is the clock; 0: it is trusted.
    pub fn clock(&self, off_micros: i64) {
        match (self.clock_off.swap(off_micros, Ordering::Relaxed), off_micros) {
            (0, 0) => {}
            (0, off) => tracing::error!(
                seconds = off / 1_000_000,
                "the machine's clock cannot be trusted: nothing is answered or written until it is set right"
            ),
            (_, 0) => tracing::info!("the machine's clock is right again"),
            _ => {}
        }
    }

    pub fn clock_off(&self) -> i64 {
        self.clock_off.load(Ordering::Relaxed)
    }
}

/// Whether an operator has to do something about the store.
fn is_the_stores(error: &StoreError) -> bool {
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
