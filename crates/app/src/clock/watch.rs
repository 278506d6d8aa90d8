//! Whether this node's clock can be trusted. Time comes from the store; a node that is more than two seconds off denies.
//!
//! Three things are held against the machine's time: a count that setting the clock does not touch (a jump is noticed at
//! the very next request), the database server's time where there is one, and the newest record (a clock that was set
//! back while nothing ran). While they disagree nothing is answered, nothing is recorded and nothing falls due: no session
//! lives longer, no record is dated before another. It ends by itself when the clock is right. A machine that slept has
//! not jumped. Where there is no database server, an operator may say that the clock is right as it stands now, such as
//! when it was wrong before: [`App::accept_the_clock`].
//!
//! Not noticed: a clock that is set forward while nothing runs and there is no database server; that looks like a pause.

use crate::core::App;
use crate::refusal::{Refusal, Stop};
use activity::{Record, RecordClass};
use domain::{Clock, Instant};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How far off is still trusted: `design` §3.
const TRUSTED: Duration = Duration::from_secs(2);
/// How far behind the newest record: another node may have made it by a clock as far off, the other way.
const BEHIND: Duration = Duration::from_secs(5);

/// The right time, and the count at that moment.
#[derive(Debug, Clone, Copy)]
struct Anchor {
    time: Instant,
    count: Duration,
}

impl Anchor {
    fn off(self, now: Instant, count: Duration) -> i64 {
        let expected = self.time + count.saturating_sub(self.count);
        now.micros().saturating_sub(expected.micros())
    }
}

/// What is known of the right time.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    anchor: Mutex<Option<Anchor>>,
    /// So far behind the newest record the clock was when it was compared last, in microseconds; 0: it is not.
    behind: AtomicI64,
}

impl Watch {
    /// How far off the clock is, in microseconds; 0 while that is trusted or cannot be told.
    fn off(&self, clock: &dyn Clock) -> i64 {
        let Some(count) = clock.elapsed() else { return 0 };
        let behind = self.behind.load(Ordering::Relaxed);
        if behind != 0 {
            return behind;
        }
        let now = clock.now();
        let mut anchor = self.anchor.lock().unwrap_or_else(PoisonError::into_inner);
        let anchored = *anchor.get_or_insert(Anchor { time: now, count });
        let off = anchored.off(now, count);
        if is_trusted(off) {
            return 0;
        }
        // The count may have stood still while the machine slept.
        let slept = clock.elapsed_with_sleep().map_or(off, |count| anchored.off(now, count));
        if off > 0 && is_trusted(slept) {
            *anchor = Some(Anchor { time: now, count });
            return 0;
        }
        off
    }

    /// What the clock was reckoned from is let go: it is right as it stands.
    fn accept(&self) {
        *self.anchor.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What a store tells of the time. On SQLite small steps are followed: there is no other clock to go by.
    fn told(&self, clock: &dyn Clock, server: Option<Instant>, last: Option<Instant>, domain_now: Instant) {
        let Some(count) = clock.elapsed() else { return };
        let now = clock.now();
        let behind = last.map_or(0, |last| domain_now.micros().saturating_sub(last.micros()));
        let behind = if Duration::from_micros(behind.unsigned_abs()) <= BEHIND { 0 } else { behind.min(0) };
        self.behind.store(behind, Ordering::Relaxed);
        let mut anchor = self.anchor.lock().unwrap_or_else(PoisonError::into_inner);
        *anchor = match (server, *anchor) {
            (Some(time), _) => Some(Anchor { time, count }),
            // Whatever it was reckoned from, it was wrong.
            (None, _) if behind != 0 => None,
            (None, Some(anchored)) if !is_trusted(anchored.off(now, count)) => Some(anchored),
            (None, _) => Some(Anchor { time: now, count }),
        };
    }
}

fn is_trusted(off: i64) -> bool {
    Duration::from_micros(off.unsigned_abs()) <= TRUSTED
}

impl App {
    /// Says no while the clock cannot be trusted: asked before anything is read or written for anybody.
    pub(crate) fn trusts_its_clock(&self) -> Result<(), Refusal> {
        let off = self.watch().off(self.domain_clock().base());
        self.health().clock(off);
        if off == 0 { Ok(()) } else { Err(Refusal::Clock) }
    }

