//! What the tests need beside Rust: found, or installed as Debian packages. Absent means failed, never skipped.

use anyhow::{Result, bail};
use std::{
    io::{BufRead, IsTerminal},
    path::{Path, PathBuf},
    process::Command,
};

use crate::{process, say};

/// Node 20 is the oldest release line that the browser stories are run with.
const NODE: u32 = 20;

/// One thing, how to know that it is there, and the packages that bring it.
struct Need {
    what: &'static str,
    found: fn() -> bool,
    packages: &'static [&'static str],
}

const NEEDS: &[Need] = &[
    Need { what: "a C compiler", found: || runs("cc"), packages: &["build-essential"] },
    Need { what: "the PostgreSQL server", found: || postgres().is_some(), packages: &["postgresql"] },
    Need { what: "Chromium", found: || chromium().is_some(), packages: &["chromium-headless-shell"] },
    Need { what: "xmlsec1", found: || runs("xmlsec1"), packages: &["xmlsec1"] },
    Need { what: "Python 3 with venv", found: python_venv, packages: &["python3", "python3-venv"] },
    Need { what: "curl", found: || runs("curl"), packages: &["curl"] },
    Need { what: "the openssl command", found: || runs("openssl"), packages: &["openssl"] },
    Need { what: "Node", found: || node_version().is_some(), packages: &["nodejs"] },
    Need { what: "npm", found: || runs("npm"), packages: &["npm"] },
];

/// Finds everything, installs what is missing where that is possible, and looks again.
pub fn provide() -> Result<()> {
    let missing = missing();
    if !missing.is_empty() {
        install(&missing)?;
    }
    let still: Vec<&str> = self::missing().iter().map(|need| need.what).collect();
    if !still.is_empty() {
        bail!("still missing: {}", still.join(", "));
    }
    match node_version() {
        Some(version) if version >= NODE => {}
        Some(version) => bail!("Node {version} is too old: the browser tests need {NODE} or newer"),
        None => bail!("Node is missing"),
    }
    say::line(format!("all there: {}", NEEDS.iter().map(|need| need.what).collect::<Vec<_>>().join(", ")));
    Ok(())
}

/// The folder of `initdb` and `postgres`: Debian keeps them out of PATH, one folder per version.
pub fn postgres() -> Option<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .collect();
    folders.sort();
    folders.reverse();
    folders.extend(path_folders());
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// `$CHROMIUM`, or the first of the usual names: the shell without a window first, which opens a page in half the time.
pub fn chromium() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(PathBuf::from(named)).filter(|path| path.is_file());
    }
    ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"].into_iter().find_map(in_path)
}

fn missing() -> Vec<&'static Need> {
    NEEDS.iter().filter(|need| !(need.found)()).collect()
}

fn path_folders() -> Vec<PathBuf> {
    std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default()
}

fn in_path(program: &str) -> Option<PathBuf> {
    path_folders().into_iter().map(|folder| folder.join(program)).find(|path| path.is_file())
}

fn runs(program: &str) -> bool {
    in_path(program).is_some()
}

/// Debian splits `ensurepip` off, without which a venv has no installer.
fn python_venv() -> bool {
    process::succeeds("python3", &["-c", "import venv, ensurepip"])
}

fn node_version() -> Option<u32> {
    let told = process::output(Command::new("node").arg("--version")).ok()?;
    told.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn install(missing: &[&Need]) -> Result<()> {
    let wanted: Vec<&str> = missing.iter().map(|need| need.what).collect();
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
    if !runs("apt-get") {
        bail!("missing: {}. This system has no apt-get: install them and run this again", wanted.join(", "));
    }
    say::line(format!("missing: {}", wanted.join(", ")));
    say::line(format!("to install: {}", packages.join(" ")));
    if at_a_terminal() && !agreed()? {
        bail!("nothing was installed; the tests need: {}", wanted.join(", "));
    }
    apt(&["update"])?;
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(packages);
    apt(&arguments)
}

fn at_a_terminal() -> bool {
    std::env::var_os("CI").is_none() && std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}

fn agreed() -> Result<bool> {
    say::prompt("install them now? [Y/n] ");
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes" | "j" | "ja"))
}

/// As root directly, else through sudo: which asks for its password only where somebody can answer.
fn apt(arguments: &[&str]) -> Result<()> {
    let root = process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let mut command = if root {
        Command::new("apt-get")
    } else {
        let mut sudo = Command::new("sudo");
        if !at_a_terminal() {
            sudo.arg("--non-interactive");
        }
        sudo.arg("apt-get");
        sudo
    };
    command
        .current_dir(Path::new("/"))
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["--quiet"])
        .args(arguments);
    process::watch(&mut command, |_| {})
}
