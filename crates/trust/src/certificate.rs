//! X.509 certificates (RFC 5280): paths by rustls-webpki, the fields it leaves to others by x509-cert.
//!
//! webpki checks signatures, names, validity, basic constraints, path lengths and name constraints. It does not
//! look at key usage and does not know when a root expires; both are done here.

use crate::bankid::Fault;
use aws_lc_rs::digest;
use domain::Instant;
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, TrustAnchor, UnixTime};
use std::time::Duration;
use webpki::aws_lc_rs as algorithms;
use webpki::{EndEntityCert, KeyUsage};
use x509_cert::der::{Decode, Tag, Tagged, asn1::ObjectIdentifier};
use x509_cert::ext::pkix::{self, CertificatePolicies, ExtendedKeyUsage};

/// The most bytes of one certificate.
const MAX_BYTES: usize = 16 * 1024;

/// RSA of 2048–8192 bits with SHA-2: what BankID's certificates are signed with. No SHA-1.
static SIGNATURES: &[&dyn SignatureVerificationAlgorithm] = &[
    algorithms::RSA_PKCS1_2048_8192_SHA256,
    algorithms::RSA_PKCS1_2048_8192_SHA384,
    algorithms::RSA_PKCS1_2048_8192_SHA512,
];

/// id-kp-OCSPSigning (RFC 6960 §4.2.2.2).
const OCSP_SIGNING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.9");
/// The same as DER content.
const OCSP_SIGNING_DER: &[u8] = &[43, 6, 1, 5, 5, 7, 3, 9];

/// A certificate that can be read; whether to believe it is another question.
///
/// No `Debug` here and below: the subject is a person.
pub(crate) struct Certificate {
    der: CertificateDer<'static>,
    fields: x509_cert::Certificate,
}

/// What a certificate without key usage may do: anything by RFC 5280, nothing where the profile demands it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unstated {
    Allowed,
    Refused,
}

/// What a certificate is to be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A person's: extended key usage absent, or client authentication among it.
    Person,
    /// Extended key usage must name OCSP signing.
    OcspResponder,
}

impl Certificate {
    pub fn parse(der: Vec<u8>) -> Result<Self, Fault> {
        if der.len() > MAX_BYTES {
            return Err(Fault::TooLarge);
        }
        let fields = x509_cert::Certificate::from_der(&der).map_err(|_| Fault::CertificateMalformed)?;
        Ok(Self { der: der.into(), fields })
    }