    /// The operator says that the machine's clock is right as it stands, and this node goes by it: what starting it anew
    /// would do. Gives how far it still is off: a database server's time and the newest record are believed more than
    /// the operator.
    ///
    /// Leaves a record of it, if it jumped.
    pub async fn accept_the_clock(&self) -> Result<Duration, Refusal> {
        let base = self.domain_clock().base();
        let before = self.watch().off(base);
        self.watch().accept();
        self.ask_the_time().await?;
        let off = self.watch().off(base);
        if before != 0 && off == 0 {
            let detail = BTreeMap::from([("off_seconds".to_owned(), (before / 1_000_000).to_string())]);
            let app = self.clone();
            self.write_plain(move |tx| {
                let record = Record {
                    party: Some(app.agency()),
                    detail: detail.clone(),
                    ..Record::new(app.entropy(), app.now(), RecordClass::System, "clock.accepted")
                };
                Ok(app.append(tx, &record)?)
            })
            .await?;
            tracing::warn!(seconds = before / 1_000_000, "the machine's clock was accepted as it stands");
            self.wake();
        }
        Ok(Duration::from_micros(off.unsigned_abs()))
    }

    /// Asks the store what time it is and when its newest record was made.
    pub(crate) async fn ask_the_time(&self) -> Result<(), Refusal> {
        let base = self.domain_clock().base();
        if base.elapsed().is_none() {
            return Ok(());
        }
        let broken = |error| self.broken(Stop::Store(error));
        let server = self.store().server_time().await.map_err(broken)?;
        let app = self.clone();
        // In one snapshot with how far the clock was moved: what was recorded then is not ahead of it.
        let last = self
            .read_anyway(move |tx| {
                app.clock_in(tx)?;
                Ok(store::log::last_recorded(tx)?)
            })
            .await?;
        self.watch().told(base, server, last, self.now());
        self.health().clock(self.watch().off(base));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Its time, its count, and its count with sleep.
    #[derive(Debug)]
    struct Hands(Mutex<(i64, u64, u64)>);

    impl Hands {
        fn at(time: i64, count: u64) -> Self {
            Self(Mutex::new((time, count, count)))
        }

        fn set(&self, time: i64, count: u64, with_sleep: u64) {
            *self.0.lock().unwrap() = (time, count, with_sleep);
        }
    }

    impl Clock for Hands {
        fn now(&self) -> Instant {
            at(self.0.lock().unwrap().0)
        }

        fn elapsed(&self) -> Option<Duration> {
            Some(Duration::from_secs(self.0.lock().unwrap().1))
        }

        fn elapsed_with_sleep(&self) -> Option<Duration> {
            Some(Duration::from_secs(self.0.lock().unwrap().2))
        }
    }

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(seconds * 1_000_000)
    }

    fn seconds(watch: &Watch, clock: &Hands) -> i64 {
        watch.off(clock) / 1_000_000
    }

    #[test]
    fn a_jump_is_noticed_at_once_and_its_end_too() {
        let (watch, clock) = (Watch::default(), Hands::at(1_000_000, 50));
        assert_eq!(seconds(&watch, &clock), 0);
        clock.set(1_000_060, 110, 110);
        assert_eq!(seconds(&watch, &clock), 0, "a minute later");
        clock.set(1_000_063, 111, 111);
        assert_eq!(seconds(&watch, &clock), 0, "two seconds off are trusted");
        for (to, off) in [(1_086_462, 86_400), (996_462, -3_600)] {
            clock.set(to, 112, 112);
            assert_eq!(seconds(&watch, &clock), off);
            // The round that asks the store does not take it for granted either.
            watch.told(&clock, None, None, at(to));
            assert_eq!(seconds(&watch, &clock), off);
            clock.set(1_000_062, 112, 112);
            assert_eq!(seconds(&watch, &clock), 0, "set right");
        }
    }

