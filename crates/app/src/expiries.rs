//! What runs out (*löper ut*) of the installation's own: certificates by their dates, keys by the policy of turning them.
//!
//! One list, shown to the operators on a page, as a metric, by `behorig check`, and mailed to them when a threshold is
//! passed: once each, whatever the number of nodes. All by the machine's time, as certificates are judged by others.

use crate::act::Want;
use crate::core::App;
use crate::refusal::{Refusal, Stop};
use crate::session::Visit;
use activity::{Record, RecordClass};
use domain::Instant;
use keyring::{KeyState, Purpose, StoredKey};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use store::Store;

/// What seeing the list needs.
pub const READ: &str = "platform.log.read";

/// Days before the end at which the operators are told.
pub const THRESHOLDS: [i64; 3] = [90, 30, 7];
/// From so many days before the end on `behorig check` fails: BankID's certificate takes a bank some weeks.
pub const FAILS_WITHIN: i64 = 30;
/// A key should be turned when it has been in use for a year.
pub const KEY_AGE: Duration = Duration::from_secs(365 * DAY);

const DAY: u64 = 24 * 3600;
/// How often a node looks.
const EVERY: Duration = Duration::from_secs(60);
/// The channel of letters that go to the operators' address.
pub(crate) const OPERATORS: &str = "operators";

/// What runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Our certificate as a relying party of BankID.
    BankidCertificate,
    /// The issuers in the same file, the earliest of them.
    BankidIssuers,
    /// The roots of BankID's server.
    BankidServerRoots,
    /// The roots of people's signing certificates.
    BankidSigningRoots,
    /// The certificate of the public pages, where we serve TLS ourselves.
    PublicCertificate,
    /// A key that signs or wraps.
    Key(Purpose),
}

impl What {
    /// The word of metrics and commands; its texts are `expiry-` and this with hyphens.
    pub const fn word(self) -> &'static str {
        match self {
            Self::BankidCertificate => "bankid_certificate",
            Self::BankidIssuers => "bankid_issuers",
            Self::BankidServerRoots => "bankid_server_roots",
            Self::BankidSigningRoots => "bankid_signing_roots",
            Self::PublicCertificate => "public_certificate",
            Self::Key(Purpose::VaultWrap) => "key_vault",
            Self::Key(Purpose::VaultLookup) => "key_lookup",
            Self::Key(Purpose::Checkpoint) => "key_checkpoint",
            Self::Key(Purpose::Forms) => "key_forms",
            Self::Key(Purpose::Tokens) => "key_tokens",
        }
    }

    /// For somebody at a terminal.
    pub const fn remedy(self) -> &'static str {
        match self {
            Self::BankidCertificate | Self::BankidIssuers => {
                "order a new relying-party certificate from the bank, replace bankid.client_certificate and bankid.client_key, restart"
            }
            Self::BankidServerRoots => {
                "fetch BankID's new server root, add it to bankid.server_root, restart"
            }
            Self::BankidSigningRoots => {
                "fetch BankID's new root of signing certificates, add it to bankid.signing_root, restart"
            }
            Self::PublicCertificate => {
                "renew the certificate, replace public.certificate and public.key, restart"
            }
            Self::Key(Purpose::VaultWrap) => "behorig keys rotate vault",
            Self::Key(Purpose::Checkpoint) => "behorig keys rotate checkpoint",
            Self::Key(Purpose::Forms) => "behorig keys rotate forms",
            Self::Key(Purpose::Tokens) => "behorig keys rotate tokens",
            Self::Key(Purpose::VaultLookup) => "this key is not turned",
        }
    }

    const fn template(self) -> &'static str {
        match self {
            Self::BankidCertificate | Self::BankidIssuers => "mail-expiry-bankid-certificate",
            Self::BankidServerRoots | Self::BankidSigningRoots => "mail-expiry-bankid-roots",
            Self::PublicCertificate => "mail-expiry-public-certificate",
            Self::Key(_) => "mail-expiry-key",
        }
    }
}

/// One thing that runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expiring {
    /// The first instant at which it does not hold any more.
    pub at: Instant,
    pub what: What,
}

impl Expiring {
    /// Seconds left; negative when it has run out.
    pub fn seconds_left(&self, now: Instant) -> i64 {
        self.at.micros().saturating_sub(now.micros()).div_euclid(1_000_000)
    }

    /// Whole days left; negative when it has run out.
    pub fn days_left(&self, now: Instant) -> i64 {
        self.seconds_left(now).div_euclid(24 * 3600)
    }

    /// The threshold that it has passed: days, 0 for the end itself.
    pub fn passed(&self, now: Instant) -> Option<i64> {
        let days = self.days_left(now);
        if days < 0 {
            return Some(0);
        }
        THRESHOLDS.into_iter().filter(|threshold| days < *threshold).min()
    }
}

