//! The commands: help and exit codes, `check --online`, a taken port, `init` twice, print, verify and prove.

use crate::bad_files::run;
use crate::support::house::{BINARY, Engine, House, eventually, folder, text};
use crate::support::table::{Table, unquiet};
use std::path::Path;
use std::process::Command;

#[test]
fn alone_it_explains_itself_and_what_it_does_not_know_it_refuses() {
    let (code, said) = run(&[]);
    assert_eq!(code, 0, "{said}");
    for word in ["behorig demo", "init", "serve", "Exit codes"] {
        assert!(said.contains(word), "{word}: {said}");
    }
    for bad in [
        &["fly"][..],
        &["serve", "--fast"],
        &["log"],
        &["restore", "--from", "x", "--erasures", "y", "--no-erasures"],
        &["backup"],
        &["keys", "rotate", "nothing"],
    ] {
        let (code, said) = run(bad);
        assert_eq!(code, 2, "{bad:?}: {said}");
        assert!(said.contains("Usage") || said.contains("--help"), "{said}");
    }
    let commands = [
        "demo",
        "init",
        "serve",
        "sandbox",
        "check",
        "migrate",
        "backup",
        "restore",
        "erase",
        "catalogue",
        "client",
        "keys",
        "log",
    ];
    for command in commands.map(|command| vec![command, "--help"]) {
        assert_eq!(run(&command).0, 0, "{command:?}");
    }
    // Every command that does something shows how.
    for command in [
        "demo",
        "init",
        "serve",
        "sandbox",
        "check",
        "migrate",
        "backup",
        "restore",
        "erase",
        "catalogue apply",
        "catalogue diff",
        "catalogue print",
        "client add",
        "client list",
        "client show",
        "client disable",
        "keys list",
        "keys rotate",
        "log verify",
        "log prove",
    ] {
        let (_, said) = run(&command.split(' ').chain(["--help"]).collect::<Vec<_>>());
        assert!(said.contains("Example"), "{command}: {said}");
    }
}

#[test]
fn the_catalogue_is_printed_for_a_lawyer() {
    let (code, said) = run(&["catalogue", "print", "employer"]);
    assert_eq!(code, 0, "{said}");
    for words in [
        "E-tjänster för arbetsgivare",
        "Lämna sjukanmälan",
        "Lag (1991:1047) om sjuklön",
        "Allmänna villkor 2024-12-20",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let (code, said) = run(&["catalogue", "print", "employer", "--english"]);
    assert!(code == 0 && said.contains("E-services for employers"), "{said}");
    // A permission of the service is no service.
    assert_eq!(run(&["catalogue", "print", "employer.user"]).0, 1);
    let (code, said) = run(&["catalogue", "print", "nothing"]);
    assert!(code == 1 && said.contains("there are") && said.contains("employer"), "{said}");
}

/// An installation is made once, in a folder and in a store.
#[test]
fn init_twice_is_refused() {
    let folder = folder();
    let at = |name: &str| folder.join(name).display().to_string();
    let store = format!("sqlite:{}", at("shared.db"));
    let init =
        |dir: &str| run(&["init", "--name", "A", "--number", "4021001005", "--store", &store, "--dir", dir]);
    assert_eq!(init(&at("one")).0, 0);
    let before = std::fs::read(folder.join("one/secrets/master.key")).unwrap();
    let (code, said) = init(&at("one"));
    assert!(code == 1 && said.contains("an installation is made once"), "{said}");
    assert_eq!(std::fs::read(folder.join("one/secrets/master.key")).unwrap(), before, "the key is as it was");
    let (code, said) = init(&at("two"));
    assert!(code == 1 && !said.contains("panicked"), "{said}");
    assert!(!folder.join("two/behorig.toml").exists(), "no half installation");
    let (code, said) = run(&["init", "--name", "A", "--number", "4021001006", "--dir", &at("three")]);
    assert!(code == 1 && said.contains("organisation_number"), "{said}");
    let (code, said) = run(&[
        "init",
        "--name",
        "A",
        "--number",
        "4021001005",
        "--environment",
        "staging",
        "--dir",
        &at("four"),
    ]);
    assert!(code == 1 && said.contains("staging"), "{said}");
    drop(std::fs::remove_dir_all(&folder));
}

// R-004-48 (part)
#[test]
fn a_running_installation_and_its_commands() {
    let house = House::start(Engine::Sqlite);
    taken_port(&house);
    another_mark(&house);
    let mut table = Table::of("commands.rs::a_running_installation_and_its_commands");
    check_online(&house, &mut table);
    let mut greta = house.browser();
    greta.log_in(&house.phone, "greta").expect(200, "Greta");
    let refused = greta.exactly(
        "POST",
        "/party",
        &[("sec-fetch-site", "same-origin"), ("content-type", "application/x-www-form-urlencoded")],
        "to=x",
    );
    assert_eq!(refused.status, 403);
    let reference = reference(&mut greta);
    prove(&house, &reference);
    for (input, code) in
        [("reference code: of nothing", "00000-00000"), ("reference code: malformed", "../../x")]
    {
        let (status, words) = row(&mut table, input);
        let (code, said) = run(&["log", "prove", code, "--config", &house.config().display().to_string()]);
        assert!(format!("exit {code}") == status && said.contains(&words), "{input}: {said}");
    }
    another_time(&house, &mut table);
    assert_eq!(table.left(), Vec::<String>::new());
    altered(&house);
    assert_eq!(unquiet(&house.logs(), &[]), Vec::<String>::new());
}

/// The reference code of the login, which is the oldest of the person's own list of events.
pub fn reference(greta: &mut crate::support::Browser) -> String {
    let own = crate::main_job::path(greta, "/records");
    let text = greta.get(&own).text();
    let is_code = |word: &&str| {
        word.len() == 11 && word.as_bytes()[5] == b'-' && !word.bytes().any(|b| b.is_ascii_lowercase())
    };
    text.split_whitespace().rfind(is_code).unwrap_or_else(|| panic!("no reference: {text}")).to_owned()
}

fn taken_port(house: &House) {
    let place = |address: String| address.trim_start_matches("http://").to_owned();
    for (flag, taken) in
        [("--listen", place(house.address())), ("--operations", place(house.nodes[0].told("operations")))]
    {
        let other = if flag == "--listen" { "--operations" } else { "--listen" };
        let (code, said) = run(&[
            "serve",
            "--config",
            &house.config().display().to_string(),
            flag,
            &taken,
            other,
            "127.0.0.1:0",
        ]);
        assert!(code == 1 && said.contains(&taken) && said.contains("another"), "{flag}: {said}");
        assert!(!said.contains("panicked") && !said.contains("ready http"), "{said}");
    }
    let control = place(house.sandbox.told("ready"));
    let data = folder();
    let (code, said) = run(&[
        "sandbox",
        "--control",
        &control,
        "--bankid",
        "127.0.0.1:0",
        "--smtp",
        "127.0.0.1:0",
        "--data",
        &data.display().to_string(),
    ]);
    assert!(code == 1 && said.contains(&control), "{said}");
    assert!(std::fs::read_dir(&data).unwrap().next().is_none(), "a second sandbox writes nothing");
    drop(std::fs::remove_dir_all(&data));
}

/// The store keeps its mark for life.
fn another_mark(house: &House) {
    let path = house.folder.join("demo.toml");
    let text = std::fs::read_to_string(house.config()).unwrap();
    std::fs::write(&path, text.replace("environment = \"test\"", "environment = \"demo\"")).unwrap();
    let (code, said) = run(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--operations",
        "127.0.0.1:0",
        "--config",
        &path.display().to_string(),
    ]);
    assert!(code == 1 && said.contains("keeps its mark"), "{said}");
}

