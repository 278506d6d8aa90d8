//! Letters against mail servers: a scripted one that fails in every way, with and without TLS, and the
//! sandbox's, which fills an inbox.

#![expect(clippy::unwrap_used, reason = "in a test a panic is a failure with a line number")]

mod delivery;
mod sandboxed;
mod scripted;
mod secured;

use domain::{Clock, Instant};
use notify::{Mailer, Message, Security, Settings};
use std::{net::SocketAddr, time::Duration};

const WRITTEN: Instant = Instant::from_micros(1_795_000_000_000_000);

#[derive(Debug)]
struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> Instant {
        WRITTEN
    }
}

fn settings(server: SocketAddr, security: Security) -> Settings {
    Settings {
        host: "127.0.0.1".into(),
        port: server.port(),
        security,
        credentials: None,
        from: "Myndigheten <noreply@agency.example>".into(),
        roots: None,
    }
}

fn mailer(settings: &Settings) -> Mailer {
    Mailer::new(settings).unwrap().with_patience(Duration::from_secs(5))
}

fn letter() -> Message {
    Message {
        to: "elin@firma.example".into(),
        subject: "Ny behörighet för Granåsens Åkeri".into(),
        text: "Hej!\n.\n..två punkter\nDu har fått en ny behörighet.\n".into(),
        message_id: "0a1b@agency.example".into(),
        written_at: WRITTEN,
    }
}
