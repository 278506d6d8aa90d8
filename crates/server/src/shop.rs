//! The example e-service of a demo, on a listener of its own: to us it is a stranger like any other.

use crate::listen::Listener;
use anyhow::Context as _;
use std::net::SocketAddr;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Begins to answer at `home`, such as `http://127.0.0.1:8420`, and lets visitors log in at `issuer`.
pub async fn open(home: &str, issuer: &str, stop: watch::Receiver<bool>) -> anyhow::Result<JoinHandle<()>> {
    let address: SocketAddr = home.strip_prefix("http://").unwrap_or(home).parse().with_context(|| {
        format!("{home}: the example e-service needs an address of the form http://127.0.0.1:8420")
    })?;
    let config = example::Config {
        issuer: issuer.to_owned(),
        client_id: oidc::ClientId::example().to_string(),
        home: home.to_owned(),
    };
    let listener = Listener::bind(address, "the example e-service").await?;
    Ok(tokio::spawn(listener.serve(example::router(config)?, stop)))
}
