//! Each finding of the offline verifier, provoked; each alone where it can be alone.

use crate::support::{Log, Signer, at, leaves, record, row};
use activity::{
    Record, Reference,
    tree::leaf_hash,
    verify::{Expected, MAX_FINDINGS, Place, verify},
};
use domain::{PartyId, RecordId, Seq};
use proptest::prelude::*;
use std::time::Duration;

// R-004-47 (part)
#[test]
fn a_sound_log_has_no_findings() {
    let mut log = Log::new();
    log.expected.saved = vec![
        ("empty".to_owned(), log.signer.checkpoint(&[])),
        ("first".to_owned(), log.signer.checkpoint(&log.leaf_hashes[..13])),
        ("same".to_owned(), log.signer.checkpoint(&log.leaf_hashes)),
    ];
    log.append(&Record { at: at(399), seq: None, ..record(40, &log.entropy) });
    log.outside.push(row(&Record { at: at(399), ..record(41, &log.entropy) }, Place::Queue, &log.entropy));
    log.expected.head = Seq(21);
    let report = log.verify();
    assert_eq!(report.findings, []);
    assert!(report.is_sound());
    assert_eq!((report.size, report.records, report.waiting, report.head), (41, 42, 1, Seq(21)));
    assert_eq!(report.checkpoint.as_ref().unwrap().size, 40);
    assert!(report.to_string().ends_with("the log is sound"));
}

#[test]
fn an_empty_log_is_sound() {
    let expected = Expected::new(vec![Signer::new(1).key], 0, Seq(0), at(0));
    assert_eq!(verify(expected, [], &[]).findings, []);
}

// R-004-48 (part)
#[test]
fn an_altered_record_is_named() {
    let mut log = Log::new();
    log.rows[17].body = log.rows[17].body.replace("mandate.given", "mandate.taken");
    log.rows[17].event = "mandate.taken".to_owned();
    assert_eq!(log.findings(), ["altered@17"]);
    let report = log.verify();
    assert_eq!(report.findings[0].record(), Some(log.rows[17].id));
    let said = report.to_string();
    let named = format!("altered: record {} of 2026-03-02T08:02:50Z at position 17 was", log.rows[17].id);
    assert!(said.contains(&named), "{said}");
    assert!(said.ends_with("the log is NOT sound"));
}

#[test]
fn altering_text_salt_or_leaf_in_any_way_is_found() {
    let mut log = Log::new();
    log.rows[3].salt[0] ^= 1;
    log.rows[8].body = "{}".to_owned();
    log.rows[9].body = String::new();
    log.rewrite(12, |record| record.actor = None); // with a new salt and leaf that fit
    log.rewrite(13, |record| record.detail.clear());
    assert_eq!(log.findings(), ["altered@3", "altered@8", "altered@9", "altered@12", "altered@13"]);
}

#[test]
fn a_tree_rewritten_to_fit_is_found_by_the_checkpoint() {
    let mut log = Log::new();
    log.expected.saved = vec![("monday".to_owned(), log.signer.checkpoint(&log.leaf_hashes[..13]))];
    log.rewrite(17, |record| record.actor = None);
    log.leaf_hashes[17] = leaf_hash(&log.rows[17].leaf);
    assert_eq!(log.findings(), ["root"]);
    assert!(log.verify().to_string().contains("changed from position 13 on"));
}

#[test]
fn a_log_signed_anew_is_found_by_an_earlier_checkpoint() {
    let mut log = Log::new();
    log.expected.saved = vec![
        ("monday".to_owned(), log.signer.checkpoint(&log.leaf_hashes[..13])),
        ("tuesday".to_owned(), log.signer.checkpoint(&log.leaf_hashes[..20])),
    ];
    log.rewrite(17, |record| record.actor = None);
    log.leaf_hashes[17] = leaf_hash(&log.rows[17].leaf);
    log.expected.latest = Some(log.signer.checkpoint(&log.leaf_hashes));
    assert_eq!(log.findings(), ["rebuilt"]);
    assert!(
        log.verify().to_string().contains("the saved checkpoint tuesday over 20 records has another root")
    );
}

