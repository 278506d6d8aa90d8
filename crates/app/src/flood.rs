//! Floods by strangers: what somebody who is not logged in may begin — logins, and requests of e-services that wait for one —
//! is counted by source and minute, and what is too much is refused before anything is asked or kept (design §3: counted,
//! not recorded one by one). Sessions, signatures and e-services that prove themselves are never counted.
//!
//! Each node counts for itself and forgets when it stops: a count is no fact.

use crate::core::App;
use crate::refusal::Refusal;
use activity::{FaultClass, Record, RecordClass};
use domain::Instant;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Beginnings that one source has in a minute. A town hall, or a telephone company's customers, come from one address in the
/// morning: two a second is more than they begin, and holds a flood to what the provider and the store carry with ease.
pub const MOST_PER_SOURCE: u32 = 120;
/// Orders and requests that wait, of all sources together. Each is at most a few kilobytes and lives ten minutes.
pub const MOST_WAITING: u64 = 50_000;
/// Sources that a node counts in a minute. What comes from further ones is held by [`MOST_WAITING`] alone.
const MOST_SOURCES: usize = 20_000;
/// Sources of one minute that have a record of their own; all further ones share one.
const MOST_RECORDS: usize = 100;
const MINUTE: Duration = Duration::from_secs(60);
/// How often it is looked how many wait, at most.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Where a beginning comes from: an IPv4 address, or the network of an IPv6 address that one household or company has whole
/// (/64, RFC 6177 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Source([u8; 8]);

impl Source {
    /// `None`: this machine itself. Whoever is on it can do worse; and behind a proxy that the configuration does not name,
    /// everybody would be one source.
    fn of(address: IpAddr) -> Option<Self> {
        let address = address.to_canonical();
        if address.is_loopback() {
            return None;
        }
        let mut bytes = [0; 8];
        match address {
            // No network of IPv6 begins with zeros: they mark an address of IPv4.
            IpAddr::V4(v4) => bytes[4..].copy_from_slice(&v4.octets()),
            IpAddr::V6(v6) => bytes.copy_from_slice(&v6.octets()[..8]),
        }
        Some(Self(bytes))
    }
}

/// What one source did in a minute.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    begun: u32,
    refused: u64,
}

/// A minute in which a source was refused something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Flood {
    /// Minutes since 1970.
    minute: i64,
    /// `None`: several, together.
    source: Option<Source>,
    refused: u64,
}

#[derive(Debug, Default)]
struct Minute {
    number: i64,
    sources: BTreeMap<Source, Count>,
    /// Minutes that are over and wait for their records.
    over: Vec<Flood>,
}

impl Minute {
    /// Ends the minute if it is over.
    fn turn(&mut self, number: i64) {
        if number == self.number {
            return;
        }
        let mut floods: Vec<Flood> = std::mem::take(&mut self.sources)
            .into_iter()
            .filter(|(_, count)| count.refused > 0)
            .map(|(source, count)| Flood {
                minute: self.number,
                source: Some(source),
                refused: count.refused,
            })
            .collect();
        floods.sort_by_key(|flood| std::cmp::Reverse(flood.refused));
        let rest: u64 = floods.iter().skip(MOST_RECORDS).map(|flood| flood.refused).sum();
        floods.truncate(MOST_RECORDS);
        if rest > 0 {
            floods.push(Flood { minute: self.number, source: None, refused: rest });
        }
        self.over.extend(floods);
        self.number = number;
    }

    fn admits(&mut self, source: Source) -> bool {
        if self.sources.len() >= MOST_SOURCES && !self.sources.contains_key(&source) {
            return true;
        }
        let count = self.sources.entry(source).or_default();
        if count.begun >= MOST_PER_SOURCE {
            count.refused += 1;
            return false;
        }
        count.begun += 1;
        true
    }
}

/// What a node counts.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    minute: Mutex<Minute>,
    /// How many wait: as last looked at, and what was begun since.
    waiting: AtomicU64,
    /// When that was looked at, in microseconds since 1970.
    looked_at: AtomicI64,
    refused: AtomicU64,
}

