//! What a server's refusals mean for the next attempt.

use super::{letter, mailer, scripted, settings};
use notify::{Cause, Message, Security, SendError};
use scripted::{Script, Server, serve};
use std::time::{Duration, Instant};

async fn send(script: Script) -> (Result<(), SendError>, Server) {
    let server = serve(script).await;
    let result = mailer(&settings(server.address, Security::None)).send(&letter()).await;
    (result, server)
}

fn answering(command: &'static str, answer: &'static str) -> Script {
    Script { answers: vec![(command, answer)], ..Script::default() }
}

#[tokio::test]
async fn a_letter_is_taken() {
    let (result, server) = send(Script::default()).await;
    assert_eq!(result, Ok(()));
    let heard = server.heard();
    assert!(heard.iter().any(|l| l == "EHLO agency.example"), "not the machine's own name: {heard:?}");
    assert!(heard.iter().any(|l| l.starts_with("MAIL FROM:<noreply@agency.example>")));
    assert!(heard.iter().any(|l| l == "RCPT TO:<elin@firma.example>"));
    assert!(heard.iter().any(|l| l == "Message-ID: <0a1b@agency.example>"));
}

#[tokio::test]
async fn a_refused_recipient_is_never_tried_again() {
    let (result, _) = send(answering("RCPT", "550 5.1.1 <elin@firma.example> unknown\r\n")).await;
    assert_eq!(result, Err(SendError::Never(Cause::Reply(550))));
    assert!(!format!("{result:?}").contains("elin"), "no reply text, it names the recipient");
}

#[tokio::test]
async fn a_busy_server_is_tried_later() {
    for (command, answer, code) in [
        ("RCPT", "450 4.2.1 greylisted\r\n", 450),
        ("DATA", "452 4.3.1 full\r\n", 452),
        (".", "451 4.3.0 local error\r\n", 451),
    ] {
        let (result, _) = send(answering(command, answer)).await;
        assert_eq!(result, Err(SendError::Later(Cause::Reply(code))), "{command}");
    }
}

#[tokio::test]
async fn missing_access_loses_no_letter() {
    let (result, _) = send(answering("MAIL", "530 5.7.0 authentication required\r\n")).await;
    assert_eq!(result, Err(SendError::Later(Cause::Access(530))));
}

#[tokio::test]
async fn what_is_no_mail_server_is_named() {
    let (result, _) = send(Script { greeting: Some("HTTP/1.1 200 OK\r\n\r\n"), ..Script::default() }).await;
    assert_eq!(result, Err(SendError::Later(Cause::Garbage)));
}

#[tokio::test]
async fn a_silent_server_holds_nobody_up() {
    let server = serve(answering("DATA", "")).await;
    let mailer = mailer(&settings(server.address, Security::None)).with_patience(Duration::from_millis(300));
    let begun = Instant::now();
    assert_eq!(mailer.send(&letter()).await, Err(SendError::Later(Cause::TimedOut)));
    assert!(begun.elapsed() < Duration::from_secs(3));
}

#[tokio::test]
async fn no_server_is_tried_later() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let result = mailer(&settings(closed, Security::None)).send(&letter()).await;
    assert_eq!(result, Err(SendError::Later(Cause::Network)));
}

#[tokio::test]
async fn a_bad_letter_reaches_no_server() {
    let server = serve(Script::default()).await;
    let bad = Message { to: "not an address".into(), ..letter() };
    let result = mailer(&settings(server.address, Security::None)).send(&bad).await;
    assert_eq!(result, Err(SendError::Never(Cause::Letter("the recipient's address"))));
    assert!(server.heard().is_empty());
}
