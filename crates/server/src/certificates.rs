//! When the certificates of a configuration run out: BankID's by their files, and the public one where we serve TLS.

use crate::config::Config;
use anyhow::Context as _;
use app::expiries::{Expiring, What};
use domain::Instant;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use std::path::Path;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// All of them. A file that cannot be read is an error: what is not seen cannot be watched.
pub fn expiries(config: &Config) -> anyhow::Result<Vec<Expiring>> {
    let mut all = Vec::new();
    let own = ends(&config.bankid.client_certificate)?;
    let (leaf, issuers) = own.split_first().context("no certificate in bankid.client_certificate")?;
    all.push(Expiring { at: *leaf, what: What::BankidCertificate });
    all.extend(issuers.iter().min().map(|at| Expiring { at: *at, what: What::BankidIssuers }));
    let mut earliest = |path: &Path, what| -> anyhow::Result<()> {
        all.extend(ends(path)?.into_iter().min().map(|at| Expiring { at, what }));
        Ok(())
    };
    earliest(&config.bankid.server_root, What::BankidServerRoots)?;
    earliest(&config.bankid.signing_root, What::BankidSigningRoots)?;
    if let Some(public) = &config.public.certificate {
        earliest(public, What::PublicCertificate)?;
    }
    all.sort();
    Ok(all)
}

/// The ends of the certificates in a file, in its order.
fn ends(path: &Path) -> anyhow::Result<Vec<Instant>> {
    let pem = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let certificates = CertificateDer::pem_slice_iter(&pem)
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| anyhow::anyhow!("{} is no PEM file of certificates", path.display()))?;
    let end = |der: &CertificateDer<'_>| {
        let (_, certificate) = X509Certificate::from_der(der)
            .map_err(|_| anyhow::anyhow!("{} holds what is no certificate", path.display()))?;
        let seconds = certificate.validity().not_after.timestamp();
        Ok(Instant::from_micros(seconds.saturating_mul(1_000_000)))
    };
    certificates.iter().map(end).collect()
}
