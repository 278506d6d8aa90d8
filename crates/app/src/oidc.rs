//! Connected e-services (*anslutna e-tjänster*): logins that they ask for, tokens that they get, decisions that they ask.
//!
//! The rules of the protocols lie in the crate `oidc`; here they meet the store. A code is sealed and kept by the client: a
//! login in an e-service costs one durable write, when the code is redeemed. An access token is a row that lives no longer
//! than the session. Each call reads the head of `seq` with its token, so that a mandate withdrawn a moment ago is gone.

mod ask;
mod authorize;
mod bearer;
mod clients;
mod code;
mod handle;
mod leave;
mod token;
mod told;
mod trial;

pub use ask::{Asked, Missing, Unknown, Verdict};
pub use authorize::{Came, NotAuthorized, Step};
pub use bearer::{Introspection, Userinfo};
pub use clients::operator::{
    Operator, add_client, find_client, list_clients, preview_client, switch_off_client,
};
pub use clients::reviewed::{APPLY, Faults, MOST_BYTES, NotReviewed, Review, Seen, ServiceFile};
pub use clients::{ClientView, Elsewhere, NewClient, Wanted};
pub use handle::Handle;
pub use leave::{Left, Wish};
pub(crate) use leave::{leave, leave_at, left};
pub use token::Tokens;
pub use trial::{Outcome, Step as TrialStep, Taken, TrialView};

use crate::core::{App, Known};
use crate::refusal::{Refusal, Stop};
use crate::session::sha256;
use ::oidc::jws::{OwnKey, Unsigned};
use ::oidc::{Client, ClientId, ErrorCode, Fault};
use aws_lc_rs::constant_time;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Instant, PartyId};
use keyring::{KeyState, Purpose};
use serde_json::{Map, Value};
use std::time::Duration;
use store::sessions::Session;

/// Why a client's call was not carried out.
#[derive(Debug, Clone)]
pub enum Denied {
    /// By protocol; the client is told what to correct.
    Fault(Fault),
    /// Our machinery is busy or broken.
    Refused(Refusal),
}

impl From<Fault> for Denied {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl App {
    /// The issuer's name: the public address.
    pub fn issuer(&self) -> &str {
        &self.settings().public_url
    }

    /// The public keys that tokens are signed with: announced, active and retired ones.
    pub fn token_keys(&self) -> Vec<OwnKey> {
        self.ring()
            .public_keys::<65>(Purpose::Tokens)
            .into_iter()
            .filter(|(_, state, _)| *state != KeyState::Destroyed)
            .map(|(id, _, point)| OwnKey { kid: id.to_string(), point })
            .collect()
    }

    /// Signs a token of ours.
    pub(crate) fn sign_token(&self, typ: &str, claims: &Map<String, Value>) -> Result<String, Refusal> {
        let ring = self.ring();
        let key = |error| self.broken(Stop::Key(error));
        let kid = ring.active_id(Purpose::Tokens).map_err(key)?.to_string();
        let unsigned = Unsigned::new(&kid, typ, claims);
        let (_, signature) = ring.sign(Purpose::Tokens, unsigned.bytes()).map_err(key)?;
        Ok(unsigned.signed(&signature))
    }

    /// When a session's person logged in, by the machine's clock: so long ago as by the domain's.
    pub(crate) fn wall_opened(&self, session: &Session) -> Instant {
        self.wall_now() - self.now().since(session.opened_at)
    }

    /// Forgets codes, requests and tokens that have expired, and sessions and orders that ended long ago.
    pub(crate) async fn forget_expired(&self) -> Result<(), Refusal> {
        // After a flood there is more than one step of it; each is a short transaction.
        for _ in 0..FORGETTING_STEPS {
            let app = self.clone();
            let gone = self
                .write_plain(move |tx| {
                    let (wall, long_ago) = (app.wall_now(), app.now() - KEPT_AFTER_THE_END);
                    store::oidc::clients::forget_trials(tx, wall)?;
                    let sessions = store::sessions::forget(tx, long_ago, FORGOTTEN_AT_ONCE)?;
                    let orders = store::orders::forget(tx, long_ago, FORGOTTEN_AT_ONCE)?;
                    Ok(store::oidc::forget(tx, wall, FORGOTTEN_AT_ONCE)?.max(sessions).max(orders))
                })
                .await?;
            if gone < u64::from(FORGOTTEN_AT_ONCE) {
                break;
            }
        }
        Ok(())
    }
}

/// Rows of each kind that one round forgets.
const FORGOTTEN_AT_ONCE: u32 = 500;
/// Steps of one round.
const FORGETTING_STEPS: u32 = 20;
/// How long the rows of sessions and orders are kept after their end: a page that stood open for a day, or over a weekend, is
/// told that its session has ended. What happened stands in the log.
const KEPT_AFTER_THE_END: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Whether a person may act for a party now, oneself included.
pub(crate) fn acts_for(app: &App, known: &Known, person: PartyId, party: PartyId) -> bool {
    person == party
        || authority::parties_of(&known.index, &known.catalogue, app.agency(), person, app.now())
            .iter()
            .any(|choice| choice.party == party)
}

/// The client's name of a session: from it nobody learns the session's key, or what another client calls it.
pub(crate) fn sid_of(session: &[u8; 32], client: &ClientId) -> String {
    let hash = sha256(&[b"sid\0".as_slice(), session, client.as_str().as_bytes()].concat());
    URL_SAFE_NO_PAD.encode(&hash[..16])
}

/// Compared in constant time: a session's name is no secret, but nothing is gained by less.
pub(crate) fn is_sid(named: &str, session: &[u8; 32], client: &ClientId) -> bool {
    let own = sid_of(session, client);
    constant_time::verify_slices_are_equal(own.as_bytes(), named.as_bytes()).is_ok()
}

/// The word for a person in a sector, as it stands in `sub`.
pub(crate) fn subject_word(subject: &[u8; 16]) -> String {
    URL_SAFE_NO_PAD.encode(subject)
}

pub(crate) fn subject_bytes(word: &str) -> Option<[u8; 16]> {
    URL_SAFE_NO_PAD.decode(word).ok().filter(|_| word.len() == 22)?.try_into().ok()
}

/// The sector in which a person has one name: the service that the client belongs to.
pub(crate) fn sector(client: &Client) -> &str {
    &client.service
}

pub(crate) fn no_such_client() -> Fault {
    Fault::new(ErrorCode::InvalidClient, "There is no such client, or it has been switched off.")
}
