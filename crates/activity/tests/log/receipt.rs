//! Receipts: round trip, and refusal of everything that was changed.

use crate::support::{Seeded, Signer, record};
use activity::{
    Leaf, Receipt, ReceiptRefused, Record,
    tree::{LeafHashes, inclusion_proof},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use proptest::prelude::*;

fn receipts(n: u64) -> (Vec<Record>, Vec<Receipt>, Signer) {
    let (entropy, signer) = (Seeded::new(3), Signer::new(1));
    let records: Vec<Record> = (0..n).map(|i| record(i, &entropy)).collect();
    let leaves: Vec<Leaf> = records.iter().map(|record| record.to_leaf(&entropy)).collect();
    let hashes: Vec<_> = leaves.iter().map(|leaf| leaf.hash).collect();
    let note = signer.checkpoint(&hashes);
    let receipt = |(leaf, index)| {
        let proof = inclusion_proof(&mut LeafHashes(&hashes), index, n).unwrap();
        Receipt::new(leaf, index, proof, note.clone())
    };
    (records, leaves.into_iter().zip(0..).map(receipt).collect(), signer)
}

#[test]
fn every_receipt_survives_its_file_and_verifies() {
    for n in [1, 2, 7, 8, 9] {
        let (records, receipts, signer) = receipts(n);
        for ((record, receipt), index) in records.iter().zip(receipts).zip(0..) {
            let read: Receipt = receipt.to_string().parse().unwrap();
            assert_eq!(read, receipt);
            let proven = read.verify(std::slice::from_ref(&signer.key)).unwrap();
            assert_eq!((&proven.record, proven.index, proven.checkpoint.size), (record, index, n));
        }
    }
}

#[test]
fn the_file_has_the_form_of_the_specification() {
    let (_, receipts, _) = receipts(7);
    let file = receipts[6].to_string();
    let (head, checkpoint) = file.split_once("\n\n").unwrap();
    let lines: Vec<&str> = head.lines().collect();
    assert_eq!(lines[0], "c2sp.org/tlog-proof@v1");
    let extra = BASE64_STANDARD.decode(lines[1].strip_prefix("extra ").unwrap()).unwrap();
    assert!(extra.starts_with(b"{\"body\":\"{"));
    assert_eq!(lines[2], "index 6");
    assert_eq!(lines.len(), 3 + 2); // leaf 6 of 7 has two hashes above it
    assert_eq!(checkpoint, receipts[6].checkpoint);
}

#[test]
fn each_broken_link_is_named() {
    let (_, receipts, signer) = receipts(8);
    let good = &receipts[3];
    let keys = [signer.key.clone()];
    let refused = |change: &dyn Fn(&mut Receipt)| {
        let mut receipt = good.clone();
        change(&mut receipt);
        receipt.verify(&keys).unwrap_err()
    };
    assert_eq!(refused(&|r| r.body = r.body.replace("given", "taken")), ReceiptRefused::Body);
    assert_eq!(refused(&|r| r.body.push(' ')), ReceiptRefused::Body);
    assert_eq!(refused(&|r| r.salt[0] ^= 1), ReceiptRefused::Body);
    assert_eq!(refused(&|r| r.leaf[1] ^= 1), ReceiptRefused::Body); // the class
    assert_eq!(refused(&|r| r.leaf[5] ^= 1), ReceiptRefused::Body); // the day
    // Another record's text with its own leaf, at this place of the tree.
    let other = refused(&|r| {
        (r.body, r.salt, r.leaf) = (receipts[4].body.clone(), receipts[4].salt, receipts[4].leaf.clone());
    });
    assert!(matches!(other, ReceiptRefused::Proof(_)));
    assert!(matches!(refused(&|r| r.index = 2), ReceiptRefused::Proof(_)));
    assert!(matches!(refused(&|r| r.index = 8), ReceiptRefused::Proof(_)));
    assert!(matches!(refused(&|r| r.proof[0][0] ^= 1), ReceiptRefused::Proof(_)));
    assert!(matches!(refused(&|r| r.proof.truncate(2)), ReceiptRefused::Proof(_)));
    assert!(matches!(
        refused(&|r| r.checkpoint = r.checkpoint.replace("\n8\n", "\n9\n")),
        ReceiptRefused::Checkpoint(_)
    ));
    let stranger = Signer::new(2);
    assert!(matches!(good.verify(&[stranger.key]), Err(ReceiptRefused::Checkpoint(_))));
    assert!(matches!(good.verify(&[]), Err(ReceiptRefused::Checkpoint(_))));
}

#[test]
fn what_is_not_a_receipt_is_refused() {
    let file = receipts(8).1[3].to_string();
    let extra = file.lines().nth(1).unwrap();
    let hash = file.lines().nth(3).unwrap();
    let bad = [
        String::new(),
        file.replace("@v1", "@v2"),
        file.replace(&format!("{extra}\n"), ""),
        file.replace(extra, "extra AAAA"),
        file.replace(extra, "extra not base64"),
        file.replace(
            extra,
            &format!("extra {}", BASE64_STANDARD.encode("{\"body\":\"\",\"leaf\":\"\",\"salt\":\"00\"}")),
        ),
        file.replace("index 3", "index 03"),
        file.replace("index 3", "index -3"),
        file.replace("index 3\n", ""),
        file.replace(hash, &hash[4..]),
        file.replace(hash, &format!("{hash}\n").repeat(70)),
        file.replace("\n\n", "\n"),
        file.replace(hash, &"A".repeat(1024 * 1024)),
    ];
    for (i, text) in bad.iter().enumerate() {
        assert!(matches!(text.parse::<Receipt>(), Err(ReceiptRefused::Form(_))), "case {i}");
    }
}

proptest! {
    #[test]
    fn one_byte_off_never_proves(at: prop::sample::Index, to in 0_u8..128) {
        let (_, receipts, signer) = receipts(5);
        let file = receipts[2].to_string();
        let mut bytes = file.into_bytes();
        let i = at.index(bytes.len());
        prop_assume!(bytes[i] != to);
        bytes[i] = to;
        if let Ok(receipt) = String::from_utf8(bytes).unwrap_or_default().parse::<Receipt>() {
            // The form leaves room for nothing but what it proves.
            prop_assert!(receipt.verify(&[signer.key]).is_err());
        }
    }
}
