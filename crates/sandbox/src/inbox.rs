//! The mailbox: what the SMTP sink has taken, newest first, bounded.

use domain::Instant;
use serde::Serialize;
use std::collections::VecDeque;

/// The most messages that are kept; the oldest go.
const MOST: usize = 10_000;

/// One message to one recipient. Debug prints no address and no text.
#[derive(Clone, Serialize)]
pub struct Mail {
    /// The recipient of the envelope.
    pub to: String,
    /// The sender in the header, or of the envelope where there is none.
    pub from: String,
    pub subject: String,
    /// The first plain text part, decoded.
    pub text: String,
    /// The `Message-ID` header with its angle brackets; empty if the message has none.
    pub message_id: String,
    /// The `Date` header: when the sender says that it was written, by the sender's clock, which may be a moved one.
    #[serde(serialize_with = "written", skip_serializing_if = "Option::is_none")]
    pub written_at: Option<Instant>,
    /// RFC 3339, UTC.
    #[serde(serialize_with = "rfc3339")]
    pub received_at: Instant,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mail({})", self.message_id)
    }
}

/// All messages.
#[derive(Debug, Default)]
pub struct Inbox(VecDeque<Mail>);

impl Inbox {
    pub fn add(&mut self, mail: Mail) {
        self.0.push_front(mail);
        self.0.truncate(MOST);
    }

    /// Newest first; only those to one address, if one is given (upper and lower case are the same).
    pub fn list(&self, to: Option<&str>) -> Vec<Mail> {
        self.0.iter().filter(|m| to.is_none_or(|to| m.to.eq_ignore_ascii_case(to))).cloned().collect()
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }
}

fn written<S: serde::Serializer>(at: &Option<Instant>, out: S) -> Result<S::Ok, S::Error> {
    match at {
        Some(at) => rfc3339(at, out),
        None => out.serialize_none(),
    }
}

fn rfc3339<S: serde::Serializer>(at: &Instant, out: S) -> Result<S::Ok, S::Error> {
    out.collect_str(at)
}
