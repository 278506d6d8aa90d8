//! Runs other programs: output passed on line by line, an exit code that is not 0 told in words.

use anyhow::{Context, Result, bail};
use std::{
    ffi::OsStr,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use crate::say;

/// A program in a folder, without standard input: nothing that we start may wait for an answer.
pub fn command(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// The Cargo that runs us, so that a toolchain chosen by the caller is kept.
pub fn cargo(folder: &Path) -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), folder)
}

/// Runs to the end, passes each line of standard output on to ours and to `see`. Standard error is inherited.
pub fn watch(command: &mut Command, mut see: impl FnMut(&str)) -> Result<()> {
    let shown = show(command);
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("cannot start `{shown}`"))?;
    if let Some(out) = child.stdout.take() {
        let mut reader = BufReader::new(out);
        let mut raw = Vec::new();
        // Bytes, not text: a test may print what is no UTF-8.
        while reader.read_until(b'\n', &mut raw)? > 0 {
            let text = String::from_utf8_lossy(&raw);
            let text = text.trim_end_matches(['\n', '\r']);
            say::line(text);
            see(text);
            raw.clear();
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{shown}` ended with {status}");
    }
    Ok(())
}

/// Runs to the end and returns standard output. Standard error is part of the error only.
pub fn output(command: &mut Command) -> Result<String> {
    let shown = show(command);
    let done = command.output().with_context(|| format!("cannot start `{shown}`"))?;
    if !done.status.success() {
        bail!("`{shown}` ended with {}: {}", done.status, String::from_utf8_lossy(&done.stderr).trim());
    }
    String::from_utf8(done.stdout).with_context(|| format!("`{shown}` printed something that is not text"))
}

/// Whether the program can be run at all and says yes.
pub fn succeeds(program: impl AsRef<OsStr>, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// A command as one would type it, without the folders before the program's name.
fn show(command: &Command) -> String {
    let program =
        Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    command.get_args().fold(program, |shown, argument| format!("{shown} {}", argument.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_program_is_told_by_name() {
        let error = output(command("sh", Path::new(".")).args(["-c", "echo no >&2; exit 3"]))
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("`sh -c echo no >&2; exit 3` ended with exit status: 3: no"), "{error}");
    }

    #[test]
    fn each_line_is_seen_even_what_is_no_text() {
        let mut seen = Vec::new();
        watch(command("printf", Path::new(".")).arg(r"a\n\377\nb"), |line| seen.push(line.to_owned()))
            .unwrap();
        assert_eq!(seen, ["a", "\u{fffd}", "b"]);
    }
}
