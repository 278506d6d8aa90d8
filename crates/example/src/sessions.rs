//! The shop's own sessions, in memory. Its cookie holds a random key and nothing else.

use axum::http::{HeaderMap, header};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::provider::{Login, Waiting, random};

const LIFE: Duration = Duration::from_secs(2 * 60 * 60);
/// Memory is bounded: then whoever is there longest has to log in anew.
const MOST: usize = 10_000;

struct Session {
    since: Instant,
    waiting: Option<Waiting>,
    login: Option<Login>,
}

#[derive(Default)]
pub struct Sessions(Mutex<HashMap<String, Session>>);

impl Sessions {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Session>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, session| session.since.elapsed() < LIFE);
        while all.len() >= MOST {
            let oldest = all.iter().min_by_key(|(_, session)| session.since).map(|(key, _)| key.clone());
            oldest.and_then(|key| all.remove(&key));
        }
        all
    }

    pub fn login(&self, headers: &HeaderMap) -> Option<(String, Login)> {
        let key = key_of(headers)?;
        let login = self.all().get(&key)?.login.clone()?;
        Some((key, login))
    }

    /// Keeps a login that has begun. A key that we did not give is not taken over.
    pub fn wait(&self, key: Option<String>, waiting: Waiting) -> String {
        let mut all = self.all();
        let key = key.filter(|key| all.contains_key(key)).unwrap_or_else(random);
        let session =
            all.entry(key.clone()).or_insert(Session { since: Instant::now(), waiting: None, login: None });
        session.waiting = Some(waiting);
        key
    }

    /// What the visitor's answer must fit to: once.
    pub fn waiting(&self, key: &str) -> Option<Waiting> {
        self.all().get_mut(key)?.waiting.take()
    }

    pub fn logged_in(&self, old: Option<String>, login: Login) -> String {
        let (mut all, key) = (self.all(), random());
        old.and_then(|old| all.remove(&old));
        all.insert(key.clone(), Session { since: Instant::now(), waiting: None, login: Some(login) });
        key
    }

    pub fn end(&self, key: &str) {
        self.all().remove(key);
    }

    /// Ends every session that came out of this login at the provider.
    pub fn end_of(&self, sid: &str) {
        self.all().retain(|_, session| session.login.as_ref().is_none_or(|login| login.sid != sid));
    }
}

const NAME: &str = "example_session";

/// `Lax`: sent when the visitor comes back from the login, and with no form of another site. Over TLS add `Secure`.
pub fn cookie(key: &str) -> String {
    format!("{NAME}={key}; Path=/; HttpOnly; SameSite=Lax")
}

pub fn key_of(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get(header::COOKIE)?.to_str().ok()?;
    cookies.split("; ").find_map(|pair| pair.strip_prefix(NAME)?.strip_prefix('=')).map(str::to_owned)
}
