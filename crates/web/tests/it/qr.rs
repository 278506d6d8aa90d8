//! The moving code.

use crate::world::{As, World};
use bytes::BytesMut;
use http::{Method, StatusCode, header};
use http_body_util::BodyExt as _;
use std::time::Duration;

#[tokio::test]
async fn the_code_is_pushed_a_new_one_each_second_with_the_boundary_at_once() {
    let world = World::new(As::Plain).await;
    let mut greta = world.browser();
    let order = greta.begin("other", &[]).await;
    greta.get(&format!("{order}?view=still")).await.has(&format!("src=\"{order}/qr.png\""));
    let response = greta.open(Method::GET, &format!("{order}/qr"), &[]).await;
    assert_eq!(response.headers()[header::CONTENT_TYPE], "multipart/x-mixed-replace; boundary=frame");
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
    assert!(!response.headers().contains_key(header::CONTENT_ENCODING));
    let mut body = response.into_body();
    let mut seen = BytesMut::new();
    let mut pictures = Vec::new();
    let started = tokio::time::Instant::now();
    while pictures.len() < 3 {
        let frame =
            tokio::time::timeout(Duration::from_secs(5), body.frame()).await.unwrap().unwrap().unwrap();
        seen.extend_from_slice(frame.data_ref().unwrap());
        // Whatever has come ends with a boundary: the browser shows the picture before it at once.
        assert!(seen.ends_with(b"--frame\r\n"), "{:?}", String::from_utf8_lossy(&seen[seen.len() - 20..]));
        pictures = pictures_of(&seen);
    }
    assert!(started.elapsed() < Duration::from_secs(5), "a new code every second: {:?}", started.elapsed());
    pictures.dedup();
    assert!(pictures.len() >= 3, "the pictures differ");

    // When the order ends, the picture ends.
    greta.post(&format!("{order}/cancel"), &[]).await;
    let rest = tokio::time::timeout(Duration::from_secs(5), body.collect()).await;
    assert!(rest.is_ok(), "the stream goes on after the end of its order");
    let gone = greta.get(&format!("{order}/qr.png")).await;
    assert_eq!(gone.status, StatusCode::GONE);
}

fn pictures_of(stream: &[u8]) -> Vec<Vec<u8>> {
    let mut pictures = Vec::new();
    let mut rest = stream.strip_prefix(b"--frame\r\n").expect("begins with a boundary");
    while let Some(at) = rest.windows(4).position(|w| w == b"\r\n\r\n") {
        let head = std::str::from_utf8(&rest[..at]).unwrap();
        let length: usize = head.split("Content-Length: ").nth(1).unwrap().parse().unwrap();
        let picture = &rest[at + 4..at + 4 + length];
        assert!(picture.starts_with(b"\x89PNG"));
        pictures.push(picture.to_vec());
        rest = rest[at + 4 + length..].strip_prefix(b"\r\n--frame\r\n").expect("a boundary after each part");
    }
    pictures
}

#[tokio::test]
async fn a_browser_holds_two_pages_open_and_the_third_loads_itself_anew() {
    let world = World::new(As::Plain).await;
    let mut greta = world.browser();
    let order = greta.begin("other", &[]).await;
    let held = [greta.open(Method::GET, &order, &[]).await, greta.open(Method::GET, &order, &[]).await];
    let third = greta.get(&order).await;
    third.has(&format!("content=\"2;url={order}?view=still\"")).has(&format!("{order}/qr.png"));
    let codes = [
        greta.open(Method::GET, &format!("{order}/qr"), &[]).await,
        greta.open(Method::GET, &format!("{order}/qr"), &[]).await,
    ];
    let third = greta.open(Method::GET, &format!("{order}/qr"), &[]).await;
    assert_eq!(third.headers()[header::CONTENT_TYPE], "image/png");
    drop((held, codes));
    let page = greta.open(Method::GET, &order, &[]).await;
    let mut body = page.into_body();
    let first = body.frame().await.unwrap().unwrap();
    let html = String::from_utf8_lossy(first.data_ref().unwrap()).into_owned();
    assert!(
        html.contains(&format!("src=\"{order}/qr\"")) && !html.contains("http-equiv=\"refresh\""),
        "{html}"
    );
}
