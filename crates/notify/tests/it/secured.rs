//! TLS to the mail server: demanded where it is set, with the configured roots only.

use super::{letter, mailer, scripted, settings};
use notify::{Cause, Credentials, Security, SendError, Settings};
use scripted::{Script, Tls, serve, tls};

#[tokio::test]
async fn letters_go_by_both_kinds_of_tls() {
    for (kind, security) in [(Tls::FirstByte, Security::Tls), (Tls::OnDemand, Security::StartTls)] {
        let (acceptor, root) = tls();
        let server = serve(Script { tls: Some((acceptor, kind)), ..Script::default() }).await;
        let settings = Settings { roots: Some(root), ..settings(server.address, security) };
        assert_eq!(mailer(&settings).send(&letter()).await, Ok(()), "{security:?}");
        assert!(server.heard_command("RCPT"));
    }
}

#[tokio::test]
async fn a_server_by_another_root_gets_no_letter() {
    for (kind, security) in [(Tls::FirstByte, Security::Tls), (Tls::OnDemand, Security::StartTls)] {
        let (acceptor, _) = tls();
        let (_, other_root) = tls();
        let server = serve(Script { tls: Some((acceptor, kind)), ..Script::default() }).await;
        let settings = Settings { roots: Some(other_root), ..settings(server.address, security) };
        let result = mailer(&settings).send(&letter()).await;
        assert_eq!(result, Err(SendError::Later(Cause::Tls)), "{security:?}");
        assert!(!server.heard_command("MAIL"));
    }
}

/// Somebody in between who takes the offer of STARTTLS out of the greeting must not get the letter.
#[tokio::test]
async fn starttls_is_demanded() {
    let (_, root) = tls();
    let server = serve(Script::default()).await;
    let settings = Settings {
        roots: Some(root),
        credentials: Some(Credentials { user: "u".into(), password: "p".into() }),
        ..settings(server.address, Security::StartTls)
    };
    let result = mailer(&settings).send(&letter()).await;
    assert!(matches!(result, Err(SendError::Later(_))), "{result:?}");
    assert!(!server.heard_command("MAIL") && !server.heard_command("AUTH"), "{:?}", server.heard());
}