/// Whoever signs anew and leaves the older checkpoints in the store tells where the change lies.
#[test]
fn older_checkpoints_in_the_store_narrow_it_down() {
    let mut log = Log::new();
    log.kept =
        [5_usize, 12, 20, 30].map(|n| (n as u64, log.signer.checkpoint(&log.leaf_hashes[..n]))).to_vec();
    assert_eq!(log.findings(), Vec::<String>::new());
    log.rewrite(17, |record| record.actor = None);
    log.leaf_hashes[17] = leaf_hash(&log.rows[17].leaf);
    log.expected.latest = Some(log.signer.checkpoint(&log.leaf_hashes));
    assert_eq!(log.findings(), ["root"]);
    let said = log.verify().to_string();
    assert!(
        said.contains("an older checkpoint in the store (20) over 20 records has another root"),
        "{said}"
    );
    assert!(said.contains("changed from position 12 on"), "{said}");
    // Two of them exchanged, one by a stranger's key, one of nonsense.
    let mut log = Log::new();
    let (ours, theirs) = (log.signer.checkpoint(&log.leaf_hashes[..5]), Signer::new(2).checkpoint(&[]));
    log.kept = vec![(6, ours), (7, theirs), (8, "nonsense".to_owned())];
    assert_eq!(log.findings(), ["checkpoint", "checkpoint"]);
    // A damaged hash is told from an altered record by them too.
    let mut log = Log::new();
    log.kept = vec![(20, log.signer.checkpoint(&log.leaf_hashes[..20]))];
    log.leaf_hashes[11][0] ^= 1;
    log.expected.latest = Some(log.signer.checkpoint(&log.leaf_hashes));
    assert_eq!(log.findings(), ["root", "tree_hash@11"]);
}

#[test]
fn a_missing_record_is_named() {
    let mut log = Log::new();
    log.rows.remove(18); // no change: its number does not tell
    assert_eq!(log.findings(), ["missing@18"]);
    assert!(log.verify().to_string().contains("missing; those before it were made by 2026-03-02T08:02:50Z"));
    log.rows.remove(18);
    assert_eq!(log.findings(), ["missing@18", "missing@19", "seq_missing"]);
}

#[test]
fn swapped_records_are_named() {
    let mut log = Log::new();
    let (a, b) = (log.rows[5].place, log.rows[30].place);
    (log.rows[5].place, log.rows[30].place) = (b, a);
    assert_eq!(log.findings(), ["moved@5", "moved@30"]);
    assert!(log.verify().to_string().contains("it is stored at position 5 and was logged at 30"));
}

#[test]
fn a_record_moved_over_another_is_named_and_the_other_too() {
    let mut log = Log::new();
    log.rows.remove(6);
    log.rows[31 - 1].place = Place::At(6);
    assert_eq!(log.findings(), ["moved@6", "missing@6"]);
}

#[test]
fn inserted_records_are_named() {
    // In the middle, with all behind it moved on by one, and the last one cut.
    let mut log = Log::new();
    let new = record(100, &log.entropy);
    let new = row(&Record { at: log.rows[20].at, seq: None, ..new }, Place::At(20), &log.entropy);
    for (row, i) in log.rows[20..].iter_mut().zip(21..) {
        row.place = Place::At(i);
    }
    log.rows.push(new.clone());
    let findings = log.verify().findings;
    let inserted: Vec<_> = findings.iter().filter(|f| f.code() == "inserted").collect();
    assert_eq!(inserted.iter().filter(|f| f.record() == Some(new.id)).count(), 1);
    assert_eq!(inserted.len(), 2); // and the one that now lies behind the end of the tree
    assert_eq!(findings.iter().filter(|f| f.code() == "moved").count(), 19);

    // Beside a record that is there.
    let mut log = Log::new();
    log.rows.push(new);
    assert_eq!(log.findings(), ["inserted@20"]);

    // A copy.
    let mut log = Log::new();
    log.rows.push(log.rows[20].clone());
    assert_eq!(log.findings(), ["inserted@20"]);
    log.rows.push(log.rows[21].clone());
    assert_eq!(log.findings(), ["inserted@20", "seq_twice@21", "inserted@21"]);

    // Behind the end, and in neither tree nor queue.
    let mut log = Log::new();
    let stray = Record { seq: None, ..record(101, &log.entropy) };
    log.rows.push(row(&stray, Place::At(40), &log.entropy));
    log.outside.push(row(&stray, Place::Nowhere, &log.entropy));
    assert_eq!(log.findings(), ["inserted@40", "unlogged"]);
}

