//! Licences, banned crates, doubled versions and sources, by `deny.toml`: the format of cargo-deny, read here
//! over what Cargo itself knows offline, so that the check runs where no advisory database can be reached.
//!
//! Cargo's tree and not its metadata is asked: the metadata also lists optional crates that nothing turns on.

mod licence;

use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

use super::Report;
use crate::{process, repo::Repo};

pub const PATH: &str = "deny.toml";

/// One foreign crate that is compiled for this machine, for the product or its tests.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Crate {
    name: String,
    version: String,
    licence: String,
}

pub fn run(repo: &Repo) -> Result<Report> {
    let rules: Table = repo.text(PATH)?.parse().context(PATH)?;
    let tree = process::output(process::cargo(&repo.root).args([
        "tree",
        "--offline",
        "--workspace",
        "--edges",
        "normal,build,dev",
        "--prefix",
        "none",
        "--format",
        "{p}|{l}",
    ]))?;
    let crates = crates(&tree);
    let mut report = Report { seen: format!("{} foreign crates", crates.len()), ..Report::default() };
    report.faults.extend(licence_faults(&rules, &crates)?);
    report.faults.extend(ban_faults(&rules, &crates)?);
    let (faults, notes) = version_faults(&rules, &crates)?;
    report.faults.extend(faults);
    report.notes.extend(notes);
    report.faults.extend(source_faults(repo.text("Cargo.lock")?)?);
    Ok(report)
}

/// Lines such as `serde v1.0.0|MIT` or `x v1 (proc-macro)|MIT (*)`. Ours have a path and are left out.
fn crates(tree: &str) -> BTreeSet<Crate> {
    let parse = |line: &str| {
        let (package, licence) = line.split_once('|')?;
        let mut words = package.split(' ');
        let (name, version) = (words.next()?, words.next()?.strip_prefix('v')?);
        let ours = words.any(|word| word.starts_with("(/") || word.contains(":\\"));
        let licence = licence.trim_end_matches("(*)").trim();
        (!ours).then(|| Crate { name: name.into(), version: version.into(), licence: licence.into() })
    };
    tree.lines().filter_map(parse).collect()
}

/// The texts in a list such as `licenses.allow`; a list of tables gives the text under `key`.
fn texts<'a>(rules: &'a Table, section: &str, list: &str, key: &str) -> Result<Vec<&'a str>> {
    let entries = rules.get(section).and_then(|section| section.get(list)).and_then(Value::as_array);
    let entries = entries.with_context(|| format!("{PATH}: no list `{list}` under [{section}]"))?;
    let text = |entry: &'a Value| entry.as_str().or_else(|| entry.get(key)?.as_str());
    entries
        .iter()
        .map(|entry| text(entry).with_context(|| format!("{PATH}: {list}: cannot read {entry}")))
        .collect()
}

fn licence_faults(rules: &Table, crates: &BTreeSet<Crate>) -> Result<Vec<String>> {
    let allowed: BTreeSet<&str> = texts(rules, "licenses", "allow", "license")?.into_iter().collect();
    let refused = crates.iter().filter(|one| !licence::satisfied(&one.licence, &|id| allowed.contains(id)));
    let fault = |one: &Crate| {
        format!("{} {}: licence `{}` is not allowed by {PATH}", one.name, one.version, one.licence)
    };
    Ok(refused.map(fault).collect())
}

fn ban_faults(rules: &Table, crates: &BTreeSet<Crate>) -> Result<Vec<String>> {
    let banned = texts(rules, "bans", "deny", "crate")?;
    let found = crates.iter().filter(|one| banned.contains(&one.name.as_str()));
    let fault = |one: &Crate| {
        format!(
            "{} {} is banned by {PATH}; `cargo tree -i {}` tells who wants it",
            one.name, one.version, one.name
        )
    };
    Ok(found.map(fault).collect())
}

