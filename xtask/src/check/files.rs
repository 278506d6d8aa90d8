//! Files that a reader can hold in the head: what each is for stands first, none is too long, none is `mod.rs`.

use anyhow::Result;

use super::Report;
use crate::repo::Repo;

/// Lines at which a Rust file is worth a second look, and those past which it must be split.
const LOOK_AGAIN: usize = 500;
const SPLIT: usize = 800;

pub fn run(repo: &Repo) -> Result<Report> {
    let mut report = Report::default();
    let mut lines_of_all = 0;
    let mut files = 0;
    for (path, text) in repo.ending(".rs") {
        let lines = text.lines().count();
        files += 1;
        lines_of_all += lines;
        if lines > SPLIT {
            report.faults.push(format!("{path}: {lines} lines; split it, {SPLIT} are the most"));
        } else if lines > LOOK_AGAIN {
            report.notes.push(format!("{path}: {lines} lines"));
        }
        if path.ends_with("/mod.rs") {
            report.faults.push(format!("{path}: a module `foo` lies in `foo.rs`, its parts in `foo/`"));
        }
        let purpose = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with("#!["));
        if !purpose.is_some_and(|line| line.starts_with("//!")) {
            report.faults.push(format!("{path}: begin with `//!` and what the file is for"));
        }
    }
    report.seen = format!("{files} Rust files, {lines_of_all} lines");
    Ok(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_nameless_files_are_found() {
        let long = format!("//! Long.\n{}", "\n".repeat(800));
        let longish = format!("//! Longish.\n{}", "\n".repeat(600));
        let report = run(&Repo::of(&[
            ("a.rs", &long),
            ("b.rs", &longish),
            ("c.rs", "fn c() {}\n"),
            ("d/mod.rs", "//! D.\n"),
            ("e.rs", "#![no_main]\n\n//! E.\n"),
        ]))
        .unwrap();
        assert_eq!((report.faults.len(), report.notes.len()), (3, 1), "{report:?}");
    }
}
