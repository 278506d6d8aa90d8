//! Sessions: rows in the store, keys hashed; the browser holds only the key.
//!
//! A session is opened by [`crate::identify`] alone, from a verified login. Here it is entered, switched to another
//! party and ended.

mod client;
mod own;

pub use client::{BadClient, Client, Family, System};
pub use own::{AFTERWARDS, LoggedOut, OwnSession, Which};

use crate::act::Want;
use crate::core::{App, Known};
use crate::refusal::{Refusal, Stop};
use activity::{FaultClass, Record, RecordClass};
use authority::{ActsFor, FactsView as _};
use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Assurance, Entropy, Instant, PartyId};
use std::sync::Arc;
use std::time::Duration;
use store::Tx;
use store::sessions::{Session, SessionState};
use zeroize::Zeroize;

/// Idle limit of a session opened with BankID: 30 minutes. The issuer's terms forbid more than two hours.
pub const IDLE: Duration = Duration::from_secs(30 * 60);
/// Absolute limit of a session opened with BankID: 2 hours (the issuer's terms).
pub const ABSOLUTE: Duration = Duration::from_secs(2 * 60 * 60);

/// A secret of 256 random bits that only the browser holds; the store knows its SHA-256.
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl SecretKey {
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut key = [0; 32];
        entropy.fill(&mut key);
        Self(key)
    }

    /// From a cookie's value: 43 characters of base64url. Anything else is no key.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 43 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().ok().map(Self)
    }

    pub fn to_cookie(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    pub fn hash(&self) -> [u8; 32] {
        sha256(&self.0)
    }
}

impl Drop for SecretKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}

/// A request by somebody who is logged in, with what this node knows at the head read in the same query.
#[derive(Debug, Clone)]
pub struct Visit {
    pub session: Session,
    pub known: Arc<Known>,
}

impl Visit {
    pub fn person(&self) -> PartyId {
        self.session.person
    }

    /// For whom the session acts now: the person, or an organisation.
    pub fn party(&self) -> PartyId {
        self.session.party
    }

    pub fn acts_for_self(&self) -> bool {
        self.session.person == self.session.party
    }

    pub fn method(&self) -> &str {
        &self.session.method
    }

    pub fn assurance(&self) -> Assurance {
        self.session.assurance
    }

    /// The login as a decision sees it.
    pub fn login(&self) -> authority::Session<'_> {
        authority::Session { method: &self.session.method, assurance: self.session.assurance }
    }

    /// When the session ends if nothing is done: the earlier of the idle and the absolute limit. Last use is kept to the
    /// minute, so that this may be a minute earlier than `idle` from now.
    pub fn ends_at(&self) -> Instant {
        (self.session.seen_at + self.session.idle).min(self.session.ends_at)
    }

    /// When it ends however much it is used.
    pub fn ends_at_last(&self) -> Instant {
        self.session.ends_at
    }

    /// The session again, read inside a write: it may have been ended since the page was asked for.
    pub(crate) fn still_open(&self, tx: &mut Tx<'_>, now: Instant) -> Result<(), Stop> {
        match store::sessions::find_with_head(tx, self.session.key_hash)? {
            Some((session, _)) if session.state_at(now) == SessionState::Open => Ok(()),
            _ => Err(Stop::No(Refusal::Conflict("SESSION_ENDED"))),
        }
    }
}

/// What a session key leads to.
#[derive(Debug)]
pub enum Entry {
    Open(Box<Visit>),
    /// There was a session; its time has run out or it was ended.
    Ended,
    /// Nobody is logged in.
    None,
}

