//! Notes, keys and checkpoints, against the examples of C2SP.

use crate::support::{ORIGIN, Signer, leaves};
use activity::{
    Checkpoint, CheckpointRefused, SignedNote, VerifierKey,
    checkpoint::SignError,
    note::{BadKey, BadKeyFile, NoteRefused, NoteSignature},
    read_keys,
};
use proptest::prelude::*;

/// The example of C2SP signed-note.
const SALVATORE: &str = "Ognuno sta solo sul cuor della terra\n\
    trafitto da un raggio di sole:\n\
    \n\
    ed è subito sera.\n\
    \n\
    — quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n";

/// The example of C2SP tlog-checkpoint.
const SOFA: &str = "example.com/behind-the-sofa\n\
    20852163\n\
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\
    \n\
    — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

/// The example of Go's package golang.org/x/mod/sumdb/note, which the format comes from: key and signed note.
const NEUMANN_KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const NEUMANN: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\
    \n\
    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

#[test]
fn the_specification_s_notes_are_read_and_written_alike() {
    for note in [SALVATORE, SOFA, NEUMANN] {
        assert_eq!(SignedNote::parse(note).unwrap().to_string(), note);
    }
    let salvatore = SignedNote::parse(SALVATORE).unwrap();
    assert!(salvatore.text().ends_with("sole:\n\ned è subito sera.\n"));
    assert_eq!(salvatore.signatures()[0].name, "quasimodo.example/salvatore");
    assert_eq!(salvatore.signatures()[0].signature.len(), 64);
    let sofa = Checkpoint::from_text(SignedNote::parse(SOFA).unwrap().text()).unwrap();
    assert_eq!((sofa.origin.as_str(), sofa.size), ("example.com/behind-the-sofa", 20_852_163));
    assert_eq!(sofa.text(), SOFA.split_once("\n\n").unwrap().0.to_owned() + "\n");
}

#[test]
fn a_note_signed_by_go_verifies() {
    let key: VerifierKey = NEUMANN_KEY.parse().unwrap();
    assert_eq!(key.to_string(), NEUMANN_KEY);
    let note = SignedNote::parse(NEUMANN).unwrap();
    assert_eq!(note.verify(std::slice::from_ref(&key)), Ok(vec![&key]));
    let altered = SignedNote::parse(&NEUMANN.replace("answer", "Answer")).unwrap();
    assert_eq!(altered.verify(&[key]), Err(NoteRefused::BadSignature { name: "PeterNeumann".to_owned() }));
}

#[test]
fn what_is_not_a_note_is_refused() {
    let line = "— name AAAAAAA=\n";
    let many = format!("text\n\n{}", line.repeat(65));
    let long = format!("{}\n\n{line}", "x".repeat(256 * 1024));
    let bad = [
        "",
        "text",
        "text\n",
        "text\n\n",
        &format!("text\n{line}"),
        "text\n\n— name AAAAAAA=",
        "text\n\n- name AAAAAAA=\n",
        "text\n\n— name AAAAAA==\n", // a key id without signature
        "text\n\n— name AAAAAAB=\n", // bits left over
        "text\n\n— na+me AAAAAAA=\n",
        "text\n\n—  AAAAAAA=\n",
        "text\n\n— na\u{a0}me AAAAAAA=\n",
        "te\rxt\n\n— name AAAAAAA=\n",
        "te\txt\n\n— name AAAAAAA=\n",
        "text\n\n— name AAAAAAA=\nmore\n",
        &many,
        &long,
    ];
    for note in bad {
        assert!(matches!(SignedNote::parse(note), Err(NoteRefused::Form(_))), "{note:.60}");
    }
    assert!(SignedNote::parse(&format!("text\n\n{}", line.repeat(64))).is_ok());
    let line = NoteSignature { name: "name".to_owned(), key_id: [0; 4], signature: vec![1] };
    assert!(SignedNote::new("no line end".to_owned(), vec![line.clone()]).is_err());
    assert!(SignedNote::new("text\n".to_owned(), vec![]).is_err());
    assert!(SignedNote::new("text\n".to_owned(), vec![line]).is_ok());
}

#[test]
fn what_is_not_a_key_is_refused() {
    let (name, rest) = NEUMANN_KEY.split_once('+').unwrap();
    let cases = [
        (String::new(), BadKey::Form),
        (name.to_owned(), BadKey::Form),
        (format!("{name}+c74f20a3"), BadKey::Form),
        (format!("{name}+c74f20a3+not base64"), BadKey::Form),
        (format!("{name}+c74f20a3+AQ=="), BadKey::Form),
        (format!("{name}+c74f20a3+BBpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"), BadKey::Algorithm),
        (NEUMANN_KEY.replace("c74f20a3", "c74f20a4"), BadKey::Hash),
        (NEUMANN_KEY.replace("c74f20a3", "C74F20A3"), BadKey::Hash),
        (NEUMANN_KEY.replace("PeterN", "peterN"), BadKey::Hash),
        (format!("Peter Neumann+{rest}"), BadKey::Name),
        (format!("+{rest}"), BadKey::Name),
    ];
    for (text, why) in cases {
        assert_eq!(text.parse::<VerifierKey>(), Err(why), "{text}");
    }
}

