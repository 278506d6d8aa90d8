//! What an insider can do: SQL on the tables of the log, records made by the program's own rules, its key.

use crate::support::House;
use crate::support::house::eventually;
use activity::tree::leaf_hash;
use activity::{Checkpoint, Record, RecordClass, SignedNote, VerifierKey};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use domain::{Clock as _, Instant, RecordId};
use std::time::Duration;
use store::testing::TestEntropy;
use store::{Store, StoreError, Value};

/// The tables of the log, those that are pointed at first.
const TABLES: [&str; 8] =
    ["record", "record_about", "leaf_queue", "log_tree", "log_leaf", "log_tile", "log_checkpoint", "counter"];

/// A record as it lies in the store.
#[derive(Debug, Clone)]
pub struct Stored {
    pub position: i64,
    pub id: RecordId,
    pub at: Instant,
    pub record: Record,
}

impl Stored {
    pub fn place(&self) -> String {
        format!("at position {}", self.position)
    }
}

/// A line of the verifier's answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    pub word: String,
    pub text: String,
}

impl Line {
    /// Whether it tells this about the record, which it names by id and time.
    pub fn is(&self, word: &str, about: &Stored, text: &str) -> bool {
        let named = [about.id.to_string(), about.at.to_string(), text.to_owned()];
        self.word == word && named.iter().all(|part| self.text.contains(part))
    }

    /// The position from which something was changed.
    pub fn from(&self) -> i64 {
        self.text.rsplit(' ').find_map(|word| if word == "on" { None } else { word.parse().ok() }).unwrap()
    }
}

pub struct Insider {
    house: House,
    store: Store,
    /// Leaves in the tree before anything was done.
    pub size: i64,
}

impl Insider {
    /// Stops the program and copies its tables. An outsider has saved a checkpoint before.
    pub fn of(mut house: House) -> Self {
        let size = |house: &House| house.metric("behorig_log_size");
        eventually("the log at rest", || (house.metric("behorig_log_waiting") == 0).then_some(()));
        let note = eventually("the last checkpoint", || {
            let (good, note) = house.run(&["log", "checkpoint"]);
            (good && note.lines().nth(1) == Some(&size(&house).to_string())).then_some(note)
        });
        std::fs::write(house.folder.join("saved.txt"), note).unwrap();
        let size = i64::try_from(size(&house)).unwrap();
        house.kill();
        let insider = Self { store: house.store(), house, size };
        for table in TABLES {
            insider.run(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}"), &[]);
        }
        insider
    }

    fn run(&self, sql: &str, params: &[Value]) -> u64 {
        let (sql, params) = (sql.to_owned(), params.to_vec());
        let ran = self.store.write(move |tx| tx.execute(&sql, &params));
        self.house.phone.block_on(ran).unwrap_or_else(|error: StoreError| panic!("{error}"))
    }

    /// One statement that must meet something.
    #[track_caller]
    pub fn sql(&self, sql: &str, param: impl Into<Value>) {
        assert!(self.run(sql, &[param.into()]) > 0, "{sql}");
    }

    /// Everything as it was; the program stands still.
    pub fn put_back(&mut self) {
        self.house.kill();
        for table in TABLES.iter().rev() {
            self.run(&format!("DELETE FROM {table}"), &[]);
        }
        for table in TABLES {
            self.run(&format!("INSERT INTO {table} SELECT * FROM kept_{table}"), &[]);
        }
    }

    pub fn all(&self) -> Vec<Stored> {
        let sql = "SELECT l.position, r.id, r.body FROM log_leaf l JOIN record r ON r.id = l.record ORDER BY l.position";
        let read = self.store.read(move |tx| {
            let rows = tx.query(sql, &[])?;
            let read = |row: &store::Row| Ok((row.get(0)?, row.get(1)?, row.get::<String>(2)?));
            rows.iter().map(read).collect::<Result<Vec<_>, StoreError>>()
        });
        let rows = self.house.phone.block_on(read).unwrap();
        let stored = |(position, id, body): (i64, RecordId, String)| {
            let record = Record::from_body(&body).unwrap();
            Stored { position, id, at: record.at, record }
        };
        rows.into_iter().map(stored).collect()
    }

    pub fn record(&self, position: usize) -> Stored {
        self.all().swap_remove(position)
    }

    pub fn last(&self) -> Stored {
        self.all().pop().unwrap()
    }

    /// The record of an event after so many others of it.
    pub fn find(&self, event: &str, after: usize) -> Stored {
        let all = self.all();
        let seen = || all.iter().map(|stored| stored.record.event.as_str()).collect::<Vec<_>>();
        let found = all.iter().filter(|stored| stored.record.event == event).nth(after);
        found.unwrap_or_else(|| panic!("no {event} in {:?}", seen())).clone()
    }

    /// Text, salt and leaf anew, as the program's own rules make them. Gives the hash.
    pub fn rewrite(&self, stored: &Stored, change: impl FnOnce(&mut Record)) -> [u8; 32] {
        let mut record = stored.record.clone();
        change(&mut record);
        let leaf = record.to_leaf(&TestEntropy);
        let sql = "UPDATE record SET body = $1, salt = $2, leaf = $3, actor = $4 WHERE id = $5";
        let params =
            [leaf.body.into(), leaf.salt.into(), leaf.data.into(), record.actor.into(), stored.id.into()];
        assert_eq!(self.run(sql, &params), 1);
        leaf.hash
    }

    fn tile(&self) -> Vec<u8> {
        let read = self.store.read(|tx| {
            tx.query("SELECT hashes FROM log_tile WHERE level = 0 AND number = 0", &[])?[0].get::<Vec<u8>>(0)
        });
        self.house.phone.block_on(read).unwrap_or_else(|error: StoreError| panic!("{error}"))
    }

