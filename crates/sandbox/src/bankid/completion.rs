//! What a completed order hands out: the person, the device, and the evidence.
//!
//! A [`Lie`] makes the evidence wrong in one way only, so that a verifier that misses that one way is found out.

use super::{
    fault::Lie,
    ocsp::{self, OcspError},
    order::{Order, PickUp},
    request::{TextFormat, Visible as _},
    signature::{self, Confirmation, Operation, SignedData},
};
use crate::{
    people::{People, Person},
    pki::{POLICY_FOREIGN, POLICY_MOBILE, Pki},
};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Entropy, Instant};
use serde::Serialize;

/// `completionData` of `collect`, in the API's own names.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Completion {
    user: User,
    device: Device,
    bank_id_issue_date: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    step_up: Option<StepUp>,
    signature: String,
    ocsp_response: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    risk: Option<&'static str>,
}
