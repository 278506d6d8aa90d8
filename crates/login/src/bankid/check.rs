//! `check --online`: is BankID reachable as configured, and what is wrong if not?
//!
//! The probe is that of the issuer's own sample: `GET /auth` must answer 405 over the mutually authenticated
//! channel. Nothing is ordered and no person is involved.

use domain::Instant;
use std::fmt;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::{
    BankId,
    client::{CallError, Probe},
    tls::{Identity, TlsFault},
};

/// A relying-party certificate is ordered from a bank; a month is needed to get the next one in place.
const SOON_DAYS: i64 = 30;
/// The animated code and the time stamps bear no more.
const MOST_OFF_SECONDS: i64 = 30;

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Good,
    Warning,
    Failure,
}

/// One thing that the check has found. Its text says what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The provider answered as it should.
    Answers,
    /// The server's certificate does not lead to a configured root.
    WrongRoot,
    /// The server's certificate is for another host name.
    WrongName,
    /// The server's certificate is outside its dates, by our clock.
    ServerDates,
    /// The server refused the relying-party certificate.
    ClientCertificateRefused,
    CertificateExpired {
        not_after: Instant,
    },
    CertificateNotYetValid {
        not_before: Instant,
    },
    /// Within 30 days.
    CertificateExpiresSoon {
        not_after: Instant,
        days: i64,
    },
    /// Our clock less the provider's `Date`, seconds; reported from 30.
    ClockOff {
        seconds: i64,
    },
    NoAnswer,
    TimedOut,
    /// TLS failed in a way that none of the others names.
    TlsBroken,
    /// Something answers that is not the Relying Party API.
    UnexpectedAnswer {
        status: u16,
    },
}

impl Finding {
    /// Stable, for `--json`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Answers => "BANKID_ANSWERS",
            Self::WrongRoot => "BANKID_WRONG_ROOT",
            Self::WrongName => "BANKID_WRONG_NAME",
            Self::ServerDates => "BANKID_SERVER_DATES",
            Self::ClientCertificateRefused => "BANKID_CLIENT_REFUSED",
            Self::CertificateExpired { .. } => "BANKID_CERTIFICATE_EXPIRED",
            Self::CertificateNotYetValid { .. } => "BANKID_CERTIFICATE_NOT_YET_VALID",
            Self::CertificateExpiresSoon { .. } => "BANKID_CERTIFICATE_EXPIRES_SOON",
            Self::ClockOff { .. } => "BANKID_CLOCK_OFF",
            Self::NoAnswer => "BANKID_NO_ANSWER",
            Self::TimedOut => "BANKID_TIMED_OUT",
            Self::TlsBroken => "BANKID_TLS_BROKEN",
            Self::UnexpectedAnswer { .. } => "BANKID_UNEXPECTED_ANSWER",
        }
    }

    pub const fn severity(&self) -> Severity {
        match self {
            Self::Answers => Severity::Good,
            Self::CertificateExpiresSoon { .. } => Severity::Warning,
            _ => Severity::Failure,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answers => f.write_str("BankID answers over mutual TLS as it should"),
            Self::WrongRoot => f.write_str(
                "the BankID server's certificate does not lead to the configured root: check that the server \
                 root and the address belong to the same environment (production or test)",
            ),
            Self::WrongName => f.write_str(
                "the BankID server's certificate is for another host name: check the configured address",
            ),
            Self::ServerDates => f.write_str(
                "the BankID server's certificate is expired or not valid yet: check this machine's clock first",
            ),
            Self::ClientCertificateRefused => f.write_str(
                "BankID refuses our relying-party certificate: check that it is for this environment \
                 (production or test), has not been revoked, and that its issuers stand in the same file",
            ),
            Self::CertificateExpired { not_after } => {
                write!(f, "our relying-party certificate expired {not_after}: order a new one from the bank")
            }
            Self::CertificateNotYetValid { not_before } => {
                write!(f, "our relying-party certificate is not valid until {not_before}: check the clock")
            }
            Self::CertificateExpiresSoon { not_after, days } => write!(
                f,
                "our relying-party certificate expires in {days} days, {not_after}: order a new one from the bank"
            ),
            Self::ClockOff { seconds } => {
                let (by, way) = (seconds.unsigned_abs(), if *seconds > 0 { "ahead" } else { "behind" });
                write!(f, "this machine's clock is {by} s {way} of BankID's: set it by a time service")
            }
            Self::NoAnswer => f.write_str(
                "no connection to BankID: check the address, name resolution and the firewall's outgoing rules",
            ),
            Self::TimedOut => f.write_str(
                "BankID did not answer in time: check the firewall's outgoing rules and BankID's operating status",
            ),
            Self::TlsBroken => {
                f.write_str("TLS to BankID failed: check that nothing in between opens the traffic")
            }
            Self::UnexpectedAnswer { status } => write!(
                f,
                "something answers with HTTP {status} that is not BankID's interface: check the configured address"
            ),
        }
    }
}

impl BankId {
    /// Everything found, the good included, in no order of weight. Takes at most 20 s.
    pub async fn check(&self) -> Vec<Finding> {
        let now = self.now();
        let mut findings = dates(self.certificate_dates, now);
        match self.client.probe().await {
            Ok(probe) => findings.extend(answered(&probe, now)),
            Err(error) => findings.push(not_answered(&error, &findings)),
        }
        findings
    }
}

