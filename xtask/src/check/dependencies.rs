//! docs/dependencies.md has a row for each direct dependency, of the workspace, the browser tests and
//! the measurements, and none for what is gone.

use anyhow::{Context, Result};
use std::collections::BTreeSet;

use super::Report;
use crate::repo::Repo;

pub const PATH: &str = "docs/dependencies.md";

pub fn run(repo: &Repo) -> Result<Report> {
    let workspace: toml::Table = repo.text("Cargo.toml")?.parse()?;
    let listed = workspace["workspace"]["dependencies"]
        .as_table()
        .context("Cargo.toml: no [workspace.dependencies]")?;
    let foreign = listed.iter().filter(|(_, how)| how.get("path").is_none()).map(|(name, _)| name.clone());
    let mut wanted: BTreeSet<String> = foreign.collect();

    let mut report = Report::default();
    let members: String = repo.ending("/Cargo.toml").map(|(_, text)| text).collect::<Vec<_>>().join("\n");
    for unused in wanted.iter().filter(|name| !members.contains(&format!("\n{name}.workspace = true"))) {
        report.notes.push(format!("no crate uses `{unused}`: take it out of Cargo.toml"));
    }

    for (path, text) in repo.ending("/package.json") {
        let package: serde_json::Value = serde_json::from_str(text).context(path.to_owned())?;
        for kind in ["dependencies", "devDependencies"] {
            wanted.extend(package[kind].as_object().into_iter().flat_map(|object| object.keys().cloned()));
        }
    }

    let rows = rows(repo.text(PATH)?);
    for missing in wanted.difference(&rows) {
        report
            .faults
            .push(format!("{PATH}: no row for `{missing}`: why it, over what, keeper, licence, weight"));
    }
    for gone in rows.difference(&wanted) {
        report.faults.push(format!("{PATH}: `{gone}` is no dependency: take its row out"));
    }
    report.seen = format!("{} dependencies", wanted.len());
    Ok(report)
}

/// Names between backticks in the first column of any table.
fn rows(text: &str) -> BTreeSet<String> {
    let firsts = text.lines().filter_map(|line| line.strip_prefix("| `")?.split('|').next());
    firsts
        .flat_map(|first| first.split('`').step_by(2))
        .filter(|name| !name.trim_matches([' ', ',']).is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_dependencies_are_compared_both_ways() {
        let report = run(&Repo::of(&[
            ("Cargo.toml", "[workspace.dependencies]\nident = { path = \"crates/ident\" }\nserde = \"1\"\nbytes = \"1\"\n"),
            ("crates/a/Cargo.toml", "[dependencies]\nserde.workspace = true\n"),
            ("e2e/package.json", r#"{"devDependencies": {"jsqr": "1.4.0"}}"#),
            (PATH, "| Crate | Why |\n|---|---|\n| `serde`, `jsqr` | |\n| `ring` | |\n"),
        ]))
        .unwrap();
        assert_eq!(report.faults.len(), 2, "{report:?}");
        assert_eq!(report.notes, ["no crate uses `bytes`: take it out of Cargo.toml"]);
    }
}
