//! The people and employers of a demo, as facts of the last ninety days. Refused in any store but a demo's.
//!
//! All days are counted from the day of seeding, so that what ended "the other day" did so whenever the demo is begun.

mod altered;
mod refused;
pub mod series;
mod waiting;

pub use altered::AlteredCopy;
pub use refused::DemoRefused;
pub use waiting::DemoApplication;

use crate::installation::given_by;
use crate::refusal::{Refusal, Stop};
use activity::{Record, RecordClass};
use catalogue::{BY_APPLICATION, BY_INVITATION, Catalogue};
use domain::calendar::{date_in_stockholm, end_of_day_stockholm};
use domain::fact::{
    AcceptanceWay, Connection, EvidenceHash, Mandate, MandateKind, PermissionId, Right, TermsAcceptance,
};
use domain::{Clock, Entropy, Fact, FactId, Instant, PartyId, Seq};
use keyring::{Keyring, MasterKey};
use std::collections::{BTreeMap, BTreeSet};
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

/// A user's permission with an end of its own.
#[derive(Debug, Clone)]
pub struct DemoDated {
    /// The employer's number; it is one of [`DemoWorld::employers`].
    pub employer: String,
    pub user: DemoPerson,
    pub package: PermissionId,
    pub end: DemoEnd,
}

/// The last day of a permission, counted from the day of seeding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DemoEnd {
    DaysAgo(u16),
    InDays(u16),
}

impl DemoEnd {
    /// The end of that day in Sweden.
    fn at(self, now: Instant) -> Instant {
        let day = |days: u16| Duration::from_secs(u64::from(days) * DAY);
        let on = match self {
            Self::DaysAgo(days) => now - day(days),
            Self::InDays(days) => now + day(days),
        };
        end_of_day_stockholm(date_in_stockholm(on))
    }
}

const DAY: u64 = 24 * 3600;
/// How old a demo's facts are.
const SINCE: Duration = Duration::from_secs(90 * DAY);

/// Everything that a demo begins with.
#[derive(Debug, Clone, Default)]
pub struct DemoWorld {
    /// Officers at the agency, as after their invitations.
    pub officers: Vec<DemoPerson>,
    /// Others at the agency, each with one role of the catalogue.
    pub roles: Vec<(DemoPerson, PermissionId)>,
    pub employers: Vec<DemoEmployer>,
    /// Permissions that have ended or will.
    pub dated: Vec<DemoDated>,
    /// Paper forms that one officer has registered and another has to confirm.
    pub waiting: Vec<DemoApplication>,
    /// Who was refused a few minutes ago and has got a code.
    pub refused: Vec<DemoRefused>,
}

struct Seeding<'a, 'tx> {
    tx: &'a mut Tx<'tx>,
    ring: &'a Keyring,
    entropy: &'a dyn Entropy,
    catalogue: &'a Catalogue,
    /// The change that brought the catalogue in force.
    catalogue_seq: Seq,
    agency: PartyId,
    seq: Seq,
    from: Instant,
    now: Instant,
    /// What each employer's administrator holds, by the employer's number: the parent of what its users hold.
    administrators: BTreeMap<String, (PartyId, FactId)>,
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
                catalogue_seq: stored.seq,
                agency: installation.agency,
                seq,
                from: now - SINCE,
                now,
                administrators: BTreeMap::new(),
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
            for dated in &world.dated {
                seeding.dated(dated)?;
            }
            for application in &world.waiting {
                seeding.application(application)?;
            }
            for refused in &world.refused {
                seeding.refused(refused)?;
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
        self.fact_until(fact, None)
    }

    fn fact_until(&mut self, fact: &Fact, to: Option<Instant>) -> Result<FactId, Stop> {
        let id = FactId::new(self.entropy);
        store::facts::add(self.tx, self.seq, id, self.from, to, fact)?;
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

    fn organisation(&mut self, number: &str, name: &str, email: &str) -> Result<PartyId, Stop> {
        let identifier = Identifier::OrganisationNumber(number);
        let id = store::parties::find_or_create(self.tx, self.ring, self.entropy, identifier, self.from)?;
        for (field, value) in [(Field::DisplayName, name), (Field::Email, email)] {
            store::vault::set_field(self.tx, self.ring, self.entropy, id, field, value)?;
        }
        Ok(id)
    }

    fn employer(&mut self, employer: &DemoEmployer) -> Result<(), Stop> {
        let service = "employer".to_owned();
        let organisation = self.organisation(&employer.number, &employer.name, &employer.email)?;
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
        self.administrators.insert(employer.number.clone(), (organisation, parent));
        for (user, package) in &employer.users {
            self.user((organisation, parent), user, package, None)?;
        }
        Ok(())
    }

    fn dated(&mut self, dated: &DemoDated) -> Result<(), Stop> {
        let of = self.administrators.get(&dated.employer).copied();
        let of = of.ok_or(StoreError::Corrupt("a demo user of no demo employer".into()))?;
        let end = dated.end.at(self.now);
        self.user(of, &dated.user, &dated.package, Some(end))
    }

    fn user(
        &mut self,
        (grantor, parent): (PartyId, FactId),
        user: &DemoPerson,
        package: &PermissionId,
        to: Option<Instant>,
    ) -> Result<(), Stop> {
        let holder = self.person(user)?;
        let mandate = Fact::Mandate(Mandate {
            kind: MandateKind::User,
            grantor,
            holder,
            permissions: BTreeSet::from([package.clone()]),
            rights: BTreeSet::from([Right::Use]),
            parent: Some(parent),
            evidence: None,
        });
        self.fact_until(&mandate, to).map(drop)
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

impl crate::App {
    /// An organisation of a demo by its number, so that the first page can lead to its pages. `None` anywhere but in a demo:
    /// elsewhere whether an organisation is known is nobody's business.
    pub async fn demo_organisation(&self, number: &str) -> Result<Option<PartyId>, Refusal> {
        if self.installation().environment != Environment::Demo {
            return Ok(None);
        }
        let (app, number) = (self.clone(), number.to_owned());
        self.read(move |tx| {
            Ok(store::parties::find(tx, &app.ring(), Identifier::OrganisationNumber(&number))?)
        })
        .await
    }
}