impl Gate {
    fn minute(&self) -> MutexGuard<'_, Minute> {
        self.minute.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn admit(&self, source: Option<Source>, now: Instant) -> Result<(), Refusal> {
        let (number, left) = minute_of(now);
        let refusal = {
            let mut minute = self.minute();
            minute.turn(number);
            if !source.is_none_or(|source| minute.admits(source)) {
                Some(Refusal::TooMany(left))
            } else if self.waiting.load(Ordering::Relaxed) >= MOST_WAITING {
                Some(Refusal::Unavailable)
            } else {
                None
            }
        };
        match refusal {
            None => {
                self.waiting.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
            Some(refusal) => {
                self.refused.fetch_add(1, Ordering::Relaxed);
                Err(refusal)
            }
        }
    }

    fn over(&self, now: Instant) -> Vec<Flood> {
        let mut minute = self.minute();
        minute.turn(minute_of(now).0);
        std::mem::take(&mut minute.over)
    }

    fn put_back(&self, floods: Vec<Flood>) {
        self.minute().over.extend(floods);
    }

    /// Whether it is time to look how many wait; whoever asks does so.
    fn wants_look(&self, now: Instant) -> bool {
        let before = self.looked_at.load(Ordering::Relaxed);
        let so = now.since(Instant::from_micros(before)) >= LOOK_EVERY;
        if so {
            self.looked_at.store(now.micros(), Ordering::Relaxed);
        }
        so
    }
}

/// The minute, and how long it lasts yet: 1 s at least.
fn minute_of(now: Instant) -> (i64, Duration) {
    let length = i64::try_from(MINUTE.as_micros()).unwrap_or(i64::MAX);
    let micros = now.micros();
    let left = length - micros.rem_euclid(length);
    let left = Duration::from_micros(left.unsigned_abs()).max(Duration::from_secs(1));
    (micros.div_euclid(length), left)
}

/// How a node stands against floods, for the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Floods {
    /// Orders and requests that wait.
    pub waiting: u64,
    /// Beginnings that this node has refused since it started.
    pub refused: u64,
}

impl App {
    /// Lets a stranger begin something, or refuses it: [`Refusal::TooMany`] for a source that begins too much,
    /// [`Refusal::Unavailable`] while too much waits of all sources together.
    pub fn admit(&self, from: IpAddr) -> Result<(), Refusal> {
        self.gate().admit(Source::of(from), self.wall_now())
    }

    pub fn floods(&self) -> Floods {
        let gate = self.gate();
        Floods {
            waiting: gate.waiting.load(Ordering::Relaxed),
            refused: gate.refused.load(Ordering::Relaxed),
        }
    }

    /// Looks how many wait, and keeps one record of each source and minute in which something was refused.
    pub(crate) async fn watch_floods(&self) -> Result<(), Refusal> {
        let now = self.wall_now();
        if self.gate().wants_look(now) {
            let waiting = self
                .read(move |tx| Ok(store::oidc::requests::waiting(tx, now)? + store::orders::waiting(tx)?))
                .await?;
            self.gate().waiting.store(waiting, Ordering::Relaxed);
        }
        let floods = self.gate().over(now);
        if floods.is_empty() {
            return Ok(());
        }
        let records: Vec<Record> = floods.iter().map(|flood| self.flood_record(flood)).collect();
        let app = self.clone();
        let written = self
            .write_plain(move |tx| {
                for record in &records {
                    app.append(tx, record)?;
                }
                Ok(())
            })
            .await;
        match written {
            Ok(()) => {
                let refused: u64 = floods.iter().map(|flood| flood.refused).sum();
                tracing::warn!(
                    sources = floods.len(),
                    refused,
                    "a flood of logins and requests was held back"
                );
                self.recorded();
                Ok(())
            }
            Err(refusal) => {
                self.gate().put_back(floods);
                Err(refusal)
            }
        }
    }

