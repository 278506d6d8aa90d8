//! Ours beside the peer: processor time of the server for one request, each side with the same load, turn about in one run.
//!
//! Times on the wall say little on a machine that does other things too; the processor time of the process (user and system,
//! proc(5)) divided by what it answered says what a request costs. Each server has one processor to itself, the load has
//! the others.

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value, json};
use std::{
    net::SocketAddr,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use super::browser::Browser;
use super::http::{Client, Request};
use super::installation::Installation;
use super::peer;
use super::server::{Process, Running};
use super::service::{self, BACK, CHALLENGE};

/// Connections of the load, each with one request under way.
const CONNECTIONS: usize = 16;
/// Times that each side has its turn; the median counts.
const ROUNDS: usize = 3;

/// A provider as its clients see it.
struct Side {
    name: &'static str,
    process: u32,
    address: SocketAddr,
    floor: (SocketAddr, &'static str),
    authorize: &'static str,
    token: &'static str,
    userinfo: &'static str,
    scope: &'static str,
    /// The header with which a browser is known from before, where the flow has one.
    session: Vec<String>,
    assertions: Vec<String>,
}

/// What is asked for, and how many times in one turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Floor,
    Discovery,
    Userinfo,
    Token,
    Flow,
}

const CASES: [(Case, &str, u32); 5] = [
    (Case::Floor, "floor", 20_000),
    (Case::Discovery, "discovery", 8_000),
    (Case::Userinfo, "userinfo", 8_000),
    (Case::Token, "token", 4_000),
    (Case::Flow, "flow", 1_500),
];

/// Microseconds of processor time for one request, by what was asked and which side answered.
#[derive(Debug, Default)]
pub struct Ratios {
    rows: Vec<(&'static str, Vec<(&'static str, f64)>)>,
    pub conditions: String,
}

/// The two stores of ours, as `measure` names them.
pub const MEMORY: &str = "memory";
pub const DURABLE: &str = "durable";
const PEER: &str = "peer";

