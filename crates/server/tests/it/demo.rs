//! `behorig demo` as a process: beside another one, with a clock that moves, begun again, and what it refuses.

use crate::bad_files::run;
use crate::support::Browser;
use crate::support::house::{BINARY, Process, folder};
use crate::support::phone::Phone;
use crate::support::table::{Table, unquiet};
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU16, Ordering};

/// Bases that nobody else uses: tests run beside each other and beside a demo on the usual ports. Below the ports that the
/// system gives to whoever asks for any (ip(7), `ip_local_port_range`).
pub fn free_base() -> u16 {
    static GIVEN: AtomicU16 = AtomicU16::new(0);
    let ports = |base: u16| (0..=20).map(move |distance| base + distance);
    let free = |port: u16| std::net::TcpListener::bind(("127.0.0.1", port)).is_ok();
    let first = 20_000 + u16::try_from(std::process::id() % 9_000).unwrap();
    (first..)
        .step_by(50)
        .skip(usize::from(GIVEN.fetch_add(1, Ordering::Relaxed)))
        .find(|base| ports(*base).all(free))
        .unwrap()
}

pub fn demo(data: &Path, more: &[&str]) -> Process {
    Process::start(Command::new(BINARY).arg("demo").arg("--data").arg(data).args(more), "demo")
}

