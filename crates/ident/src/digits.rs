//! What people type, brought to bare digits; and the check digit (Luhn's, ISO/IEC 7812-1 annex B).

use crate::IdentError;
use zeroize::Zeroizing;

/// The most characters that are looked at: 12 digits, spaced out generously.
const MAX_CHARS: usize = 40;

/// The sign before the last four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Separator {
    None,
    Hyphen,
    /// `+` in the ten-digit form: the person turns 100 this year or is older (18 § folkbokföringslagen).
    Plus,
}

/// Ten or twelve digits, wiped when dropped.
pub(crate) struct Digits {
    values: Zeroizing<[u8; 12]>,
    len: usize,
    pub(crate) separator: Separator,
}

impl Digits {
    /// Drops spaces and takes one separator, only before the last four digits.
    /// Order of complaints: length, then digits (so that a pasted sentence is called too long).
    pub(crate) fn read(text: &str) -> Result<Self, IdentError> {
        let mut values = Zeroizing::new([0u8; 12]);
        let (mut len, mut after_separator, mut separator, mut strange) =
            (0usize, 0usize, Separator::None, false);
        for (seen, c) in text.chars().enumerate() {
            if seen == MAX_CHARS {
                return Err(IdentError::Length);
            }
            let sign = match c {
                c if c.is_whitespace() => continue,
                // Word processors turn the hyphen into one of its relatives.
                '-' | '\u{2010}'..='\u{2013}' | '\u{2212}' => Separator::Hyphen,
                '+' => Separator::Plus,
                c => {
                    if len == 12 {
                        return Err(IdentError::Length);
                    }
                    // A letter is kept as 0xFF only to be counted.
                    values[len] = c.to_digit(10).and_then(|d| u8::try_from(d).ok()).unwrap_or(0xFF);
                    strange |= values[len] == 0xFF;
                    len += 1;
                    after_separator += usize::from(separator != Separator::None);
                    continue;
                }
            };
            strange |= separator != Separator::None;
            separator = sign;
        }
        if len != 10 && len != 12 {
            return Err(IdentError::Length);
        }
        if strange || (separator != Separator::None && after_separator != 4) {
            return Err(IdentError::Digits);
        }
        Ok(Self { values, len, separator })
    }

    pub(crate) fn as_slice(&self) -> &[u8] {
        &self.values[..self.len]
    }
}

/// Whether the last of the digits is the check digit of the others.
pub(crate) fn luhn_holds(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(i, &d)| {
            let product = u32::from(d) * if i % 2 == 0 { 1 } else { 2 };
            product / 10 + product % 10
        })
        .sum();
    sum.is_multiple_of(10)
}

/// The decimal value of a few digits.
pub(crate) fn value(digits: &[u8]) -> u16 {
    digits.iter().fold(0, |sum, &d| sum * 10 + u16::from(d))
}
