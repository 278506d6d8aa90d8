//! What keeps a node from working as it should, for the operator: a full store, a clock that cannot be trusted.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// How the node stands; changed by whoever meets the trouble or its end.
#[derive(Debug, Default)]
pub(crate) struct Trouble {
    full: AtomicBool,
    /// How far the clock is off, in microseconds, ahead or behind; 0 while it is trusted.
    clock_off: AtomicI64,
}

impl Trouble {
    /// A write was refused for want of room, or found some.
    pub(crate) fn room(&self, room: Room) {
        let full = room == Room::None;
        if self.full.swap(full, Ordering::Relaxed) != full {
            match room {
                Room::None => {
                    tracing::error!("the store is full: nothing is written until there is room on its disk")
                }
                Room::Some => tracing::info!("the store has room again"),
            }
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }

    /// So far off is the clock; 0: it is trusted.
    pub(crate) fn clock(&self, off_micros: i64) {
        let before = self.clock_off.swap(off_micros, Ordering::Relaxed);
        match (before, off_micros) {
            (0, 0) => {}
            (0, off) => tracing::error!(
                seconds = off / 1_000_000,
                "the machine's clock cannot be trusted: nothing is answered or written until it is set right"
            ),
            (_, 0) => tracing::info!("the machine's clock is right again"),
            _ => {}
        }
    }

    pub(crate) fn clock_off(&self) -> i64 {
        self.clock_off.load(Ordering::Relaxed)
    }
}

/// Whether a write found room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    Some,
    None,
}
