//! The checkout as the checks see it: every file that is, or would be, committed.

use anyhow::{Context, Result};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::process;

/// The texts of the checkout by their path from its root, with `/` between folders.
/// Files that are not UTF-8 (pictures, fonts) are listed apart and have no text.
#[derive(Debug, Default)]
pub struct Repo {
    pub root: PathBuf,
    texts: BTreeMap<String, String>,
    others: Vec<String>,
}

impl Repo {
    /// Reads what Git tracks, and new files that it does not ignore.
    pub fn read() -> Result<Self> {
        let root = root()?;
        let listed = process::output(process::command("git", &root).args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ]))?;
        let mut repo = Self { root, ..Self::default() };
        for path in listed.split('\0').filter(|path| !path.is_empty()) {
            // A file deleted but not yet committed so is listed and not there.
            let Ok(bytes) = std::fs::read(repo.root.join(path)) else { continue };
            match String::from_utf8(bytes) {
                Ok(text) if !text.contains('\0') => {
                    repo.texts.insert(path.to_owned(), text);
                }
                _ => repo.others.push(path.to_owned()),
            }
        }
        Ok(repo)
    }

    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Texts whose name ends so, such as `.rs`.
    pub fn ending<'a>(&'a self, end: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.texts().filter(move |(path, _)| path.ends_with(end))
    }

    pub fn text(&self, path: &str) -> Result<&str> {
        self.texts.get(path).map(String::as_str).with_context(|| format!("{path} is missing"))
    }

    /// Whether there is such a file, or a folder with a file in it.
    pub fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        let is = |listed: &str| listed == path || listed.starts_with(&folder);
        path.is_empty()
            || self.texts.keys().any(|listed| is(listed))
            || self.others.iter().any(|listed| is(listed))
    }

    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let texts = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        Self { texts, ..Self::default() }
    }
}

/// The root of the checkout: the nearest folder upwards that holds both the lock file and this crate.
pub fn root() -> Result<PathBuf> {
    let here = std::env::current_dir()?;
    here.ancestors()
        .find(|folder| folder.join("Cargo.lock").is_file() && folder.join("xtask").is_dir())
        .map(Path::to_path_buf)
        .context("run this inside a checkout of Behörig")
}
