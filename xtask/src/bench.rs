//! `cargo xtask bench`: the figures of docs/performance.md, measured on the release build beside their floors.
//!
//! The load comes from a plain blocking client over loopback, so that what is measured is the server. Floors are taken
//! in the same run: an empty handler of the same binary, and one write and sync of the disk that the store lies on.

mod browser;
mod floor;
mod http;
mod installation;
mod login;
mod peer;
mod postgres;
mod ratios;
mod report;
mod server;
mod service;
mod stats;

use anyhow::{Context, Result, ensure};
use std::{
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use crate::{Outcome, process, repo, say};
use browser::Browser;
use http::{Client, Request};
use installation::{Binaries, Engine, Installation};
use report::{Figures, Report, Row};
use server::{Running, Scratch};
use stats::Times;

/// A sandbox person whose number is among those that `bench` fills in, as a user at one employer.
const PERSON: &str = "elin";

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Mandates in the store.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(2_000..=23_000))]
    mandates: u32,
    /// Requests of each kind.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(100..))]
    requests: u32,
    /// Starts to the first answer.
    #[arg(long, default_value_t = 11, value_parser = clap::value_parser!(u32).range(1..))]
    starts: u32,
    /// Seconds of rest before memory is read.
    #[arg(long, default_value_t = 60)]
    idle: u64,
    /// Only this engine; may be given several times. Both by default.
    #[arg(long = "engine", value_enum)]
    engines: Vec<Engine>,
    /// A folder with `behorig` and `bench`, built before; without it the release build is made first.
    #[arg(long)]
    binaries: Option<PathBuf>,
    /// Print one JSON object instead of Markdown.
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> Result<Outcome> {
    let root = repo::root()?;
    let binaries = match &arguments.binaries {
        Some(folder) => Binaries::at(folder)?,
        None => {
            let build = ["build", "--release", "--package", "server", "--package", "bench"];
            process::output(process::cargo(&root).args(build))?;
            Binaries::at(&root.join("target/release"))?
        }
    };
    let engines: &[Engine] =
        if arguments.engines.is_empty() { &[Engine::Sqlite, Engine::Postgres] } else { &arguments.engines };
    let scratch = Scratch::new("bench")?;
    let sync = floor::sync(scratch.path(), arguments.requests)?;
    let mut measured = Vec::new();
    for engine in engines {
        let house =
            Installation::make(&binaries, &scratch.path().join(engine.word()), *engine, arguments.mandates)?;
        measured.push(measure(&house, arguments).with_context(|| format!("on {}", engine.name()))?);
    }
    // A file system in memory, on every Linux (shm_overview(7)).
    let shared = Scratch::within(Path::new("/dev/shm"), "bench")?;
    let [memory, durable] = [shared.path().to_owned(), scratch.path().join("ratios")]
        .map(|folder| Installation::make(&binaries, &folder, Engine::Sqlite, arguments.mandates));
    let ratios = ratios::measure(&root, &memory?, &durable?, scratch.path()).context("beside the peer")?;
    let report = Report {
        version: process::output(process::command(&binaries.behorig, &root).arg("--version"))?
            .trim()
            .to_owned(),
        processors: thread::available_parallelism().map_or(1, usize::from),
        mandates: arguments.mandates,
        idle_seconds: arguments.idle,
        sync,
        measured,
        ratios,
    };
    say::line(if arguments.json { report.json().to_string() } else { report.markdown() });
    Ok(Outcome::Green)
}

fn measure(house: &Installation, arguments: &Arguments) -> Result<Figures> {
    let limit = Duration::from_secs(30);
    let (mut killed, mut starts) = (Vec::new(), Vec::new());
    for _ in 0..arguments.starts {
        killed.push(Running::start(house, limit)?.first_answer);
    }
    // The last one above was killed too: this start cleans up after it, and is not counted.
    Running::start(house, limit)?.stop()?;
    for _ in 1..arguments.starts {
        let running = Running::start(house, limit)?;
        starts.push(running.first_answer);
        running.stop()?;
    }
    let running = Running::start(house, limit)?;
    starts.push(running.first_answer);
    thread::sleep(Duration::from_secs(arguments.idle));
    let idle = running.memory()?;

    let count = arguments.requests;
    let mut operations = Client::connect(running.operations)?;
    let empty = times("an empty handler", count, || operations.get("/healthz").map(drop))?;
    let mut client = Client::connect(running.public)?;
    let login = Request { headers: vec![browser::ACCEPTS.to_owned()], ..Request::get("/login") };
    let login = times("`GET /login`", count, || client.send(&login).and_then(|answer| answer.expect(200)))?;

    let mut person = Browser::new(running.public, house.sandbox.public)?;
    person.log_in(PERSON)?;
    let [own, employer] = person.parties()?;
    let page = person.page(&format!("/for/{}", employer.id));
    let page = times("a page", count, || client.send(&page).and_then(|answer| answer.expect(200)))?;
    let switches = [person.switch(&employer, &own), person.switch(&own, &employer)];
    let mut turn = 0;
    let write = times("a write", count, || {
        let answer = client.send(&switches[turn % 2])?;
        let to = if turn.is_multiple_of(2) { &own.id } else { &employer.id };
        turn += 1;
        ensure!(answer.header("location") == Some(&format!("/for/{to}")), "the switch was not done");
        answer.expect(303)
    })?;
    let mut rows = vec![
        Row::floor("an empty handler (`/healthz`)", empty),
        Row::over_handler("`GET /login`, nobody logged in", login),
        Row::over_handler("a page of somebody logged in (`GET /for/…`)", page),
        Row::over_sync("a durable write with its record (`POST /party`)", write),
    ];
    if !turn.is_multiple_of(2) {
        client.send(&person.switch(&own, &employer))?;
    }
    rows.extend(service::rows(house, &mut client, &person, &employer.id, count)?);
    let logins = login::measure(house, &running).context("whole logins")?;
    Ok(Figures {
        engine: house.engine,
        starts: Times::from(starts),
        killed: Times::from(killed),
        idle,
        after: running.memory()?,
        rows,
        logins,
    })
}

/// A tenth as many requests go before, uncounted.
fn times(what: &str, requests: u32, mut once: impl FnMut() -> Result<()>) -> Result<Times> {
    for _ in 0..requests / 10 {
        once().with_context(|| format!("warming up: {what}"))?;
    }
    Times::of(requests, once).with_context(|| what.to_owned())
}
