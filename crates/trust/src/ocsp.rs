//! OCSP answers (RFC 6960), given to us by BankID beside the signature and checked offline.
//!
//! The answer is the clock and the seal of the signature: its nonce starts with the SHA-1 of the signature, so the
//! responder's signed `producedAt` says when the person signed.

use crate::bankid::Fault;
use crate::certificate::{Certificate, Purpose, Root, Unstated};
use aws_lc_rs::digest;
use domain::Instant;
use rustls_pki_types::SignatureVerificationAlgorithm;
use std::time::Duration;
use webpki::aws_lc_rs as algorithms;
use x509_cert::der::asn1::{Any, BitString, ContextSpecific, ObjectIdentifier};
use x509_cert::der::{Decode, Encode, Reader, SliceReader, TagNumber};
use x509_cert::ext::{Extension, pkix::KeyUsages};
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_ocsp::{
    CertStatus, OcspGeneralizedTime, OcspResponse, OcspResponseStatus, ResponderId, ResponseData,
};

/// id-pkix-ocsp-basic.
const BASIC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.1");
/// id-pkix-ocsp-nonce.
const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.1.2");
const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");

/// The most certificates beside an answer.
const MAX_CERTIFICATES: usize = 4;
/// How old knowledge may be where the answer does not say when newer comes.
const MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// An answer that can be read; nothing in it is believed before [`Answer::verify`].
pub(crate) struct Answer {
    /// `tbsResponseData` as it came: the responder's signature is over these bytes.
    signed: Vec<u8>,
    data: ResponseData,
    /// `None`: one that we do not take.
    algorithm: Option<&'static dyn SignatureVerificationAlgorithm>,
    signature: Vec<u8>,
    /// The certificates beside it, as they came.
    certificates: Vec<Vec<u8>>,
    /// When the responder made the answer, by its own clock.
    pub produced_at: Instant,
}

/// Whose status is asked, and who may answer.
pub(crate) struct Question<'a> {
    pub certificate: &'a Certificate,
    /// The certificate's issuer.
    pub issuer: &'a Certificate,
    /// The issuer's issuer, the same bank's CA.
    pub bank: &'a Certificate,
    pub roots: &'a [Root],
    /// How the nonce must start.
    pub nonce_start: &'a [u8],
}

impl Answer {
    pub fn parse(der: &[u8]) -> Result<Self, Fault> {
        let response = OcspResponse::from_der(der).map_err(|_| Fault::OcspMalformed)?;
        if response.response_status != OcspResponseStatus::Successful {
            return Err(Fault::OcspStatus);
        }
        let bytes =
            response.response_bytes.filter(|b| b.response_type == BASIC).ok_or(Fault::OcspMalformed)?;
        let answer = Self::parse_basic(bytes.response.as_bytes()).map_err(|_| Fault::OcspMalformed)?;
        if answer.certificates.len() > MAX_CERTIFICATES { Err(Fault::OcspMalformed) } else { Ok(answer) }
    }

    /// `BasicOCSPResponse`, with the signed parts kept as the bytes they came in.
    fn parse_basic(der: &[u8]) -> x509_cert::der::Result<Self> {
        let mut reader = SliceReader::new(der)?;
        let answer = reader.sequence(|basic| {
            let signed = basic.tlv_bytes()?.to_vec();
            let data = ResponseData::from_der(&signed)?;
            let algorithm = AlgorithmIdentifierOwned::decode(basic)?;
            let signature = BitString::decode(basic)?;
            let certificates = ContextSpecific::<Vec<Any>>::decode_explicit(basic, TagNumber::N0)?;
            let certificates = certificates.map(|c| c.value).unwrap_or_default();
            Ok(Self {
                produced_at: instant(&data.produced_at),
                signed,
                data,
                algorithm: plain_algorithm(&algorithm),
                signature: signature.as_bytes().unwrap_or_default().to_vec(),
                certificates: certificates.iter().map(Encode::to_der).collect::<Result<_, _>>()?,
            })
        })?;
        reader.finish(answer)
    }

    /// Who answered, whether they may, whether they signed it, and that the answer is *good* for that certificate
    /// and that signature.
    pub fn verify(&self, question: &Question<'_>) -> Result<(), Fault> {
        self.signed_by_responder(question)?;
        let data = &self.data;
        let [single] = &data.responses[..] else { return Err(Fault::OcspMalformed) };
        // An extension that must be understood and is not: RFC 6960 §4.4 with RFC 5280 §4.2.
        let mut extensions = data.response_extensions.iter().flatten();
        let single_extensions = single.single_extensions.iter().flatten();
        if extensions.any(|e| e.critical && e.extn_id != NONCE)
            || single_extensions.into_iter().any(|e| e.critical)
        {
            return Err(Fault::OcspMalformed);
        }
        self.is_about(question)?;
        match single.cert_status {
            CertStatus::Good(_) => {}
            CertStatus::Revoked(_) => return Err(Fault::OcspRevoked),
            CertStatus::Unknown(_) => return Err(Fault::OcspUnknown),
        }
        let this_update = instant(&single.this_update);
        let next_update = single.next_update.as_ref().map_or(this_update + MAX_AGE, instant);
        if this_update > self.produced_at || next_update < self.produced_at {
            return Err(Fault::OcspStale);
        }
        self.is_bound_to(question.nonce_start)
    }

