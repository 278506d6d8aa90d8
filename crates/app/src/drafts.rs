//! Forms that could not be taken, because the session had ended or acted for another party: what was typed is kept for
//! the person who typed it, for a day, and shown to nobody else.
//!
//! A draft is no act: nothing has been decided or changed, and no record tells of it. Whose it is comes from the session
//! that the form belonged to; that it did, the caller has seen by the form's own guard.

use crate::core::App;
use crate::refusal::Refusal;
use crate::session::{SecretKey, Visit};
use domain::{Instant, PartyId};
use std::time::Duration;
use store::StoreError;
use store::sessions::{Session, SessionState};
use zeroize::Zeroizing;

/// A draft can be taken up again for so long.
pub const LIFE: Duration = store::drafts::LIFE;
/// Sessions of the last day whose forms are known again after another login.
const KNOWN_AGAIN: u32 = 20;

/// The fields of a form, as typed.
pub type Typed = Vec<(String, String)>;

/// What was typed on a page, and when it was kept.
#[derive(Clone)]
pub struct KeptForm {
    pub typed: Typed,
    pub at: Instant,
}

/// Nothing of what it holds.
impl std::fmt::Debug for KeptForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeptForm").field("at", &self.at).finish_non_exhaustive()
    }
}

/// Whether a form was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    Kept,
    /// It is larger than a draft may be, or its person has been erased.
    Not,
}

impl App {
    /// The session of this key, if its time ran out within the last day: a form that it sends is its person's. One that
    /// was ended by hand is not: it may have been in the wrong hands.
    pub async fn run_out(&self, key: &SecretKey) -> Result<Option<Session>, Refusal> {
        let hash = key.hash();
        let found = self.read(move |tx| Ok(store::sessions::find_with_head(tx, hash)?)).await?;
        let now = self.now();
        Ok(found.map(|(session, _)| session).filter(|session| {
            matches!(session.state_at(now), SessionState::Expired | SessionState::Idle)
                && now.since(session.seen_at) < LIFE
        }))
    }

    /// Earlier sessions of the visitor, from the last day: a page that stood open since then still sends its form.
    pub async fn earlier_sessions(&self, visit: &Visit) -> Result<Vec<Session>, Refusal> {
        let (person, from) = (visit.person(), self.now() - LIFE);
        let found =
            self.read(move |tx| Ok(store::sessions::opened_since(tx, person, from, KNOWN_AGAIN)?)).await?;
        Ok(found.into_iter().filter(|session| session.key_hash != visit.session.key_hash).collect())
    }

    /// Keeps what `person` typed on the page at `path`.
    pub async fn keep_form(&self, person: PartyId, path: &str, typed: &Typed) -> Result<Keeping, Refusal> {
        let text = Zeroizing::new(serde_json::to_vec(typed).unwrap_or_default());
        if text.is_empty() || text.len() > store::drafts::MAX_LEN || path.len() > store::drafts::MAX_PATH {
            return Ok(Keeping::Not);
        }
        let (app, path) = (self.clone(), path.to_owned());
        self.write_plain(move |tx| {
            let now = app.now();
            match store::drafts::keep(tx, &app.ring(), app.entropy(), person, &path, &text, now) {
                Ok(()) => Ok(Keeping::Kept),
                Err(StoreError::Conflict) => Ok(Keeping::Not),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    /// What the visitor typed on this page and could not send.
    pub async fn kept_form(&self, visit: &Visit, path: &str) -> Result<Option<KeptForm>, Refusal> {
        if path.len() > store::drafts::MAX_PATH {
            return Ok(None);
        }
        let (app, person, path) = (self.clone(), visit.person(), path.to_owned());
        let found =
            self.read(move |tx| Ok(store::drafts::find(tx, &app.ring(), person, &path, app.now())?)).await?;
        Ok(found.and_then(|draft| {
            Some(KeptForm { typed: serde_json::from_slice(&draft.typed).ok()?, at: draft.saved_at })
        }))
    }

    /// Takes the visitor's draft of this page away: it was sent, or is not wanted any more.
    pub async fn drop_kept_form(&self, visit: &Visit, path: &str) -> Result<(), Refusal> {
        let (person, path) = (visit.person(), path.to_owned());
        let asked = path.clone();
        // Most forms that are sent have none: that costs one read.
        if self.read(move |tx| Ok(store::drafts::exists(tx, person, &asked)?)).await? {
            self.write_plain(move |tx| Ok(store::drafts::remove(tx, person, &path)?)).await?;
        }
        Ok(())
    }

    /// Takes away what is past its day. An idle round costs one read.
    pub(crate) async fn drop_old_forms(&self) -> Result<(), Refusal> {
        let now = self.now();
        if self.read(move |tx| Ok(store::drafts::any_old(tx, now)?)).await? {
            self.write_plain(move |tx| Ok(store::drafts::remove_old(tx, now)?)).await?;
        }
        Ok(())
    }
}
