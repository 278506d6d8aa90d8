//! The birth of an installation: its mark, its agency, its keys, its first catalogue, two invitations.

use crate::invitation::InvitationCode;
use crate::refusal::Stop;
use activity::{Record, RecordClass};
use catalogue::{Catalogue, RuleKind};
use domain::fact::{MethodPhase, MethodState, PermissionId};
use domain::{Clock, Entropy, Fact, FactId, Instant, PartyId, Seq};
use ident::OrganisationNumber;
use keyring::{Keyring, MasterKey, Purpose, StoredKey};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::catalogues::StoredCatalogue;
use store::installation::{Environment, Installation};
use store::parties::Identifier;
use store::vault::Field;
use store::{Store, Tx};

/// What a new installation is given.
#[derive(Debug, Clone)]
pub struct NewInstallation {
    pub environment: Environment,
    /// Name of the log, such as `behorig.example/log/test`; the mark stands in it.
    pub origin: String,
    pub agency_name: String,
    pub agency_number: OrganisationNumber,
    pub catalogue: Catalogue,
}

/// Makes the installation in one transaction and returns the two one-time invitations, which exist nowhere else.
///
/// Refuses with [`store::StoreError::Unique`] on a store that is installed already.
pub async fn install(
    store: &Store,
    master: &MasterKey,
    new: NewInstallation,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<[InvitationCode; 2], Stop> {
    let codes = [InvitationCode::new(entropy.as_ref()), InvitationCode::new(entropy.as_ref())];
    let hashes = [codes[0].hash(), codes[1].hash()];
    let now = clock.now();
    let mut keys = Keyring::create_missing(&[], master, entropy.as_ref(), now)?;
    keys.push(StoredKey::announce(Purpose::Tokens, master, entropy.as_ref(), now)?);
    let ring = Arc::new(Keyring::open(master, &keys)?);
    store
        .write(move |tx| {
            let version = store::keys::version(tx)?;
            store::keys::save(tx, version, &keys)?;
            let agency = agency_party(tx, &ring, &new, entropy.as_ref(), now)?;
            store::installation::create(
                tx,
                &Installation {
                    environment: new.environment,
                    origin: new.origin.clone(),
                    agency,
                    epoch: 1,
                    created_at: now,
                },
            )?;
            let seq = store::seq::take(tx)?;
            apply_in(tx, seq, &new.catalogue, now)?;
            activate_methods(tx, seq, &new.catalogue, entropy.as_ref(), now)?;
            record(tx, entropy.as_ref(), "installation.created", agency, seq, now, &new.catalogue)?;
            for (number, hash) in (1u32..).zip(hashes) {
                store::invitations::insert(tx, hash, number)?;
            }
            Ok::<_, Stop>(())
        })
        .await?;
    Ok(codes)
}

fn agency_party(
    tx: &mut Tx<'_>,
    ring: &Keyring,
    new: &NewInstallation,
    entropy: &dyn Entropy,
    now: Instant,
) -> Result<PartyId, Stop> {
    let number = new.agency_number.digits();
    let agency =
        store::parties::find_or_create(tx, ring, entropy, Identifier::OrganisationNumber(&number), now)?;
    store::vault::set_field(tx, ring, entropy, agency, Field::DisplayName, &new.agency_name)?;
    Ok(agency)
}

/// A method is switched on by a fact, so that it can be switched off by date without a release.
fn activate_methods(
    tx: &mut Tx<'_>,
    seq: Seq,
    catalogue: &Catalogue,
    entropy: &dyn Entropy,
    now: Instant,
) -> Result<(), Stop> {
    for method in catalogue.methods() {
        let fact = Fact::MethodState(MethodState {
            method: method.id.clone(),
            service: None,
            phase: MethodPhase::Active,
        });
        store::facts::add(tx, seq, FactId::new(entropy), now, None, &fact)?;
    }
    Ok(())
}

/// Brings a catalogue in force by a change that has been taken.
pub(crate) fn apply_in(tx: &mut Tx<'_>, seq: Seq, catalogue: &Catalogue, now: Instant) -> Result<(), Stop> {
    let body = catalogue.canonical();
    let stored = StoredCatalogue { seq, hash: catalogue.hash(), body, applied_at: now };
    Ok(store::catalogues::insert(tx, &stored)?)
}

fn record(
    tx: &mut Tx<'_>,
    entropy: &dyn Entropy,
    event: &str,
    agency: PartyId,
    seq: Seq,
    now: Instant,
    catalogue: &Catalogue,
) -> Result<(), Stop> {
    let hash = catalogue.hash().iter().map(|b| format!("{b:02x}")).collect::<String>();
    let record = Record {
        party: Some(agency),
        seq: Some(seq),
        detail: BTreeMap::from([("catalogue".to_owned(), hash)]),
        ..Record::new(entropy, now, RecordClass::System, event)
    };
    Ok(store::records::append(tx, &record, entropy)?)
}

/// What the catalogue lets the agency register without a parent, by application or by invitation.
pub(crate) fn given_by(catalogue: &Catalogue, giver: &str, service: Option<&str>) -> BTreeSet<PermissionId> {
    catalogue
        .rules()
        .filter(|(of, _)| service.is_none_or(|service| service == *of))
        .filter_map(|(_, rule)| match &rule.kind {
            RuleKind::Gives { giver: by, gives, .. } if by == giver => Some(gives),
            _ => None,
        })
        .flatten()
        .cloned()
        .collect()
}
