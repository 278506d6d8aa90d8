//! Mistakes in the files of an installation: each is told with file, line and fix, and nothing is changed by it.

use crate::support::house::{BINARY, Engine, House, Process, eventually, folder, text};
use crate::support::table::{Table, unquiet};
use std::path::PathBuf;
use std::process::Command;

/// A folder that `behorig init` has filled; no process runs.
pub struct Installed(pub PathBuf);

impl Installed {
    pub fn new() -> Self {
        let folder = folder();
        let (code, said) = run(&[
            "init",
            "--name",
            "Exempelmyndigheten",
            "--number",
            "4021001005",
            "--dir",
            &folder.display().to_string(),
        ]);
        assert_eq!(code, 0, "{said}");
        Self(folder)
    }

    pub fn file(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }

    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).unwrap();
    }

    pub fn config(&self) -> String {
        self.0.join("behorig.toml").display().to_string()
    }
}

impl Drop for Installed {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Exit code and everything said.
pub fn run(arguments: &[&str]) -> (i32, String) {
    let output = Command::new(BINARY).args(arguments).output().expect("the binary runs");
    (output.status.code().expect("an exit code"), text(&output))
}

/// The row of a command: exit code, words, no panic and no secret.
pub fn meets(
    table: &mut Table,
    faults: &mut Vec<String>,
    input: &str,
    (code, said): &(i32, String),
    line: Option<usize>,
) {
    let row = match table.row(input) {
        Ok(row) => row,
        Err(wrong) => return faults.push(format!("“{input}”: {wrong}; {code}: {said}")),
    };
    let file = row.codes.iter().find(|word| word.ends_with(".toml"));
    let place = file.zip(line).map(|(file, line)| format!("{file}:{line}:"));
    let so = row.status == format!("exit {code}")
        && row.codes.iter().all(|word| said.contains(word.as_str()))
        && place.is_none_or(|place| said.contains(&place))
        && unquiet(said, &[]).is_empty();
    if !so {
        faults.push(format!("“{input}”: {row:?} line {line:?}; got {code}: {said}"));
    }
}

pub fn finish(table: &Table, mut faults: Vec<String>) {
    faults.extend(table.left().iter().map(|input| format!("“{input}” was not performed")));
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

/// The line on which two texts begin to differ, from 1.
fn first_difference(before: &str, after: &str) -> usize {
    let same = before.lines().zip(after.lines()).take_while(|(a, b)| a == b).count();
    same + 1
}

#[test]
fn a_mistake_in_the_configuration() {
    let installed = Installed::new();
    let mut table = Table::of("bad_files.rs::a_mistake_in_the_configuration");
    let mut faults = Vec::new();
    let good = installed.file("behorig.toml");
    for (input, from, to) in [
        ("no TOML", "environment = \"test\"", "environment = test"),
        ("an unknown key", "[operations]\n", "[operations]\nport = 8402\n"),
        ("a value of another type", "trusted_proxies = []", "trusted_proxies = \"10.0.0.1\""),
        ("an unknown environment", "environment = \"test\"", "environment = \"staging\""),
        ("an address that is none", "listen = \"127.0.0.1:8402\"", "listen = \"localhost\""),
        ("an organisation number with a wrong check digit", "\"4021001005\"", "\"4021001006\""),
        ("a public address with a slash at its end", "http://localhost:8400\"", "http://localhost:8400/\""),
        ("a listener open to others without TLS", "listen = \"127.0.0.1:8400\"", "listen = \"0.0.0.0:8400\""),
        ("operations open to others", "listen = \"127.0.0.1:8402\"", "listen = \"0.0.0.0:8402\""),
        ("a certificate without its key", "# certificate = ", "certificate = "),
        ("a store of an unknown kind", "sqlite:data/behorig.db", "mysql://localhost/behorig"),
        ("a mail server of an unknown kind", "smtp://127.0.0.1:8419", "mail.agency.example"),
        (
            "the simulator's start link in production",
            "environment = \"test\"",
            "environment = \"production\"",
        ),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        installed.write("behorig.toml", &bad);
        let line = match input {
            // Told where the start link stands, which is the line to mend.
            "the simulator's start link in production" => {
                1 + good.lines().take_while(|l| !l.starts_with("start_link")).count()
            }
            _ => first_difference(&good, &bad),
        };
        for command in ["check", "serve"] {
            let told = run(&[command, "--config", &installed.config()]);
            meets(&mut table, &mut faults, &format!("`{command}`: {input}"), &told, Some(line));
        }
    }
    installed.write("behorig.toml", &good.replace("[bankid]\n", "[bank_id]\n"));
    meets(
        &mut table,
        &mut faults,
        "`check`: a section of another name",
        &run(&["check", "--config", &installed.config()]),
        None,
    );
    let nowhere = installed.0.join("nothing.toml").display().to_string();
    meets(&mut table, &mut faults, "`serve`: no such file", &run(&["serve", "--config", &nowhere]), None);
    finish(&table, faults);
}

#[test]
fn a_mistake_in_a_file_that_the_configuration_names() {
    let installed = Installed::new();
    let mut table = Table::of("bad_files.rs::a_mistake_in_a_file_that_the_configuration_names");
    let mut faults = Vec::new();
    let check = || run(&["check", "--config", &installed.config()]);
    // `init` writes no certificates: the sandbox, or a bank, does.
    meets(&mut table, &mut faults, "certificates that are not there", &check(), None);
    let pki = installed.0.join("data/sandbox/pki");
    std::fs::create_dir_all(&pki).unwrap();
    for name in ["server-root.pem", "signing-root.pem", "relying-party.pem", "relying-party.key"] {
        std::fs::write(pki.join(name), "hello\n").unwrap();
    }
    meets(&mut table, &mut faults, "certificates that are none", &check(), None);
    let key = installed.file("secrets/master.key");
    installed.write("secrets/master.key", "AAAA\n");
    meets(&mut table, &mut faults, "a master key that is none", &check(), None);
    std::fs::remove_file(installed.0.join("secrets/master.key")).unwrap();
    meets(&mut table, &mut faults, "a master key that is not there", &check(), None);
    installed.write("secrets/master.key", &key);
    let good = installed.file("behorig.toml");
    installed.write("behorig.toml", &good.replace("folder = \"catalogue\"", "folder = \"catalog\""));
    let told = run(&["catalogue", "apply", "--config", &installed.config()]);
    meets(&mut table, &mut faults, "a catalogue's folder that is not there", &told, None);
    installed.write("behorig.toml", &good.replace("sqlite:data/", "sqlite:dato/"));
    meets(&mut table, &mut faults, "a store that is not there", &check(), None);
    std::fs::create_dir_all(installed.0.join("dato")).unwrap();
    std::fs::write(
        installed.0.join("dato/behorig.db"),
        "this is no database, and long enough to be taken for one",
    )
    .unwrap();
    meets(&mut table, &mut faults, "a store that is no database", &check(), None);
    finish(&table, faults);
}

/// Two mistakes at once are told at once; and a good change comes in force under a number of its own while a node runs.
#[test]
fn a_mistake_in_the_catalogue_under_a_running_node() {
    let house = House::start(Engine::Sqlite);
    let mut table = Table::of("bad_files.rs::a_mistake_in_the_catalogue_under_a_running_node");
    let mut faults = Vec::new();
    let path = house.folder.join("catalogue/employer.toml");
    let good = std::fs::read_to_string(&path).unwrap();
    let config = house.config().display().to_string();
    let apply = || run(&["catalogue", "apply", "--config", &config]);
    let before = house.metric("behorig_seq");
    for (input, from, to) in [
        ("catalogue: no TOML", "connection = \"required\"", "connection = required"),
        (
            "catalogue: an unknown key",
            "connection = \"required\"",
            "connection = \"required\"\ncolour = \"blue\"",
        ),
        ("catalogue: an unknown method", "methods = [\"bankid\"]", "methods = [\"bankid\", \"freja\"]"),
        ("catalogue: a text in one language", ", en = \"Give authorisation\"", ""),
        (
            "catalogue: a package with an unknown permission",
            "  \"employer.sickness_report.read_own\",\n",
            "  \"employer.sickness_report.peek\",\n",
        ),
        (
            "catalogue: a rule without its source",
            "source = \"Allmänna villkor 2024-12-20 §1, §4 och §5\"",
            "source = \"\"",
        ),
        ("catalogue: a limit that is no number", "value = 15", "value = -15"),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        std::fs::write(&path, &bad).unwrap();
        let told = apply();
        let line = match input {
            // Told at the rule that lacks it.
            "catalogue: a rule without its source" => {
                1 + good.lines().take_while(|l| !l.contains("\"administrator_gives\"")).count()
            }
            _ => first_difference(&good, &bad),
        };
        meets(&mut table, &mut faults, input, &told, Some(line));
    }
    std::fs::write(
        &path,
        good.replace("employer.sickness_report.read_own\",\n", "employer.sickness_report.peek\",\n")
            .replace("[\"bankid\"]", "[\"freja\"]"),
    )
    .unwrap();
    meets(&mut table, &mut faults, "catalogue: two mistakes", &apply(), None);
    assert_eq!(house.metric("behorig_seq"), before, "a mistake changes nothing");
    changed(&house, &good);
    std::fs::remove_file(&path).unwrap();
    std::fs::remove_file(house.folder.join("catalogue/platform.toml")).unwrap();
    meets(&mut table, &mut faults, "catalogue: no file", &apply(), None);
    faults.extend(unquiet(&house.logs(), &[]));
    finish(&table, faults);
}

/// A changed file: a new version under the next number, shown by the running node at its next request.
fn changed(house: &House, good: &str) {
    let path = house.folder.join("catalogue/employer.toml");
    let before = house.metric("behorig_seq");
    std::fs::write(
        &path,
        good.replace("E-tjänster för arbetsgivare", "E-tjänster för arbetsgivare och ombud"),
    )
    .unwrap();
    let (sound, said) = house.run(&["catalogue", "apply"]);
    assert!(sound && said.contains(&format!("change {}", before + 1)), "{said}");
    eventually("the new name on the login page", || {
        house.browser().get("/login").has("arbetsgivare och ombud").then_some(())
    });
    assert_eq!(house.metric("behorig_seq"), before + 1);
    // The same once more is no change.
    let (sound, said) = house.run(&["catalogue", "apply"]);
    assert!(sound && said.contains("in force already"), "{said}");
    assert_eq!(house.metric("behorig_seq"), before + 1);
    let (sound, said) = house.run(&["log", "verify"]);
    assert!(sound, "{said}");
    // A node that starts later decides by the stored version, not by the file.
    std::fs::write(&path, good).unwrap();
    let later = Process::start(
        Command::new(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0", "--operations", "127.0.0.1:0", "--config"])
            .arg(house.config()),
        "serve",
    );
    let page = crate::support::Browser::at(&later.told("ready")).get("/login");
    assert!(page.has("arbetsgivare och ombud"), "{}", page.text());
}
