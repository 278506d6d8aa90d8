//! A PostgreSQL server for one measurement: that of the tests, but with its syncs switched on.

use anyhow::{Context, Result, ensure};
use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use super::server::DISK;
use crate::{needs, process, repo};

/// Where the tests keep the script that makes and runs a server until its standard input ends.
const SCRIPT: &str = "crates/store/src/testing/server.sh";

#[derive(Debug)]
pub struct Postgres {
    child: Child,
    pub url: String,
}

impl Postgres {
    pub fn start() -> Result<Self> {
        let root = repo::root()?;
        let script = std::fs::read_to_string(root.join(SCRIPT))?;
        let programs = needs::postgres()
            .context("no PostgreSQL server is installed: leave it out with --engine sqlite")?;
        let mut command = unprivileged()?;
        command.args(["-c", &script, "sh"]).arg(&programs);
        // The tests' server does without; the last setting of a name counts.
        command.args(["-c", "fsync=on", "-c", "full_page_writes=on"]);
        command.env("TMPDIR", DISK).current_dir(Path::new("/"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut folder = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut folder)?;
        }
        let started = Self {
            child,
            url: format!("postgres:///postgres?user=behorig&host={}", folder.trim().replace('/', "%2F")),
        };
        ensure!(!folder.trim().is_empty(), "PostgreSQL did not start");
        let mut ask = Command::new(programs.join("psql"));
        ask.args(["-h", folder.trim(), "-U", "behorig", "-At", "-c", "SHOW fsync", "postgres"]);
        let syncs = process::output(&mut ask)?;
        ensure!(syncs.trim() == "on", "the server does not sync its commits: its figures would mean nothing");
        Ok(started)
    }
}

/// A shell as a user that PostgreSQL accepts: it refuses to run as root.
fn unprivileged() -> Result<Command> {
    if process::output(Command::new("id").arg("-u"))?.trim() == "0" {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh"]);
        return Ok(command);
    }
    Ok(Command::new("sh"))
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The end of its standard input is the order to stop and clean up.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