#[test]
fn back_dated_records_are_named() {
    let mut log = Log::new();
    let late = at(399);
    log.expected.max_wait = Duration::from_secs(10_000);
    log.append(&Record { at: late - Duration::from_secs(301 + 9), seq: None, ..record(40, &log.entropy) });
    log.append(&Record { at: late, seq: None, ..record(42, &log.entropy) });
    assert_eq!(log.findings(), ["back_dated@40"]); // 390 is the latest before it
    let said = log.verify().to_string();
    assert!(said.contains("it says 2026-03-02T08:01:29Z, but stands behind 2026-03-02T08:06:30Z"), "{said}");
    // Within the patience: commits and clocks are never quite in order.
    let mut log = Log::new();
    log.append(&Record { at: at(390) - Duration::from_secs(300), seq: None, ..record(40, &log.entropy) });
    log.expected.max_wait = Duration::from_secs(10_000);
    assert_eq!(log.findings(), Vec::<String>::new());
}

#[test]
fn a_time_that_has_not_come_is_named_and_does_not_spoil_the_rest() {
    let mut log = Log::new();
    log.append(&Record { at: at(100_000), seq: None, ..record(40, &log.entropy) });
    log.append(&Record { at: at(395), seq: None, ..record(42, &log.entropy) });
    assert_eq!(log.findings(), ["from_the_future@40"]);
}

#[test]
fn columns_that_lie_are_named() {
    type Change = fn(&mut Log);
    let changes: [(&str, Change); 8] = [
        ("id", |log| log.rows[4].id = RecordId::new(&log.entropy)),
        ("at", |log| log.rows[4].at = at(41)),
        ("event", |log| log.rows[4].event = "nothing.happened".to_owned()),
        ("actor", |log| log.rows[4].actor = Some(PartyId::new(&log.entropy))),
        ("party", |log| log.rows[4].party = Some(PartyId::new(&log.entropy))),
        ("seq", |log| log.rows[4].seq = Some(Seq(20))),
        ("reference", |log| log.rows[4].reference = Reference::new(&log.entropy)),
        ("leaf", |log| log.rows[4].leaf[9] ^= 1),
    ];
    for (column, change) in changes {
        let mut log = Log::new();
        change(&mut log);
        assert_eq!(log.findings(), ["column@4"], "{column}");
        assert!(log.verify().to_string().contains(&format!("the column `{column}`")));
    }
}

#[test]
fn a_damaged_hash_of_the_tree_is_told_from_an_altered_record() {
    let mut log = Log::new();
    log.leaf_hashes[11][0] ^= 1;
    assert_eq!(log.findings(), ["root", "tree_hash@11"]);
}

#[test]
fn checkpoints_that_do_not_count_are_named() {
    let mut log = Log::new();
    log.expected.latest = log.expected.latest.map(|note| note.replace("\n40\n", "\n41\n"));
    assert_eq!(log.findings(), ["checkpoint"]);
    assert!(log.verify().to_string().contains("the latest checkpoint does not count"));

    let mut log = Log::new();
    log.expected.latest = Some(Signer::new(2).checkpoint(&log.leaf_hashes));
    assert_eq!(log.findings(), ["checkpoint"]);

    let mut log = Log::new();
    log.expected.saved = vec![("note.txt".to_owned(), "nonsense".to_owned())];
    assert_eq!(log.findings(), ["checkpoint"]);
    assert!(log.verify().to_string().contains("the saved checkpoint note.txt does not count"));

    let mut log = Log::new();
    log.expected.latest = None;
    assert_eq!(log.findings(), ["no_checkpoint"]);
}

#[test]
fn a_checkpoint_of_another_log_is_named() {
    let mut log = Log::new();
    let other = Signer::named("other.example/log", 7);
    log.expected.keys.push(other.key.clone());
    log.expected.saved = vec![("other".to_owned(), other.checkpoint(&leaves(5)))];
    assert_eq!(log.findings(), ["other_log"]);
}

