//! The id of a sickness report, and of the draft that it was: it stands in addresses and says nothing.

use app::rows::Value;
use domain::Entropy;
use std::{fmt, str::FromStr};

/// Sixteen random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportId([u8; 16]);

/// The text is no id of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadId;

impl ReportId {
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; 16];
        entropy.fill(&mut bytes);
        Self(bytes)
    }

    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }
}

/// 32 lower-case hexadecimal digits.
impl fmt::Display for ReportId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Only what [`fmt::Display`] writes: an address has one spelling.
impl FromStr for ReportId {
    type Err = BadId;

    fn from_str(text: &str) -> Result<Self, BadId> {
        let digits = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() != 32 || !text.bytes().all(digits) {
            return Err(BadId);
        }
        let mut bytes = [0; 16];
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).map_err(|_| BadId)?;
        }
        Ok(Self(bytes))
    }
}

impl From<ReportId> for Value {
    fn from(id: ReportId) -> Value {
        id.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_in_the_one_way_it_is_written() {
        let id = ReportId::from_bytes(*b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\xfc\xfd\xfe\xff");
        let text = id.to_string();
        assert_eq!(text, "000102030405060708090a0bfcfdfeff");
        assert_eq!(text.parse(), Ok(id));
        let upper = text.to_uppercase();
        for bad in [
            "",
            "00",
            upper.as_str(),
            &text[1..],
            "+0102030405060708090a0bfcfdfeff0",
            "å0102030405060708090a0bfcfdfef",
        ] {
            assert_eq!(bad.parse::<ReportId>(), Err(BadId), "{bad}");
        }
    }
}