    fn put_tile(&self, bytes: Vec<u8>) {
        self.sql("UPDATE log_tile SET hashes = $1 WHERE level = 0 AND number = 0", bytes);
    }

    /// The tree's own hash at a position of its first tile.
    pub fn overwrite_hash(&self, position: i64, hash: [u8; 32]) {
        let (mut tile, at) = (self.tile(), usize::try_from(position).unwrap() * 32);
        tile[at..at + 32].copy_from_slice(&hash);
        self.put_tile(tile);
    }

    /// As if the tree had never gone further.
    pub fn cut_tree(&self, size: i64) {
        let mut tile = self.tile();
        tile.truncate(usize::try_from(size).unwrap() * 32);
        self.put_tile(tile);
        self.sql("UPDATE log_tree SET size = $1", size);
    }

    /// Takes a record away, wherever it is named.
    pub fn forget(&self, stored: &Stored) {
        for table in ["log_leaf", "leaf_queue", "record_about"] {
            self.run(&format!("DELETE FROM {table} WHERE record = $1"), &[stored.id.into()]);
        }
        self.sql("DELETE FROM record WHERE id = $1", stored.id);
    }

    pub fn exchange(&self, one: &Stored, other: &Stored) {
        for (record, position) in [(one, -1), (other, one.position), (one, other.position)] {
            let params: [Value; 2] = [Value::Int(position), record.id.into()];
            assert_eq!(self.run("UPDATE log_leaf SET position = $1 WHERE record = $2", &params), 1);
        }
    }

    /// A record of an invented act, made so many seconds from now, that waits for its place as others do.
    pub fn queue(&self, seconds: i64) -> Stored {
        let now = app::SystemClock.now();
        let away = Duration::from_secs(seconds.unsigned_abs());
        let at = if seconds < 0 { now - away } else { now + away };
        let record = Record::new(&TestEntropy, at, RecordClass::System, "keys.rotated");
        let new = record.clone();
        let put = self.store.write(move |tx| store::records::append(tx, &new, &TestEntropy));
        self.house.phone.block_on(put).unwrap_or_else(|error: StoreError| panic!("{error}"));
        Stored { position: self.size, id: record.id, at, record }
    }

    /// A record with a place that nobody gave it.
    pub fn put_in(&self) -> Stored {
        let new = self.queue(0);
        self.sql("DELETE FROM leaf_queue WHERE record = $1", new.id);
        let params = [Value::Int(new.position), new.id.into()];
        self.run("INSERT INTO log_leaf (position, record) VALUES ($1, $2)", &params);
        new
    }

    /// No tree, and every record in the queue for it.
    pub fn start_the_tree_again(&self) {
        let all = self.all();
        for table in ["log_leaf", "log_tile", "log_tree"] {
            self.run(&format!("DELETE FROM {table}"), &[]);
        }
        for stored in all {
            let read = self.store.read(move |tx| {
                tx.query("SELECT leaf FROM record WHERE id = $1", &[stored.id.into()])?[0].get::<Vec<u8>>(0)
            });
            let leaf = self.house.phone.block_on(read).unwrap_or_else(|error: StoreError| panic!("{error}"));
            let params = [stored.id.into(), stored.at.into(), leaf_hash(&leaf).into()];
            self.run("INSERT INTO leaf_queue (record, at, hash) VALUES ($1, $2, $3)", &params);
        }
    }

    /// Lets the program give places and sign, with its own key.
    pub fn serve(&mut self) {
        self.house.node();
        eventually("the log at rest", || (self.house.metric("behorig_log_waiting") == 0).then_some(()));
        eventually("a checkpoint over it", || {
            let (good, note) = self.house.run(&["log", "checkpoint"]);
            let size = self.house.metric("behorig_log_size").to_string();
            (good && note.lines().nth(1) == Some(&size)).then_some(())
        });
        self.house.kill();
    }

    /// What the latest checkpoint says, signed with a key of one's own.
    pub fn sign_with_another_key(&self) {
        let read = self.store.read(store::log::latest_checkpoint);
        let (size, note) = self.house.phone.block_on(read).unwrap().unwrap();
        let checkpoint = Checkpoint::from_text(SignedNote::parse(&note).unwrap().text()).unwrap();
        let pair = Ed25519KeyPair::generate().unwrap();
        let public = pair.public_key().as_ref().try_into().unwrap();
        let key = VerifierKey::new(&checkpoint.origin, public).unwrap();
        let sign = |text: &[u8]| Ok::<[u8; 64], String>(pair.sign(text).as_ref().try_into().unwrap());
        let note = checkpoint.sign(&key, sign).unwrap().to_string();
        let params = [note.into(), size.into()];
        assert_eq!(self.run("UPDATE log_checkpoint SET note = $1 WHERE size = $2", &params), 1);
    }

    /// `behorig log verify` with the checkpoint that the outsider saved: its exit code, and what it found.
    pub fn verify(&self) -> (i32, Vec<Line>) {
        self.verified(&["log", "verify", "--checkpoint", "saved.txt"])
    }

    /// Without it.
    pub fn verify_alone(&self) -> (i32, Vec<Line>) {
        self.verified(&["log", "verify"])
    }

    fn verified(&self, arguments: &[&str]) -> (i32, Vec<Line>) {
        let (sound, said) = self.house.run(arguments);
        let found = said.lines().take_while(|line| !line.contains(" records read: "));
        let lines = found.filter_map(|line| {
            let (word, text) = line.split_once(": ")?;
            Some(Line { word: word.to_owned(), text: text.to_owned() })
        });
        assert_eq!(sound, said.trim_end().ends_with("the log is sound"), "{said}");
        (i32::from(!sound), lines.collect())
    }
}
