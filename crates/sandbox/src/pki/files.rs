//! The PKI's files: names, PEM, permissions, reading back.

use super::{PERSON_KEYS, Pki, PkiPaths};
use crate::SandboxError;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use rcgen::{Issuer, KeyPair, PKCS_RSA_SHA256};
use rustls_pki_types::{CertificateDer, PrivatePkcs8KeyDer, pem::PemObject as _};
use std::{fs, io::Write as _, path::Path, sync::Arc};

pub const SERVER_ROOT: &str = "server-root.pem";
pub const SERVER: &str = "server.pem";
pub const SERVER_KEY: &str = "server.key";
pub const RELYING_PARTY_CA: &str = "relying-party-ca.pem";
pub const RELYING_PARTY_CA_KEY: &str = "relying-party-ca.key";
pub const CLIENT: &str = "relying-party.pem";
pub const CLIENT_KEY: &str = "relying-party.key";
pub const CLIENT_NUMBER: &str = "relying-party-number.txt";
pub const SIGNING_ROOT: &str = "signing-root.pem";
pub const BANK_CA: &str = "bank-ca.pem";
pub const CUSTOMER_CA: &str = "customer-ca.pem";
pub const CUSTOMER_CA_KEY: &str = "customer-ca.key";
pub const OCSP: &str = "ocsp-signer.pem";
pub const OCSP_KEY: &str = "ocsp-signer.key";

pub fn person_key(nth: usize) -> String {
    format!("person-{nth}.key")
}

/// PEM with lines of 64 characters (RFC 7468).
pub fn pem(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = more;
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

pub fn write(folder: &Path, name: &str, text: &str) -> Result<(), SandboxError> {
    let path = folder.join(name);
    fs::write(&path, text).map_err(|source| SandboxError::File { path, source })
}

/// Readable by the owner alone: test keys too are kept as keys are kept.
pub fn write_secret(folder: &Path, name: &str, text: &str) -> Result<(), SandboxError> {
    let path = folder.join(name);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(&path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|source| SandboxError::File { path, source })
}

/// Puts the issuer's certificate after the certificate, as TLS sends them.
pub fn append(folder: &Path, name: &str, issuer: &str) -> Result<(), SandboxError> {
    let text = read(folder, name)? + &read(folder, issuer)?;
    write(folder, name, &text)
}

pub fn load(folder: &Path) -> Result<Pki, SandboxError> {
    let customer_ca = certificate(folder, CUSTOMER_CA)?;
    let relying_party_ca = certificate(folder, RELYING_PARTY_CA)?;
    let issuer = |name: &str, ca: &CertificateDer<'_>, key: KeyPair| {
        Issuer::from_ca_cert_der(ca, key).map_err(|e| wrong(folder, name, &e))
    };
    Ok(Pki {
        server_chain: vec![certificate(folder, SERVER)?],
        server_key: private_key(folder, SERVER_KEY)?,
        relying_party_issuer: issuer(
            RELYING_PARTY_CA,
            &relying_party_ca,
            key_pair(folder, RELYING_PARTY_CA_KEY)?,
        )?,
        relying_party_ca,
        customer_issuer: issuer(CUSTOMER_CA, &customer_ca, key_pair(folder, CUSTOMER_CA_KEY)?)?,
        customer_ca: customer_ca.to_vec(),
        bank_ca: certificate(folder, BANK_CA)?.to_vec(),
        ocsp_certificate: certificate(folder, OCSP)?.to_vec(),
        ocsp_key: key_pair(folder, OCSP_KEY)?,
        person_keys: (0..PERSON_KEYS)
            .map(|nth| key_pair(folder, &person_key(nth)).map(Arc::new))
            .collect::<Result<_, _>>()?,
        paths: PkiPaths {
            server_root: folder.join(SERVER_ROOT),
            signing_root: folder.join(SIGNING_ROOT),
            client_certificate: folder.join(CLIENT),
            client_key: folder.join(CLIENT_KEY),
            relying_party_number: read(folder, CLIENT_NUMBER)?,
        },
        issued: std::sync::Mutex::default(),
    })
}

fn read(folder: &Path, name: &str) -> Result<String, SandboxError> {
    let path = folder.join(name);
    fs::read_to_string(&path).map_err(|source| SandboxError::File { path, source })
}

fn certificate(folder: &Path, name: &str) -> Result<CertificateDer<'static>, SandboxError> {
    CertificateDer::from_pem_slice(read(folder, name)?.as_bytes()).map_err(|e| wrong(folder, name, &e))
}

fn private_key(folder: &Path, name: &str) -> Result<PrivatePkcs8KeyDer<'static>, SandboxError> {
    PrivatePkcs8KeyDer::from_pem_slice(read(folder, name)?.as_bytes()).map_err(|e| wrong(folder, name, &e))
}

fn key_pair(folder: &Path, name: &str) -> Result<KeyPair, SandboxError> {
    KeyPair::from_pkcs8_der_and_sign_algo(&private_key(folder, name)?, &PKCS_RSA_SHA256)
        .map_err(|e| wrong(folder, name, &e))
}

fn wrong(folder: &Path, name: &str, what: &impl std::fmt::Display) -> SandboxError {
    SandboxError::Pki { path: folder.join(name), what: what.to_string() }
}
