//! What a completed order hands out: the person, the device, and the evidence.
//!
//! A [`Lie`] makes the evidence wrong in one way only, so that a verifier that misses that one way is found out.

use super::{
    fault::Lie,
    ocsp::{self, OcspError, Status},
    order::{Order, PickUp},
    request::{Risk, TextFormat},
    signature::{self, Confirmation, Operation, SignedData},
};
use crate::{
    people::Person,
    pki::{POLICY_FOREIGN, POLICY_MOBILE, PersonCertificate, Pki},
};
use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Entropy, Instant};
use serde::Serialize;
use std::sync::Arc;

/// Where a QR code is scanned from: another device than the browser's (address for documentation, RFC 5737).
const OTHER_DEVICE: &str = "192.0.2.44";

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

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct User {
    personal_number: String,
    name: String,
    given_name: String,
    surname: String,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Device {
    ip_address: String,
    uhi: String,
}

#[derive(Clone, Serialize)]
struct StepUp {
    mrtd: bool,
}

impl std::fmt::Debug for Completion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Completion").finish_non_exhaustive()
    }
}

/// What goes into a completion.
#[derive(Debug)]
pub struct Approval<'a> {
    pub order: &'a Order,
    pub by: PickUp,
    pub person: &'a Person,
    /// Who signs if the lie is [`Lie::OtherPerson`].
    pub somebody_else: &'a Person,
    pub risk: Risk,
    pub lie: Option<Lie>,
    /// The time that the evidence is dated with.
    pub at: Instant,
}

/// Makes the evidence.
pub fn complete(approval: &Approval<'_>, pki: &Pki, entropy: &dyn Entropy) -> Result<Completion, OcspError> {
    let Approval { order, person, lie, .. } = approval;
    let start = &order.start;
    let uhi = uhi(person);
    let certificate = certificate(approval, pki, entropy)?;
    let visible = match lie {
        Some(Lie::OtherText) => Some(STANDARD.encode("Jag betalar 10 000 kr")),
        _ => start.visible.as_ref().map(|v| v.base64.clone()),
    };
    let operation = match (lie, start.operation) {
        (Some(Lie::OtherOperation), Operation::Identification) => Operation::Signing,
        (Some(Lie::OtherOperation), Operation::Signing) => Operation::Identification,
        (_, operation) => operation,
    };
    let policies: Vec<&str> = start.requirement.policies.iter().map(|p| p.as_str()).collect();
    let mut nonce = [0; 20];
    entropy.fill(&mut nonce);
    let xml = signature::sign(
        &SignedData {
            operation,
            visible: visible.as_deref(),
            format: start
                .visible
                .as_ref()
                .filter(|v| v.format == TextFormat::SimpleMarkdownV1)
                .map(|_| "simpleMarkdownV1"),
            non_visible: start.non_visible.as_deref(),
            relying_party: order.party.subject(),
            display_name: order.party.display_name(),
            nonce,
            uhi: &uhi,
            conditions: if policies.is_empty() {
                Vec::new()
            } else {
                vec![("CertificatePolicies", policies.join(","))]
            },
            confirmation: if start.requirement.pin_code {
                Confirmation::SecurityCode
            } else {
                Confirmation::Biometrics
            },
        },
        &certificate,
    )?;
    let xml = if *lie == Some(Lie::WrongSignature) { spoil(&xml) } else { xml };
    let signature = STANDARD.encode(xml);

    let mut random = [0; 12];
    entropy.fill(&mut random);
    let bound_to = if *lie == Some(Lie::WrongNonce) { "another signature" } else { &signature };
    let status = if *lie == Some(Lie::Revoked) { Status::Revoked } else { Status::Good };
    let ocsp = ocsp::answer(pki, &certificate, status, ocsp::nonce(bound_to, random), approval.at)?;

    Ok(Completion {
        user: User {
            personal_number: person.personal_number.clone(),
            name: person.name(),
            given_name: person.given_name.clone(),
            surname: person.surname.clone(),
        },
        device: Device {
            ip_address: match approval.by {
                PickUp::Autostart => start.end_user_ip.to_string(),
                PickUp::Qr => OTHER_DEVICE.to_owned(),
            },
            uhi,
        },
        bank_id_issue_date: certificate.issued.timestamp().strftime("%Y-%m-%dZ").to_string(),
        step_up: start.requirement.mrtd.then_some(StepUp { mrtd: true }),
        signature,
        ocsp_response: STANDARD.encode(ocsp),
        risk: start.return_risk.then_some(approval.risk.as_str()),
    })
}

fn certificate(
    approval: &Approval<'_>,
    pki: &Pki,
    entropy: &dyn Entropy,
) -> Result<Arc<PersonCertificate>, OcspError> {
    let signer = match approval.lie {
        Some(Lie::OtherPerson) => approval.somebody_else,
        _ => approval.person,
    };
    let policy = match approval.lie {
        Some(Lie::WrongPolicy) => POLICY_FOREIGN,
        _ => POLICY_MOBILE,
    };
    let mut serial = [0; 8];
    entropy.fill(&mut serial);
    // Positive and of full length in DER, whatever the randomness gave.
    serial[0] = serial[0] & 0x3f | 0x40;
    Ok(pki.person(signer, policy, approval.at, serial)?)
}

/// A constant per person's device, as the real hash is.
fn uhi(person: &Person) -> String {
    STANDARD.encode(&digest(&SHA256, format!("device of {}", person.id).as_bytes()).as_ref()[..20])
}

/// Exchanges one character of the signature value; the XML stays well-formed.
fn spoil(xml: &str) -> String {
    let Some((head, tail)) = xml.split_once("<SignatureValue>") else { return xml.to_owned() };
    let mut tail = tail.to_owned();
    let other = if tail.as_bytes().get(20) == Some(&b'A') { "B" } else { "A" };
    tail.replace_range(20..21, other);
    format!("{head}<SignatureValue>{tail}")
}
