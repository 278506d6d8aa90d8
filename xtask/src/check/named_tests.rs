//! Papers that say "shown by" name tests that exist: the threat model, the table of bad input, and any other.

use anyhow::Result;
use std::collections::BTreeSet;

use super::Report;
use crate::{
    repo::Repo,
    requirements::{self, citation},
};

pub fn run(repo: &Repo) -> Result<Report> {
    let (found, _) = citation::all(repo);
    let tests: BTreeSet<&str> = found.iter().map(|citation| citation.test.as_str()).collect();
    let mut report = Report::default();
    let mut named = 0;
    // The list of requirements has a check of its own, which says more.
    for (path, text) in repo.ending(".md").filter(|(path, _)| *path != requirements::PATH) {
        for (at, line) in text.lines().enumerate() {
            for name in line.split('`').skip(1).step_by(2).filter(|name| is_test_name(name)) {
                named += 1;
                if !tests.contains(name) {
                    report.faults.push(format!("{path}:{}: there is no test `{name}`", at + 1));
                }
            }
        }
    }
    report.seen = format!("{named} named, {} there are", tests.len());
    Ok(report)
}

fn is_test_name(name: &str) -> bool {
    name.split_once("::").is_some_and(|(path, test)| {
        !test.is_empty() && path.contains('/') && (path.ends_with(".rs") || path.ends_with(".test.mjs"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_that_is_gone_is_found() {
        let paper =
            "| x | `t/a.rs::one`, `t/a.rs::two` | `e2e/b.test.mjs::logs in` `path::test` `std::fs` |\n";
        let report = run(&Repo::of(&[
            ("docs/threat-model.md", paper),
            ("t/a.rs", "#[test]\nfn one() {}\n"),
            ("e2e/b.test.mjs", "test('logs in', () => {});\n"),
        ]))
        .unwrap();
        assert_eq!(report.faults, ["docs/threat-model.md:1: there is no test `t/a.rs::two`"]);
        assert_eq!(report.seen, "3 named, 2 there are");
    }
}
