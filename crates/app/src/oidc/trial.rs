//! A trial of a registration (*prov av en anslutning*): what the e-service will do on its first day, done by us with a key
//! that is thrown away, through the very functions that its calls will meet.
//!
//! The trial is a client of its own for ten minutes, registered as the one that is tried but for its keys and the address
//! that the visitor comes back to. What it holds is sealed in the store, so that the way back may lead to another node. Names
//! and numbers of the person are not kept: of such claims only that they came.

mod before;
mod key;
mod robot;

use super::clients::NewClient;
use crate::act::Want;
use crate::core::App;
use crate::refusal::{Refusal, Stop};
use crate::session::{Visit, sha256};
use ::oidc::client::Loopback;
use ::oidc::draft::TRIAL;
use ::oidc::{Authentication, Client, ClientId, Params, RedirectUri};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::PartyId;
use key::Key;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use store::StoreError;
use store::oidc::trials::StoredTrial;

/// How long a trial can be gone on with and looked at.
const LIFE: Duration = Duration::from_secs(10 * 60);

/// What is tried, in this order; a step that fails is the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// The registration is whole and its keys can be read.
    Registration,
    /// The service stands in the catalogue in force, somebody can log in to it, and it has permissions.
    Service,
    /// The e-service finds our addresses and keys.
    Discovery,
    /// The pushed request.
    Push,
    /// The visitor logs in and comes back.
    Login,
    /// The code becomes tokens.
    Code,
    /// The ID token verifies by the published keys.
    IdToken,
    Userinfo,
    /// One decision. Yes and no are both answers.
    Decision,
}

impl Step {
    pub const ALL: [Self; 9] = [
        Self::Registration,
        Self::Service,
        Self::Discovery,
        Self::Push,
        Self::Login,
        Self::Code,
        Self::IdToken,
        Self::Userinfo,
        Self::Decision,
    ];

    /// As records and keys of texts name it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Registration => "registration",
            Self::Service => "service",
            Self::Discovery => "discovery",
            Self::Push => "push",
            Self::Login => "login",
            Self::Code => "code",
            Self::IdToken => "id-token",
            Self::Userinfo => "userinfo",
            Self::Decision => "decision",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Good,
    /// By protocol: the OAuth code, and the sentence that the e-service's developer would read.
    Told {
        code: String,
        says: String,
    },
    /// What the e-service itself would have found wrong: a code with a text, and what it is about.
    Wrong {
        code: String,
        about: String,
    },
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    pub step: Step,
    /// Names and values. A value that is empty is secret or a person's.
    pub sent: Vec<(String, String)>,
    pub came: Vec<(String, String)>,
    pub outcome: Outcome,
}

impl Taken {
    fn new(step: Step) -> Self {
        Self { step, sent: Vec::new(), came: Vec::new(), outcome: Outcome::Good }
    }

    fn sent(mut self, pairs: &[(&str, &str)]) -> Self {
        self.sent.extend(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        self
    }

    fn came(mut self, name: &str, value: impl Into<String>) -> Self {
        self.came.push((name.to_owned(), value.into()));
        self
    }

    fn wrong(mut self, code: &str, about: impl Into<String>) -> Self {
        self.outcome = Outcome::Wrong { code: code.to_owned(), about: about.into() };
        self
    }

    fn told(mut self, code: &str, says: &str) -> Self {
        self.outcome = Outcome::Told { code: code.to_owned(), says: says.to_owned() };
        self
    }

    fn is_good(&self) -> bool {
        self.outcome == Outcome::Good
    }
}

/// A trial as far as it has come.
#[derive(Debug, Clone)]
pub struct TrialView {
    pub id: ClientId,
    /// The client that is tried.
    pub of: ClientId,
    pub taken: Vec<Taken>,
    pub over: bool,
    /// Where the visitor goes next, below the issuer's address; `None` when it is over.
    pub next: Option<String>,
}

/// What a trial keeps, sealed.
#[derive(Serialize, Deserialize)]
struct Kept {
    of: ClientId,
    person: PartyId,
    client: Client,
    /// `None` for a public client.
    key: Option<Key>,
    state: String,
    nonce: String,
    verifier: String,
    taken: Vec<Taken>,
    over: bool,
    next: Option<String>,
}

impl Kept {
    /// Takes note of a step. `false`: it failed, and the trial is over.
    fn take(&mut self, taken: Taken) -> bool {
        let good = taken.is_good();
        self.over = !good || taken.step == Step::Decision;
        self.taken.push(taken);
        good
    }

    /// How it went, for the record: all well, or the step that failed.
    fn result(&self) -> &'static str {
        match self.taken.iter().find(|taken| !taken.is_good()) {
            Some(failed) => failed.step.word(),
            None => "good",
        }
    }

    fn view(self, id: ClientId) -> TrialView {
        let next = self.next.filter(|_| !self.over);
        TrialView { id, of: self.of, taken: self.taken, over: self.over, next }
    }
}

impl App {
    /// Begins a trial of a registration and takes every step that needs no visitor.
    pub async fn begin_trial(&self, visit: &Visit, of: &ClientId) -> Result<TrialView, Refusal> {
        let view = self.client(visit, of).await?;
        let (id, mut kept) = self.prepared(visit, &view.client)?;
        // Each is taken only if the one before it went well.
        let _all_good = kept.take(self.try_registration(&view))
            && kept.take(self.try_service(visit, &view.client))
            && kept.take(self.try_discovery());
        self.open_trial(visit, &id, &kept).await?;
        if kept.over {
            return Ok(kept.view(id));
        }
        let (taken, next) = self.robot(&kept).push().await?;
        kept.take(taken);
        kept.next = next;
        self.keep_trial(visit, &id, 1, kept).await
    }