impl App {
    /// Enters with a session key: the row and the head of `seq` come in one query, then this node catches up.
    pub async fn enter(&self, key: &SecretKey) -> Result<Entry, Refusal> {
        let hash = key.hash();
        let app = self.clone();
        let found = self
            .glance(move |tx| {
                app.clock_in(tx)?;
                Ok(store::sessions::find_with_head(tx, hash)?)
            })
            .await?;
        let Some((mut session, head)) = found else { return Ok(Entry::None) };
        let now = self.now();
        // It may have jumped since the row was read.
        self.trusts_its_clock()?;
        if session.state_at(now) != SessionState::Open {
            return Ok(Entry::Ended);
        }
        let known = self.catch_up(head).await.map_err(|e| self.broken(Stop::Store(e)))?;
        if session.wants_touch(now) {
            match self.write_plain(move |tx| Ok(store::sessions::touch(tx, hash, now)?)).await {
                Ok(_) => session.seen_at = now,
                // Without room nobody is shut out: the session ends sooner, never later.
                Err(Refusal::Full) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(Entry::Open(Box::new(Visit { session, known })))
    }

    /// The parties for whom this person may act now: the person first, then organisations.
    pub fn choices(&self, visit: &Visit) -> Vec<ActsFor> {
        let known = &visit.known;
        authority::parties_of(&known.index, &known.catalogue, self.agency(), visit.person(), self.now())
    }

    /// Acts for another party from now on, without a new login. Recorded.
    pub async fn switch_party(&self, visit: &Visit, party: PartyId) -> Result<(), Refusal> {
        if !self.choices(visit).iter().any(|choice| choice.party == party) {
            return Err(self.refuse_switch(visit, party).await);
        }
        let app = self.clone();
        let hash = visit.session.key_hash;
        let visit = visit.clone();
        self.write_plain(move |tx| {
            let now = app.now();
            visit.still_open(tx, now)?;
            store::sessions::switch_party(tx, hash, party)?;
            let record = app.session_record(&visit, party, "session.switched", now);
            Ok(app.append(tx, &record)?)
        })
        .await?;
        self.recorded();
        Ok(())
    }

    /// Why a person who once could act for a party no longer can: the decision on what was held last, recorded.
    /// Whoever never had a tie to the party learns nothing ([`Refusal::NotFound`]).
    pub async fn no_longer(&self, visit: &Visit, party: PartyId) -> Refusal {
        let known = &visit.known;
        let last = known
            .index
            .mandates_of(visit.person())
            .filter(|mandate| mandate.says.grantor == party)
            .max_by_key(|mandate| mandate.version.valid_from);
        let held = last.and_then(|mandate| {
            let entries = mandate.says.permissions.iter().map(String::as_str);
            known.catalogue.expand(entries).first().map(|permission| (*permission).to_owned())
        });
        let Some(permission) = held else { return Refusal::NotFound };
        let want = Want::to(&permission, party);
        let decision = self.decide(visit, &want);
        if decision.allowed { Refusal::NotFound } else { self.refuse(visit, &want, decision).await }
    }

    /// Whether the person has had authority for a party and has it no longer: they may be told why ([`Self::no_longer`]).
    pub fn once_acted_for(&self, visit: &Visit, party: PartyId) -> bool {
        visit.known.index.mandates_of(visit.person()).any(|mandate| mandate.says.grantor == party)
    }

    /// Somebody who may not act for a party is told as little as if there were none; the attempt is recorded.
    async fn refuse_switch(&self, visit: &Visit, party: PartyId) -> Refusal {
        let mut record = self.session_record(visit, party, "session.switch_refused", self.now());
        record.class = RecordClass::Refusal;
        record.fault = Some(FaultClass::User);
        let app = self.clone();
        let written = self.write_plain(move |tx| Ok(app.append(tx, &record)?)).await;
        self.recorded();
        written.err().unwrap_or(Refusal::NotFound)
    }

    /// Logs out, here and in the e-services that the session entered. Ending a session twice is the same as once.
    pub async fn log_out(&self, visit: &Visit) -> Result<(), Refusal> {
        let app = self.clone();
        let hash = visit.session.key_hash;
        let visit = visit.clone();
        self.write_plain(move |tx| {
            let now = app.now();
            if visit.still_open(tx, now).is_ok() {
                close(&app, tx, hash, now)?;
                let record = app.session_record(&visit, visit.party(), "session.ended", now);
                app.append(tx, &record)?;
            }
            Ok(())
        })
        .await?;
        self.wake();
        Ok(())
    }

    fn session_record(&self, visit: &Visit, party: PartyId, event: &str, now: Instant) -> Record {
        record(self, visit.person(), party, event, now)
    }
}

/// Ends a session, and with it what it has opened in e-services. `false`: it had ended before.
pub(crate) fn close(app: &App, tx: &mut Tx<'_>, key_hash: [u8; 32], now: Instant) -> Result<bool, Stop> {
    let ended = store::sessions::end(tx, key_hash, now)?;
    if ended {
        crate::oidc::leave(app, tx, key_hash)?;
    }
    Ok(ended)
}

fn record(app: &App, person: PartyId, party: PartyId, event: &str, now: Instant) -> Record {
    Record {
        actor: Some(person),
        party: Some(party),
        ..Record::new(app.entropy(), now, RecordClass::Login, event)
    }
}
