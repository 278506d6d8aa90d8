//! An SMTP sink (RFC 5321): takes every mail, delivers none, fills the inbox.

mod mime;
mod session;

use crate::{serve, world::World};
use std::{sync::Arc, time::Duration};
use tokio::{
    io::BufReader,
    net::{TcpListener, TcpStream},
};

/// How long one session lives at most.
const SESSION_TIME: Duration = Duration::from_secs(300);

/// Serves until dropped.
pub async fn run(listener: TcpListener, world: Arc<World>) {
    serve::accept(listener, |stream| connection(Arc::clone(&world), stream)).await;
}

async fn connection(world: Arc<World>, stream: TcpStream) {
    let (read, write) = stream.into_split();
    let session = session::run(&world, BufReader::new(read), write);
    match tokio::time::timeout(SESSION_TIME, session).await {
        Ok(Ok(())) => {}
        Ok(Err(e)) => tracing::debug!(error = %e, "SMTP session ended"),
        Err(_) => tracing::debug!("SMTP session reached its longest life"),
    }
}
