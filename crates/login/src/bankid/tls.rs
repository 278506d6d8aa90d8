//! Mutual TLS towards BankID: our relying-party certificate, only the pinned roots, TLS 1.2 or 1.3.
//!
//! BankID's servers do not belong to the web's certificate world: nothing but the configured roots is
//! trusted, and no system store is read. Key exchange is post-quantum by preference (X25519MLKEM768) with
//! classical groups behind it; the groups are named here, so that no feature flag decides them.

use rustls::{
    AlertDescription, CertificateError, ClientConfig, RootCertStore,
    crypto::{CryptoProvider, SupportedKxGroup, aws_lc_rs},
};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use std::{error::Error, fmt, io, sync::Arc};

/// Why the configured material cannot be used. Each says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    #[error("BankID address: give an `https` address that ends with `/rp/v6.0/`")]
    Endpoint,
    #[error(
        "{what}: no certificate found in the file; give PEM that begins with -----BEGIN CERTIFICATE-----"
    )]
    NoCertificate { what: &'static str },
    #[error("{what}: a certificate in the file cannot be read; export it anew as PEM")]
    BadCertificate { what: &'static str },
    #[error(
        "relying-party key: no private key found in the file; give an unencrypted PEM key (PKCS #8 or PKCS #1)"
    )]
    NoKey,
    #[error(
        "relying-party key: it does not belong to the relying-party certificate, or is of a kind not supported"
    )]
    KeyMismatch,
    #[error("BankID signing roots: {0}")]
    Anchors(String),
    #[error("organisation number of the relying party: ten digits are expected")]
    RelyingParty,
    #[error("start link: production starts BankID's own app only; remove the setting")]
    StartLink,
    #[error("TLS: {0}")]
    Tls(String),
}

/// The relying party's certificate with its chain, and its key.
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// Certificate first, then its issuers; the key unencrypted, in a file that only the service may read.
    pub fn from_pem(certificates: &str, key: &str) -> Result<Self, SetupError> {
        Ok(Self {
            chain: certificates_from(certificates, "relying-party certificate")?,
            key: PrivateKeyDer::from_pem_slice(key.as_bytes()).map_err(|_| SetupError::NoKey)?,
        })
    }

    /// Our own certificate, DER.
    pub(crate) fn certificate(&self) -> &[u8] {
        self.chain.first().map_or(&[], |leaf| leaf.as_ref())
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("certificates", &self.chain.len()).finish_non_exhaustive()
    }
}

/// The pinned roots of the provider's *server* certificate (not those of people's signatures).
#[derive(Debug, Clone)]
pub struct ServerRoots(RootCertStore);

impl ServerRoots {
    pub fn from_pem(roots: &str) -> Result<Self, SetupError> {
        const WHAT: &str = "BankID server roots";
        let mut store = RootCertStore::empty();
        for root in certificates_from(roots, WHAT)? {
            store.add(root).map_err(|_| SetupError::BadCertificate { what: WHAT })?;
        }
        Ok(Self(store))
    }
}

fn certificates_from(pem: &str, what: &'static str) -> Result<Vec<CertificateDer<'static>>, SetupError> {
    let chain = CertificateDer::pem_slice_iter(pem.as_bytes())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| SetupError::BadCertificate { what })?;
    if chain.is_empty() { Err(SetupError::NoCertificate { what }) } else { Ok(chain) }
}

/// Which key exchanges are offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyExchange {
    /// X25519MLKEM768 first, then the classical groups.
    PostQuantumFirst,
    /// For a network that drops the larger hello of the former.
    Classical,
}

const HYBRID: &[&dyn SupportedKxGroup] = &[
    aws_lc_rs::kx_group::X25519MLKEM768,
    aws_lc_rs::kx_group::X25519,
    aws_lc_rs::kx_group::SECP256R1,
    aws_lc_rs::kx_group::SECP384R1,
];

