//! Certificate profiles: who is named how, and what each certificate may do.
//!
//! The forms follow what the issuer's public samples show: relying party with its organisation number in
//! `serialNumber` and its display name in `name`; person with the personal number in `serialNumber`, a policy
//! that says which kind of BankID it is, key usage digitalSignature and the address of the OCSP service.

use crate::people::Person;
use domain::Instant;
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, DnValue,
    ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose, SerialNumber, date_time_ymd,
};
use std::{ops::Range, time::Duration};

/// A person's certificate is valid for two years.
pub const PERSON_VALIDITY: Duration = Duration::from_secs(730 * 24 * 3600);
/// The bank of the demo.
const BANK: &str = "Sandbank AB (publ)";
const BANK_NUMBER: &str = "111111111111";
const OCSP_URL: &str = "http://ocsp.sandbox.invalid";

const SERIAL_NUMBER: &[u64] = &[2, 5, 4, 5];
const SURNAME: &[u64] = &[2, 5, 4, 4];
const NAME: &[u64] = &[2, 5, 4, 41];
const GIVEN_NAME: &[u64] = &[2, 5, 4, 42];
const CERTIFICATE_POLICIES: &[u64] = &[2, 5, 29, 32];
const AUTHORITY_INFO_ACCESS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 1];
const OCSP_NO_CHECK: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 48, 1, 5];

/// Who a client certificate names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    /// The display name that the app shows.
    pub name: String,
    /// Organisationsnummer, 10 digits.
    pub number: String,
}

/// The certification authorities.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authority {
    InfrastructureRoot,
    RelyingParty,
    SigningRoot,
    Bank,
    Customer,
}

pub fn authority(which: Authority, serial: [u8; 8]) -> CertificateParams {
    let name = match which {
        Authority::InfrastructureRoot => operator("Infrastructure CA", "Sandbox SSL Root CA v1"),
        Authority::SigningRoot => operator("Sandbox Member Banks CA", "Sandbox BankID Root CA v1"),
        Authority::RelyingParty => bank("Sandbank RP CA v1 for Sandbox BankID"),
        Authority::Bank => bank("Sandbank CA v1 for Sandbox BankID"),
        Authority::Customer => bank("Sandbank Customer CA1 v1 for Sandbox BankID"),
    };
    let mut params = base(name, serial);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2049, 12, 31);
    params.is_ca = IsCa::Ca(match which {
        Authority::InfrastructureRoot | Authority::SigningRoot => BasicConstraints::Unconstrained,
        Authority::Bank => BasicConstraints::Constrained(1),
        Authority::Customer | Authority::RelyingParty => BasicConstraints::Constrained(0),
    });
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// The TLS server certificate of the API.
pub fn server(serial: [u8; 8]) -> Result<CertificateParams, rcgen::Error> {
    let names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let mut params = base(operator("Infrastructure CA", "localhost"), serial);
    params.subject_alt_names = CertificateParams::new(names)?.subject_alt_names;
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2049, 12, 31);
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(params)
}

/// A relying party's client certificate.
pub fn relying_party(party: &RelyingParty, valid: Range<Instant>, serial: [u8; 8]) -> CertificateParams {
    let mut name = bank_organisation();
    name.push(custom(SERIAL_NUMBER), printable(&party.number));
    name.push(custom(NAME), party.name.as_str());
    name.push(DnType::CommonName, format!("{} sandbox", party.name));
    let mut params = base(name, serial);
    set_validity(&mut params, valid);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.custom_extensions.push(policies("1.2.3.4.5"));
    params
}

/// A person's certificate, valid from `issued` for [`PERSON_VALIDITY`].
pub fn person(person: &Person, policy: &str, issued: Instant, serial: [u8; 8]) -> CertificateParams {
    let mut name = bank_organisation();
    name.push(custom(SURNAME), person.surname.as_str());
    name.push(custom(GIVEN_NAME), person.given_name.as_str());
    name.push(custom(SERIAL_NUMBER), printable(&person.personal_number));
    let date = issued.timestamp().strftime("%y%m%d %H.%M").to_string();
    name.push(custom(NAME), format!("({date}) {} - Mobilt BankID", person.name()));
    name.push(DnType::CommonName, person.name());
    let mut params = base(name, serial);
    set_validity(&mut params, issued..issued + PERSON_VALIDITY);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.custom_extensions.push(policies(policy));
    params.custom_extensions.push(CustomExtension::from_oid_content(
        AUTHORITY_INFO_ACCESS,
        // AuthorityInfoAccessSyntax: one AccessDescription, id-ad-ocsp, uniformResourceIdentifier.
        tlv(0x30, &tlv(0x30, &[oid("1.3.6.1.5.5.7.48.1"), tlv(0x86, OCSP_URL.as_bytes())].concat())),
    ));
    params
}

/// The signer of OCSP answers, delegated by the customer CA (RFC 6960 §4.2.2.2).
pub fn ocsp_signer(serial: [u8; 8]) -> CertificateParams {
    let mut params = base(bank("Sandbank Customer CA1 v1 for Sandbox BankID OCSP Signing"), serial);
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(2049, 12, 31);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::OcspSigning];
    // id-pkix-ocsp-nocheck: NULL.
    params.custom_extensions.push(CustomExtension::from_oid_content(OCSP_NO_CHECK, tlv(0x05, &[])));
    params
}

fn base(name: DistinguishedName, serial: [u8; 8]) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    params.serial_number = Some(SerialNumber::from_slice(&serial));
    params.use_authority_key_identifier_extension = true;
    params
}

fn operator(unit: &str, common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, "Sandbox ID-Teknik");
    name.push(DnType::OrganizationalUnitName, unit);
    name.push(DnType::CommonName, common_name);
    name
}

fn bank_organisation() -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CountryName, printable("SE"));
    name.push(DnType::OrganizationName, BANK);
    name
}

fn bank(common_name: &str) -> DistinguishedName {
    let mut name = bank_organisation();
    name.push(custom(SERIAL_NUMBER), printable(BANK_NUMBER));
    name.push(DnType::CommonName, common_name);
    name
}

fn custom(oid: &[u64]) -> DnType {
    DnType::from_oid(oid)
}

/// PrintableString where the value allows it, as X.520 says for countryName and serialNumber.
fn printable(value: &str) -> DnValue {
    value.try_into().map_or_else(|_| DnValue::Utf8String(value.to_owned()), DnValue::PrintableString)
}

fn set_validity(params: &mut CertificateParams, valid: Range<Instant>) {
    let epoch = date_time_ymd(1970, 1, 1);
    let seconds = |t: Instant| Duration::from_secs(u64::try_from(t.seconds()).unwrap_or(0));
    params.not_before = epoch + seconds(valid.start);
    params.not_after = epoch + seconds(valid.end);
}

/// CertificatePolicies with one PolicyInformation.
fn policies(policy: &str) -> CustomExtension {
    CustomExtension::from_oid_content(CERTIFICATE_POLICIES, tlv(0x30, &tlv(0x30, &oid(policy))))
}

/// An OBJECT IDENTIFIER as DER; an empty one for text that is none (policies are constants here).
fn oid(text: &str) -> Vec<u8> {
    let value = der::asn1::ObjectIdentifier::new(text);
    tlv(0x06, value.as_ref().map_or(&[][..], |v| v.as_bytes()))
}

/// Tag, length, value; short values only (under 128 bytes).
fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    debug_assert!(value.len() < 128, "long form of the length is not needed here");
    let mut out = vec![tag, u8::try_from(value.len()).unwrap_or(0)];
    out.extend_from_slice(value);
    out
}
