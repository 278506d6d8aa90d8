//! BankID behind the [`Method`] trait: Relying Party API v6.0, animated QR and same-device start, silent
//! renewal, and our own verification of what comes back.

pub mod answer;
mod binding;
pub mod check;
pub mod client;
pub mod codes;
pub mod outcome;
pub mod qr;
pub mod request;
pub mod start_link;
pub mod tls;
mod verify;

pub use answer::Completed;
pub use outcome::{TEXTS_EN, TEXTS_SV};
pub use request::HighestRisk;
pub use start_link::{BadStartLink, StartLink};
pub use tls::SetupError;
pub use verify::{Environment, Rules, verify_login, verify_signature};

use domain::{Clock, Entropy, Instant};
use std::{sync::Arc, time::Duration};
use trust::bankid::{Anchors, Operation};

use crate::{
    browser::BrowserHash,
    method::{Answer, Completion, Method, Progress, StartRequest},
    order::{Asked, AtProvider, KeptPurpose, Order},
    outcome::{Failure, Retry},
    random,
    secret::Secret,
    text::VisibleText,
};
use answer::Collected;
use client::{CallError, Client};
use codes::{ErrorCode, FailedHint, PendingHint};
use outcome::Situation;
use request::{NonVisible, OrderRequest, ProtectedText, Requirement, Web};
use tls::{Identity, ServerRoots};

/// The id of the method in facts and records.
pub const METHOD: &str = "bankid";

/// The provider is asked every two seconds (Relying Party guidelines).
pub const POLL_EVERY: Duration = Duration::from_secs(2);
/// How long an order that nobody picked up is renewed: the page's own limit.
pub const PAGE_LIMIT: Duration = Duration::from_secs(180);
/// Most renewals of one order.
pub const MOST_RENEWALS: u8 = 5;
/// Calls in a row that may give no answer before the person is told.
const MOST_TROUBLES: u8 = 3;
/// Waits before a start is tried again while the provider is in maintenance.
const RETRY_AFTER: [Duration; 2] = [Duration::from_millis(300), Duration::from_millis(900)];
/// Page limit, plus an order picked up at its end that lives three minutes, plus one that is kept for three.
const LONGEST: Duration = Duration::from_secs(9 * 60);

/// What the configuration says about BankID; PEM is the files' text.
#[derive(Debug, Clone)]
pub struct Settings {
    pub environment: Environment,
    /// `https://appapi2.bankid.com/rp/v6.0/` in production.
    pub endpoint: String,
    /// The relying-party certificate and its issuers, PEM.
    pub client_certificate: String,
    /// Its key, PEM, unencrypted.
    pub client_key: Secret,
    /// Pinned roots of the provider's server, PEM.
    pub server_roots: String,
    /// Pinned roots of people's signatures, PEM.
    pub signing_roots: String,
    /// Our organisation number as in the relying-party certificate.
    pub relying_party: String,
    pub start_link: StartLink,
    /// Orders above this risk are blocked by the provider; without it only `high` is, by us.
    pub highest_risk: Option<HighestRisk>,
}

