//! `cargo xtask soak`: what takes longer than a test may. The result stands in docs/soak.md with its commit,
//! seed and counts.
//!
//! The exercises are tests of the product that take their length from the environment, so that the ordinary
//! run does the same work in seconds:
//! * generated worlds: `decide` against the naive evaluator (`crates/authority`, tests named `agreement`);
//! * the kill storm: the real binary under load, killed again and again, everything acknowledged there
//!   (`crates/server`, tests named `storm`);
//! * hostile bytes: every parser that meets a stranger's, with mutations of good examples (`crates/app`, tests named `fuzz`),
//!   and whole requests at the routers (`crates/web`, tests named `fuzz`). Together they take the time of one exercise:
//!   each target has its share of it.

use anyhow::Result;
use std::time::Instant;

use crate::{Outcome, process, repo, say};

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Minutes for the generated worlds, and for the hostile bytes.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=1440))]
    minutes: u32,
    /// Kills on SQLite; a fifth of them on PostgreSQL.
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    kills: u32,
    /// Where the generated worlds begin, and when servers are killed; the same seed gives the same.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// A package, a filter on the names of its tests, and what is done.
const EXERCISES: &[(&str, &str, &str)] = &[
    ("authority", "agreement::", "generated worlds"),
    ("server", "storm::", "kill storm on both engines"),
    ("app", "fuzz", "hostile bytes at every parser"),
    ("web", "fuzz", "hostile bytes at the doors"),
];

/// Read by the tests: seconds to go on for, how many kills, and the seed.
const SECONDS: &str = "BEHORIG_SOAK_SECONDS";
const KILLS: &str = "BEHORIG_SOAK_KILLS";
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
        command.env(KILLS, arguments.kills.to_string());
        // A test says what it did on a line that begins so.
        let mut counts = Vec::new();
        let ended = process::watch(&mut command, |line| {
            counts.extend(line.split_once("soak: ").map(|(_, told)| told.to_owned()))
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
