//! docs/glossary.md names what the code has: each term in its first column is an item of some crate.

use anyhow::Result;
use std::collections::BTreeSet;

use super::Report;
use crate::{repo::Repo, rust_source::RustSource};

pub const PATH: &str = "docs/glossary.md";

/// What can be named in the glossary, by the word before it.
const ITEMS: &[&str] = &["struct", "enum", "trait", "fn", "mod", "type", "const"];

pub fn run(repo: &Repo) -> Result<Report> {
    let mut report = Report::default();
    let items = items(repo);
    let mut terms = 0;
    for (at, line) in repo.text(PATH)?.lines().enumerate().filter(|(_, line)| line.starts_with("| `")) {
        let first = line.trim_start_matches('|').split('|').next().unwrap_or_default();
        for term in first.split('`').skip(1).step_by(2) {
            terms += 1;
            let name = term.rsplit("::").next().unwrap_or(term);
            if !items.contains(name) {
                report.faults.push(format!("{PATH}:{}: nothing in the code is called `{term}`", at + 1));
            }
        }
    }
    report.seen = format!("{terms} terms");
    Ok(report)
}

/// Names of items and of the variants of enums.
fn items(repo: &Repo) -> BTreeSet<String> {
    let mut items = BTreeSet::new();
    for (_, text) in repo.ending(".rs") {
        let code = RustSource::parse(text).code;
        let words: Vec<&str> =
            code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
        let named = words.windows(2).filter(|pair| ITEMS.contains(&pair[0])).map(|pair| pair[1].to_owned());
        items.extend(named);
        // A variant, or a name that a macro makes an item of, stands first on its line.
        for line in code.lines() {
            let name: String =
                line.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let rest = line.trim_start().get(name.len()..).unwrap_or_default();
            if name.starts_with(char::is_uppercase) && (rest.is_empty() || rest.starts_with([',', '(', ' ']))
            {
                items.insert(name);
            }
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_without_an_item_is_found() {
        let code =
            "pub struct Mandate {}\npub enum Kind {\n    User,\n    Admin(u8),\n}\nid!(\n    PartyId\n);\n";
        let table = "| Code | Swedish |\n|---|---|\n| `Mandate`, `Kind::User`, `PartyId` | fullmakt |\n| `Gone` | borta |\n";
        let report = run(&Repo::of(&[(PATH, table), ("a.rs", code)])).unwrap();
        assert_eq!(report.faults, ["docs/glossary.md:4: nothing in the code is called `Gone`"]);
        assert_eq!(report.seen, "4 terms");
    }
}
