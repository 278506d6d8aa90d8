//! A running sandbox with the clients that the tests need.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{Clock, Entropy, Instant};
use sandbox::{Options, Sandbox};
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Once},
};

/// The system's clock.
#[derive(Debug)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        let since = std::time::UNIX_EPOCH.elapsed().expect("after 1970");
        Instant::from_micros(i64::try_from(since.as_micros()).expect("in range"))
    }
}

#[derive(Debug)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        aws_lc_rs::rand::fill(buffer).expect("randomness");
    }
}

/// One data folder for all tests: its PKI is made once.
pub fn shared_data() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("sandbox-data")
}

/// A fresh folder for a test that changes it.
pub fn own_data(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sandbox-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&path);
    path
}

pub async fn start(options: Options) -> Result<Sandbox, sandbox::SandboxError> {
    // One at a time, so that the keys of the shared folder are not made several times at once.
    static ONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let _turn = ONE.lock().await;
    sandbox::start(options, Arc::new(SystemClock), Arc::new(SystemEntropy)).await
}

pub struct Bed {
    pub sandbox: Sandbox,
    pub rp: reqwest::Client,
    pub http: reqwest::Client,
}

impl Bed {
    pub async fn new() -> Self {
        let sandbox = start(Options::on_free_ports(shared_data())).await.expect("start");
        let pem = |path: &Path| std::fs::read_to_string(path).expect("pem");
        let rp = rp_client(&sandbox, &pem(&sandbox.pki.client_certificate), &pem(&sandbox.pki.client_key));
        Self { sandbox, rp, http: plain_client() }
    }

    /// A call of the BankID API.
    pub async fn call(&self, method: &str, body: Value) -> (u16, Value) {
        self.call_as(&self.rp, method, body).await
    }

    pub async fn call_as(&self, client: &reqwest::Client, method: &str, body: Value) -> (u16, Value) {
        let url = format!("{}{method}", self.sandbox.bankid_url());
        let request = client.post(url).header("content-type", "application/json").body(body.to_string());
        let response = request.send().await.expect("an answer");
        (response.status().as_u16(), response.json().await.expect("JSON"))
    }

    /// Starts an order that must be accepted.
    pub async fn order(&self, method: &str, body: Value) -> Order {
        let (status, body) = self.call(method, body).await;
        assert_eq!(status, 200, "{body}");
        Order(body)
    }

    pub async fn auth(&self) -> Order {
        self.order("auth", json!({"endUserIp": "127.0.0.1"})).await
    }

    pub async fn collect(&self, order: &Order) -> Value {
        let (status, body) = self.call("collect", json!({"orderRef": order.text("orderRef")})).await;
        assert_eq!(status, 200, "{body}");
        body
    }

    pub async fn hint(&self, order: &Order) -> String {
        let answer = self.collect(order).await;
        format!(
            "{} {}",
            answer["status"].as_str().expect("status"),
            answer["hintCode"].as_str().unwrap_or_default()
        )
        .trim()
        .to_owned()
    }

    /// The order is not known any more.
    pub async fn is_unknown(&self, order: &Order) -> bool {
        let (status, body) = self.call("collect", json!({"orderRef": order.text("orderRef")})).await;
        status == 400 && body["errorCode"] == "invalidParameters"
    }

    /// A call of the control API.
    pub async fn control(&self, path: &str, body: Value) -> (u16, Value) {
        let url = format!("{}{path}", self.sandbox.control_url());
        let response = self.http.post(url).json(&body).send().await.expect("an answer");
        let status = response.status().as_u16();
        let text = response.text().await.expect("text");
        (status, if text.is_empty() { Value::Null } else { serde_json::from_str(&text).expect("JSON") })
    }

    /// A call of the control API that must succeed.
    pub async fn ok(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.control(path, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
        answer
    }

    /// A call of the control API that must be refused; returns status and code.
    pub async fn refused(&self, path: &str, body: Value) -> (u16, String) {
        let (status, answer) = self.control(path, body).await;
        (status, answer["code"].as_str().unwrap_or_else(|| panic!("{path}: {status} {answer}")).to_owned())
    }

    pub async fn get(&self, path: &str) -> reqwest::Response {
        self.http.get(format!("{}{path}", self.sandbox.control_url())).send().await.expect("an answer")
    }

    pub async fn scan(&self, person: &str, order: &Order) {
        self.ok("/phone/scan", json!({"person": person, "qr": order.qr(0)})).await;
    }

    pub async fn advance(&self, seconds: u64) {
        self.ok("/clock", json!({"advance_seconds": seconds})).await;
    }

    /// Scans and approves; returns the completion data.
    pub async fn complete(&self, person: &str, order: &Order) -> Value {
        self.scan(person, order).await;
        self.ok("/phone/approve", json!({"person": person})).await;
        let mut answer = self.collect(order).await;
        assert_eq!(answer["status"], "complete", "{answer}");
        answer["completionData"].take()
    }
}

pub fn rp_client(sandbox: &Sandbox, certificate: &str, key: &str) -> reqwest::Client {
    provider();
    let root = std::fs::read(&sandbox.pki.server_root).expect("root");
    reqwest::Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(&root).expect("root")])
        .identity(reqwest::Identity::from_pem(format!("{certificate}{key}").as_bytes()).expect("identity"))
        .build()
        .expect("client")
}

pub fn plain_client() -> reqwest::Client {
    provider();
    reqwest::Client::builder()
        .tls_certs_only([])
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("client")
}

pub fn provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    });
}

/// A bare TLS connection to the BankID API with the relying party's certificate.
pub async fn tls_stream(sandbox: &Sandbox) -> tokio_rustls::client::TlsStream<tokio::net::TcpStream> {
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _};
    provider();
    let mut roots = rustls::RootCertStore::empty();
    let pem = std::fs::read(&sandbox.pki.server_root).expect("root");
    roots.add(CertificateDer::from_pem_slice(&pem).expect("root")).expect("root");
    let certificate = std::fs::read(&sandbox.pki.client_certificate).expect("certificate");
    let chain = CertificateDer::pem_slice_iter(&certificate).collect::<Result<Vec<_>, _>>().expect("chain");
    let key = std::fs::read(&sandbox.pki.client_key).expect("key");
    let config = rustls::ClientConfig::builder()
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, PrivateKeyDer::from_pem_slice(&key).expect("key"))
        .expect("config");
    let stream = tokio::net::TcpStream::connect(sandbox.bankid).await.expect("connect");
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    connector.connect(ServerName::try_from("localhost").expect("name"), stream).await.expect("handshake")
}

/// The answer to `auth` or `sign`.
pub struct Order(pub Value);

impl Order {
    pub fn text(&self, field: &str) -> &str {
        self.0[field].as_str().expect(field)
    }

    /// The QR text of a second.
    pub fn qr(&self, second: u64) -> String {
        qr(self.text("qrStartToken"), self.text("qrStartSecret"), second)
    }
}

pub fn qr(token: &str, secret: &str, second: u64) -> String {
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret.as_bytes());
    let tag = aws_lc_rs::hmac::sign(&key, second.to_string().as_bytes());
    let hex: String = tag.as_ref().iter().map(|b| format!("{b:02x}")).collect();
    format!("bankid.{token}.{second}.{hex}")
}

pub fn b64(text: impl AsRef<[u8]>) -> String {
    STANDARD.encode(text)
}

pub fn unb64(text: &Value) -> Vec<u8> {
    STANDARD.decode(text.as_str().expect("text")).expect("base64")
}
