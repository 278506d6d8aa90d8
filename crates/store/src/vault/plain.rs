//! What comes out of the vault: wiped from memory when dropped, never shown by Debug.

use super::Field;
use std::{collections::BTreeMap, fmt, ops::Deref};
use zeroize::Zeroizing;

/// A number, name or contact in plain text. It has no `Display`: whoever shows it says so by `as_str`.
#[derive(Clone, PartialEq, Eq)]
pub struct Plain(Zeroizing<String>);

impl Plain {
    pub(super) fn from_utf8(bytes: &[u8]) -> Option<Self> {
        std::str::from_utf8(bytes).ok().map(|text| Self(Zeroizing::new(text.to_owned())))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Plain {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plain(…)")
    }
}

/// The fields of one party.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlainFields(BTreeMap<String, Plain>);

impl PlainFields {
    pub(super) fn insert(&mut self, name: String, value: Plain) {
        self.0.insert(name, value);
    }

    pub fn get(&self, field: Field<'_>) -> Option<&Plain> {
        self.0.get(field.name().as_ref())
    }
}
