//! Organisation numbers (*organisationsnummer*, lagen 1974:174 om identitetsbeteckning för juridiska personer
//! m.fl.): ten digits, the third at least 2, so that none looks like a date.
//!
//! A sole trader uses the personal number and is therefore refused here: such a number is protected as a person's.

use crate::IdentError;
use crate::digits::{Digits, Separator, luhn_holds, value};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// A well-formed organisation number. Public information, so it may be written out: `NNNNNN-NNNN`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrganisationNumber(u64);

impl OrganisationNumber {
    /// Ten digits, or twelve with `16` in front; spaces and one hyphen before the last four allowed.
    pub fn parse(text: &str) -> Result<Self, IdentError> {
        let digits = Digits::read(text)?;
        if digits.separator == Separator::Plus {
            return Err(IdentError::Digits);
        }
        let ten = match digits.as_slice() {
            [1, 6, ten @ ..] if ten.len() == 10 => ten,
            ten if ten.len() == 10 => ten,
            _ => return Err(IdentError::Type),
        };
        // A date there is a person; 302 is given to natural persons in the company register (GD-nummer).
        if ten[2] < 2 || value(&ten[..3]) == 302 {
            return Err(IdentError::Type);
        }
        if !luhn_holds(ten) {
            return Err(IdentError::Checksum);
        }
        Ok(Self(ten.iter().fold(0, |sum, &d| sum * 10 + u64::from(d))))
    }

    /// The ten digits without hyphen, as registers and certificates have them.
    pub fn digits(self) -> String {
        format!("{:010}", self.0)
    }
}

/// `NNNNNN-NNNN`, as people write it.
impl fmt::Display for OrganisationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}-{:04}", self.0 / 10_000, self.0 % 10_000)
    }
}

impl FromStr for OrganisationNumber {
    type Err = IdentError;
    fn from_str(text: &str) -> Result<Self, IdentError> {
        Self::parse(text)
    }
}

/// As ten digits without hyphen.
impl Serialize for OrganisationNumber {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.digits())
    }
}

/// As [`OrganisationNumber::parse`]. The error never repeats the value: it may be a person's number.
impl<'de> Deserialize<'de> for OrganisationNumber {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Text;
        // serde's own messages quote the number they met; these do not.
        impl de::Visitor<'_> for Text {
            type Value = OrganisationNumber;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an organisation number as text")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                OrganisationNumber::parse(text).map_err(E::custom)
            }
            fn visit_u64<E: de::Error>(self, _: u64) -> Result<Self::Value, E> {
                Err(E::custom("an organisation number is written as text"))
            }
            fn visit_i64<E: de::Error>(self, _: i64) -> Result<Self::Value, E> {
                Err(E::custom("an organisation number is written as text"))
            }
            fn visit_f64<E: de::Error>(self, _: f64) -> Result<Self::Value, E> {
                Err(E::custom("an organisation number is written as text"))
            }
        }
        from.deserialize_any(Text)
    }
}
