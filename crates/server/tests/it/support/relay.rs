//! A line between us and a provider, which can be cut, fall silent and come back; the provider itself knows nothing of it.

use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, watch};

/// How the line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    Open,
    /// Nobody listens, and what was open is cut.
    Refuses,
    /// Connections are taken, and not a byte comes through.
    Silent,
    /// What we say on an open connection is heard, and no answer comes.
    Deaf,
}

pub struct Relay {
    pub port: u16,
    line: watch::Sender<Line>,
    /// Tells when the line is as it was asked to be.
    set: mpsc::Receiver<()>,
    runtime: tokio::runtime::Runtime,
}

impl Relay {
    pub fn to(provider: SocketAddr) -> Relay {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (line, seen) = watch::channel(Line::Open);
        let (told, mut set) = mpsc::channel(1);
        // Bound and never listening: while the line is cut, nobody else is given the port.
        let place = runtime.block_on(async { bound(0) });
        let port = place.local_addr().unwrap().port();
        runtime.spawn(async move {
            run(port, provider, seen, told).await;
            drop(place);
        });
        runtime.block_on(set.recv());
        Relay { port, line, set, runtime }
    }

    /// The line is so from now on.
    pub fn set(&mut self, line: Line) {
        let _ = self.line.send(line);
        self.runtime.block_on(self.set.recv());
    }
}

fn bound(port: u16) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_reuseaddr(true).unwrap();
    socket.set_reuseport(true).unwrap();
    socket.bind(SocketAddr::from(([127, 0, 0, 1], port))).unwrap();
    socket
}

async fn run(port: u16, provider: SocketAddr, mut line: watch::Receiver<Line>, told: mpsc::Sender<()>) {
    let listen = || bound(port).listen(64).unwrap();
    let mut listener: Option<TcpListener> = Some(listen());
    let _ = told.send(()).await;
    loop {
        let come = async {
            match &listener {
                Some(listener) => listener.accept().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            come = come => {
                if let Ok((here, _)) = come {
                    tokio::spawn(connection(here, provider, line.clone()));
                }
            }
            changed = line.changed() => {
                if changed.is_err() {
                    return;
                }
                let now = *line.borrow_and_update();
                listener = match (now, listener) {
                    (Line::Refuses, _) => None,
                    (_, None) => Some(listen()),
                    (_, kept) => kept,
                };
                let _ = told.send(()).await;
            }
        }
    }
}

async fn connection(mut here: TcpStream, provider: SocketAddr, mut line: watch::Receiver<Line>) {
    let Ok(mut there) = TcpStream::connect(provider).await else { return };
    let (mut up, mut down) = ([0; 16_384], [0; 16_384]);
    let mut whole = true;
    loop {
        let now = *line.borrow_and_update();
        // What has lost an answer is of no more use.
        if now == Line::Refuses || (now == Line::Open && !whole) {
            return;
        }
        let passes = now != Line::Silent;
        tokio::select! {
            read = here.read(&mut up), if passes => match read {
                Ok(count) if count > 0 => if there.write_all(&up[..count]).await.is_err() { return },
                _ => return,
            },
            read = there.read(&mut down), if passes => match read {
                Ok(count) if count > 0 && now == Line::Deaf => whole = false,
                Ok(count) if count > 0 => if here.write_all(&down[..count]).await.is_err() { return },
                _ => return,
            },
            changed = line.changed() => if changed.is_err() { return },
        }
    }
}
