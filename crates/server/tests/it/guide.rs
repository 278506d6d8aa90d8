//! `docs/operate.md`, carried out as printed: its named blocks are run in a folder of its own, and its tables name what is.

use crate::support::house::{BINARY, Engine, Process};
use crate::support::{Browser, House};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

const GUIDE: &str = include_str!("../../../../docs/operate.md");

/// Name and text of every block that has a name.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    for (number, part) in GUIDE.split("\n```").enumerate() {
        // Every second piece is a block.
        let Some((head, text)) = part.split_once('\n').filter(|_| number % 2 == 1) else { continue };
        if let Some((_, name)) = head.split_once(' ') {
            found.push((name, text));
        }
    }
    found
}

fn block(name: &str) -> &'static str {
    blocks().into_iter().find(|(of, _)| *of == name).unwrap_or_else(|| panic!("no block {name}")).1
}

/// Runs a block with `folder` in the place of `/etc/behorig`.
fn run(name: &str, folder: &Path, replaced: &[(&str, &str)]) -> Output {
    let mut script = block(name).replace("/etc/behorig", &folder.display().to_string());
    for (from, to) in replaced {
        assert!(script.contains(from), "{from} in {script}");
        script = script.replace(from, to);
    }
    let bin = Path::new(BINARY).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    Command::new("sh").args(["-eu", "-c", &script]).current_dir(folder).env("PATH", path).output().unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn every_block_of_the_guide_works_as_printed() {
    let names: BTreeSet<_> = blocks().into_iter().map(|(name, _)| name).collect();
    let tried = [
        "behorig.service",
        "check.sh",
        "clock.sh",
        "init.sh",
        "keys.sh",
        "metrics.sh",
        "migrate.sh",
        "verify.sh",
    ];
    assert_eq!(names, BTreeSet::from(tried), "every block is one that is tried here");

    let house = House::start(Engine::Sqlite);
    let operations = house.nodes[0].told("operations");

    // A production of its own, beside the house: its folder must not be there.
    let fresh = house.folder.join("production");
    std::fs::create_dir_all(&fresh).unwrap();
    let made = run("init.sh", &fresh, &[]);
    assert!(made.status.success(), "{}", said(&made));
    assert!(said(&made).contains("Two one-time invitations"));
    let config = std::fs::read_to_string(fresh.join("behorig.toml")).unwrap();
    assert!(config.contains("environment = \"production\"") && config.contains("appapi2.bankid.com"));

    for name in ["check.sh", "migrate.sh", "keys.sh", "verify.sh"] {
        let done = run(name, &house.folder, &[]);
        assert!(done.status.success(), "{name}: {}", said(&done));
        if name == "check.sh" {
            let said = said(&done);
            for what in ["bankid_certificate", "bankid_server_roots", "key_checkpoint", "key_tokens"] {
                assert!(said.contains(&format!("ok    {what} runs out: ")), "{what}: {said}");
            }
        }
    }
    assert!(std::fs::read_to_string(house.folder.join("log-keys.txt")).unwrap().contains('+'));
    let checkpoint = std::fs::read_to_string(house.folder.join("checkpoint.txt")).unwrap();
    assert!(checkpoint.lines().count() > 4, "{checkpoint}");

    let clock = run("clock.sh", &house.folder, &[("http://127.0.0.1:8402", &operations)]);
    assert!(clock.status.success() && said(&clock).contains("\"now\""), "{}", said(&clock));
    let metrics = run("metrics.sh", &house.folder, &[("http://127.0.0.1:8402", &operations)]);
    assert!(metrics.status.success(), "{}", said(&metrics));
    the_table_of_alarms_is_that_of_the_metrics(&said(&metrics));
}

/// The first column of the guide's table, and the families that are printed.
fn the_table_of_alarms_is_that_of_the_metrics(printed: &str) {
    let printed: BTreeSet<_> =
        printed.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let told: BTreeSet<_> = GUIDE
        .lines()
        .filter_map(|line| line.strip_prefix("| `behorig_")?.split('`').next())
        .map(|name| format!("behorig_{name}"))
        .collect();
    let told: BTreeSet<_> = told.iter().map(String::as_str).collect();
    assert_eq!(told, printed);
}

#[test]
fn the_unit_of_the_guide_starts_the_service() {
    let unit = block("behorig.service");
    let value = |key: &str| unit.lines().find_map(|line| line.strip_prefix(&format!("{key}="))).unwrap();
    for (key, wanted) in [
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("CapabilityBoundingSet", ""),
        ("UMask", "0077"),
        ("User", "behorig"),
    ] {
        assert_eq!(value(key), wanted, "{key}");
    }
    let house = House::start(Engine::Sqlite);
    let start = value("ExecStart").replace("/etc/behorig", &house.folder.display().to_string());
    let mut words = start.split(' ');
    assert_eq!(words.next(), Some("/usr/local/bin/behorig"));
    let mut command = Command::new(BINARY);
    command.args(words).args(["--listen", "127.0.0.1:0", "--operations", "127.0.0.1:0"]);
    let node = Process::start(&mut command, "the unit");
    assert_eq!(Browser::at(&node.told("operations")).get("/readyz").status, 200);
}

/// Every file and key that the guide names by its place in the configuration is one that the configuration has.
#[test]
fn the_guide_names_the_configurations_own_keys() {
    let template = include_str!("../../src/command/init/behorig.toml");
    for key in [
        "bankid.client_certificate",
        "bankid.client_key",
        "bankid.server_root",
        "bankid.signing_root",
        "public.certificate",
        "public.key",
        "public.trusted_proxies",
        "master_key.file",
        "mail.server",
        "mail.credentials",
        "operations.listen",
        "operations.mail",
    ] {
        assert!(GUIDE.contains(&format!("`{key}`")), "the guide tells nothing of {key}");
        let name = key.rsplit('.').next().unwrap();
        let written = |line: &str| line.trim_start_matches("# ").starts_with(&format!("{name} = "));
        assert!(template.lines().any(written), "{key} is no key of the configuration");
    }
}
