//! The token endpoint: a code becomes tokens, a machine gets its own.

use super::authorize::replayed;
use super::bearer::{MACHINE, TokenBody, VISITOR};
use super::code::{Code, Machine};
use super::handle::Handle;
use super::told::{Needed, about};
use super::{Denied, acts_for, clients, sector, sid_of, subject_word};
use crate::core::App;
use crate::refusal::{Refusal, Stop};
use crate::session::{SecretKey, sha256};
use ::oidc::claims::{About, Place};
use ::oidc::token::{ACCESS_LIFE, Caller, Grant, IdToken, MACHINE_LIFE};
use ::oidc::{Client, ErrorCode, Fault, Params};
use activity::{FaultClass, Record, RecordClass};
use domain::{Freshness, Instant};
use std::collections::BTreeMap;
use std::time::Duration;
use store::oidc::tokens::Token;
use store::sessions::{Session, SessionState};

/// What the token endpoint answers.
#[derive(Clone)]
pub struct Tokens {
    pub access_token: String,
    pub expires_in: Duration,
    /// `None` for a machine: nobody logged in.
    pub id_token: Option<String>,
    pub scope: Option<String>,
}

/// They are secrets.
impl std::fmt::Debug for Tokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokens").field("scope", &self.scope).finish_non_exhaustive()
    }
}

const NO: Fault = Fault::new(
    ErrorCode::InvalidGrant,
    "The code is not valid: it is another client's, was used, is older than 60 seconds, or the session has ended.",
);

/// Everything of a code that was redeemed, out of its transaction.
struct Redeemed {
    session: Session,
    subject: [u8; 16],
    about: About,
    expires_at: Instant,
}

impl App {
    /// A call of the token endpoint.
    pub async fn token(&self, params: &Params) -> Result<Tokens, Denied> {
        let caller = Caller::parse(params)?;
        match Grant::parse(params)? {
            Grant::Code { code, redirect_uri, verifier } => {
                self.redeem(&caller, &code, &redirect_uri, &verifier).await
            }
            Grant::ClientCredentials => self.machine_token(&caller).await,
        }
    }

    async fn redeem(
        &self,
        caller: &Caller,
        text: &str,
        redirect_uri: &str,
        verifier: &str,
    ) -> Result<Tokens, Denied> {
        let code: Option<Code> = self.unseal(text).await;
        let (client, head) = self.client_and_head(caller).await??;
        let once = self.proven(&client, caller, ::oidc::discovery::TOKEN)?;
        let wall = self.wall_now();
        let code = match fitting(code, &client, redirect_uri, verifier, wall) {
            Ok(code) => code,
            Err(fault) => {
                // An assertion counts once, whatever came with it.
                self.use_up(once).await?;
                return Err(fault.into());
            }
        };
        let known = self.catch_up(head).await.map_err(|e| self.broken(Stop::Store(e)))?;
        let key = SecretKey::new(self.entropy());
        let access_token = format!("{VISITOR}{}", key.to_cookie());
        let hash = key.hash();
        let redeemed = {
            let (app, client, code, code_hash) =
                (self.clone(), client.clone(), code.clone(), sha256(text.as_bytes()));
            self.write_plain(move |tx| {
                if let Some(once) = once
                    && !store::oidc::once::take(tx, once.hash, once.remember_until)?
                {
                    return Ok(Err(replayed()));
                }
                let now = app.now();
                let found = store::sessions::find_with_head(tx, code.session)?;
                let Some((session, _)) = found.filter(|(s, _)| s.state_at(now) == SessionState::Open) else {
                    return Ok(Err(NO));
                };
                let person = session.person;
                let subject =
                    store::oidc::subjects::find_or_create(tx, app.entropy(), sector(&client), person)?;
                // The token ends with the session, told by the machine's clock.
                let left = session.ends_at.since(now);
                let expires_at = (wall + ACCESS_LIFE).min(wall + left);
                let token = Token {
                    hash,
                    code_hash,
                    client: client.id.to_string(),
                    session: session.key_hash,
                    person,
                    party: code.party,
                    issued_at: wall,
                    expires_at,
                    revoked_at: None,
                    body: serde_json::to_string(&TokenBody {
                        scopes: code.scopes.clone(),
                        wanted: code.wanted.clone(),
                    })
                    .unwrap_or_default(),
                };
                if !store::oidc::tokens::insert(tx, &token)? {
                    // Somebody has the code who should not: what was given for it counts no more (RFC 6749 §4.1.2).
                    store::oidc::tokens::revoke_of_code(tx, code_hash, wall)?;
                    app.append(tx, &entered(&app, &client, &session, &code, Redeeming::Again, now))?;
                    return Ok(Err(NO));
                }
                let acts = acts_for(&app, &known, person, code.party);
                let party = acts.then_some(code.party);
                let need = Needed::of(&code.scopes, &code.wanted, &[Place::IdToken]);
                let about = about(tx, &app, &known, &client, &subject, person, party, need)?;
                app.append(tx, &entered(&app, &client, &session, &code, Redeeming::First, now))?;
                Ok(Ok(Redeemed { session, subject, about, expires_at }))
            })
            .await??
        };
        self.recorded();
        let sid = sid_of(&redeemed.session.key_hash, &client.id);
        let subject = subject_word(&redeemed.subject);
        let id_token = IdToken {
            issuer: self.issuer(),
            client: &client.id,
            subject: &subject,
            auth_time: self.wall_opened(&redeemed.session),
            assurance: redeemed.session.assurance,
            nonce: code.nonce.as_deref(),
            sid: &sid,
            access_token: &access_token,
            about: &redeemed.about,
            scopes: &code.scopes,
            wanted: &code.wanted,
        };
        let id_token = self.sign_token("JWT", &id_token.claims(wall))?;
        Ok(Tokens {
            access_token,
            expires_in: redeemed.expires_at.since(wall),
            id_token: Some(id_token),
            scope: Some(code.scopes.to_string()),
        })
    }

