//! Records and their canonical text, leaves, reference codes.

use crate::support::{Seeded, at, hex, record};
use activity::{BadRecord, FaultClass, Record, RecordClass, Reference, UtcDay, leaf, leaf_data};
use aws_lc_rs::digest::{SHA256, digest};
use domain::{Instant, PartyId, RecordId, Seq};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn plain() -> Record {
    Record {
        id: RecordId::from_bytes([1; 16]),
        at: Instant::from_micros(1_772_438_400_123_456),
        class: RecordClass::Login,
        event: "login.ended".to_owned(),
        actor: Some(PartyId::from_bytes([2; 16])),
        party: None,
        object: None,
        seq: None,
        decided: None,
        evidence: vec![[0xab; 32]],
        fault: Some(FaultClass::Issuer),
        reference: "7K2MQ-X94TD".parse().unwrap(),
        detail: BTreeMap::from([("b".to_owned(), "2".to_owned()), ("a".to_owned(), "\"å\n".to_owned())]),
    }
}

/// Records lie in the tree by this text: it never changes for a record that was once written.
#[test]
fn the_text_of_a_record_never_changes() {
    let hash = "ab".repeat(32);
    let id = "01".repeat(16);
    let actor = "02".repeat(16);
    assert_eq!(
        plain().body(),
        format!(
            r#"{{"actor":"{actor}","at":"2026-03-02T08:00:00.123456Z","class":"login","detail":{{"a":"\"å\n","b":"2"}},"event":"login.ended","evidence":["{hash}"],"fault":"issuer","id":"{id}","reference":"7K2MQX94TD","v":"1"}}"#
        )
    );
    let mut change = record(1, &Seeded::new(1));
    change.detail.clear();
    let body = change.body();
    let names: Vec<usize> = [
        "\"actor\"",
        "\"at\"",
        "\"class\"",
        "\"decided\":{\"allowed\":true,\"as_of\":\"0\",\"catalogue\":\"1\",\"chain\":[",
        "],\"codes\":[\"mandate\",\"terms \\\"2\\\"\"],\"permission\":",
        "\"event\"",
        "\"evidence\"",
        "\"id\"",
        "\"object\"",
        "\"party\"",
        "\"reference\"",
        "\"seq\":\"1\"",
        "\"v\":\"1\"}",
    ]
    .iter()
    .map(|name| body.find(name).unwrap_or_else(|| panic!("{name} in {body}")))
    .collect();
    assert!(names.is_sorted(), "{body}");
}

// R-004-45 (part)
#[test]
fn a_failed_login_says_whose_fault_it_was() {
    for fault in FaultClass::ALL {
        let login = Record { fault: Some(fault), ..plain() };
        assert!(login.body().contains(&format!("\"fault\":\"{fault}\"")));
        assert_eq!(Record::from_body(&login.body()).unwrap().fault, Some(fault));
    }
}

#[test]
fn only_the_canonical_text_is_read() {
    let body = plain().body();
    assert_eq!(Record::from_body(&body), Ok(plain()));
    let not_canonical = [
        format!(" {body}"),
        body.replace("\":\"", "\": \""),
        body.replace("login.ended", "login\\u002eended"),
        body.replace(".123456Z", ".1234560Z"),
        body.replace("08:00:00.123456Z", "09:00:00.123456+01:00"),
        body.replace("7K2MQX94TD", "7k2mq-x94td"),
        body.replace("\"v\":\"1\"", "\"seq\":\"07\",\"v\":\"1\""),
        body.replace(",\"reference\"", ",\"object\":null,\"reference\""),
    ];
    for text in not_canonical {
        assert_eq!(Record::from_body(&text), Err(BadRecord::NotCanonical), "{text}");
    }
    let bad = [
        String::new(),
        "{}".to_owned(),
        "[]".to_owned(),
        body.replace("\"v\":\"1\"", "\"v\":\"2\""),
        body.replace("\"v\":\"1\"", "\"v\":\"1\",\"w\":\"1\""),
        body.replace("\"class\":\"login\"", "\"class\":\"Login\""),
        body.replace("\"fault\":\"issuer\"", "\"fault\":\"nobody\""),
        body.replace("abab", "ABAB"),
        body.replace("\"id\":\"01", "\"id\":\"0x"),
        body.replace("2026-03-02", "2026-02-30"),
        body.replace("\"event\"", "\"event\":\"x\",\"event\""),
        body[..body.len() - 1].to_owned(),
    ];
    for text in bad {
        assert!(matches!(Record::from_body(&text), Err(BadRecord::Form(_))), "{text}");
    }
}

