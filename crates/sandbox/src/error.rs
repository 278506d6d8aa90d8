//! What can go wrong when the simulator starts, said so that the reader knows what to do.

use std::{io, net::SocketAddr, path::PathBuf};

/// Why the simulator did not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    #[error(
        "port {port} for {listener} is taken: another program, perhaps another sandbox, listens on \
         {address}. Stop it, or choose another port (0 lets the system choose)",
        port = address.port()
    )]
    PortTaken { listener: &'static str, address: SocketAddr },
    #[error("cannot listen on {address} for {listener}: {source}. Choose a loopback address and a free port")]
    Listen { listener: &'static str, address: SocketAddr, source: io::Error },
    #[error(
        "{address} for {listener} is not a loopback address. The sandbox lets anybody approve a login and answers only on 127.0.0.1 or [::1]"
    )]
    NotLoopback { listener: &'static str, address: SocketAddr },
    #[error("cannot read or write {path}: {source}. Check the data folder and its permissions")]
    File { path: PathBuf, source: io::Error },
    #[error(
        "the test certificates cannot be used: {path}: {what}. Delete the folder `pki` in the data folder to have them made anew"
    )]
    Pki { path: PathBuf, what: String },
    #[error("the list of demo people is wrong: {what}. Mend people.toml")]
    People { what: String },
}
