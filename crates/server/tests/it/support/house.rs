//! An installation of its own: a data folder, a sandbox, one or more nodes, all as processes of the real binary.

use super::phone::Phone;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

pub const BINARY: &str = env!("CARGO_BIN_EXE_behorig");

/// A process that ends with its test.
pub struct Process {
    child: Mutex<Child>,
    log: Arc<Mutex<String>>,
    pub lines: Vec<String>,
}

impl Process {
    /// Starts and waits for the line that begins with `ready`.
    pub fn start(command: &mut Command, what: &str) -> Process {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
        let log = Arc::new(Mutex::new(String::new()));
        let stderr = child.stderr.take().expect("stderr");
        let into = log.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                let mut log = into.lock().unwrap();
                log.push_str(&line);
                log.push('\n');
            }
        });
        let mut lines = Vec::new();
        let mut stdout = BufReader::new(child.stdout.take().expect("stdout"));
        loop {
            let mut line = String::new();
            if stdout.read_line(&mut line).unwrap_or(0) == 0 {
                std::thread::sleep(Duration::from_millis(200));
                panic!("{what} ended before it was ready:\n{}\n{}", lines.join("\n"), log.lock().unwrap());
            }
            lines.push(line.trim_end().to_owned());
            if line.starts_with("ready ") {
                break;
            }
        }
        // The pipe is kept empty, so that the process never waits on it.
        std::thread::spawn(move || drop(std::io::copy(&mut stdout, &mut std::io::sink())));
        Process { child: Mutex::new(child), log, lines }
    }

    /// The address on the line that begins with `word`.
    pub fn told(&self, word: &str) -> String {
        let line = self.lines.iter().find_map(|line| line.strip_prefix(&format!("{word} ")));
        line.unwrap_or_else(|| panic!("no line {word} in {:?}", self.lines)).to_owned()
    }

    /// The technical log so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Its number in the system.
    pub fn id(&self) -> u32 {
        self.child.lock().unwrap().id()
    }

    /// Its exit code, once it has ended by itself.
    pub fn ended(&self) -> Option<i32> {
        self.child.lock().unwrap().try_wait().unwrap().and_then(|status| status.code())
    }

    /// Ends it without warning, as a power cut would.
    pub fn kill(&self) {
        let mut child = self.child.lock().unwrap();
        drop(child.kill());
        drop(child.wait());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Which engine an installation runs on.
#[derive(Clone)]
pub enum Engine {
    Sqlite,
    Postgres,
}

pub struct House {
    /// The address of its PostgreSQL, if it is on one.
    database: Option<store::StoreUrl>,
    pub folder: PathBuf,
    pub sandbox: Process,
    pub nodes: Vec<Process>,
    pub phone: Phone,
    pub invitations: Vec<String>,
}

impl House {
    /// `behorig sandbox`, `behorig init`, `behorig serve`, each on ports that the system chooses.
    pub fn start(engine: Engine) -> House {
        match engine {
            Engine::Sqlite => House::on(None),
            Engine::Postgres => {
                let runtime = tokio::runtime::Runtime::new().unwrap();
                let database = runtime.block_on(store::testing::postgres()).expect("a PostgreSQL server");
                House::on(Some(database.url.clone()))
            }
        }
    }

    /// The same on a store that is there already; without one, on a file of its own.
    pub fn on(database: Option<store::StoreUrl>) -> House {
        let folder = folder();
        // One test PKI for the whole run: RSA keys take a second each.
        let pki = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sandbox");
        let sandbox = Process::start(
            Command::new(BINARY)
                .args([
                    "sandbox",
                    "--control",
                    "127.0.0.1:0",
                    "--bankid",
                    "127.0.0.1:0",
                    "--smtp",
                    "127.0.0.1:0",
                ])
                .arg("--data")
                .arg(&pki),
            "sandbox",
        );
        let phone = Phone::new(&sandbox.told("ready"));
        let store = match &database {
            None => "sqlite:data/behorig.db",
            Some(store::StoreUrl::Postgres(url)) => url,
            Some(store::StoreUrl::Sqlite(_)) => panic!("a PostgreSQL address"),
        };
        let init = Command::new(BINARY)
            .args([
                "init",
                "--name",
                "Exempelmyndigheten",
                "--number",
                "4021001005",
                "--store",
                store,
                "--dir",
            ])
            .arg(&folder)
            .output()
            .expect("init runs");
        let said = text(&init);
        assert!(init.status.success(), "{said}");
        let invitations = said
            .lines()
            .filter_map(|line| line.trim().split_once(". "))
            .filter(|(number, code)| number.len() == 1 && code.len() == 29)
            .map(|(_, code)| code.to_owned())
            .collect::<Vec<_>>();
        assert_eq!(invitations.len(), 2, "{said}");
        let mut house = House { database, folder, sandbox, nodes: Vec::new(), phone, invitations };
        house.point_at_sandbox(&pki);
        house.node();
        house
    }

    /// Writes the sandbox's addresses into the configuration, as an operator would.
    fn point_at_sandbox(&self, pki: &Path) {
        let path = self.config();
        let mut text = std::fs::read_to_string(&path).unwrap();
        let control = self.sandbox.told("ready");
        text = text
            .replace("https://localhost:8411/rp/v6.0/", &self.sandbox.told("bankid"))
            .replace("\"data/sandbox/pki/", &format!("\"{}/pki/", pki.display()))
            .replace("http://localhost:8401", &control)
            .replace("127.0.0.1:8419", self.sandbox.told("smtp").trim());
        std::fs::write(&path, text).unwrap();
    }

    /// The nodes reach BankID over a line that can be cut, and are started anew for it.
    pub fn relay(&mut self) -> super::relay::Relay {
        let own = self.sandbox.told("bankid");
        let port = own.trim_start_matches("https://").split(['/', ':']).nth(1).unwrap().parse().unwrap();
        let relay = super::relay::Relay::to(([127, 0, 0, 1], port).into());
        let text = std::fs::read_to_string(self.config()).unwrap();
        let led = text.replace(&format!(":{port}/rp/"), &format!(":{}/rp/", relay.port));
        assert_ne!(text, led, "{own}");
        std::fs::write(self.config(), led).unwrap();
        self.kill();
        self.node();
        relay
    }

    /// Whether several nodes can share the store.
    pub fn postgres(&self) -> bool {
        self.database.is_some()
    }

    pub fn config(&self) -> PathBuf {
        self.folder.join("behorig.toml")
    }

    /// One node more, on the same store.
    pub fn node(&mut self) -> String {
        let node = Process::start(&mut self.serve(), "serve");
        let address = node.told("ready");
        self.nodes.push(node);
        address
    }

    /// A node that dies while it is coming up, so long after its start.
    pub fn node_that_dies(&self, after: Duration) {
        let mut child = self.serve().stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        std::thread::sleep(after);
        drop(child.kill());
        drop(child.wait());
    }

    fn serve(&self) -> Command {
        let mut command = Command::new(BINARY);
        command.args(["serve", "--listen", "127.0.0.1:0", "--operations", "127.0.0.1:0", "--config"]);
        command.arg(self.config());
        command
    }

    /// All nodes end without warning.
    pub fn kill(&mut self) {
        self.nodes.clear();
    }

    /// The store, beside the nodes.
    pub fn store(&self) -> store::Store {
        let file = || store::StoreUrl::Sqlite(self.folder.join("data/behorig.db"));
        let url = self.database.clone().unwrap_or_else(file);
        self.phone.block_on(store::Store::open(&url)).expect("the store opens")
    }

    pub fn address(&self) -> String {
        self.nodes[0].told("ready")
    }

    /// A command of the same installation; its output and whether it succeeded.
    pub fn run(&self, arguments: &[&str]) -> (bool, String) {
        let output = Command::new(BINARY)
            .args(arguments)
            .arg("--config")
            .arg(self.config())
            .current_dir(&self.folder)
            .output()
            .expect("the command runs");
        (output.status.success(), text(&output))
    }

    /// A number of the first node's metrics.
    pub fn metric(&self, name: &str) -> u64 {
        let text = super::Browser::at(&self.nodes[0].told("operations")).get("/metrics").html;
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name} ")));
        line.unwrap_or_else(|| panic!("no {name} in {text}")).parse().expect("a number")
    }

    /// The technical logs of all processes so far.
    pub fn logs(&self) -> String {
        self.nodes.iter().chain([&self.sandbox]).map(Process::log).collect::<Vec<_>>().join("\n")
    }

    pub fn browser(&self) -> super::Browser {
        super::Browser::at(&self.address())
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.nodes.clear();
        self.sandbox.kill();
        if std::thread::panicking() {
            eprintln!("kept for a look: {}", self.folder.display());
        } else {
            drop(std::fs::remove_dir_all(&self.folder));
        }
    }
}

pub fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A fresh folder below the target folder.
pub fn folder() -> PathBuf {
    let mut random = [0u8; 8];
    std::fs::File::open("/dev/urandom").unwrap().read_exact(&mut random).unwrap();
    let name = random.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Tries until it succeeds, for at most ten seconds.
pub fn eventually<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    within(Duration::from_secs(10), what, look)
}

/// Tries until it succeeds, for at most so long.
pub fn within<T>(time: Duration, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + time;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < end, "{what} did not happen in {} s", time.as_secs());
        std::thread::sleep(Duration::from_millis(50));
    }
}