#[test]
fn a_key_file_holds_keys_and_remarks() {
    let other = Signer::new(2).key.to_string();
    let file = format!("# the log of 2026\n{NEUMANN_KEY}\r\n\n  {other}  \n");
    assert_eq!(
        read_keys(&file).unwrap().iter().map(VerifierKey::name).collect::<Vec<_>>(),
        ["PeterNeumann", ORIGIN]
    );
    let wrong = format!("{NEUMANN_KEY}\n# remark\nnonsense\n");
    assert_eq!(read_keys(&wrong), Err(BadKeyFile::Line { line: 3, why: BadKey::Form }));
    assert_eq!(read_keys("# nothing\n"), Err(BadKeyFile::Empty));
    assert_eq!(read_keys(&format!("{other}\n").repeat(1001)), Err(BadKeyFile::TooMany));
}

#[test]
fn old_checkpoints_verify_after_the_key_was_turned() {
    let (old, new) = (Signer::new(1), Signer::new(2));
    let note = old.checkpoint(&leaves(5));
    let both = [new.key.clone(), old.key.clone()];
    assert_eq!(Checkpoint::open(&note, &both).unwrap().size, 5);
    assert_eq!(Checkpoint::open(&new.checkpoint(&leaves(6)), &both).unwrap().size, 6);
    let only_new = Checkpoint::open(&note, std::slice::from_ref(&new.key));
    assert_eq!(only_new, Err(CheckpointRefused::Note(NoteRefused::NoKnownKey)));
}

#[test]
fn a_witness_may_add_its_line_and_nobody_a_wrong_one() {
    let (log, witness) = (Signer::new(1), Signer::named("witness.example", 9));
    let note = SignedNote::parse(&log.checkpoint(&leaves(5))).unwrap();
    let line = |signer: &Signer, text: &str| NoteSignature {
        name: signer.key.name().to_owned(),
        key_id: signer.key.key_id(),
        signature: signer.signature(text.as_bytes()).to_vec(),
    };
    let with = |more: NoteSignature| {
        let lines = [note.signatures(), &[more]].concat();
        SignedNote::new(note.text().to_owned(), lines).unwrap().to_string()
    };
    let both = [log.key.clone(), witness.key.clone()];
    let witnessed = with(line(&witness, note.text()));
    assert!(Checkpoint::open(&witnessed, &both).is_ok());
    assert!(Checkpoint::open(&witnessed, &both[..1]).is_ok());
    // The witness alone does not make it a checkpoint of the log.
    let refused = Checkpoint::open(&witnessed, &both[1..]);
    assert_eq!(refused, Err(CheckpointRefused::Origin { origin: ORIGIN.to_owned() }));
    // One wrong signature by a known key refuses the whole.
    let wrong = with(line(&witness, "something else"));
    assert!(matches!(
        Checkpoint::open(&wrong, &both),
        Err(CheckpointRefused::Note(NoteRefused::BadSignature { .. }))
    ));
    assert!(Checkpoint::open(&wrong, &both[..1]).is_ok());
}

#[test]
fn what_is_not_a_checkpoint_is_refused() {
    let good = Checkpoint { origin: ORIGIN.to_owned(), size: 7, root: [3; 32] }.text();
    assert!(Checkpoint::from_text(&good).is_ok());
    let bad = [
        String::new(),
        good.replace(ORIGIN, ""),
        good.replace("\n7\n", "\n07\n"),
        good.replace("\n7\n", "\n+7\n"),
        good.replace("\n7\n", "\n-7\n"),
        good.replace("\n7\n", "\n\n"),
        good.replace("\n7\n", "\n18446744073709551616\n"),
        good.replace("AwM=", "Aw=="),
        good.replace("AwM=", "AwN="),
        format!("{good}extension\n"),
        format!("{good}\n"),
        good.trim_end().to_owned(),
    ];
    for text in bad {
        assert_eq!(Checkpoint::from_text(&text), Err(CheckpointRefused::Form), "{text:?}");
    }
}

#[test]
fn nothing_is_published_that_would_not_verify() {
    let (one, other) = (Signer::new(1), Signer::new(2));
    let checkpoint = |origin: &str| Checkpoint { origin: origin.to_owned(), size: 1, root: [3; 32] };
    let signed = checkpoint(ORIGIN).sign(&one.key, |text| Ok::<_, String>(other.signature(text)));
    assert!(matches!(signed, Err(SignError::OtherKey)));
    let signed =
        checkpoint("another.example/log").sign(&one.key, |text| Ok::<_, String>(one.signature(text)));
    assert!(matches!(signed, Err(SignError::Refused(CheckpointRefused::Origin { .. }))));
    let signed = checkpoint("two\nlines").sign(&one.key, |text| Ok::<_, String>(one.signature(text)));
    assert!(matches!(signed, Err(SignError::Refused(_))));
    let signed = checkpoint(ORIGIN).sign(&one.key, |_| Err("no key"));
    assert!(matches!(signed, Err(SignError::Signer("no key"))));
}

proptest! {
    #[test]
    fn one_byte_off_never_counts(at: prop::sample::Index, to in 0_u8..128) {
        let signer = Signer::new(1);
        let note = signer.checkpoint(&leaves(5));
        let mut bytes = note.clone().into_bytes();
        let i = at.index(bytes.len());
        prop_assume!(bytes[i] != to);
        bytes[i] = to;
        if let Ok(altered) = String::from_utf8(bytes) {
            prop_assert!(Checkpoint::open(&altered, &[signer.key]).is_err());
        }
    }

    #[test]
    fn no_text_makes_reading_panic(text in any::<String>(), lines in "[a-z0-9+/=— \n]{0,200}") {
        for text in [text, lines] {
            let _ = (SignedNote::parse(&text), Checkpoint::from_text(&text), read_keys(&text));
        }
    }
}
