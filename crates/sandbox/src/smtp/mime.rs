//! Reads enough of a message to show it: headers with encoded words (RFC 2047), the first plain text part
//! (RFC 2045, 2046) in quoted-printable or base64, UTF-8 or Latin-1.

use base64::{Engine as _, alphabet, engine};
use domain::Instant;

/// How deep parts may lie in parts.
const DEPTH: usize = 4;

/// What the inbox shows.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Message {
    pub from: Option<String>,
    pub subject: String,
    pub message_id: String,
    pub written_at: Option<Instant>,
    pub text: String,
}

/// Reads a whole message; whatever cannot be read is shown as it came.
pub fn read(bytes: &[u8]) -> Message {
    let (headers, body) = split(bytes);
    let headers = Headers::read(headers);
    Message {
        from: headers.get("from").map(encoded_words),
        subject: headers.get("subject").map(encoded_words).unwrap_or_default(),
        message_id: headers.get("message-id").unwrap_or_default().trim().to_owned(),
        written_at: headers
            .get("date")
            .and_then(|date| jiff::fmt::rfc2822::parse(date).ok())
            .map(|t| t.timestamp().into()),
        text: text(&headers, body, 0).unwrap_or_default(),
    }
}

struct Headers(Vec<(String, String)>);

impl Headers {
    fn read(bytes: &[u8]) -> Self {
        let mut all: Vec<(String, String)> = Vec::new();
        for line in String::from_utf8_lossy(bytes).split("\r\n") {
            if line.starts_with([' ', '\t']) {
                // A folded line belongs to the header before it (RFC 5322 §2.2.3).
                if let Some((_, value)) = all.last_mut() {
                    value.push(' ');
                    value.push_str(line.trim());
                }
            } else if let Some((name, value)) = line.split_once(':') {
                all.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
            }
        }
        Self(all)
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// A parameter of `Content-Type`, without quotes.
    fn parameter(&self, wanted: &str) -> Option<String> {
        self.get("content-type")?.split(';').skip(1).find_map(|p| {
            let (name, value) = p.split_once('=')?;
            name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().trim_matches('"').to_owned())
        })
    }
}

/// Head and body, parted by the first empty line.
fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.windows(4).position(|w| w == b"\r\n\r\n") {
        Some(at) => (&bytes[..at], &bytes[at + 4..]),
        None => (bytes, &[]),
    }
}

fn text(headers: &Headers, body: &[u8], depth: usize) -> Option<String> {
    let kind = headers.get("content-type").unwrap_or("text/plain").to_ascii_lowercase();
    if kind.starts_with("multipart/") {
        if depth == DEPTH {
            return None;
        }
        let boundary = format!("--{}", headers.parameter("boundary")?);
        return parts(body, boundary.as_bytes()).into_iter().find_map(|part| {
            let (head, body) = split(part);
            text(&Headers::read(head), body, depth + 1)
        });
    }
    if !kind.starts_with("text/plain") {
        return None;
    }
    let encoding = headers.get("content-transfer-encoding").unwrap_or("7bit").to_ascii_lowercase();
    let bytes = match encoding.as_str() {
        "base64" => base64_lenient(body),
        "quoted-printable" => quoted_printable(body),
        _ => body.to_vec(),
    };
    let charset = headers.parameter("charset").unwrap_or_default();
    Some(characters(&bytes, &charset).replace("\r\n", "\n").trim_end().to_owned())
}

/// The parts between the boundary's lines.
fn parts<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    let mut start = None;
    let mut at = 0;
    while at < body.len() {
        let end = body[at..].windows(2).position(|w| w == b"\r\n").map_or(body.len(), |n| at + n);
        let line = &body[at..end];
        if line.starts_with(boundary) {
            if let Some(start) = start {
                parts.push(&body[start..at.saturating_sub(2).max(start)]);
            }
            if line[boundary.len()..].starts_with(b"--") {
                return parts;
            }
            start = Some((end + 2).min(body.len()));
        }
        at = end + 2;
    }
    parts
}

