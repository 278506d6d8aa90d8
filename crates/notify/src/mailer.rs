//! One letter to the mail server, and what a failure means.
//!
//! Errors are told apart by what the caller can do: try later, or never again. They carry reply codes and
//! no reply texts, since those repeat the recipient's address.

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor,
    message::Mailbox,
    transport::smtp::{
        self, authentication,
        client::{CertificateStore, Tls, TlsParameters},
        extension::ClientId,
    },
};
use std::{error::Error, fmt, io, time::Duration};

use crate::{
    message::Message,
    settings::{Security, Settings, SettingsError},
};

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest delivery of one letter, all replies together.
const DELIVERY: Duration = Duration::from_secs(60);

/// The letter did not leave.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Try again after [`back_off`](crate::back_off): the server, the network or our access to it is at fault.
    #[error("the letter has not left, try later: {0}")]
    Later(Cause),
    /// Trying again gives the same: this letter or this recipient is refused.
    #[error("the letter cannot be delivered: {0}")]
    Never(Cause),
}

/// Why, without personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The server's reply code (RFC 5321 §4.2).
    Reply(u16),
    /// The server wants other credentials; operations must act.
    Access(u16),
    /// The server's certificate, or no common version of TLS; operations must act.
    Tls,
    TimedOut,
    Network,
    /// A reply that is none.
    Garbage,
    /// What is wrong with the letter itself.
    Letter(&'static str),
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reply(code) => write!(f, "the mail server answered {code}"),
            Self::Access(code) => write!(f, "the mail server refuses our credentials ({code}): check them"),
            Self::Tls => f.write_str("TLS to the mail server failed: check its certificate and the settings"),
            Self::TimedOut => f.write_str("the mail server did not answer in time"),
            Self::Network => f.write_str("no connection to the mail server: check host, port and firewall"),
            Self::Garbage => f.write_str("what answers is no mail server: check host, port and security"),
            Self::Letter(part) => write!(f, "{part} is not acceptable"),
        }
    }
}

/// Sends letters to one mail server, a connection for each.
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    patience: Duration,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").finish_non_exhaustive()
    }
}

impl Mailer {
    /// Nothing is connected yet: a mail server that is down must not stop the service.
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        let from = settings.check()?;
        let tls = match settings.security {
            Security::None => Tls::None,
            Security::StartTls => Tls::Required(tls(settings)?),
            Security::Tls => Tls::Wrapper(tls(settings)?),
        };
        // We greet by the sender's domain: the machine's own name is nobody's business.
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(settings.host.as_str())
            .port(settings.port)
            .timeout(Some(CONNECT))
            .hello_name(ClientId::Domain(from.email.domain().to_owned()))
            .tls(tls);
        if let Some(login) = &settings.credentials {
            builder = builder
                .credentials(authentication::Credentials::new(login.user.clone(), login.password.clone()));
        }
        Ok(Self { transport: builder.build(), from, patience: DELIVERY })
    }

    /// Waits at most this long for a letter to be taken, instead of a minute.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Hands the letter to the server. `Ok` means that the server has taken responsibility for it
    /// (RFC 5321 §4.2.5); a lost last reply means that it may be sent twice, under the same Message-ID.
    pub async fn send(&self, message: &Message) -> Result<(), SendError> {
        let mail = message.build(&self.from).map_err(|part| SendError::Never(Cause::Letter(part)))?;
        let result = match tokio::time::timeout(self.patience, self.transport.send(mail)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(classify(&error)),
            Err(_) => Err(SendError::Later(Cause::TimedOut)),
        };
        if let Err(error) = &result {
            tracing::warn!(message_id = message.message_id, %error, "mail");
        }
        result
    }
}

fn tls(settings: &Settings) -> Result<TlsParameters, SettingsError> {
    let mut builder = TlsParameters::builder(settings.host.clone());
    if let Some(roots) = settings.roots()? {
        builder = builder.certificate_store(CertificateStore::None).add_root_certificate(roots);
    }
    builder.build_rustls().map_err(|_| SettingsError::Tls)
}

fn classify(error: &smtp::Error) -> SendError {
    if let Some(code) = error.status() {
        let code = u16::from(code);
        return match code {
            // Credentials wanted, too weak, wrong, or not over this channel (RFC 4954 §6): ours to mend, so
            // that no letter is lost over it.
            530 | 534 | 535 | 538 => SendError::Later(Cause::Access(code)),
            _ if error.is_permanent() => SendError::Never(Cause::Reply(code)),
            _ => SendError::Later(Cause::Reply(code)),
        };
    }
    SendError::Later(if error.is_timeout() {
        Cause::TimedOut
    } else if error.is_tls() || invalid_data(error) {
        Cause::Tls
    } else if error.is_response() {
        Cause::Garbage
    } else {
        Cause::Network
    })
}

/// A failed handshake reaches us as data that the TLS layer found invalid.
fn invalid_data(error: &smtp::Error) -> bool {
    let mut cause: Option<&(dyn Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.downcast_ref::<io::Error>().is_some_and(|io| io.kind() == io::ErrorKind::InvalidData) {
            return true;
        }
        cause = error.source();
    }
    false
}
