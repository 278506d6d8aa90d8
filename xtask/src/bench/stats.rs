//! Times of single requests, and what is said about them.

use anyhow::Result;
use std::time::{Duration, Instant};

/// Sorted, shortest first; never empty.
#[derive(Debug)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Runs it so many times, one after the other.
    pub fn of(count: u32, mut once: impl FnMut() -> Result<()>) -> Result<Self> {
        let mut times = Vec::with_capacity(count as usize);
        for _ in 0..count.max(1) {
            let begin = Instant::now();
            once()?;
            times.push(begin.elapsed());
        }
        Ok(Self::from(times))
    }

    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The time within which so many of a hundred ended (nearest rank).
    pub fn percentile(&self, percent: f64) -> Duration {
        let rank = (percent / 100.0 * self.0.len() as f64).ceil() as usize;
        self.0[rank.clamp(1, self.0.len()) - 1]
    }

    /// The same in milliseconds.
    pub fn millis(&self, percent: f64) -> f64 {
        self.percentile(percent).as_secs_f64() * 1000.0
    }

    pub fn show(&self, percent: f64) -> String {
        format!("{:.2} ms", self.millis(percent))
    }

    /// Requests a second, one after the other.
    pub fn rate(&self) -> f64 {
        self.0.len() as f64 / self.0.iter().sum::<Duration>().as_secs_f64()
    }
}

/// None given counts as one of no length.
impl From<Vec<Duration>> for Times {
    fn from(mut times: Vec<Duration>) -> Self {
        if times.is_empty() {
            times.push(Duration::ZERO);
        }
        times.sort();
        Self(times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_nearest_ranks() {
        let times = Times((1..=200).map(Duration::from_millis).collect());
        assert_eq!(times.percentile(50.0), Duration::from_millis(100));
        assert_eq!(times.percentile(99.0), Duration::from_millis(198));
        assert_eq!(times.show(100.0), "200.00 ms");
        assert_eq!(Times(vec![Duration::from_millis(4)]).percentile(0.0), Duration::from_millis(4));
        assert!((times.rate() - 200.0 / 20.1).abs() < 0.01);
    }
}