/// The test PKI of the whole run is made once: RSA keys take a second each.
pub fn with_pki(data: &Path) {
    let (from, to) =
        (Path::new(env!("CARGO_TARGET_TMPDIR")).join("sandbox/pki"), data.join("data/sandbox/pki"));
    let Ok(files) = std::fs::read_dir(&from) else { return };
    std::fs::create_dir_all(&to).unwrap();
    for file in files.flatten() {
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
    // A half copy would be worse than none: the sandbox makes its own.
    if std::fs::read_dir(&to).unwrap().count() < 10 {
        std::fs::remove_dir_all(&to).unwrap();
    }
}

fn post_clock(operations: &mut Browser, headers: &[(&str, &str)], body: &str) -> (u16, String) {
    let page = operations.exactly("POST", "/clock", headers, body);
    (page.status, page.html)
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[test]
fn two_demos_side_by_side_and_a_clock_that_moves_in_order() {
    let base = free_base();
    let (here, there) = (folder().join("here"), folder().join("there"));
    with_pki(&here);
    with_pki(&there);
    let first = demo(&here, &["--port-base", &base.to_string()]);
    assert_eq!(first.told("ready"), format!("http://localhost:{base}"));

    // The ports are taken: said with the process, and with what can be typed.
    let (code, said) =
        run(&["demo", "--data", &there.display().to_string(), "--port-base", &base.to_string()]);
    assert_eq!(code, 1, "{said}");
    for words in [&format!("port {base} is taken by behorig (process "), "kill ", "--port-base "] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let other = said.rsplit("--port-base ").next().unwrap().trim().to_owned();
    let second = demo(&there, &["--port-base", &other]);
    assert_eq!(second.told("ready"), format!("http://localhost:{other}"));

    let mut operations = Browser::at(&format!("http://127.0.0.1:{}", base + 2));
    let clock =
        |operations: &mut Browser| -> Value { serde_json::from_str(&operations.get("/clock").html).unwrap() };
    assert_eq!(clock(&mut operations)["ahead_seconds"], 0);
    let mut table = Table::of("demo.rs::two_demos_side_by_side_and_a_clock_that_moves_in_order");
    for (input, headers, body) in [
        ("clock: no JSON", &[("content-type", "text/plain")][..], "{\"advance_seconds\":60}"),
        ("clock: half a JSON", &[JSON], "{\"advance_seconds\":"),
        ("clock: nothing said", &[JSON], "{}"),
        ("clock: both said", &[JSON], "{\"advance_seconds\":60,\"to\":\"2099-01-01T00:00:00Z\"}"),
        ("clock: an unknown key", &[JSON], "{\"advance_days\":1}"),
        ("clock: less than nothing", &[JSON], "{\"advance_seconds\":-60}"),
        ("clock: no step", &[JSON], "{\"advance_seconds\":0}"),
        ("clock: back", &[JSON], "{\"to\":\"2020-01-01T00:00:00Z\"}"),
        ("clock: no time", &[JSON], "{\"to\":\"tomorrow\"}"),
        ("clock: eleven years", &[JSON], "{\"advance_seconds\":347155200}"),
        ("clock: all the seconds there are", &[JSON], "{\"advance_seconds\":18446744073709551615}"),
        ("clock: from a web page", &[JSON, ("origin", "http://localhost:8400")], "{\"advance_seconds\":60}"),
        ("clock: under a foreign name", &[JSON, ("host", "rebound.example")], "{\"advance_seconds\":60}"),
    ] {
        let row = table.row(input).unwrap();
        let (status, said) = post_clock(&mut operations, headers, body);
        assert_eq!(status.to_string(), row.status, "{input}: {said}");
        assert!(row.codes.iter().all(|code| said.contains(code)), "{input}: {said}");
    }
    assert_eq!(table.left(), Vec::<String>::new());
    assert_eq!(clock(&mut operations)["ahead_seconds"], 0, "nothing of this moved it");

    // Ten days on: the application that waited has lapsed on its own day, and is told in letters of that day.
    let (status, said) = post_clock(&mut operations, &[JSON], "{\"advance_seconds\":864000}");
    assert_eq!(status, 200, "{said}");
    let moved: Value = serde_json::from_str(&said).unwrap();
    let phone = Phone::new(&format!("http://127.0.0.1:{}", base + 1));
    let letters = phone.inbox("info@lundby.example");
    assert_eq!(letters.len(), 1, "{letters:?}");
    let written = letters[0]["written_at"].as_str().unwrap();
    let (from, to) = (moved["from"].as_str().unwrap(), moved["to"].as_str().unwrap());
    assert!(from < written && written < to, "{from} {written} {to}");
    assert!(written.contains("T22:") || written.contains("T23:"), "the end of a day in Sweden: {written}");
    let mut visitor = Browser::at(&first.told("ready"));
    assert!(visitor.get("/").has("framflyttad"));
    assert!(
        !Browser::at(&second.told("ready")).get("/").has("framflyttad"),
        "the other demo has its own time"
    );

    // An officer logs in by the ordinary way and reads what became of it; the log is sound by the store's time.
    let page = visitor.log_in(&phone, "bengt");
    assert_eq!(page.status, 200, "{}", page.html);
    let config = here.join("behorig.toml").display().to_string();
    let (code, said) = run(&["log", "verify", "--config", &config]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = run(&["keys", "rotate", "forms", "--config", &config]);
    assert_eq!(code, 0, "{said}");
    let (code, said) = run(&["log", "verify", "--config", &config]);
    assert_eq!(code, 0, "a command's record is dated by the store's time too: {said}");

    // A simulator that does not answer: nothing is moved.
    assert_eq!(unquiet(&first.log(), &[]), Vec::<String>::new());
    drop(first);

    // Begun again without a word, it stands where it stood: its ports, its time.
    let again = demo(&here, &[]);
    assert_eq!(again.told("ready"), format!("http://localhost:{base}"));
    assert!(clock(&mut operations)["ahead_seconds"].as_u64().unwrap() >= 864_000);
    drop(again);
    // On other ports its configuration follows.
    let (code, said) = run(&["demo", "--data", &here.display().to_string(), "--port-base", &other]);
    assert!(code == 1 && said.contains("is taken"), "{said}");
    assert!(
        said.contains(&format!("--data {}-", here.display())),
        "the way on is beside the folder asked for: {said}"
    );
    drop(second);
    let elsewhere = demo(&here, &["--port-base", &other]);
    let text = std::fs::read_to_string(here.join("behorig.toml")).unwrap();
    assert!(text.contains(&format!(":{other}\"")) && !text.contains(&format!(":{base}\"")), "{text}");
    drop(elsewhere);
    for folder in [here, there] {
        drop(std::fs::remove_dir_all(folder.parent().unwrap()));
    }
}

#[test]
fn a_demo_throws_away_nothing_that_is_not_its_own() {
    let folder = folder();
    std::fs::write(folder.join("precious"), "mine").unwrap();
    let data = folder.display().to_string();
    let (code, said) = run(&["demo", "--data", &data, "--reset"]);
    assert!(code == 1 && said.contains("not a demo's folder"), "{said}");
    assert_eq!(std::fs::read_to_string(folder.join("precious")).unwrap(), "mine");
    std::fs::create_dir_all(folder.join("data")).unwrap();
    std::fs::write(folder.join("data/behorig.db"), "").unwrap();
    // A demo that was begun small does not grow by a word.
    std::fs::write(folder.join("behorig-demo"), "A demo of Behörig.\nscale: story\n").unwrap();
    let (code, said) = run(&["demo", "--data", &data, "--scale", "national"]);
    assert!(code == 1 && said.contains("--reset"), "{said}");
    // One that was broken off half-way is not shown as whole.
    std::fs::write(folder.join("behorig-demo"), "A demo of Behörig.\nscale: story\nunfinished\n").unwrap();
    let (code, said) = run(&["demo", "--data", &data]);
    assert!(code == 1 && said.contains("broken off") && said.contains("--reset"), "{said}");
    for bad in [&["--scale", "galactic"][..], &["--port-base", "80"], &["--port-base", "65530"]] {
        assert_eq!(run(&[&["demo", "--data", &data], bad].concat()).0, 2, "{bad:?}");
    }
    drop(std::fs::remove_dir_all(&folder));
}
