//! The simulator's test PKI, shaped as the real one (profile: BankID Relying Party guidelines, signature profile).
//!
//! Three trees: *infrastructure* (root → the API's TLS server certificate), *relying parties* (CA → client
//! certificates), *signing* (root → bank CA → customer CA → people and the OCSP signer). Made once, kept in
//! `pki/` of the data folder; people's certificates are issued when first needed, from few keys, because an
//! RSA key costs a noticeable time to make.

mod files;
mod make;
mod profile;

use crate::{SandboxError, people::Person};
use domain::Instant;
use rcgen::{Issuer, KeyPair, SigningKey as _};
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use std::{
    collections::BTreeMap,
    fmt,
    ops::Range,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

pub use profile::RelyingParty;

/// Mobile BankID in the test environment.
pub const POLICY_MOBILE: &str = "1.2.3.4.25";
/// A policy that no relying party asks for: used to lie.
pub const POLICY_FOREIGN: &str = "1.2.3.4.99";
/// How many RSA keys the people share.
const PERSON_KEYS: usize = 3;
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Where the files lie that a relying party needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PkiPaths {
    /// PEM: the root of the API's TLS server certificate.
    pub server_root: PathBuf,
    /// PEM: the root of all signatures and OCSP answers.
    pub signing_root: PathBuf,
    /// PEM: the relying party's client certificate, its CA after it.
    pub client_certificate: PathBuf,
    /// PEM (PKCS #8): the relying party's private key.
    pub client_key: PathBuf,
    /// Organisationsnummer in the client certificate, 10 digits.
    pub relying_party_number: String,
}

/// A person's certificate with its chain (leaf, customer CA, bank CA; DER) and key.
pub struct PersonCertificate {
    pub chain: [Vec<u8>; 3],
    /// DER content octets of the serial number.
    pub serial: Vec<u8>,
    /// When the BankID was issued: a midnight, UTC.
    pub issued: Instant,
    key: Arc<KeyPair>,
}

impl PersonCertificate {
    /// RSA PKCS #1 v1.5 with SHA-256.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.key.sign(message)
    }
}

impl fmt::Debug for PersonCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PersonCertificate").field("issued", &self.issued).finish_non_exhaustive()
    }
}

/// The whole test PKI in memory.
pub struct Pki {
    pub server_chain: Vec<CertificateDer<'static>>,
    pub server_key: PrivatePkcs8KeyDer<'static>,
    pub relying_party_ca: CertificateDer<'static>,
    pub customer_ca: Vec<u8>,
    pub ocsp_certificate: Vec<u8>,
    paths: PkiPaths,
    relying_party_issuer: Issuer<'static, KeyPair>,
    customer_issuer: Issuer<'static, KeyPair>,
    bank_ca: Vec<u8>,
    ocsp_key: KeyPair,
    person_keys: Vec<Arc<KeyPair>>,
    issued: Mutex<BTreeMap<(String, String), Arc<PersonCertificate>>>,
}

impl Pki {
    /// Reads the PKI from `data/pki`, making it first if it is not there. Slow the first time (RSA keys):
    /// call it where blocking is allowed.
    pub fn open(data: &Path) -> Result<Self, SandboxError> {
        let folder = data.join("pki");
        if !folder.exists() {
            make::make(&folder)?;
        }
        files::load(&folder)
    }

    pub fn paths(&self) -> &PkiPaths {
        &self.paths
    }

    /// The person's certificate under a policy; issued now if there is none that is valid at `now`.
    pub fn person(
        &self,
        person: &Person,
        policy: &str,
        now: Instant,
        serial: [u8; 8],
    ) -> Result<Arc<PersonCertificate>, rcgen::Error> {
        let mut issued = self.issued.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = (person.id.clone(), policy.to_owned());
        if let Some(known) = issued.get(&entry)
            && now >= known.issued
            && now < known.issued + profile::PERSON_VALIDITY - DAY
        {
            return Ok(Arc::clone(known));
        }
        // Any distribution will do, as long as the same person keeps the same key.
        let nth = person.id.bytes().map(usize::from).sum::<usize>() % self.person_keys.len();
        let key = Arc::clone(&self.person_keys[nth]);
        // Some weeks old, as BankIDs are: bankIdIssueDate tells a relying party of fresh ones.
        let day = now.seconds().div_euclid(86_400) - 40 - i64::try_from(nth).unwrap_or(0);
        let date = Instant::from_micros(day * 86_400 * 1_000_000);
        let leaf = profile::person(person, policy, date, serial).signed_by(&*key, &self.customer_issuer)?;
        let made = Arc::new(PersonCertificate {
            chain: [leaf.der().to_vec(), self.customer_ca.clone(), self.bank_ca.clone()],
            serial: serial.to_vec(),
            issued: date,
            key,
        });
        issued.insert(entry, Arc::clone(&made));
        Ok(made)
    }

    /// Signs an OCSP answer: RSA PKCS #1 v1.5 with SHA-256.
    pub fn sign_ocsp(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.ocsp_key.sign(message)
    }

    /// Issues a further client certificate (for tests of foreign, expired and future ones): certificate with its
    /// CA, and key, both PEM. Makes an RSA key: call it where blocking is allowed.
    pub fn issue_relying_party(
        &self,
        party: &RelyingParty,
        valid: Range<Instant>,
        serial: [u8; 8],
    ) -> Result<(String, String), SandboxError> {
        let key = make::rsa_key().map_err(|e| self.fault(&e))?;
        let certificate = profile::relying_party(party, valid, serial)
            .signed_by(&key, &self.relying_party_issuer)
            .map_err(|e| self.fault(&e))?;
        let ca = files::pem("CERTIFICATE", &self.relying_party_ca);
        Ok((format!("{}{ca}", files::pem("CERTIFICATE", certificate.der())), key.serialize_pem()))
    }

    fn fault(&self, e: &rcgen::Error) -> SandboxError {
        let path = self.paths.server_root.parent().map(Path::to_path_buf).unwrap_or_default();
        SandboxError::Pki { path, what: e.to_string() }
    }
}

impl fmt::Debug for Pki {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pki").field("paths", &self.paths).finish_non_exhaustive()
    }
}
