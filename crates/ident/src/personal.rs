//! Personal numbers (*personnummer*, folkbokföringslagen 1991:481 18 §) and coordination numbers
//! (*samordningsnummer*, lagen 2022:1697): twelve digits, wiped when dropped, hidden from every print-out.
//!
//! There is no `Serialize`: whoever writes the number out must say so with [`PersonalNumber::as_str`].

use crate::IdentError;
use crate::digits::{Digits, Separator, luhn_holds, value};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Which of the two it is. Nothing else about the person may be read out of the digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PersonalNumberKind {
    /// Somebody registered as resident (*personnummer*).
    Personal,
    /// Somebody who is or was not: the day is raised by 60 (*samordningsnummer*).
    Coordination,
}

/// A well-formed number of a person, `YYYYMMDDNNNC`.
///
/// `Debug`, `Display` and [`masked`](Self::masked) give `YYYYMMDD-••••` only.
#[derive(Clone, PartialEq, Eq, Hash, Zeroize, ZeroizeOnDrop)]
pub struct PersonalNumber(Box<str>);

impl PersonalNumber {
    /// Twelve digits, with spaces and one hyphen before the last four allowed. Ten digits are refused:
    /// no e-ID sends them, and the check digit does not cover the century.
    pub fn parse(text: &str) -> Result<Self, IdentError> {
        let digits = Digits::read(text)?;
        match (digits.as_slice(), digits.separator) {
            (_, Separator::Plus) => Err(IdentError::Digits),
            (full, _) if full.len() == 12 => Self::checked(full),
            _ => Err(IdentError::Length),
        }
    }

    /// What a person typed: as [`parse`](Self::parse), or ten digits.
    ///
    /// Of ten digits the century is the one in which the person is under 100 at the end of this year, or with `+`
    /// the one before: the hyphen is exchanged for a plus in the year in which one turns 100 (18 §
    /// folkbokföringslagen). Nobody is born after `today` (year, month, day in Sweden): [`IdentError::Century`].
    pub fn parse_typed(text: &str, today: (i16, i8, i8)) -> Result<Self, IdentError> {
        let digits = Digits::read(text)?;
        let number = match (digits.as_slice(), digits.separator) {
            (full, Separator::None | Separator::Hyphen) if full.len() == 12 => Self::checked(full)?,
            (full, Separator::Plus) if full.len() == 12 => return Err(IdentError::Digits),
            (short, separator) => {
                let this_year = u16::try_from(today.0).map_err(|_| IdentError::Century)?;
                let newest =
                    if separator == Separator::Plus { this_year.saturating_sub(100) } else { this_year };
                let back = (newest % 100 + 100 - value(&short[..2])) % 100;
                let century = newest.saturating_sub(back) / 100;
                let mut full = zeroize::Zeroizing::new([0u8; 12]);
                full[0] = u8::try_from(century / 10 % 10).unwrap_or(0);
                full[1] = u8::try_from(century % 10).unwrap_or(0);
                full[2..].copy_from_slice(short);
                Self::checked(full.as_slice())?
            }
        };
        if number.birth_date() > today { Err(IdentError::Century) } else { Ok(number) }
    }

    /// Type, calendar, century, serial number, check digit: in this order, so that the first complaint is the
    /// one that helps.
    fn checked(full: &[u8]) -> Result<Self, IdentError> {
        let (year, month, day) = (value(&full[..4]), value(&full[4..6]), value(&full[6..8]));
        // An organisation number has 16 in front and at least 20 where the month would be.
        if month >= 20 {
            return Err(IdentError::Type);
        }
        let day = if day > 60 { day - 60 } else { day };
        if day == 0 || day > days_in_month(year, month) {
            return Err(IdentError::Date);
        }
        // Numbers were first given in 1947, to people born in the 19th century at the earliest.
        if !(1840..2100).contains(&year) {
            return Err(IdentError::Century);
        }
        if value(&full[8..11]) == 0 {
            return Err(IdentError::Serial);
        }
        // The check digit of a coordination number is computed on the raised day.
        if !luhn_holds(&full[2..]) {
            return Err(IdentError::Checksum);
        }
        let mut text = String::with_capacity(12);
        text.extend(full.iter().map(|d| char::from(b'0' + d)));
        Ok(Self(text.into_boxed_str()))
    }

    /// All twelve digits. Not for logs, addresses, titles, file names or errors.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn kind(&self) -> PersonalNumberKind {
        // The first digit of the day is 6–9 exactly when 60 was added.
        if self.0.as_bytes()[6] >= b'6' {
            PersonalNumberKind::Coordination
        } else {
            PersonalNumberKind::Personal
        }
    }

    /// `YYYYMMDD-••••`, for pages where the holder need only recognise it.
    pub fn masked(&self) -> String {
        format!("{}-••••", &self.0[..8])
    }

    /// Year, month and day of birth; of a coordination number the day without the 60.
    pub fn birth_date(&self) -> (i16, i8, i8) {
        let part = |from: usize, to: usize| {
            self.0.as_bytes()[from..to].iter().fold(0i16, |sum, b| sum * 10 + i16::from(b - b'0'))
        };
        let day = part(6, 8) % 60;
        (part(0, 4), i8::try_from(part(4, 6)).unwrap_or(i8::MAX), i8::try_from(day).unwrap_or(i8::MAX))
    }
}

/// Days of a month in the Gregorian calendar; 0 for a month that does not exist.
fn days_in_month(year: u16, month: u16) -> u16 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

impl fmt::Debug for PersonalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PersonalNumber({}-••••)", &self.0[..8])
    }
}

impl fmt::Display for PersonalNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-••••", &self.0[..8])
    }
}
