//! Orders as a browser and a phone meet them: begun, scanned, approved, fetched.

use super::{House, Person};
use app::identify::{Begun, Browser, Opened, Standing};
use app::session::{Entry, SecretKey};
use app::{App, Visit};
use domain::{Clock as _, OrderId};
use login::text::TextFormat;
use login::{Device, VisibleText};
use serde_json::{Value, json};
use std::time::Duration;
use store::testing::TestEntropy;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// The provider is asked at most this often.
const POLL: Duration = Duration::from_secs(2);

/// An order that a browser has begun.
pub struct Asked {
    pub id: OrderId,
    pub browser: SecretKey,
}

/// A browser that nobody has used.
pub fn browser() -> Browser {
    Browser {
        key: SecretKey::new(&TestEntropy),
        address: [127, 0, 0, 1].into(),
        user_agent: Some("A browser".to_owned()),
        device: Device::ThisComputer,
    }
}

/// Asks the control surface of a sandbox.
pub(super) async fn control(
    address: std::net::SocketAddr,
    method: &str,
    path: &str,
    body: &Value,
) -> (u16, Value) {
    let body = body.to_string();
    let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or(Value::Null))
}

impl House {
    /// The control surface of the sandbox.
    pub async fn control(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        control(self.sandbox.control, method, path, body).await
    }

    async fn post(&self, path: &str, body: Value) {
        let (status, said) = self.control("POST", path, &body).await;
        assert!((200..300).contains(&status), "{path}: {status} {said}");
    }

    /// Letters in the mailbox, newest first.
    pub async fn inbox(&self) -> Vec<Value> {
        self.control("GET", "/inbox", &Value::Null).await.1.as_array().cloned().unwrap()
    }

    /// What the next completion or call of the simulated BankID does wrong.
    pub async fn fault(&self, next: &str) {
        self.post("/fault", json!({ "next": next })).await;
    }

    /// Writes an order down as it is, over and over until it has come to an end: as another node does whose question took
    /// longer than the time between two.
    pub fn disturb(&self, app: &App, asked: &Asked) -> tokio::task::JoinHandle<()> {
        let (app, id) = (app.clone(), asked.id);
        tokio::spawn(async move {
            loop {
                let node = app.clone();
                let written = app.store().write(move |tx| {
                    let row = store::orders::find(tx, &node.ring(), id)?;
                    let Some(row) = row.filter(|row| row.state == store::orders::PENDING) else {
                        return Ok(false);
                    };
                    store::orders::update(tx, &node.ring(), node.entropy(), &row, row.version)
                });
                if !written.await.unwrap() {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
    }

    /// Begins a login in a browser of its own.
    pub async fn ask(&self, app: &App) -> Asked {
        let browser = browser();
        let text = VisibleText::for_login("Logga in hos Exempelmyndigheten", TextFormat::Plain).unwrap();
        match app.begin_login(&browser, "employer", text, Some("/for/me".to_owned())).await.unwrap() {
            Begun::Order(id) => Asked { id, browser: browser.key },
            Begun::Failed { failure, .. } => panic!("not begun: {failure:?}"),
        }
    }

    /// The person opens the app with the start link of the order's page.
    pub async fn open_app(&self, app: &App, asked: &Asked, person: Person) {
        let page = app.order_page(asked.id, &asked.browser).await.unwrap();
        let link = page.start_link.expect("an order that nobody has picked up");
        let token = link.split("autostarttoken=").nth(1).unwrap().split('&').next().unwrap();
        self.post("/phone/start", json!({"person": person.id, "autostart_token": token})).await;
    }

    pub async fn approve(&self, app: &App, asked: &Asked, person: Person) {
        self.open_app(app, asked, person).await;
        self.post("/phone/approve", json!({ "person": person.id })).await;
    }

    pub async fn refuse(&self, app: &App, asked: &Asked, person: Person) {
        self.open_app(app, asked, person).await;
        self.post("/phone/refuse", json!({ "person": person.id })).await;
    }

    /// Lets the provider be asked until the order is no longer on its way. Some node must be at work.
    ///
    /// The order's time goes on only when a question that may be under way has had time to be answered: twenty
    /// seconds of it count as more than any call takes.
    pub async fn ended(&self, app: &App, asked: &Asked) -> Standing {
        for _ in 0..60 {
            self.clock.set(self.clock.now() + POLL);
            self.wake();
            for _ in 0..50 {
                let page = app.order_page(asked.id, &asked.browser).await.unwrap();
                if !matches!(page.standing, Standing::Pending { .. }) {
                    return page.standing;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        panic!("the order is still on its way after two minutes of its own time");
    }

    /// A whole login by the real protocol; the session's key and the first visit.
    pub async fn log_in_at(&self, app: &App, person: Person) -> (SecretKey, Visit) {
        let Opened { key, .. } = self.log_in_opened(app, person).await;
        let visit = self.enter_at(app, &key).await;
        (key, visit)
    }

    pub async fn log_in_opened(&self, app: &App, person: Person) -> Opened {
        let asked = self.ask(app).await;
        self.approve(app, &asked, person).await;
        assert_eq!(self.ended(app, &asked).await, Standing::Ready);
        app.finish_login(asked.id, &asked.browser).await.unwrap()
    }

    pub async fn log_in(&self, person: Person) -> (SecretKey, Visit) {
        self.log_in_at(&self.app, person).await
    }

    /// The next request with a session key.
    pub async fn enter_at(&self, app: &App, key: &SecretKey) -> Visit {
        match app.enter(key).await.unwrap() {
            Entry::Open(visit) => *visit,
            other => panic!("no open session: {other:?}"),
        }
    }

    pub async fn enter(&self, key: &SecretKey) -> Visit {
        self.enter_at(&self.app, key).await
    }

    /// Logs in and acts for the first organisation that can be chosen (or the agency).
    pub async fn log_in_for_other(&self, person: Person) -> (SecretKey, Visit) {
        let (key, visit) = self.log_in(person).await;
        let choices = self.app.choices(&visit);
        let party = choices.get(1).expect("an organisation to act for").party;
        self.app.switch_party(&visit, party).await.unwrap();
        let visit = self.enter(&key).await;
        (key, visit)
    }
}