pub(crate) fn config(
    identity: &Identity,
    roots: &ServerRoots,
    exchange: KeyExchange,
) -> Result<ClientConfig, SetupError> {
    let groups = match exchange {
        KeyExchange::PostQuantumFirst => HYBRID,
        KeyExchange::Classical => &HYBRID[1..],
    };
    let provider = CryptoProvider { kx_groups: groups.to_vec(), ..aws_lc_rs::default_provider() };
    let mut config = ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
        .map_err(|e| SetupError::Tls(e.to_string()))?
        .with_root_certificates(roots.0.clone())
        .with_client_auth_cert(identity.chain.clone(), identity.key.clone_key())
        .map_err(|_| SetupError::KeyMismatch)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// What went wrong in TLS, by what somebody can do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TlsFault {
    /// The server's certificate does not lead to a pinned root.
    WrongRoot,
    /// The server's certificate is expired or not valid yet, by our clock.
    ServerTime,
    /// The server's certificate is for another name.
    WrongName,
    /// The server refused our certificate.
    ClientRefused,
    /// The server says that our certificate has expired.
    ClientExpired,
    /// Anything else: no common version or algorithm, a broken peer.
    Other,
}

impl TlsFault {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::WrongRoot => "wrong_root",
            Self::ServerTime => "server_time",
            Self::WrongName => "wrong_name",
            Self::ClientRefused => "client_refused",
            Self::ClientExpired => "client_expired",
            Self::Other => "other",
        }
    }

    /// Finds a TLS fault anywhere in an error's chain of causes.
    pub(crate) fn within(error: &(dyn Error + 'static)) -> Option<Self> {
        causes(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()).map(Self::of)
    }

    fn of(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(fault) => match fault {
                CertificateError::UnknownIssuer | CertificateError::BadSignature => Self::WrongRoot,
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. } => Self::ServerTime,
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                    Self::WrongName
                }
                _ => Self::Other,
            },
            rustls::Error::AlertReceived(AlertDescription::CertificateExpired) => Self::ClientExpired,
            rustls::Error::AlertReceived(
                AlertDescription::CertificateRequired
                | AlertDescription::BadCertificate
                | AlertDescription::UnsupportedCertificate
                | AlertDescription::CertificateRevoked
                | AlertDescription::CertificateUnknown
                | AlertDescription::UnknownCA
                | AlertDescription::AccessDenied
                | AlertDescription::DecryptError,
            ) => Self::ClientRefused,
            _ => Self::Other,
        }
    }
}

/// An error and everything that caused it, at most 32. An I/O error that wraps another hides the wrapped one
/// from `source`, so that is asked for first.
pub(crate) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| error.source())
    })
    .take(32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_the_wrong_kind_say_what_is_expected() {
        assert_eq!(
            ServerRoots::from_pem("").unwrap_err(),
            SetupError::NoCertificate { what: "BankID server roots" }
        );
        let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert_eq!(
            ServerRoots::from_pem(broken).unwrap_err(),
            SetupError::BadCertificate { what: "BankID server roots" }
        );
        assert_eq!(Identity::from_pem(broken, "").unwrap_err(), SetupError::NoKey);
    }

    #[test]
    fn post_quantum_is_preferred_and_classical_stays() {
        assert_eq!(HYBRID[0].name(), rustls::NamedGroup::X25519MLKEM768);
        assert_eq!(HYBRID[1].name(), rustls::NamedGroup::X25519);
    }

    #[test]
    fn a_fault_is_found_deep_in_the_causes() {
        let tls = rustls::Error::AlertReceived(AlertDescription::UnknownCA);
        let io = io::Error::new(io::ErrorKind::InvalidData, tls);
        assert_eq!(TlsFault::within(&io::Error::other(io)), Some(TlsFault::ClientRefused));
        assert_eq!(TlsFault::within(&io::Error::other("x")), None);
    }
}
