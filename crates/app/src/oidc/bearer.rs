//! Whoever comes with an access token: userinfo, and introspection of what was issued.

use super::code::Machine;
use super::told::{Needed, about, party_claim};
use super::{Denied, acts_for, clients, sector, subject_word};
use crate::core::{App, Known};
use crate::refusal::{Refusal, Stop};
use crate::session::SecretKey;
use ::oidc::claims::{About, PARTY, Place, Wanted};
use ::oidc::client::UserinfoForm;
use ::oidc::token::Caller;
use ::oidc::{Client, ClientId, ErrorCode, Fault, Params, Scopes};
use domain::Freshness;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use store::oidc::tokens::Token;
use store::sessions::{Session, SessionState};
use store::{StoreError, Tx};

/// The answer of userinfo, in the form that the client registered.
#[derive(Debug, Clone)]
pub enum Userinfo {
    Json(Map<String, Value>),
    /// A signed JWT.
    Signed(String),
}

/// The answer of introspection (RFC 7662 §2.2).
#[derive(Debug, Clone)]
pub struct Introspection(pub Map<String, Value>);

/// What a token's row keeps besides its ids.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct TokenBody {
    pub scopes: Scopes,
    pub wanted: Wanted,
}

/// What a visitor's access token begins with; a machine's begins otherwise, so that none is tried as the other.
pub(super) const VISITOR: &str = "v.";
pub(super) const MACHINE: &str = "m.";

/// A visitor's token that counts now.
#[derive(Debug, Clone)]
pub(super) struct Bearer {
    pub token: Token,
    pub body: TokenBody,
    pub session: Session,
    pub client: Client,
    /// The client's name of the person.
    pub subject: [u8; 16],
    pub head: Freshness,
}

const INVALID: Fault = Fault::new(
    ErrorCode::InvalidToken,
    "The access token is not valid: it has expired, or its session has ended.",
);

impl App {
    /// What is told about the visitor whose token this is.
    pub async fn userinfo(&self, bearer: &str) -> Result<Userinfo, Denied> {
        let Some(key) = bearer.strip_prefix(VISITOR).and_then(SecretKey::parse) else {
            return Err(INVALID.into());
        };
        let bearer = self.find_bearer(key.hash()).await?.ok_or(INVALID)?;
        let known = self.caught_up(bearer.head).await?;
        let need = Needed::of(&bearer.body.scopes, &bearer.body.wanted, &[Place::Userinfo]);
        let (person, party) = (bearer.session.person, bearer.token.party);
        let party = acts_for(self, &known, person, party).then_some(party);
        let about = match need.is_nothing() {
            true => About::default(),
            false => {
                let (app, bearer) = (self.clone(), bearer.clone());
                self.read(move |tx| {
                    about(tx, &app, &known, &bearer.client, &bearer.subject, person, party, need)
                })
                .await?
            }
        };
        let mut claims = about.claims(&bearer.body.scopes, &bearer.body.wanted, Place::Userinfo);
        claims.insert("sub".to_owned(), subject_word(&bearer.subject).into());
        match bearer.client.userinfo {
            UserinfoForm::Json => Ok(Userinfo::Json(claims)),
            UserinfoForm::Signed => {
                claims.insert("iss".to_owned(), self.issuer().into());
                claims.insert("aud".to_owned(), bearer.client.id.as_str().into());
                Ok(Userinfo::Signed(self.sign_token("JWT", &claims)?))
            }
        }
    }

    /// Whether a token counts, and what it stands for; told only to the client that it was issued to.
    pub async fn introspect(&self, params: &Params) -> Result<Introspection, Denied> {
        let caller = Caller::parse(params)?;
        let client = self.authenticated(&caller, ::oidc::discovery::INTROSPECT).await?;
        client.keys()?;
        let text = params.need("token", "token is missing.")?;
        let found = match (text.strip_prefix(VISITOR).and_then(SecretKey::parse), text.strip_prefix(MACHINE))
        {
            (Some(key), _) => self.introspect_visitor(key.hash(), &client).await?,
            (None, Some(sealed)) => self.introspect_machine(sealed, &client.id).await,
            (None, None) => None,
        };
        Ok(Introspection(found.unwrap_or_else(|| Map::from_iter([("active".to_owned(), json!(false))]))))
    }

