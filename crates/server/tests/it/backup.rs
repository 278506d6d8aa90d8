//! Backup, restore, erasure and upgrade with the real binary, as an operator does them.

use crate::bad_files::{Installed, finish, meets, run};
use crate::commands::reference;
use crate::support::Browser;
use crate::support::house::{BINARY, Engine, House, Process, eventually, text};
use crate::support::table::{Table, unquiet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

/// A house of the same installation on another machine: its configuration, its master key, and another store.
pub fn elsewhere(house: &House, name: &str, store: &str) -> PathBuf {
    let folder = house.folder.join(name);
    std::fs::create_dir_all(folder.join("secrets")).unwrap();
    std::fs::copy(house.folder.join("secrets/master.key"), folder.join("secrets/master.key")).unwrap();
    let text = std::fs::read_to_string(house.config()).unwrap();
    let text = text.replace("sqlite:data/behorig.db", store);
    std::fs::write(folder.join("behorig.toml"), text).unwrap();
    folder
}

/// A command of the installation in a folder, with its exit code.
pub fn at(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let config = folder.join("behorig.toml").display().to_string();
    run(&[arguments, &["--config", &config]].concat())
}

/// `behorig erase` with a number on standard input.
fn erase(folder: &Path, typed: &str) -> (i32, String) {
    let mut child = Command::new(BINARY)
        .args(["erase", "--config"])
        .arg(folder.join("behorig.toml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "{typed}").unwrap();
    let output = child.wait_with_output().unwrap();
    (output.status.code().unwrap(), text(&output))
}

pub fn serve(folder: &Path) -> Process {
    Process::start(
        Command::new(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0", "--operations", "127.0.0.1:0", "--config"])
            .arg(folder.join("behorig.toml")),
        "serve",
    )
}

/// The receipt of a login, once it is signed.
fn receipt(house: &House, browser: &mut Browser, file: &Path) {
    let reference = reference(browser);
    let receipt = eventually("a receipt", || {
        let (sound, said) = house.run(&["log", "prove", &reference]);
        sound.then_some(said)
    });
    std::fs::write(file, receipt).unwrap();
}

// R-004-48 (part)
#[test]
fn a_backup_of_a_running_installation_is_restored_elsewhere_on_either_engine() {
    let house = House::start(Engine::Sqlite);
    let file = |name: &str| house.folder.join(name);
    let path = |name: &str| file(name).display().to_string();
    let mut greta = house.browser();
    greta.log_in(&house.phone, "greta").expect(200, "Greta");
    receipt(&house, &mut greta, &file("kept.receipt"));
    let (_, early) = house.run(&["log", "checkpoint"]);
    std::fs::write(file("early.txt"), early).unwrap();
    std::fs::create_dir(file("backups")).unwrap();

    // People log in while it is taken.
    let backing = Command::new(BINARY)
        .args(["backup", "--to", &path("backups"), "--config"])
        .arg(house.config())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut hans = house.browser();
    hans.log_in(&house.phone, "astrid").expect(200, "Astrid");
    let output = backing.wait_with_output().unwrap();
    let said = text(&output);
    assert!(
        output.status.success() && said.contains("epoch 1, change ") && said.contains("tables"),
        "{said}"
    );
    let names: Vec<_> =
        std::fs::read_dir(file("backups")).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(names.len(), 1, "{names:?}");
    let backup = names[0].display().to_string();
    assert!(said.contains(&backup), "{said}");
    let master = std::fs::read_to_string(file("secrets/master.key")).unwrap();
    let bytes = std::fs::read(&names[0]).unwrap();
    assert!(!String::from_utf8_lossy(&bytes).contains(master.trim()), "the master key is not in it");
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&names[0].metadata().unwrap().permissions()) & 0o777,
        0o600
    );

    // Life goes on: a receipt and a checkpoint that the backup does not know, and somebody is erased.
    let mut bengt = house.browser();
    bengt.log_in(&house.phone, "bengt").expect(200, "Bengt");
    receipt(&house, &mut bengt, &file("lost.receipt"));
    let late = eventually("a later checkpoint", || {
        let (_, note) = house.run(&["log", "checkpoint"]);
        (note != std::fs::read_to_string(file("early.txt")).unwrap()).then_some(note)
    });
    std::fs::write(file("late.txt"), late).unwrap();
    assert_eq!(erase(&house.folder, "199001012385").0, 0);
    assert!(matches!(greta.get_once("/home").status, 200 | 303));

    // The machine is gone. On another one, and on the other engine, the same command restores.
    for process in &house.nodes {
        process.kill();
    }
    let database = house.phone.block_on(store::testing::postgres()).expect("a PostgreSQL server");
    let store::StoreUrl::Postgres(postgres) = database.url.clone() else { panic!("an address") };
    for (name, store) in [("sqlite", "sqlite:restored.db"), ("postgres", postgres.as_str())] {
        let there = elsewhere(&house, name, store);
        let (code, said) = at(&there, &["restore", "--check", "--from", &backup]);
        assert!(code == 0 && said.contains("It is whole"), "{said}");
        let list = path("erasures.list");
        let given = ["restore", "--from", &backup, "--erasures", &list, "--checkpoint", &path("late.txt")]
            .map(str::to_owned);
        let (code, said) = at(&there, &given.each_ref().map(String::as_str));
        assert_eq!(code, 0, "{said}");
        for words in ["Erased again: 1", "sessions were ended", "were lost", "is genuine", "the log is sound"]
        {
            assert!(said.contains(words), "{words}: {said}");
        }
        let node = serve(&there);
        // Nobody is logged in; whoever logs in finds what the backup held.
        let mut again = greta.over_at(&node.told("ready"));
        assert_ne!(again.get_once("/home").status, 200);
        let mut greta = Browser::at(&node.told("ready"));
        greta.log_in(&house.phone, "greta").expect(200, "Greta");
        let checkpoints = ["early.txt", "late.txt"].map(path);
        let verify = ["log", "verify", "--checkpoint", &checkpoints[0], "--checkpoint", &checkpoints[1]];
        let (code, said) = at(&there, &verify);
        assert!(
            code == 0 && said.contains("late.txt covers") && said.contains("lost in the restore"),
            "{said}"
        );
        let (code, said) = at(&there, &["log", "verify", "--receipt", &path("kept.receipt")]);
        assert!(code == 0 && said.contains("the log has its record"), "{said}");
        let (code, said) = at(&there, &["log", "verify", "--receipt", &path("lost.receipt")]);
        assert!(code == 0 && said.contains("Its record was lost in the restore"), "{said}");
        let forged = std::fs::read_to_string(file("lost.receipt")).unwrap().replacen("index ", "index 1", 1);
        std::fs::write(file("forged.receipt"), forged).unwrap();
        let (code, said) = at(&there, &["log", "verify", "--receipt", &path("forged.receipt")]);
        assert!(code == 1 && said.contains("does not hold"), "{said}");
        assert_eq!(unquiet(&node.log(), &[]), Vec::<String>::new());
    }
}

/// Everything that a restore, a backup and an erasure must not take, and that nothing is changed by it.
#[test]
fn what_is_not_restored_backed_up_or_erased() {
    let mut table = Table::of("backup.rs::what_is_not_restored_backed_up_or_erased");
    let mut faults = Vec::new();
    let (one, other) = (Installed::new(), Installed::new());
    let good = one.0.join("good.backup").display().to_string();
    let (code, said) = at(&one.0, &["backup", "--to", &good]);
    assert_eq!(code, 0, "{said}");
    let bytes = std::fs::read(&good).unwrap();
    let before = std::fs::read(one.0.join("data/behorig.db")).unwrap();
    let mut told = |input: &str, answer: &(i32, String)| meets(&mut table, &mut faults, input, answer, None);
    told("backup: a file that exists", &at(&one.0, &["backup", "--to", &good]));
    assert_eq!(std::fs::read(&good).unwrap(), bytes);
    let nowhere = one.0.join("nowhere/a.backup").display().to_string();
    told("backup: a folder that is not there", &at(&one.0, &["backup", "--to", &nowhere]));

    let bad = one.0.join("bad.backup");
    let restore = |bytes: &[u8], more: &[&str]| {
        std::fs::write(&bad, bytes).unwrap();
        let bad = bad.display().to_string();
        at(&one.0, &[&["restore", "--no-erasures", "--replace", "--from", &bad], more].concat())
    };
    told("restore: no backup", &restore(b"hello\n", &[]));
    told("restore: cut short", &restore(&bytes[..bytes.len() - 100], &[]));
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 3] ^= 1;
    told("restore: one bit off", &restore(&flipped, &[]));
    told("restore: of a newer form", &restore(&[b"behorig-backup 9", &bytes[16..]].concat(), &[]));
    let nothing = one.0.join("nothing.backup").display().to_string();
    told("restore: no such file", &at(&one.0, &["restore", "--no-erasures", "--from", &nothing]));
    told(
        "restore: of another installation",
        &at(&other.0, &["restore", "--no-erasures", "--replace", "--from", &good]),
    );
    told("restore: over an installation", &at(&one.0, &["restore", "--no-erasures", "--from", &good]));
    told("restore: without the list of erasures", &at(&one.0, &["restore", "--replace", "--from", &good]));
    one.write("erasures.list", "behorig-erasures 1\nnothing at all\n");
    told(
        "restore: a list of erasures that was altered",
        &at(&one.0, &["restore", "--replace", "--from", &good]),
    );
    told("serve: a list of erasures that was altered", &at(&one.0, &["serve", "--listen", "127.0.0.1:0"]));
    std::fs::remove_file(one.0.join("erasures.list")).unwrap();
    one.write("checkpoint.txt", "hello\n");
    let checkpoint = one.0.join("checkpoint.txt").display().to_string();
    told("restore: a checkpoint that is none", &restore(&bytes, &["--checkpoint", &checkpoint]));
    let config = one.file("behorig.toml");
    one.write("behorig.toml", &config.replace("environment = \"test\"", "environment = \"demo\""));
    told("restore: under another mark", &restore(&bytes, &[]));
    one.write("behorig.toml", &config);

    told("erase: no number", &erase(&one.0, "hello"));
    told("erase: a wrong check digit", &erase(&one.0, "199001012386"));
    told("erase: of nobody", &erase(&one.0, "199001012385"));
    told("erase: an id that is none", &at(&one.0, &["erase", "--party", "../../x"]));
    assert!(!one.0.join("erasures.list").exists());
    // A record was made that a backup was; besides, nothing has changed.
    let (code, said) = at(&one.0, &["log", "verify"]);
    assert!(said.contains("2 records read") && said.contains("changes 1 to 1"), "{code} {said}");
    assert!(before.len() <= std::fs::read(one.0.join("data/behorig.db")).unwrap().len() + 4096);
    finish(&table, faults);
}

/// The release before and the one after on one PostgreSQL: while the newer brings the tables up to date, nobody who uses the
/// older one is told no. What is to come later is made here, since it has not been written yet.
#[test]
fn the_older_release_serves_while_the_newer_one_migrates_and_refuses_what_it_cannot_bear() {
    use page::Service as _;
    let mut house = House::start(Engine::Postgres);
    let mut greta = house.browser();
    greta.log_in(&house.phone, "greta").expect(200, "Greta");
    let next = u32::try_from(store::MIGRATIONS.migrations.len()).unwrap() + 1;
    let expand = store::Migration {
        number: next,
        name: "expand",
        sql: "ALTER TABLE session ADD COLUMN coming TEXT; ALTER TABLE record ADD COLUMN coming INTEGER; \
              CREATE TABLE coming (id INTEGER PRIMARY KEY) STRICT; CREATE INDEX coming_session ON session (coming);",
    };
    let contract = store::Migration {
        number: next + 1,
        name: "contract",
        // What this program still reads: it must not start on it.
        sql: Box::leak(
            format!("-- oldest: {next}\nALTER TABLE party ADD COLUMN gone TEXT;").into_boxed_str(),
        ),
    };
    let newer = |more: &[store::Migration]| {
        let all = [store::MIGRATIONS.migrations, more].concat();
        [
            store::MigrationSet { owner: "store", migrations: Box::leak(all.into_boxed_slice()) },
            employer::Employer.migrations(),
        ]
    };
    let config = std::fs::read_to_string(house.config()).unwrap();
    let url = config.lines().find_map(|line| line.strip_prefix("url = \"postgres")).unwrap();
    let url: store::StoreUrl = format!("postgres{}", url.trim_end_matches('"')).parse().unwrap();
    let phone = crate::support::phone::Phone::new(&house.sandbox.told("ready"));
    let migrate = |sets: [store::MigrationSet; 2]| {
        phone.block_on(async {
            let store = store::Store::open(&url).await.unwrap();
            store.migrate(&sets).await.unwrap()
        })
    };
    let stop = AtomicBool::new(false);
    let (answers, applied) = std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let mut answers = 0;
            while !stop.load(Ordering::Relaxed) {
                greta.get("/home").expect(200, "Greta");
                answers += 1;
            }
            answers
        });
        std::thread::sleep(std::time::Duration::from_millis(200));
        let applied = migrate(newer(&[expand]));
        std::thread::sleep(std::time::Duration::from_millis(300));
        stop.store(true, Ordering::Relaxed);
        (asking.join().unwrap(), applied)
    });
    assert!(answers > 1, "{answers}");
    assert_eq!(applied, [format!("store/{next:04}_expand")]);
    // The older release writes on the newer tables, and may be started anew on them.
    let mut bengt = house.browser();
    bengt.log_in(&house.phone, "bengt").expect(200, "Bengt");
    let second = house.node();
    Browser::at(&second).log_in(&house.phone, "astrid").expect(200, "Astrid");
    // It makes no backup, which would lack what it does not know.
    let (sound, said) = house.run(&["backup", "--to", "a.backup"]);
    assert!(!sound && said.contains("STORE_TOO_NEW"), "{said}");
    migrate(newer(&[expand, contract]));
    for command in ["serve", "migrate"] {
        let (sound, said) = house.run(&[command]);
        assert!(
            !sound && said.contains("STORE_TOO_NEW") && said.contains("start that release"),
            "{command}: {said}"
        );
    }
    // Those that were running when it was done stop by themselves, and say why.
    for (number, node) in house.nodes.iter().enumerate() {
        let code = eventually("an old node to stop", || node.ended());
        assert_eq!(code, 1, "node {number}");
        eventually("it to say why", || {
            let said = node.log();
            (said.contains("this node stops") && said.contains("STORE_TOO_NEW")).then_some(())
        });
    }
    assert_eq!(unquiet(&house.logs(), &[]), Vec::<String>::new());
}
