//! The client of BankID's Relying Party API v6.0: `/auth`, `/sign`, `/collect`, `/cancel`, and the probe that
//! `check --online` uses.
//!
//! Everything is bounded: 5 s to connect, 5 s between bytes, 10 s for a call, 1 MiB for an answer; only until
//! post-quantum key exchange has worked once may a call be made a second time without it, and it is tried again. Redirects and
//! proxies are not followed. The content type is exactly `application/json`: a charset parameter is
//! answered with 415.

use reqwest::{Method, Url, header, redirect};
use std::{
    sync::atomic::{AtomicU8, AtomicU32, Ordering},
    time::Duration,
};

use super::{
    answer::{Collected, OrderRef, Started},
    codes::ErrorCode,
    request::OrderRequest,
    tls::{self, Identity, KeyExchange, ServerRoots, SetupError, TlsFault},
};

/// A call that gave no result. By what the caller can do: `outcome` maps each to a text and a retry rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The provider refused, with its code.
    #[error("refused with HTTP {status}, {}", code.as_str())]
    Refused { status: u16, code: ErrorCode },
    #[error("no answer within the time allowed")]
    TimedOut,
    #[error("no connection: name, network or firewall")]
    Unreachable,
    #[error("TLS: {}", .0.as_str())]
    Tls(TlsFault),
    /// Not JSON, not of the described form, or larger than 1 MiB.
    #[error("the answer is not one of the Relying Party API")]
    Garbage,
}

/// What the probe saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    pub status: u16,
    /// The `Date` header as sent, if any.
    pub date: Option<String>,
}

#[derive(Debug)]
pub struct Client {
    endpoint: Url,
    hybrid: reqwest::Client,
    classical: reqwest::Client,
    /// One of `UNTRIED`, `HYBRID`, `CLASSICAL`.
    exchange: AtomicU8,
    /// Calls made by the classical exchange.
    classical_calls: AtomicU32,
}

const UNTRIED: u8 = 0;
const HYBRID: u8 = 1;
const CLASSICAL: u8 = 2;

impl Client {
    /// Longest wait for a connection, and between two bytes of an answer.
    pub const STEP: Duration = Duration::from_secs(5);
    /// Of so many calls by the classical exchange one tries post-quantum first: what looked like a network that drops it may
    /// have been a provider that went away at that moment.
    pub const AGAIN: u32 = 100;
    /// Longest call.
    pub const CALL: Duration = Duration::from_secs(10);
    /// Most bytes of an answer: a signature of 40 000 + 200 000 characters twice in base64 fits.
    pub const MOST_BYTES: usize = 1024 * 1024;

    /// `endpoint` is the address of the interface, `https://…/rp/v6.0/`.
    pub fn new(endpoint: &str, identity: &Identity, roots: &ServerRoots) -> Result<Self, SetupError> {
        let endpoint = Url::parse(endpoint).map_err(|_| SetupError::Endpoint)?;
        let whole = endpoint.scheme() == "https"
            && endpoint.path().ends_with("/rp/v6.0/")
            && endpoint.query().is_none()
            && endpoint.fragment().is_none();
        if !whole {
            return Err(SetupError::Endpoint);
        }
        let client = |exchange| {
            reqwest::Client::builder()
                .tls_backend_preconfigured(tls::config(identity, roots, exchange)?)
                .https_only(true)
                .redirect(redirect::Policy::none())
                .referer(false)
                .no_proxy()
                .connect_timeout(Self::STEP)
                .read_timeout(Self::STEP)
                .timeout(Self::CALL)
                .pool_idle_timeout(Duration::from_secs(20))
                .user_agent("behorig")
                .build()
                .map_err(|e| SetupError::Tls(e.to_string()))
        };
        Ok(Self {
            endpoint,
            hybrid: client(KeyExchange::PostQuantumFirst)?,
            classical: client(KeyExchange::Classical)?,
            exchange: AtomicU8::new(UNTRIED),
            classical_calls: AtomicU32::new(0),
        })
    }

    /// Starts an identification.
    pub async fn auth(&self, request: &OrderRequest) -> Result<Started, CallError> {
        self.start("auth", request).await
    }

    /// Starts a signature.
    pub async fn sign(&self, request: &OrderRequest) -> Result<Started, CallError> {
        self.start("sign", request).await
    }

