//! The system's clock and randomness: the two sources that everything else is given.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use domain::{Clock, Entropy, Instant};

/// The machine's clock, UTC.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    fn now(&self) -> Instant {
        jiff::Timestamp::now().into()
    }
}

/// The operating system's generator, through the cryptographic library.
#[derive(Debug, Default)]
pub struct SystemEntropy(SystemRandom);

impl SystemEntropy {
    pub fn new() -> Self {
        Self(SystemRandom::new())
    }
}

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        if self.0.fill(buffer).is_err() {
            // Without randomness no key, session or salt is safe, and no caller could mend it.
            std::process::abort();
        }
    }
}
