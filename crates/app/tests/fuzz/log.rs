//! What `behorig log verify` and `log prove` are handed: checkpoints, receipts, keys, records. Only what was signed counts.

use crate::mutate::{drive, text};
use activity::tree::{self, LeafHashes};
use activity::{Checkpoint, Receipt, Record, SignedNote, VerifierKey, read_keys};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};

const ORIGIN: &str = "behorig.example/log";

fn record() -> Record {
    Record::new(
        &app::SystemEntropy::new(),
        domain::Instant::from_micros(1_795_000_000_000_000),
        activity::RecordClass::Change,
        "mandate.given",
    )
}

/// A log of three leaves: its key, its signed checkpoint, the receipt of the one in the middle.
fn log() -> (VerifierKey, String, Receipt) {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).unwrap();
    let key = VerifierKey::new(ORIGIN, pair.public_key().as_ref().try_into().unwrap()).unwrap();
    let leaf = record().to_leaf(&app::SystemEntropy::new());
    let hashes = [tree::leaf_hash(b"before"), tree::leaf_hash(&leaf.data), tree::leaf_hash(b"after")];
    let root = tree::root(&mut LeafHashes(&hashes), 3).unwrap();
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: 3, root };
    let sign = |text: &[u8]| <[u8; 64]>::try_from(pair.sign(text).as_ref());
    let note = checkpoint.sign(&key, sign).unwrap().to_string();
    let proof = tree::inclusion_proof(&mut LeafHashes(&hashes), 1, 3).unwrap();
    (key, note.clone(), Receipt::new(leaf, 1, proof, note))
}

#[test]
fn fuzz_what_an_auditor_is_handed() {
    let (key, note, receipt) = log();
    let keys = std::slice::from_ref(&key);
    let signed = Checkpoint::open(&note, keys).unwrap();
    drive("signed checkpoints", 1, &[&note], |input| {
        let Some(read) = text(input).and_then(|text| Checkpoint::open(text, keys).ok()) else { return false };
        assert_eq!(read, signed, "what counts is what was signed, whoever else has signed beside");
        true
    });
    let whole = receipt.to_string();
    drive("receipts", 1, &[&whole], |input| {
        let Some(read) = text(input).and_then(|text| text.parse::<Receipt>().ok()) else { return false };
        assert_eq!(read.to_string().parse::<Receipt>().as_ref(), Ok(&read));
        let Ok(proven) = read.verify(keys) else { return false };
        assert_eq!((proven.record.body(), proven.index), (receipt.body.clone(), 1), "only what was logged");
        assert_eq!(proven.checkpoint, signed);
        true
    });
    let other = VerifierKey::new("other.example/log", [9; 32]).unwrap();
    drive("keys of logs", 1, &[format!("# of the year\n{key}\n\n{other}\n")], |input| {
        let Some(read) = text(input).and_then(|text| read_keys(text).ok()) else { return false };
        let again: String = read.iter().map(|key| format!("{key}\n")).collect();
        assert_eq!(read_keys(&again).as_ref(), Ok(&read));
        true
    });
}

#[test]
fn fuzz_files_of_the_log() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let checkpoint = format!("behorig.example/log\n20852163\n{root}\n");
    drive("checkpoints", 1, &[&checkpoint], |input| {
        let Some(read) = text(input).and_then(|text| Checkpoint::from_text(text).ok()) else { return false };
        assert_eq!(read.text().as_bytes(), input, "what was signed is what was read");
        true
    });
    let signature =
        "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=";
    let note = format!("{checkpoint}\n\u{2014} behorig.example/log {signature}\n");
    drive("signed notes", 1, &[&note], |input| {
        let Some(read) = text(input).and_then(|text| SignedNote::parse(text).ok()) else { return false };
        assert_eq!(read.to_string().as_bytes(), input);
        true
    });
    drive("records", 1, &[record().body()], |input| {
        let Some(read) = text(input).and_then(|text| Record::from_body(text).ok()) else { return false };
        assert_eq!(Record::from_body(&read.body()).unwrap().body(), read.body());
        true
    });
}
