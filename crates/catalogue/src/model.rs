//! What a catalogue file says: services, permissions, packages, terms, deadlines, limits, contacts, methods.
//!
//! The structs are plain data with public fields; that they hold together is checked where a
//! [`Catalogue`](crate::Catalogue) is made, and there is no other way to get one.

use crate::{Rule, Text};
use domain::fact::{MandateKind, MethodId, PermissionId, ServiceId};
use domain::{Assurance, Instant};
use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Swedish time, from the data compiled in: the system's files are not read here.
static SWEDEN: LazyLock<Option<TimeZone>> =
    LazyLock::new(|| TimeZoneDatabase::bundled().get("Europe/Stockholm").ok());

/// An e-service (*e-tjänst*), or the platform itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub id: ServiceId,
    pub name: Text,
    pub description: Text,
    pub audience: Audience,
    /// The login methods it accepts; the outer limit that an organisation can only narrow.
    pub methods: BTreeSet<MethodId>,
    /// The least assurance for anything in it; a permission may demand more.
    pub assurance: Assurance,
    pub connection: ConnectionNeed,
    /// Versions of the general terms, the oldest first. Empty: none are asked for.
    pub terms: Vec<Terms>,
    pub permissions: BTreeMap<PermissionId, Permission>,
    pub packages: BTreeMap<PermissionId, Package>,
    pub rules: Vec<Rule>,
    pub deadlines: BTreeMap<String, Deadline>,
    pub limits: BTreeMap<String, Limit>,
    pub contacts: Vec<Contact>,
    /// By what right e-services of this service get personal numbers. `None`: they get none. Left out of the
    /// canonical text when there is none, so that catalogues without it keep their hash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personal_number: Option<LegalGround>,
}

/// The legal ground (*rättslig grund*) by which something is done that is forbidden without one: the giving out of
/// personal numbers (*personnummer*, *samordningsnummer*) to connected e-services, which lag (2018:218) 3 kap. 10 §
/// lets be processed only where that is clearly motivated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LegalGround {
    /// In Swedish, as sources are, to be read after »med stöd av«.
    pub ground: String,
}

/// For whom a service is; services with the same audience stand together (R-002-03).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Such as `employer`; an audience needs nothing but a file that names it.
    pub id: String,
    pub name: Text,
}

/// Whether an organisation must be connected (*ansluten*) before anyone acts for it here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConnectionNeed {
    Required,
    NotRequired,
}

/// One version of the general terms (*allmänna villkor*).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Such as `2024-12-20`.
    pub version: String,
    /// First day in force; it begins at 00:00 Swedish time.
    pub in_force_from: Date,
    pub earlier_acceptance: EarlierAcceptance,
    /// The full text. The Swedish one binds, the English one is a translation.
    pub text: Text,
    /// SHA-256 over the UTF-8 bytes of the Swedish text.
    #[serde(with = "crate::canonical::hex32")]
    pub hash: [u8; 32],
}

/// What a new version does to acceptances of the versions before it (R-004-54).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EarlierAcceptance {
    /// Silence is not a no: the connection goes on under the new version.
    Continues,
    /// The operator demands that the new version is accepted.
    Lapses,
}

impl Terms {
    /// The first instant at which this version is in force.
    pub fn in_force_at(&self) -> Instant {
        let midnight = self.in_force_from.at(0, 0, 0, 0);
        let instant = SWEDEN.as_ref().and_then(|zone| zone.to_timestamp(midnight).ok());
        // The bundled data holds the zone (tested); if not, the version never comes into force.
        instant.map_or(Instant::from_micros(i64::MAX), Instant::from)
    }
}

impl Service {
    /// The version of the terms in force at `at`; `None` before the first, or where there are none.
    pub fn terms_in_force(&self, at: Instant) -> Option<&Terms> {
        self.terms.iter().rev().find(|t| t.in_force_at() <= at)
    }

    pub fn terms_version(&self, version: &str) -> Option<&Terms> {
        self.terms.iter().find(|t| t.version == version)
    }
}

/// A permission (*behörighet*): one thing that may be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// Begins with the id of its service, such as `employer.sickness_report.create`.
    pub id: PermissionId,
    pub name: Text,
    pub relation: Relation,
    /// The kind of mandate that can hold it; `None` exactly when the relation is [`Relation::Own`].
    pub holder: Option<MandateKind>,
    /// The least assurance, never below the service's.
    pub assurance: Assurance,
    pub record: RecordClass,
    pub data: Data,
}

/// In whose matter the permission is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// An organisation's: a mandate from it is needed, and its connection and acceptance of the terms.
    Organisation,
    /// One's own: nothing is needed but to be the person.
    Own,
    /// The agency's: a role there is needed.
    Agency,
}

/// How an act or a reading is recorded in the activity log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordClass {
    /// Changes something: the record commits with the change.
    Change,
    /// Reads protected data: the record commits before the answer.
    Read,
    /// Shows nothing protected: allowed readings are not recorded one by one.
    None,
}

/// What kind of personal data it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Data {
    Ordinary,
    /// Such as health: Regulation (EU) 2016/679 art. 9.1 (*känsliga personuppgifter*).
    SpecialCategory,
}

/// A named set of permissions, given as one (*roll*).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    pub id: PermissionId,
    pub name: Text,
    /// The kind of mandate that can hold it: the one of all its permissions.
    pub holder: MandateKind,
    pub permissions: BTreeSet<PermissionId>,
}

/// A length of time after which something is late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    pub name: Text,
    pub span: Span,
    /// The law, the terms or the decision behind it.
    pub source: String,
}

/// A length of time; how it is counted is part of the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// Swedish working days (*arbetsdagar*).
    WorkingDays(u16),
    /// Calendar days.
    Days(u16),
}

/// A number that a service's rules use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    pub name: Text,
    pub value: u32,
    pub source: String,
}

/// Where one turns for help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    pub id: String,
    pub help_with: ContactFor,
    pub name: Text,
    /// When it answers.
    pub hours: Text,
    pub telephone: Option<String>,
    pub address: Option<String>,
}

/// With what a contact helps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactFor {
    /// Questions on the service and faults of ours.
    Service,
    /// Connection and its registration.
    Connection,
}

/// A login method (*säkerhetslösning*). From when to when it may be used is told by facts, not here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Method {
    pub id: MethodId,
    pub name: Text,
    /// The highest assurance that a login with it can have.
    pub assurance: Assurance,
    /// Who helps with the e-ID itself (R-004-41).
    pub issuer: Text,
    /// Address of the issuer's help.
    pub issuer_help: Text,
    /// Address of the issuer's own terms (R-004-43).
    pub issuer_terms: Text,
}
