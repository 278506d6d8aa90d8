//! Finds or starts the PostgreSQL server that tests use.

use std::{
    io::{BufRead, BufReader, Read},
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

/// The server's process holds the other end of our pipe: it goes when this process goes.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) address: String,
    process: Option<Child>,
}

/// What starts a server, given the folder of its programs.
pub(super) const SCRIPT: &str = include_str!("server.sh");

impl Server {
    /// The number of its process; 0 for one that was there before.
    pub(super) fn id(&self) -> u32 {
        self.process.as_ref().map_or(0, Child::id)
    }
}

static SERVER: OnceLock<Result<Server, String>> = OnceLock::new();

/// The address of the server; started at the first call. Blocks for a few seconds then.
pub(super) fn address() -> Result<String, String> {
    match SERVER.get_or_init(find) {
        Ok(server) => Ok(server.address.clone()),
        Err(missing) => Err(missing.clone()),
    }
}

fn find() -> Result<Server, String> {
    match std::env::var("BEHORIG_TEST_POSTGRES") {
        Ok(address) => Ok(Server { address, process: None }),
        Err(_) => start(),
    }
}

fn start() -> Result<Server, String> {
    let programs = programs_or_told()?;
    let mut command = unprivileged();
    started(command.args(["-c", SCRIPT, "sh"]).arg(&programs))
}

pub(super) fn programs_or_told() -> Result<PathBuf, String> {
    let missing = "these tests need PostgreSQL: install its server (Debian, Ubuntu: `apt-get install postgresql`) \
                   or set BEHORIG_TEST_POSTGRES to the URL of a local server";
    programs().ok_or_else(|| missing.to_owned())
}

/// Starts what ends in [`SCRIPT`], and waits for its server.
pub(super) fn started(command: &mut Command) -> Result<Server, String> {
    // A group of its own: Ctrl-C at the terminal must not stop the shell before it has cleaned up.
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    let mut child = command.spawn().map_err(|e| format!("PostgreSQL cannot be started: {e}"))?;
    let mut folder = String::new();
    if let Some(out) = child.stdout.take() {
        BufReader::new(out).read_line(&mut folder).map_err(|e| e.to_string())?;
    }
    let folder = folder.trim();
    if folder.is_empty() {
        let mut said = String::new();
        if let Some(mut err) = child.stderr.take() {
            let _ = err.read_to_string(&mut said);
        }
        return Err(format!("PostgreSQL did not start: {said}"));
    }
    let address = format!("postgres:///postgres?user=behorig&host={}", folder.replace('/', "%2F"));
    Ok(Server { address, process: Some(child) })
}

pub(super) fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0)
}

/// A shell as a user that PostgreSQL accepts: it refuses to run as root.
fn unprivileged() -> Command {
    if is_root() {
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--", "sh"]);
        return command;
    }
    Command::new("sh")
}

/// The folder of `initdb` and `postgres`: the newest under Debian's place, else where `PATH` leads.
fn programs() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = debian
        .filter_map(|e| Some((e.file_name().to_str()?.parse::<u32>().ok()?, e.path().join("bin"))))
        .filter(|(_, bin)| complete(bin))
        .max();
    if let Some((_, bin)) = newest {
        return Some(bin);
    }
    std::env::split_paths(&std::env::var_os("PATH")?).find(|bin| complete(bin))
}

fn complete(bin: &Path) -> bool {
    ["initdb", "postgres", "pg_isready"].iter().all(|program| bin.join(program).is_file())
}