/// Two versions of one crate, unless `bans.skip` names one of them with a reason.
fn version_faults(rules: &Table, crates: &BTreeSet<Crate>) -> Result<(Vec<String>, Vec<String>)> {
    let skipped: BTreeSet<&str> = texts(rules, "bans", "skip", "crate")?.into_iter().collect();
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for one in crates {
        versions.entry(&one.name).or_default().insert(&one.version);
    }
    let doubled: BTreeSet<&str> =
        versions.iter().filter(|(_, all)| all.len() > 1).map(|(name, _)| *name).collect();
    let mut faults = Vec::new();
    for (name, all) in versions {
        let unexcused: Vec<&str> = all
            .into_iter()
            .filter(|version| !skipped.iter().any(|skip| excuses(skip, name, version)))
            .collect();
        if unexcused.len() > 1 {
            faults.push(format!(
                "{name} comes in versions {}: unify, or excuse one in {PATH}",
                unexcused.join(", ")
            ));
        }
    }
    let idle = skipped.iter().filter(|skip| !doubled.contains(skip.split('@').next().unwrap_or(skip)));
    let notes = idle.map(|skip| format!("{PATH}: `{skip}` is not doubled any more")).collect();
    Ok((faults, notes))
}

/// `name@1.2` covers 1.2 and all 1.2.x.
fn excuses(skip: &str, name: &str, version: &str) -> bool {
    skip.split_once('@').is_some_and(|(skipped, prefix)| {
        let rest = version.strip_prefix(prefix);
        skipped == name && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

/// Every foreign crate comes from Cargo's default registry with a checksum: no Git, no second registry.
fn source_faults(lock: &str) -> Result<Vec<String>> {
    let lock: Table = lock.parse().context("Cargo.lock")?;
    let packages = lock.get("package").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut faults = Vec::new();
    for package in packages {
        let (name, source) =
            (package.get("name").and_then(Value::as_str), package.get("source").and_then(Value::as_str));
        let default =
            source.is_none_or(|source| source.starts_with("registry+https://github.com/rust-lang/"));
        if !default || source.is_some() && package.get("checksum").is_none() {
            faults.push(format!("{}: comes from {}", name.unwrap_or("?"), source.unwrap_or("nowhere")));
        }
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &str = r#"
        [licenses]
        allow = ["MIT"]
        [bans]
        deny = [{ crate = "openssl-sys", reason = "one cryptographic library" }]
        skip = [{ crate = "nom@7", reason = "x" }, { crate = "gone@1", reason = "y" }]
    "#;

    #[test]
    fn the_tree_is_read_without_our_own() {
        let tree =
            "app v0.1.0 (/x/app)|MIT\nserde v1.0.0|MIT OR Apache-2.0 (*)\nd v2.0.0 (proc-macro)|ISC\n\n";
        let names: Vec<String> = crates(tree)
            .into_iter()
            .map(|one| format!("{} {} {}", one.name, one.version, one.licence))
            .collect();
        assert_eq!(names, ["d 2.0.0 ISC", "serde 1.0.0 MIT OR Apache-2.0"]);
    }

    #[test]
    fn licences_bans_and_versions_are_held() {
        let rules: Table = RULES.parse().unwrap();
        let crates = crates(
            "openssl-sys v0.9.0|MIT\nnom v7.1.3|MIT\nnom v8.0.0|MIT\na v1.0.0|GPL-3.0\nsyn v1.0.0|MIT\nsyn v2.0.0|MIT\n",
        );
        assert_eq!(licence_faults(&rules, &crates).unwrap().len(), 1);
        assert_eq!(ban_faults(&rules, &crates).unwrap().len(), 1);
        let (faults, notes) = version_faults(&rules, &crates).unwrap();
        assert_eq!(faults, ["syn comes in versions 1.0.0, 2.0.0: unify, or excuse one in deny.toml"]);
        assert_eq!(notes, ["deny.toml: `gone@1` is not doubled any more"]);
    }

    #[test]
    fn only_the_default_registry_is_a_source() {
        let lock = "[[package]]\nname = \"ours\"\n[[package]]\nname = \"a\"\nsource = \"git+https://x\"\n";
        assert_eq!(source_faults(lock).unwrap(), ["a: comes from git+https://x"]);
    }
}