#[test]
fn a_cut_log_is_found() {
    let mut log = Log::new();
    log.leaf_hashes.truncate(30);
    log.rows.truncate(30);
    log.expected.head = Seq(15);
    assert_eq!(log.findings(), ["size", "shorter"]);
    log.expected.size = 30;
    assert_eq!(log.findings(), ["shorter"]);
    // Signed anew, it is found by the checkpoint that somebody saved, or by the number of changes.
    let saved = log.expected.latest.replace(log.signer.checkpoint(&log.leaf_hashes)).unwrap();
    log.expected.head = Seq(20);
    assert_eq!(log.findings(), ["seq_missing"]);
    log.expected.head = Seq(15);
    log.expected.saved = vec![("before".to_owned(), saved)];
    assert_eq!(log.findings(), ["shorter"]);
}

// R-004-47 (part)
#[test]
fn each_change_has_exactly_one_record() {
    let mut log = Log::new();
    log.expected.head = Seq(22);
    assert_eq!(log.findings(), ["seq_missing"]);
    assert!(log.verify().to_string().contains("changes 21 to 22 have no record"));
    log.expected.head = Seq(19);
    assert_eq!(log.findings(), ["seq_beyond_head"]);

    let mut log = Log::new();
    log.append(&Record { at: at(399), seq: Some(Seq(7)), ..record(40, &log.entropy) });
    assert_eq!(log.findings(), ["seq_twice@40"]);

    let mut log = Log::new();
    log.append(&Record { at: at(399), seq: Some(Seq(0)), ..record(40, &log.entropy) });
    assert_eq!(log.findings(), ["seq_beyond_head"]);
}

#[test]
fn records_that_wait_too_long_are_named() {
    let mut log = Log::new();
    let waiting = Record { at: at(330), seq: None, ..record(40, &log.entropy) };
    log.outside.push(row(&waiting, Place::Queue, &log.entropy));
    assert_eq!(log.findings(), ["waiting"]);
    assert!(log.verify().to_string().contains("has waited 70 s for its place"));
    log.outside[0].salt[0] ^= 1; // the leaf no longer fits
    assert_eq!(log.findings(), ["column", "waiting"]);
    log.outside[0].body.clear();
    assert_eq!(log.findings(), ["altered", "waiting"]);

    let mut log = Log::new();
    log.append(&Record { at: at(330), seq: None, ..record(40, &log.entropy) });
    log.append(&Record { at: at(331), seq: None, ..record(42, &log.entropy) });
    assert_eq!(log.findings(), ["unsigned@40"]);
}

#[test]
fn a_flood_of_findings_is_counted_not_listed() {
    let mut log = Log::new();
    log.rows.clear();
    log.leaf_hashes = leaves(3000);
    log.expected = Expected::new(vec![log.signer.key.clone()], 3000, Seq(0), at(400));
    log.expected.latest = Some(log.signer.checkpoint(&log.leaf_hashes));
    let report = log.verify();
    assert_eq!((report.findings.len(), report.more), (MAX_FINDINGS, 3000 - MAX_FINDINGS as u64));
    assert!(!report.is_sound());
    assert!(report.to_string().contains("and 2000 more"));
}

proptest! {
    /// Whatever is done to one row, the log is no longer sound, and the row is named.
    #[test]
    fn no_change_of_one_row_goes_unseen(i in 0_usize..40, what in 0_usize..7, at_byte: prop::sample::Index, bit in 0_u32..7) {
        let mut log = Log::new();
        let id = log.rows[i].id;
        match what {
            0 => {
                let mut bytes = log.rows[i].body.clone().into_bytes();
                let byte = at_byte.index(bytes.len());
                bytes[byte] ^= 1 << bit;
                let Ok(body) = String::from_utf8(bytes) else { return Ok(()) };
                log.rows[i].body = body;
            }
            1 => log.rows[i].salt[at_byte.index(32)] ^= 1 << bit,
            2 => { let byte = at_byte.index(38); log.rows[i].leaf[byte] ^= 1 << bit; }
            3 => log.rows[i].place = Place::At((i as u64 + 1) % 40),
            4 => log.rewrite(i, |_| {}), // the same text under another salt
            5 => log.rows[i].event.push('x'),
            _ => { log.rows.remove(i); }
        }
        let report = log.verify();
        prop_assert!(!report.is_sound());
        let named = report.findings.iter().any(|f| f.record() == Some(id) || f.position() == Some(i as u64));
        prop_assert!(named, "{}", report);
    }
}
