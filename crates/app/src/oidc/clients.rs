//! Registering clients: by an officer on a page, or by the operator's command.

use super::no_such_client;
use crate::act::Want;
use crate::core::App;
use crate::refusal::{FieldFault, Refusal, Stop};
use crate::session::Visit;
use ::oidc::client::Strictness;
use ::oidc::{Client, ClientId, Fault};
use activity::{Record, RecordClass};
use catalogue::Catalogue;
use domain::{Clock, Entropy, Instant};
use std::sync::Arc;
use store::installation::Environment;
use store::oidc::clients::StoredClient;
use store::{Store, StoreError, Tx};

/// What registering, changing and switching off asks for.
const MANAGE: &str = "platform.client.manage";

/// A client with what the registration knows besides.
#[derive(Debug, Clone)]
pub struct ClientView {
    pub client: Client,
    pub registered_at: Instant,
    pub disabled_at: Option<Instant>,
    pub version: u32,
}

/// A client that is to be registered.
#[derive(Debug, Clone)]
pub struct NewClient {
    pub client: Client,
    /// When it ends by itself, for a trial of a registration; `None` for all others.
    pub ends_at: Option<Instant>,
}

impl NewClient {
    fn stored(&self, now: Instant) -> Result<StoredClient, Stop> {
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
        let strictness = match environment {
            Environment::Production => Strictness::Production,
            Environment::Demo | Environment::Test => Strictness::Relaxed,
        };
        let mut faults = Vec::new();
        if catalogue.service(&self.client.service).is_none() {
            faults.push(FieldFault::new("service", "UNKNOWN_SERVICE"));
        }
        faults.extend(
            self.client.mistakes(strictness).into_iter().map(|bad| FieldFault::new(bad.field, bad.code)),
        );
        faults
    }
}

impl App {
    /// All registered clients, by id.
    pub async fn clients(&self, visit: &Visit) -> Result<Vec<ClientView>, Refusal> {
        self.require(visit, &Want::to(MANAGE, self.agency())).await?;
        self.read(|tx| store::oidc::clients::all(tx)?.iter().map(view).collect()).await
    }

    /// One of them.
    pub async fn client(&self, visit: &Visit, id: &ClientId) -> Result<ClientView, Refusal> {
        self.require(visit, &Want::to(MANAGE, self.agency())).await?;
        let id = id.to_string();
        self.read(move |tx| view(&store::oidc::clients::find(tx, &id)?.ok_or(Stop::No(Refusal::NotFound))?))
            .await
    }

    /// Registers a client. Conflict: `CLIENT_EXISTS`.
    pub async fn register_client(&self, visit: &Visit, new: NewClient) -> Result<(), Refusal> {
        let want = Want::to(MANAGE, self.agency());
        self.write(visit, want, move |act| {
            let faults = new.faults(act.app.installation().environment, &act.app.known().catalogue);
            if !faults.is_empty() {
                return Err(Refusal::Invalid(faults).into());
            }
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
            let mut stored = store::oidc::clients::find(act.tx, &id)?.ok_or(Stop::No(Refusal::NotFound))?;
            if stored.disabled_at.is_some() {
                return Err(Refusal::Conflict("CLIENT_DISABLED").into());
            }
            stored.disabled_at = Some(act.app.wall_now());
            let version = stored.version;
            if !store::oidc::clients::update(act.tx, &stored, version)? {
                return Err(Refusal::Conflict("CHANGED_MEANWHILE").into());
            }
            act.record("client.disabled", Some(id.clone()), &[], &[]);
            Ok(())
        })
        .await
    }
}

/// Registers a client by the operator's command. Faults and conflicts as on the page.
///
/// # Errors
/// [`Refusal::Invalid`] with every mistake; [`Refusal::Conflict`] `CLIENT_EXISTS` or `NOT_INSTALLED`.
pub async fn add_client(
    store: &Store,
    new: NewClient,
    clock: Arc<dyn Clock>,
    wall: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<(), Stop> {
    store
        .write(move |tx| {
            let installation =
                store::installation::find(tx)?.ok_or(Stop::No(Refusal::Conflict("NOT_INSTALLED")))?;
            let latest =
                store::catalogues::latest(tx)?.ok_or_else(|| StoreError::Corrupt("no catalogue".into()))?;
            let catalogue = Catalogue::from_canonical(&latest.body)
                .map_err(|_| StoreError::Corrupt("catalogue".into()))?;
            let faults = new.faults(installation.environment, &catalogue);
            if !faults.is_empty() {
                return Err(Refusal::Invalid(faults).into());
            }
            if !store::oidc::clients::insert(tx, &new.stored(wall.now())?)? {
                return Err(Refusal::Conflict("CLIENT_EXISTS").into());
            }
            let record = Record {
                party: Some(installation.agency),
                object: Some(new.client.id.to_string()),
                detail: [("service".to_owned(), new.client.service.clone())].into(),
                ..Record::new(entropy.as_ref(), clock.now(), RecordClass::System, "client.registered")
            };
            Ok(store::records::append(tx, &record, entropy.as_ref())?)
        })
        .await
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
