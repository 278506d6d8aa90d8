//! Clients and verifiers that are not ours: pybankid and bankid6 drive the sandbox; pybankid's verifier and xmlsec1 judge
//! its evidence.
//!
//! What they need and do not find is a failure, never a skipped test.

use crate::{
    bed::Bed,
    python::{must, python, run},
};
use std::{path::Path, process::Command};

/// Lets a script of `tests/` drive a sandbox of its own, and wants its count of checks.
async fn driven_by(script: &'static str) {
    let bed = Bed::new().await;
    let (api, control, pki) = (bed.sandbox.bankid_url(), bed.sandbox.control_url(), bed.sandbox.pki.clone());
    let driven = tokio::task::spawn_blocking(move || {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
        // The two scripts share their environment: the first one makes it.
        static ONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let python = {
            let _turn = ONE.lock();
            python("venv", &tests.join("pybankid/requirements.txt"))
        };
        let mut command = Command::new(python);
        command.arg(tests.join(script)).args([api, control]).arg(pki.client_certificate).arg(pki.client_key);
        run(command.arg(pki.server_root).arg(pki.signing_root), "")
    });
    let driven = driven.await.expect("the script's thread");
    must(&driven, script);
    let told = String::from_utf8_lossy(&driven.stdout).into_owned();
    assert!(told.trim_end().ends_with("checks passed"), "{told}");
}

#[tokio::test]
async fn pybankid_and_xmlsec1_accept_the_sandbox() {
    let xmlsec1 =
        run(Command::new("xmlsec1").arg("--version"), "Install it (Debian: apt-get install xmlsec1)");
    must(&xmlsec1, "xmlsec1 --version");
    driven_by("pybankid/drive.py").await;
}

/// The second client reads answers by its own rules, and has the provider's recommended texts for every code.
#[tokio::test]
async fn bankid6_accepts_the_sandbox() {
    driven_by("bankid6/drive.py").await;
}
