//! The simulator's own clock: the clock it was given, moved forward by `POST /clock` and by nothing else.
//!
//! Only this offset shortens a time of the BankID protocol; no test may make a limit smaller than it is.

use domain::{Clock, Instant};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// The furthest that one request may move the clock: ten years.
pub const LONGEST_STEP: Duration = Duration::from_secs(10 * 366 * 24 * 3600);
/// The furthest that the clock may be moved in all, so that certificates still cover it.
const LONGEST_OFFSET: Duration = Duration::from_secs(15 * 366 * 24 * 3600);

/// A clock that runs with `base` and can be moved forward.
#[derive(Debug)]
pub struct MovableClock {
    base: Arc<dyn Clock>,
    offset_micros: AtomicU64,
}

impl MovableClock {
    pub fn new(base: Arc<dyn Clock>) -> Self {
        Self { base, offset_micros: AtomicU64::new(0) }
    }

    /// Moves the clock forward; `None` if the step or the sum of all steps is too long.
    pub fn advance(&self, by: Duration) -> Option<Instant> {
        if by > LONGEST_STEP {
            return None;
        }
        let step = u64::try_from(by.as_micros()).ok()?;
        let most = u64::try_from(LONGEST_OFFSET.as_micros()).ok()?;
        self.offset_micros
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |now| {
                now.checked_add(step).filter(|sum| *sum <= most)
            })
            .ok()?;
        Some(self.now())
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Instant {
        self.base.now() + Duration::from_micros(self.offset_micros.load(Ordering::SeqCst))
    }
}
