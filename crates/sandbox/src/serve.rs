//! Accepting connections and speaking HTTP/1.1 on them, bounded in number and time.

use axum::response::Response;
use hyper::{Request, body::Incoming, server::conn::http1, service::Service};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{convert::Infallible, future::Future, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    task::JoinSet,
};

/// The most connections that one listener holds at once; others wait in the system's queue.
const CONNECTIONS: usize = 256;
/// How long the head of a request may take, also the first one of a connection.
const HEAD_TIME: Duration = Duration::from_secs(30);
/// How long one connection lives at most.
const CONNECTION_TIME: Duration = Duration::from_secs(900);

/// Accepts until dropped; every connection ends with it.
pub async fn accept<F, C>(listener: TcpListener, connection: F)
where
    F: Fn(TcpStream) -> C,
    C: Future<Output = ()> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut running = JoinSet::new();
    loop {
        while running.try_join_next().is_some() {}
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                // Small answers shall not wait for more to come.
                let _ = stream.set_nodelay(true);
                let work = connection(stream);
                running.spawn(async move {
                    work.await;
                    drop(place);
                });
            }
            Err(e) => {
                tracing::warn!(error = %e, "accept failed");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// Serves HTTP/1.1 on one connection until it ends.
pub async fn http<I, S>(io: I, service: S)
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Service<Request<Incoming>, Response = Response, Error = Infallible> + Send,
    S::Future: Send,
{
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
    let served = builder.serve_connection(TokioIo::new(io), service);
    match tokio::time::timeout(CONNECTION_TIME, served).await {
        Ok(Ok(())) => {}
        Ok(Err(e)) => tracing::debug!(error = %e, "connection ended"),
        Err(_) => tracing::debug!("connection reached its longest life"),
    }
}
