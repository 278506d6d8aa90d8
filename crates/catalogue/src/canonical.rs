//! The canonical form: one JSON text per catalogue, byte for byte the same for the same content, so that its
//! SHA-256 names it. This is what the store keeps and what nodes decide by.

use crate::{Catalogue, Method, NotCanonical, RuleKind, Service, check};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The form's own version; a change of it is a migration.
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    format: u32,
    pub(crate) methods: BTreeMap<String, Method>,
    pub(crate) services: BTreeMap<String, Service>,
}

impl Form {
    pub(crate) fn new(methods: BTreeMap<String, Method>, services: BTreeMap<String, Service>) -> Self {
        Self { format: FORMAT, methods, services }
    }

    /// The catalogue, if everything in it holds together.
    pub(crate) fn into_catalogue(self) -> Result<Catalogue, Vec<check::Finding>> {
        let findings = check::check(&self);
        if !findings.is_empty() {
            return Err(findings);
        }
        let mut catalogue =
            Catalogue { methods: self.methods, services: self.services, gives: BTreeMap::new() };
        let mut gives = BTreeMap::new();
        for (_, rule) in catalogue.rules() {
            if let RuleKind::Gives { giver, gives: given, .. } = &rule.kind {
                let permissions = catalogue.expand(given.iter().map(String::as_str));
                gives
                    .entry(giver.clone())
                    .or_insert_with(std::collections::BTreeSet::new)
                    .extend(permissions.into_iter().map(str::to_owned));
            }
        }
        catalogue.gives = gives;
        Ok(catalogue)
    }
}

impl Catalogue {
    /// The canonical JSON text.
    pub fn canonical(&self) -> String {
        let form = Form::new(self.methods.clone(), self.services.clone());
        // Maps with text keys and plain values always serialise; an empty text would never be read back.
        serde_json::to_string(&form).unwrap_or_default()
    }

    /// Reads what [`canonical`](Self::canonical) wrote and checks it as a file is checked.
    pub fn from_canonical(text: &str) -> Result<Self, NotCanonical> {
        let form: Form = serde_json::from_str(text).map_err(|e| NotCanonical(e.to_string()))?;
        if form.format != FORMAT {
            return Err(NotCanonical(format!("its format is {}, this release reads {FORMAT}", form.format)));
        }
        form.into_catalogue().map_err(|findings| {
            let told = findings.into_iter().map(|f| format!("{}: {}", f.at, f.what));
            NotCanonical(told.collect::<Vec<_>>().join("; "))
        })
    }

    /// SHA-256 over the canonical text.
    pub fn hash(&self) -> [u8; 32] {
        sha256(self.canonical().as_bytes())
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    let mut hash = [0; 32];
    for (to, from) in hash.iter_mut().zip(digest.as_ref()) {
        *to = *from;
    }
    hash
}

/// 32 bytes as hexadecimal text.
pub(crate) mod hex32 {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn text(bytes: &[u8; 32]) -> String {
        bytes.iter().map(|b| format!("{b:02x}")).collect()
    }

    pub fn serialize<S: Serializer>(bytes: &[u8; 32], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&text(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        let text = String::deserialize(from)?;
        let digits = text.as_bytes();
        let mut bytes = [0; 32];
        if digits.len() != 64 || !text.is_ascii() {
            return Err(D::Error::custom("64 hexadecimal digits are expected"));
        }
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(D::Error::custom)?;
        }
        Ok(bytes)
    }
}
