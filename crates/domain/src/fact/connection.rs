//! An organisation's connection to a service and its acceptance of the terms.

use super::{EvidenceHash, ServiceId};
use crate::PartyId;
use serde::{Deserialize, Serialize};

/// This organisation uses this service (*anslutning*).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    pub organisation: PartyId,
    pub service: ServiceId,
}

/// Who accepted which version of the terms (*allmänna villkor*), and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsAcceptance {
    /// It is the organisation that accepts; its signatory may leave (R-004-22).
    pub organisation: PartyId,
    pub service: ServiceId,
    /// The version in the catalogue, such as `2024-12-20`.
    pub version: String,
    /// SHA-256 over the text of that version.
    #[serde(with = "crate::fact::hex32")]
    pub text_hash: [u8; 32],
    pub way: AcceptanceWay,
    /// The signed application or the scanned form.
    #[serde(with = "crate::fact::hex32")]
    pub evidence: EvidenceHash,
}

/// The two ways to apply that the terms §4 know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AcceptanceWay {
    /// The form on paper (*blankett*).
    PaperForm,
    /// The e-service, signed with e-ID.
    EService,
}
