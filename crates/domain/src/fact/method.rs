//! Login methods over time, an organisation's choice among them, and locks.

use super::{MethodId, ServiceId};
use crate::PartyId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A login method in a service (*säkerhetslösning*), from–to by the version's validity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodState {
    pub method: MethodId,
    /// `None`: in every service of the installation.
    pub service: Option<ServiceId>,
    pub phase: MethodPhase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodPhase {
    Active,
    Withdrawn,
}

/// An organisation allows only these methods for its people here. Without one it allows what the service does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodPolicy {
    pub organisation: PartyId,
    pub service: ServiceId,
    pub methods: BTreeSet<MethodId>,
}

/// A stop (*spärr*): nothing may be done by or for this party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    pub party: PartyId,
    /// `None`: in every service.
    pub service: Option<ServiceId>,
}
