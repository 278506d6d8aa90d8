//! An OpenID Connect client that is not ours, in another language than the one of the browser stories: Authlib, in Python,
//! against the real binary. The visitor is a browser of ours, who logs in with the phone.
//!
//! What it needs and does not find is a failure, never a skipped test.

#[path = "../../../sandbox/tests/it/python.rs"]
mod python;

use crate::support::client::ISSUER;
use crate::support::house::{BINARY, Engine, eventually};
use crate::support::{Browser, House};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// Visits an address as a browser does, logs in where that is asked for, and tells where in the e-service it ends.
fn arrived(browser: &mut Browser, house: &House, address: &str) -> String {
    let here = |to: &str| to.strip_prefix(ISSUER).unwrap_or(to).to_owned();
    let mut path = here(address);
    for _ in 0..12 {
        if path.starts_with("/login?") {
            let login = browser.get(&path);
            let order = browser.begin(&login);
            house.phone.start_and_approve("greta", &order.autostart_token());
            path = eventually("the login to end", || {
                let page = browser.get_once(&order.path);
                let next = page.refresh_target().or(page.header("location"))?;
                (next != order.path).then_some(next)
            });
            continue;
        }
        let page = browser.get_once(&path);
        let to = page.header("location").unwrap_or_else(|| panic!("{path}: {} {}", page.status, page.text()));
        path = here(&to);
        if path.starts_with("http") {
            return path;
        }
    }
    panic!("redirects without end at {path}");
}

#[test]
fn authlib_walks_the_whole_of_openid_connect() {
    let house = House::start(Engine::Sqlite);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/authlib");
    let python = python::python("venv-authlib", &folder.join("requirements.txt"));
    let mut script = Command::new(python)
        .arg(folder.join("drive.py"))
        .args([ISSUER, &house.address(), BINARY])
        .arg(house.config())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (mut answers, told) = (script.stdin.take().unwrap(), script.stdout.take().unwrap());
    let mut visitor = house.browser();
    let mut said = Vec::new();
    for line in BufReader::new(told).lines().map_while(Result::ok) {
        if let Some(address) = line.strip_prefix("visit ") {
            let arrived = arrived(&mut visitor, &house, address);
            writeln!(answers, "{arrived}").unwrap();
        }
        said.push(line);
    }
    let mut faults = String::new();
    script.stderr.take().unwrap().read_to_string(&mut faults).unwrap();
    let ended = script.wait().unwrap();
    assert!(ended.success(), "{}\n{faults}", said.join("\n"));
    assert!(said.last().is_some_and(|line| line.ends_with("checks passed")), "{}", said.join("\n"));
}
