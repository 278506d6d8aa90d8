//! Listeners: plain or TLS, bounded in connections and in time, with the visitor's address on each request.

use anyhow::{Context as _, bail};
use axum::Router;
use http::Request;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use page::door::ClientAddress;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio_rustls::TlsAcceptor;
use tower::Service as _;

/// Connections held at once by one listener; those above it wait in the system's queue.
const CONNECTIONS: usize = 4096;
/// Time to send the head of a request, or to finish a TLS handshake.
const HEAD: Duration = Duration::from_secs(10);

/// One address to answer on.
#[derive(Debug)]
pub struct Listener {
    sockets: Vec<TcpListener>,
    tls: Option<Arc<rustls::ServerConfig>>,
    proxies: Vec<IpAddr>,
    pub address: SocketAddr,
}

impl Listener {
    /// Binds. On IPv4 loopback the IPv6 loopback is taken too, because browsers may try `localhost` there first.
    pub async fn bind(address: SocketAddr, what: &str) -> anyhow::Result<Listener> {
        let first = TcpListener::bind(address).await.with_context(|| {
            format!("{what} cannot listen on {address}: is another behorig running there? Stop it or choose another port")
        })?;
        let bound = first.local_addr()?;
        let mut sockets = vec![first];
        if bound.ip() == IpAddr::from([127, 0, 0, 1]) {
            // A machine without IPv6 is served on IPv4 alone.
            if let Ok(second) = TcpListener::bind((Ipv6Addr::LOCALHOST, bound.port())).await {
                sockets.push(second);
            }
        }
        Ok(Listener { sockets, tls: None, proxies: Vec::new(), address: bound })
    }

    pub fn with_tls(mut self, certificate: &Path, key: &Path) -> anyhow::Result<Listener> {
        let chain = CertificateDer::pem_file_iter(certificate)
            .with_context(|| format!("cannot read {}", certificate.display()))?
            .collect::<Result<Vec<_>, _>>()
            .with_context(|| format!("{} is not a PEM chain", certificate.display()))?;
        if chain.is_empty() {
            bail!("{} holds no certificate", certificate.display());
        }
        let key =
            PrivateKeyDer::from_pem_file(key).with_context(|| format!("cannot read {}", key.display()))?;
        let mut config =
            rustls::ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        self.tls = Some(Arc::new(config));
        Ok(self)
    }

    pub fn behind(mut self, proxies: &[IpAddr]) -> Listener {
        self.proxies = proxies.to_vec();
        self
    }

    /// Answers until `stop` says so; then finishes what is under way for at most five seconds.
    pub async fn serve(self, router: Router, stop: watch::Receiver<bool>) {
        let room = Arc::new(Semaphore::new(CONNECTIONS));
        let proxies: Arc<[IpAddr]> = self.proxies.into();
        let mut loops = Vec::new();
        for socket in self.sockets {
            let (room, proxies, router) = (room.clone(), proxies.clone(), router.clone());
            let acceptor = self.tls.clone().map(TlsAcceptor::from);
            loops.push(tokio::spawn(accept(socket, acceptor, router, proxies, room, stop.clone())));
        }
        for task in loops {
            drop(task.await);
        }
        drop(tokio::time::timeout(Duration::from_secs(5), room.acquire_many(CONNECTIONS as u32)).await);
    }
}

async fn accept(
    socket: TcpListener,
    acceptor: Option<TlsAcceptor>,
    router: Router,
    proxies: Arc<[IpAddr]>,
    room: Arc<Semaphore>,
    mut stop: watch::Receiver<bool>,
) {
    loop {
        let Ok(permit) = room.clone().acquire_owned().await else { return };
        let accepted = tokio::select! {
            accepted = socket.accept() => accepted,
            () = asked(&mut stop) => return,
        };
        let Ok((stream, peer)) = accepted else {
            // Out of file descriptors: wait instead of spinning.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let (acceptor, router, proxies, stop) =
            (acceptor.clone(), router.clone(), proxies.clone(), stop.clone());
        tokio::spawn(async move {
            drop(stream.set_nodelay(true));
            match acceptor {
                None => connection(stream, peer, router, &proxies, stop).await,
                Some(acceptor) => {
                    if let Ok(Ok(stream)) = tokio::time::timeout(HEAD, acceptor.accept(stream)).await {
                        connection(stream, peer, router, &proxies, stop).await;
                    }
                }
            }
            drop(permit);
        });
    }
}

async fn connection<S>(
    stream: S,
    peer: SocketAddr,
    router: Router,
    proxies: &[IpAddr],
    mut stop: watch::Receiver<bool>,
) where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let proxies: Arc<[IpAddr]> = proxies.into();
    let service = tower::service_fn(move |mut request: Request<Incoming>| {
        let address = ClientAddress::of(request.headers(), peer.ip(), &proxies);
        request.extensions_mut().insert(address);
        router.clone().call(request)
    });
    let serving = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(64 * 1024)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let mut serving = std::pin::pin!(serving);
    let ended = tokio::select! {
        _ = serving.as_mut() => true,
        () = asked(&mut stop) => false,
    };
    if !ended {
        serving.as_mut().graceful_shutdown();
        drop(serving.await);
    }
}

async fn asked(stop: &mut watch::Receiver<bool>) {
    drop(stop.wait_for(|stopped| *stopped).await.map(drop));
}

/// A plain stream towards a port, to see whether it is taken.
pub async fn taken(address: SocketAddr) -> bool {
    TcpStream::connect(address).await.is_ok()
}
