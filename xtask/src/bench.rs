//! `cargo xtask bench`: the figures of docs/performance.md, measured on the release build: start to the first
//! answer, memory when idle, a page request and a write.
//!
//! The load comes from a plain blocking client over loopback, so that what is measured is the server.

mod http;
mod plan;
mod server;
mod stats;

use anyhow::{Context, Result};
use std::{path::PathBuf, thread, time::Duration};

use crate::{Outcome, process, repo, say};
use http::Client;
use plan::Session;
use server::Running;
use stats::Times;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Mandates in the store.
    #[arg(long, default_value_t = 10_000)]
    mandates: u32,
    /// Requests of each kind.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(100..))]
    requests: u32,
    /// Seconds of rest before memory is read.
    #[arg(long, default_value_t = 60)]
    idle: u64,
    /// A binary built before; without it the release build is made first.
    #[arg(long)]
    binary: Option<PathBuf>,
}

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let root = repo::root()?;
    let binary = match &arguments.binary {
        Some(binary) => binary.clone(),
        None => {
            process::watch(
                process::cargo(&root).args(["build", "--release", "--package", "server"]),
                |_| {},
            )?;
            root.join("target/release/behorig")
        }
    };
    let data = server::Scratch::new("bench")?;
    let plan = plan::prepare(&binary, data.path(), arguments.mandates)?;

    let running = Running::start(&plan, Duration::from_secs(30))?;
    let first = running.first_answer;
    thread::sleep(Duration::from_secs(arguments.idle));
    let memory = running.resident_kib()?;

    let mut client = Client::connect(running.address)?;
    let mut rows = vec![measure("`GET /login`, nobody logged in", arguments.requests, || {
        client.get("/login").map(drop)
    })?];
    match plan::session(&running)? {
        Some(Session { page, mut write }) => {
            rows.push(measure("a page of somebody logged in", arguments.requests, || {
                client.send(&page).map(drop)
            })?);
            rows.push(measure("a write with its record", arguments.requests, || {
                client.send(&write()).map(drop)
            })?);
        }
        None => rows.push("| a page of somebody logged in, a write | not measured yet | | | |".to_owned()),
    }

    say::line(format!(
        "Engine: {}. Mandates: {}. Processors: {}.\n",
        plan.engine,
        arguments.mandates,
        processors()
    ));
    say::line("| What | Figure | Goal |\n|---|---:|---:|");
    say::line(format!("| start to the first 200 of `/login` | {} ms | ≤ 300 ms |", first.as_millis()));
    say::line(format!(
        "| VmRSS after {} idle seconds | {:.1} MiB | ≤ 40 MiB |",
        arguments.idle,
        memory as f64 / 1024.0
    ));
    say::line(
        "\n| One client, one connection | p50 | p99 | slowest | per second |\n|---|---:|---:|---:|---:|",
    );
    for row in rows {
        say::line(row);
    }
    Ok(Outcome::Green)
}

/// A tenth as many requests go before, uncounted.
fn measure(what: &str, requests: u32, mut once: impl FnMut() -> Result<()>) -> Result<String> {
    for _ in 0..requests / 10 {
        once().with_context(|| format!("warming up: {what}"))?;
    }
    let times = Times::of(requests, once).with_context(|| what.to_owned())?;
    Ok(format!(
        "| {what} | {} | {} | {} | {:.0} |",
        times.show(50.0),
        times.show(99.0),
        times.show(100.0),
        times.rate()
    ))
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}
