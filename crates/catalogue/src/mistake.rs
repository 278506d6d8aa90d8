//! What is wrong with a catalogue file: where, what, and how to mend it.

use std::fmt;

/// One mistake in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    pub file: String,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    pub what: String,
    pub fix: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}\n  fix: {}", self.file, self.line, self.column, self.what, self.fix)
    }
}

impl std::error::Error for Mistake {}

/// The text is not a canonical catalogue that this release can decide by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a catalogue in canonical form: {0}; apply the catalogue files again with this release")]
pub struct NotCanonical(pub String);
