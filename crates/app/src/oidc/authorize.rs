//! From a client's request to a code: who must log in, who chooses for whom, and who has done both.

use super::code::Code;
use super::handle::Handle;
use super::{Denied, acts_for, clients, no_such_client};
use crate::core::App;
use crate::refusal::Refusal;
use crate::session::{Visit, sha256};
use ::oidc::authorize::{CODE_LIFE, PUSHED_LIFE, Prompt, REQUEST_URI, Refused, Request, WAITING_LIFE};
use ::oidc::token::Caller;
use ::oidc::{Client, ClientId, ErrorCode, Fault, Params};
use domain::Instant;
use std::net::IpAddr;
use std::time::Duration;
use store::StoreError;
use store::oidc::requests::StoredRequest;

/// What comes next for the visitor.
#[derive(Debug, Clone)]
pub enum Step {
    /// Back to the client, with a code.
    Done { location: String },
    /// Log in, first or anew, for this service; then go on with the request.
    LogIn { handle: Handle, service: String },
    /// Choose for whom to act; then go on.
    Choose { handle: Handle },
}

/// Why a visitor does not get on.
#[derive(Debug, Clone)]
pub enum NotAuthorized {
    /// The visitor is told. The client, where it is known, for the way back.
    Here {
        fault: Fault,
        client: Option<Box<Client>>,
    },
    /// The client is told: the visitor is sent there.
    Back {
        location: String,
    },
    Refused(Refusal),
}

impl From<Refusal> for NotAuthorized {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

/// A checked request and where it is kept, if it is.
struct Standing {
    client: Client,
    request: Request,
    kept: Option<Handle>,
    /// When it came, by the machine's clock.
    made_at: Instant,
}

/// A request that was kept, with the client as it is registered now.
struct Kept {
    stored: StoredRequest,
    request: Request,
    client: Result<Client, Fault>,
}

/// How the visitor came to the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// From the client.
    First,
    /// From having chosen for whom to act, or from a login, which asks for the same.
    Chosen,
}

impl App {
    /// A request at the authorisation endpoint.
    pub async fn authorize(&self, params: &Params, visit: Option<&Visit>) -> Result<Step, NotAuthorized> {
        let here = |fault| NotAuthorized::Here { fault, client: None };
        let id = params
            .need("client_id", "client_id is missing.")
            .and_then(|id| ClientId::parse(id).map_err(|_| no_such_client()))
            .map_err(here)?;
        let client = self.live_client(&id).await?.map_err(here)?;
        if let Some(uri) = params.get("request_uri") {
            let handle = uri.strip_prefix(REQUEST_URI).and_then(Handle::parse);
            let Some(handle) = handle else {
                let says = "request_uri must be one that was pushed here.";
                return Err(NotAuthorized::Here {
                    fault: Fault::new(ErrorCode::InvalidRequestUri, says),
                    client: Some(Box::new(client)),
                });
            };
            return self.go_on(&handle, Some(&id), visit, Came::First).await;
        }
        let now = self.wall_now();
        let request =
            Request::check(&client, params, self.issuer(), now).map_err(|no| self.told(no, &client))?;
        self.next_step(Standing { client, request, kept: None, made_at: now }, visit, Came::First).await
    }

    /// Goes on with a request that was pushed or that waited.
    pub async fn resume(
        &self,
        handle: &Handle,
        visit: Option<&Visit>,
        came: Came,
    ) -> Result<Step, NotAuthorized> {
        self.go_on(handle, None, visit, came).await
    }

    /// Where the forms of a request that waits may end: the client's origin, for the policy of its pages. `None` for a
    /// request that nobody can go on with.
    pub async fn form_target(&self, handle: &Handle) -> Result<Option<String>, Refusal> {
        let Some(Kept { stored, request, client }) = self.kept(handle).await? else { return Ok(None) };
        if stored.used_at.is_some() || self.wall_now() >= stored.expires_at {
            return Ok(None);
        }
        // Registered still, and not only when the request came.
        let registered = client.ok().and_then(|client| client.redirect(request.redirect_uri.as_str()));
        Ok(registered.map(|uri| uri.origin().to_owned()))
    }

    async fn go_on(
        &self,
        handle: &Handle,
        by: Option<&ClientId>,
        visit: Option<&Visit>,
        came: Came,
    ) -> Result<Step, NotAuthorized> {
        let no = |says, client| {
            let fault = Fault::new(ErrorCode::InvalidRequestUri, says);
            NotAuthorized::Here { fault, client }
        };
        let Some(Kept { stored, request, client }) = self.kept(handle).await? else {
            return Err(no("There is no such request, or its time is over.", None));
        };
        if by.is_some_and(|by| *by != request.client) {
            return Err(no("The request is of another client.", None));
        }
        let client = client.map_err(|fault| NotAuthorized::Here { fault, client: None })?;
        if stored.used_at.is_some() {
            return Err(no("The request has been used: begin again at the e-service.", Some(client.into())));
        }
        if self.wall_now() >= stored.expires_at {
            let says = "The request's time is over: begin again at the e-service.";
            return Err(no(says, Some(client.into())));
        }
        let kept = Some(handle.clone());
        self.next_step(Standing { client, request, kept, made_at: stored.made_at }, visit, came).await
    }