    async fn client_and_head(&self, caller: &Caller) -> Result<Result<(Client, Freshness), Fault>, Refusal> {
        let (id, now) = (caller.client.clone(), self.wall_now());
        self.glance(move |tx| {
            let head = store::seq::head(tx)?;
            Ok(clients::live(tx, &id, now)?.map(|client| (client, head)))
        })
        .await
    }

    async fn machine_token(&self, caller: &Caller) -> Result<Tokens, Denied> {
        let client = self.authenticated(caller, ::oidc::discovery::TOKEN).await?;
        // A public client is anybody: nothing is told to it without a visitor.
        client.keys()?;
        let now = self.wall_now();
        let sealed = self.seal(&Machine {
            client: client.id.clone(),
            issued_at: now,
            expires_at: now + MACHINE_LIFE,
            once: Handle::new(self.entropy()),
        })?;
        Ok(Tokens {
            access_token: format!("{MACHINE}{sealed}"),
            expires_in: MACHINE_LIFE,
            id_token: None,
            scope: None,
        })
    }
}

/// The code, if it may be redeemed with what came beside it, as far as that can be told without the store.
fn fitting(
    code: Option<Code>,
    client: &Client,
    redirect_uri: &str,
    verifier: &str,
    wall: Instant,
) -> Result<Code, Fault> {
    let code = code.filter(|code| code.client == client.id).ok_or(NO)?;
    if code.redirect_uri.as_str() != redirect_uri {
        let says = "redirect_uri is another than in the request.";
        return Err(Fault::new(ErrorCode::InvalidGrant, says));
    }
    if !code.challenge.is_met_by(verifier) {
        let says = "code_verifier does not fit the code_challenge of the request.";
        return Err(Fault::new(ErrorCode::InvalidGrant, says));
    }
    if wall >= code.expires_at { Err(NO) } else { Ok(code) }
}

/// Whether a code came for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Redeeming {
    First,
    Again,
}

/// A login in an e-service, or a code that came twice.
fn entered(
    app: &App,
    client: &Client,
    session: &Session,
    code: &Code,
    redeeming: Redeeming,
    now: Instant,
) -> Record {
    let (class, event, fault) = match redeeming {
        Redeeming::First => (RecordClass::Login, "client.entered", None),
        Redeeming::Again => (RecordClass::Refusal, "client.code_again", Some(FaultClass::Us)),
    };
    Record {
        actor: Some(session.person),
        party: Some(code.party),
        object: Some(client.id.to_string()),
        fault,
        detail: BTreeMap::from([
            ("service".to_owned(), client.service.clone()),
            ("scope".to_owned(), code.scopes.to_string()),
        ]),
        ..Record::new(app.entropy(), now, class, event)
    }
}
