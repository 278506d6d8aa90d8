//! Beginning an order: the provider is asked first, then the row is kept, then the page is shown.

use super::{Body, Browser, PENDING, Purpose};
use crate::core::App;
use crate::refusal::{Refusal, Stop};
use crate::session::Client;
use crate::sign::Bound;
use activity::{FaultClass, Record, RecordClass};
use domain::OrderId;
use login::{Failure, Method as _, ReturnAddress, StartRequest, VisibleText};
use std::collections::BTreeMap;
use std::time::Duration;

/// How long an order's row may wait for its end before it counts as abandoned: renewals included (five of 30 s), the
/// provider's three minutes, and time to come back to the browser.
const LIFE: Duration = Duration::from_secs(10 * 60);

/// The store's words for what an order is for.
const LOGIN: &str = "login";
const SIGNATURE: &str = "signature";

/// What beginning gave.
#[derive(Debug)]
pub enum Begun {
    Order(OrderId),
    /// The provider said no at once, or does not answer: text key and code for the page, and the reference.
    Failed {
        failure: Failure,
        reference: activity::Reference,
    },
}

impl App {
    /// Begins a login, if not too many are begun from there ([`App::admit`]). `text` is what the person sees in the app: who asks, and for what.
    pub async fn begin_login(
        &self,
        browser: &Browser,
        service: &str,
        text: VisibleText,
        next: Option<String>,
    ) -> Result<Begun, Refusal> {
        self.admit(browser.address)?;
        let purpose = Purpose::Login { next };
        self.begin(browser, service, text, login::Purpose::Login, purpose, "/login".to_owned()).await
    }

    pub(crate) async fn begin_bound(
        &self,
        browser: &Browser,
        text: VisibleText,
        signer: ident::PersonalNumber,
        bound: Bound,
        back: String,
    ) -> Result<Begun, Refusal> {
        // The provider holds one order a person: one that was left open in a closed tab would end this one too.
        let hash = browser.key.hash();
        for left in self.read(move |tx| Ok(store::orders::pending_of(tx, hash, SIGNATURE)?)).await? {
            self.cancel_order(left, &browser.key).await?;
        }
        let service = bound.permission.split('.').next().unwrap_or_default().to_owned();
        let purpose = Purpose::Signature(bound);
        self.begin(browser, &service, text, login::Purpose::Signature { signer }, purpose, back).await
    }

    async fn begin(
        &self,
        browser: &Browser,
        service: &str,
        text: VisibleText,
        asked: login::Purpose,
        purpose: Purpose,
        back: String,
    ) -> Result<Begun, Refusal> {
        let public = &self.settings().public_url;
        let host = public.split("://").nth(1).unwrap_or(public).split(['/', ':']).next().unwrap_or_default();
        let request = StartRequest {
            purpose: asked,
            service: service.to_owned(),
            text,
            browser: login::Browser {
                session: browser.hash(),
                address: browser.address,
                user_agent: browser.user_agent.clone(),
                domain: host.to_owned(),
                device: browser.device,
                return_to: ReturnAddress::parse(&format!("{public}/order/return")).ok(),
            },
        };
        let order = match self.bankid().start(&request).await {
            Ok(order) => order,
            Err(failure) => {
                let reference = self.record_failure("order.not_begun", &failure).await?;
                return Ok(Begun::Failed { failure, reference });
            }
        };
        let id = order.id();
        let is_signature = order.is_signature();
        let client = Some(Client::of(browser.user_agent.as_deref()).to_string());
        let body = Body { order, purpose, message: String::new(), end: None, answer: None, back, client };
        let (app, hash) = (self.clone(), browser.key.hash());
        self.write_plain(move |tx| {
            let now = app.now();
            let row = store::orders::Order {
                id,
                browser_hash: hash,
                purpose: if is_signature { SIGNATURE } else { LOGIN }.to_owned(),
                state: PENDING.to_owned(),
                started_at: now,
                expires_at: now + LIFE,
                last_collect_at: None,
                version: 1,
                body: body.to_bytes()?,
            };
            Ok::<_, Stop>(store::orders::insert(tx, &app.ring(), app.entropy(), &row)?)
        })
        .await?;
        self.wake();
        Ok(Begun::Order(id))
    }

    /// One record of an order that ended without a login.
    pub(crate) async fn record_failure(
        &self,
        event: &str,
        failure: &Failure,
    ) -> Result<activity::Reference, Refusal> {
        let record = failure_record_of(self, event, failure);
        let reference = record.reference.clone();
        let app = self.clone();
        self.write_plain(move |tx| Ok(app.append(tx, &record)?)).await?;
        self.recorded();
        Ok(reference)
    }
}

pub(crate) fn fault(class: login::FaultClass) -> FaultClass {
    match class {
        // An order that ended without anybody's fault was given up by its person.
        login::FaultClass::User | login::FaultClass::Nobody => FaultClass::User,
        login::FaultClass::Issuer => FaultClass::Issuer,
        login::FaultClass::Us => FaultClass::Us,
    }
}

/// With the provider's or verifier's own code, so that an outage, a lie and a person's own no can be told apart later
/// (R-004-45).
pub(crate) fn failure_record_of(app: &App, event: &str, failure: &Failure) -> Record {
    let outcome = failure.outcome;
    let mut record = failure_record(app, event, outcome.code.as_str(), fault(outcome.fault));
    record.detail.insert("cause".to_owned(), failure.cause.clone());
    record
}

pub(crate) fn failure_record(app: &App, event: &str, code: &str, fault: FaultClass) -> Record {
    Record {
        fault: Some(fault),
        detail: BTreeMap::from([
            ("method".to_owned(), app.bankid().id().to_owned()),
            ("code".to_owned(), code.to_owned()),
        ]),
        ..Record::new(app.entropy(), app.now(), RecordClass::Attempt, event)
    }
}
