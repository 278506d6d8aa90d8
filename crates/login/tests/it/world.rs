//! One simulator per test, in process, on ports of its own; certificates are made once for all tests. Both
//! sides share a clock that the test moves.

use domain::{Clock, Entropy, Instant};
use login::{
    Browser, BrowserHash, Completion, Device, Failure, Method as _, Order, Progress, Purpose, ReturnAddress,
    StartRequest, VerifiedLogin, VisibleText,
    bankid::{BankId, Environment, Settings, StartLink},
    text::TextFormat,
};
use serde_json::{Value, json};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

#[derive(Debug, Default)]
pub struct TestClock(AtomicI64);

impl Clock for TestClock {
    #[expect(clippy::disallowed_methods, reason = "the certificates of the simulator live in real time")]
    fn now(&self) -> Instant {
        let real = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_micros();
        Instant::from_micros(i64::try_from(real).unwrap() + self.0.load(Ordering::Relaxed))
    }
}

impl TestClock {
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::Relaxed);
    }
}

#[derive(Debug)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, buffer: &mut [u8]) {
        aws_lc_rs::rand::fill(buffer).unwrap();
    }
}

pub struct World {
    pub sandbox: sandbox::Sandbox,
    pub clock: Arc<TestClock>,
    pub bankid: BankId,
    http: reqwest::Client,
}

/// The key in the cookie of the browser that logs in.
pub const BROWSER: &[u8] = b"browser";

static FIRST: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

impl World {
    pub async fn start() -> Self {
        let clock = Arc::new(TestClock::default());
        let any = "127.0.0.1:0".parse().unwrap();
        let options = sandbox::Options {
            data: Path::new(env!("CARGO_TARGET_TMPDIR")).join("login-sandbox"),
            control: any,
            bankid: any,
            smtp: any,
        };
        // The first to come makes the certificates.
        let turn = FIRST.lock().await;
        let sandbox = sandbox::start(options, clock.clone(), Arc::new(SystemEntropy)).await.unwrap();
        drop(turn);
        let bankid = BankId::new(settings(&sandbox), clock.clone(), Arc::new(SystemEntropy)).unwrap();
        Self { sandbox, clock, bankid, http: plain_http() }
    }

    pub fn settings(&self) -> Settings {
        settings(&self.sandbox)
    }

    pub fn another(&self, settings: &Settings) -> BankId {
        BankId::new(settings.clone(), self.clock.clone(), Arc::new(SystemEntropy)).unwrap()
    }

    pub fn relying_party(&self) -> sandbox::RelyingParty {
        let number = self.sandbox.pki.relying_party_number.clone();
        sandbox::RelyingParty { name: "Exempelmyndigheten".into(), number }
    }

    /// With another certificate of the relying parties' CA, valid from and to so many days from now.
    pub fn settings_with_certificate_of(
        &self,
        party: &sandbox::RelyingParty,
        from: i64,
        to: i64,
    ) -> Settings {
        let at = |days: i64| Instant::from_micros(self.clock.now().micros() + days * 86_400_000_000);
        let (certificate, key) = self.sandbox.issue_relying_party(party, at(from)..at(to)).unwrap();
        Settings { client_certificate: certificate, client_key: key.into(), ..self.settings() }
    }

    /// The next question is put to the provider, not answered from what is known.
    pub fn later(&self) {
        self.clock.advance(Duration::from_secs(2));
    }

