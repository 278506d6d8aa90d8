//! The relying party behind a TLS connection, read from its client certificate.

use aws_lc_rs::digest::{SHA256, digest};
use std::{fmt, sync::Arc};
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// A relying party: which certificate it showed, and what that says.
#[derive(Clone, PartialEq, Eq)]
pub struct Party(Arc<Inner>);

#[derive(PartialEq, Eq)]
struct Inner {
    /// SHA-256 of the certificate: `collect` and `cancel` must come with the one that started the order.
    fingerprint: [u8; 32],
    subject: String,
    display_name: String,
}

impl Party {
    /// `None` for a certificate that cannot be read; TLS has verified it before.
    pub fn from_certificate(der: &[u8]) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(der).ok()?;
        let mut fingerprint = [0; 32];
        fingerprint.copy_from_slice(digest(&SHA256, der).as_ref());
        let mut attributes: Vec<(String, String)> = certificate
            .subject()
            .iter_attributes()
            .map(|a| (label(&a.attr_type().to_id_string()), a.as_str().unwrap_or_default().to_owned()))
            .collect();
        let name = |wanted: &str| attributes.iter().find(|(l, _)| l == wanted).map(|(_, v)| v.clone());
        let display_name = name("name").or_else(|| name("cn")).unwrap_or_default();
        // The text form begins with the most special attribute (RFC 4514 §2.1).
        attributes.reverse();
        let subject = attributes
            .iter()
            .map(|(label, value)| format!("{label}={}", value.replace('\\', "\\\\").replace(',', "\\,")))
            .collect::<Vec<_>>()
            .join(",");
        Some(Self(Arc::new(Inner { fingerprint, subject, display_name })))
    }

    /// `cn=…,name=…,serialNumber=…,o=…,c=SE`.
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    pub fn display_name(&self) -> &str {
        &self.0.display_name
    }
}

impl fmt::Debug for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Party({})", self.0.display_name)
    }
}

fn label(oid: &str) -> String {
    match oid {
        "2.5.4.3" => "cn",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "c",
        "2.5.4.10" => "o",
        "2.5.4.11" => "ou",
        "2.5.4.41" => "name",
        other => other,
    }
    .to_owned()
}
