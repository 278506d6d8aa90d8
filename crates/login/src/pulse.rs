//! How a provider answers this node: since when it has not, how many calls failed, and whether it comes and goes.
//!
//! Every call counts, also the questions about orders under way: a provider that takes no question has failed, though
//! nobody begins a login. A node knows only of its own calls. What operations are told in the technical log is told at
//! the beginning and at the end of a trouble, however often the provider comes and goes in between.

use domain::Instant;
use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// A call that fails now and then is no trouble; so many are, without a [`STEADY`] time in between.
const TROUBLE: u64 = 3;
/// So long it has to answer without a break before a trouble counts as over.
const STEADY: Duration = Duration::from_secs(60);
/// How many minutes [`Standing::lately`] goes back.
pub const LATELY: u8 = 10;

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    /// The provider answered: also with a no to this one order.
    Answered,
    Failed,
}

/// What operations are told, once each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// It does not answer, or comes and goes.
    Trouble,
    /// It has answered for a minute without a break. How many calls failed meanwhile.
    Over { failed: u64 },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calls {
    pub answered: u64,
    pub failed: u64,
}

impl Calls {
    fn count(&mut self, call: Call) {
        match call {
            Call::Answered => self.answered += 1,
            Call::Failed => self.failed += 1,
        }
    }

    pub const fn all(self) -> u64 {
        self.answered + self.failed
    }
}

/// How the provider stands, as this node sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Seconds since the first call that failed, if none has been answered since; 0: it answers. The first second counts
    /// as one: an alarm asks for more than zero.
    pub failing: u64,
    /// Since the node started.
    pub calls: Calls,
    /// In the last [`LATELY`] minutes.
    pub lately: Calls,
}

#[derive(Debug, Default)]
struct Beats {
    failing_since: Option<Instant>,
    answering_since: Option<Instant>,
    /// Failed calls without a steady time in between.
    trouble: u64,
    calls: Calls,
    /// Minutes since 1970, oldest first.
    minutes: VecDeque<(i64, Calls)>,
}

/// What a node counts of its calls to one provider, all by the machine's time.
#[derive(Debug, Default)]
pub struct Pulse(Mutex<Beats>);

impl Pulse {
    fn beats(&self) -> MutexGuard<'_, Beats> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call; says whether operations are to be told something.
    pub fn count(&self, call: Call, now: Instant) -> Option<Notice> {
        let mut beats = self.beats();
        beats.calls.count(call);
        let minute = now.seconds().div_euclid(60);
        match beats.minutes.back_mut() {
            Some((number, calls)) if *number == minute => calls.count(call),
            _ => {
                let mut calls = Calls::default();
                calls.count(call);
                beats.minutes.push_back((minute, calls));
                if beats.minutes.len() > usize::from(LATELY) {
                    beats.minutes.pop_front();
                }
            }
        }
        match call {
            Call::Failed => {
                beats.failing_since.get_or_insert(now);
                beats.answering_since = None;
                beats.trouble += 1;
                (beats.trouble == TROUBLE).then_some(Notice::Trouble)
            }
            Call::Answered => {
                beats.failing_since = None;
                let since = *beats.answering_since.get_or_insert(now);
                if beats.trouble == 0 || now.since(since) < STEADY {
                    return None;
                }
                let failed = std::mem::take(&mut beats.trouble);
                (failed >= TROUBLE).then_some(Notice::Over { failed })
            }
        }
    }

    pub fn standing(&self, now: Instant) -> Standing {
        let beats = self.beats();
        let first = now.seconds().div_euclid(60) - i64::from(LATELY);
        let mut lately = Calls::default();
        for (_, calls) in beats.minutes.iter().filter(|(minute, _)| *minute > first) {
            lately.answered += calls.answered;
            lately.failed += calls.failed;
        }
        let failing = beats.failing_since.map_or(0, |since| now.since(since).as_secs().max(1));
        Standing { failing, calls: beats.calls, lately }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_micros((1_800_000_000 + seconds) * 1_000_000)
    }

    #[test]
    fn the_first_failure_counts_until_something_is_answered() {
        let pulse = Pulse::default();
        assert_eq!(pulse.standing(at(5)).failing, 0);
        pulse.count(Call::Failed, at(10));
        pulse.count(Call::Failed, at(20));
        assert_eq!((pulse.standing(at(10)).failing, pulse.standing(at(30)).failing), (1, 20));
        pulse.count(Call::Answered, at(35));
        let standing = pulse.standing(at(40));
        assert_eq!((standing.failing, standing.lately), (0, Calls { answered: 1, failed: 2 }));
    }

    #[test]
    fn who_comes_and_goes_is_told_of_once() {
        let pulse = Pulse::default();
        // Up and down every second for ten minutes.
        let told: Vec<_> = (0..600)
            .filter_map(|second| {
                let call = if second % 2 == 0 { Call::Failed } else { Call::Answered };
                pulse.count(call, at(second))
            })
            .collect();
        assert_eq!(told, [Notice::Trouble]);
        assert_eq!(pulse.standing(at(599)).lately.failed, 300, "and it is seen as long as it lasts");
        let told: Vec<_> = (600..900).filter_map(|second| pulse.count(Call::Answered, at(second))).collect();
        assert_eq!(told, [Notice::Over { failed: 300 }]);
        // Afterwards it is forgotten, and the next trouble is one of its own.
        let standing = pulse.standing(at(1_300));
        assert_eq!((standing.lately.failed, standing.calls), (0, Calls { answered: 600, failed: 300 }));
        let told: Vec<_> =
            (1_300..1_310).filter_map(|second| pulse.count(Call::Failed, at(second))).collect();
        assert_eq!(told, [Notice::Trouble]);
    }

    #[test]
    fn a_call_that_fails_now_and_then_is_no_trouble() {
        let pulse = Pulse::default();
        for round in 0..20 {
            assert_eq!(pulse.count(Call::Failed, at(round * 200)), None);
            for second in [1, 30, 70] {
                assert_eq!(pulse.count(Call::Answered, at(round * 200 + second)), None);
            }
        }
    }
}
