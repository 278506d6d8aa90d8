//! The system's clock and randomness: the two sources that everything else is given.

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use domain::{Clock, Entropy, Instant};
use std::sync::LazyLock;
use std::time::Duration;

/// The machine's clock, UTC.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the system's clock")]
    fn now(&self) -> Instant {
        jiff::Timestamp::now().into()
    }

    fn elapsed(&self) -> Option<Duration> {
        Some(BEGIN.0.elapsed())
    }

    /// Linux tells it in `/proc/uptime`, to the hundredth of a second (proc_uptime(5)).
    fn elapsed_with_sleep(&self) -> Option<Duration> {
        match (BEGIN.1, since_boot()) {
            (Some(then), Some(now)) => Some(now.saturating_sub(then)),
            _ => self.elapsed(),
        }
    }
}

/// Where both counts of this process begin.
static BEGIN: LazyLock<(std::time::Instant, Option<Duration>)> =
    LazyLock::new(|| (std::time::Instant::now(), since_boot()));

fn since_boot() -> Option<Duration> {
    let told = std::fs::read_to_string("/proc/uptime").ok()?;
    Duration::try_from_secs_f64(told.split(' ').next()?.parse().ok()?).ok()
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