    async fn start(&self, path: &str, request: &OrderRequest) -> Result<Started, CallError> {
        let body = request.body().map_err(|_| CallError::Garbage)?;
        Started::parse(&self.post(path, body).await?).map_err(|_| CallError::Garbage)
    }

    /// Asks how an order stands. The completion is given once: whoever collects it must keep it.
    pub async fn collect(&self, order: &OrderRef) -> Result<Collected, CallError> {
        let answer = self.post("collect", reference(order)).await?;
        Collected::parse(answer).map_err(|_| CallError::Garbage)
    }

    /// Ends an order that lives.
    pub async fn cancel(&self, order: &OrderRef) -> Result<(), CallError> {
        self.post("cancel", reference(order)).await.map(|_| ())
    }

    /// `GET /auth`: a sound provider answers 405 over the mutually authenticated channel.
    pub async fn probe(&self) -> Result<Probe, CallError> {
        let answer = self.send(Method::GET, "auth", Vec::new()).await?;
        let date = answer.headers().get(header::DATE).and_then(|date| date.to_str().ok());
        Ok(Probe { status: answer.status().as_u16(), date: date.map(str::to_owned) })
    }

    async fn post(&self, path: &str, body: Vec<u8>) -> Result<Vec<u8>, CallError> {
        let answer = self.send(Method::POST, path, body).await?;
        let status = answer.status().as_u16();
        let body = bounded(answer).await;
        if status == 200 {
            return body;
        }
        let code = ErrorCode::of_answer(status, &body.unwrap_or_default());
        Err(CallError::Refused { status, code })
    }

    async fn send(&self, method: Method, path: &str, body: Vec<u8>) -> Result<reqwest::Response, CallError> {
        let url = self.endpoint.join(path).map_err(|_| CallError::Garbage)?;
        let request = |client: &reqwest::Client, body: Vec<u8>| {
            let request = client.request(method.clone(), url.clone());
            if method == Method::POST {
                request.header(header::CONTENT_TYPE, "application/json").body(body).send()
            } else {
                request.send()
            }
        };
        let exchange = self.exchange.load(Ordering::Relaxed);
        if exchange == CLASSICAL {
            let before = self.classical_calls.fetch_add(1, Ordering::Relaxed);
            if before % Self::AGAIN != Self::AGAIN - 1 {
                return request(&self.classical, body).await.map_err(|e| fault(&e));
            }
        }
        let error = match request(&self.hybrid, body.clone()).await {
            Ok(answer) => {
                if self.exchange.swap(HYBRID, Ordering::Relaxed) == CLASSICAL {
                    tracing::info!("BankID answers post-quantum key exchange again");
                }
                return Ok(answer);
            }
            Err(error) => error,
        };
        if exchange == HYBRID || !may_be_the_hello(&error) {
            return Err(fault(&error));
        }
        // Nothing has been sent yet but the hello: the same call may be made again.
        match request(&self.classical, body).await {
            Ok(answer) => {
                if self.exchange.swap(CLASSICAL, Ordering::Relaxed) != CLASSICAL {
                    tracing::warn!(
                        "BankID answered classical key exchange only; post-quantum is tried again after some calls"
                    );
                }
                Ok(answer)
            }
            Err(_) => Err(fault(&error)),
        }
    }
}

fn reference(order: &OrderRef) -> Vec<u8> {
    serde_json::json!({ "orderRef": order.as_str() }).to_string().into_bytes()
}

/// Some networks drop a TLS hello that does not fit in one packet, as a post-quantum one does not. It looks
/// like a broken or silent connection after the connect, never like a refused one or a wrong certificate.
fn may_be_the_hello(error: &reqwest::Error) -> bool {
    if !error.is_connect() || error.is_dns() {
        return false;
    }
    match TlsFault::within(error) {
        Some(fault) => fault == TlsFault::Other,
        None => !tls::causes(error)
            .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
            .any(|io| io.kind() == std::io::ErrorKind::ConnectionRefused),
    }
}

fn fault(error: &reqwest::Error) -> CallError {
    if let Some(fault) = TlsFault::within(error) {
        CallError::Tls(fault)
    } else if error.is_timeout() {
        CallError::TimedOut
    } else {
        CallError::Unreachable
    }
}

async fn bounded(mut answer: reqwest::Response) -> Result<Vec<u8>, CallError> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|e| fault(&e))? {
        if body.len() + chunk.len() > Client::MOST_BYTES {
            return Err(CallError::Garbage);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
