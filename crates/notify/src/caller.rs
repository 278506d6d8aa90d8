//! Calls to other programs: one short form over HTTP, to an address that was registered with us.
//!
//! Bounded: 3 s to connect, 5 s in all, nothing of the answer is read but its status. Redirects and proxies are not
//! followed, so that a registered address leads where it says and nowhere else.

use reqwest::{header, redirect};
use std::time::Duration;

/// A client for such calls.
#[derive(Debug, Clone)]
pub struct Caller(reqwest::Client);

/// Why a call did not succeed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    #[error("the client for calls cannot be set up: {0}")]
    Setup(String),
    #[error("no answer within the time allowed")]
    TimedOut,
    #[error("no connection: name, network, firewall or certificate")]
    Unreachable,
    #[error("answered with HTTP {0}")]
    Status(u16),
}

impl Caller {
    const CONNECT: Duration = Duration::from_secs(3);
    const CALL: Duration = Duration::from_secs(5);

    /// With the system's roots of trust.
    pub fn new() -> Result<Self, CallError> {
        // The process has one provider; whoever comes first names the same.
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .connect_timeout(Self::CONNECT)
            .timeout(Self::CALL)
            .user_agent("behorig")
            .build()
            .map(Self)
            .map_err(|error| CallError::Setup(error.to_string()))
    }

    /// Posts a form that is encoded already. Any 2xx is a success.
    ///
    /// # Errors
    /// [`CallError`]; the call may have arrived all the same.
    pub async fn post_form(&self, address: &str, form: String) -> Result<(), CallError> {
        let call = self
            .0
            .post(address)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::CACHE_CONTROL, "no-store")
            .body(form);
        let answer = call.send().await.map_err(|error| match error.is_timeout() {
            true => CallError::TimedOut,
            false => CallError::Unreachable,
        })?;
        match answer.status() {
            status if status.is_success() => Ok(()),
            status => Err(CallError::Status(status.as_u16())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    async fn answering(with: &'static str) -> (String, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/told", listener.local_addr().unwrap());
        let heard = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = vec![0; 4096];
            let mut seen = String::new();
            while !seen.contains("logout_token=x") {
                let read = stream.read(&mut bytes).await.unwrap();
                seen.push_str(&String::from_utf8_lossy(&bytes[..read]));
            }
            stream.write_all(with.as_bytes()).await.unwrap();
            seen
        });
        (address, heard)
    }

    #[tokio::test]
    async fn a_form_arrives_and_only_a_success_is_one() {
        let caller = Caller::new().unwrap();
        let call = |address: String| {
            let caller = caller.clone();
            async move { caller.post_form(&address, "logout_token=x".into()).await }
        };
        let (address, heard) = answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
        assert_eq!(call(address).await, Ok(()));
        assert!(heard.await.unwrap().starts_with("POST /told HTTP/1.1"));
        let moved = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n";
        let (address, _heard) = answering(moved).await;
        assert_eq!(call(address).await, Err(CallError::Status(302)));
        assert_eq!(call("http://127.0.0.1:9/".into()).await, Err(CallError::Unreachable));
    }
}
