//! Where a demo listens: fixed distances from one base, so that several demos can run side by side; and what to do where a
//! port is taken, said so that it can be typed.

use crate::listen::taken;
use anyhow::bail;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// The base of a demo that is given none.
pub const USUAL: u16 = 8400;
/// Distances from the base: pages, phone and mailbox, operations, BankID, mail, the example e-service.
const DISTANCES: [u16; 6] = [0, 1, 2, 11, 19, 20];
/// The highest base: the ports above it end at 65535.
pub const HIGHEST: u16 = 65_500;

/// The ports of one demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ports(u16);

impl Ports {
    pub const fn from_base(base: u16) -> Self {
        Self(base)
    }

    const fn at(self, distance: u16) -> u16 {
        self.0.saturating_add(distance)
    }

    pub fn public_url(self) -> String {
        format!("http://localhost:{}", self.0)
    }

    /// Another host name than the pages', so that no cookie is shared.
    pub fn example_url(self) -> String {
        format!("http://127.0.0.1:{}", self.at(20))
    }

    pub const fn operations(self) -> u16 {
        self.at(2)
    }

    /// The simulators' places.
    pub fn sandbox(self, data: &Path) -> sandbox::Options {
        let on = |distance| SocketAddr::from(([127, 0, 0, 1], self.at(distance)));
        sandbox::Options { control: on(1), bankid: on(11), smtp: on(19), ..sandbox::Options::new(data) }
    }

    /// A configuration written for these ports, with those of `to` instead.
    pub fn rewritten(self, text: &str, to: Ports) -> String {
        let mark = |distance: u16| format!(":\u{1}{distance}\u{1}");
        let marked = DISTANCES
            .iter()
            .fold(text.to_owned(), |text, d| text.replace(&format!(":{}", self.at(*d)), &mark(*d)));
        DISTANCES.iter().fold(marked, |text, d| text.replace(&mark(*d), &format!(":{}", to.at(*d))))
    }

    async fn busy(self) -> Vec<u16> {
        let mut busy = Vec::new();
        for port in DISTANCES.map(|distance| self.at(distance)) {
            if taken(SocketAddr::from(([127, 0, 0, 1], port))).await {
                busy.push(port);
            }
        }
        busy
    }

    /// # Errors
    /// Each taken port, who holds it if the system tells, and two ways on. `data`: the folder that was asked for.
    pub async fn check(self, data: &Path) -> anyhow::Result<()> {
        let busy = self.busy().await;
        if busy.is_empty() {
            return Ok(());
        }
        let mut says = String::new();
        let mut kill = Vec::new();
        for port in busy {
            match holder(port) {
                Some(Holder { process, name }) => {
                    let _ = writeln!(says, "port {port} is taken by {name} (process {process})");
                    kill.push(process);
                }
                None => {
                    let _ = writeln!(says, "port {port} is taken by a process that cannot be seen from here");
                }
            }
        }
        kill.sort_unstable();
        kill.dedup();
        if !kill.is_empty() {
            let processes = kill.iter().map(u32::to_string).collect::<Vec<_>>().join(" ");
            let _ = writeln!(says, "stop it:        kill {processes}");
        }
        match self.free_beside().await {
            Some(Ports(base)) => {
                bail!(
                    "{says}or use others:  behorig demo --data {} --port-base {base}",
                    beside(data, base).display()
                )
            }
            None => bail!("{says}or use others:  behorig demo --help tells of --port-base"),
        }
    }

    /// Other ports that are all free now.
    async fn free_beside(self) -> Option<Ports> {
        for step in 1..=20u16 {
            let base = self.0.checked_add(step * 100).filter(|base| *base <= HIGHEST)?;
            if Ports(base).busy().await.is_empty() {
                return Some(Ports(base));
            }
        }
        None
    }
}

/// Where a demo on other ports keeps its data: beside the folder that was asked for, since the demo that has the ports may well be
/// the one in it, and two in one folder would hurt each other.
fn beside(data: &Path, base: u16) -> PathBuf {
    let mut name = data.file_name().map_or_else(|| OsString::from("demo"), OsString::from);
    name.push(format!("-{base}"));
    data.with_file_name(name)
}

/// Who listens on a port.
#[derive(Debug, PartialEq, Eq)]
struct Holder {
    process: u32,
    name: String,
}

/// By the system's own tables (proc(5)); `None` where there are none, or the process is another user's.
fn holder(port: u16) -> Option<Holder> {
    let mut inodes = Vec::new();
    for table in ["/proc/net/tcp", "/proc/net/tcp6"] {
        let table = std::fs::read_to_string(table).unwrap_or_default();
        let found = table.lines().filter_map(|line| listening(line, port));
        inodes.extend(found.map(|inode| format!("socket:[{inode}]")));
    }
    if inodes.is_empty() {
        return None;
    }
    let processes = std::fs::read_dir("/proc").ok()?.flatten();
    processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()).find_map(|process| {
        let files = std::fs::read_dir(format!("/proc/{process}/fd")).ok()?.flatten();
        let holds = files
            .filter_map(|file| std::fs::read_link(file.path()).ok())
            .any(|link| inodes.iter().any(|inode| link.as_os_str() == inode.as_str()));
        let name = || std::fs::read_to_string(format!("/proc/{process}/comm")).ok();
        holds.then(|| Holder { process, name: name().unwrap_or_default().trim().to_owned() })
    })
}

/// The inode of a line of `/proc/net/tcp` that tells of a listener on the port: state `0A`.
fn listening(line: &str, port: u16) -> Option<&str> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let (local, state, inode) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
    let (_, hex) = local.rsplit_once(':')?;
    (*state == "0A" && u16::from_str_radix(hex, 16) == Ok(port)).then_some(*inode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configuration_moves_as_a_whole_and_back() {
        let text = super::super::init::template("demo", "A", "4021001005");
        let moved = Ports(USUAL).rewritten(&text, Ports(8401));
        for port in [":8401\"", ":8403\"", ":8412/", ":8420\"", "//localhost:8402/phone"] {
            assert!(moved.contains(port), "{port}: {moved}");
        }
        assert!(!moved.contains(":8400") && !moved.contains(":8411"), "{moved}");
        assert_eq!(Ports(8401).rewritten(&moved, Ports(USUAL)), text);
    }

    #[test]
    fn whoever_holds_a_port_is_named() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let found = holder(port).unwrap();
        assert_eq!(found.process, std::process::id());
        assert!(!found.name.is_empty());
        drop(listener);
        assert_eq!(holder(port), None);
    }

    #[test]
    fn the_folder_that_is_proposed_stands_beside_the_one_that_was_asked_for() {
        assert_eq!(beside(Path::new("/tmp/mine"), 8500), Path::new("/tmp/mine-8500"));
        assert_eq!(beside(Path::new("data/demo/"), 8500), Path::new("data/demo-8500"));
    }

    #[test]
    fn only_listeners_count() {
        let line =
            "  0: 0100007F:20D0 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000  0 4242 1 0";
        assert_eq!(listening(line, 8400), Some("4242"));
        assert_eq!(listening(line, 8401), None);
        assert_eq!(listening(&line.replace(" 0A ", " 01 "), 8400), None);
        assert_eq!(listening("  sl  local_address rem_address   st", 8400), None);
    }
}
