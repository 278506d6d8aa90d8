//! A whole login with BankID: what it takes of the server, how long the visitor waits, how often the disk is made to sync.
//!
//! The sandbox's phone approves at once. The wait is mostly ours to keep: the provider may be asked once in two seconds
//! (BankID Relying Party API v6.0, collect).

use anyhow::{Context, Result};
use std::{
    process::{Command, Stdio},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use super::browser::Browser;
use super::installation::Installation;
use super::ratios::processor_time;
use super::server::Running;
use super::stats::Times;
use crate::process;

/// People of the sandbox who log in beside each other, each again and again: somebody has one order at a time.
const PEOPLE: [&str; 6] = ["elin", "greta", "cecilia", "nils", "astrid", "bengt"];
const TIMES_EACH: u32 = 6;

#[derive(Debug)]
pub struct Logins {
    pub wait: Times,
    /// Of the server, for one login.
    pub processor: Duration,
    /// Calls of fsync and fdatasync for one login; not counted where `strace` is missing.
    pub syncs: Option<f64>,
}

pub fn measure(house: &Installation, running: &Running) -> Result<Logins> {
    round(house, running)?;
    let before = processor_time(running.id())?;
    let waits = round(house, running)?;
    let processor = (processor_time(running.id())? - before) / u32::try_from(waits.len())?;
    let syncs = syncs(running.id(), || round(house, running).map(|waits| waits.len()))?;
    Ok(Logins { wait: Times::from(waits), processor, syncs })
}

/// Everybody's logins: how long each took from the click to the page behind it.
fn round(house: &Installation, running: &Running) -> Result<Vec<Duration>> {
    let waits = Mutex::new(Vec::new());
    let phone = house.sandbox.public;
    let known = &waits;
    thread::scope(|scope| {
        let people: Vec<_> = PEOPLE
            .iter()
            .map(|person| {
                scope.spawn(move || -> Result<()> {
                    for _ in 0..TIMES_EACH {
                        let mut browser = Browser::new(running.public, phone)?;
                        let begin = Instant::now();
                        browser.log_in(person).with_context(|| format!("the login of {person}"))?;
                        known.lock().unwrap_or_else(|broken| broken.into_inner()).push(begin.elapsed());
                    }
                    Ok(())
                })
            })
            .collect();
        people
            .into_iter()
            .try_for_each(|one| one.join().unwrap_or_else(|_| anyhow::bail!("a login panicked")))
    })?;
    Ok(waits.into_inner().unwrap_or_else(|broken| broken.into_inner()))
}

/// Syncs for each of what is done meanwhile, counted from outside.
fn syncs(process: u32, work: impl FnOnce() -> Result<usize>) -> Result<Option<f64>> {
    if !process::succeeds("strace", &["--version"]) {
        return Ok(None);
    }
    let mut strace = Command::new("strace");
    strace.args(["--follow-forks", "--quiet=all", "--summary-only", "--trace=fsync,fdatasync", "--attach"]);
    let strace = strace.arg(process.to_string()).stdin(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    // It has no way of saying that it is there.
    thread::sleep(Duration::from_secs(1));
    let done = work()?;
    process::output(Command::new("kill").args(["-INT", &strace.id().to_string()]))?;
    let told = strace.wait_with_output()?;
    let total = total(&String::from_utf8_lossy(&told.stderr));
    Ok(Some(f64::from(total) / done as f64))
}

/// The calls in the summary: in its fourth column, before the name.
fn total(summary: &str) -> u32 {
    let sync = |line: &&str| line.trim_end().ends_with("sync") && !line.contains("total");
    let calls = |line: &str| line.split_whitespace().nth(3)?.parse::<u32>().ok();
    summary.lines().filter(sync).filter_map(calls).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_is_added_up() {
        let summary = "% time     seconds  usecs/call     calls    errors syscall\n\
                       ------ ----------- ----------- --------- --------- ----------------\n \
                       99.0    0.013      60       213           fdatasync\n  \
                       1.0    0.001      60        7           fsync\n\
                       ------ ----------- ----------- --------- --------- ----------------\n\
                       100.00    0.013      60       220           total\n";
        assert_eq!(total(summary), 220);
        assert_eq!(total(""), 0);
    }
}
