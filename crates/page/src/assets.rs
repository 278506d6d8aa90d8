//! The few files that pages load: one style sheet, two fonts, an icon, one script. All compiled in, served
//! under names that carry a hash of their content, so that browsers may keep them for ever.
//!
//! What is not ours is vendored by `assets/vendor.mjs`, with its licences beside it.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    body::Body,
    extract::Path,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, header};
use http_body_util::BodyExt;
use tokio::sync::OnceCell;
use tower::{Layer, ServiceExt, service_fn};
use tower_http::{CompressionLevel, compression::CompressionLayer};

use crate::{Problem, problem::codes};

/// A file as served.
struct Asset {
    /// Path with the hash, such as `/assets/behorig.1a2b3c4d5e6f7a8b.css`.
    path: String,
    content_type: &'static str,
    bytes: Bytes,
    brotli: OnceCell<Bytes>,
    gzip: OnceCell<Bytes>,
}

impl Asset {
    fn new(stem: &str, extension: &str, content_type: &'static str, bytes: Bytes) -> Self {
        let hash = digest(&SHA256, &bytes);
        let hash: String = hash.as_ref().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let path = format!("/assets/{stem}.{hash}.{extension}");
        Self { path, content_type, bytes, brotli: OnceCell::new(), gzip: OnceCell::new() }
    }

    fn text(stem: &str, extension: &str, content_type: &'static str, text: String) -> Self {
        Self::new(stem, extension, content_type, text.into())
    }
}

struct Assets {
    regular: Asset,
    semibold: Asset,
    style: Asset,
    icon: Asset,
    script: Asset,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let font =
        |stem, bytes: &'static [u8]| Asset::new(stem, "woff2", "font/woff2", Bytes::from_static(bytes));
    let regular = font("inter-regular", include_bytes!("../assets/inter-regular.woff2"));
    let semibold = font("inter-semibold", include_bytes!("../assets/inter-semibold.woff2"));
    let own = include_str!("../assets/behorig.css")
        .replace("inter-regular.woff2", &regular.path)
        .replace("inter-semibold.woff2", &semibold.path);
    let style = format!("{}{own}", include_str!("../assets/fkui.css"));
    Assets {
        regular,
        semibold,
        style: Asset::text("behorig", "css", "text/css; charset=utf-8", style),
        icon: Asset::text("icon", "svg", "image/svg+xml", include_str!("../assets/icon.svg").to_owned()),
        script: Asset::text(
            "behorig",
            "js",
            "text/javascript; charset=utf-8",
            include_str!("../assets/behorig.js").to_owned(),
        ),
    }
});

pub(crate) fn style() -> &'static str {
    &ASSETS.style.path
}

pub(crate) fn script() -> &'static str {
    &ASSETS.script.path
}

pub(crate) fn icon() -> &'static str {
    &ASSETS.icon.path
}

pub(crate) fn fonts() -> [&'static str; 2] {
    [&ASSETS.regular.path, &ASSETS.semibold.path]
}

/// `GET /assets/{name}`.
pub(crate) async fn serve(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let all = [&ASSETS.style, &ASSETS.regular, &ASSETS.semibold, &ASSETS.script, &ASSETS.icon];
    let Some(asset) =
        all.into_iter().find(|asset| asset.path.strip_prefix("/assets/") == Some(name.as_str()))
    else {
        return Problem::of(&codes::NOT_FOUND).into_response();
    };
    let (bytes, encoding) = match wanted(&headers).filter(|_| asset.content_type != "font/woff2") {
        Some("br") => (asset.brotli.get_or_init(|| compressed(&asset.bytes, "br")).await, Some("br")),
        Some(_) => (asset.gzip.get_or_init(|| compressed(&asset.bytes, "gzip")).await, Some("gzip")),
        None => (&asset.bytes, None),
    };
    // Nothing came out of the compressor: better the plain bytes than none.
    let (bytes, encoding) = if bytes.is_empty() { (&asset.bytes, None) } else { (bytes, encoding) };
    let mut response = Response::new(Body::from(bytes.clone()));
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    out.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(encoding) = encoding {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// `br` before `gzip`, if the browser names it and does not refuse it with `q=0`.
fn wanted(headers: &HeaderMap) -> Option<&'static str> {
    let accepted = headers.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    ["br", "gzip"].into_iter().find(|ours| {
        accepted.split(',').any(|offer| {
            let mut parts = offer.split(';').map(str::trim);
            let refused = |p: &str| p.strip_prefix("q=").is_some_and(|q| q.parse() == Ok(0.0));
            parts.next() == Some(ours) && !parts.any(refused)
        })
    })
}

/// Compresses once, when first asked for, by the same layer that would do it for every answer.
async fn compressed(bytes: &Bytes, encoding: &'static str) -> Bytes {
    let whole = bytes.clone();
    let inner = service_fn(move |_: Request<Body>| {
        let body = Body::from(whole.clone());
        async move { Ok::<_, std::convert::Infallible>(http::Response::new(body)) }
    });
    let service = CompressionLayer::new().quality(CompressionLevel::Precise(9)).layer(inner);
    let request = Request::builder().header(header::ACCEPT_ENCODING, encoding).body(Body::empty());
    let Ok(request) = request else { return Bytes::new() };
    let Ok(response) = service.oneshot(request).await;
    match (response.headers().contains_key(header::CONTENT_ENCODING), response.into_body().collect().await) {
        (true, Ok(body)) => body.to_bytes(),
        _ => Bytes::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn get(path: &str, encoding: &str) -> Response {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, encoding.parse().unwrap());
        serve(Path(path.trim_start_matches("/assets/").to_owned()), headers).await
    }

    async fn size(path: &str, encoding: &str) -> usize {
        get(path, encoding).await.into_body().collect().await.unwrap().to_bytes().len()
    }

    #[tokio::test]
    async fn assets_may_be_kept_for_ever_under_a_name_of_their_content() {
        let response = get(style(), "gzip, br;q=0.9").await;
        assert_eq!(response.headers()[header::CONTENT_ENCODING], "br");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(response.headers()[header::VARY], "Accept-Encoding");
        assert_eq!(get(style(), "gzip, br;q=0").await.headers()[header::CONTENT_ENCODING], "gzip");
        assert!(!get(style(), "identity").await.headers().contains_key(header::CONTENT_ENCODING));
        assert!(!get(fonts()[0], "br").await.headers().contains_key(header::CONTENT_ENCODING));
        assert_eq!(get("/assets/behorig.css", "br").await.status(), 404);
        assert_eq!(get("/assets/../Cargo.toml", "br").await.status(), 404);
    }

    #[tokio::test]
    async fn the_style_sheet_names_files_that_exist() {
        let css = String::from_utf8(ASSETS.style.bytes.to_vec()).unwrap();
        for font in fonts() {
            assert!(css.contains(&format!("url({font})")), "{font}");
        }
        assert!(!css.contains("http://") && !css.contains("https://") && !css.contains("@import"));
    }

    /// The goal is 70 KiB for the first page; 8 KiB are left for its HTML.
    #[tokio::test]
    async fn what_a_first_page_loads_is_light() {
        let mut total = 0;
        for path in [style(), fonts()[0], fonts()[1], icon()] {
            total += size(path, "br").await;
        }
        assert!(total <= 62 * 1024, "{total} bytes");
        assert!(size(script(), "br").await <= 2 * 1024);
    }
}
