//! The one place that writes to standard output.

use std::{fmt::Display, io::Write};

/// Writes one line. A reader that went away (`cargo xtask check | head`) is no error of ours.
pub fn line(text: impl Display) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Writes a question without a line break, so that the answer stands after it.
pub fn prompt(text: impl Display) {
    let mut out = std::io::stdout().lock();
    let _ = write!(out, "{text}");
    let _ = out.flush();
}
