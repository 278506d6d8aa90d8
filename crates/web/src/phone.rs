//! The simulated telephone of a demo, by its control interface: plain HTTP on loopback, and nowhere else.

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use page::Lang;
use serde::Deserialize;
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::time::Duration;
use tokio::net::TcpStream;

/// The longest that the telephone may take for one answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The largest answer that is read, in bytes.
const MOST: usize = 256 * 1024;

/// A telephone that answers for demo people.
#[derive(Debug, Clone)]
pub struct DemoPhone {
    address: SocketAddr,
    url: String,
}

/// The address is not one that a demo's telephone can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the demo's telephone must be plain HTTP on loopback, such as http://127.0.0.1:8401")]
pub struct BadPhone;

/// Somebody whom one can be in a demo.
#[derive(Clone, Deserialize)]
pub(crate) struct Person {
    pub id: String,
    pub name: String,
    /// For the form of an administrator, who knows a colleague's number; an invented one.
    pub personal_number: String,
    pub group: Group,
    pub role: String,
    pub situation: String,
}

/// As everywhere, no number in a log, not even an invented one.
impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Person({})", self.id)
    }
}

/// Where a person stands in the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Group {
    Agency,
    Employer,
    Private,
}

/// An organisation of the demo.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Organisation {
    pub id: String,
    pub number: String,
}

/// What came of asking the telephone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoAnswer {
    #[error("the simulated telephone does not answer")]
    Silent,
    #[error("the simulated telephone answers {status} {code}")]
    Refused { status: StatusCode, code: String },
}

impl DemoPhone {
    /// By the base address of the sandbox's control interface.
    ///
    /// # Errors
    /// [`BadPhone`] for anything but plain HTTP on loopback: whoever reaches it can approve anybody's login.
    pub fn parse(url: &str) -> Result<Self, BadPhone> {
        let url = url.trim_end_matches('/');
        let place = url.strip_prefix("http://").ok_or(BadPhone)?;
        let address = match place.strip_prefix("localhost:") {
            Some(port) => {
                SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port.parse().map_err(|_| BadPhone)?)
            }
            None => place.parse().map_err(|_| BadPhone)?,
        };
        if address.ip().is_loopback() { Ok(Self { address, url: url.to_owned() }) } else { Err(BadPhone) }
    }

    /// Another listener of the same demo: so many ports above the telephone's. By number, as another host than the pages'.
    pub(crate) fn beside(&self, distance: u16) -> String {
        format!("http://127.0.0.1:{}/", self.address.port().saturating_add(distance))
    }

    /// A page of the telephone's own, for people.
    pub(crate) fn page(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    pub(crate) async fn people(&self, lang: Lang) -> Result<Vec<Person>, NoAnswer> {
        let answer = self.ask(Method::GET, &format!("/people?lang={}", lang.tag()), None).await?;
        serde_json::from_slice(&answer).map_err(|_| NoAnswer::Silent)
    }

    pub(crate) async fn organisations(&self) -> Result<Vec<Organisation>, NoAnswer> {
        let answer = self.ask(Method::GET, "/organisations", None).await?;
        serde_json::from_slice(&answer).map_err(|_| NoAnswer::Silent)
    }

    /// Opens the app with the token of a start link.
    pub(crate) async fn start(&self, person: &str, token: &str) -> Result<(), NoAnswer> {
        let body = json!({"person": person, "autostart_token": token});
        self.ask(Method::POST, "/phone/start", Some(body)).await.map(drop)
    }

    pub(crate) async fn approve(&self, person: &str) -> Result<(), NoAnswer> {
        self.ask(Method::POST, "/phone/approve", Some(json!({"person": person}))).await.map(drop)
    }

    /// Moves the simulators' timers forward. They count whole seconds.
    async fn advance(&self, by: Duration) -> Result<(), NoAnswer> {
        let seconds = by.as_secs() + u64::from(by.subsec_nanos() > 0);
        self.ask(Method::POST, "/clock", Some(json!({ "advance_seconds": seconds }))).await.map(drop)
    }

    async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Result<Bytes, NoAnswer> {
        match tokio::time::timeout(PATIENCE, self.exchange(method, path, body)).await {
            Ok(Ok((status, body))) if status.is_success() => Ok(body),
            Ok(Ok((status, body))) => {
                let told: Option<Value> = serde_json::from_slice(&body).ok();
                let code = told.as_ref().and_then(|told| told["code"].as_str()).unwrap_or("?");
                Err(NoAnswer::Refused { status, code: code.chars().take(40).collect() })
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "the simulated telephone could not be asked");
                Err(NoAnswer::Silent)
            }
            Err(_) => Err(NoAnswer::Silent),
        }
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Result<(StatusCode, Bytes), Box<dyn std::error::Error + Send + Sync>> {
        let stream = TcpStream::connect(self.address).await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.address.to_string())
            .header(header::CONTENT_TYPE, "application/json")
            .body(Full::new(body.map(|body| Bytes::from(body.to_string())).unwrap_or_default()))?;
        let response = sender.send_request(request).await?;
        let status = response.status();
        let bytes = Limited::new(response.into_body(), MOST).collect().await?.to_bytes();
        connection.abort();
        Ok((status, bytes))
    }
}

impl app::clock::Beside for DemoPhone {
    fn advance<'a>(&'a self, by: Duration) -> Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'a>> {
        Box::pin(async move { DemoPhone::advance(self, by).await.map_err(|error| error.to_string()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_telephone_is_on_loopback() {
        for good in ["http://127.0.0.1:8401", "http://localhost:8401/", "http://[::1]:1"] {
            assert!(DemoPhone::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "https://127.0.0.1:1",
            "http://10.0.0.1:1",
            "http://example.se:80",
            "http://localhost",
            "http://localhost:x",
        ] {
            assert_eq!(DemoPhone::parse(bad).err(), Some(BadPhone), "{bad}");
        }
    }

    #[tokio::test]
    async fn a_telephone_that_is_not_there_is_silent() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let gone = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        assert_eq!(DemoPhone::parse(&gone).unwrap().approve("astrid").await, Err(NoAnswer::Silent));
    }
}
