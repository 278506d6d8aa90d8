//! docs/requirements.md is whole and true: 251 rows under stable ids; a test named in a row exists and cites
//! the row; a citation in a test stands in the list.

use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};

use super::Report;
use crate::{
    repo::Repo,
    requirements::{
        PATH,
        citation::{self, Citation, Extent},
        table::{self, Row, State},
    },
};

/// How many requirements each founding document has. Ids are never given anew.
const COUNTS: [(&str, usize); 5] = [("000", 50), ("001", 37), ("002", 45), ("003", 57), ("004", 62)];

pub fn run(repo: &Repo) -> Result<Report> {
    let rows = table::parse(repo.text(PATH)?)?;
    let (found, mut faults) = citation::all(repo);
    faults.extend(id_faults(&rows));
    faults.extend(row_faults(&rows, &found));
    Ok(Report { seen: table::summary(&rows), faults, notes: Vec::new() })
}

fn id_faults(rows: &[Row]) -> Vec<String> {
    let wanted =
        COUNTS.iter().flat_map(|(document, count)| (1..=*count).map(move |n| format!("R-{document}-{n:02}")));
    let wanted: Vec<String> = wanted.collect();
    let listed: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    if listed == wanted {
        return Vec::new();
    }
    let known: BTreeSet<&str> = listed.iter().copied().collect();
    let mut faults: Vec<String> = wanted
        .iter()
        .filter(|id| !known.contains(id.as_str()))
        .map(|id| format!("{PATH}: row {id} is missing"))
        .collect();
    faults.extend(
        listed
            .iter()
            .filter(|id| !wanted.iter().any(|known| known == *id))
            .map(|id| format!("{PATH}: {id} is no requirement")),
    );
    if faults.is_empty() {
        faults.push(format!("{PATH}: rows are doubled or out of order"));
    }
    faults
}

fn row_faults(rows: &[Row], found: &[Citation]) -> Vec<String> {
    let mut faults = Vec::new();
    let tests: BTreeSet<&str> = found.iter().map(|citation| citation.test.as_str()).collect();
    let mut cited: BTreeMap<&str, BTreeMap<&str, Extent>> = BTreeMap::new();
    for citation in found {
        for (id, extent) in &citation.ids {
            cited.entry(id).or_default().insert(&citation.test, *extent);
        }
    }
    for row in rows {
        let by = cited.remove(row.id.as_str()).unwrap_or_default();
        for test in &row.tests {
            if !tests.contains(test.as_str()) {
                faults.push(format!("{}: there is no test `{test}`", row.id));
            } else if !by.contains_key(test.as_str()) {
                faults.push(format!("{}: the test `{test}` does not cite `// {}`", row.id, row.id));
            }
        }
        for test in by.keys().filter(|test| !row.tests.iter().any(|listed| listed == *test)) {
            faults.push(format!("{}: `{test}` cites it; run `cargo xtask requirements --scan`", row.id));
        }
        let state = State::of(by.values().copied());
        if row.state != state {
            faults.push(format!("{}: the list says {}, its tests say {state}", row.id, row.state));
        }
    }
    for (id, tests) in cited {
        let tests: Vec<&str> = tests.into_keys().collect();
        faults.push(format!("{id} is no requirement, cited in {}", tests.join(", ")));
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str =
        "| R-000-01 | a | b | core | | *open* |\n| R-000-02 | a | b | core | `t/a.rs::one` | shown |\n";

    fn faults(list: &str, source: &str) -> Vec<String> {
        let (found, _) = citation::all(&Repo::of(&[("t/a.rs", source)]));
        row_faults(&table::parse(list).unwrap(), &found)
    }

    #[test]
    fn a_row_with_its_test_is_in_order() {
        assert!(faults(LIST, "// R-000-02\n#[test]\nfn one() {}\n").is_empty());
    }

    #[test]
    fn a_test_that_is_gone_or_silent_is_found() {
        assert!(
            faults(LIST, "// R-000-02\n#[test]\nfn other() {}\n")
                .iter()
                .any(|f| f.contains("there is no test"))
        );
        assert!(faults(LIST, "#[test]\nfn one() {}\n").iter().any(|f| f.contains("does not cite")));
    }

    #[test]
    fn unlisted_unknown_and_partial_citations_are_found() {
        assert_eq!(faults(LIST, "// R-000-01, R-000-02\n#[test]\nfn one() {}\n").len(), 2);
        assert_eq!(faults(LIST, "// R-000-02 R-009-99\n#[test]\nfn one() {}\n").len(), 1);
        assert_eq!(
            faults(LIST, "// R-000-02 (part)\n#[test]\nfn one() {}\n"),
            ["R-000-02: the list says shown, its tests say part"]
        );
    }

    #[test]
    fn every_id_must_stand_in_the_list() {
        assert_eq!(id_faults(&table::parse(LIST).unwrap()).len(), 249);
    }
}
