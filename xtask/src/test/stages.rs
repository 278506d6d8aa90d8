//! The stages of `cargo xtask test`, cheap ones first.

use anyhow::{Context, Result, bail};

use super::{TestRun, doc_tests, tally::Tally};
use crate::{Outcome, check, needs, process, repo::Repo};

pub struct Stage {
    pub name: &'static str,
    pub about: &'static str,
    /// Stages without which this one cannot run.
    pub after: &'static [&'static str],
    pub run: fn(&mut TestRun) -> Result<()>,
}

pub const STAGES: &[Stage] = &[
    Stage { name: "needs", about: "what the tests need", after: &[], run: |_| needs::provide() },
    Stage { name: "fmt", about: "cargo fmt --check", after: &[], run: fmt },
    Stage {
        name: "build-tests",
        about: "the tests, compiled by clippy, warnings denied",
        after: &[],
        run: build_tests,
    },
    Stage {
        name: "build-binary",
        about: "the binary that the browser drives",
        after: &["build-tests"],
        run: build_binary,
    },
    Stage { name: "check", about: "rules that no compiler holds", after: &[], run: checks },
    Stage {
        name: "tests",
        about: "unit, contract, protocol and page tests",
        after: &["needs", "build-tests"],
        run: tests,
    },
    Stage { name: "e2e", about: "stories in a browser", after: &["needs", "build-binary"], run: e2e },
];

fn fmt(test_run: &mut TestRun) -> Result<()> {
    process::watch(&mut test_run.cargo(&["fmt", "--all", "--check"]), |_| {})
}

fn build_tests(test_run: &mut TestRun) -> Result<()> {
    process::watch(&mut test_run.cargo(&["test", "--workspace", "--no-run"]), |_| {})
}

/// Of the whole workspace, so that every crate keeps the features with which the tests were compiled.
fn build_binary(test_run: &mut TestRun) -> Result<()> {
    process::watch(&mut test_run.cargo(&["build", "--workspace", "--bins"]), |_| {})
}

fn checks(_: &mut TestRun) -> Result<()> {
    match check::run(&[])? {
        Outcome::Green => Ok(()),
        Outcome::Red => bail!("the checkout breaks rules of the house, listed above"),
    }
}

/// Read by the harness of tests.
const TEST_THREADS: &str = "RUST_TEST_THREADS";

fn tests(test_run: &mut TestRun) -> Result<()> {
    let mut counted = Tally::default();
    let mut command = test_run.cargo(&["test", "--workspace", "--all-targets", "--no-fail-fast"]);
    if std::env::var_os(TEST_THREADS).is_none() {
        // One more than there are processors: the long tests wait most of their time for what they have set going.
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        command.env(TEST_THREADS, (processors + 1).to_string());
    }
    let mut ended = process::watch(&mut command, |line| counted.see_cargo(line));
    // Asking a crate that has no examples in its documentation takes as long as compiling them.
    for package in doc_tests::packages(&Repo::read()?) {
        let mut command = test_run.cargo(&["test", "--doc", "--no-fail-fast", "--package", &package]);
        ended = ended.and(process::watch(&mut command, |line| counted.see_cargo(line)));
    }
    finish(test_run, counted, ended)
}

fn e2e(test_run: &mut TestRun) -> Result<()> {
    let folder = test_run.root.join("e2e");
    let lock = std::fs::read(folder.join("package-lock.json")).context("e2e/package-lock.json")?;
    let stamp = folder.join("node_modules/.installed-lock.json");
    if std::fs::read(&stamp).ok() != Some(lock.clone()) {
        // From the lock file only, and no script of a package is run.
        let mut install = process::command("npm", &folder);
        process::watch(install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]), |_| {})?;
        std::fs::write(&stamp, &lock)?;
    }
    let chromium = needs::chromium().context("Chromium is missing")?;
    let mut counted = Tally::default();
    let mut command = process::command("npm", &folder);
    command.args(["test", "--silent"]).env("CHROMIUM", chromium);
    let ended = process::watch(&mut command, |line| counted.see_node(line));
    finish(test_run, counted, ended)
}

/// A run counts when it executed tests and skipped none.
fn finish(test_run: &mut TestRun, counted: Tally, ended: Result<()>) -> Result<()> {
    test_run.tally.add(&counted);
    ended?;
    if counted.failed > 0 {
        bail!("{} tests failed", counted.failed);
    }
    if counted.skipped > 0 {
        bail!("{} tests were skipped; a test that cannot run has failed", counted.skipped);
    }
    if counted.passed == 0 {
        bail!("no test ran");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test_run() -> TestRun {
        TestRun { root: ".".into(), tally: Tally::default(), in_ci: false }
    }

    fn fault(counted: Tally) -> String {
        finish(&mut test_run(), counted, Ok(())).unwrap_err().to_string()
    }

    #[test]
    fn skipped_and_empty_runs_are_failures() {
        assert!(fault(Tally { passed: 2, failed: 0, skipped: 1 }).contains("skipped"));
        assert!(fault(Tally::default()).contains("no test ran"));
        assert!(fault(Tally { passed: 2, failed: 1, skipped: 0 }).contains("1 tests failed"));
    }

    #[test]
    fn a_good_run_is_added_up() {
        let mut test_run = test_run();
        finish(&mut test_run, Tally { passed: 2, failed: 0, skipped: 0 }, Ok(())).unwrap();
        finish(&mut test_run, Tally { passed: 3, failed: 0, skipped: 0 }, Ok(())).unwrap();
        assert_eq!(test_run.tally.passed, 5);
    }
}
