//! Registering clients: by an officer on a page, or by the operator's command ([`operator`]).

pub(super) mod operator;
pub(super) mod reviewed;

use super::no_such_client;
use crate::act::Want;
use crate::core::App;
use crate::refusal::{FieldFault, Refusal, Stop};
use crate::session::Visit;
use ::oidc::client::Strictness;
use ::oidc::draft::FIELDS;
use ::oidc::{Client, ClientId, Draft, Fault};
use catalogue::{Catalogue, Text};
use domain::Instant;
use store::installation::Environment;
use store::oidc::clients::StoredClient;
use store::{StoreError, Tx};

/// What registering, changing and switching off asks for.
pub(super) const MANAGE: &str = "platform.client.manage";

/// A client with what the registration knows besides.
#[derive(Debug, Clone)]
pub struct ClientView {
    pub client: Client,
    pub registered_at: Instant,
    pub disabled_at: Option<Instant>,
    pub version: u32,
}

/// An e-service that a visitor may go back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    pub service: String,
    pub name: Text,
    /// Its own start page.
    pub home: String,
}

/// A client that is to be registered.
#[derive(Debug, Clone)]
pub struct NewClient {
    pub client: Client,
    /// When it ends by itself, for a trial of a registration; `None` for all others.
    pub ends_at: Option<Instant>,
}

/// What somebody wants to register: as it was typed, or a client that was made in code.
#[derive(Debug, Clone)]
pub enum Wanted {
    Typed(Draft),
    Made(NewClient),
}

impl From<Draft> for Wanted {
    fn from(draft: Draft) -> Self {
        Self::Typed(draft)
    }
}

impl From<NewClient> for Wanted {
    fn from(new: NewClient) -> Self {
        Self::Made(new)
    }
}

impl Wanted {
    /// The client, or every mistake in the order of the form.
    fn read(&self, environment: Environment, catalogue: &Catalogue) -> Result<NewClient, Vec<FieldFault>> {
        match self {
            Self::Typed(draft) => {
                read_draft(draft, environment, catalogue).map(|client| NewClient { client, ends_at: None })
            }
            Self::Made(new) => {
                let faults = new.faults(environment, catalogue);
                if faults.is_empty() { Ok(new.clone()) } else { Err(faults) }
            }
        }
    }
}

/// What was typed, as a client of this installation.
///
/// # Errors
/// Every mistake, in the order of the form.
pub fn read_draft(
    draft: &Draft,
    environment: Environment,
    catalogue: &Catalogue,
) -> Result<Client, Vec<FieldFault>> {
    let read = draft.read(strictness(environment));
    let mut faults = Vec::new();
    if let Err(bad) = &read {
        faults.extend(bad.iter().map(|bad| FieldFault::new(bad.field, bad.code)));
    }
    let service = draft.service.trim();
    if !service.is_empty() && catalogue.service(service).is_none() {
        faults.push(FieldFault::new("service", "UNKNOWN_SERVICE"));
        faults.sort_by_key(|fault| FIELDS.iter().position(|field| *field == fault.field));
    }
    match read {
        Ok(client) if faults.is_empty() => Ok(client),
        _ => Err(faults),
    }
}

fn strictness(environment: Environment) -> Strictness {
    match environment {
        Environment::Production => Strictness::Production,
        Environment::Demo | Environment::Test => Strictness::Relaxed,
    }
}

impl NewClient {
    pub(super) fn stored(&self, now: Instant) -> Result<StoredClient, Stop> {
        Ok(StoredClient {
            id: self.client.id.to_string(),
            service: self.client.service.clone(),
            registered_at: now,
            disabled_at: None,
            ends_at: self.ends_at,
            version: 1,
            body: serde_json::to_string(&self.client)
                .map_err(|_| StoreError::Corrupt("a client cannot be written".into()))?,
        })
    }

    /// Every mistake in the order of the form.
    fn faults(&self, environment: Environment, catalogue: &Catalogue) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        if catalogue.service(&self.client.service).is_none() {
            faults.push(FieldFault::new("service", "UNKNOWN_SERVICE"));
        }
        faults.extend(
            self.client
                .mistakes(strictness(environment))
                .into_iter()
                .map(|bad| FieldFault::new(bad.field, bad.code)),
        );
        faults
    }
}

impl App {
    /// What this installation allows its clients.
    pub fn client_strictness(&self) -> Strictness {
        strictness(self.installation().environment)
    }

