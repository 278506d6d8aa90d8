//! Mandates: a grantor gives a holder permissions (*behörighet*, *fullmakt*).

use super::{EvidenceHash, PermissionId};
use crate::{FactId, PartyId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mandate {
    pub kind: MandateKind,
    /// For whom the holder may act: the organisation, or the agency for its own roles.
    pub grantor: PartyId,
    pub holder: PartyId,
    /// Permissions or packages of permissions, by their ids in the catalogue.
    pub permissions: BTreeSet<PermissionId>,
    pub rights: Rights,
    /// The mandate by which this one was given; `None` for one that the agency registered.
    pub parent: Option<FactId>,
    /// The paper, signature or decision behind it.
    #[serde(with = "optional_hex32", default)]
    pub evidence: Option<EvidenceHash>,
}

/// What kind of mandate it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MandateKind {
    /// Authorisation administrator (*behörighetsadministratör*): gives, does not use.
    Administrator,
    /// User (*användare*).
    User,
    /// A role at the agency itself, such as connection officer (*handläggare*).
    AgencyRole,
}

/// What the holder may do with the permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Right {
    /// Use them.
    Use,
    /// Give them to others for use.
    Give,
    /// Give others the right to give them.
    GiveOn,
}

/// A set of [`Right`]s. `Give` without `Use` is possible and gives no access.
pub type Rights = BTreeSet<Right>;

mod optional_hex32 {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Hex(#[serde(with = "crate::fact::hex32")] [u8; 32]);

    pub fn serialize<S: Serializer>(value: &Option<[u8; 32]>, to: S) -> Result<S::Ok, S::Error> {
        value.map(Hex).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<[u8; 32]>, D::Error> {
        Ok(Option::<Hex>::deserialize(from)?.map(|h| h.0))
    }
}