    pub fn der(&self) -> &CertificateDer<'static> {
        &self.der
    }

    pub fn fields(&self) -> &x509_cert::TbsCertificate {
        &self.fields.tbs_certificate
    }

    /// The value of a subject attribute; none if it is not there, an error if it is there twice.
    pub fn subject(&self, attribute: ObjectIdentifier) -> Result<Option<String>, Fault> {
        let mut values =
            self.fields().subject.0.iter().flat_map(|rdn| rdn.0.iter()).filter(|a| a.oid == attribute);
        let Some(first) = values.next() else { return Ok(None) };
        let text = matches!(first.value.tag(), Tag::Utf8String | Tag::PrintableString | Tag::Ia5String);
        if values.next().is_some() || !text {
            return Err(Fault::CertificateMalformed);
        }
        String::from_utf8(first.value.value().to_vec()).map(Some).map_err(|_| Fault::CertificateMalformed)
    }

    /// The serial number in lower-case hexadecimal.
    pub fn serial(&self) -> String {
        self.fields().serial_number.as_bytes().iter().map(|b| format!("{b:02x}")).collect()
    }

    /// Whether key usage (RFC 5280 §4.2.1.3) allows at least one of `wanted`.
    pub fn may(&self, wanted: &[pkix::KeyUsages], unstated: Unstated) -> Result<bool, Fault> {
        let usage = self.fields().get::<pkix::KeyUsage>().map_err(|_| Fault::CertificateMalformed)?;
        Ok(match usage {
            Some((_, usage)) => wanted.iter().any(|w| usage.0.contains(*w)),
            None => unstated == Unstated::Allowed,
        })
    }

    pub fn policies(&self) -> Result<Vec<String>, Fault> {
        let policies = self.fields().get::<CertificatePolicies>().map_err(|_| Fault::CertificateMalformed)?;
        Ok(policies
            .map(|(_, p)| p.0.iter().map(|i| i.policy_identifier.to_string()).collect())
            .unwrap_or_default())
    }

    /// Whether `signature` over `message` was made with this certificate's key.
    pub fn signed(
        &self,
        algorithm: &dyn SignatureVerificationAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, Fault> {
        let certificate = EndEntityCert::try_from(&self.der).map_err(|_| Fault::CertificateMalformed)?;
        Ok(certificate.verify_signature(algorithm, message, signature).is_ok())
    }

    /// Finds the way over `issuers` to a pinned root at that time. The way is given from the issuer of this
    /// certificate on, root not included.
    pub fn path<'r>(
        &self,
        issuers: &[&Certificate],
        roots: &'r [Root],
        at: Instant,
        purpose: Purpose,
    ) -> Result<Path<'r>, Fault> {
        let usage = match purpose {
            Purpose::Person => KeyUsage::client_auth(),
            // Required of the responder itself, below; of its issuers only if they state any.
            Purpose::OcspResponder => KeyUsage::required_if_present(OCSP_SIGNING_DER),
        };
        let certificate = EndEntityCert::try_from(&self.der).map_err(|_| Fault::CertificateMalformed)?;
        let anchors: Vec<_> = roots.iter().map(|r| r.anchor.clone()).collect();
        let issuers: Vec<_> = issuers.iter().map(|i| i.der.clone()).collect();
        let time = UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(at.seconds()).unwrap_or(0)));
        let path = certificate
            .verify_for_usage(SIGNATURES, &anchors, &issuers, time, usage, None, None)
            .map_err(chain_fault)?;
        let same_key = |root: &&Root| {
            root.anchor.subject == path.anchor().subject
                && root.anchor.subject_public_key_info == path.anchor().subject_public_key_info
        };
        // Two certificates of the same root key may be pinned, the old one and the renewed.
        let root = roots.iter().filter(same_key).find(|r| r.valid(at)).ok_or(Fault::ChainExpired)?;
        if purpose == Purpose::OcspResponder {
            let usage = self.fields().get::<ExtendedKeyUsage>().map_err(|_| Fault::CertificateMalformed)?;
            if !usage.is_some_and(|(_, usage)| usage.0.contains(&OCSP_SIGNING)) {
                return Err(Fault::KeyUsage);
            }
        }
        let issuers = path.intermediate_certificates().map(|c| c.der().into_owned()).collect();
        Ok(Path { issuers, root })
    }
}

/// A verified way from a certificate to a root.
pub(crate) struct Path<'r> {
    pub issuers: Vec<CertificateDer<'static>>,
    pub root: &'r Root,
}

/// A pinned root.
#[derive(Debug, Clone)]
pub(crate) struct Root {
    anchor: TrustAnchor<'static>,
    valid_from: Duration,
    valid_to: Duration,
    /// SHA-256 over its DER.
    pub fingerprint: [u8; 32],
}

impl Root {
    /// A CA certificate that may sign certificates.
    pub fn read(der: &CertificateDer<'_>) -> Result<Self, Fault> {
        let certificate = Certificate::parse(der.to_vec())?;
        let constraints =
            certificate.fields().get::<pkix::BasicConstraints>().map_err(|_| Fault::CertificateMalformed)?;
        if !constraints.is_some_and(|(_, c)| c.ca)
            || !certificate.may(&[pkix::KeyUsages::KeyCertSign], Unstated::Refused)?
        {
            return Err(Fault::KeyUsage);
        }
        let anchor =
            webpki::anchor_from_trusted_cert(der).map_err(|_| Fault::CertificateMalformed)?.to_owned();
        let validity = &certificate.fields().validity;
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(digest::digest(&digest::SHA256, der).as_ref());
        Ok(Self {
            anchor,
            valid_from: validity.not_before.to_unix_duration(),
            valid_to: validity.not_after.to_unix_duration(),
            fingerprint,
        })
    }

    fn valid(&self, at: Instant) -> bool {
        u64::try_from(at.seconds())
            .map(Duration::from_secs)
            .is_ok_and(|at| self.valid_from <= at && at <= self.valid_to)
    }
}

fn chain_fault(error: webpki::Error) -> Fault {
    use webpki::Error;
    match error {
        Error::CertExpired { .. } | Error::CertNotValidYet { .. } | Error::InvalidCertValidity => {
            Fault::ChainExpired
        }
        Error::RequiredEkuNotFoundContext(_) | Error::EmptyEkuExtension => Fault::KeyUsage,
        _ => Fault::ChainUntrusted,
    }
}