/// Status and words of a row.
fn row(table: &mut Table, input: &str) -> (String, String) {
    let row = table.row(input).unwrap_or_else(|wrong| panic!("{input}: {wrong}"));
    (row.status, row.codes.join(" "))
}

/// What is wrong between us and the provider is named, with what to do.
fn check_online(house: &House, table: &mut Table) {
    let good = std::fs::read_to_string(house.config()).unwrap();
    let (sound, said) = house.run(&["check", "--online"]);
    assert!(sound && said.contains("BankID answers"), "{said}");
    let pki = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sandbox/pki");
    let issued = issue(house);
    let server_root = pki.join("server-root.pem").display().to_string();
    let signing_root = pki.join("signing-root.pem").display().to_string();
    let value = |key: &str| {
        let line = good
            .lines()
            .find(|line| line.starts_with(&format!("{key} = ")))
            .unwrap_or_else(|| panic!("{key}"));
        line.split('"').nth(1).unwrap().to_owned()
    };
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let (certificate, key, endpoint) = (value("client_certificate"), value("client_key"), value("endpoint"));
    let with_client = |name: &str| {
        good.replace(&certificate, &format!("{issued}/{name}.pem"))
            .replace(&key, &format!("{issued}/{name}.key"))
    };
    let at = |port: u16| good.replace(&endpoint, &format!("https://localhost:{port}/rp/v6.0/"));
    for (input, text) in [
        ("`check --online`: a wrong root", good.replace(&server_root, &signing_root)),
        ("`check --online`: an expired relying-party certificate", with_client("expired")),
        ("`check --online`: a relying-party certificate of the future", with_client("future")),
        ("`check --online`: nobody listens", at(free)),
        ("`check --online`: no answer", at(silent.local_addr().unwrap().port())),
        ("`check --online`: an address of something else", good.replace("/rp/v6.0/", "/rp/v5.1/")),
    ] {
        assert_ne!(text, good, "{input}");
        let (status, words) = row(table, input);
        let path = house.folder.join("other.toml");
        std::fs::write(&path, text).unwrap();
        let (code, said) = run(&["check", "--online", "--config", &path.display().to_string()]);
        assert_eq!(format!("exit {code}"), status, "{input}: {said}");
        assert!(said.contains(&words) && said.contains("FAULT"), "{input}: “{words}” in {said}");
    }
}