    async fn introspect_visitor(
        &self,
        hash: [u8; 32],
        client: &Client,
    ) -> Result<Option<Map<String, Value>>, Refusal> {
        let Some(bearer) = self.find_bearer(hash).await?.filter(|bearer| bearer.client.id == client.id)
        else {
            return Ok(None);
        };
        let known = self.caught_up(bearer.head).await?;
        let party = {
            let (app, bearer) = (self.clone(), bearer.clone());
            let (person, party) = (bearer.session.person, bearer.token.party);
            self.read(move |tx| party_claim(tx, &app, &bearer.subject, person, party)).await?
        };
        let acts = acts_for(self, &known, bearer.session.person, bearer.token.party);
        let about = About { party: Some(party).filter(|_| acts), ..About::default() };
        let mut told = about.claims(&bearer.body.scopes, &bearer.body.wanted, Place::IdToken);
        told.retain(|name, _| name == PARTY);
        let own = json!({
            "active": true, "token_type": "Bearer", "iss": self.issuer(), "client_id": client.id.as_str(),
            "aud": client.id.as_str(), "sub": subject_word(&bearer.subject), "scope": bearer.body.scopes.to_string(),
            "iat": bearer.token.issued_at.seconds(), "exp": bearer.token.expires_at.seconds(),
        });
        told.extend(own.as_object().cloned().unwrap_or_default());
        Ok(Some(told))
    }

    async fn introspect_machine(&self, sealed: &str, client: &ClientId) -> Option<Map<String, Value>> {
        let machine: Machine = self.unseal(sealed).await?;
        let live = machine.client == *client && self.wall_now() < machine.expires_at;
        let told = json!({
            "active": true, "token_type": "Bearer", "iss": self.issuer(), "client_id": client.as_str(),
            "aud": client.as_str(), "sub": client.as_str(),
            "iat": machine.issued_at.seconds(), "exp": machine.expires_at.seconds(),
        });
        told.as_object().filter(|_| live).cloned()
    }

    /// The client of a machine's token that counts now.
    pub(super) async fn machine(&self, sealed: &str) -> Result<Client, Denied> {
        let machine: Machine = self.unseal(sealed).await.ok_or(INVALID)?;
        if self.wall_now() >= machine.expires_at {
            return Err(INVALID.into());
        }
        Ok(self.live_client(&machine.client).await?.map_err(|_| INVALID)?)
    }

    /// The visitor's token that counts now, by its text.
    pub(super) async fn bearer(&self, text: &str) -> Result<Bearer, Denied> {
        let key = text.strip_prefix(VISITOR).and_then(SecretKey::parse).ok_or(INVALID)?;
        Ok(self.find_bearer(key.hash()).await?.ok_or(INVALID)?)
    }

    async fn find_bearer(&self, hash: [u8; 32]) -> Result<Option<Bearer>, Refusal> {
        let app = self.clone();
        self.glance(move |tx| find(&app, tx, hash)).await
    }

    pub(super) async fn caught_up(&self, head: Freshness) -> Result<Arc<Known>, Refusal> {
        self.catch_up(head).await.map_err(|error| self.broken(Stop::Store(error)))
    }
}

/// The token by its hash, if token, session and client all count now.
fn find(app: &App, tx: &mut Tx<'_>, hash: [u8; 32]) -> Result<Option<Bearer>, Stop> {
    let Some((token, session, head)) = store::oidc::tokens::find_with_session(tx, hash)? else {
        return Ok(None);
    };
    let wall = app.wall_now();
    if !token.is_live(wall) || session.state_at(app.now()) != SessionState::Open {
        return Ok(None);
    }
    let id = ClientId::parse(&token.client).map_err(|_| StoreError::Corrupt("a token's client".into()))?;
    let Ok(client) = clients::live(tx, &id, wall)? else { return Ok(None) };
    let body =
        serde_json::from_str(&token.body).map_err(|_| StoreError::Corrupt("the body of a token".into()))?;
    let subject = store::oidc::subjects::of_person(tx, sector(&client), session.person)?;
    // Gone when the person was erased.
    Ok(subject.map(|subject| Bearer { token, body, session, client, subject, head }))
}
