//! The OCSP answer that comes with a completed order (RFC 6960).
//!
//! It binds certificate status, time and signature together: its nonce begins with the SHA-1 of the base64 text
//! of the signature. As in the real answers the nonce extension is critical and holds 32 raw bytes, not wrapped
//! in a further OCTET STRING, there is one answer, the hash of the certificate id is SHA-1 and no `nextUpdate`.

use crate::pki::{PersonCertificate, Pki};
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use der::{
    Decode as _, Encode as _,
    asn1::{BitString, GeneralizedTime, Null, ObjectIdentifier, OctetString},
};
use domain::Instant;
use std::time::Duration;
use x509_cert::{Certificate, ext::Extension, serial_number::SerialNumber, spki::AlgorithmIdentifierOwned};
use x509_ocsp::{
    BasicOcspResponse, CertId, CertStatus, OcspGeneralizedTime, OcspResponse, ResponderId, ResponseData,
    RevokedInfo, SingleResponse, Version,
};

const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const RSA_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.11");
const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.2");

/// What the answer says of the certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Good,
    Revoked,
}

/// Why no answer could be made.
#[derive(Debug, thiserror::Error)]
pub enum OcspError {
    #[error("DER: {0}")]
    Der(#[from] der::Error),
    #[error("signing: {0}")]
    Sign(#[from] rcgen::Error),
}

/// The nonce of the real service: SHA-1 of the signature's base64 text, then 12 random bytes.
pub fn nonce(signature_base64: &str, random: [u8; 12]) -> [u8; 32] {
    let mut out = [0; 32];
    out[..20].copy_from_slice(digest(&SHA1_FOR_LEGACY_USE_ONLY, signature_base64.as_bytes()).as_ref());
    out[20..].copy_from_slice(&random);
    out
}

/// A successful answer about one certificate, DER.
pub fn answer(
    pki: &Pki,
    certificate: &PersonCertificate,
    status: Status,
    nonce: [u8; 32],
    produced_at: Instant,
) -> Result<Vec<u8>, OcspError> {
    let issuer = Certificate::from_der(&pki.customer_ca)?;
    let signer = Certificate::from_der(&pki.ocsp_certificate)?;
    let time = time(produced_at)?;
    let tbs = ResponseData {
        version: Version::V1,
        responder_id: ResponderId::ByName(signer.tbs_certificate.subject.clone()),
        produced_at: time,
        responses: vec![SingleResponse {
            cert_id: cert_id(&issuer, &certificate.serial)?,
            cert_status: match status {
                Status::Good => CertStatus::good(),
                Status::Revoked => {
                    CertStatus::revoked(RevokedInfo { revocation_time: time, revocation_reason: None })
                }
            },
            this_update: time,
            next_update: None,
            single_extensions: None,
        }],
        response_extensions: Some(vec![Extension {
            extn_id: NONCE,
            critical: true,
            extn_value: OctetString::new(nonce)?,
        }]),
    };
    let signature = pki.sign_ocsp(&tbs.to_der()?)?;
    let basic = BasicOcspResponse {
        tbs_response_data: tbs,
        signature_algorithm: algorithm(RSA_SHA256),
        signature: BitString::from_bytes(&signature)?,
        certs: Some(vec![signer]),
    };
    Ok(OcspResponse::successful(basic)?.to_der()?)
}

/// Names the certificate by its issuer's name and key (RFC 6960 §4.1.1), hashed with SHA-1 as the real one does.
fn cert_id(issuer: &Certificate, serial: &[u8]) -> Result<CertId, der::Error> {
    let tbs = &issuer.tbs_certificate;
    let sha1 = |bytes: &[u8]| OctetString::new(digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref());
    Ok(CertId {
        hash_algorithm: algorithm(SHA1),
        issuer_name_hash: sha1(&tbs.subject.to_der()?)?,
        issuer_key_hash: sha1(tbs.subject_public_key_info.subject_public_key.raw_bytes())?,
        serial_number: SerialNumber::new(serial)?,
    })
}

fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: Some(Null.into()) }
}

fn time(at: Instant) -> Result<OcspGeneralizedTime, der::Error> {
    let seconds = u64::try_from(at.seconds()).unwrap_or(0);
    GeneralizedTime::from_unix_duration(Duration::from_secs(seconds)).map(OcspGeneralizedTime)
}
