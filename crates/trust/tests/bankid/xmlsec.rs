//! `xmlsec1`, an independent implementation of XML Signature, over the same documents.
//!
//! Whatever we accept, it must accept. What it accepts and we refuse are the attacks that a general verifier does
//! not see, or must not judge: `corpus/verdicts.md` names every one of them, with the reason and the file of ours that looks.
//! That table is made by this test and committed, so that a changed verdict of either verifier is a visible difference.

use crate::corpus::{Case, cases, folder};
use std::{collections::BTreeMap, fmt::Write as _, fs, process::Command};

/// Signature, digests and certificates as `xmlsec1` finds them.
fn xmlsec_accepts(case: &Case) -> bool {
    let file = std::env::temp_dir().join(format!("behorig-corpus-{}-{}.xml", std::process::id(), case.name));
    fs::write(&file, case.document()).unwrap();
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

/// Why a general verifier of signatures accepts what we refuse with this code, and where we look; nothing where it has no excuse.
fn excuse(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "BASE64" | "TOO_LARGE" => {
            ("the envelope around the document is ours, and what is in the fields too", "bankid/encoding.rs")
        }
        "XML_MALFORMED" => ("its parser reads more encodings than the profile's UTF-8", "xml.rs"),
        "XML_DTD" => ("a document type is lawful XML", "xml.rs"),
        "XML_COMMENT" => ("canonical XML leaves comments out", "xml.rs"),
        "XML_INSTRUCTION" => ("outside what is signed anything may stand", "xml.rs"),
        "XML_CDATA" => ("canonical XML makes it plain text", "xml.rs"),
        "XML_PREFIX" => ("a lawful namespace; the profile has none", "xml.rs"),
        "XML_STRUCTURE" => (
            "it says that something is signed, not that this is what is read",
            "bankid/profile.rs, signed_data.rs",
        ),
        "XML_DUPLICATE_ID" => ("told to look at `Id`, it does not see `id`", "bankid/profile.rs"),
        "XML_ALGORITHM" => ("which algorithms are good enough is its caller's to say", "bankid/profile.rs"),
        "SIGNATURE_WRONG" => ("how long a key must be is its caller's to say", "bankid.rs"),
        "CHAIN_UNTRUSTED" => {
            ("any path to the root does; the profile has one order and one depth", "certificate.rs")
        }
        "POLICY_WRONG" => ("certificate policies are not its matter", "bankid.rs"),
        "KEY_USAGE" => ("what a person's key may be used for is not its matter", "certificate.rs"),
        "DATA_MISMATCH" | "WRONG_PERSON" | "WRONG_OPERATION" | "WRONG_RELYING_PARTY" => {
            ("it knows nothing of what was asked for", "bankid.rs")
        }
        code if code.starts_with("OCSP_") => ("it never sees the answer about revocation", "ocsp.rs"),
        _ => return None,
    })
}

/// Where versions of `xmlsec1` differ, and in what: 1.2.37 (Debian 12) beside the library 1.3.9. The library alone, without the
/// command, also accepts two documents whose ids stand twice, which the command refuses by itself.
fn differs(case: &str) -> Option<&'static str> {
    Some(match case {
        "algorithm-digest-md5" => "1.2 has MD5; since 1.3 it is built in only where the packager asks for it",
        "xml-entity-file" | "xml-entity-hides-a-text" => {
            "1.2.37 stops at an entity that its parser left standing; 1.3.9 accepts when the parser has replaced it"
        }
        _ => return None,
    })
}

#[test]
fn xmlsec_and_we_agree_or_the_table_says_why() {
    let mut wrong = Vec::new();
    let mut table = String::from(
        "# Every case of the corpus, by both verifiers\n\n\
         Made by `crates/trust/tests/bankid/xmlsec.rs`, which compares it too. *either*: versions of `xmlsec1` differ, in what \
         stands in the row.\n\n| Case | Our verdict | `xmlsec1` | Why it accepts | Where we look |\n|---|---|---|---|---|\n",
    );
    // Many cases differ in the answer about revocation only, which xmlsec1 does not see.
    let mut judged = BTreeMap::new();
    for case in cases().values() {
        let accepts = *judged.entry(case.document()).or_insert_with(|| xmlsec_accepts(case));
        let ours = case.verify().map_or_else(|fault| fault.code(), |_| "OK");
        let told = match case.xmlsec {
            Some(true) => "accepts",
            Some(false) => "refuses",
            None => "either",
        };
        let excuse = if ours == "OK" || case.xmlsec == Some(false) { None } else { excuse(ours) };
        let excused = excuse.is_some() || !accepts;
        let agreed = if ours == "OK" { accepts } else { excused };
        // Nothing is left open but where it is known in what versions differ.
        let open = case.xmlsec.is_none() == differs(&case.name).is_some();
        if !agreed || !open || case.xmlsec.is_some_and(|expected| expected != accepts) {
            wrong.push((case.name.clone(), ours, case.xmlsec, accepts));
        }
        let (why, ours_looks) = excuse.map_or((String::new(), String::new()), |(why, file)| {
            (differs(&case.name).unwrap_or(why).to_owned(), format!("`{file}`"))
        });
        let _ = writeln!(table, "| {} | {ours} | {told} | {why} | {ours_looks} |", case.name);
    }
    assert!(wrong.is_empty(), "case, our verdict, expected of xmlsec1, found: {wrong:#?}");
    let committed = folder().join("verdicts.md");
    if fs::read_to_string(&committed).unwrap_or_default() != table {
        let found = std::env::temp_dir().join("behorig-verdicts.md");
        fs::write(&found, table).unwrap();
        panic!("{} is not what was found: {}", committed.display(), found.display());
    }
}
