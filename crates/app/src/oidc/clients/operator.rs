//! The same by the operator's commands, which have a store and no visitor.

use super::{ClientView, Wanted, read_draft, switch_off, view};
use crate::refusal::{Refusal, Stop};
use ::oidc::{ClientId, Draft};
use activity::{Record, RecordClass};
use catalogue::Catalogue;
use domain::{Clock, Entropy, PartyId};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::installation::Installation;
use store::{Store, StoreError, Tx};

/// What the operator's commands have in hand besides the store. The two clocks differ only where the domain's is moved.
#[derive(Debug, Clone)]
pub struct Operator {
    pub clock: Arc<dyn Clock>,
    pub wall: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
}

/// Registers a client by the operator's command. Faults and conflicts as on the page.
///
/// # Errors
/// [`Refusal::Invalid`] with every mistake; [`Refusal::Conflict`] `CLIENT_EXISTS` or `NOT_INSTALLED`.
pub async fn add_client(
    store: &Store,
    wanted: impl Into<Wanted>,
    clock: Arc<dyn Clock>,
    wall: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<(), Stop> {
    let wanted = wanted.into();
    let by = Operator { clock, wall, entropy };
    store
        .write(move |tx| {
            let installation = installed(tx)?;
            let new = wanted.read(installation.environment, &in_force(tx)?).map_err(Refusal::Invalid)?;
            if !store::oidc::clients::insert(tx, &new.stored(by.wall.now())?)? {
                return Err(Refusal::Conflict("CLIENT_EXISTS").into());
            }
            let service = [("service".to_owned(), new.client.service.clone())].into();
            by.record(tx, installation.agency, "client.registered", &new.client.id, service)
        })
        .await
}

/// What would be told of a draft if `catalogue` were in force, without registering anything; the environment is the store's.
///
/// # Errors
/// As [`add_client`].
pub async fn preview_client(store: &Store, draft: Draft, catalogue: Catalogue) -> Result<(), Stop> {
    store
        .read(move |tx| {
            let client =
                read_draft(&draft, installed(tx)?.environment, &catalogue).map_err(Refusal::Invalid)?;
            match store::oidc::clients::find(tx, client.id.as_str())? {
                Some(_) => Err(Refusal::Conflict("CLIENT_EXISTS").into()),
                None => Ok(()),
            }
        })
        .await
}

/// Every registered client, for the operator's command.
///
/// # Errors
/// Broken machinery only.
pub async fn list_clients(store: &Store) -> Result<Vec<ClientView>, Stop> {
    store.read(|tx| store::oidc::clients::all(tx)?.iter().map(view).collect()).await
}

/// One of them; `None`: there is none of this id.
///
/// # Errors
/// Broken machinery only.
pub async fn find_client(store: &Store, id: &ClientId) -> Result<Option<ClientView>, Stop> {
    let id = id.to_string();
    store.read(move |tx| store::oidc::clients::find(tx, &id)?.as_ref().map(view).transpose()).await
}

/// Switches a client off by the operator's command, as [`App::disable_client`] does.
///
/// # Errors
/// [`Refusal::NotFound`]; [`Refusal::Conflict`] `CLIENT_DISABLED` or `NOT_INSTALLED`.
pub async fn switch_off_client(store: &Store, id: &ClientId, by: Operator) -> Result<(), Stop> {
    let id = id.clone();
    store
        .write(move |tx| {
            let installation = installed(tx)?;
            switch_off(tx, id.as_str(), by.wall.now())?;
            by.record(tx, installation.agency, "client.disabled", &id, BTreeMap::new())
        })
        .await
}

impl Operator {
    fn record(
        &self,
        tx: &mut Tx<'_>,
        agency: PartyId,
        event: &str,
        client: &ClientId,
        detail: BTreeMap<String, String>,
    ) -> Result<(), Stop> {
        let record = Record {
            party: Some(agency),
            object: Some(client.to_string()),
            detail,
            ..Record::new(self.entropy.as_ref(), self.clock.now(), RecordClass::System, event)
        };
        Ok(store::records::append(tx, &record, self.entropy.as_ref())?)
    }
}

fn installed(tx: &mut Tx<'_>) -> Result<Installation, Stop> {
    store::installation::find(tx)?.ok_or(Stop::No(Refusal::Conflict("NOT_INSTALLED")))
}

fn in_force(tx: &mut Tx<'_>) -> Result<Catalogue, Stop> {
    let latest = store::catalogues::latest(tx)?.ok_or_else(|| StoreError::Corrupt("no catalogue".into()))?;
    Ok(Catalogue::from_canonical(&latest.body).map_err(|_| StoreError::Corrupt("catalogue".into()))?)
}
