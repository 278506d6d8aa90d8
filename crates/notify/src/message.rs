//! One letter, put together as a mail: plain text, UTF-8, from a machine.

use domain::Instant;
use lettre::{
    Address,
    message::{
        Mailbox, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};
use std::{
    fmt,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// A letter to one recipient.
#[derive(Clone, PartialEq, Eq)]
pub struct Message {
    /// One bare address, `name@host`.
    pub to: String,
    /// One line, at most 200 characters.
    pub subject: String,
    /// At most 64 KiB.
    pub text: String,
    /// Stable over all attempts, `name@host` without angle brackets.
    pub message_id: String,
    /// The `Date` of the letter: when it was complete (RFC 5322 §3.6.1), the same at every attempt.
    pub written_at: Instant,
}

/// The recipient is personal data.
impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}

/// What is wrong with a letter, without its content.
pub(crate) type Bad = &'static str;

impl Message {
    pub(crate) fn build(&self, from: &Mailbox) -> Result<lettre::Message, Bad> {
        let to: Address = self.to.parse().map_err(|_| "the recipient's address")?;
        let subject = self.subject.chars().all(|c| !c.is_control()) && self.subject.chars().count() <= 200;
        if !subject {
            return Err("the subject");
        }
        if self.text.len() > 64 * 1024 || self.text.contains('\0') {
            return Err("the text");
        }
        let id = self.message_id.bytes().all(|b| b.is_ascii_alphanumeric() || b"@.-_".contains(&b));
        let parts = self.message_id.split('@').filter(|part| !part.is_empty()).count();
        if !id || parts != 2 || self.message_id.len() > 200 {
            return Err("the Message-ID");
        }
        lettre::Message::builder()
            .from(from.clone())
            .to(Mailbox::new(None, to))
            .subject(self.subject.as_str())
            .date(system_time(self.written_at))
            .message_id(Some(format!("<{}>", self.message_id)))
            // No out-of-office answers to a machine (RFC 3834 §5).
            .raw_header(HeaderValue::new(
                HeaderName::new_from_ascii_str("Auto-Submitted"),
                "auto-generated".to_owned(),
            ))
            .singlepart(SinglePart::plain(self.text.clone()))
            .map_err(|_| "the letter")
    }
}

fn system_time(now: Instant) -> SystemTime {
    UNIX_EPOCH + Duration::from_micros(u64::try_from(now.micros()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> Message {
        Message {
            to: "elin@firma.example".into(),
            subject: "Ny behörighet för Granåsens Åkeri".into(),
            text: "Hej!\n\nDu har fått en ny behörighet.\n".into(),
            message_id: "0a1b@agency.example".into(),
            written_at: Instant::from_micros(784_111_777_000_000),
        }
    }

    fn built(message: &Message) -> Result<String, Bad> {
        let from = "Myndigheten <noreply@agency.example>".parse().unwrap();
        let mail = message.build(&from)?;
        Ok(String::from_utf8(mail.formatted()).unwrap())
    }

    #[test]
    fn the_mail_is_the_same_at_every_attempt() {
        let mail = built(&message()).unwrap();
        assert_eq!(mail, built(&message()).unwrap());
        for line in [
            "Message-ID: <0a1b@agency.example>",
            "Date: Sun, 06 Nov 1994 08:49:37 +0000",
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "To: elin@firma.example",
        ] {
            assert!(mail.lines().any(|l| l == line), "{line} in:\n{mail}");
        }
    }

    #[test]
    fn no_header_can_be_smuggled_in() {
        let bad = [
            Message { to: "a@b.example\r\nBcc: x@y.example".into(), ..message() },
            Message { to: "a@b.example, c@d.example".into(), ..message() },
            Message { to: String::new(), ..message() },
            Message { subject: "a\r\nBcc: x@y.example".into(), ..message() },
            Message { subject: "a".repeat(201), ..message() },
            Message { message_id: "a@b>\r\nX: y".into(), ..message() },
            Message { message_id: "ab".into(), ..message() },
            Message { text: "a".repeat(65 * 1024), ..message() },
        ];
        for message in bad {
            assert!(built(&message).is_err(), "{message:?}");
        }
    }

    #[test]
    fn debug_shows_no_recipient() {
        assert!(!format!("{:?}", message()).contains("elin"));
    }
}
