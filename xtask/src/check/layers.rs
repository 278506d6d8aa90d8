//! The order of the house (ARCHITECTURE.md): a crate uses only crates before it, and what is dangerous
//! has one owner. What a crate needs for its tests only is free: a test may look at everything.

use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeMap;

use super::Report;
use crate::{process, repo::Repo, rust_source::RustSource};

/// From the ground up.
const ORDER: &[&str] = &[
    "ident",
    "domain",
    "catalogue",
    "authority",
    "activity",
    "keyring",
    "trust",
    "oidc",
    "store",
    "login",
    "notify",
    "app",
    "page",
    "employer",
    "web",
    "api",
    "sandbox",
    // Uses none of them: it stands outside, as the e-services of others do.
    "example",
    "server",
    // Fills stores for measurements; not part of the product.
    "bench",
];

/// Crates of ours that only the named ones may use: no page reaches the store, a key or a provider but through `app`.
const DOORS: &[(&str, &[&str])] = &[
    ("store", &["app", "server", "bench"]),
    ("keyring", &["store", "app", "server", "bench"]),
    ("trust", &["login", "app", "server"]),
    ("notify", &["app", "server"]),
    ("oidc", &["app", "web", "api", "server", "bench"]),
    ("sandbox", &["server"]),
];

/// Crates of others that only the named ones of ours may use.
const OWNERS: &[(&str, &[&str])] = &[
    ("rusqlite", &["store"]),
    ("tokio-postgres", &["store"]),
    ("askama", &["page", "web", "employer", "sandbox"]),
    ("fluent-bundle", &["page"]),
    ("roxmltree", &["trust"]),
    ("reqwest", &["login", "notify", "example", "server"]),
    ("lettre", &["notify"]),
    ("rcgen", &["sandbox", "server"]),
    ("anyhow", &["server", "bench", "xtask"]),
];

/// No input, output, clock or chance of their own: what they need comes in as a value.
const PURE: &[&str] = &["ident", "domain", "catalogue", "authority", "oidc"];
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::thread",
    "SystemTime",
    "tokio::",
    "Instant::elapsed",
    "println!",
    "eprintln!",
];

/// What one member of the workspace uses in its own code and build script.
type Uses = BTreeMap<String, Vec<String>>;

pub fn run(repo: &Repo) -> Result<Report> {
    let told = process::output(process::cargo(&repo.root).args([
        "metadata",
        "--offline",
        "--no-deps",
        "--format-version",
        "1",
    ]))?;
    let uses = uses(&serde_json::from_str(&told)?)?;
    let mut faults = order_faults(&uses);
    faults.extend(owner_faults(&uses));
    faults.extend(purity_faults(repo));
    Ok(Report { seen: format!("{} crates in order", uses.len()), faults, notes: Vec::new() })
}

fn uses(metadata: &Value) -> Result<Uses> {
    let packages = metadata["packages"].as_array().context("Cargo's metadata lists no packages")?;
    let used = |package: &Value| -> Vec<String> {
        let all = package["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
        let own = all.iter().filter(|dependency| dependency["kind"].as_str() != Some("dev"));
        own.filter_map(|dependency| dependency["name"].as_str()).map(str::to_owned).collect()
    };
    Ok(packages.iter().filter_map(|p| Some((p["name"].as_str()?.to_owned(), used(p)))).collect())
}

fn place(name: &str) -> Option<usize> {
    ORDER.iter().position(|listed| *listed == name)
}

fn order_faults(uses: &Uses) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, used) in uses.iter().filter(|(name, _)| *name != "xtask") {
        let Some(own) = place(name) else {
            faults.push(format!("crate `{name}` has no place in the order: give it one in xtask/src/check/layers.rs and ARCHITECTURE.md"));
            continue;
        };
        for other in used.iter().filter(|other| uses.contains_key(*other)) {
            match place(other) {
                Some(theirs) if theirs < own => {}
                _ => faults.push(format!("`{name}` uses `{other}`, which stands above it in the house")),
            }
        }
    }
    for ours in uses.get("xtask").into_iter().flatten().filter(|other| uses.contains_key(*other)) {
        faults.push(format!("`xtask` uses `{ours}`: it must build before anything else does"));
    }
    faults
}

fn owner_faults(uses: &Uses) -> Vec<String> {
    let mut faults = Vec::new();
    for (what, owners) in DOORS.iter().chain(OWNERS) {
        for (name, used) in uses {
            if used.iter().any(|other| other == what) && !owners.contains(&name.as_str()) {
                faults.push(format!("`{name}` uses `{what}`, which only {} may", owners.join(", ")));
            }
        }
    }
    faults
}

fn purity_faults(repo: &Repo) -> Vec<String> {
    let mut faults = Vec::new();
    for pure in PURE {
        let folder = format!("crates/{pure}/src/");
        for (path, text) in repo.ending(".rs").filter(|(path, _)| path.starts_with(&folder)) {
            let source = RustSource::parse(text);
            let own = source.code.lines().enumerate().take(source.tests_begin().saturating_sub(1));
            for (at, line) in own {
                for word in IMPURE.iter().filter(|word| line.contains(**word)) {
                    faults
                        .push(format!("{path}:{}: `{word}` in a crate that does no input or output", at + 1));
                }
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names of a crate's dependencies, each with its kind as Cargo tells it.
    type Used<'a> = &'a [(&'a str, Option<&'a str>)];

    fn of(packages: &[(&str, Used)]) -> Uses {
        let packages: Vec<Value> = packages
            .iter()
            .map(|(name, used)| {
                let used: Vec<Value> =
                    used.iter().map(|(name, kind)| serde_json::json!({"name": name, "kind": kind})).collect();
                serde_json::json!({"name": name, "dependencies": used})
            })
            .collect();
        uses(&serde_json::json!({ "packages": packages })).unwrap()
    }

    #[test]
    fn downwards_is_in_order_and_tests_are_free() {
        let uses = of(&[
            ("ident", &[]),
            ("domain", &[("ident", None), ("server", Some("dev"))]),
            ("server", &[("domain", None)]),
        ]);
        assert!(order_faults(&uses).is_empty());
    }

    #[test]
    fn upwards_unknown_and_from_xtask_are_faults() {
        let uses = of(&[
            ("ident", &[("domain", None)]),
            ("domain", &[]),
            ("shed", &[]),
            ("xtask", &[("ident", None)]),
        ]);
        assert_eq!(order_faults(&uses).len(), 3);
    }

    #[test]
    fn a_page_must_not_reach_the_store() {
        let uses = of(&[("store", &[("rusqlite", None)]), ("web", &[("store", None), ("rusqlite", None)])]);
        assert_eq!(owner_faults(&uses).len(), 2);
    }

    #[test]
    fn pure_crates_are_read_without_their_comments_and_tests() {
        let text = "//! Never std::fs.\nuse std::fs;\n#[cfg(test)]\nmod tests {\n    use std::env;\n}\n";
        let repo = Repo::of(&[("crates/domain/src/a.rs", text), ("crates/store/src/a.rs", text)]);
        assert_eq!(
            purity_faults(&repo),
            ["crates/domain/src/a.rs:2: `std::fs` in a crate that does no input or output"]
        );
    }
}