    /// All registered clients, by id.
    pub async fn clients(&self, visit: &Visit) -> Result<Vec<ClientView>, Refusal> {
        self.require(visit, &Want::to(MANAGE, self.agency())).await?;
        self.read(|tx| store::oidc::clients::all(tx)?.iter().map(view).collect()).await
    }

    /// The e-services that have a start page, for the way back to them. Everybody may know where they are.
    pub async fn elsewhere(&self) -> Result<Vec<Elsewhere>, Refusal> {
        let now = self.wall_now();
        self.read(move |tx| {
            let mut found = Vec::new();
            for stored in store::oidc::clients::all(tx)?.iter().filter(|stored| stored.is_live(now)) {
                let client = parse(stored)?;
                // An app's own scheme leads nowhere from a page.
                let home = client.home.filter(|home| home.as_str().starts_with("http"));
                found.extend(home.map(|home| Elsewhere {
                    service: client.service,
                    name: client.name,
                    home: home.as_str().to_owned(),
                }));
            }
            Ok(found)
        })
        .await
    }

    /// One of them.
    pub async fn client(&self, visit: &Visit, id: &ClientId) -> Result<ClientView, Refusal> {
        self.require(visit, &Want::to(MANAGE, self.agency())).await?;
        let id = id.to_string();
        self.read(move |tx| view(&store::oidc::clients::find(tx, &id)?.ok_or(Stop::No(Refusal::NotFound))?))
            .await
    }

    /// Registers a client. Conflict: `CLIENT_EXISTS`.
    pub async fn register_client(&self, visit: &Visit, wanted: impl Into<Wanted>) -> Result<(), Refusal> {
        let (want, wanted) = (Want::to(MANAGE, self.agency()), wanted.into());
        self.write(visit, want, move |act| {
            let new = wanted
                .read(act.app.installation().environment, &act.app.known().catalogue)
                .map_err(Refusal::Invalid)?;
            if !store::oidc::clients::insert(act.tx, &new.stored(act.app.wall_now())?)? {
                return Err(Refusal::Conflict("CLIENT_EXISTS").into());
            }
            let id = new.client.id.to_string();
            act.record("client.registered", Some(id), &[], &[("service", new.client.service.clone())]);
            Ok(())
        })
        .await
    }

    /// Switches a client off: at once it can ask for nothing, and its tokens tell nothing. Conflict: `CLIENT_DISABLED`.
    pub async fn disable_client(&self, visit: &Visit, id: &ClientId) -> Result<(), Refusal> {
        let (want, id) = (Want::to(MANAGE, self.agency()), id.to_string());
        self.write(visit, want, move |act| {
            switch_off(act.tx, &id, act.app.wall_now())?;
            act.record("client.disabled", Some(id.clone()), &[], &[]);
            Ok(())
        })
        .await
    }
}

fn switch_off(tx: &mut Tx<'_>, id: &str, now: Instant) -> Result<(), Stop> {
    let mut stored = store::oidc::clients::find(tx, id)?.ok_or(Stop::No(Refusal::NotFound))?;
    if stored.disabled_at.is_some() {
        return Err(Refusal::Conflict("CLIENT_DISABLED").into());
    }
    stored.disabled_at = Some(now);
    let version = stored.version;
    if !store::oidc::clients::update(tx, &stored, version)? {
        return Err(Refusal::Conflict("CHANGED_MEANWHILE").into());
    }
    Ok(())
}

fn view(stored: &StoredClient) -> Result<ClientView, Stop> {
    Ok(ClientView {
        client: parse(stored)?,
        registered_at: stored.registered_at,
        disabled_at: stored.disabled_at,
        version: stored.version,
    })
}

fn parse(stored: &StoredClient) -> Result<Client, Stop> {
    serde_json::from_str(&stored.body)
        .map_err(|_| Stop::Store(StoreError::Corrupt(format!("client {} cannot be read", stored.id))))
}

/// The client, if it may do anything now.
pub(super) fn live(tx: &mut Tx<'_>, id: &ClientId, now: Instant) -> Result<Result<Client, Fault>, Stop> {
    match store::oidc::clients::find(tx, id.as_str())? {
        Some(stored) if stored.is_live(now) => parse(&stored).map(Ok),
        _ => Ok(Err(no_such_client())),
    }
}
