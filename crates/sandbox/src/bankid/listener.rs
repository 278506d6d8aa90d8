//! The API's TLS: both sides show certificates; only the relying parties' CA is trusted.

use super::{api, party::Party};
use crate::{SandboxError, pki::Pki, serve, world::World};
use axum::{
    body::Body,
    http::{HeaderValue, header},
};
use domain::Instant;
use hyper::{body::Incoming, service::service_fn};
use rustls::{
    RootCertStore, ServerConfig,
    crypto::aws_lc_rs,
    server::{NoServerSessionStorage, WebPkiClientVerifier},
};
use std::{convert::Infallible, path::PathBuf, sync::Arc, time::Duration};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// How long a handshake may take.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// The TLS side of the API.
pub fn config(pki: &Pki) -> Result<Arc<ServerConfig>, SandboxError> {
    let wrong =
        |what: String| SandboxError::Pki { path: PathBuf::from(pki.paths().server_root.as_path()), what };
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(pki.relying_party_ca.clone()).map_err(|e| wrong(e.to_string()))?;
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .map_err(|e| wrong(e.to_string()))?;
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| wrong(e.to_string()))?
        .with_client_cert_verifier(verifier)
        .with_single_cert(pki.server_chain.clone(), pki.server_key.clone_key().into())
        .map_err(|e| wrong(e.to_string()))?;
    // A resumed session would bring its client certificate back unverified (RFC 8446 §2.2).
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// Serves the API until dropped.
pub async fn run(listener: TcpListener, config: Arc<ServerConfig>, world: Arc<World>) {
    let acceptor = TlsAcceptor::from(config);
    serve::accept(listener, |stream| connection(acceptor.clone(), Arc::clone(&world), stream)).await;
}

async fn connection(acceptor: TlsAcceptor, world: Arc<World>, stream: TcpStream) {
    let stream = match tokio::time::timeout(HANDSHAKE_TIME, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => stream,
        Ok(Err(e)) => return tracing::debug!(error = %e, "TLS handshake refused"),
        Err(_) => return tracing::debug!("TLS handshake took too long"),
    };
    let certificates = stream.get_ref().1.peer_certificates();
    let Some(party) = certificates.and_then(|c| c.first()).and_then(|c| Party::from_certificate(c)) else {
        return;
    };
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (world, party) = (Arc::clone(&world), party.clone());
        async move {
            let mut response = api::answer(&world, &party, request.map(Body::new)).await;
            if let Some(date) = date(world.now()) {
                response.headers_mut().insert(header::DATE, date);
            }
            Ok::<_, Infallible>(response)
        }
    });
    serve::http(stream, service).await;
}

/// The `Date` of an answer (IMF-fixdate, RFC 9110 §5.6.7), by the simulator's own clock: moved, it is what a relying
/// party with a wrong clock sees.
fn date(now: Instant) -> Option<HeaderValue> {
    HeaderValue::from_str(&now.timestamp().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()).ok()
}
