//! The canonical text of a record (JSON Canonicalization Scheme, RFC 8785, on a closed set of fields).
//!
//! Numbers are decimal texts: RFC 8785's own stop being exact at 2⁵³. The keys are ASCII but for those of `detail`,
//! whose order is that of their UTF-8 bytes.

use domain::{Instant, Seq};
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, str::FromStr};

use super::{BadRecord, Decided, Record};

/// The only version so far: exactly these fields.
const VERSION: &str = "1";

/// The fields in the order of their names: serde writes them as they stand here.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    #[serde(skip_serializing_if = "Option::is_none", default)]
    actor: Option<String>,
    at: String,
    class: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    decided: Option<DecidedBody>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    detail: BTreeMap<String, String>,
    event: String,
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    evidence: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    fault: Option<String>,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    object: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    party: Option<String>,
    reference: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    seq: Option<String>,
    v: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DecidedBody {
    allowed: bool,
    as_of: String,
    catalogue: String,
    chain: Vec<String>,
    codes: Vec<String>,
    permission: String,
}

pub(super) fn write(record: &Record) -> String {
    let body = Body {
        actor: record.actor.map(|id| id.to_string()),
        at: record.at.to_string(),
        class: record.class.word().to_owned(),
        decided: record.decided.as_ref().map(|d| DecidedBody {
            allowed: d.allowed,
            as_of: d.as_of.to_string(),
            catalogue: d.catalogue.to_string(),
            chain: d.chain.iter().map(|id| id.to_string()).collect(),
            codes: d.codes.clone(),
            permission: d.permission.clone(),
        }),
        detail: record.detail.clone(),
        event: record.event.clone(),
        evidence: record.evidence.iter().map(|hash| crate::hex::encode(hash)).collect(),
        fault: record.fault.map(|f| f.word().to_owned()),
        id: record.id.to_string(),
        object: record.object.clone(),
        party: record.party.map(|id| id.to_string()),
        reference: record.reference.as_str().to_owned(),
        seq: record.seq.map(|seq| seq.to_string()),
        v: VERSION.to_owned(),
    };
    // Texts, lists and one map with text keys: nothing in it can fail to be written.
    serde_json::to_string(&body).unwrap_or_default()
}

pub(super) fn read(text: &str) -> Result<Record, BadRecord> {
    let body: Body = serde_json::from_str(text).map_err(|e| {
        // Line and column only: the message would repeat values.
        BadRecord::Form(format!("line {}, column {}", e.line(), e.column()))
    })?;
    if body.v != VERSION {
        return Err(BadRecord::Form("a later version than this release reads".to_owned()));
    }
    let decided = body
        .decided
        .map(|d| {
            Ok::<_, BadRecord>(Decided {
                allowed: d.allowed,
                permission: d.permission,
                codes: d.codes,
                chain: d.chain.iter().map(|id| parse("chain", id)).collect::<Result<_, _>>()?,
                as_of: seq("as_of", &d.as_of)?,
                catalogue: seq("catalogue", &d.catalogue)?,
            })
        })
        .transpose()?;
    let record = Record {
        id: parse("id", &body.id)?,
        at: parse::<jiff::Timestamp>("at", &body.at).map(Instant::from)?,
        class: parse("class", &body.class)?,
        event: body.event,
        actor: body.actor.as_deref().map(|id| parse("actor", id)).transpose()?,
        party: body.party.as_deref().map(|id| parse("party", id)).transpose()?,
        object: body.object,
        seq: body.seq.as_deref().map(|n| seq("seq", n)).transpose()?,
        decided,
        evidence: body
            .evidence
            .iter()
            .map(|hash| crate::hex::decode32(hash).ok_or_else(|| bad("evidence")))
            .collect::<Result<_, _>>()?,
        fault: body.fault.as_deref().map(|f| parse("fault", f)).transpose()?,
        reference: parse("reference", &body.reference)?,
        detail: body.detail,
    };
    if write(&record) == text { Ok(record) } else { Err(BadRecord::NotCanonical) }
}

fn bad(field: &str) -> BadRecord {
    BadRecord::Form(format!("its `{field}`"))
}

fn parse<T: FromStr>(field: &str, text: &str) -> Result<T, BadRecord> {
    text.parse().map_err(|_| bad(field))
}

fn seq(field: &str, text: &str) -> Result<Seq, BadRecord> {
    parse(field, text).map(Seq)
}
