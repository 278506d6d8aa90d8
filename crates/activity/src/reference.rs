//! The reference code (*referenskod*) that a refused person reads to support, and by which a record is found.

use domain::Entropy;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// Crockford's base32: no I, L, O or U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LEN: usize = 10;

/// Ten characters, 50 random bits, shown in two groups: `7K2MQ-X94TD`. Says nothing about anybody, and finding the
/// record by it is itself decided and recorded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Reference(String);

/// The text is not a reference code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a reference code: ten letters and digits are expected, such as 7K2MQ-X94TD")]
pub struct BadReference;

impl Reference {
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0; LEN];
        entropy.fill(&mut bytes);
        // 256 is a multiple of 32: every character is equally likely.
        Self(bytes.iter().map(|b| char::from(ALPHABET[usize::from(b & 31)])).collect())
    }

    /// The ten characters without the hyphen, as the store keeps them.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Forgives what is lost between two people on the telephone: case, spaces, hyphens, O for 0, I and L for 1.
impl FromStr for Reference {
    type Err = BadReference;
    fn from_str(text: &str) -> Result<Self, BadReference> {
        if text.len() > 64 {
            return Err(BadReference);
        }
        let mut code = String::with_capacity(LEN);
        for c in text.chars() {
            match c.to_ascii_uppercase() {
                '-' | '\u{2010}'..='\u{2015}' => {}
                c if c.is_whitespace() => {}
                'O' => code.push('0'),
                'I' | 'L' => code.push('1'),
                c if c.is_ascii() && ALPHABET.contains(&(c as u8)) => code.push(c),
                _ => return Err(BadReference),
            }
        }
        if code.len() == LEN { Ok(Self(code)) } else { Err(BadReference) }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at(LEN / 2);
        write!(f, "{first}-{second}")
    }
}

impl TryFrom<String> for Reference {
    type Error = BadReference;
    fn try_from(text: String) -> Result<Self, BadReference> {
        text.parse()
    }
}

impl From<Reference> for String {
    fn from(reference: Reference) -> String {
        reference.0
    }
}
