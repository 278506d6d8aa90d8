//! A session's end, told to the e-services that it entered (OpenID Connect Back-Channel Logout 1.0).
//!
//! Their tokens end in the transaction that ends the session; those that registered an address are told afterwards, again
//! and again for an hour, each time with a fresh token under the same `sid`.

use super::{is_sid, sector, sid_of, subject_word};
use crate::core::App;
use crate::refusal::{Refusal, Stop};
use crate::session::Visit;
use ::oidc::logout::{Asked, TYP, claims};
use ::oidc::{Client, ClientId, Params};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use catalogue::Text;
use domain::{Entropy, Instant};
use std::time::Duration;
use store::oidc::logouts::Logout;
use store::{StoreError, Tx};

/// An e-service that a session had entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    pub name: Text,
    /// Whether it is told; one that has no address for it finds out when it asks next.
    pub told: bool,
}

/// Attempts to tell one client: with the pauses between them, about an hour.
const ATTEMPTS: u32 = 10;

/// Ends what a session has opened elsewhere, and queues what is to be told. For every way in which a session is ended.
pub(crate) fn leave(app: &App, tx: &mut Tx<'_>, session: [u8; 32]) -> Result<(), Stop> {
    leave_at(tx, session, app.wall_now(), app.entropy())
}

/// As [`leave`], for commands, which open no [`App`]; `wall` is the machine's time.
pub(crate) fn leave_at(
    tx: &mut Tx<'_>,
    session: [u8; 32],
    wall: Instant,
    entropy: &dyn Entropy,
) -> Result<(), Stop> {
    for (id, person) in store::oidc::tokens::revoke_of_session(tx, session, wall)? {
        let Some(client) = live(tx, &id, wall)? else { continue };
        if client.backchannel_logout_uri.is_none() {
            continue;
        }
        let Some(subject) = store::oidc::subjects::of_person(tx, sector(&client), person)? else { continue };
        let mut id = [0; 16];
        entropy.fill(&mut id);
        store::oidc::logouts::enqueue(
            tx,
            &Logout {
                id,
                client: client.id.to_string(),
                subject,
                sid: sid_of(&session, &client.id),
                attempts: 0,
                next_at: wall,
            },
        )?;
    }
    Ok(())
}

/// The e-services that a session had entered.
pub(crate) fn left(app: &App, tx: &mut Tx<'_>, session: [u8; 32]) -> Result<Vec<Left>, Stop> {
    let mut left = Vec::new();
    for id in store::oidc::tokens::clients_of_session(tx, session)? {
        if let Some(client) = live(tx, &id, app.wall_now())? {
            left.push(Left { told: client.backchannel_logout_uri.is_some(), name: client.name });
        }
    }
    Ok(left)
}

fn live(tx: &mut Tx<'_>, id: &str, now: Instant) -> Result<Option<Client>, Stop> {
    let id = ClientId::parse(id).map_err(|_| StoreError::Corrupt("a token's client".into()))?;
    Ok(super::clients::live(tx, &id, now)?.ok())
}

/// What a client's wish to log its visitor out comes to.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The client's hint names this very session: the wish is the visitor's, and nothing more is asked.
    pub certain: bool,
    /// Where the visitor goes afterwards: a registered address, with the client's state.
    pub back: Option<String>,
}

impl App {
    /// Understands a client's wish to log out. Somebody else's address leads nowhere.
    ///
    /// # Errors
    /// [`super::Denied`]: the hint is not ours, or the address is not registered.
    pub async fn logout_wish(&self, params: &Params, visit: Option<&Visit>) -> Result<Wish, super::Denied> {
        let asked = Asked::parse(params, self.issuer(), &self.token_keys())?;
        let client: Option<Client> = match &asked.client {
            Some(id) => Some(self.live_client(id).await??),
            None => None,
        };
        let certain = match (&client, &asked.sid, visit) {
            (Some(client), Some(sid), Some(visit)) => is_sid(sid, &visit.session.key_hash, &client.id),
            _ => false,
        };
        let back = match (&client, &asked.back) {
            (Some(client), Some(back)) => {
                let says = "post_logout_redirect_uri is not registered for this client.";
                let fault = ::oidc::Fault::new(::oidc::ErrorCode::InvalidRequest, says);
                let uri = client.post_logout_redirect(back).ok_or(fault)?;
                let state = asked.state.as_deref().map(|state| ("state", state));
                Some(uri.with(state.as_slice()))
            }
            _ => None,
        };
        Ok(Wish { certain, back })
    }

    /// Tells the clients that are due.
    pub(crate) async fn tell_logouts(&self) -> Result<(), Refusal> {
        let app = self.clone();
        let due = self
            .write_plain(move |tx| {
                Ok(store::oidc::logouts::lease(tx, app.wall_now(), &app.settings().node, 20)?)
            })
            .await?;
        for logout in due {
            if let Err(refusal) = self.tell(&logout).await {
                tracing::warn!(?refusal, client = logout.client, "a client could not be told of a log-out");
            }
        }
        Ok(())
    }

    async fn tell(&self, logout: &Logout) -> Result<(), Refusal> {
        let id = logout.id;
        let client = match ClientId::parse(&logout.client) {
            Ok(id) => self.live_client(&id).await?.ok(),
            Err(_) => None,
        };
        let address = client.as_ref().and_then(|client| client.backchannel_logout_uri.as_ref());
        let (Some(client), Some(address)) = (&client, address) else {
            // Switched off meanwhile, or its address taken back: there is nobody to tell.
            return self.write_plain(move |tx| Ok(store::oidc::logouts::failed(tx, id, None)?)).await;
        };
        let mut jti = [0; 16];
        self.entropy().fill(&mut jti);
        let claims = claims(
            self.issuer(),
            &client.id,
            &subject_word(&logout.subject),
            &logout.sid,
            &URL_SAFE_NO_PAD.encode(jti),
            self.wall_now(),
        );
        let token = self.sign_token(TYP, &claims)?;
        let told = self.caller().post_form(address.as_str(), format!("logout_token={token}")).await;
        if let Err(error) = &told {
            tracing::info!(client = logout.client, %error, "a client did not take a log-out");
        }
        let pause = Duration::from_secs(10) * 2u32.saturating_pow(logout.attempts.min(6));
        let next = (logout.attempts < ATTEMPTS).then(|| self.wall_now() + pause);
        self.write_plain(move |tx| {
            match &told {
                Ok(()) => store::oidc::logouts::told(tx, id)?,
                Err(_) => store::oidc::logouts::failed(tx, id, next)?,
            }
            Ok::<_, Stop>(())
        })
        .await
    }
}
