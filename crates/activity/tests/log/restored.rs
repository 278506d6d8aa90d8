//! A log that goes on from a restored backup: what was lost is named, and nothing hides behind it.

use crate::support::{Log, Signer, at, record, row};
use activity::{
    Record, RecordClass,
    restored::{RESTORED, Restored},
    tree::{LeafHashes, leaf_hash, root},
    verify::{Place, Row},
};
use domain::Seq;

/// A log of 40 records that was seen outside; a backup of its first 25 was restored, and six more were logged.
struct Lives {
    log: Log,
    /// The leaf hashes of the first life.
    first: Vec<activity::Hash>,
    second: Signer,
}

fn lives(lost: impl Fn(&[activity::Hash]) -> Option<(u64, activity::Hash)>) -> Lives {
    let mut log = Log::new();
    let first = log.leaf_hashes.clone();
    let second = Signer::new(2);
    log.rows.truncate(25);
    log.leaf_hashes.truncate(25);
    log.expected.size = 25;
    let restored = Restored {
        at: at(1000),
        epoch: 2,
        made: at(250).to_string(),
        size: 25,
        root: root(&mut LeafHashes(&first), 25).unwrap(),
        lost: lost(&first),
        key: second.key.public(),
    };
    log.append(&Record {
        detail: restored.detail(),
        ..Record::new(&log.entropy, at(1000), RecordClass::System, RESTORED)
    });
    for i in 0..5 {
        log.append(&Record { at: at(1010), seq: None, ..record(60 + i, &log.entropy) });
    }
    log.expected.keys.push(second.key.clone());
    log.expected.restored = vec![25];
    log.expected.head = Seq(12);
    log.expected.now = at(1020);
    log.expected.latest = Some(second.checkpoint(&log.leaf_hashes));
    Lives { log, first, second }
}

fn all(first: &[activity::Hash]) -> Option<(u64, activity::Hash)> {
    Some((first.len() as u64, root(&mut LeafHashes(first), first.len() as u64).unwrap()))
}

#[test]
fn what_a_restore_lost_is_named_and_the_log_is_sound() {
    for (lost, words) in [
        (all as fn(&[activity::Hash]) -> Option<(u64, activity::Hash)>, "those up to 40 were lost"),
        (|_| None, "how many were lost was not known"),
    ] {
        let Lives { mut log, first, .. } = lives(lost);
        log.expected.saved = vec![
            ("kept".to_owned(), log.signer.checkpoint(&first[..25])),
            // One that is longer than what is left, and one that is not.
            ("gone".to_owned(), log.signer.checkpoint(&first)),
            ("between".to_owned(), log.signer.checkpoint(&first[..28])),
        ];
        assert_eq!(log.findings(), [""; 0]);
        let report = log.verify();
        assert!(report.is_sound());
        assert_eq!(report.lost.iter().map(|lost| lost.size).collect::<Vec<_>>(), [28, 40]);
        let said = report.to_string();
        assert!(said.contains("goes on from 25 records") && said.contains(words), "{said}");
        assert!(
            said.contains("the saved checkpoint gone covers 40 records") && said.contains("is genuine"),
            "{said}"
        );
        assert!(said.ends_with("the log is sound"), "{said}");
    }
}

#[test]
fn a_restore_hides_no_tampering() {
    // A record that the backup holds was altered.
    let Lives { mut log, first, second } = lives(all);
    log.expected.saved = vec![("kept".to_owned(), log.signer.checkpoint(&first[..20]))];
    log.rewrite(17, |record| record.actor = None);
    log.leaf_hashes[17] = leaf_hash(&log.rows[17].leaf);
    log.expected.latest = Some(second.checkpoint(&log.leaf_hashes));
    assert_eq!(log.findings(), ["restored@25", "rebuilt"]);
    // What was logged after the restore was altered, and the tree signed anew.
    let Lives { mut log, second, .. } = lives(|_| None);
    log.expected.saved = vec![("new".to_owned(), second.checkpoint(&log.leaf_hashes))];
    log.rewrite(28, |record| record.actor = None);
    log.leaf_hashes[28] = leaf_hash(&log.rows[28].leaf);
    log.expected.latest = Some(second.checkpoint(&log.leaf_hashes));
    assert_eq!(log.findings(), ["rebuilt"]);
    // It was cut after the restore.
    let Lives { mut log, second, .. } = lives(|_| None);
    log.expected.saved = vec![("new".to_owned(), second.checkpoint(&log.leaf_hashes))];
    log.rows.truncate(28);
    log.leaf_hashes.truncate(28);
    log.expected.size = 28;
    log.expected.latest = Some(second.checkpoint(&log.leaf_hashes));
    assert_eq!(log.findings(), ["shorter"]);
    // More is missing than the restore has said to be lost.
    let Lives { mut log, first, .. } = lives(|first| all(&first[..30]));
    log.expected.saved = vec![("gone".to_owned(), log.signer.checkpoint(&first))];
    assert_eq!(log.findings(), ["shorter"]);
    // A log that was cut, and tells of no restore.
    let Lives { mut log, first, second } = lives(all);
    log.expected.saved = vec![("gone".to_owned(), log.signer.checkpoint(&first))];
    log.rows.remove(25);
    log.leaf_hashes.remove(25);
    log.rows.iter_mut().enumerate().for_each(|(i, row): (usize, &mut Row)| row.place = Place::At(i as u64));
    log.expected.size = 30;
    log.expected.latest = Some(second.checkpoint(&log.leaf_hashes));
    assert_eq!(log.findings(), ["shorter"]);
    // A restore that was only queued explains nothing yet.
    let Lives { mut log, first, .. } = lives(all);
    log.expected.saved = vec![("gone".to_owned(), log.signer.checkpoint(&first))];
    log.rows.truncate(25);
    log.leaf_hashes.truncate(25);
    log.expected.size = 25;
    log.expected.latest = Some(log.signer.checkpoint(&first[..25]));
    let queued = Record::new(&log.entropy, at(1000), RecordClass::System, RESTORED);
    log.outside.push(row(&queued, Place::Queue, &log.entropy));
    assert_eq!(log.findings(), ["shorter"]);
}
