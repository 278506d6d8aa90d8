//! `cargo xtask test`: gets what the tests need and runs all of them, stage by stage, each with its time.
//!
//! A stage that fails does not stop those that stand on their own, so that one run shows all that is wrong.

mod doc_tests;
mod stages;
mod tally;

use anyhow::{Result, bail};
use std::time::{Duration, Instant};

use crate::{Outcome, process, repo, say};
use stages::STAGES;
use tally::Tally;

/// What a stage works with.
pub struct TestRun {
    pub root: std::path::PathBuf,
    /// Tests counted so far, Rust and browser together.
    pub tally: Tally,
    /// Set where a build server runs us: the lock file must then fit as it is.
    pub in_ci: bool,
}

/// How a stage ended, with its time.
struct Line {
    name: &'static str,
    took: Duration,
    fault: Option<String>,
}

pub fn run(wanted: &[String]) -> Result<Outcome> {
    if let Some(unknown) = wanted.iter().find(|name| STAGES.iter().all(|stage| stage.name != *name)) {
        let known: Vec<&str> = STAGES.iter().map(|stage| stage.name).collect();
        bail!("there is no stage `{unknown}`; there are: {}", known.join(", "));
    }
    let mut test_run =
        TestRun { root: repo::root()?, tally: Tally::default(), in_ci: std::env::var_os("CI").is_some() };
    let begin = Instant::now();
    let mut lines: Vec<Line> = Vec::new();
    for stage in
        STAGES.iter().filter(|stage| wanted.is_empty() || wanted.iter().any(|name| name == stage.name))
    {
        say::line(format!("\n== {}: {}", stage.name, stage.about));
        let start = Instant::now();
        let broken = lines.iter().find(|line| line.fault.is_some() && stage.after.contains(&line.name));
        let fault = match broken {
            Some(line) => Some(format!("not run, because {} failed", line.name)),
            None => (stage.run)(&mut test_run).err().map(|error| format!("{error:#}")),
        };
        let line = Line { name: stage.name, took: start.elapsed(), fault };
        say::line(line.show());
        lines.push(line);
    }
    say::line("\n== times");
    for line in &lines {
        say::line(line.show());
    }
    say::line(format!("total: {}", show(begin.elapsed())));
    let failed: Vec<&str> = lines.iter().filter(|line| line.fault.is_some()).map(|line| line.name).collect();
    if !failed.is_empty() {
        say::line(format!("FAILED: {}", failed.join(", ")));
    }
    // By itself on the last line: what a machine reads.
    say::line(format!("{} passed, {} failed", test_run.tally.passed, test_run.tally.failed));
    Ok(if failed.is_empty() { Outcome::Green } else { Outcome::Red })
}

impl Line {
    fn show(&self) -> String {
        match &self.fault {
            None => format!("stage {:12} ok      {}", self.name, show(self.took)),
            Some(fault) => format!("stage {:12} FAILED  {}  {fault}", self.name, show(self.took)),
        }
    }
}

/// `3 min 07 s`, or `1.4 s` below a minute.
fn show(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        format!("{:.1} s", time.as_secs_f32())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

impl TestRun {
    /// Cargo with what holds for every stage.
    fn cargo(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = process::cargo(&self.root);
        command.args(arguments);
        if self.in_ci && arguments.first() != Some(&"fmt") {
            command.arg("--locked");
        }
        // Nobody steps through a test run: without line tables our own crates compile and link faster.
        command.env("CARGO_PROFILE_DEV_DEBUG", "0");
        // A snapshot that differs is a failure, and no file to be found later.
        command.env("INSTA_UPDATE", "no");
        // The compiler of our own crates is clippy, as `cargo clippy` sets it, but for a build that runs: else everything
        // below them would be compiled once to be linted and once to be run.
        command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
        command.env("CLIPPY_ARGS", "--deny__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_people_tell_them() {
        assert_eq!(show(Duration::from_millis(1_440)), "1.4 s");
        assert_eq!(show(Duration::from_secs(187)), "3 min 07 s");
    }

    #[test]
    fn an_unknown_stage_is_refused_with_the_known_ones() {
        assert!(run(&["no-such".to_owned()]).unwrap_err().to_string().contains("build-tests"));
    }

    #[test]
    fn stages_stand_after_what_they_need() {
        for (at, stage) in STAGES.iter().enumerate() {
            for before in stage.after {
                assert!(
                    STAGES[..at].iter().any(|earlier| earlier.name == *before),
                    "{} after {before}",
                    stage.name
                );
            }
        }
    }
}
