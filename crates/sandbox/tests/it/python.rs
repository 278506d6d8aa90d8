//! The environments of Python in which clients that are not ours run: one for each list of pinned packages.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// Runs a command to its end; `needs` says how to get a program that is missing.
pub fn run(command: &mut Command, needs: &str) -> Output {
    let program = command.get_program().to_string_lossy().into_owned();
    command.output().unwrap_or_else(|e| panic!("{program} does not start ({e}). {needs}"))
}

pub fn must(output: &Output, what: &str) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{what} failed:\n{out}{err}");
}

/// The interpreter of `target/NAME`, with exactly the packages of the list, by their digests; made anew when the list
/// has changed.
pub fn python(name: &str, list: &Path) -> PathBuf {
    let pinned = std::fs::read_to_string(list).expect("the list of packages");
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target folder");
    let venv = target.join(name);
    let (stamp, python) = (venv.join("requirements.txt"), venv.join("bin/python"));
    if std::fs::read_to_string(&stamp).is_ok_and(|made| made == pinned) {
        return python;
    }
    let install = "Install Python 3 with venv (Debian: apt-get install python3-venv)";
    let made = run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv), install);
    must(&made, &format!("making the Python environment. {install}; it"));
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    let safe = ["--require-hashes", "--only-binary=:all:", "-r"];
    let installed = run(Command::new(&python).args(pip).args(safe).arg(list), install);
    must(&installed, "installing the pinned Python packages from the package index");
    std::fs::write(stamp, pinned).expect("stamp");
    python
}
