//! A restore that is killed (`kill -9`) at one moment after the other, on either engine: the store is what it was, or wholly
//! restored; what is neither is served by nobody, and the same command completes it.

use crate::backup::{at, elsewhere, serve};
use crate::support::house::{BINARY, Engine};
use crate::support::{Browser, House};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use store::{Store, StoreUrl};

/// Moments at which a restore is killed, as parts of the time that it takes.
const MOMENTS: u32 = 4;
/// Finished orders that lie in the store, so that a restore takes its time; it forgets them.
const BALLAST: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000) \
                       INSERT INTO eid_order (id, browser_hash, purpose, state, started_at, expires_at, last_collect_at, \
                       version, sealed) SELECT randomblob(16), randomblob(32), 'login', 'done', 0, 0, NULL, 1, \
                       randomblob(900) FROM n";

/// What the store of a house is, if it holds an installation.
fn epoch(house: &House, url: &StoreUrl) -> Option<u64> {
    house.phone.block_on(async {
        let store = Store::open(url).await.unwrap();
        // A store without tables holds none.
        store.read(store::installation::find).await.ok().flatten().map(|installation| installation.epoch)
    })
}

/// Begins a restore and kills it so long afterwards.
fn killed(folder: &Path, arguments: &[&str], after: Duration) {
    let mut child = Command::new(BINARY)
        .args(arguments)
        .arg("--config")
        .arg(folder.join("behorig.toml"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(after);
    drop(child.kill());
    child.wait().unwrap();
}

/// A restore right after a kill may find the tables still held by the dead one's connection.
fn completes(folder: &Path, arguments: &[&str]) {
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        let (code, said) = at(folder, arguments);
        if code == 0 {
            assert!(said.contains("the log is sound"), "{said}");
            return;
        }
        assert!(Instant::now() < end, "{said}");
        std::thread::sleep(Duration::from_millis(300));
    }
}

#[test]
fn a_restore_that_is_killed_is_begun_again() {
    let mut house = House::start(Engine::Sqlite);
    house.browser().log_in(&house.phone, "greta").expect(200, "Greta");
    house.kill();
    let own = rusqlite::Connection::open(house.folder.join("data/behorig.db")).unwrap();
    own.execute_batch(BALLAST).unwrap();
    drop(own);
    let backup = house.folder.join("night.backup").display().to_string();
    let (code, said) = at(&house.folder, &["backup", "--to", &backup]);
    assert_eq!(code, 0, "{said}");
    for name in ["sqlite", "postgres"] {
        let (store, url) = match name {
            "sqlite" => {
                let file = house.folder.join("restored.db");
                (format!("sqlite:{}", file.display()), StoreUrl::Sqlite(file))
            }
            _ => {
                let database = house.phone.block_on(store::testing::postgres()).expect("a server");
                let StoreUrl::Postgres(url) = &database.url else { panic!("an address") };
                (url.clone(), database.url.clone())
            }
        };
        let there = elsewhere(&house, name, &store);
        let first = ["restore", "--no-erasures", "--from", &backup];
        let again = ["restore", "--no-erasures", "--replace", "--from", &backup];
        in_an_empty_store(&house, &there, &url, &first);
        let begun = Instant::now();
        completes(&there, if epoch(&house, &url).is_none() { &first } else { &again });
        let takes = begun.elapsed();
        over_an_installation(&house, &there, &url, &again, takes);
        completes(&there, &again);
        let node = serve(&there);
        Browser::at(&node.told("ready")).log_in(&house.phone, "greta").expect(200, "Greta");
    }
}

/// Killed early and late; until one has come through, nobody serves what is there.
fn in_an_empty_store(house: &House, there: &Path, url: &StoreUrl, restore: &[&str]) {
    let mut cut_off = 0;
    for moment in 0..MOMENTS {
        killed(there, restore, Duration::from_millis(60 + 220 * u64::from(moment)));
        if epoch(house, url).is_some() {
            break;
        }
        cut_off += 1;
        let (code, said) = at(there, &["serve", "--listen", "127.0.0.1:0", "--operations", "127.0.0.1:0"]);
        assert!(
            code == 1 && said.contains("holds no installation") && said.contains("`behorig restore` again"),
            "{code} {said}"
        );
    }
    assert!(cut_off > 0, "no restore was cut off");
}

/// Killed over an installation: it is what it was, or another epoch has begun, and either is whole.
fn over_an_installation(house: &House, there: &Path, url: &StoreUrl, restore: &[&str], takes: Duration) {
    let (mut before, mut cut_off) = (epoch(house, url).expect("an installation"), 0);
    for moment in 1..=MOMENTS {
        killed(there, restore, takes * moment / MOMENTS);
        let now = epoch(house, url).expect("an installation, whenever it was cut off");
        assert!(now >= before);
        cut_off += u32::from(now == before);
        before = now;
    }
    assert!(cut_off > 0, "no restore was cut off");
    let node = serve(there);
    Browser::at(&node.told("ready")).log_in(&house.phone, "greta").expect(200, "Greta");
    let operations = Browser::at(&node.told("operations")).get("/metrics").html;
    assert!(operations.contains(&format!("behorig_epoch {before}\n")), "{operations}");
    drop(node);
    let (code, said) = at(there, &["log", "verify"]);
    assert!(code == 0 && said.contains("the log is sound"), "{said}");
}
