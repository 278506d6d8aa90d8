//! What the measurement knows of the binary: how a store with many mandates is made, how it is served, and how
//! somebody logs in. Everything that follows the product's commands and routes stands here and nowhere else.

use anyhow::Result;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use super::{http::Request, server::Running};
use crate::process;

#[derive(Debug)]
pub struct Plan {
    pub binary: PathBuf,
    /// Arguments under which it serves.
    pub serve: Vec<String>,
    pub address: SocketAddr,
    /// As printed beside the figures.
    pub engine: &'static str,
}

/// Requests of somebody logged in: a page, and a write made anew each time.
pub struct Session {
    pub page: Request,
    pub write: Box<dyn FnMut() -> Request>,
}

/// Makes the store, and says how to serve it.
pub fn prepare(binary: &Path, data: &Path, mandates: u32) -> Result<Plan> {
    let folder = data.display().to_string();
    let mut fill = process::command(binary, data);
    fill.args(["demo", "--data", &folder, "--scale", &mandates.to_string(), "--fill-only"]);
    process::watch(&mut fill, |_| {})?;
    Ok(Plan {
        binary: binary.to_path_buf(),
        serve: ["serve", "--config"]
            .into_iter()
            .map(str::to_owned)
            .chain([format!("{folder}/behorig.toml")])
            .collect(),
        address: SocketAddr::from(([127, 0, 0, 1], 8400)),
        engine: "SQLite",
    })
}

/// Logs somebody in with the sandbox's phone. `None` until the routes are settled.
pub fn session(_running: &Running) -> Result<Option<Session>> {
    Ok(None)
}
