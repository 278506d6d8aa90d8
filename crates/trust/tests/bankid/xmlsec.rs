//! `xmlsec1`, an independent implementation of XML Signature, over the same documents.
//!
//! Whatever we accept, it must accept. What it accepts and we refuse are the attacks that a general verifier does
//! not see, each marked as such in the corpus.

use crate::corpus::{Case, cases, folder};
use std::{fs, process::Command};

/// Signature, digests and certificates as `xmlsec1` finds them.
fn xmlsec_accepts(case: &Case, xml: &str) -> bool {
    let file = std::env::temp_dir().join(format!("behorig-corpus-{}-{}.xml", std::process::id(), case.name));
    fs::write(&file, xml).unwrap();
    let run = Command::new("xmlsec1")
        .args([
            "--verify",
            "--id-attr:Id",
            "bankIdSignedData",
            "--id-attr:Id",
            "KeyInfo",
            "--enabled-key-data",
            "x509",
        ])
        .args([
            "--enabled-reference-uris",
            "empty,same-doc",
            "--verification-gmt-time",
            "2026-06-01 10:00:00",
        ])
        .arg("--trusted-pem")
        .arg(folder().join("root.pem"))
        .arg(&file)
        .output()
        .expect("xmlsec1 must be installed: it comes with the distribution's package of that name");
    fs::remove_file(&file).unwrap();
    let said = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(!said.contains("unknown option") && !said.contains("Error: unknown"), "{said}");
    run.status.success()
}

#[test]
fn xmlsec_and_we_agree_or_the_corpus_says_why() {
    let mut wrong = Vec::new();
    let mut compared = 0;
    for case in cases().values() {
        let Some(xml) = &case.xml else { continue };
        let accepts = xmlsec_accepts(case, xml);
        if case.xmlsec.is_some_and(|expected| expected != accepts) || (case.code == "OK" && !accepts) {
            wrong.push((case.name.clone(), case.xmlsec, accepts));
        }
        compared += 1;
    }
    assert!(wrong.is_empty(), "case, expected of xmlsec1, found: {wrong:#?}");
    assert!(compared >= 100, "{compared}");
}
