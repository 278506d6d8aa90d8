//! Simulators for what cannot be reached: BankID, the mailbox, the demo people.
//!
//! One running sandbox listens on three loopback ports: *control* (plain HTTP: the phone, the people, the inbox,
//! the clock, faults; described by `openapi.json`), *BankID* (Relying Party API v6.0 over mutual TLS with a test
//! PKI of its own) and *SMTP* (a sink). It keeps nothing but the PKI.
//!
//! What it enforces of the real BankID, and what only it can do, stands in the modules `bankid` and `control`.
//! Everything untrue happens on demand: without `/fault`, `/phone/fault`, `/phone/risk` and `/clock` it behaves
//! as the real thing is documented to.

mod bankid;
mod clock;
mod control;
mod error;
mod inbox;
mod people;
mod pki;
mod register;
mod serve;
mod smtp;
mod world;

pub use error::SandboxError;
pub use people::{Former, Group, Lang, Organisation, People, Person, Protection, Text};
pub use pki::{PkiPaths, RelyingParty};

use domain::{Clock, Entropy, Instant};
use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    ops::Range,
    path::PathBuf,
    sync::Arc,
};
use tokio::{net::TcpListener, task::JoinSet};
use world::World;

/// Where the sandbox keeps its PKI and listens. Only loopback addresses; port 0 lets the system choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The data folder; the PKI lies in `pki/` in it and is made there once.
    pub data: PathBuf,
    pub control: SocketAddr,
    pub bankid: SocketAddr,
    pub smtp: SocketAddr,
}

impl Options {
    /// The usual ports: control 8401, BankID 8411, SMTP 8419, on 127.0.0.1.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        let on = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Self { data: data.into(), control: on(8401), bankid: on(8411), smtp: on(8419) }
    }

    /// Ports that the system chooses, for tests.
    pub fn on_free_ports(data: impl Into<PathBuf>) -> Self {
        let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self { data: data.into(), control: any, bankid: any, smtp: any }
    }
}

/// A running sandbox; it stops when dropped.
#[derive(Debug)]
pub struct Sandbox {
    /// The addresses that are really bound.
    pub control: SocketAddr,
    pub bankid: SocketAddr,
    pub smtp: SocketAddr,
    pub pki: PkiPaths,
    world: Arc<World>,
    listeners: JoinSet<()>,
}

impl Sandbox {
    /// `https://127.0.0.1:PORT/rp/v6.0/`.
    pub fn bankid_url(&self) -> String {
        format!("https://{}/rp/v6.0/", self.bankid)
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn control_url(&self) -> String {
        format!("http://{}", self.control)
    }

    /// The start link for the same device: `?autostarttoken=…` is to be added.
    pub fn start_link(&self) -> String {
        format!("{}/phone/open", self.control_url())
    }

    /// The demo people and organisations.
    pub fn people(&self) -> &People {
        &self.world.people
    }

    /// Issues a further client certificate of the relying parties' CA, for tests of other, expired and future
    /// ones: certificate with its CA, and key, both PEM. Blocks for the time that an RSA key takes.
    ///
    /// # Errors
    /// [`SandboxError::Pki`] if the certificate cannot be made.
    pub fn issue_relying_party(
        &self,
        party: &RelyingParty,
        valid: Range<Instant>,
    ) -> Result<(String, String), SandboxError> {
        let mut serial = [0; 8];
        self.world.entropy.fill(&mut serial);
        serial[0] = serial[0] & 0x3f | 0x40;
        self.world.pki.issue_relying_party(party, valid, serial)
    }

    /// Stops listening and ends all connections.
    pub async fn shutdown(mut self) {
        self.listeners.shutdown().await;
    }
}

/// Starts the sandbox: makes the PKI if there is none, binds the three ports, serves until the result is dropped.
///
/// # Errors
/// A taken port, an address that is not loopback, a data folder that cannot be used: each says what to do.
pub async fn start(
    options: Options,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
) -> Result<Sandbox, SandboxError> {
    // Ports first: a second sandbox must fail before it touches the first one's files.
    let control = bind("the sandbox's control", options.control).await?;
    let bankid = bind("the simulated BankID", options.bankid).await?;
    let smtp = bind("the mail sink", options.smtp).await?;

    let data = options.data.clone();
    let people = People::load()?;
    let random = Arc::clone(&entropy);
    let opened = tokio::task::spawn_blocking(move || {
        let pki = pki::Pki::open(&data)?;
        let tls = bankid::listener::config(&pki)?;
        let folder = data.join("pki");
        let token = register::token(&folder, random.as_ref())
            .map_err(|e| SandboxError::Pki { path: folder, what: format!("the register's token: {e}") })?;
        Ok::<_, SandboxError>((pki, tls, token))
    });
    let (pki, tls, token) = opened.await.map_err(|e| SandboxError::Pki {
        path: options.data.join("pki"),
        what: format!("making it was broken off ({e})"),
    })??;
    let paths = pki.paths().clone();
    let world = Arc::new(World::new(clock, entropy, people, pki, token));

    let addresses = [&control, &bankid, &smtp].map(TcpListener::local_addr);
    let [Ok(control_at), Ok(bankid_at), Ok(smtp_at)] = addresses else {
        let source = io::Error::other("a listener lost its address");
        return Err(SandboxError::Listen { listener: "the sandbox", address: options.control, source });
    };
    let mut listeners = JoinSet::new();
    listeners.spawn(control::run(control, Arc::clone(&world)));
    listeners.spawn(bankid::listener::run(bankid, tls, Arc::clone(&world)));
    listeners.spawn(smtp::run(smtp, Arc::clone(&world)));
    Ok(Sandbox { control: control_at, bankid: bankid_at, smtp: smtp_at, pki: paths, world, listeners })
}

async fn bind(listener: &'static str, address: SocketAddr) -> Result<TcpListener, SandboxError> {
    if !address.ip().is_loopback() {
        return Err(SandboxError::NotLoopback { listener, address });
    }
    TcpListener::bind(address).await.map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => SandboxError::PortTaken { listener, address },
        _ => SandboxError::Listen { listener, address, source },
    })
}