    /// A trial as far as it has come; only whoever began it sees it.
    pub async fn trial(&self, visit: &Visit, id: &ClientId) -> Result<TrialView, Refusal> {
        Ok(self.kept_trial(visit, id).await?.1.view(id.clone()))
    }

    /// The visitor has come back from the login: takes every other step, and takes the trial's client away. Coming back again
    /// changes nothing.
    pub async fn end_trial(&self, visit: &Visit, id: &ClientId, back: &Params) -> Result<TrialView, Refusal> {
        let (version, mut kept) = self.kept_trial(visit, id).await?;
        if kept.over {
            return Ok(kept.view(id.clone()));
        }
        for taken in self.robot(&kept).come_back(back).await? {
            kept.take(taken);
        }
        self.keep_trial(visit, id, version, kept).await
    }

    fn prepared(&self, visit: &Visit, tried: &Client) -> Result<(ClientId, Kept), Refusal> {
        let broken = || self.broken(Stop::Store(StoreError::Corrupt("a trial cannot be made".into())));
        let random = || {
            let mut bytes = [0; 32];
            self.entropy().fill(&mut bytes);
            URL_SAFE_NO_PAD.encode(bytes)
        };
        let hash = sha256(random().as_bytes());
        let word = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let id = ClientId::parse(&format!("{TRIAL}{word}")).map_err(|_| broken())?;
        let key = match tried.authentication {
            Authentication::PrivateKeyJwt { .. } => Some(Key::new(self.entropy())),
            Authentication::Public => None,
        };
        let authentication = match &key {
            Some(key) => Authentication::PrivateKeyJwt { keys: key.public().map_err(|_| broken())? },
            None => Authentication::Public,
        };
        let back = format!("{}/for/{}/clients/{}/trial/{id}/back", self.issuer(), self.agency(), tried.id);
        let client = Client {
            id: id.clone(),
            authentication,
            redirect_uris: vec![RedirectUri::parse(&back).map_err(|_| broken())?],
            // Whatever happens to the trial's sessions is not told to the e-service, which knows nothing of it.
            post_logout_redirect_uris: Vec::new(),
            backchannel_logout_uri: None,
            home: None,
            loopback: Loopback::Listed,
            ..tried.clone()
        };
        let kept = Kept {
            of: tried.id.clone(),
            person: visit.person(),
            client,
            key,
            state: random(),
            nonce: random(),
            verifier: random(),
            taken: Vec::new(),
            over: false,
            next: None,
        };
        Ok((id, kept))
    }

    async fn open_trial(&self, visit: &Visit, id: &ClientId, kept: &Kept) -> Result<(), Refusal> {
        let ends_at = self.wall_now() + LIFE;
        let trial = StoredTrial { id: id.to_string(), ends_at, version: 1, body: body(kept) };
        let client = (!kept.over).then(|| NewClient { client: kept.client.clone(), ends_at: Some(ends_at) });
        let (of, result) = (kept.of.to_string(), kept.result());
        self.write(visit, Want::to(super::clients::MANAGE, self.agency()), move |act| {
            if let Some(client) = &client {
                let stored = client.stored(act.app.wall_now())?;
                store::oidc::clients::insert(act.tx, &stored)?;
            }
            store::oidc::trials::insert(act.tx, &act.ring, act.app.entropy(), &trial)?;
            let detail: &[_] = match client {
                Some(_) => &[],
                None => &[("result", result.to_owned())],
            };
            act.record("client.trial_begun", Some(of.clone()), &[], detail);
            Ok(())
        })
        .await
    }

    /// Keeps what the trial has come to; one that is over loses its client in the same transaction.
    async fn keep_trial(
        &self,
        visit: &Visit,
        id: &ClientId,
        version: u32,
        kept: Kept,
    ) -> Result<TrialView, Refusal> {
        let trial = StoredTrial {
            id: id.to_string(),
            // Not written: it ends when it was to end.
            ends_at: self.wall_now(),
            version,
            body: body(&kept),
        };
        if !kept.over {
            let app = self.clone();
            self.write_plain(move |tx| {
                store::oidc::trials::update(tx, &app.ring(), app.entropy(), &trial)?;
                Ok(())
            })
            .await?;
            return Ok(kept.view(id.clone()));
        }
        let (of, result) = (kept.of.to_string(), kept.result());
        self.write(visit, Want::to(super::clients::MANAGE, self.agency()), move |act| {
            if !store::oidc::trials::update(act.tx, &act.ring, act.app.entropy(), &trial)? {
                return Err(Refusal::Conflict("CHANGED_MEANWHILE").into());
            }
            store::oidc::clients::end_trial(act.tx, &trial.id)?;
            act.record("client.trial_ended", Some(of.clone()), &[], &[("result", result.to_owned())]);
            Ok(())
        })
        .await?;
        Ok(kept.view(id.clone()))
    }

    async fn kept_trial(&self, visit: &Visit, id: &ClientId) -> Result<(u32, Kept), Refusal> {
        self.require(visit, &Want::to(super::clients::MANAGE, self.agency())).await?;
        let (app, id, now) = (self.clone(), id.to_string(), self.wall_now());
        let found = self.read(move |tx| Ok(store::oidc::trials::find(tx, &app.ring(), &id)?)).await?;
        let stored = found.filter(|trial| now < trial.ends_at).ok_or(Refusal::NotFound)?;
        let kept: Kept = serde_json::from_slice(&stored.body)
            .map_err(|_| self.broken(Stop::Store(StoreError::Corrupt("a trial cannot be read".into()))))?;
        if kept.person == visit.person() { Ok((stored.version, kept)) } else { Err(Refusal::NotFound) }
    }
}

fn body(kept: &Kept) -> Vec<u8> {
    serde_json::to_vec(kept).unwrap_or_default()
}
