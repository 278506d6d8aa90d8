//! Clients and verifiers that are not ours: pybankid drives the sandbox and judges its evidence, with xmlsec1.
//!
//! What they need and do not find is a failure, never a skipped test.

use crate::bed::Bed;
use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

const REQUIREMENTS: &str = include_str!("../pybankid/requirements.txt");

/// Runs a command to its end; `needs` says how to get a program that is missing.
fn run(command: &mut Command, needs: &str) -> Output {
    let program = command.get_program().to_string_lossy().into_owned();
    command.output().unwrap_or_else(|e| panic!("{program} does not start ({e}). {needs}"))
}

fn must(output: &Output, what: &str) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{what} failed:\n{out}{err}");
}

/// The interpreter of `target/venv`, with exactly the pinned packages; made anew when the list has changed.
fn python() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("target folder");
    let venv = target.join("venv");
    let (stamp, python) = (venv.join("requirements.txt"), venv.join("bin/python"));
    if std::fs::read_to_string(&stamp).is_ok_and(|made| made == REQUIREMENTS) {
        return python;
    }
    let install = "Install Python 3 with venv (Debian: apt-get install python3-venv)";
    let made = run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&venv), install);
    must(&made, &format!("making the Python environment. {install}; it"));
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pybankid/requirements.txt");
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:", "-r"];
    let installed = run(Command::new(&python).args(pip).arg(list), install);
    must(&installed, "installing the pinned Python packages from the package index");
    std::fs::write(stamp, REQUIREMENTS).expect("stamp");
    python
}

#[tokio::test]
async fn pybankid_and_xmlsec1_accept_the_sandbox() {
    let xmlsec1 =
        run(Command::new("xmlsec1").arg("--version"), "Install it (Debian: apt-get install xmlsec1)");
    must(&xmlsec1, "xmlsec1 --version");
    let bed = Bed::new().await;
    let (api, control, pki) = (bed.sandbox.bankid_url(), bed.sandbox.control_url(), bed.sandbox.pki.clone());
    let driven = tokio::task::spawn_blocking(move || {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pybankid/drive.py");
        let mut command = Command::new(python());
        command.arg(script).args([api, control]).arg(pki.client_certificate).arg(pki.client_key);
        run(command.arg(pki.server_root).arg(pki.signing_root), "")
    });
    let driven = driven.await.expect("the script's thread");
    must(&driven, "pybankid against the sandbox");
    let told = String::from_utf8_lossy(&driven.stdout).into_owned();
    assert!(told.trim_end().ends_with("checks passed"), "{told}");
}
