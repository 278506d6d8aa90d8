//! Servers that are not BankID: silent, endless, answering something else, or in between.

use login::bankid::Settings;
use rustls::ServerConfig;
use rustls_pki_types::PrivateKeyDer;
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

pub struct Certificate {
    pub root_pem: String,
    pub leaf_pem: String,
    pub key_pem: String,
}

/// A certificate for 127.0.0.1 by a root of its own, for so many days from now on (or until so many ago).
pub fn certificate(name: &str, days: i64) -> Certificate {
    let (root_pem, leaf, key) = issue(name, days);
    Certificate { root_pem, leaf_pem: leaf.pem(), key_pem: key.serialize_pem() }
}

fn issue(name: &str, days: i64) -> (String, rcgen::Certificate, rcgen::KeyPair) {
    let now = domain::Clock::now(&super::world::TestClock::default());
    let at = |days: i64| {
        let day = now.timestamp() + jiff::SignedDuration::from_hours(24 * days);
        let date = jiff::tz::Offset::UTC.to_datetime(day).date();
        rcgen::date_time_ymd(i32::from(date.year()), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    let root_key = rcgen::KeyPair::generate().unwrap();
    let mut root = rcgen::CertificateParams::default();
    root.distinguished_name.push(rcgen::DnType::CommonName, name);
    root.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let root_pem = root.self_signed(&root_key).unwrap().pem();
    let issuer = rcgen::Issuer::new(root, root_key);
    let key = rcgen::KeyPair::generate().unwrap();
    let mut leaf = rcgen::CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    leaf.not_before = at(-100);
    leaf.not_after = at(days);
    let leaf = leaf.signed_by(&key, &issuer).unwrap();
    (root_pem, leaf, key)
}

pub struct Stub {
    address: SocketAddr,
    root_pem: String,
    heard: Arc<Mutex<Vec<String>>>,
    sent: Arc<AtomicUsize>,
}

#[derive(Clone, Copy)]
enum Answer {
    Nothing,
    /// One after the other, whatever is asked; the last one again and again.
    Texts(&'static [&'static str]),
    Endless,
}

impl Stub {
    /// Takes the connection and never says a word, not even in TLS.
    pub async fn silent() -> Self {
        Self::run(Answer::Nothing).await
    }

    /// Answers so, one after the other, and then with the last one for ever.
    pub async fn answering(texts: &'static [&'static str]) -> Self {
        Self::run(Answer::Texts(texts)).await
    }

    /// Answers with a body that does not end.
    pub async fn endless() -> Self {
        Self::run(Answer::Endless).await
    }

    pub fn endpoint(&self) -> String {
        format!("https://{}/rp/v6.0/", self.address)
    }

    /// The settings with this server's root as the pinned one.
    pub fn trusted_by(&self, settings: Settings) -> Settings {
        Settings { server_roots: self.root_pem.clone(), ..settings }
    }

    /// Whole requests, head and body.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    pub fn bytes_sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }

    async fn run(answer: Answer) -> Self {
        let (root_pem, leaf, key) = issue("stub", 30);
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (heard, sent) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
        let stub = Self { address, root_pem, heard: heard.clone(), sent: sent.clone() };
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(talk(socket, acceptor.clone(), answer, heard.clone(), sent.clone()));
            }
        });
        stub
    }
}

async fn talk(
    socket: TcpStream,
    acceptor: TlsAcceptor,
    answer: Answer,
    heard: Arc<Mutex<Vec<String>>>,
    sent: Arc<AtomicUsize>,
) {
    if matches!(answer, Answer::Nothing) {
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
        return;
    }
    let Ok(mut socket) = acceptor.accept(socket).await else { return };
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while let Ok(n @ 1..) = socket.read(&mut buffer).await {
        request.extend_from_slice(&buffer[..n]);
        if !whole(&request) {
            continue;
        }
        let turn = {
            let mut heard = heard.lock().unwrap();
            heard.push(String::from_utf8(std::mem::take(&mut request)).unwrap());
            heard.len() - 1
        };
        match answer {
            Answer::Nothing => {}
            Answer::Texts(texts) => {
                let text = texts[turn.min(texts.len() - 1)];
                if socket.write_all(text.as_bytes()).await.is_err() {
                    return;
                }
            }
            Answer::Endless => {
                let _ = socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n{\"x\":\"").await;
                while socket.write_all(&[b'a'; 4096]).await.is_ok() {
                    sent.fetch_add(4096, Ordering::SeqCst);
                }
                return;
            }
        }
    }
}

fn whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    length.and_then(|n| n.parse::<usize>().ok()).unwrap_or(0) <= body.len()
}

/// A relay that hangs up on a first TLS record of more than 1000 bytes, as some networks do with a
/// post-quantum hello: on so many of them. Counts them all.
pub async fn dropping_large_hellos(target: SocketAddr, most: usize) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let dropped = Arc::new(AtomicUsize::new(0));
    let count = dropped.clone();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let count = count.clone();
            tokio::spawn(async move {
                let mut header = [0; 5];
                if client.peek(&mut header).await.is_err() {
                    return;
                }
                let large = u16::from_be_bytes([header[3], header[4]]) > 1000;
                if large && count.fetch_add(1, Ordering::SeqCst) < most {
                    return;
                }
                if let Ok(mut server) = TcpStream::connect(target).await {
                    let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
                }
            });
        }
    });
    (address, dropped)
}