#[derive(Debug)]
pub struct BankId {
    client: Client,
    rules: Rules,
    start_link: StartLink,
    highest_risk: Option<HighestRisk>,
    certificate_dates: Option<check::Dates>,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl BankId {
    /// Fails where a file or address cannot be used, and in production with any start link but BankID's own.
    pub fn new(
        settings: &Settings,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self, SetupError> {
        if settings.environment == Environment::Production && !settings.start_link.is_official() {
            return Err(SetupError::StartLink);
        }
        let identity = Identity::from_pem(&settings.client_certificate, settings.client_key.expose())?;
        let roots = ServerRoots::from_pem(&settings.server_roots)?;
        let relying_party = ident::OrganisationNumber::parse(&settings.relying_party)
            .map_err(|_| SetupError::RelyingParty)?
            .digits();
        let anchors = Anchors::from_pem(&settings.signing_roots)
            .map_err(|fault| SetupError::Anchors(fault.to_string()))?;
        Ok(Self {
            client: Client::new(&settings.endpoint, &identity, &roots)?,
            rules: Rules { anchors, environment: settings.environment, relying_party },
            start_link: settings.start_link.clone(),
            highest_risk: settings.highest_risk,
            certificate_dates: check::dates_of(&identity),
            clock,
            entropy,
        })
    }

    /// What evidence is verified by, for those who verify kept evidence again.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Where the same-device button leads; `None` once the app has the order, or after the end.
    pub fn start_link(&self, order: &Order) -> Option<String> {
        let waiting = !order.ended && order.provider.hint == PendingHint::OutstandingTransaction;
        waiting.then(|| self.start_link.href(order.provider.start_token.expose(), order.asked.device))
    }

    /// Whether the app that is started is BankID's own.
    pub fn starts_official_app(&self) -> bool {
        self.start_link.is_official()
    }

    fn now(&self) -> Instant {
        self.clock.now()
    }

    /// What the provider is asked, with `nonce` in the signed data; `None` if it is more than it takes.
    fn request(&self, asked: &Asked, nonce: &str) -> Option<OrderRequest> {
        let signer = match &asked.purpose {
            // A text made for a signature may be too long for an identification.
            KeptPurpose::Login if asked.text.as_bytes().len() > VisibleText::LOGIN_BYTES => return None,
            KeptPurpose::Login => None,
            KeptPurpose::Signature { signer } => Some(ProtectedText::new(signer.expose())),
        };
        let policies = self.rules.environment.policies();
        Some(OrderRequest {
            end_user_ip: asked.address,
            visible: asked.text.clone(),
            non_visible: Some(NonVisible::new(binding::bytes(asked, nonce))?),
            return_url: asked.return_to.as_ref().map(|to| to.with_nonce(asked.return_nonce.expose())),
            requirement: Requirement {
                personal_number: signer,
                certificate_policies: policies.iter().map(|&policy| policy.to_owned()).collect(),
                risk: self.highest_risk,
                ..Requirement::default()
            },
            web: Some(Web::new(&asked.domain, asked.user_agent.as_deref(), &asked.browser.hex())),
        })
    }

    /// Starts the order at the provider. Maintenance is tried again silently, and so is a connection that
    /// never came about where a second order does no harm.
    async fn start_at_provider(&self, asked: &Asked) -> Result<AtProvider, Failure> {
        let nonce = random::nonce(&*self.entropy);
        let Some(request) = self.request(asked, &nonce) else {
            return Err(Failure::new(outcome::our_fault(), "request:too_large"));
        };
        let mut waits = RETRY_AFTER.iter();
        loop {
            let answer = match asked.is_signature() {
                true => self.client.sign(&request).await,
                false => self.client.auth(&request).await,
            };
            let error = match answer {
                Ok(started) => {
                    return Ok(AtProvider {
                        reference: started.order_ref,
                        start_token: started.auto_start_token,
                        qr_token: started.qr_start_token,
                        qr_secret: started.qr_start_secret,
                        nonce,
                        received_at: self.now(),
                        collected_at: None,
                        hint: PendingHint::OutstandingTransaction,
                        troubles: 0,
                    });
                }
                Err(error) => error,
            };
            let harmless = match &error {
                CallError::Refused { .. } => true,
                _ => !asked.is_signature(),
            };
            match waits.next() {
                Some(wait) if harmless && outcome::call(&error).retry == Retry::Silently => {
                    tokio::time::sleep(*wait).await;
                }
                _ => return Err(self.call_failed("start", &error)),
            }
        }
    }

    fn call_failed(&self, call: &str, error: &CallError) -> Failure {
        let outcome = outcome::call(error);
        let cause = outcome::cause_of(error);
        tracing::warn!(call, cause, outcome = %outcome.code, "BankID call failed");
        Failure::new(outcome, cause)
    }

    async fn begin(&self, request: &StartRequest) -> Result<Order, Failure> {
        let asked = Asked::new(request, &*self.entropy);
        let provider = self.start_at_provider(&asked).await?;
        Ok(Order {
            asked,
            started_at: provider.received_at,
            renewals: 0,
            provider,
            ended: false,
            revision: 0,
        })
    }

    async fn step(&self, order: &mut Order, browser: &BrowserHash) -> Progress {
        if !order.belongs_to(browser) {
            return Progress::Foreign;
        }
        if order.ended {
            return Progress::Gone;
        }
        let now = self.now();
        let situation = order.situation();
        if order.age(now) > LONGEST {
            return end(order, outcome::failed(&FailedHint::ExpiredTransaction, situation), "order:too_old");
        }
        let asked_lately = order.provider.collected_at.is_some_and(|at| now.since(at) < POLL_EVERY);
        if asked_lately {
            return Progress::Pending(outcome::pending(&order.provider.hint, situation));
        }
        order.provider.collected_at = Some(now);
        match self.client.collect(&order.provider.reference).await {
            Ok(Collected::Pending(hint)) => {
                if hint != order.provider.hint || order.provider.troubles != 0 {
                    order.changed();
                }
                order.provider.troubles = 0;
                order.provider.hint = hint;
                Progress::Pending(outcome::pending(&order.provider.hint, situation))
            }
            Ok(Collected::Failed(FailedHint::StartFailed)) => self.renew(order).await,
            Ok(Collected::Failed(hint)) => {
                end(order, outcome::failed(&hint, situation), &format!("hint:{}", hint.as_str()))
            }
            Ok(Collected::Complete(answer)) => self.complete(order, browser, &answer),
            Err(error) => self.not_collected(order, &error),
        }
    }

    /// Nobody picked the order up in 30 s: a new one, silently, while the page's own limit lasts.
    async fn renew(&self, order: &mut Order) -> Progress {
        let spent = order.renewals >= MOST_RENEWALS || order.age(self.now()) >= PAGE_LIMIT;
        if spent {
            return end(order, outcome::not_started(order.situation()), "hint:startFailed");
        }
        match self.start_at_provider(&order.asked).await {
            Ok(provider) => {
                order.provider = provider;
                order.renewals += 1;
                order.changed();
                Progress::Pending(outcome::pending(&order.provider.hint, order.situation()))
            }
            Err(failure) => {
                let cause = failure.cause.clone();
                end(order, failure.outcome, &cause)
            }
        }
    }

    fn complete(&self, order: &mut Order, browser: &BrowserHash, answer: &Completed) -> Progress {
        let now = self.now();
        order.ended = true;
        order.changed();
        let completion = if order.is_signature() {
            verify_signature(order, browser, answer, &self.rules, now)
                .map(|signature| Completion::Signature(Box::new(signature)))
        } else {
            verify_login(order, browser, answer, &self.rules, now)
                .map(|login| Completion::Login(Box::new(login)))
        };
        match completion {
            Ok(completion) => Progress::Completed(completion),
            Err(failure) => {
                tracing::warn!(cause = failure.cause, "a BankID completion was refused");
                Progress::Failed(failure)
            }
        }
    }

    fn not_collected(&self, order: &mut Order, error: &CallError) -> Progress {
        // Another request has collected it, or the provider has forgotten it: never a fault to show
        // (a completion is delivered once; asking again gives `invalidParameters`).
        if matches!(error, CallError::Refused { code: ErrorCode::InvalidParameters, .. }) {
            order.ended = true;
            order.changed();
            return Progress::Gone;
        }
        let outcome = outcome::call(error);
        let passing = outcome.retry == Retry::Silently || *error == CallError::TimedOut;
        order.provider.troubles = order.provider.troubles.saturating_add(1);
        order.changed();
        if passing && order.provider.troubles < MOST_TROUBLES {
            return Progress::Pending(outcome::pending(&order.provider.hint, order.situation()));
        }
        let failure = self.call_failed("collect", error);
        end(order, failure.outcome, &failure.cause)
    }

    async fn stop(&self, order: &mut Order) -> Result<(), Failure> {
        if order.ended {
            return Ok(());
        }
        order.ended = true;
        order.changed();
        match self.client.cancel(&order.provider.reference).await {
            Ok(()) | Err(CallError::Refused { code: ErrorCode::InvalidParameters, .. }) => Ok(()),
            Err(error) => Err(self.call_failed("cancel", &error)),
        }
    }
}

fn end(order: &mut Order, outcome: crate::Outcome, cause: &str) -> Progress {
    order.ended = true;
    order.changed();
    Progress::Failed(Failure::new(outcome, cause))
}

impl Order {
    fn situation(&self) -> Situation {
        let operation = if self.is_signature() { Operation::Signing } else { Operation::Identification };
        Situation { operation, device: self.asked.device }
    }
}

impl Method for BankId {
    fn id(&self) -> &'static str {
        METHOD
    }

    fn start<'a>(&'a self, request: &'a StartRequest) -> Answer<'a, Result<Order, Failure>> {
        Box::pin(self.begin(request))
    }

    fn poll<'a>(&'a self, order: &'a mut Order, browser: &'a BrowserHash) -> Answer<'a, Progress> {
        Box::pin(self.step(order, browser))
    }

    fn cancel<'a>(&'a self, order: &'a mut Order) -> Answer<'a, Result<(), Failure>> {
        Box::pin(self.stop(order))
    }
}