/// Measures; `memory` lies on a file system in memory, `durable` on the disk.
pub fn measure(root: &Path, memory: &Installation, durable: &Installation, scratch: &Path) -> Result<Ratios> {
    let folder = peer::provide(root)?;
    let mut ratios = Ratios {
        rows: Vec::new(),
        conditions: format!(
            "processor time of the server in µs, median of {ROUNDS} turns, {CONNECTIONS} connections, each server on one \
             processor; {}; token: client credentials by private_key_jwt (ES256), opaque token; flow: 3 GET + token, public \
             client with PKCE, ID token ES256; ours with a session present and in both stores, SQLite in memory (a file \
             system in memory) and durable; the peer has one store, in memory, which stands under both keys of its flow",
            peer::version(&folder)?
        ),
    };
    let houses = [(MEMORY, memory), (DURABLE, durable)];
    for (case, name, count) in CASES {
        let mut turns: Vec<(&'static str, Vec<f64>)> =
            [MEMORY, DURABLE, PEER].map(|side| (side, Vec::new())).into();
        for _ in 0..ROUNDS {
            for (word, house) in houses {
                let running = Running::start_alone(house, Duration::from_secs(30))?;
                let side = ours(house, &running, word, assertions(case, count))?;
                turn(
                    &mut turns,
                    word,
                    cost(case, count, side).with_context(|| format!("{name}, ours, {word}"))?,
                );
                running.stop()?;
            }
            let file = scratch.join("assertions");
            let process = peer::start(&folder, assertions(case, count), &file)?;
            let side = theirs(&process, &file)?;
            turn(&mut turns, PEER, cost(case, count, side).with_context(|| format!("{name}, the peer"))?);
        }
        ratios.rows.push((name, turns.into_iter().map(|(side, costs)| (side, median(costs))).collect()));
    }
    Ok(ratios)
}

fn turn(turns: &mut [(&'static str, Vec<f64>)], side: &str, cost: f64) {
    for (_, costs) in turns.iter_mut().filter(|(name, _)| *name == side) {
        costs.push(cost);
    }
}

fn median(mut costs: Vec<f64>) -> f64 {
    costs.sort_by(f64::total_cmp);
    costs.get(costs.len() / 2).copied().unwrap_or(f64::NAN)
}

/// A tenth more than is counted, for warming up.
const fn with_warm_up(count: u32) -> u32 {
    count + count / 10
}

fn assertions(case: Case, count: u32) -> u32 {
    if case == Case::Token { with_warm_up(count) } else { 0 }
}

fn ours(house: &Installation, running: &Running, name: &'static str, assertions: u32) -> Result<Side> {
    let mut person = Browser::new(running.public, house.sandbox.public)?;
    person.log_in(super::PERSON)?;
    person.parties()?;
    Ok(Side {
        name,
        process: running.id(),
        address: running.public,
        floor: (running.operations, "/healthz"),
        authorize: "/oauth/authorize",
        token: "/oauth/token",
        userinfo: "/oauth/userinfo",
        scope: "openid",
        session: person.page("/").headers,
        assertions: service::assertions(house, assertions)?,
    })
}

fn theirs(process: &Process, assertions: &Path) -> Result<Side> {
    let assertions = std::fs::read_to_string(assertions).unwrap_or_default();
    Ok(Side {
        name: PEER,
        process: process.id(),
        address: process.public,
        floor: (process.public, "/floor"),
        authorize: "/auth",
        token: "/token",
        userinfo: "/me",
        scope: "openid",
        session: Vec::new(),
        assertions: assertions.lines().map(str::to_owned).collect(),
    })
}

/// Microseconds of processor time for one.
fn cost(case: Case, count: u32, mut side: Side) -> Result<f64> {
    let assertions = std::mem::take(&mut side.assertions);
    let bearer = match case {
        Case::Userinfo => {
            format!("Authorization: Bearer {}", side.flow(&mut Client::connect(side.address)?)?)
        }
        _ => String::new(),
    };
    let once = |client: &mut Client, at: usize| -> Result<()> {
        match case {
            Case::Floor => client.get(side.floor.1).map(drop),
            Case::Discovery => client.get("/.well-known/openid-configuration").map(drop),
            Case::Userinfo => {
                let request = Request { headers: vec![bearer.clone()], ..Request::get(side.userinfo) };
                client.send(&request).and_then(|answer| answer.expect(200))
            }
            Case::Token => {
                let assertion = assertions.get(at).context("assertions have run out")?;
                client.send(&service::machine(side.token, assertion)).and_then(|answer| answer.expect(200))
            }
            Case::Flow => side.flow(client).map(drop),
        }
    };
    let address = if case == Case::Floor { side.floor.0 } else { side.address };
    let warm = (with_warm_up(count) - count) as usize;
    load(address, 0..warm, &once)?;
    let before = processor_time(side.process)?;
    load(address, warm..warm + count as usize, &once)?;
    let spent = processor_time(side.process)? - before;
    ensure!(
        spent >= Duration::from_millis(100),
        "{}: {spent:?} is too short to be counted in ticks",
        side.name
    );
    Ok(spent.as_secs_f64() * 1e6 / f64::from(count))
}

/// All of the range, over several connections at once.
fn load(
    address: SocketAddr,
    range: std::ops::Range<usize>,
    once: &(impl Fn(&mut Client, usize) -> Result<()> + Sync),
) -> Result<()> {
    let next = AtomicUsize::new(range.start);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    let mut client = Client::connect(address)?;
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        if at >= range.end {
                            return Ok(());
                        }
                        once(&mut client, at)?;
                    }
                })
            })
            .collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or_else(|_| anyhow::bail!("a connection panicked")))
    })
}

impl Side {
    /// From the e-service's request to its tokens: the access token.
    ///
    /// Three pages on either side. Ours: the request of a browser that is not known yet, which waits; the page of the login, where
    /// the session is there already; the way on. The peer's: the request, its page of login, which somebody has answered, the way on.
    fn flow(&self, client: &mut Client) -> Result<String> {
        let mut cookies: Vec<String> = Vec::new();
        let mut path = format!(
            "{}?client_id=bench-app&response_type=code&scope={}&redirect_uri={BACK}&code_challenge={CHALLENGE}\
             &code_challenge_method=S256&state=s&nonce=n",
            self.authorize, self.scope
        );
        for page in 1..=3 {
            let mut request = Request::get(&path);
            if page > 1 {
                request.headers.clone_from(&self.session);
            }
            if !cookies.is_empty() {
                request.headers.push(format!("Cookie: {}", cookies.join("; ")));
            }
            let answer = client.send(&request)?;
            let set = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
            if self.session.is_empty() {
                cookies.extend(set.filter_map(|(_, value)| value.split(';').next().map(str::to_owned)));
            }
            path = match answer.header("location") {
                Some(location) => location.to_owned(),
                None => decoded(path.split_once("next=").context("a page that leads nowhere")?.1),
            };
            if let Some((_, code)) = path.split_once("/back?code=") {
                ensure!(page == 3, "{} pages, not three", page);
                let code = code.split('&').next().unwrap_or_default();
                return service::redeem(client, self.token, code);
            }
            if let Some((_, rest)) = path.split_once("://") {
                path = format!("/{}", rest.split_once('/').context("no path")?.1);
            }
        }
        anyhow::bail!("three pages led to no code, but to {path}")
    }
}

