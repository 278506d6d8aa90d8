//! Whom to ask: ordered contacts, one's own organisation first (R-000-08).

/// Somebody who can help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    pub name: String,
    pub lines: Vec<ContactLine>,
}

/// One way to reach them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContactLine {
    /// As written, such as `0771-00 00 00`; the digits make the link.
    Phone(String),
    Mail(String),
    /// Label and address on this site or `https`.
    Web(String, String),
    /// Opening hours, a room, an internal extension: words.
    Words(String),
}

impl ContactLine {
    /// The address behind the line, if it is a link.
    pub(super) fn href(&self) -> Option<String> {
        match self {
            Self::Phone(number) => {
                let digits: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
                (!digits.is_empty()).then(|| format!("tel:{digits}"))
            }
            Self::Mail(address) => {
                let plain = address.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_+@".contains(&b));
                plain.then(|| format!("mailto:{address}"))
            }
            Self::Web(_, href) => {
                let fits = crate::local_path(href).is_some() || href.starts_with("https://");
                fits.then(|| href.clone())
            }
            Self::Words(_) => None,
        }
    }

    /// The line as shown; a number is not broken over two lines.
    pub(super) fn words(&self) -> String {
        match self {
            Self::Phone(number) => number.replace(' ', "\u{a0}").replace('-', "\u{2011}"),
            Self::Mail(text) | Self::Web(text, _) | Self::Words(text) => text.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_addresses_become_links() {
        assert_eq!(ContactLine::Phone("0771-00 00 00".into()).href().as_deref(), Some("tel:0771000000"));
        assert_eq!(
            ContactLine::Mail("stod@exempel.se".into()).href().as_deref(),
            Some("mailto:stod@exempel.se")
        );
        assert_eq!(ContactLine::Mail("a?bcc=b@c".into()).href(), None);
        assert_eq!(ContactLine::Web("x".into(), "javascript:alert(1)".into()).href(), None);
        assert_eq!(ContactLine::Web("x".into(), "/help".into()).href().as_deref(), Some("/help"));
        assert_eq!(ContactLine::Words("vardagar 8–17".into()).href(), None);
    }
}
