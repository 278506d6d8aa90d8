//! Connections that pages of orders hold open, counted per browser and in all: a browser has six to one host, and this
//! node has memory for so many. Who gets no seat gets a page that loads itself anew.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Orders of one browser that are watched at once, each with its page and its code.
const PER_BROWSER: u8 = 2;
/// All connections held open by this node.
const ALL: usize = 4_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// The page itself.
    Status,
    /// The picture of the moving code.
    Code,
}

type Taken = HashMap<([u8; 32], Kind), u8>;

/// The seats of this node.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seats(Arc<Mutex<Taken>>);

impl Seats {
    /// A seat for the browser with this hash, if one is free.
    pub(super) fn take(&self, browser: [u8; 32], kind: Kind) -> Option<Seat> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = taken.values().map(|count| usize::from(*count)).sum();
        let count = taken.get(&(browser, kind)).copied().unwrap_or_default();
        if all >= ALL || count >= PER_BROWSER {
            return None;
        }
        taken.insert((browser, kind), count + 1);
        Some(Seat { seats: self.clone(), of: (browser, kind) })
    }
}

/// A seat; free again when dropped.
#[derive(Debug)]
pub(super) struct Seat {
    seats: Seats,
    of: ([u8; 32], Kind),
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.0.lock().unwrap_or_else(PoisonError::into_inner);
        match taken.get(&self.of).copied() {
            Some(count) if count > 1 => drop(taken.insert(self.of, count - 1)),
            _ => drop(taken.remove(&self.of)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_watches_two_orders_and_a_seat_left_is_free() {
        let seats = Seats::default();
        let (one, two) = (seats.take([1; 32], Kind::Status), seats.take([1; 32], Kind::Status));
        assert!(one.is_some() && two.is_some());
        assert!(seats.take([1; 32], Kind::Status).is_none());
        assert!(seats.take([1; 32], Kind::Code).is_some(), "the code has seats of its own");
        assert!(seats.take([2; 32], Kind::Status).is_some(), "another browser is not hindered");
        drop(one);
        assert!(seats.take([1; 32], Kind::Status).is_some());
        drop(two);
        assert!(seats.0.lock().unwrap().is_empty());
    }

    #[test]
    fn a_node_holds_only_so_many() {
        let seats = Seats::default();
        let browser = |n: usize| {
            let mut b = [0; 32];
            b[..8].copy_from_slice(&n.to_be_bytes());
            b
        };
        let held: Vec<_> = (0..ALL).map(|n| seats.take(browser(n), Kind::Status)).collect();
        assert!(held.iter().all(Option::is_some));
        assert!(seats.take(browser(ALL), Kind::Status).is_none());
    }
}
