//! A full disk under the real binary, on either engine: writes are refused by a code of their own, running sessions go on
//! reading, the operator is told, and with room again it goes on by itself; nothing that was acknowledged is lost.
//!
//! The data folder, or the database, lies on a small file system in memory that only the server's own mount namespace has.

use crate::support::browser::Page;
use crate::support::house::{BINARY, Engine, Process, eventually};
use crate::support::table::Table;
use crate::support::{Browser, House};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

/// Room for the store and some writes.
const SIZE: &str = "12m";

/// Mounts, copies the data folder onto it, and becomes the server, so that the process is the one we started.
const SCRIPT: &str = "set -e; cp -a \"$1\" \"$1.before\"; mount -t tmpfs -o size=\"$2\" small \"$1\"; cp -a \"$1.before\"/. \"$1\"; \
                      shift 2; exec \"$@\"";

/// `unshare` as whoever runs the tests may.
fn namespaces() -> Vec<&'static str> {
    let root = std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
    if root { vec!["--mount"] } else { vec!["--user", "--map-root-user", "--mount"] }
}

#[test]
fn a_full_disk_stops_writing_and_nothing_else() {
    let mut house = House::start(Engine::Sqlite);
    let mut greta = house.browser();
    greta.log_in(&house.phone, "greta").expect(200, "Greta");
    let (_, before) = house.run(&["log", "checkpoint"]);
    std::fs::write(house.folder.join("saved.txt"), before).unwrap();
    house.kill();
    let data = house.folder.join("data");
    let server = Process::start(
        Command::new("unshare")
            .args(namespaces())
            .args(["sh", "-c", SCRIPT, "sh"])
            .arg(&data)
            .arg(SIZE)
            .arg(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0", "--operations", "127.0.0.1:0", "--config"])
            .arg(house.config()),
        "serve on a small disk",
    );
    house.nodes.push(server);
    let inside = PathBuf::from(format!("/proc/{}/root", house.nodes[0].id()))
        .join(data.canonicalize().unwrap().strip_prefix("/").unwrap());
    let ballast = inside.join("ballast");
    let mut greta = greta.over_at(&house.address());
    greta.get("/home").expect(200, "Greta");
    assert_eq!(ready(&house), (200, "ready\n".to_owned()));

    let mut rows = Table::of("full_disk.rs::a_full_disk_stops_writing_and_nothing_else");
    fill(&ballast);
    while_full(&house, &mut rows, &mut greta);
    // Room again: nobody has to do anything more.
    std::fs::remove_file(&ballast).unwrap();
    with_room(&house, &mut rows);
    eventually("the log at rest", || (house.metric("behorig_log_waiting") == 0).then_some(()));
    let verified = Command::new("nsenter")
        .args(["--target", &house.nodes[0].id().to_string(), "--mount"])
        .args(if namespaces().len() == 1 { &[][..] } else { &["--user", "--preserve-credentials"] })
        .arg("--")
        .arg(BINARY)
        .args(["log", "verify", "--config"])
        .arg(house.config())
        .arg("--checkpoint")
        .arg(house.folder.join("saved.txt"))
        .output()
        .unwrap();
    let said = crate::support::house::text(&verified);
    assert!(verified.status.success() && said.contains("the log is sound"), "{said}");
}

/// The same where the database server meets the full disk, and tells us over the wire (SQLSTATE 53100).
#[test]
fn a_full_disk_of_postgresql_stops_writing_and_nothing_else() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let disk = runtime.block_on(store::testing::postgres_on_a_small_disk("32m")).expect("a server");
    let house = House::on(Some(disk.database.url.clone()));
    let mut greta = house.browser();
    greta.log_in(&house.phone, "greta").expect(200, "Greta");
    let (_, before) = house.run(&["log", "checkpoint"]);
    std::fs::write(house.folder.join("saved.txt"), before).unwrap();
    assert_eq!(ready(&house), (200, "ready\n".to_owned()));
    fill(&disk.ballast);
    let mut rows = Table::of("full_disk.rs::a_full_disk_of_postgresql_stops_writing_and_nothing_else");
    // A table has room left in its last page: the first who finds none is told.
    eventually("no room", || (begin(&house).status != 303).then_some(()));
    while_full(&house, &mut rows, &mut greta);
    std::fs::remove_file(&disk.ballast).unwrap();
    with_room(&house, &mut rows);
    eventually("the log at rest", || (house.metric("behorig_log_waiting") == 0).then_some(()));
    let saved = house.folder.join("saved.txt").display().to_string();
    let (sound, said) = house.run(&["log", "verify", "--checkpoint", &saved]);
    assert!(sound && said.contains("the log is sound"), "{said}");
}

fn ready(house: &House) -> (u16, String) {
    let page = Browser::at(&house.nodes[0].told("operations")).get("/readyz");
    (page.status, page.html)
}

fn begin(house: &House) -> Page {
    let mut stranger = house.browser();
    let login = stranger.get("/login");
    stranger.submit_once(&login, "/login/bankid", &[("device", "this")])
}

/// Somebody who wants to log in is told why not; whoever is in goes on, and the operator is told.
fn while_full(house: &House, rows: &mut Table, greta: &mut Browser) {
    let refused = begin(house);
    rows.performed("full disk: a login", &refused);
    assert!(refused.header("retry-after").is_some());
    rows.performed("full disk: who is logged in", &greta.get("/home"));
    assert_eq!(house.metric("behorig_store_full"), 1);
    let (status, said) = ready(house);
    assert!(status == 200 && said.contains("the store is full"), "{said}");
    assert!(house.logs().contains("the store is full"), "{}", house.logs());
}

/// Nobody has started anything anew.
fn with_room(house: &House, rows: &mut Table) {
    rows.performed("full disk: a login, with room again", &house.browser().log_in(&house.phone, "inga"));
    assert_eq!(house.metric("behorig_store_full"), 0);
    assert_eq!(rows.left(), Vec::<String>::new());
}

/// Until not one byte more goes in.
fn fill(ballast: &PathBuf) {
    let mut file = std::fs::File::create(ballast).unwrap();
    for size in [1 << 16, 4096, 1] {
        while file.write_all(&vec![7; size]).is_ok() {}
    }
}
