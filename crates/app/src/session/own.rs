//! A person's own sessions (*inloggningar*): seen as a list, ended one by one or all but this.
//!
//! As with logging out there is nothing to decide: whoever holds a session may end what the same person has opened,
//! whatever stands against their other rights.

use super::{Client, Visit};
use crate::core::App;
use crate::oidc::Left;
use crate::refusal::{Refusal, Stop};
use activity::{FaultClass, RecordClass};
use domain::{Instant, PartyId, SessionId};
use std::time::Duration;
use store::sessions::Session;

/// How long after logging out the browser that did so may still end the person's other sessions.
pub const AFTERWARDS: Duration = Duration::from_secs(10 * 60);

/// An open session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSession {
    /// `None`: opened by an earlier release; it can be ended with all others only.
    pub id: Option<SessionId>,
    /// The one that asks.
    pub which: Which,
    /// For whom it acts now.
    pub party: PartyId,
    pub method: String,
    pub client: Option<Client>,
    pub opened_at: Instant,
    /// To the minute.
    pub seen_at: Instant,
    /// When it ends if nothing is done.
    pub ends_at: Instant,
}

/// Whether a session of the list is the one in which the list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    This,
    Other,
}

/// A session that was logged out a moment ago, for the page that says what that reached.
#[derive(Debug, Clone)]
pub struct LoggedOut {
    session: Session,
    /// How many other sessions of the person are open.
    pub others: usize,
    /// The e-services that it had entered.
    pub left: Vec<Left>,
}

impl LoggedOut {
    /// For the guard of the form that ends the others: it is still known by this browser alone.
    pub fn key_hash(&self) -> &[u8; 32] {
        &self.session.key_hash
    }

    pub fn person(&self) -> PartyId {
        self.session.person
    }
}

impl App {
    /// The open sessions of the visitor: this one first, then by last use.
    pub async fn own_sessions(&self, visit: &Visit) -> Result<Vec<OwnSession>, Refusal> {
        let (person, now) = (visit.person(), self.now());
        let open = self.read(move |tx| Ok(store::sessions::open_of(tx, person, now)?)).await?;
        let mut list: Vec<OwnSession> = open
            .into_iter()
            .map(|session| OwnSession {
                which: if session.key_hash == visit.session.key_hash { Which::This } else { Which::Other },
                id: session.id,
                party: session.party,
                ends_at: (session.seen_at + session.idle).min(session.ends_at),
                client: session.client.as_deref().and_then(|text| text.parse().ok()),
                opened_at: session.opened_at,
                seen_at: session.seen_at,
                method: session.method,
            })
            .collect();
        list.sort_by_key(|own| (own.which == Which::Other, std::cmp::Reverse(own.seen_at)));
        Ok(list)
    }

    /// Ends one of the visitor's own sessions. Ending one twice is the same as once; to anybody else's there is no such
    /// session, and the attempt is recorded.
    pub async fn end_session(&self, visit: &Visit, id: SessionId) -> Result<(), Refusal> {
        let (app, visitor) = (self.clone(), visit.clone());
        let own = self
            .write_plain(move |tx| {
                let now = app.now();
                visitor.still_open(tx, now)?;
                let found = store::sessions::find_by_id(tx, id)?;
                let Some(session) = found.filter(|session| session.person == visitor.person()) else {
                    return Ok(false);
                };
                if super::close(&app, tx, session.key_hash, now)? {
                    let mut record = app.session_record(&visitor, visitor.person(), "session.ended", now);
                    record.object = Some(format!("session:{id}"));
                    app.append(tx, &record)?;
                }
                Ok(true)
            })
            .await?;
        self.wake();
        if own { Ok(()) } else { Err(self.refuse_end(visit).await) }
    }

    async fn refuse_end(&self, visit: &Visit) -> Refusal {
        let mut record = self.session_record(visit, visit.person(), "session.end_refused", self.now());
        record.class = RecordClass::Refusal;
        record.fault = Some(FaultClass::User);
        let app = self.clone();
        let written = self.write_plain(move |tx| Ok(app.append(tx, &record)?)).await;
        self.recorded();
        written.err().unwrap_or(Refusal::NotFound)
    }

    /// Ends every other session of the visitor, in one act with one record; gives how many they were.
    pub async fn end_other_sessions(&self, visit: &Visit) -> Result<usize, Refusal> {
        let visitor = visit.clone();
        let app = self.clone();
        let ended = self
            .write_plain(move |tx| {
                visitor.still_open(tx, app.now())?;
                end_others(&app, tx, &visitor.session)
            })
            .await?;
        self.wake();
        Ok(ended)
    }

    /// What logging out left open, for the browser that has just done so. `None` later than [`AFTERWARDS`].
    pub async fn logged_out(&self, id: SessionId) -> Result<Option<LoggedOut>, Refusal> {
        let (app, now) = (self.clone(), self.now());
        self.read(move |tx| {
            let Some(session) = just_ended(tx, id, now)? else { return Ok(None) };
            let others = store::sessions::open_of(tx, session.person, now)?.len();
            let left = crate::oidc::left(&app, tx, session.key_hash)?;
            Ok(Some(LoggedOut { session, others, left }))
        })
        .await
    }

    /// Ends what the session left open that has just been logged out; gives how many they were.
    pub async fn end_left_open(&self, logged_out: &LoggedOut) -> Result<usize, Refusal> {
        let (app, key_hash) = (self.clone(), logged_out.session.key_hash);
        let Some(id) = logged_out.session.id else { return Err(Refusal::NotFound) };
        let ended = self
            .write_plain(move |tx| {
                let ended = just_ended(tx, id, app.now())?.filter(|session| session.key_hash == key_hash);
                let session = ended.ok_or(Stop::No(Refusal::NotFound))?;
                end_others(&app, tx, &session)
            })
            .await?;
        self.wake();
        Ok(ended)
    }
}

fn just_ended(tx: &mut store::Tx<'_>, id: SessionId, now: Instant) -> Result<Option<Session>, Stop> {
    let session = store::sessions::find_by_id(tx, id)?;
    Ok(session.filter(|session| session.ended_at.is_some_and(|at| now.since(at) < AFTERWARDS)))
}

fn end_others(app: &App, tx: &mut store::Tx<'_>, this: &Session) -> Result<usize, Stop> {
    let now = app.now();
    let mut ended = 0;
    for session in store::sessions::open_of(tx, this.person, now)? {
        if session.key_hash != this.key_hash && super::close(app, tx, session.key_hash, now)? {
            ended += 1;
        }
    }
    if ended > 0 {
        let mut record = super::record(app, this.person, this.person, "session.others_ended", now);
        record.detail.insert("count".to_owned(), ended.to_string());
        app.append(tx, &record)?;
    }
    Ok(ended)
}
