//! A mail server that follows a script: what it answers to which command, and what it heard.

use rustls::ServerConfig;
use rustls_pki_types::PrivateKeyDer;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader},
    net::TcpListener,
};
use tokio_rustls::TlsAcceptor;

#[derive(Clone, Default)]
pub struct Script {
    /// The first reply to a command that begins so, instead of the usual one.
    pub answers: Vec<(&'static str, &'static str)>,
    /// What it says at the connection, instead of a greeting.
    pub greeting: Option<&'static str>,
    pub tls: Option<(TlsAcceptor, Tls)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    FirstByte,
    OnDemand,
}

pub struct Server {
    pub address: SocketAddr,
    pub heard: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    pub fn heard_command(&self, command: &str) -> bool {
        self.heard().iter().any(|line| line.starts_with(command))
    }
}

/// A certificate for 127.0.0.1 by a root of its own; the root as PEM.
pub fn tls() -> (TlsAcceptor, String) {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut root = rcgen::CertificateParams::default();
    root.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let pem = root.self_signed(&key).unwrap().pem();
    let issuer = rcgen::Issuer::new(root, key);
    let key = rcgen::KeyPair::generate().unwrap();
    let leaf = rcgen::CertificateParams::new(["127.0.0.1".to_owned()]).unwrap();
    let leaf = leaf.signed_by(&key, &issuer).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), pem)
}

pub async fn serve(script: Script) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&heard);
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let (script, log) = (script.clone(), Arc::clone(&log));
            tokio::spawn(async move {
                match &script.tls {
                    Some((acceptor, Tls::FirstByte)) => {
                        if let Ok(socket) = acceptor.accept(socket).await {
                            talk(socket, &script, &log, true).await;
                        }
                    }
                    Some((acceptor, Tls::OnDemand)) => {
                        if let Some(socket) = talk(socket, &script, &log, true).await
                            && let Ok(socket) = acceptor.accept(socket).await
                        {
                            talk(socket, &Script { tls: None, ..script.clone() }, &log, false).await;
                        }
                    }
                    None => {
                        talk(socket, &script, &log, true).await;
                    }
                }
            });
        }
    });
    Server { address, heard }
}

/// Talks until the peer leaves or asks for TLS; then the bare socket comes back.
async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    socket: S,
    script: &Script,
    log: &Mutex<Vec<String>>,
    greet: bool,
) -> Option<S> {
    let mut socket = BufReader::new(socket);
    if greet {
        let greeting = script.greeting.unwrap_or("220 scripted\r\n");
        socket.get_mut().write_all(greeting.as_bytes()).await.ok()?;
    }
    let offers_tls = matches!(script.tls, Some((_, Tls::OnDemand)));
    let mut in_data = false;
    loop {
        let mut line = String::new();
        if socket.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_owned();
        log.lock().unwrap().push(line.clone());
        if in_data && line != "." {
            continue;
        }
        let scripted = script.answers.iter().find(|(command, _)| line.starts_with(command));
        let answer = match scripted {
            Some((_, answer)) => answer,
            None if line == "." => "250 taken\r\n",
            None if line == "DATA" => "354 go on\r\n",
            None if line.starts_with("EHLO") && offers_tls => "250-scripted\r\n250 STARTTLS\r\n",
            None => "250 ok\r\n",
        };
        in_data = line == "DATA" && answer.starts_with('3');
        socket.get_mut().write_all(answer.as_bytes()).await.ok()?;
        if line == "STARTTLS" {
            return Some(socket.into_inner());
        }
        if line == "QUIT" {
            return None;
        }
    }
}
