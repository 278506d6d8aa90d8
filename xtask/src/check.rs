//! `cargo xtask check`: rules of the house that no compiler holds, each in a file of its own.
//! None needs a network; each says what it looked at, so that a check that sees nothing is noticed.

mod deny;
mod dependencies;
mod face;
mod files;
mod glossary;
mod layers;
mod links;
mod named_tests;
mod requirements;
mod sql;

use anyhow::{Context, Result, bail};

use crate::{Outcome, repo::Repo, say};

/// What one check found.
#[derive(Debug, Default)]
pub struct Report {
    /// What was looked at, such as `17 crates`.
    pub seen: String,
    /// Each breaks a rule: where, and what to do.
    pub faults: Vec<String>,
    /// Worth a look, no fault.
    pub notes: Vec<String>,
}

struct Check {
    name: &'static str,
    run: fn(&Repo) -> Result<Report>,
}

const CHECKS: &[Check] = &[
    Check { name: "layers", run: layers::run },
    Check { name: "sql", run: sql::run },
    Check { name: "requirements", run: requirements::run },
    Check { name: "tests", run: named_tests::run },
    Check { name: "deny", run: deny::run },
    Check { name: "dependencies", run: dependencies::run },
    Check { name: "files", run: files::run },
    Check { name: "face", run: face::run },
    Check { name: "links", run: links::run },
    Check { name: "glossary", run: glossary::run },
];

/// Runs the named checks, or all of them.
pub fn run(names: &[String]) -> Result<Outcome> {
    if let Some(unknown) = names.iter().find(|name| CHECKS.iter().all(|check| check.name != *name)) {
        let known: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
        bail!("there is no check `{unknown}`; there are: {}", known.join(", "));
    }
    let repo = Repo::read()?;
    let mut faults = 0;
    for check in CHECKS.iter().filter(|check| names.is_empty() || names.iter().any(|name| name == check.name))
    {
        let report = (check.run)(&repo).with_context(|| format!("check {}", check.name))?;
        let verdict = if report.faults.is_empty() {
            "ok".to_owned()
        } else {
            format!("{} faults", report.faults.len())
        };
        say::line(format!("check {:13} {verdict:10} {}", check.name, report.seen));
        for note in &report.notes {
            say::line(format!("    note: {note}"));
        }
        for fault in &report.faults {
            say::line(format!("    {fault}"));
        }
        faults += report.faults.len();
    }
    if faults > 0 {
        say::line(format!("check: {faults} faults to mend"));
        return Ok(Outcome::Red);
    }
    Ok(Outcome::Green)
}