    /// The responder named in the answer is among its certificates, was entitled by the bank and signed it.
    ///
    /// RFC 6960 §4.2.2.2 lets the issuer of the certificate delegate. The bank's own CA, which stands above that
    /// issuer, is accepted as well: BankID's profile promises the same bank, not the same CA.
    fn signed_by_responder(&self, question: &Question<'_>) -> Result<(), Fault> {
        let mut responder = None;
        for der in &self.certificates {
            let certificate = Certificate::parse(der.clone())?;
            if self.names(&certificate) {
                responder = Some(certificate);
                break;
            }
        }
        let responder = responder.ok_or(Fault::OcspResponder)?;
        let issuers = [question.issuer, question.bank];
        let path = responder
            .path(&issuers, question.roots, self.produced_at, Purpose::OcspResponder)
            .map_err(|_| Fault::OcspResponder)?;
        let by_the_bank = path.issuers.first().is_some_and(|first| issuers.iter().any(|i| i.der() == first));
        let signing = [KeyUsages::DigitalSignature, KeyUsages::NonRepudiation];
        if !by_the_bank || !responder.may(&signing, Unstated::Allowed)? {
            return Err(Fault::OcspResponder);
        }
        let algorithm = self.algorithm.ok_or(Fault::OcspSignature)?;
        if responder.signed(algorithm, &self.signed, &self.signature)? {
            Ok(())
        } else {
            Err(Fault::OcspSignature)
        }
    }

    /// Whether `ResponderID` (RFC 6960 §4.2.1) means this certificate.
    fn names(&self, certificate: &Certificate) -> bool {
        match &self.data.responder_id {
            ResponderId::ByName(name) => name == &certificate.fields().subject,
            ResponderId::ByKey(hash) => {
                let key = certificate.fields().subject_public_key_info.subject_public_key.raw_bytes();
                digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, key).as_ref() == hash.as_bytes()
            }
        }
    }

    /// `CertID` (RFC 6960 §4.1.1) names the certificate by its issuer's name and key and by its serial number.
    fn is_about(&self, question: &Question<'_>) -> Result<(), Fault> {
        let [single] = &self.data.responses[..] else { return Err(Fault::OcspMalformed) };
        let id = &single.cert_id;
        let algorithm = match id.hash_algorithm.oid {
            SHA1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            SHA256 => &digest::SHA256,
            _ => return Err(Fault::OcspCertId),
        };
        let issuer = question.issuer.fields();
        let name = issuer.subject.to_der().map_err(|_| Fault::OcspCertId)?;
        let key = issuer.subject_public_key_info.subject_public_key.raw_bytes();
        let same = digest::digest(algorithm, &name).as_ref() == id.issuer_name_hash.as_bytes()
            && digest::digest(algorithm, key).as_ref() == id.issuer_key_hash.as_bytes()
            && id.serial_number == question.certificate.fields().serial_number;
        if same { Ok(()) } else { Err(Fault::OcspCertId) }
    }

    fn is_bound_to(&self, nonce_start: &[u8]) -> Result<(), Fault> {
        let nonces: Vec<&Extension> =
            self.data.response_extensions.iter().flatten().filter(|e| e.extn_id == NONCE).collect();
        let [nonce] = nonces[..] else { return Err(Fault::OcspNonce) };
        let value = nonce.extn_value.as_bytes();
        // BankID puts the bytes there bare; RFC 8954 wraps them into another OCTET STRING.
        let wrapped = x509_cert::der::asn1::OctetStringRef::from_der(value).map(|inner| inner.as_bytes());
        if value.starts_with(nonce_start) || wrapped.is_ok_and(|inner| inner.starts_with(nonce_start)) {
            Ok(())
        } else {
            Err(Fault::OcspNonce)
        }
    }
}

fn instant(time: &OcspGeneralizedTime) -> Instant {
    let seconds = i64::try_from(time.0.to_unix_duration().as_secs()).unwrap_or(i64::MAX / 1_000_000);
    Instant::from_micros(seconds.saturating_mul(1_000_000))
}

/// RSA with SHA-2 only, as for certificates, and without parameters (RFC 4055 §5: NULL).
fn plain_algorithm(id: &AlgorithmIdentifierOwned) -> Option<&'static dyn SignatureVerificationAlgorithm> {
    let plain = id.parameters.as_ref().is_none_or(Any::is_null);
    match id.oid.to_string().as_str() {
        "1.2.840.113549.1.1.11" if plain => Some(algorithms::RSA_PKCS1_2048_8192_SHA256),
        "1.2.840.113549.1.1.12" if plain => Some(algorithms::RSA_PKCS1_2048_8192_SHA384),
        "1.2.840.113549.1.1.13" if plain => Some(algorithms::RSA_PKCS1_2048_8192_SHA512),
        _ => None,
    }
}
