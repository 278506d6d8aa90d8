//! Which mail server, and how it is reached. Plain text is for loopback only.

use lettre::{message::Mailbox, transport::smtp::client::Certificate};
use std::{fmt, net::IpAddr};

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// Not at all: a mail server on this machine.
    None,
    /// Plain at first, then TLS, demanded (RFC 3207); usually port 587.
    StartTls,
    /// TLS from the first byte (RFC 8314); usually port 465.
    Tls,
}

/// Name and password at the mail server.
#[derive(Clone)]
pub struct Credentials {
    pub user: String,
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(…)")
    }
}

/// What the configuration says about mail.
#[derive(Debug, Clone)]
pub struct Settings {
    pub host: String,
    pub port: u16,
    pub security: Security,
    pub credentials: Option<Credentials>,
    /// The sender: `noreply@agency.example` or `Agency <noreply@agency.example>`.
    pub from: String,
    /// PEM of the only roots trusted for the mail server; without it the machine's own store is.
    pub roots: Option<String>,
}

/// Why the settings cannot be used. Each says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    #[error("mail host: plain text is for a server on this machine only; set security to starttls or tls")]
    PlainText,
    #[error("mail host: give a host name or address")]
    Host,
    #[error("mail sender: give an address such as `Agency <noreply@agency.example>`")]
    From,
    #[error("mail roots: no certificate can be read from the file; give PEM")]
    Roots,
    #[error("mail: TLS cannot be set up; check that the machine has a certificate store, or name roots")]
    Tls,
}

impl Settings {
    pub(crate) fn check(&self) -> Result<Mailbox, SettingsError> {
        let plain_host =
            self.host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':'));
        if self.host.is_empty() || !plain_host {
            return Err(SettingsError::Host);
        }
        if self.security == Security::None && !self.is_loopback() {
            return Err(SettingsError::PlainText);
        }
        self.from.parse().map_err(|_| SettingsError::From)
    }

    pub(crate) fn roots(&self) -> Result<Option<Certificate>, SettingsError> {
        let Some(pem) = &self.roots else { return Ok(None) };
        if !pem.contains("-----BEGIN CERTIFICATE-----") {
            return Err(SettingsError::Roots);
        }
        Certificate::from_pem(pem.as_bytes()).map(Some).map_err(|_| SettingsError::Roots)
    }

    fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(host: &str, security: Security) -> Settings {
        let from = "Myndigheten å <noreply@agency.example>".to_owned();
        Settings { host: host.to_owned(), port: 25, security, credentials: None, from, roots: None }
    }

    #[test]
    fn plain_text_stays_on_this_machine() {
        for host in ["localhost", "127.0.0.1", "127.0.0.2", "::1"] {
            assert!(settings(host, Security::None).check().is_ok(), "{host}");
        }
        for host in ["mail.agency.example", "192.0.2.1", "localhost.agency.example", "0.0.0.0"] {
            assert_eq!(settings(host, Security::None).check(), Err(SettingsError::PlainText), "{host}");
            assert!(settings(host, Security::StartTls).check().is_ok(), "{host}");
        }
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(settings("", Security::Tls).check(), Err(SettingsError::Host));
        assert_eq!(settings("a b", Security::Tls).check(), Err(SettingsError::Host));
        let bad = Settings { from: "noreply".into(), ..settings("localhost", Security::None) };
        assert_eq!(bad.check(), Err(SettingsError::From));
        for pem in ["", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----"] {
            let bad = Settings { roots: Some(pem.into()), ..settings("localhost", Security::Tls) };
            assert_eq!(bad.roots().unwrap_err(), SettingsError::Roots);
        }
    }
}