    async fn kept(&self, handle: &Handle) -> Result<Option<Kept>, Refusal> {
        let (app, hash, now) = (self.clone(), handle.hash(), self.wall_now());
        self.glance(move |tx| {
            let Some(stored) = store::oidc::requests::find(tx, &app.ring(), hash)? else { return Ok(None) };
            let request: Request = serde_json::from_slice(&stored.body)
                .map_err(|_| StoreError::Corrupt("a request of a client".into()))?;
            let client = clients::live(tx, &request.client, now)?;
            Ok(Some(Kept { stored, request, client }))
        })
        .await
    }

    async fn next_step(
        &self,
        standing: Standing,
        visit: Option<&Visit>,
        came: Came,
    ) -> Result<Step, NotAuthorized> {
        let request = &standing.request;
        let silent = request.prompt.contains(&Prompt::None);
        let back = |code, says| self.told(request.refused(code, says), &standing.client);
        let fresh = visit.filter(|visit| self.is_fresh(visit, &standing));
        let Some(visit) = fresh else {
            if silent {
                return Err(back(ErrorCode::LoginRequired, "The visitor must log in."));
            }
            let service = standing.client.service.clone();
            return Ok(Step::LogIn { handle: self.keep_request(&standing).await?, service });
        };
        let known = &visit.known;
        let open = known.catalogue.service(&standing.client.service).is_some_and(|service| {
            service.methods.contains(visit.method()) && visit.assurance() >= service.assurance
        });
        if !open || !request.wanted.acr.is_met_by(visit.assurance()) {
            let says = "The visitor's login is not of a level or kind that was asked for.";
            return Err(back(ErrorCode::UnmetAuthenticationRequirements, says));
        }
        if request.prompt.contains(&Prompt::SelectAccount) && came == Came::First {
            return Ok(Step::Choose { handle: self.keep_request(&standing).await? });
        }
        Ok(Step::Done { location: self.grant(&standing, visit).await? })
    }

    /// Whether the visitor's login is as young as the client wants it.
    fn is_fresh(&self, visit: &Visit, standing: &Standing) -> bool {
        let opened = self.wall_opened(&visit.session);
        let anew = standing.request.prompt.contains(&Prompt::Login);
        let young = standing.request.max_age.is_none_or(|age| {
            self.wall_now().since(opened) <= Duration::from_secs(u64::from(age))
                // A login made for this very request is young enough, however long the visitor took since.
                || opened > standing.made_at
        });
        young && (!anew || opened > standing.made_at)
    }

    /// Keeps the request while the visitor logs in or chooses.
    async fn keep_request(&self, standing: &Standing) -> Result<Handle, Refusal> {
        let until = self.wall_now() + WAITING_LIFE;
        if let Some(handle) = &standing.kept {
            let hash = handle.hash();
            self.write_plain(move |tx| Ok(store::oidc::requests::prolong(tx, hash, until)?)).await?;
            return Ok(handle.clone());
        }
        self.put(&standing.request, standing.made_at, until).await
    }

    async fn put(&self, request: &Request, made_at: Instant, until: Instant) -> Result<Handle, Refusal> {
        let handle = Handle::new(self.entropy());
        let stored = StoredRequest {
            handle_hash: handle.hash(),
            client: request.client.to_string(),
            made_at,
            expires_at: until,
            used_at: None,
            body: serde_json::to_vec(request).unwrap_or_default(),
        };
        let app = self.clone();
        self.write_plain(move |tx| {
            Ok(store::oidc::requests::insert(tx, &app.ring(), app.entropy(), &stored)?)
        })
        .await?;
        Ok(handle)
    }

