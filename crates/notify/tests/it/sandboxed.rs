//! Against the sandbox's mail sink, by real SMTP: what arrives is what was written.

use super::{FixedClock, letter, mailer, settings};
use domain::Entropy;
use notify::{Message, Security};
use std::{net::SocketAddr, path::Path, sync::Arc};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

#[derive(Debug)]
struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        rustls::crypto::aws_lc_rs::default_provider().secure_random.fill(buffer).unwrap();
    }
}

/// The inbox, newest first.
async fn inbox(control: SocketAddr) -> serde_json::Value {
    let mut socket = TcpStream::connect(control).await.unwrap();
    let request = format!("GET /inbox HTTP/1.1\r\nhost: {control}\r\nconnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap()
}

#[tokio::test]
async fn letters_arrive_as_they_were_written() {
    let data = Path::new(env!("CARGO_TARGET_TMPDIR")).join("notify-sandbox");
    let options = sandbox::Options::on_free_ports(data);
    let sandbox = sandbox::start(options, Arc::new(FixedClock), Arc::new(SystemEntropy)).await.unwrap();
    let mailer = mailer(&settings(sandbox.smtp, Security::None));
    let long = Message {
        subject: "å".repeat(200),
        text: format!("{}\n.\n..\n\n{}\n", "ö".repeat(3_000), "rad ".repeat(2_000)),
        message_id: "2@agency.example".into(),
        ..letter()
    };
    mailer.send(&letter()).await.unwrap();
    mailer.send(&long).await.unwrap();

    let arrived = inbox(sandbox.control).await;
    for (mail, sent) in [(&arrived[1], letter()), (&arrived[0], long)] {
        assert_eq!(mail["to"], "elin@firma.example");
        assert_eq!(mail["subject"], sent.subject);
        let text = mail["text"].as_str().unwrap().replace("\r\n", "\n");
        assert_eq!(text.trim_end(), sent.text.trim_end());
        assert_eq!(mail["message_id"].as_str().unwrap().trim_matches(['<', '>']), sent.message_id);
    }
}