/// `notBefore` and `notAfter` of a certificate.
pub(super) type Dates = (Instant, Instant);

/// The dates of our own certificate; `None` if it cannot be read, and then TLS says so.
pub(super) fn dates_of(identity: &Identity) -> Option<Dates> {
    let (_, certificate) = X509Certificate::from_der(identity.certificate()).ok()?;
    let at =
        |time: &x509_parser::time::ASN1Time| Instant::from_micros(time.timestamp().saturating_mul(1_000_000));
    let validity = certificate.validity();
    Some((at(&validity.not_before), at(&validity.not_after)))
}

fn dates(dates: Option<Dates>, now: Instant) -> Vec<Finding> {
    let Some((not_before, not_after)) = dates else { return Vec::new() };
    let days = (not_after.seconds() - now.seconds()).div_euclid(86_400);
    if now > not_after {
        vec![Finding::CertificateExpired { not_after }]
    } else if now < not_before {
        vec![Finding::CertificateNotYetValid { not_before }]
    } else if days < SOON_DAYS {
        vec![Finding::CertificateExpiresSoon { not_after, days }]
    } else {
        Vec::new()
    }
}

fn answered(probe: &Probe, now: Instant) -> Vec<Finding> {
    let mut findings = vec![match probe.status {
        405 => Finding::Answers,
        401 | 403 => Finding::ClientCertificateRefused,
        status => Finding::UnexpectedAnswer { status },
    }];
    // IMF-fixdate (RFC 9110 §5.6.7) is a form of RFC 2822's.
    let theirs = probe.date.as_deref().and_then(|date| jiff::fmt::rfc2822::parse(date).ok());
    if let Some(theirs) = theirs {
        let seconds = now.seconds() - theirs.timestamp().as_second();
        if seconds.abs() >= MOST_OFF_SECONDS {
            findings.push(Finding::ClockOff { seconds });
        }
    }
    findings
}

fn not_answered(error: &CallError, known: &[Finding]) -> Finding {
    match error {
        CallError::TimedOut => Finding::TimedOut,
        CallError::Tls(fault) => match fault {
            TlsFault::WrongRoot => Finding::WrongRoot,
            TlsFault::WrongName => Finding::WrongName,
            TlsFault::ServerTime => Finding::ServerDates,
            TlsFault::ClientRefused | TlsFault::ClientExpired => Finding::ClientCertificateRefused,
            TlsFault::Other => Finding::TlsBroken,
        },
        // A server may just hang up on an expired certificate.
        CallError::Unreachable if known.iter().any(|f| matches!(f, Finding::CertificateExpired { .. })) => {
            Finding::ClientCertificateRefused
        }
        _ => Finding::NoAnswer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    fn at(days: i64) -> Instant {
        Instant::from_micros(days * DAY)
    }

    #[test]
    fn the_certificate_is_told_about_a_month_ahead() {
        let found = |now| dates(Some((at(10), at(100))), at(now)).first().map(Finding::code);
        assert_eq!(found(9), Some("BANKID_CERTIFICATE_NOT_YET_VALID"));
        assert_eq!(found(50), None);
        assert_eq!(found(71), Some("BANKID_CERTIFICATE_EXPIRES_SOON"));
        assert_eq!(found(101), Some("BANKID_CERTIFICATE_EXPIRED"));
    }

    #[test]
    fn a_clock_that_is_off_is_named_with_its_direction() {
        let probe = Probe { status: 405, date: Some("Sun, 06 Nov 1994 08:49:37 GMT".into()) };
        let theirs = Instant::from_micros(784_111_777_000_000);
        assert_eq!(answered(&probe, theirs), [Finding::Answers]);
        let ahead = answered(&probe, Instant::from_micros(theirs.micros() + 61_000_000));
        assert_eq!(ahead, [Finding::Answers, Finding::ClockOff { seconds: 61 }]);
        assert!(ahead[1].to_string().contains("61 s ahead"));
        assert!(Finding::ClockOff { seconds: -40 }.to_string().contains("40 s behind"));
        // No date, or one that is none, is not a finding.
        let probe = Probe { status: 405, date: Some("yesterday".into()) };
        assert_eq!(answered(&probe, theirs), [Finding::Answers]);
    }

    #[test]
    fn faults_are_named_by_what_can_be_done() {
        let tls = |fault| not_answered(&CallError::Tls(fault), &[]);
        assert_eq!(tls(TlsFault::WrongRoot), Finding::WrongRoot);
        assert_eq!(tls(TlsFault::ServerTime), Finding::ServerDates);
        assert_eq!(tls(TlsFault::ClientExpired), Finding::ClientCertificateRefused);
        assert_eq!(not_answered(&CallError::TimedOut, &[]), Finding::TimedOut);
        assert_eq!(not_answered(&CallError::Unreachable, &[]), Finding::NoAnswer);
        assert_eq!(
            not_answered(&CallError::Unreachable, &[Finding::CertificateExpired { not_after: at(1) }]),
            Finding::ClientCertificateRefused
        );
        let probe = Probe { status: 200, date: None };
        assert_eq!(answered(&probe, at(1)), [Finding::UnexpectedAnswer { status: 200 }]);
    }
}
