//! `cargo xtask soak`: what takes longer than a test may. The result stands in docs/soak.md with its commit,
//! seed and counts.
//!
//! Both exercises are tests of the product that take their length from the environment, so that the ordinary
//! run does the same work in seconds:
//! * generated worlds: `decide` against the naive evaluator (`crates/authority`, tests named `worlds`);
//! * kill storms: a writer killed again and again, every acknowledged write there (`crates/store`, tests
//!   named `kill`).

use anyhow::Result;
use std::time::Instant;

use crate::{Outcome, process, repo, say};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Minutes for each of the two exercises.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=1440))]
    minutes: u32,
    /// Where the generated worlds begin; the same seed gives the same worlds.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A package, a filter on the names of its tests, and what is done.
const EXERCISES: &[(&str, &str, &str)] = &[
    ("authority", "worlds", "generated worlds"),
    ("store", "kill", "kill storms on both engines"),
    ("app", "fuzz", "hostile bytes at every parser"),
];

/// Read by the tests: seconds to go on for, and the seed.
const SECONDS: &str = "BEHORIG_SOAK_SECONDS";
const SEED: &str = "BEHORIG_SOAK_SEED";

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let root = repo::root()?;
    let commit = process::output(process::command("git", &root).args(["rev-parse", "--short", "HEAD"]))?;
    let mut outcome = Outcome::Green;
    let mut rows = Vec::new();
    for (package, filter, about) in EXERCISES {
        let begin = Instant::now();
        let mut command = process::cargo(&root);
        command.args(["test", "--release", "--package", package, filter, "--", "--nocapture"]);
        command.env(SECONDS, (arguments.minutes * 60).to_string()).env(SEED, arguments.seed.to_string());
        // A test says what it did on a line that begins so.
        let mut counts = Vec::new();
        let ended = process::watch(&mut command, |line| {
            counts.extend(line.strip_prefix("soak: ").map(str::to_owned))
        });
        let result = match &ended {
            Ok(()) if counts.is_empty() => "no test told a count".to_owned(),
            Ok(()) => counts.join("; "),
            Err(error) => format!("FAILED: {error:#}"),
        };
        if ended.is_err() || counts.is_empty() {
            outcome = Outcome::Red;
        }
        rows.push(format!("| {about} | {} | {} s | {result} |", arguments.seed, begin.elapsed().as_secs()));
    }
    say::line(format!(
        "\nCommit {}\n\n| Exercise | Seed | Time | Result |\n|---|---|---|---|",
        commit.trim()
    ));
    for row in rows {
        say::line(row);
    }
    Ok(outcome)
}
