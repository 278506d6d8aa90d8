//! The list of requirements, docs/requirements.md: what the five founding documents ask, and which test shows it.
//!
//! A test cites a row in a comment above it or in it: `// R-004-23`, or `// R-004-23 (part)` when it performs
//! only a part of what the row says. `cargo xtask requirements --scan` carries the citations into the list.

pub mod citation;
pub mod table;

use anyhow::Result;
use std::collections::BTreeMap;

use crate::{Outcome, repo::Repo, say};

pub const PATH: &str = "docs/requirements.md";

/// Fills the columns of the list from the citations in the tests.
pub fn scan_and_write() -> Result<Outcome> {
    let repo = Repo::read()?;
    let (found, faults) = citation::all(&repo);
    for fault in &faults {
        say::line(fault);
    }
    let mut shown: BTreeMap<String, table::Shown> = BTreeMap::new();
    for citation in found {
        for (id, extent) in citation.ids {
            shown.entry(id).or_default().push((citation.test.clone(), extent));
        }
    }
    let text = table::fill(repo.text(PATH)?, &shown);
    std::fs::write(repo.root.join(PATH), &text)?;
    say::line(table::summary(&table::parse(&text)?));
    Ok(if faults.is_empty() { Outcome::Green } else { Outcome::Red })
}

pub fn summary() -> Result<Outcome> {
    let repo = Repo::read()?;
    say::line(table::summary(&table::parse(repo.text(PATH)?)?));
    Ok(Outcome::Green)
}
