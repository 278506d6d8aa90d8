//! When to try again. A mail server that is down for a morning must lose nothing, and one that throttles us
//! must not be hammered (RFC 5321 §4.5.4.1).

use std::time::Duration;

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;

/// A letter that has not left for this long is told to the agency instead of tried for ever
/// (RFC 5321 §4.5.4.1: at least 4–5 days).
pub const GIVE_UP_AFTER: Duration = Duration::from_secs(5 * 24 * HOUR);

/// How long to wait after failed attempt number `attempts` (the first is 1): 1, 5, 15 and 30 minutes, then
/// an hour, 2, 4, and from then on 6 hours.
pub const fn back_off(attempts: u32) -> Duration {
    Duration::from_secs(match attempts {
        0 | 1 => MINUTE,
        2 => 5 * MINUTE,
        3 => 15 * MINUTE,
        4 => 30 * MINUTE,
        5 => HOUR,
        6 => 2 * HOUR,
        7 => 4 * HOUR,
        _ => 6 * HOUR,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_are_bounded() {
        let waits: Vec<u64> = (1..=9).map(|n| back_off(n).as_secs() / MINUTE).collect();
        assert_eq!(waits, [1, 5, 15, 30, 60, 120, 240, 360, 360]);
        assert_eq!(back_off(0), back_off(1));
        assert_eq!(back_off(u32::MAX), Duration::from_secs(6 * HOUR));
    }

    #[test]
    fn a_letter_is_tried_over_the_whole_time() {
        let mut attempts = 0;
        let mut passed = Duration::ZERO;
        while passed < GIVE_UP_AFTER {
            attempts += 1;
            passed += back_off(attempts);
        }
        assert_eq!(attempts, 26);
    }
}
