//! BankID signatures, verified offline: the six steps of "Verifying signatures" in BankID's documentation.
//!
//! BankID has verified before it answers `complete`. It is done again here because the record must stand on its
//! own: structure and digests, signature, certificates at signing time, OCSP answer, and that all of it is about
//! the data, the person, the operation and the relying party that were asked for. The first fault ends it.

mod anchors;
mod encoding;
mod fault;
mod profile;
mod signed_data;
mod verified;

pub use anchors::{AnchorError, Anchors};
pub use fault::Fault;
pub use verified::Verified;

use crate::certificate::{Certificate, Purpose, Unstated};
use crate::ocsp::{Answer, Question};
use crate::xml;
use aws_lc_rs::digest;
use domain::Instant;
use ident::PersonalNumber;
use signed_data::SignedData;
use std::{fmt, time::Duration};
use webpki::aws_lc_rs::RSA_PKCS1_2048_8192_SHA256;
use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::ext::pkix::KeyUsages;

/// The most bytes of an OCSP answer.
const MAX_OCSP: usize = 64 * 1024;
/// How long after the person signed an answer is still fetched: an order lives a few minutes.
pub const MAX_DELAY: Duration = Duration::from_secs(10 * 60);
/// How far the responder's clock may be ahead of ours.
pub const MAX_SKEW: Duration = Duration::from_secs(5 * 60);

const SERIAL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.5");
const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const SURNAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.4");
const GIVEN_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.42");

/// What the person did (`funcId`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// Identified themselves (*legitimering*): an order by `/auth`.
    Identification,
    /// Signed (*underskrift*): an order by `/sign`.
    Signing,
}

/// What was asked for, to be found again in the signature.
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    pub operation: Operation,
    /// The person of `completionData.user`, who must also be the one the order was restricted to, if it was.
    pub personal_number: &'a PersonalNumber,
    /// The text that was sent to be shown, before base64; `None` if none was, and then there must be none.
    pub visible: Option<&'a [u8]>,
    /// The bytes that were sent to be signed unseen, before base64; `None` as above.
    pub non_visible: Option<&'a [u8]>,
    /// The accepted certificate policies, as dotted OIDs without wildcards. None listed, none accepted.
    pub policies: &'a [&'a str],
    /// Our organisation number in the relying-party certificate, ten digits; `None` leaves it unchecked.
    pub relying_party: Option<&'a str>,
}

/// Nothing about the person or the text.
impl fmt::Debug for Expected<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Expected")
            .field("operation", &self.operation)
            .field("policies", &self.policies)
            .field("relying_party", &self.relying_party)
            .finish_non_exhaustive()
    }
}

/// Verifies `completionData.signature` and `completionData.ocspResponse`, both as they came.
///
/// `now` is when they came, UTC: the signature must have been made at most [`MAX_DELAY`] before and [`MAX_SKEW`]
/// after. To verify evidence again later, give the time at which it was received.
///
/// # Errors
/// The first [`Fault`] found. None of them is a reason to try again with the same data.
pub fn verify(
    signature_base64: &str,
    ocsp_base64: &str,
    expected: &Expected<'_>,
    anchors: &Anchors,
    now: Instant,
) -> Result<Verified, Fault> {
    // Steps 1 and 2: structure and digests. From here on only the canonical bytes are read.
    let document = encoding::base64_strict(signature_base64, xml::MAX_BYTES)?;
    let parts = profile::Parts::read(xml::parse(xml::text(&document)?)?.root_element())?;

    // Step 3: the signature, with the key of the first certificate.
    let [person, customer_ca, bank_ca] =
        profile::certificates(xml::parse(&parts.key_info)?.root_element())?.map(Certificate::parse);
    let (person, customer_ca, bank_ca) = (person?, customer_ca?, bank_ca?);
    if !person.signed(RSA_PKCS1_2048_8192_SHA256, parts.signed_info.as_bytes(), &parts.signature)? {
        return Err(Fault::SignatureWrong);
    }

    // Step 4: the certificates, at signing time. The time is believed after step 5 or not at all.
    let answer = Answer::parse(&encoding::base64_strict(ocsp_base64, MAX_OCSP)?)?;
    let signed_at = answer.produced_at;
    let issuers = [&customer_ca, &bank_ca];
    let path = person.path(&issuers, anchors.roots(), signed_at, Purpose::Person)?;
    if !path.issuers.iter().eq(issuers.iter().map(|i| i.der())) {
        return Err(Fault::ChainUntrusted);
    }
    let policy = entitled(&person, issuers, expected)?;

    // Step 5: the OCSP answer, bound to exactly these characters of the signature.
    if signed_at > now + MAX_SKEW || signed_at + MAX_DELAY < now {
        return Err(Fault::OcspStale);
    }
    let bound_to = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, signature_base64.as_bytes());
    answer.verify(&Question {
        certificate: &person,
        issuer: &customer_ca,
        bank: &bank_ca,
        roots: anchors.roots(),
        nonce_start: bound_to.as_ref(),
    })?;

    // Step 6: what was signed is what was asked for.
    let data = SignedData::read(xml::parse(&parts.data)?.root_element())?;
    if data.operation != expected.operation {
        return Err(Fault::WrongOperation);
    }
    if data.visible.as_deref() != expected.visible || data.non_visible.as_deref() != expected.non_visible {
        return Err(Fault::DataMismatch);
    }
    if expected
        .relying_party
        .is_some_and(|us| signed_data::organisation_number(&data.relying_party) != Some(us))
    {
        return Err(Fault::WrongRelyingParty);
    }
    let number = person.subject(SERIAL_NUMBER).map_err(|_| Fault::WrongPerson)?.unwrap_or_default();
    let personal_number = PersonalNumber::parse(&number).map_err(|_| Fault::WrongPerson)?;
    if personal_number != *expected.personal_number {
        return Err(Fault::WrongPerson);
    }
    Ok(Verified {
        personal_number,
        given_name: person.subject(GIVEN_NAME)?.unwrap_or_default(),
        surname: person.subject(SURNAME)?.unwrap_or_default(),
        display_name: person.subject(COMMON_NAME)?.ok_or(Fault::CertificateMalformed)?,
        signed_at,
        certificate_serial: person.serial(),
        policy,
        root_fingerprint: path.root.fingerprint,
        operation: data.operation,
        visible: data.visible,
        non_visible: data.non_visible,
        relying_party: data.relying_party,
        nonce: data.nonce,
    })
}

/// The accepted policy among the person's; and that each certificate may do what it did.
fn entitled(
    person: &Certificate,
    issuers: [&Certificate; 2],
    expected: &Expected<'_>,
) -> Result<String, Fault> {
    let policies = person.policies()?;
    let policy =
        policies.into_iter().find(|p| expected.policies.contains(&p.as_str())).ok_or(Fault::PolicyWrong)?;
    let wanted: &[KeyUsages] = match expected.operation {
        Operation::Identification => &[KeyUsages::DigitalSignature],
        Operation::Signing => &[KeyUsages::DigitalSignature, KeyUsages::NonRepudiation],
    };
    let mut entitled = person.may(wanted, Unstated::Refused)?;
    for issuer in issuers {
        entitled &= issuer.may(&[KeyUsages::KeyCertSign], Unstated::Refused)?;
    }
    if !entitled {
        return Err(Fault::KeyUsage);
    }
    Ok(policy)
}
