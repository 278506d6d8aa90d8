//! `targets.md` against the targets: a parser without one is seen, and so is a target that is gone.

use crate::mutate::TARGETS;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The targets that a row names, between back quotes in its last column.
fn named() -> BTreeSet<String> {
    let rows = include_str!("targets.md").lines().filter(|line| line.starts_with("| "));
    let last = rows.filter_map(|row| row.trim_end_matches('|').trim_end().rsplit('|').next());
    last.flat_map(|cell| cell.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

#[test]
fn the_table_names_every_target_and_no_other() {
    let targets: BTreeSet<String> = TARGETS.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(targets.len(), TARGETS.len(), "a name stands there twice");
    assert_eq!(named(), targets);
}

#[test]
fn every_target_is_driven_somewhere() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let mut sources = std::fs::read_to_string(root.join("../web/tests/it/fuzz.rs")).unwrap();
    for folder in [root.join("tests/fuzz"), root.join("../web/tests/it/fuzz")] {
        for file in std::fs::read_dir(folder).unwrap() {
            sources += &std::fs::read_to_string(file.unwrap().path()).unwrap();
        }
    }
    let missing = TARGETS.iter().filter(|name| !sources.contains(&format!("drive(\"{name}\"")));
    assert_eq!(missing.collect::<Vec<_>>(), Vec::<&&str>::new());
}
