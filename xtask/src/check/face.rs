//! What the project shows of itself: no folder of somebody's machine, no package registry's host name,
//! in any file that is committed.

use anyhow::Result;

use super::Report;
use crate::repo::Repo;

/// Written in two pieces, so that this file does not hold what it looks for.
const WORDS: &[(&str, &str)] = &[
    (concat!("/ro", "ot/"), "a folder of one machine"),
    (concat!("/ho", "me/"), "a folder of one machine"),
    (concat!("/wo", "rk/"), "a folder of one machine"),
    (concat!("/Us", "ers/"), "a folder of one machine"),
    (concat!("C:\\", "Users"), "a folder of one machine"),
    (concat!("crates", ".io"), "a registry's host"),
    (concat!("registry.", "npmjs"), "a registry's host"),
    (concat!("npmjs", ".com"), "a registry's host"),
    (concat!("pypi", ".org"), "a registry's host"),
    (concat!("python", "hosted"), "a registry's host"),
    (concat!("deb.", "debian.org"), "a registry's host"),
];

/// Cargo names its registry in each entry of its own lock file.
const CARGO_LOCK: &str = "Cargo.lock";

pub fn run(repo: &Repo) -> Result<Report> {
    let mut report = Report::default();
    let mut files = 0;
    for (path, text) in repo.texts().filter(|(path, _)| *path != CARGO_LOCK) {
        files += 1;
        for (at, line) in text.lines().enumerate() {
            for (word, what) in WORDS.iter().filter(|(word, _)| names(line, word)) {
                report.faults.push(format!("{path}:{}: `{word}` is {what}", at + 1));
            }
        }
    }
    report.seen = format!("{files} texts");
    Ok(report)
}

/// A folder counts where a path can begin, and not inside another path or an address.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !word.starts_with('/')
            || !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '}' | ')'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machine_paths_and_registries_are_found() {
        let bad =
            format!("see {} and\n{} \n", concat!("/ro", "ot/x"), concat!("https://pypi", ".org/project"));
        let good = concat!("docs/ho", "me/x and a/wo", "rk/b and https://example.se/ho", "me/\n");
        let report = run(&Repo::of(&[
            ("bad.md", &bad),
            ("good.md", good),
            ("Cargo.lock", concat!("crates", ".io-index")),
        ]))
        .unwrap();
        assert_eq!(report.faults.len(), 2, "{report:?}");
        assert_eq!(report.seen, "2 texts");
    }
}
