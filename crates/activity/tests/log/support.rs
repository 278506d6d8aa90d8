//! Repeatable randomness, a signing key, and a small log with one record of each kind.

use activity::{
    Checkpoint, Decided, FaultClass, Hash, Record, RecordClass, Reference, VerifierKey,
    tree::{self, LeafHashes},
    verify::{Expected, Place, Report, Row, Verifier},
};
use aws_lc_rs::{
    digest::{SHA256, digest},
    signature::{Ed25519KeyPair, KeyPair},
};
use domain::{Entropy, FactId, Instant, PartyId, RecordId, Seq};
use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU64, Ordering},
};

/// SHA-256 over seed and counter.
#[derive(Debug)]
pub struct Seeded {
    seed: u64,
    block: AtomicU64,
}

impl Seeded {
    pub fn new(seed: u64) -> Self {
        Self { seed, block: AtomicU64::new(0) }
    }
}

impl Entropy for Seeded {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let block = self.block.fetch_add(1, Ordering::Relaxed);
            let hash = digest(&SHA256, &[self.seed.to_be_bytes(), block.to_be_bytes()].concat());
            chunk.copy_from_slice(&hash.as_ref()[..chunk.len()]);
        }
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

pub fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

pub fn hash(text: &str) -> Hash {
    unhex(text).try_into().unwrap()
}

/// `n` leaf hashes.
pub fn leaves(n: u64) -> Vec<Hash> {
    (0..n).map(|i| tree::leaf_hash(&i.to_be_bytes())).collect()
}

/// MTH by the words of RFC 6962 §2.1, sharing nothing with the crate but the two hash functions.
pub fn naive_root(leaf_hashes: &[Hash]) -> Hash {
    match leaf_hashes {
        [] => hash("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        [one] => *one,
        more => {
            let mut k = 1;
            while k * 2 < more.len() {
                k *= 2;
            }
            let (left, right) = more.split_at(k);
            let pair = [&[1][..], &naive_root(left), &naive_root(right)].concat();
            digest(&SHA256, &pair).as_ref().try_into().unwrap()
        }
    }
}

/// A key that signs checkpoints of `demo.example/log`.
pub struct Signer {
    pair: Ed25519KeyPair,
    pub key: VerifierKey,
}

pub const ORIGIN: &str = "demo.example/log";

impl Signer {
    pub fn new(seed: u8) -> Self {
        Self::named(ORIGIN, seed)
    }

    pub fn named(name: &str, seed: u8) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).unwrap();
        let public = pair.public_key().as_ref().try_into().unwrap();
        Self { pair, key: VerifierKey::new(name, public).unwrap() }
    }

    pub fn signature(&self, text: &[u8]) -> [u8; 64] {
        self.pair.sign(text).as_ref().try_into().unwrap()
    }

    pub fn checkpoint(&self, leaf_hashes: &[Hash]) -> String {
        let root = tree::root(&mut LeafHashes(leaf_hashes), leaf_hashes.len() as u64).unwrap();
        let checkpoint =
            Checkpoint { origin: self.key.name().to_owned(), size: leaf_hashes.len() as u64, root };
        checkpoint.sign(&self.key, |text| Ok::<_, String>(self.signature(text))).unwrap().to_string()
    }
}

/// 2026-03-02T08:00:00Z and so many seconds.
pub fn at(seconds: i64) -> Instant {
    Instant::from_micros((1_772_438_400 + seconds) * 1_000_000)
}

/// Record number `i`; every second one is a change.
pub fn record(i: u64, entropy: &Seeded) -> Record {
    let seq = (i % 2 == 1).then_some(Seq(i / 2 + 1));
    let decided = Decided {
        allowed: seq.is_some(),
        permission: "employer.sickness_report.create".to_owned(),
        codes: vec!["mandate".to_owned(), "terms \"2\"".to_owned()],
        chain: vec![FactId::new(entropy), FactId::new(entropy)],
        as_of: Seq(i / 2),
        catalogue: Seq(1),
    };
    Record {
        id: RecordId::new(entropy),
        at: at(i.cast_signed() * 10),
        class: RecordClass::ALL[usize::try_from(i % 6).unwrap()],
        event: if seq.is_some() { "mandate.given" } else { "login.ended" }.to_owned(),
        actor: (!i.is_multiple_of(3)).then(|| PartyId::new(entropy)),
        party: (!i.is_multiple_of(4)).then(|| PartyId::new(entropy)),
        object: (!i.is_multiple_of(5)).then(|| format!("mandate:{}", FactId::new(entropy))),
        seq,
        decided: (i % 3 == 1).then_some(decided),
        evidence: vec![[7; 32]; usize::try_from(i % 3).unwrap()],
        fault: (i % 7 == 2).then_some(FaultClass::Issuer),
        reference: Reference::new(entropy),
        detail: BTreeMap::from([("step".to_owned(), format!("Ö\u{1}\n\"{i}"))]),
    }
}

