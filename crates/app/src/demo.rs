//! The people and employers of a demo, as facts from the day before yesterday. Refused in any store but a demo's.

use crate::installation::given_by;
use crate::refusal::{Refusal, Stop};
use activity::{Record, RecordClass};
use catalogue::{BY_APPLICATION, BY_INVITATION, Catalogue};
use domain::fact::{
    AcceptanceWay, Connection, EvidenceHash, Mandate, MandateKind, PermissionId, Right, TermsAcceptance,
};
use domain::{Clock, Entropy, Fact, FactId, Instant, PartyId, Seq};
use keyring::{Keyring, MasterKey};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use store::installation::Environment;
use store::parties::Identifier;
use store::vault::Field;
use store::{Store, StoreError, Tx};

/// A demo person.
#[derive(Debug, Clone)]
pub struct DemoPerson {
    pub number: String,
    pub name: String,
    pub email: String,
}

/// A demo employer that is connected.
#[derive(Debug, Clone)]
pub struct DemoEmployer {
    pub number: String,
    pub name: String,
    pub email: String,
    pub administrator: DemoPerson,
    /// Users, each with a package of the catalogue.
    pub users: Vec<(DemoPerson, PermissionId)>,
}

/// Everything that a demo begins with.
#[derive(Debug, Clone, Default)]
pub struct DemoWorld {
    /// Officers at the agency, as after their invitations.
    pub officers: Vec<DemoPerson>,
    /// Others at the agency, each with one role of the catalogue.
    pub roles: Vec<(DemoPerson, PermissionId)>,
    pub employers: Vec<DemoEmployer>,
}

struct Seeding<'a, 'tx> {
    tx: &'a mut Tx<'tx>,
    ring: &'a Keyring,
    entropy: &'a dyn Entropy,
    catalogue: &'a Catalogue,
    agency: PartyId,
    seq: Seq,
    from: Instant,
}

/// Fills a new demo. One change, one record.
pub async fn seed(
    store: &Store,
    master: &MasterKey,
    world: DemoWorld,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<(), Stop> {
    let (_, rows) = store.read(|tx| Ok::<_, Stop>(store::keys::all(tx)?)).await?;
    let ring = Keyring::open(master, &rows)?;
    store
        .write(move |tx| {
            let seq = store::seq::take(tx)?;
            let installation =
                store::installation::find(tx)?.ok_or(Stop::No(Refusal::Conflict("NOT_INSTALLED")))?;
            if installation.environment != Environment::Demo {
                return Err(Refusal::Conflict("NOT_A_DEMO").into());
            }
            let now = clock.now();
            let stored = store::catalogues::latest(tx)?.ok_or(StoreError::Corrupt("no catalogue".into()))?;
            let catalogue = Catalogue::from_canonical(&stored.body)
                .map_err(|_| StoreError::Corrupt("catalogue".into()))?;
            let mut seeding = Seeding {
                tx,
                ring: &ring,
                entropy: entropy.as_ref(),
                catalogue: &catalogue,
                agency: installation.agency,
                seq,
                from: now - Duration::from_secs(2 * 24 * 3600),
            };
            for officer in &world.officers {
                seeding.officer(officer)?;
            }
            for (person, role) in &world.roles {
                seeding.agency_role(person, BTreeSet::from([role.clone()]), BTreeSet::from([Right::Use]))?;
            }
            for employer in &world.employers {
                seeding.employer(employer)?;
            }
            let record = Record {
                party: Some(installation.agency),
                seq: Some(seq),
                ..Record::new(entropy.as_ref(), now, RecordClass::System, "demo.seeded")
            };
            Ok(store::records::append(tx, &record, entropy.as_ref())?)
        })
        .await
}

impl Seeding<'_, '_> {
    fn person(&mut self, person: &DemoPerson) -> Result<PartyId, Stop> {
        let identifier = Identifier::PersonalNumber(&person.number);
        let id = store::parties::find_or_create(self.tx, self.ring, self.entropy, identifier, self.from)?;
        store::vault::set_field(self.tx, self.ring, self.entropy, id, Field::DisplayName, &person.name)?;
        store::vault::set_field(self.tx, self.ring, self.entropy, id, Field::Email, &person.email)?;
        Ok(id)
    }

    fn fact(&mut self, fact: &Fact) -> Result<FactId, Stop> {
        let id = FactId::new(self.entropy);
        store::facts::add(self.tx, self.seq, id, self.from, None, fact)?;
        Ok(id)
    }

    fn officer(&mut self, officer: &DemoPerson) -> Result<(), Stop> {
        let all = given_by(self.catalogue, BY_INVITATION, None);
        self.agency_role(officer, all, BTreeSet::from([Right::Use, Right::Give, Right::GiveOn]))
    }

    fn agency_role(
        &mut self,
        person: &DemoPerson,
        permissions: BTreeSet<PermissionId>,
        rights: BTreeSet<Right>,
    ) -> Result<(), Stop> {
        let holder = self.person(person)?;
        self.fact(&Fact::Mandate(Mandate {
            kind: MandateKind::AgencyRole,
            grantor: self.agency,
            holder,
            permissions,
            rights,
            parent: None,
            evidence: None,
        }))?;
        Ok(())
    }

    fn employer(&mut self, employer: &DemoEmployer) -> Result<(), Stop> {
        let service = "employer".to_owned();
        let identifier = Identifier::OrganisationNumber(&employer.number);
        let organisation =
            store::parties::find_or_create(self.tx, self.ring, self.entropy, identifier, self.from)?;
        for (field, value) in [(Field::DisplayName, &employer.name), (Field::Email, &employer.email)] {
            store::vault::set_field(self.tx, self.ring, self.entropy, organisation, field, value)?;
        }
        let evidence = self.paper(organisation)?;
        let terms = self
            .catalogue
            .service(&service)
            .and_then(|entry| entry.terms_in_force(self.from))
            .ok_or(StoreError::Corrupt("no terms in force".into()))?
            .clone();
        self.fact(&Fact::Connection(Connection { organisation, service: service.clone() }))?;
        self.fact(&Fact::TermsAcceptance(TermsAcceptance {
            organisation,
            service: service.clone(),
            version: terms.version,
            text_hash: terms.hash,
            way: AcceptanceWay::PaperForm,
            evidence,
        }))?;
        let administrator = self.person(&employer.administrator)?;
        let parent = self.fact(&Fact::Mandate(Mandate {
            kind: MandateKind::Administrator,
            grantor: organisation,
            holder: administrator,
            permissions: given_by(self.catalogue, BY_APPLICATION, Some(&service)),
            rights: BTreeSet::from([Right::Use, Right::Give, Right::GiveOn]),
            parent: None,
            evidence: Some(evidence),
        }))?;
        for (user, package) in &employer.users {
            let holder = self.person(user)?;
            self.fact(&Fact::Mandate(Mandate {
                kind: MandateKind::User,
                grantor: organisation,
                holder,
                permissions: BTreeSet::from([package.clone()]),
                rights: BTreeSet::from([Right::Use]),
                parent: Some(parent),
                evidence: None,
            }))?;
        }
        Ok(())
    }

    /// Stands for the scanned application.
    fn paper(&mut self, organisation: PartyId) -> Result<EvidenceHash, Stop> {
        let text = format!("%PDF-1.4\n% a demo has no paper: application of {organisation}\n");
        let (entropy, from) = (self.entropy, self.from);
        Ok(store::evidence::put(
            self.tx,
            self.ring,
            entropy,
            organisation,
            "application/pdf",
            text.as_bytes(),
            from,
        )?)
    }
}
