//! The server under measurement: started, timed to its first answer, read from `/proc`, ended.

use anyhow::{Context, Result, bail};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::{http::Client, plan::Plan};

/// A running server; ended when dropped.
#[derive(Debug)]
pub struct Running {
    child: Child,
    pub address: SocketAddr,
    /// From before the process was there to the first 200 of `/login`.
    pub first_answer: Duration,
}

impl Running {
    pub fn start(plan: &Plan, limit: Duration) -> Result<Self> {
        let begin = Instant::now();
        let mut command = Command::new(&plan.binary);
        command.args(&plan.serve).stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.spawn().with_context(|| format!("cannot start {}", plan.binary.display()))?;
        let mut running = Self { child, address: plan.address, first_answer: Duration::ZERO };
        while Client::connect(plan.address).and_then(|mut client| client.get("/login")).is_err() {
            if let Some(status) = running.child.try_wait()? {
                bail!("the server ended with {status} before it answered");
            }
            if begin.elapsed() > limit {
                bail!("no answer within {} s", limit.as_secs());
            }
            thread::sleep(Duration::from_millis(2));
        }
        running.first_answer = begin.elapsed();
        Ok(running)
    }

    /// VmRSS in KiB (proc(5)).
    pub fn resident_kib(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        resident(&status).context("no VmRSS in the status of the process")
    }
}

fn resident(status: &str) -> Option<u64> {
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?
        .trim()
        .strip_suffix("kB")?
        .trim()
        .parse()
        .ok()
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder of our own under the system's for temporary files, removed when dropped.
#[derive(Debug)]
pub struct Scratch(PathBuf);

impl Scratch {
    pub fn new(what: &str) -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("behorig-{what}-{}", std::process::id()));
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
        assert_eq!(resident("Name:\tx\nVmPeak:\t 1 kB\nVmRSS:\t   38124 kB\n"), Some(38_124));
        assert_eq!(resident("Name:\tx\n"), None);
    }
}