    /// The source stands in it under a name that only this installation can make: the same source has the same name.
    fn flood_record(&self, flood: &Flood) -> Record {
        let source = flood.source.map_or_else(
            || "several".to_owned(),
            |Source(bytes)| {
                let mac = self.form_mac(&[b"flood\0".as_slice(), &bytes].concat());
                mac[..8].iter().map(|byte| format!("{byte:02x}")).collect()
            },
        );
        let began = Instant::from_micros(flood.minute.saturating_mul(60_000_000));
        Record {
            fault: Some(FaultClass::User),
            detail: BTreeMap::from([
                ("source".to_owned(), source),
                ("minute".to_owned(), began.to_string()),
                ("refused".to_owned(), flood.refused.to_string()),
            ]),
            ..Record::new(self.entropy(), self.now(), RecordClass::Attempt, "flood.counted")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Instant = Instant::from_micros(1_800_000_000_000_000);

    fn source(text: &str) -> Option<Source> {
        Source::of(text.parse().unwrap())
    }

    #[test]
    fn a_source_is_an_address_or_a_network() {
        assert_eq!(source("2001:db8:1:2::1"), source("2001:db8:1:2:ffff::9"));
        assert_ne!(source("2001:db8:1:2::1"), source("2001:db8:1:3::1"));
        assert_ne!(source("192.0.2.1"), source("192.0.2.2"));
        assert_eq!(source("::ffff:192.0.2.1"), source("192.0.2.1"));
        for own in ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"] {
            assert_eq!(source(own), None, "{own}");
        }
    }

    #[test]
    fn one_source_is_held_and_others_go_on() {
        let gate = Gate::default();
        let admit = |text: &str, at| gate.admit(source(text), at);
        for _ in 0..MOST_PER_SOURCE {
            admit("2001:db8::1", AT).unwrap();
        }
        let late = AT + Duration::from_secs(59);
        assert!(matches!(admit("2001:db8::2", AT), Err(Refusal::TooMany(left)) if left == MINUTE));
        assert!(matches!(admit("2001:db8::3", late), Err(Refusal::TooMany(left)) if left.as_secs() == 1));
        admit("2001:db8:0:1::1", AT).unwrap();
        // This machine itself is no source.
        for _ in 0..2 * MOST_PER_SOURCE {
            admit("127.0.0.1", AT).unwrap();
        }
        assert_eq!(gate.over(late), []);
        let next = AT + MINUTE;
        admit("2001:db8::1", next).unwrap();
        let minute = AT.micros() / 60_000_000;
        assert_eq!(gate.over(next), [Flood { minute, source: source("2001:db8::"), refused: 2 }]);
        assert_eq!(gate.over(next), [], "once");
        assert_eq!(gate.refused.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn what_waits_of_all_sources_together_is_bounded_and_what_is_kept_of_them_too() {
        let gate = Gate::default();
        gate.waiting.store(MOST_WAITING - 1, Ordering::Relaxed);
        gate.admit(source("192.0.2.1"), AT).unwrap();
        for from in ["192.0.2.1", "127.0.0.1"] {
            assert!(matches!(gate.admit(source(from), AT), Err(Refusal::Unavailable)), "{from}");
        }
        gate.waiting.store(0, Ordering::Relaxed);
        let many = |n: u32| {
            Some(Source([
                0,
                0,
                0,
                0,
                n.to_be_bytes()[0],
                n.to_be_bytes()[1],
                n.to_be_bytes()[2],
                n.to_be_bytes()[3],
            ]))
        };
        for n in 0..u32::try_from(MOST_RECORDS).unwrap() + 5 {
            for _ in 0..=MOST_PER_SOURCE {
                let _ = gate.admit(many(n), AT);
            }
        }
        let floods = gate.over(AT + MINUTE);
        assert_eq!(floods.len(), MOST_RECORDS + 1);
        assert_eq!(floods.last().map(|flood| (flood.source, flood.refused)), Some((None, 5)));
        let mut minute = Minute::default();
        for n in 0..u32::try_from(MOST_SOURCES).unwrap() + 10 {
            assert!(minute.admits(many(n).unwrap()));
        }
        assert_eq!(minute.sources.len(), MOST_SOURCES);
    }
}
