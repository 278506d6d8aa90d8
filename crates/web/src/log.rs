//! `/log`: the activity log for outsiders: the latest checkpoint, the public keys, the tiles, and how to verify.
//!
//! Addresses below `/log/` are those of C2SP tlog-tiles: `checkpoint` and `tile/…`. Leaves are salted commitments, so
//! that hashes tell nothing of anybody.

use activity::tiles::{TILE_WIDTH, TileId};
use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{HeaderName, header};
use page::door::problem;
use page::{Problem, Tr, Visit, codes};

use crate::asking::Perhaps;
use crate::content::frame;
use crate::hall::Hall;

/// The media type of notes and tiles (C2SP tlog-tiles).
const NOTE: (HeaderName, &str) = (header::CONTENT_TYPE, "text/plain; charset=utf-8");
const TILE: (HeaderName, &str) = (header::CONTENT_TYPE, "application/octet-stream");
/// A tile never changes: whoever has it may keep it.
const FOR_EVER: (HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=31536000, immutable");

pub(crate) fn routes() -> Router<Hall> {
    Router::new()
        .route("/log", get(page))
        .route("/log/checkpoint", get(checkpoint))
        .route("/log/keys", get(keys))
        .route("/log/tile/{*tile}", get(tile))
}

#[derive(Template)]
#[template(path = "log/log.html")]
struct Body<'a> {
    tr: &'a Tr,
    checkpoint: Option<String>,
    size: Option<String>,
    keys: Vec<String>,
    tiles: String,
}

async fn page(State(app): State<App>, visit: Visit, perhaps: Perhaps) -> Response {
    let checkpoint = match app.checkpoint().await {
        Ok(checkpoint) => checkpoint,
        Err(refusal) => return problem(&visit, refusal, None).into_response(),
    };
    let tr = &visit.tr;
    let size = checkpoint
        .as_deref()
        .and_then(size)
        .map(|size| tr.with("log-size", &[("count", size.into()), ("number", tr.number(size).into())]));
    let url = format!("{}/log/tile/", app.settings().public_url);
    let body = Body {
        tr,
        checkpoint,
        size,
        keys: app.log_keys(),
        tiles: tr.with("log-how-tiles", &[("url", url.into())]),
    };
    frame(&visit, &perhaps, tr.get("log-title")).render(&body)
}

/// The size that a checkpoint is over: its second line (C2SP tlog-checkpoint).
fn size(note: &str) -> Option<u64> {
    note.lines().nth(1)?.parse().ok()
}

async fn checkpoint(State(app): State<App>, visit: Visit) -> Response {
    match app.checkpoint().await {
        Ok(Some(note)) => ([NOTE], note).into_response(),
        Ok(None) => Problem::of(&codes::NOT_FOUND).into_response(),
        Err(refusal) => problem(&visit, refusal, None).into_response(),
    }
}

/// The public keys of the log, one a line: what `behorig log verify --key` reads.
async fn keys(State(app): State<App>) -> Response {
    let lines: String = app.log_keys().iter().map(|key| format!("{key}\n")).collect();
    ([NOTE], lines).into_response()
}

async fn tile(State(app): State<App>, visit: Visit, Path(path): Path<String>) -> Response {
    let Some(id) = parse(&path) else { return Problem::of(&codes::NOT_FOUND).into_response() };
    match app.published_tile(id).await {
        Ok(Some(bytes)) => ([TILE, FOR_EVER], bytes).into_response(),
        Ok(None) => Problem::of(&codes::NOT_FOUND).into_response(),
        Err(refusal) => problem(&visit, refusal, None).into_response(),
    }
}

/// Reads `L/N` or `L/N.p/W`, where N is written in groups of three digits, all but the last with an `x`. There is one
/// way to write each tile and no other is taken.
fn parse(path: &str) -> Option<TileId> {
    let (level, rest) = path.split_once('/')?;
    let (number, width) = match rest.split_once(".p/") {
        Some((number, width)) => (number, width.parse().ok()?),
        None => (rest, TILE_WIDTH),
    };
    let mut index = 0u64;
    for group in number.split('/') {
        let group: u64 = group.strip_prefix('x').unwrap_or(group).parse().ok()?;
        index = index.checked_mul(1000)?.checked_add(group)?;
    }
    let id = TileId { level: level.parse().ok()?, index, width };
    let possible = id.level < 8 && (1..=TILE_WIDTH).contains(&id.width);
    (possible && id.path() == format!("tile/{path}")).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_is_named_in_one_way() {
        for id in [
            TileId { level: 0, index: 0, width: 1 },
            TileId { level: 0, index: 999, width: TILE_WIDTH },
            TileId { level: 1, index: 1_234_067, width: 255 },
            TileId { level: 7, index: 1000, width: TILE_WIDTH },
        ] {
            assert_eq!(parse(id.path().strip_prefix("tile/").unwrap()), Some(id));
        }
        for bad in [
            "",
            "0",
            "0/",
            "0/0",
            "0/00",
            "0/0000",
            "0/000.p/0",
            "0/000.p/256",
            "0/000.p/257",
            "0/000.p/01",
            "8/000",
            "0/x000/000",
            "0/x001/234.p/1/2",
            "x/000",
            "0/../000",
            "0/-01",
            "0/000.p/",
            "00/000",
            "0/+00",
            "0/x999/x999/x999/x999/x999/x999/x999/999",
            "entries/000",
        ] {
            assert_eq!(parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn the_size_stands_in_the_second_line() {
        assert_eq!(size("example/log\n42\nroot\n\n— x y\n"), Some(42));
        assert_eq!(size("example/log"), None);
    }
}
