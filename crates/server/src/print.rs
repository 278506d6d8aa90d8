//! What commands say on the terminal. A closed pipe is not an error of ours.

use std::io::Write as _;

pub fn out(line: &str) {
    let mut stdout = std::io::stdout().lock();
    drop(writeln!(stdout, "{line}").and_then(|()| stdout.flush()));
}

pub fn err(line: &str) {
    drop(writeln!(std::io::stderr().lock(), "{line}"));
}

/// A line on standard output.
#[macro_export]
macro_rules! out {
    ($($part:tt)*) => { $crate::print::out(&format!($($part)*)) };
}