    pub async fn control(&self, path: &str, body: Value) -> (u16, Value) {
        let url = format!("http://{}{path}", self.sandbox.control);
        let answer = self.http.post(url).json(&body).send().await.unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap_or_default())
    }

    async fn done(&self, path: &str, body: Value) {
        let (status, answer) = self.control(path, body).await;
        assert!((200..300).contains(&status), "{path}: {status} {answer}");
    }

    pub async fn fault(&self, next: &str) {
        self.done("/fault", json!({"next": next})).await;
    }

    pub async fn faults(&self, next: &str, count: u32) {
        self.done("/fault", json!({"next": next, "count": count})).await;
    }

    pub async fn scan(&self, order: &Order, person: &str) {
        let qr = order.qr_text(self.clock.now()).unwrap();
        self.done("/phone/scan", json!({"person": person, "qr": qr})).await;
    }

    pub async fn approve(&self, person: &str) {
        self.done("/phone/approve", json!({"person": person})).await;
    }

    pub async fn refuse(&self, person: &str) {
        self.done("/phone/refuse", json!({"person": person})).await;
    }

    pub async fn hint(&self, person: &str, hint: &str, status: &str) {
        self.done("/phone/fault", json!({"person": person, "hint": hint, "status": status})).await;
    }

    pub async fn login(&self) -> Order {
        self.bankid.start(&request(Purpose::Login)).await.unwrap()
    }

    pub async fn poll(&self, order: &mut Order) -> Progress {
        self.later();
        self.bankid.poll(order, &browser()).await
    }

    /// Login by a scanned code, up to the last poll.
    pub async fn scanned_and_approved(&self, person: &str) -> Order {
        let order = self.login().await;
        self.scan(&order, person).await;
        self.approve(person).await;
        order
    }

    pub async fn logged_in(&self, person: &str) -> (Order, Box<VerifiedLogin>) {
        let mut order = self.scanned_and_approved(person).await;
        let login = verified(self.poll(&mut order).await);
        (order, login)
    }
}

pub fn settings(sandbox: &sandbox::Sandbox) -> Settings {
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let pki = &sandbox.pki;
    Settings {
        environment: Environment::Test,
        endpoint: format!("https://127.0.0.1:{}/rp/v6.0/", sandbox.bankid.port()),
        client_certificate: read(&pki.client_certificate),
        client_key: read(&pki.client_key).into(),
        server_roots: read(&pki.server_root),
        signing_roots: read(&pki.signing_root),
        relying_party: pki.relying_party_number.clone(),
        start_link: StartLink::parse(&format!(
            "http://{}/phone/open?autostarttoken={{autostarttoken}}&redirect=null",
            sandbox.control
        ))
        .unwrap(),
        highest_risk: None,
    }
}

/// For plain HTTP on loopback; its TLS trusts nobody.
fn plain_http() -> reqwest::Client {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder().tls_backend_preconfigured(config).no_proxy().build().unwrap()
}

pub fn browser() -> BrowserHash {
    BrowserHash::of_key(BROWSER)
}

pub const LOGIN_TEXT: &str = "Exempelmyndigheten ber dig legitimera dig för arbetsgivartjänsterna å ä ö";

pub fn request(purpose: Purpose) -> StartRequest {
    StartRequest {
        purpose,
        service: "employer".into(),
        text: VisibleText::for_login(LOGIN_TEXT, TextFormat::Plain).unwrap(),
        browser: Browser {
            session: browser(),
            address: "127.0.0.1".parse().unwrap(),
            user_agent: Some("Mozilla/5.0 (test)".into()),
            domain: "localhost".into(),
            device: Device::Other,
            return_to: Some(ReturnAddress::parse("http://localhost:8400/login/bankid/return").unwrap()),
        },
    }
}

#[track_caller]
pub fn verified(progress: Progress) -> Box<VerifiedLogin> {
    match progress {
        Progress::Completed(Completion::Login(login)) => login,
        other => panic!("no login: {other:?}"),
    }
}

#[track_caller]
pub fn failed(progress: Progress) -> Failure {
    match progress {
        Progress::Failed(failure) => failure,
        other => panic!("no failure: {other:?}"),
    }
}

/// Code and text key of an order that lives.
#[track_caller]
pub fn pending(progress: Progress) -> (&'static str, &'static str) {
    match progress {
        Progress::Pending(outcome) => (outcome.code.as_str(), outcome.text),
        other => panic!("not pending: {other:?}"),
    }
}

/// Code, text key and cause of one that failed.
#[track_caller]
pub fn told(progress: Progress) -> (&'static str, &'static str, String) {
    let failure = failed(progress);
    (failure.outcome.code.as_str(), failure.outcome.text, failure.cause)
}
