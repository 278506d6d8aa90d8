//! Where time and randomness come from. Both are passed in, everywhere.

use crate::Instant;
use std::time::Duration;

/// A clock. The product's reads the system's; tests and the sandbox move theirs.
pub trait Clock: Send + Sync + std::fmt::Debug {
    fn now(&self) -> Instant;

    /// How far it runs ahead of the clock that nobody moves; zero for every clock but a moved one.
    fn ahead(&self) -> Duration {
        Duration::ZERO
    }

    /// Time since a moment of its own, by a count that setting the clock does not touch. `None`: it has no such count,
    /// and nobody notices when it is set.
    fn elapsed(&self) -> Option<Duration> {
        None
    }

    /// The same with the time that the machine slept: slower to ask.
    fn elapsed_with_sleep(&self) -> Option<Duration> {
        self.elapsed()
    }
}

/// A source of cryptographic randomness.
pub trait Entropy: Send + Sync + std::fmt::Debug {
    /// Fills the whole buffer, or aborts the process: there is no safe way on without randomness.
    fn fill(&self, buffer: &mut [u8]);
}
