//! The log against an insider: somebody with the database, the tools and the keys changes it, and `behorig log verify`
//! finds it, by its own word, with the record, its place and its time.
//!
//! A real installation makes the log; the insider works by SQL on its tables, which are put back before each attack.
//! That a log which is being written never looks wrong is shown by the kill storm, which verifies beside its load.

mod hand;

use crate::main_job::{employer_by_paper, officers};
use crate::support::House;
use crate::support::house::Engine;
use hand::{Insider, Line};

// R-004-48 (part)
#[test]
fn every_attack_is_named_on_sqlite() {
    every_attack_is_named(Engine::Sqlite);
}

// R-004-48 (part)
#[test]
fn every_attack_is_named_on_postgresql() {
    every_attack_is_named(Engine::Postgres);
}

fn every_attack_is_named(engine: Engine) {
    let house = House::start(engine);
    let (mut astrid, mut bengt) = officers(&house);
    employer_by_paper(&house, &mut astrid, &mut bengt);
    house.browser().log_in(&house.phone, "greta");
    let mut insider = Insider::of(house);
    assert_eq!(insider.verify(), (0, Vec::new()), "before anything was done");
    changed(&mut insider);
    dropped(&mut insider);
    moved_and_put_in(&mut insider);
    dated_wrongly(&mut insider);
    never_in_the_tree(&mut insider);
    written_anew(&mut insider);
}

/// The one finding there is.
#[track_caller]
fn one(insider: &Insider) -> Line {
    let (code, lines) = insider.verify();
    assert_eq!((code, lines.len()), (1, 1), "{lines:?}");
    lines.into_iter().next().unwrap()
}

#[track_caller]
fn words(insider: &Insider) -> Vec<String> {
    let (code, lines) = insider.verify();
    assert_eq!(code, 1, "{lines:?}");
    lines.into_iter().map(|line| line.word).collect()
}

/// A record's text, its text with everything that belongs to it, the tree too.
fn changed(insider: &mut Insider) {
    let login = insider.find("login.done", 1);
    insider.sql("UPDATE record SET body = replace(body, 'login.done', 'login.lost') WHERE id = $1", login.id);
    let found = one(insider);
    assert!(found.is("altered", &login, &login.place()), "{found:?}");

    insider.put_back();
    let login = insider.find("login.done", 1);
    insider.rewrite(&login, |record| record.actor = None);
    assert!(one(insider).is("altered", &login, &login.place()));

    // The tree's hash made to fit: no record is named any more, but the signatures stand around the place.
    insider.put_back();
    let login = insider.find("login.done", 1);
    let hash = insider.rewrite(&login, |record| record.actor = None);
    insider.overwrite_hash(login.position, hash);
    let (_, lines) = insider.verify();
    assert!(!lines.is_empty() && lines.iter().all(|line| line.word == "root"), "{lines:?}");
    assert!(
        lines[0].text.contains("changed from position ") && lines[0].from() <= login.position,
        "{lines:?}"
    );

    insider.put_back();
    let login = insider.find("login.done", 1);
    insider.sql("UPDATE record SET actor = NULL WHERE id = $1", login.id);
    assert!(one(insider).is("column", &login, &login.place()));
    insider.put_back();
}

fn dropped(insider: &mut Insider) {
    let login = insider.find("login.done", 1);
    insider.forget(&login);
    let found = one(insider);
    assert!(
        found.word == "missing" && found.text.contains(&format!("position {}", login.position)),
        "{found:?}"
    );

    insider.put_back();
    let change = insider.find("application.confirmed", 0);
    insider.forget(&change);
    assert_eq!(words(insider), ["missing", "seq_missing"]);

    // The last one, with its place and its hash.
    insider.put_back();
    let last = insider.last();
    insider.forget(&last);
    insider.cut_tree(last.position);
    let words = words(insider);
    assert!(words.contains(&"shorter".to_owned()), "{words:?}");
    insider.put_back();
}

fn moved_and_put_in(insider: &mut Insider) {
    let (one_of, other) = (insider.record(2), insider.record(5));
    insider.exchange(&one_of, &other);
    assert_eq!(words(insider), ["moved", "moved"]);
    let (_, lines) = insider.verify();
    assert!(lines[0].is("moved", &other, "at position 2 and was logged at 5"), "{lines:?}");

    insider.put_back();
    let new = insider.put_in();
    let (_, lines) = insider.verify();
    assert!(lines.iter().any(|line| line.is("inserted", &new, "was never logged there")), "{lines:?}");
    insider.put_back();
}

/// Logged by the sequencer itself: only the time gives it away.
fn dated_wrongly(insider: &mut Insider) {
    let old = insider.queue(-2 * 86_400);
    insider.serve();
    assert!(one(insider).is("back_dated", &old, "stands behind"));
    insider.put_back();
    let early = insider.queue(86_400);
    insider.serve();
    assert!(one(insider).is("from_the_future", &early, "has not come"));
    insider.put_back();
}

/// Acknowledged, and then kept from the tree: by stopping the sequencer, by taking the leaf out of its queue, by taking
/// all of it away.
fn never_in_the_tree(insider: &mut Insider) {
    let stuck = insider.queue(-120);
    assert!(one(insider).is("waiting", &stuck, "for its place in the log"));
    insider.sql("DELETE FROM leaf_queue WHERE record = $1", stuck.id);
    assert!(one(insider).is("unlogged", &stuck, "never reached the log"));
    insider.put_back();
    insider.sql("UPDATE counter SET seq = seq + 1 WHERE seq > $1", 0_i64);
    let found = one(insider);
    assert!(found.word == "seq_missing" && found.text.contains("has no record"), "{found:?}");
    insider.put_back();
}

/// With the key: the running program itself is made to log everything anew and to sign it.
fn written_anew(insider: &mut Insider) {
    // The older checkpoints forgotten: they tell near what place.
    let login = insider.find("login.done", 1);
    insider.rewrite(&login, |record| record.actor = None);
    insider.start_the_tree_again();
    insider.sql("DELETE FROM log_checkpoint WHERE size >= $1", insider.size);
    insider.serve();
    let (_, lines) = insider.verify_alone();
    assert!(lines.len() == 1 && lines[0].word == "root", "{lines:?}");
    assert!(lines[0].text.contains("an older checkpoint in the store"), "{lines:?}");
    assert!(lines[0].from() <= login.position, "{lines:?}");
    assert_eq!(words(insider), ["root", "rebuilt"]);

    // Thorough: nothing in the store tells it any more. A checkpoint that somebody else has kept does.
    insider.put_back();
    let login = insider.find("login.done", 1);
    insider.rewrite(&login, |record| record.actor = None);
    insider.start_the_tree_again();
    insider.sql("DELETE FROM log_checkpoint WHERE size > $1", 0_i64);
    insider.serve();
    assert_eq!(insider.verify_alone(), (0, Vec::new()), "the limit that the threat model states");
    let found = one(insider);
    assert!(found.word == "rebuilt" && found.text.contains("saved.txt") && found.from() == 0, "{found:?}");

    // The last record left out of the new log.
    insider.put_back();
    let last = insider.last();
    insider.forget(&last);
    insider.start_the_tree_again();
    insider.sql("DELETE FROM log_checkpoint WHERE size > $1", 0_i64);
    insider.serve();
    assert_eq!(insider.verify_alone(), (0, Vec::new()));
    assert_eq!(one(insider).word, "shorter");

    // A checkpoint by a key of one's own.
    insider.put_back();
    insider.sign_with_another_key();
    assert_eq!(words(insider), ["checkpoint"]);
}
