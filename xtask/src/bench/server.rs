//! The processes of a measurement: started, awaited, timed, read from `/proc`, ended.

use anyhow::{Context, Result, bail};
use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::{http::Client, installation::Installation};
use crate::process;

/// Temporary files that lie on a disk (File Hierarchy Standard 3.0 §5.15): `/tmp` may lie in memory, where a sync
/// costs nothing.
pub const DISK: &str = "/var/tmp";

/// A command of the product that prints `ready` and its addresses; ended when dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    lines: Vec<String>,
    /// The address on the line `ready`.
    pub public: SocketAddr,
}

/// A program on one processor of its own: the first, so that the load has the others.
pub fn alone(program: &Path, folder: &Path) -> Command {
    let mut command = process::command("taskset", folder);
    command.args(["--cpu-list", "0"]).arg(program);
    command
}

impl Process {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let what = command.get_args().next().unwrap_or_default().to_string_lossy().into_owned();
        command.stdout(Stdio::piped()).stderr(File::create(log)?);
        let mut child = command.spawn().with_context(|| format!("cannot start `{what}`"))?;
        let mut out = BufReader::new(child.stdout.take().context("no standard output")?);
        let mut process = Self { child, lines: Vec::new(), public: SocketAddr::from(([0, 0, 0, 0], 0)) };
        loop {
            let mut line = String::new();
            if out.read_line(&mut line)? == 0 {
                let said = std::fs::read_to_string(log).unwrap_or_default();
                bail!("`{what}` ended before it was ready: {said}");
            }
            process.lines.push(line.trim_end().to_owned());
            if line.starts_with("ready ") {
                process.public = process.address("ready")?;
                // Nothing is printed after it, so that the pipe may close.
                return Ok(process);
            }
        }
    }

    /// The address on the line that begins with this word.
    fn address(&self, word: &str) -> Result<SocketAddr> {
        let told = self.told(word)?.trim_start_matches("http://");
        told.parse().with_context(|| format!("{told} is no address"))
    }

    /// The rest of the line that begins with this word.
    pub fn told(&self, word: &str) -> Result<&str> {
        let told = self.lines.iter().find_map(|line| line.strip_prefix(word)?.strip_prefix(' '));
        told.map(str::trim).with_context(|| format!("no line `{word} …` was printed"))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A running `serve`.
#[derive(Debug)]
pub struct Running {
    process: Process,
    pub public: SocketAddr,
    pub operations: SocketAddr,
    /// From before the process was there to the first 200 of `/login`.
    pub first_answer: Duration,
}

impl Running {
    pub fn start(house: &Installation, limit: Duration) -> Result<Self> {
        Self::run(process::command(&house.binary, &house.folder), house, limit)
    }

    /// On one processor of its own.
    pub fn start_alone(house: &Installation, limit: Duration) -> Result<Self> {
        Self::run(alone(&house.binary, &house.folder), house, limit)
    }

    pub fn id(&self) -> u32 {
        self.process.id()
    }

    fn run(mut command: Command, house: &Installation, limit: Duration) -> Result<Self> {
        command.args(["serve", "--listen", "127.0.0.1:0", "--operations", "127.0.0.1:0", "--config"]);
        command.arg(&house.config);
        let begin = Instant::now();
        let process = Process::start(&mut command, &house.folder.join("serve.log"))?;
        Client::connect(process.public)?.get("/login")?;
        let first_answer = begin.elapsed();
        if first_answer > limit {
            bail!("no answer within {} s", limit.as_secs());
        }
        Ok(Self { public: process.public, operations: process.address("operations")?, process, first_answer })
    }

    /// Asks it to stop (SIGTERM), as an operator would, and waits until it has. Dropping it is a power cut.
    pub fn stop(mut self) -> Result<()> {
        let id = self.process.child.id().to_string();
        process::output(Command::new("kill").args(["-TERM", &id]))?;
        let status = self.process.child.wait()?;
        if status.success() { Ok(()) } else { bail!("asked to stop, the server ended with {status}") }
    }

    pub fn memory(&self) -> Result<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.child.id()))?;
        Memory::read(&status).context("no VmRSS in the status of the process")
    }
}

/// Resident memory in KiB (proc(5)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Memory {
    /// Now (VmRSS).
    pub now: u64,
    /// The most so far (VmHWM).
    pub most: u64,
}

impl Memory {
    fn read(status: &str) -> Option<Self> {
        let field = |name: &str| -> Option<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim().strip_suffix("kB")?.trim().parse().ok()
        };
        Some(Self { now: field("VmRSS:")?, most: field("VmHWM:")? })
    }
}

/// A folder of our own on a disk, removed when dropped.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new(what: &str) -> Result<Self> {
        Self::within(Path::new(DISK), what)
    }

    pub fn within(parent: &Path, what: &str) -> Result<Self> {
        let folder = parent.join(format!("behorig-{what}-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_from_the_status() {
        let status = "Name:\tx\nVmPeak:\t 1 kB\nVmHWM:\t   40000 kB\nVmRSS:\t   38124 kB\n";
        assert_eq!(Memory::read(status), Some(Memory { now: 38_124, most: 40_000 }));
        assert_eq!(Memory::read("Name:\tx\n"), None);
    }

    #[test]
    fn a_process_that_ends_early_says_why() {
        let scratch = Scratch::new("process-test").unwrap();
        let mut command = process::command("sh", scratch.path());
        let error =
            Process::start(command.args(["-c", "echo no >&2"]), &scratch.path().join("log")).unwrap_err();
        assert!(error.to_string().ends_with("before it was ready: no\n"), "{error}");
    }
}
