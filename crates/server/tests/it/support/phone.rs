//! The simulated phone and mailbox, by their control API.

use serde_json::{Value, json};

pub struct Phone {
    base: String,
    client: reqwest::Client,
    runtime: tokio::runtime::Runtime,
}

impl Phone {
    pub fn new(base: &str) -> Self {
        drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { base: base.to_owned(), client: super::browser::client(), runtime }
    }

    /// Runs something asynchronous of a test.
    pub fn block_on<F: std::future::Future>(&self, work: F) -> F::Output {
        self.runtime.block_on(work)
    }

    pub fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.runtime.block_on(async {
            let answer = self.client.post(format!("{}{path}", self.base)).json(body).send().await.unwrap();
            let status = answer.status().as_u16();
            let text = answer.text().await.unwrap();
            (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
        })
    }

    pub fn get(&self, path: &str) -> Value {
        self.runtime.block_on(async {
            let answer = self.client.get(format!("{}{path}", self.base)).send().await.unwrap();
            serde_json::from_str(&answer.text().await.unwrap()).unwrap()
        })
    }

    fn done(&self, path: &str, body: &Value) {
        let (status, said) = self.post(path, body);
        assert!((200..300).contains(&status), "{path}: {status} {said}");
    }

    /// Opens the app with the token of the start link, and approves.
    pub fn start_and_approve(&self, person: &str, token: &str) {
        self.done("/phone/start", &json!({"person": person, "autostart_token": token}));
        self.done("/phone/approve", &json!({ "person": person }));
    }

    pub fn start(&self, person: &str, token: &str) {
        self.done("/phone/start", &json!({"person": person, "autostart_token": token}));
    }

    pub fn refuse(&self, person: &str) {
        self.done("/phone/refuse", &json!({ "person": person }));
    }

    pub fn fault(&self, next: &str) {
        self.done("/fault", &json!({"next": next, "count": 1}));
    }

    /// As often as `count` says.
    pub fn faults(&self, next: &str, count: u32) {
        self.done("/fault", &json!({"next": next, "count": count}));
    }

    /// No fault waits in line any more.
    pub fn clear_faults(&self) {
        self.runtime.block_on(async {
            let answer = self.client.delete(format!("{}/fault", self.base)).send().await.unwrap();
            assert!(answer.status().is_success());
        });
    }

    pub fn approve(&self, person: &str) {
        self.done("/phone/approve", &json!({ "person": person }));
    }

    /// Ends the order in the person's hand as the provider's code says.
    pub fn hint(&self, person: &str, hint: &str) {
        self.done("/phone/fault", &json!({"person": person, "hint": hint}));
    }

    pub fn risk(&self, person: &str, risk: &str) {
        self.done("/phone/risk", &json!({"person": person, "risk": risk}));
    }

    /// Takes all letters out of the mailbox, newest first.
    pub fn empty_inbox(&self) -> Vec<Value> {
        let letters = self.get("/inbox");
        self.runtime.block_on(async {
            let answer = self.client.delete(format!("{}/inbox", self.base)).send().await.unwrap();
            assert!(answer.status().is_success());
        });
        letters.as_array().cloned().unwrap_or_default()
    }

    /// The control API's address.
    pub fn address(&self) -> &str {
        &self.base
    }

    /// The letters to an address, newest first.
    pub fn inbox(&self, to: &str) -> Vec<Value> {
        let letters = self.get(&format!("/inbox?to={to}"));
        letters.as_array().cloned().unwrap_or_default()
    }
}