/// The keys in use, as running out when policy wants them turned.
pub fn of_keys(rows: &[StoredKey]) -> Vec<Expiring> {
    let turned = |purpose| !matches!(purpose, Purpose::VaultLookup);
    let active = rows.iter().filter(|row| row.state == KeyState::Active && turned(row.purpose));
    active
        .map(|row| Expiring {
            at: row.activated_at.unwrap_or(row.created_at) + KEY_AGE,
            what: What::Key(row.purpose),
        })
        .collect()
}

/// The keys of a store, for a command.
pub async fn of_store(store: &Store) -> Result<Vec<Expiring>, Stop> {
    let (_, rows) = store.read(|tx| Ok::<_, Stop>(store::keys::all(tx)?)).await?;
    Ok(of_keys(&rows))
}

/// What a node watches, and what it has told the operators already.
#[derive(Debug, Default)]
pub(crate) struct ExpiryWatch(Mutex<Watched>);

#[derive(Debug, Default)]
struct Watched {
    certificates: Vec<Expiring>,
    operators: Option<String>,
    told: BTreeSet<String>,
    looked: Option<Instant>,
}

impl ExpiryWatch {
    fn with<T>(&self, work: impl FnOnce(&mut Watched) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Where letters to the operators go.
    pub fn operators(&self) -> Option<String> {
        self.with(|watched| watched.operators.clone())
    }
}

impl App {
    /// Watches these certificates beside the keys, and mails `operators` when something is about to run out.
    pub fn watch_expiries(&self, certificates: Vec<Expiring>, operators: Option<String>) {
        self.watched().with(|watched| {
            watched.certificates = certificates;
            watched.operators = operators;
        });
    }

    /// Everything that runs out, the earliest first.
    pub async fn expiries(&self) -> Result<Vec<Expiring>, Refusal> {
        let (_, rows) = self.read_anyway(|tx| Ok(store::keys::all(tx)?)).await?;
        let mut all = self.watched().with(|watched| watched.certificates.clone());
        all.extend(of_keys(&rows));
        all.sort();
        Ok(all)
    }

    /// The same for a page.
    pub async fn expiries_seen(&self, visit: &Visit) -> Result<Vec<Expiring>, Refusal> {
        self.require(visit, &Want::to(READ, self.agency())).await?;
        self.expiries().await
    }

    /// Tells the operators what has passed a threshold since they were told last.
    pub(crate) async fn warn_of_expiries(&self) -> Result<(), Refusal> {
        let now = self.wall_now();
        let due = self.watched().with(|watched| {
            let due = watched.looked.is_none_or(|last| now.since(last) >= EVERY);
            if due {
                watched.looked = Some(now);
            }
            due && watched.operators.is_some()
        });
        if !due {
            return Ok(());
        }
        for expiring in self.expiries().await? {
            let Some(threshold) = expiring.passed(now) else { continue };
            let (word, end) = (expiring.what.word(), expiring.at.timestamp());
            // The end is part of the name: what has been renewed is told of anew when its time comes.
            let event = format!("expiry:{word}:{}:{threshold}", expiring.at.seconds());
            if self.watched().with(|watched| watched.told.contains(&event)) {
                continue;
            }
            let (app, named) = (self.clone(), event.clone());
            let day = end.to_string().chars().take(10).collect::<String>();
            self.write_plain(move |tx| {
                let argument = format!("{word} {day}");
                let template = expiring.what.template();
                let at = app.now();
                if app.mail_operators_in(tx, &named, template, &argument, at)? {
                    let record = Record {
                        party: Some(app.agency()),
                        detail: BTreeMap::from([
                            ("what".to_owned(), word.to_owned()),
                            ("end".to_owned(), day.clone()),
                            ("threshold".to_owned(), threshold.to_string()),
                        ]),
                        ..Record::new(app.entropy(), at, RecordClass::System, "expiry.warned")
                    };
                    app.append(tx, &record)?;
                }
                Ok(())
            })
            .await?;
            self.watched().with(|watched| watched.told.insert(event));
        }
        self.wake();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_threshold_is_passed_on_its_day_and_the_end_is_one_too() {
        let day = |days: i64| Instant::from_micros(days * 24 * 3600 * 1_000_000);
        let expiring = Expiring { at: day(1000), what: What::BankidCertificate };
        for (left, passed) in [
            (91, None),
            (90, None),
            (89, Some(90)),
            (30, Some(90)),
            (29, Some(30)),
            (7, Some(30)),
            (6, Some(7)),
            (0, Some(7)),
            (-1, Some(0)),
            (-400, Some(0)),
        ] {
            assert_eq!(expiring.passed(day(1000 - left)), passed, "{left}");
            assert_eq!(expiring.days_left(day(1000 - left)), left);
        }
        assert_eq!(expiring.seconds_left(day(1001)), -24 * 3600);
    }
}