#[test]
fn errors_repeat_nothing_of_the_record() {
    let body = plain().body().replace("\"fault\":\"issuer\"", "\"fault\":\"191212121212\"");
    assert!(!Record::from_body(&body).unwrap_err().to_string().contains("1912"));
    let body = plain().body().replace("\"v\"", "\"191212121212\"");
    assert!(!Record::from_body(&body).unwrap_err().to_string().contains("1912"));
}

#[test]
fn a_leaf_is_version_class_day_and_commitment() {
    let (salt, body) = ([9; 32], plain().body());
    let day = UtcDay::of(plain().at);
    assert_eq!(day.to_string(), "2026-03-02");
    let data = leaf_data(day, RecordClass::Login, &salt, &body);
    let commitment = digest(&SHA256, &[&salt[..], body.as_bytes()].concat());
    assert_eq!(hex(&data), format!("0103{:08x}{}", 20_514, hex(commitment.as_ref())));
    assert_eq!(data.len(), leaf::LEAF_LEN);
    assert_eq!(leaf::read_leaf(&data), Some((day, RecordClass::Login)));
    for (i, byte) in [(0, 2), (1, 0), (1, 7)] {
        let mut other = data.clone();
        other[i] = byte;
        assert_eq!(leaf::read_leaf(&other), None);
    }
    assert_eq!(leaf::read_leaf(&data[1..]), None);
    let leaf = plain().to_leaf(&Seeded::new(1));
    assert_eq!(leaf.data, leaf_data(day, RecordClass::Login, &leaf.salt, &leaf.body));
    assert_eq!(hex(&leaf.hash), hex(digest(&SHA256, &[&[0], leaf.data.as_slice()].concat()).as_ref()));
}

#[test]
fn days_are_those_of_utc() {
    let midnight = |offset: i64| Instant::from_micros(20_514 * 86_400_000_000 + offset);
    assert_eq!(UtcDay::of(midnight(0)), UtcDay(20_514));
    assert_eq!(UtcDay::of(midnight(-1)), UtcDay(20_513));
    assert_eq!(UtcDay(20_514).start(), midnight(0));
    assert_eq!(UtcDay::of(Instant::from_micros(-1)), UtcDay(0));
    assert_eq!(UtcDay::of(at(0)).to_string(), "2026-03-02");
}

#[test]
fn equal_records_have_different_leaves() {
    let entropy = Seeded::new(1);
    assert_ne!(plain().to_leaf(&entropy).hash, plain().to_leaf(&entropy).hash);
}

#[test]
fn a_reference_code_survives_a_telephone_call() {
    let code: Reference = "7K2MQ-X94TD".parse().unwrap();
    assert_eq!((code.to_string().as_str(), code.as_str()), ("7K2MQ-X94TD", "7K2MQX94TD"));
    for said in ["7k2mqx94td", " 7K2MQ X94TD ", "7-K-2-M-Q-X-9-4-T-D", "7K2MQ–X94TD", "7K2MQ\u{a0}X94TD"] {
        assert_eq!(said.parse(), Ok(code.clone()), "{said}");
    }
    assert_eq!("oOiIl-00000".parse::<Reference>().unwrap().as_str(), "0011100000");
    for bad in
        ["", "7K2MQ-X94T", "7K2MQ-X94TDD", "7K2MQ-X94TU", "7K2MQ_X94TD", "7K2MQ-X94TÅ", &"-".repeat(65)]
    {
        assert!(bad.parse::<Reference>().is_err(), "{bad}");
    }
}

proptest! {
    #[test]
    fn records_survive_their_text(seed: u64, i in 0_u64..1_000_000, micros in -62_135_596_800_000_000_i64..250_000_000_000_000_000, key in ".*", value in ".*", seq: Option<u64>) {
        let mut record = record(i, &Seeded::new(seed));
        record.at = Instant::from_micros(micros);
        record.seq = seq.map(Seq);
        record.object = Some(value.clone());
        record.detail.insert(key, value);
        let body = record.body();
        prop_assert_eq!(Record::from_body(&body), Ok(record));
    }

    #[test]
    fn codes_are_ten_characters_without_look_alikes(seed: u64) {
        let code = Reference::new(&Seeded::new(seed));
        prop_assert_eq!(code.as_str().len(), 10);
        prop_assert!(!code.as_str().contains(['I', 'L', 'O', 'U']));
        prop_assert_eq!(code.to_string().len(), 11);
        prop_assert_eq!(code.to_string().to_lowercase().parse(), Ok(code));
    }
}
