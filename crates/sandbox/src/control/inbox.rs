//! `GET /inbox`, `DELETE /inbox`, and the mailbox for people.

use super::{
    answer, done, page,
    texts::{self, Texts},
};
use crate::{inbox::Mail, world::World};
use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use domain::Instant;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
pub struct Wanted {
    to: Option<String>,
}

/// Newest first.
pub async fn list(State(world): State<Arc<World>>, Query(wanted): Query<Wanted>) -> Response {
    answer(world.inbox().list(wanted.to.as_deref()))
}

pub async fn clear(State(world): State<Arc<World>>) -> Response {
    world.inbox().clear();
    done()
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct InboxPage {
    t: &'static Texts,
    mails: Vec<ShownMail>,
}

struct ShownMail {
    mail: Mail,
    received: String,
    written: Option<String>,
    /// Pieces of the text; `true` for an address to click.
    pieces: Vec<(bool, String)>,
}

/// All mail, readable.
pub async fn readable(State(world): State<Arc<World>>, headers: HeaderMap) -> Response {
    let mails = world.inbox().list(None).into_iter().map(|mail| ShownMail {
        received: stockholm(mail.received_at),
        written: mail.written_at.map(stockholm),
        pieces: pieces(&mail.text),
        mail,
    });
    let inbox = InboxPage { t: texts::texts(texts::lang(&headers)), mails: mails.collect() };
    page::html(StatusCode::OK, &inbox, None)
}

/// `2026-11-23 14.32.05`, Swedish time.
fn stockholm(at: Instant) -> String {
    let zone = jiff::tz::TimeZone::get("Europe/Stockholm").unwrap_or(jiff::tz::TimeZone::UTC);
    at.timestamp().to_zoned_datetime(zone).strftime("%Y-%m-%d %H.%M.%S").to_string()
}

/// Parts a text into what is an address to click and what is not.
fn pieces(text: &str) -> Vec<(bool, String)> {
    let mut pieces = Vec::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        if bare.starts_with("http://") || bare.starts_with("https://") {
            let address = bare.trim_end_matches(['.', ',', ')', '>']);
            pieces.push((true, address.to_owned()));
            pieces.push((false, word[address.len()..].to_owned()));
        } else if let Some((false, last)) = pieces.last_mut() {
            last.push_str(word);
        } else {
            pieces.push((false, word.to_owned()));
        }
    }
    pieces
}