/// A value of a query, without its escapes.
fn decoded(value: &str) -> String {
    let value = value.split('&').next().unwrap_or_default();
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let [first, others @ ..] = rest {
        let hex = others.get(..2).filter(|_| *first == b'%').and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => (bytes.push(byte), rest = &others[2..]),
            None => (bytes.push(*first), rest = others),
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// User and system time of the process with all its threads (proc(5), fields 14 and 15).
pub fn processor_time(process: u32) -> Result<Duration> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    ticks(&stat).context("no times in the status of the process")
}

fn ticks(stat: &str) -> Option<Duration> {
    // Behind the name, which may hold anything.
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    let ticks: u64 = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    // USER_HZ is 100 on every Linux that has a /proc of this form.
    Some(Duration::from_millis(ticks * 10))
}

impl Ratios {
    fn of(&self, row: &str, side: &str) -> f64 {
        let row = self.rows.iter().find(|(name, _)| *name == row);
        row.and_then(|(_, sides)| sides.iter().find(|(name, _)| *name == side))
            .map_or(f64::NAN, |(_, cost)| *cost)
    }

    /// The keys that other programs read, and the two stores of every row.
    pub fn json(&self) -> Map<String, Value> {
        let round = |value: f64| json!((value * 10.0).round() / 10.0);
        let mut map = Map::new();
        for (name, _) in &self.rows {
            if *name == "flow" {
                for store in [MEMORY, DURABLE] {
                    map.insert(format!("flow_{store}_cpu_us"), round(self.of(name, store)));
                    map.insert(format!("peer_flow_{store}_cpu_us"), round(self.of(name, PEER)));
                }
            } else {
                map.insert(format!("{name}_cpu_us"), round(self.of(name, DURABLE)));
                map.insert(format!("{name}_memory_cpu_us"), round(self.of(name, MEMORY)));
                map.insert(format!("peer_{name}_cpu_us"), round(self.of(name, PEER)));
            }
        }
        map.insert("conditions".to_owned(), json!(self.conditions));
        map
    }

    pub fn markdown(&self) -> String {
        let mut out = format!(
            "\n### Beside the peer\n\n{}.\n\n| Processor time of one request, µs | in memory | durable | the peer | in memory / peer | durable / peer | Goal |\n|---|---:|---:|---:|---:|---:|---|\n",
            self.conditions
        );
        for (name, _) in &self.rows {
            let [memory, durable, peer] = [MEMORY, DURABLE, PEER].map(|side| self.of(name, side));
            let goal = match *name {
                "userinfo" => "≤ 0.25",
                "token" => "≤ 0.40",
                "flow" => "≤ 0.25 in memory, durable ≤ 1.3 × of that",
                _ => "",
            };
            out.push_str(&format!(
                "| {name} | {memory:.0} | {durable:.0} | {peer:.0} | {:.2} | {:.2} | {goal} |\n",
                memory / peer,
                durable / peer
            ));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_behind_a_name_that_holds_anything() {
        let stat = "7 (a) b) R 1 1 1 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 9 0 1";
        assert_eq!(ticks(stat), Some(Duration::from_secs(3)));
        assert_eq!(ticks("7 (a"), None);
        assert!(processor_time(std::process::id()).is_ok());
    }

    #[test]
    fn the_way_on_is_read_out_of_an_address() {
        assert_eq!(decoded("%2Foauth%2Fauthorize%2Fx%3Fchosen%3D1&a=b"), "/oauth/authorize/x?chosen=1");
        assert_eq!(decoded("100%"), "100%");
    }

    #[test]
    fn each_side_stands_under_the_keys_that_programs_read() {
        let row = |name, costs: [f64; 3]| (name, [MEMORY, DURABLE, PEER].into_iter().zip(costs).collect());
        let ratios = Ratios {
            rows: vec![row("userinfo", [30.0, 35.0, 140.0]), row("flow", [300.0, 360.0, 1500.0])],
            conditions: "none".to_owned(),
        };
        let json = ratios.json();
        for (key, value) in [
            ("userinfo_cpu_us", 35.0),
            ("peer_userinfo_cpu_us", 140.0),
            ("flow_memory_cpu_us", 300.0),
            ("flow_durable_cpu_us", 360.0),
            ("peer_flow_memory_cpu_us", 1500.0),
        ] {
            assert_eq!(json[key], json!(value), "{key}");
        }
        assert!(ratios.markdown().contains("| userinfo | 30 | 35 | 140 | 0.21 | 0.25 |"));
        assert_eq!(median(vec![3.0, 1.0, 2.0]), 2.0);
    }
}