    #[test]
    fn what_is_accepted_is_what_is_reckoned_from() {
        let (watch, clock) = (Watch::default(), Hands::at(1_000_000, 50));
        assert_eq!(seconds(&watch, &clock), 0);
        clock.set(1_003_601, 51, 51);
        assert_eq!(seconds(&watch, &clock), 3_600);
        watch.accept();
        assert_eq!(seconds(&watch, &clock), 0);
        clock.set(1_000_002, 52, 52);
        assert_eq!(seconds(&watch, &clock), -3_600, "and it may not jump back");
        // Records that were made later are believed more.
        watch.accept();
        watch.told(&clock, None, Some(at(1_003_601)), clock.now());
        assert_eq!(seconds(&watch, &clock), -3_599);
    }

    #[test]
    fn a_machine_that_slept_has_not_jumped() {
        let (watch, clock) = (Watch::default(), Hands::at(1_000_000, 50));
        assert_eq!(seconds(&watch, &clock), 0);
        clock.set(1_007_200, 50, 7_250);
        assert_eq!(seconds(&watch, &clock), 0);
        clock.set(1_007_201, 51, 7_251);
        assert_eq!(seconds(&watch, &clock), 0);
        clock.set(1_010_801, 51, 7_251);
        assert_eq!(seconds(&watch, &clock), 3_600);
    }

    #[test]
    fn many_small_steps_are_followed_where_there_is_no_server() {
        let (watch, clock) = (Watch::default(), Hands::at(1_000_000, 0));
        for step in 1..100_i64 {
            clock.set(1_000_000 + 2 * step, step.unsigned_abs(), step.unsigned_abs());
            assert_eq!(seconds(&watch, &clock), 0, "{step}");
            watch.told(&clock, None, Some(clock.now()), clock.now());
        }
    }

    #[test]
    fn a_servers_time_counts_more_than_ones_own() {
        let (watch, clock) = (Watch::default(), Hands::at(1_000_000, 50));
        watch.told(&clock, Some(at(1_000_002)), None, clock.now());
        assert_eq!(seconds(&watch, &clock), 0);
        watch.told(&clock, Some(at(1_000_003)), None, clock.now());
        assert_eq!(seconds(&watch, &clock), -3);
        // Both are set together, or this one is set right.
        clock.set(1_000_004, 51, 51);
        assert_eq!(seconds(&watch, &clock), 0);
    }

    #[test]
    fn a_clock_that_was_set_back_while_nothing_ran_is_behind_the_newest_record() {
        let (watch, clock) = (Watch::default(), Hands::at(1_000_000, 0));
        watch.told(&clock, None, Some(at(1_000_004)), clock.now());
        assert_eq!(seconds(&watch, &clock), 0, "another node may be a little ahead");
        watch.told(&clock, None, Some(at(1_003_600)), clock.now());
        assert_eq!(seconds(&watch, &clock), -3_600);
        // Set right: that is no jump, though it looks like one from where the count began.
        clock.set(1_003_700, 10, 10);
        watch.told(&clock, None, Some(at(1_003_600)), clock.now());
        assert_eq!(seconds(&watch, &clock), 0);
    }

    #[test]
    fn a_clock_without_a_count_is_not_watched() {
        #[derive(Debug)]
        struct Plain;
        impl Clock for Plain {
            fn now(&self) -> Instant {
                at(1)
            }
        }
        let watch = Watch::default();
        watch.told(&Plain, Some(at(1_000)), Some(at(1_000)), at(1));
        assert_eq!(watch.off(&Plain), 0);
    }
}