/// `=?UTF-8?B?…?=` and `=?UTF-8?Q?…?=`; white space between two encoded words is dropped.
fn encoded_words(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    let mut after_word = false;
    while let Some(start) = rest.find("=?") {
        let before = &rest[..start];
        let Some((decoded, used)) = encoded_word(&rest[start..]) else {
            let (literal, tail) = rest.split_at(start + 2);
            out.push_str(literal);
            rest = tail;
            after_word = false;
            continue;
        };
        if !(after_word && before.trim().is_empty()) {
            out.push_str(before);
        }
        out.push_str(&decoded);
        rest = &rest[start + used..];
        after_word = true;
    }
    out.push_str(rest);
    out
}

/// Decodes the encoded word at the start of the text: (its text, its length).
fn encoded_word(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix("=?")?;
    let (charset, inner) = inner.split_once('?')?;
    let (encoding, inner) = inner.split_once('?')?;
    let (data, _) = inner.split_once("?=")?;
    let bytes = match encoding {
        "B" | "b" => base64_lenient(data.as_bytes()),
        "Q" | "q" => quoted_printable(data.replace('_', " ").as_bytes()),
        _ => return None,
    };
    let used = 2 + charset.len() + 1 + encoding.len() + 1 + data.len() + 2;
    Some((characters(&bytes, charset), used))
}

fn characters(bytes: &[u8], charset: &str) -> String {
    match charset.to_ascii_lowercase().as_str() {
        // Latin-1's code points are Unicode's first 256.
        "iso-8859-1" | "latin1" => bytes.iter().map(|b| char::from(*b)).collect(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

fn base64_lenient(text: &[u8]) -> Vec<u8> {
    let config =
        engine::GeneralPurposeConfig::new().with_decode_padding_mode(engine::DecodePaddingMode::Indifferent);
    let engine = engine::GeneralPurpose::new(&alphabet::STANDARD, config);
    let bare: Vec<u8> = text.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
    engine.decode(&bare).unwrap_or(bare)
}

fn quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        if byte != b'=' {
            out.push(byte);
        } else if let Some(after) = rest.strip_prefix(b"\r\n") {
            rest = after;
        } else if let [high, low, ..] = *rest
            && let (Some(high), Some(low)) = (char::from(high).to_digit(16), char::from(low).to_digit(16))
        {
            out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
            rest = &rest[2..];
        } else {
            out.push(b'=');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_printable_and_encoded_words() {
        let message = read(
            b"From: =?utf-8?Q?Exempelmyndigheten?= <noreply@example.se>\r\nSubject: =?utf-8?b?QmVow7ZyaWdoZXQ=?=\r\n \
              =?utf-8?Q?_f=C3=B6r_dig?=\r\nMessage-ID: <1@example.se>\r\nContent-Type: text/plain; charset=utf-8\r\n\
              Content-Transfer-Encoding: quoted-printable\r\n\r\nHej =C3=85sa,=\r\n v=C3=A4lkommen = nu\r\n",
        );
        assert_eq!(message.from.as_deref(), Some("Exempelmyndigheten <noreply@example.se>"));
        assert_eq!(message.subject, "Behörighet för dig");
        assert_eq!(message.message_id, "<1@example.se>");
        assert_eq!(message.text, "Hej Åsa, välkommen = nu");
    }

    #[test]
    fn the_plain_part_of_several_is_taken() {
        let message = read(
            b"Content-Type: multipart/alternative; boundary=\"x y\"\r\n\r\npreamble\r\n--x y\r\nContent-Type: text/html\r\n\r\n\
              <p>no</p>\r\n--x y\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64\r\n\r\n\
              SOVq\r\n--x y--\r\nepilogue",
        );
        assert_eq!(message.text, "Håj");
    }

    #[test]
    fn anything_is_read_without_harm() {
        for bytes in [
            &b""[..],
            b"\r\n\r\n",
            b"Subject: =?",
            b"Subject: =?utf-8?X?abc?=\r\n\r\nbody",
            b"Content-Type: multipart/mixed\r\n\r\n--\r\n--",
            b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a",
            b"Content-Type: multipart/mixed; boundary=a\r\n\r\n--a\r\n--a--",
            b"Content-Transfer-Encoding: base64\r\n\r\n%%%\xff",
            b"Content-Transfer-Encoding: quoted-printable\r\n\r\n=",
        ] {
            let _ = read(bytes);
        }
        assert_eq!(read(b"Subject: =?utf-8?X?abc?=\r\n\r\nbody").subject, "=?utf-8?X?abc?=");
    }
}