    /// Ends the request in a code for this visitor.
    async fn grant(&self, standing: &Standing, visit: &Visit) -> Result<String, NotAuthorized> {
        if let Some(handle) = &standing.kept {
            let (hash, now) = (handle.hash(), self.wall_now());
            let first = self.write_plain(move |tx| Ok(store::oidc::requests::use_up(tx, hash, now)?)).await?;
            if !first {
                let says = "The request has been used: begin again at the e-service.";
                return Err(NotAuthorized::Here {
                    fault: Fault::new(ErrorCode::InvalidRequestUri, says),
                    client: Some(Box::new(standing.client.clone())),
                });
            }
        }
        // An organisation that the person may no longer act for is left, as on our own pages.
        let acts = acts_for(self, &visit.known, visit.person(), visit.party());
        let party = if acts { visit.party() } else { visit.person() };
        let request = &standing.request;
        let code = self.seal(&Code {
            client: request.client.clone(),
            redirect_uri: request.redirect_uri.clone(),
            challenge: request.challenge.clone(),
            nonce: request.nonce.clone(),
            scopes: request.scopes.clone(),
            wanted: request.wanted.clone(),
            session: visit.session.key_hash,
            party,
            expires_at: self.wall_now() + CODE_LIFE,
            once: Handle::new(self.entropy()),
        })?;
        Ok(request.granted(&code, self.issuer()))
    }

    fn told(&self, refused: Refused, client: &Client) -> NotAuthorized {
        match refused.location(self.issuer()) {
            Some(location) => NotAuthorized::Back { location },
            None => NotAuthorized::Here { fault: refused.fault(), client: Some(Box::new(client.clone())) },
        }
    }

    pub(super) async fn live_client(&self, id: &ClientId) -> Result<Result<Client, Fault>, Refusal> {
        let (id, now) = (id.clone(), self.wall_now());
        self.glance(move |tx| clients::live(tx, &id, now)).await
    }

    /// A request that a client pushes ahead of the visitor (RFC 9126). Gives `request_uri` and its life.
    /// Whoever pushes for a public client proves nothing: it is a stranger `from` there ([`App::admit`]).
    pub async fn push(&self, params: &Params, from: IpAddr) -> Result<(String, Duration), Denied> {
        let caller = Caller::parse(params)?;
        if params.get("request_uri").is_some() {
            return Err(Fault::new(ErrorCode::InvalidRequest, "request_uri cannot be pushed.").into());
        }
        let client = self.authenticated(&caller, ::oidc::discovery::PUSH).await?;
        if client.authentication == ::oidc::Authentication::Public {
            self.admit(from)?;
        }
        let now = self.wall_now();
        let request =
            Request::check(&client, params, self.issuer(), now).map_err(|refused| refused.fault())?;
        let handle = self.put(&request, now, now + PUSHED_LIFE).await?;
        Ok((format!("{REQUEST_URI}{}", handle.as_str()), PUSHED_LIFE))
    }

    /// The client behind a call to one of our endpoints; its assertion is used up by this.
    pub(super) async fn authenticated(&self, caller: &Caller, endpoint: &str) -> Result<Client, Denied> {
        let client = self.live_client(&caller.client).await??;
        let once = self.proven(&client, caller, endpoint)?;
        self.use_up(once).await?;
        Ok(client)
    }

    /// Uses up what counts once, if anything does.
    pub(super) async fn use_up(&self, once: Option<Once>) -> Result<(), Denied> {
        let Some(once) = once else { return Ok(()) };
        let fresh = self
            .write_plain(move |tx| Ok(store::oidc::once::take(tx, once.hash, once.remember_until)?))
            .await?;
        if fresh { Ok(()) } else { Err(replayed().into()) }
    }

    /// Verifies that the caller is the client, as far as that can be done without the store. What it gives must be used up, once.
    pub(super) fn proven(
        &self,
        client: &Client,
        caller: &Caller,
        endpoint: &str,
    ) -> Result<Option<Once>, Fault> {
        use ::oidc::Authentication::{PrivateKeyJwt, Public};
        match (&client.authentication, &caller.assertion) {
            (Public, None) => Ok(None),
            (Public, Some(_)) => {
                Err(Fault::new(ErrorCode::InvalidClient, "A public client sends no assertion."))
            }
            (PrivateKeyJwt { .. }, None) => {
                Err(Fault::new(ErrorCode::InvalidClient, "client_assertion is missing (private_key_jwt)."))
            }
            (PrivateKeyJwt { .. }, Some(token)) => {
                let at = format!("{}{endpoint}", self.issuer());
                let token_endpoint = format!("{}{}", self.issuer(), ::oidc::discovery::TOKEN);
                let audiences = [self.issuer(), at.as_str(), token_endpoint.as_str()];
                let assertion = ::oidc::assertion::verify(client, token, &audiences, self.wall_now())?;
                let named = [client.id.as_str().as_bytes(), b"\0", assertion.jti.as_bytes()].concat();
                Ok(Some(Once { hash: sha256(&named), remember_until: assertion.remember_until }))
            }
        }
    }
}

/// Something that counts once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Once {
    pub hash: [u8; 32],
    pub remember_until: Instant,
}

pub(super) fn replayed() -> Fault {
    Fault::new(
        ErrorCode::InvalidClient,
        "client_assertion was used before: make a new one, with a new jti, for each call.",
    )
}
