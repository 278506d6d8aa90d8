//! Reading a posted form, within bounds: everything that is too large, of another type or no form at all
//! is refused with its own page, before any handler sees it.

use axum::{
    Form,
    body::{Body, to_bytes},
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use std::time::Duration;

use super::Answers;
use crate::{Problem, problem::codes};

/// All text of a form, in bytes.
pub const MAX_FORM: usize = 64 * 1024;
/// One file, in bytes. The route needs `DefaultBodyLimit::max(…)` of at least the sum of its files.
pub const MAX_FILE: usize = 10 * 1024 * 1024;
/// How long the text of a form may take to arrive.
const FORM_TIME: Duration = Duration::from_secs(30);
/// How long a form with files may take: the largest file at half a megabit a second.
const FILES_TIME: Duration = Duration::from_secs(180);
/// Files in one form.
pub const MAX_FILES: usize = 5;

/// A file as sent. Nothing about it is to be believed: the type is what the browser says.
#[derive(Clone)]
pub struct Upload {
    /// The field's name.
    pub field: String,
    /// The name on the sender's disk, without folders, at most 200 characters; for showing only.
    pub file_name: String,
    pub bytes: Bytes,
}

/// The size only: a file's name and content may tell about people.
impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload")
            .field("field", &self.field)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// What a form sent: an extractor for `POST` handlers, refusing with a [`Problem`].
#[derive(Debug, Clone, Default)]
pub struct Posted {
    pub answers: Answers,
    /// Empty unless the form is `multipart/form-data`; fields left empty are not in it.
    pub files: Vec<Upload>,
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match media_type(request.headers()).as_str() {
            "application/x-www-form-urlencoded" => within(FORM_TIME, plain(request)).await,
            "multipart/form-data" => {
                let parts = Multipart::from_request(request, state)
                    .await
                    .map_err(|_| Problem::of(&codes::UNREADABLE))?;
                within(FILES_TIME, multipart(parts)).await
            }
            _ => Err(Problem::of(&codes::BAD_TYPE)),
        }
    }
}

/// A body that does not come must not hold its connection for ever.
async fn within(
    time: Duration,
    reading: impl Future<Output = Result<Posted, Problem>>,
) -> Result<Posted, Problem> {
    let read = tokio::time::timeout(time, reading).await;
    read.unwrap_or_else(|_| Err(Problem::of(&codes::TOO_SLOW)))
}

fn media_type(headers: &HeaderMap) -> String {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

async fn plain(request: Request) -> Result<Posted, Problem> {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, MAX_FORM).await.map_err(|_| Problem::of(&codes::TOO_LARGE))?;
    let request = Request::from_parts(parts, Body::from(bytes));
    let Form(pairs) = Form::<Vec<(String, String)>>::from_request(request, &())
        .await
        .map_err(|_| Problem::of(&codes::UNREADABLE))?;
    posted(pairs, Vec::new())
}

async fn multipart(mut parts: Multipart) -> Result<Posted, Problem> {
    let (mut pairs, mut files) = (Vec::new(), Vec::new());
    let mut text_left = MAX_FORM;
    while let Some(mut part) = parts.next_field().await.map_err(refused)? {
        let field = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(base_name);
        let limit = if file_name.is_some() { MAX_FILE } else { text_left };
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(refused)? {
            if bytes.len() + chunk.len() > limit {
                return Err(Problem::of(&codes::TOO_LARGE));
            }
            bytes.extend_from_slice(&chunk);
        }
        match file_name {
            // A file field left empty is sent as a nameless file of no bytes (HTML §4.10.22.4).
            Some(name) if name.is_empty() && bytes.is_empty() => {}
            Some(_) if files.len() == MAX_FILES => return Err(Problem::of(&codes::TOO_LARGE)),
            Some(file_name) => files.push(Upload { field, file_name, bytes: bytes.into() }),
            None => {
                text_left -= bytes.len();
                let text = String::from_utf8(bytes).map_err(|_| Problem::of(&codes::UNREADABLE))?;
                pairs.push((field, text));
            }
        }
        if pairs.len() > 300 {
            return Err(Problem::of(&codes::UNREADABLE));
        }
    }
    posted(pairs, files)
}

fn posted(pairs: Vec<(String, String)>, files: Vec<Upload>) -> Result<Posted, Problem> {
    let answers = Answers::from_pairs(pairs).map_err(|_| Problem::of(&codes::UNREADABLE))?;
    Ok(Posted { answers, files })
}

fn refused(error: MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::of(&codes::TOO_LARGE),
        _ => Problem::of(&codes::UNREADABLE),
    }
}

fn base_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(kind: &str, body: impl Into<Body>) -> Result<Posted, &'static str> {
        let request = Request::post("/x").header("content-type", kind).body(body.into()).unwrap();
        Posted::from_request(request, &()).await.map_err(|problem| problem.code())
    }

    const URLENCODED: &str = "application/x-www-form-urlencoded";

    fn part(head: &str, body: &str) -> String {
        format!("--b\r\ncontent-disposition: form-data; {head}\r\n\r\n{body}\r\n")
    }

    #[tokio::test]
    async fn both_kinds_of_forms_are_read() {
        let posted =
            read("application/x-www-form-urlencoded; charset=UTF-8", "a=%C3%A5+b&a=2&tom=").await.unwrap();
        assert_eq!(posted.answers.all("a").collect::<Vec<_>>(), ["å b", "2"]);
        let body = part("name=\"a\"", "å")
            + &part("name=\"scan\"; filename=\"C:\\hemma\\a.pdf\"", "%PDF")
            + &part("name=\"tom\"; filename=\"\"", "")
            + "--b--\r\n";
        let posted = read("multipart/form-data; boundary=b", body).await.unwrap();
        assert_eq!(posted.answers.get("a"), "å");
        assert_eq!(posted.files.len(), 1);
        assert_eq!((posted.files[0].file_name.as_str(), &posted.files[0].bytes[..]), ("a.pdf", &b"%PDF"[..]));
        assert!(!format!("{posted:?}").contains("pdf"));
    }

    #[tokio::test]
    async fn what_is_no_form_of_ours_is_refused_with_its_own_code() {
        let large = "a=".to_owned() + &"x".repeat(MAX_FORM);
        assert_eq!(read(URLENCODED, large).await.unwrap_err(), codes::TOO_LARGE.code);
        assert_eq!(read(URLENCODED, "a=%00").await.unwrap_err(), codes::UNREADABLE.code);
        assert_eq!(read("text/plain", "a=b").await.unwrap_err(), codes::BAD_TYPE.code);
        assert_eq!(read("application/json", "{}").await.unwrap_err(), codes::BAD_TYPE.code);
        assert_eq!(read("multipart/form-data", "a").await.unwrap_err(), codes::UNREADABLE.code);
        let cut = part("name=\"a\"", "å");
        assert_eq!(read("multipart/form-data; boundary=b", cut).await.unwrap_err(), codes::UNREADABLE.code);
        let text = part("name=\"a\"", &"x".repeat(MAX_FORM + 1)) + "--b--\r\n";
        assert_eq!(read("multipart/form-data; boundary=b", text).await.unwrap_err(), codes::TOO_LARGE.code);
        let many = part("name=\"f\"; filename=\"a\"", "x").repeat(MAX_FILES + 1) + "--b--\r\n";
        assert_eq!(read("multipart/form-data; boundary=b", many).await.unwrap_err(), codes::TOO_LARGE.code);
    }
}
