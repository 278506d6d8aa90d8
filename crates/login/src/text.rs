//! The text that the person sees in the app (*userVisibleData*), in the size that the provider takes.
//!
//! Limits of BankID's Relying Party API v6.0, counted after base64: 1 500 at identification, 40 000 at
//! signature. The bytes here are the bytes that are signed: the review page shows the same.

use serde::{Deserialize, Serialize};

/// How the app lays the text out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TextFormat {
    Plain,
    /// `simpleMarkdownV1`: headings, bold, italics, lists, tables, rules.
    SimpleMarkdown,
}

/// A text that may be shown to a person in their e-ID app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisibleText {
    text: String,
    format: TextFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    #[error("the text for the app is empty: say which service asks and for what")]
    Empty,
    #[error("the text for the app is too long: at most {most} bytes of UTF-8")]
    TooLong { most: usize },
    #[error("the text for the app has a character that is not shown (control or direction): remove it")]
    Hidden,
}

impl VisibleText {
    /// Bytes of UTF-8 at identification: 1 500 after base64.
    pub const LOGIN_BYTES: usize = 1_125;
    /// Bytes of UTF-8 at signature: 40 000 after base64.
    pub const SIGNATURE_BYTES: usize = 30_000;

    /// For an identification: who asks, and for what.
    pub fn for_login(text: &str, format: TextFormat) -> Result<Self, BadText> {
        Self::parse(text, format, Self::LOGIN_BYTES)
    }

    /// For a signature: the whole text that is signed.
    pub fn for_signature(text: &str, format: TextFormat) -> Result<Self, BadText> {
        Self::parse(text, format, Self::SIGNATURE_BYTES)
    }

    fn parse(text: &str, format: TextFormat, most: usize) -> Result<Self, BadText> {
        if text.trim().is_empty() {
            return Err(BadText::Empty);
        }
        if text.len() > most {
            return Err(BadText::TooLong { most });
        }
        if text.chars().any(hidden) {
            return Err(BadText::Hidden);
        }
        Ok(Self { text: text.to_owned(), format })
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The bytes that are signed.
    pub fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    pub const fn format(&self) -> TextFormat {
        self.format
    }
}

/// What a person signs must be what they see: no control characters but line breaks and tabs, nothing that
/// turns the reading direction (Unicode TR 36 §2.10.4).
fn hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;

    #[test]
    fn the_limits_are_those_of_the_provider_after_base64() {
        let b64 = |n: usize| base64::engine::general_purpose::STANDARD.encode("a".repeat(n)).len();
        assert_eq!((b64(VisibleText::LOGIN_BYTES), b64(VisibleText::SIGNATURE_BYTES)), (1_500, 40_000));
        let longest = "a".repeat(VisibleText::LOGIN_BYTES);
        assert!(VisibleText::for_login(&longest, TextFormat::Plain).is_ok());
        assert_eq!(
            VisibleText::for_login(&(longest + "a"), TextFormat::Plain),
            Err(BadText::TooLong { most: 1_125 })
        );
        assert!(VisibleText::for_signature(&"å".repeat(15_001), TextFormat::Plain).is_err());
    }

    #[test]
    fn nothing_unseen_is_signed() {
        assert!(VisibleText::for_login("rad 1\r\nrad 2\tå", TextFormat::Plain).is_ok());
        for bad in ["a\0b", "a\u{202e}b", "a\u{1b}[0m", "a\u{2066}b", "a\u{85}b"] {
            assert_eq!(VisibleText::for_login(bad, TextFormat::Plain), Err(BadText::Hidden), "{bad:?}");
        }
        assert_eq!(VisibleText::for_login(" \n", TextFormat::Plain), Err(BadText::Empty));
    }
}
