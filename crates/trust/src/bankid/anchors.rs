//! The pinned signing roots: BankID's own, handed out by its issuer, from configuration and from nowhere else.

use crate::certificate::Root;
use rustls_pki_types::{CertificateDer, pem::PemObject};

/// The most roots: the one in use, the next, and those of both environments.
const MAX_ROOTS: usize = 8;

/// The roots to which a person's certificate must lead.
#[derive(Debug, Clone)]
pub struct Anchors {
    roots: Vec<Root>,
}

/// Why a file of roots cannot be used. The operator mends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AnchorError {
    #[error("no certificate found: the file must hold PEM blocks `BEGIN CERTIFICATE`")]
    Empty,
    #[error("more than 8 certificates: only BankID's own roots belong in this file")]
    TooMany,
    #[error("the file is not readable as PEM")]
    Pem,
    #[error(
        "certificate {0} of the file cannot be used as a root: it must be a CA that may sign certificates"
    )]
    NotARoot(usize),
}

impl Anchors {
    /// One or more roots as PEM. Whether they are the right ones only the operator knows: compare
    /// [`fingerprints`](Self::fingerprints) with what BankID publishes.
    pub fn from_pem(pem: &str) -> Result<Self, AnchorError> {
        let mut roots = Vec::new();
        for (i, der) in CertificateDer::pem_slice_iter(pem.as_bytes()).enumerate() {
            if i == MAX_ROOTS {
                return Err(AnchorError::TooMany);
            }
            let der = der.map_err(|_| AnchorError::Pem)?;
            roots.push(Root::read(&der).map_err(|_| AnchorError::NotARoot(i + 1))?);
        }
        if roots.is_empty() { Err(AnchorError::Empty) } else { Ok(Self { roots }) }
    }

    /// SHA-256 over the DER of each root, in the order of the file.
    pub fn fingerprints(&self) -> impl Iterator<Item = &[u8; 32]> {
        self.roots.iter().map(|r| &r.fingerprint)
    }

    pub(super) fn roots(&self) -> &[Root] {
        &self.roots
    }
}
