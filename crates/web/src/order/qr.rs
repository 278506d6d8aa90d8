//! The moving code: a picture that the server replaces every second (`multipart/x-mixed-replace`), so that it moves
//! without JavaScript; and one still picture of it.
//!
//! A browser shows a part when the boundary after it has come: it is written at once with the part. Nothing may
//! compress or collect this answer on its way.

use app::App;
use app::identify::Standing;
use app::session::SecretKey;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use domain::OrderId;
use fast_qr::{ECL, QRBuilder};
use futures_util::{Stream, StreamExt as _, stream};
use http::{HeaderName, HeaderValue, header};
use page::{Problem, Visit, codes};
use std::convert::Infallible;
use std::time::Duration;

use super::seats::{Kind, Seat};
use super::{named, refused};
use crate::asking::BrowserKey;
use crate::hall::Hall;

/// A new code every second, as BankID's own guide says; looked for twice as often, so that none is skipped.
const LOOK: Duration = Duration::from_millis(500);
/// Looks after which the picture ends: six minutes.
const MOST: u32 = 720;
/// Pixels of one module.
const SCALE: usize = 6;
/// Modules of white around the code: the quiet zone (ISO/IEC 18004 §5.3.8).
const QUIET: usize = 4;

/// `/order/{id}/qr`.
pub(super) async fn moving(
    State(hall): State<Hall>,
    visit: Visit,
    BrowserKey(key): BrowserKey,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let id = named(&id)?;
    let page = hall.app.order_page(id, &key).await.map_err(|refusal| refused(&visit, refusal))?;
    let Some(seat) = hall.seats.take(key.hash(), Kind::Code) else { return still_of(page.qr.as_deref()) };
    if page.qr.is_none() {
        return Err(Problem::of(&codes::GONE));
    }
    let frames = Frames { app: hall.app.clone(), id, key, last: String::new(), looks: 0, _seat: seat };
    let body = Body::from_stream(frames.parts().map(Ok::<_, Infallible>));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("multipart/x-mixed-replace; boundary=frame")),
        (HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no")),
    ];
    Ok((headers, body).into_response())
}

/// `/order/{id}/qr.png`.
pub(super) async fn still(
    State(hall): State<Hall>,
    visit: Visit,
    BrowserKey(key): BrowserKey,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let page = hall.app.order_page(named(&id)?, &key).await.map_err(|refusal| refused(&visit, refusal))?;
    still_of(page.qr.as_deref())
}

fn still_of(text: Option<&str>) -> Result<Response, Problem> {
    let text = text.ok_or_else(|| Problem::of(&codes::GONE))?;
    let picture = picture(text).ok_or_else(|| Problem::of(&codes::OUR_FAULT))?;
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("image/png"))], picture).into_response())
}

struct Frames {
    app: App,
    id: OrderId,
    key: SecretKey,
    last: String,
    looks: u32,
    _seat: Seat,
}

impl Frames {
    fn parts(self) -> impl Stream<Item = Bytes> + Send + 'static {
        let first = stream::once(async { Bytes::from_static(b"--frame\r\n") });
        first.chain(stream::unfold(self, |mut frames| async move {
            let part = frames.next().await?;
            Some((part, frames))
        }))
    }

    /// The next picture with the boundary after it; `None` when the order needs no code any more.
    async fn next(&mut self) -> Option<Bytes> {
        while self.looks < MOST {
            if self.looks > 0 {
                tokio::time::sleep(LOOK).await;
            }
            self.looks += 1;
            let page = self.app.order_page(self.id, &self.key).await.ok()?;
            if !matches!(page.standing, Standing::Pending { .. }) {
                return None;
            }
            // Without a code the app has the order. A new order at the provider may bring another code.
            let Some(text) = page.qr.filter(|text| *text != self.last) else { continue };
            let picture = picture(&text)?;
            self.last = text;
            return Some(part(&picture));
        }
        None
    }
}

/// One part and the boundary after it.
fn part(picture: &[u8]) -> Bytes {
    let head = format!("Content-Type: image/png\r\nContent-Length: {}\r\n\r\n", picture.len());
    [head.as_bytes(), picture, b"\r\n--frame\r\n"].concat().into()
}

/// The code as a PNG of one bit per pixel. `None` if the text does not fit, which no provider's does.
fn picture(text: &str) -> Option<Vec<u8>> {
    let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
    let side = (code.size + 2 * QUIET) * SCALE;
    let row_bytes = side.div_ceil(8);
    let mut pixels = vec![0xff_u8; row_bytes * side];
    for (y, row) in pixels.chunks_exact_mut(row_bytes).enumerate() {
        for x in 0..side {
            let module = |at: usize| (at / SCALE).checked_sub(QUIET).filter(|at| *at < code.size);
            if let (Some(column), Some(line)) = (module(x), module(y))
                && code[line].get(column).is_some_and(|module| module.value())
                && let Some(byte) = row.get_mut(x / 8)
            {
                *byte &= !(0x80 >> (x % 8));
            }
        }
    }
    let mut png = Vec::with_capacity(4096);
    let size = u32::try_from(side).ok()?;
    let mut encoder = png::Encoder::new(&mut png, size, size);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.set_compression(png::Compression::Fast);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&pixels).ok()?;
    writer.finish().ok()?;
    Some(png)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "bankid.67df3917-fa0d-44e5-b327-edcc928297f8.12.dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8";

    /// The picture, read back: its modules are the code's, within a white edge.
    #[test]
    fn the_picture_holds_the_code_and_a_quiet_zone() {
        let png = picture(TEXT).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(png.as_slice())).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.bit_depth, info.color_type), (png::BitDepth::One, png::ColorType::Grayscale));
        let code = QRBuilder::new(TEXT).ecl(ECL::M).build().unwrap();
        let side = info.width as usize;
        assert_eq!(side, (code.size + 2 * QUIET) * SCALE);
        let dark = |x: usize, y: usize| pixels[y * side.div_ceil(8) + x / 8] & (0x80 >> (x % 8)) == 0;
        for y in 0..side {
            for x in 0..side {
                let (column, row) = ((x / SCALE).wrapping_sub(QUIET), (y / SCALE).wrapping_sub(QUIET));
                let expected = column < code.size && row < code.size && code[row][column].value();
                assert_eq!(dark(x, y), expected, "{x},{y}");
            }
        }
        assert!(png.len() < 4096, "{} bytes", png.len());
    }

    #[test]
    fn the_boundary_follows_its_part_at_once() {
        let part = part(b"PNG");
        assert_eq!(&part[..], b"Content-Type: image/png\r\nContent-Length: 3\r\n\r\nPNG\r\n--frame\r\n");
    }
}