pub fn row(record: &Record, place: Place, entropy: &Seeded) -> Row {
    let leaf = record.to_leaf(entropy);
    Row {
        place,
        id: record.id,
        at: record.at,
        event: record.event.clone(),
        actor: record.actor,
        party: record.party,
        seq: record.seq,
        reference: record.reference.clone(),
        body: leaf.body,
        salt: leaf.salt,
        leaf: leaf.data,
    }
}

/// A log of 40 records, all of them in the tree and signed, as the store would hold it.
pub struct Log {
    pub rows: Vec<Row>,
    pub outside: Vec<Row>,
    pub leaf_hashes: Vec<Hash>,
    /// Older checkpoints of the store.
    pub kept: Vec<(u64, String)>,
    pub expected: Expected,
    pub signer: Signer,
    pub entropy: Seeded,
}

impl Log {
    pub fn new() -> Self {
        let (signer, entropy) = (Signer::new(1), Seeded::new(1));
        let rows: Vec<Row> = (0..40).map(|i| row(&record(i, &entropy), Place::At(i), &entropy)).collect();
        let leaf_hashes: Vec<Hash> = rows.iter().map(|row| tree::leaf_hash(&row.leaf)).collect();
        let mut expected = Expected::new(vec![signer.key.clone()], 40, Seq(20), at(400));
        expected.latest = Some(signer.checkpoint(&leaf_hashes));
        Self { rows, outside: Vec::new(), leaf_hashes, kept: Vec::new(), expected, signer, entropy }
    }

    /// Another record behind all the others, in the tree but not yet signed.
    pub fn append(&mut self, record: &Record) {
        let row = row(record, Place::At(self.expected.size), &self.entropy);
        self.leaf_hashes.push(tree::leaf_hash(&row.leaf));
        self.rows.push(row);
        self.expected.size += 1;
    }

    /// Writes text, salt and leaf of the row anew, as somebody would who knows the forms.
    pub fn rewrite(&mut self, i: usize, change: impl FnOnce(&mut Record)) {
        let mut record = Record::from_body(&self.rows[i].body).unwrap();
        change(&mut record);
        self.rows[i] = row(&record, self.rows[i].place, &self.entropy);
    }

    pub fn verify(&self) -> Report {
        let mut verifier = Verifier::new(self.expected.clone());
        // Pages of 7, so that what belongs together lies on different ones.
        for (page, hashes) in self.leaf_hashes.chunks(7).enumerate() {
            let last = page + 1 == self.leaf_hashes.len().div_ceil(7);
            let from = page as u64 * 7;
            let to = if last { u64::MAX } else { from + 7 };
            let here = |row: &&Row| matches!(row.place, Place::At(p) if (from..to).contains(&p));
            let rows: Vec<Row> = self.rows.iter().filter(here).cloned().collect();
            let kept =
                self.kept.iter().filter(|(size, _)| (from + 1..=from + hashes.len() as u64).contains(size));
            verifier.kept(&kept.cloned().collect::<Vec<_>>());
            verifier.page(hashes, &rows);
        }
        verifier.outside(&self.outside);
        verifier.finish()
    }

    /// The findings as `code@position`.
    pub fn findings(&self) -> Vec<String> {
        let report = self.verify();
        assert_eq!(report.is_sound(), report.findings.is_empty());
        let position = |p: Option<u64>| p.map_or(String::new(), |p| format!("@{p}"));
        report.findings.iter().map(|f| format!("{}{}", f.code(), position(f.position()))).collect()
    }
}