/// The provider's clock says another time than ours. The last of all: it cannot be moved back.
fn another_time(house: &House, table: &mut Table) {
    let input = "`check --online`: a clock that is off";
    let (status, words) = row(table, input);
    house.phone.post("/clock", &serde_json::json!({"advance_seconds": 75}));
    let (code, said) = run(&["check", "--online", "--config", &house.config().display().to_string()]);
    assert!(
        format!("exit {code}") == status && said.contains(&words) && said.contains(" s behind"),
        "{input}: {said}"
    );
}

/// Relying-party certificates of the sandbox's own authority that are not good today.
fn issue(house: &House) -> String {
    use domain::Clock as _;
    let clock = std::sync::Arc::new(app::SystemClock);
    let now = clock.now();
    let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sandbox");
    let day = std::time::Duration::from_secs(24 * 3600);
    let options = sandbox::Options::on_free_ports(data);
    let made = house.phone.block_on(async {
        let running = sandbox::start(options, clock, std::sync::Arc::new(app::SystemEntropy::new()))
            .await
            .expect("a sandbox");
        let party = sandbox::RelyingParty { name: "Exempelmyndigheten".into(), number: "4021001005".into() };
        let issue = |from, to| running.issue_relying_party(&party, from..to).expect("a certificate");
        [("expired", issue(now - 9 * day, now - day)), ("future", issue(now + day, now + 9 * day))]
    });
    for (name, (certificate, key)) in made {
        std::fs::write(house.folder.join(format!("{name}.pem")), certificate).unwrap();
        std::fs::write(house.folder.join(format!("{name}.key")), key).unwrap();
    }
    house.folder.display().to_string()
}

/// A receipt is checked without the store, by anybody with the public key; one flipped byte, and it does not hold.
fn prove(house: &House, reference: &str) {
    let receipt = eventually("a receipt", || {
        let (sound, said) = house.run(&["log", "prove", reference]);
        sound.then_some(said)
    });
    let (_, keys) = house.run(&["keys", "public"]);
    // Another folder, without configuration and store.
    let alone = folder();
    std::fs::write(alone.join("receipt"), &receipt).unwrap();
    std::fs::write(alone.join("keys"), &keys).unwrap();
    let check = || {
        let output = Command::new(BINARY)
            .args(["log", "verify", "--receipt", "receipt", "--key", "keys"])
            .current_dir(&alone)
            .output();
        let output = output.expect("the command runs");
        (output.status.code().unwrap(), text(&output))
    };
    let (code, said) = check();
    assert!(
        code == 0 && said.contains("holds") && said.contains("login.done") && said.contains(reference),
        "{said}"
    );
    // Any byte: of the first line, the record, the proof, the checkpoint, the signature.
    let bytes = receipt.trim_end().as_bytes();
    for at in (0..bytes.len()).step_by(bytes.len() / 12).chain([bytes.len() - 3]) {
        let mut flipped = bytes.to_vec();
        flipped[at] ^= 1;
        std::fs::write(alone.join("receipt"), &flipped).unwrap();
        let (code, said) = check();
        assert!(
            code == 1 && !said.contains("receipt holds") && !said.contains("panicked"),
            "byte {at}: {said}"
        );
    }
    std::fs::write(alone.join("receipt"), &receipt).unwrap();
    let foreign = keys.replace("/behorig/test", "/behorig/demo");
    assert_ne!(foreign, keys);
    std::fs::write(alone.join("keys"), foreign).unwrap();
    assert_eq!(check().0, 1, "a key of another log");
    drop(std::fs::remove_dir_all(&alone));
}

/// One record altered in a copy of the store is found, by its id.
fn altered(house: &House) {
    let copy = house.folder.join("copy.db");
    let original = house.folder.join("data/behorig.db");
    let database = rusqlite::Connection::open(&original).unwrap();
    database.execute("VACUUM INTO ?1", [copy.display().to_string()]).unwrap();
    drop(database);
    let config = house.folder.join("copy.toml");
    let good = std::fs::read_to_string(house.config()).unwrap();
    std::fs::write(&config, good.replace("sqlite:data/behorig.db", "sqlite:copy.db")).unwrap();
    let verify = || run(&["log", "verify", "--config", &config.display().to_string()]);
    let (code, said) = verify();
    assert_eq!(code, 0, "the copy is sound: {said}");
    let database = rusqlite::Connection::open(&copy).unwrap();
    let (id, body): (Vec<u8>, String) = database
        .query_row("SELECT id, body FROM record WHERE event = 'login.done'", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    // One character of the record.
    let changed = body.replacen("bankid", "bankie", 1);
    assert_ne!(changed, body);
    database.execute("UPDATE record SET body = ?1 WHERE id = ?2", rusqlite::params![changed, id]).unwrap();
    drop(database);
    let (code, said) = verify();
    let hex = id.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert!(code == 1 && said.contains("altered"), "{said}");
    assert!(said.replace('-', "").contains(&hex), "{hex} in {said}");
    let (sound, said) = house.run(&["log", "verify"]);
    assert!(sound, "the original is untouched: {said}");
}
