//! Reads the corpus.

use base64::{Engine, engine::general_purpose::STANDARD};
use domain::Instant;
use ident::PersonalNumber;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::{collections::BTreeMap, fs, path::PathBuf};
use trust::bankid::{Anchors, Expected, Fault, Operation, Verified, verify};

/// One file of `corpus/cases`, whole.
#[derive(Debug, Clone)]
pub struct Case {
    pub name: String,
    /// The code to be given, `OK` for good ones.
    pub code: String,
    /// The document, if the case is not about its base64.
    pub xml: Option<String>,
    /// What an ordinary verifier of XML signatures finds; `None` where verifiers may differ.
    pub xmlsec: Option<bool>,
    pub signature: String,
    pub ocsp: String,
    pub wanted: Wanted,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    pub now: String,
    pub operation: String,
    pub personal_number: String,
    pub visible: Option<String>,
    pub non_visible: Option<String>,
    pub policies: Vec<String>,
    pub relying_party: Option<String>,
}

pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus")
}

pub fn anchors() -> Anchors {
    Anchors::from_pem(&fs::read_to_string(folder().join("root.pem")).unwrap()).unwrap()
}

/// All cases, by name.
pub fn cases() -> BTreeMap<String, Case> {
    let read = |name: &str| -> Map<String, Value> {
        serde_json::from_str(&fs::read_to_string(folder().join("cases").join(name)).unwrap()).unwrap()
    };
    let good = read("good.json");
    let mut cases = BTreeMap::new();
    for file in fs::read_dir(folder().join("cases")).unwrap() {
        let file = file.unwrap().file_name().into_string().unwrap();
        let own = read(&file);
        let name = file.trim_end_matches(".json").to_owned();
        cases.insert(name.clone(), case(name, &good, &own));
    }
    cases
}

/// What a case does not say is as in the good one.
fn case(name: String, good: &Map<String, Value>, own: &Map<String, Value>) -> Case {
    let text = |key: &str| own.get(key).or(good.get(key)).and_then(Value::as_str).map(str::to_owned);
    let mut wanted = good["expected"].as_object().unwrap().clone();
    wanted.extend(own.get("expected").and_then(Value::as_object).cloned().unwrap_or_default());
    let signature = own.get("signature").and_then(Value::as_str).map(str::to_owned);
    let xml = if signature.is_some() { None } else { text("xml").map(|x| with_certificates(&x)) };
    let encoded = xml.as_ref().map(|xml| STANDARD.encode(xml));
    Case {
        name,
        code: own["code"].as_str().unwrap().to_owned(),
        xmlsec: match own.get("xmlsec") {
            Some(said) => said.as_bool(),
            None => good["xmlsec"].as_bool(),
        },
        signature: signature.or(encoded).unwrap(),
        xml,
        ocsp: text("ocsp").unwrap(),
        wanted: serde_json::from_value(Value::Object(wanted)).unwrap(),
    }
}

fn with_certificates(xml: &str) -> String {
    let file = fs::read_to_string(folder().join("certificates.json")).unwrap();
    let certificates: BTreeMap<String, String> = serde_json::from_str(&file).unwrap();
    certificates
        .iter()
        .fold(xml.to_owned(), |xml, (name, base64)| xml.replace(&format!("{{{name}}}"), base64))
}

impl Case {
    /// The bytes that a verifier of XML is given; nothing where the base64 is broken.
    pub fn document(&self) -> Vec<u8> {
        match &self.xml {
            Some(xml) => xml.clone().into_bytes(),
            None => STANDARD.decode(&self.signature).unwrap_or_default(),
        }
    }

    pub fn verify(&self) -> Result<Verified, Fault> {
        self.verify_these(&self.signature, &self.ocsp)
    }

    /// As asked for in this case, with another signature and answer.
    pub fn verify_these(&self, signature: &str, ocsp: &str) -> Result<Verified, Fault> {
        let wanted = &self.wanted;
        let policies: Vec<&str> = wanted.policies.iter().map(String::as_str).collect();
        let expected = Expected {
            operation: match wanted.operation.as_str() {
                "Identification" => Operation::Identification,
                "Signing" => Operation::Signing,
                other => panic!("{other}"),
            },
            personal_number: &PersonalNumber::parse(&wanted.personal_number).unwrap(),
            visible: wanted.visible.as_deref().map(str::as_bytes),
            non_visible: wanted.non_visible.as_deref().map(str::as_bytes),
            policies: &policies,
            relying_party: wanted.relying_party.as_deref(),
        };
        let now = Instant::from(wanted.now.parse::<jiff::Timestamp>().unwrap());
        verify(signature, ocsp, &expected, &anchors(), now)
    }
}
