//! BankID behind the [`Method`](crate::Method) trait: Relying Party API v6.0, animated QR and same-device start, silent
//! renewal, and our own verification of what comes back.

pub mod answer;
mod binding;
pub mod check;
pub mod client;
pub mod codes;
mod flow;
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
use trust::bankid::Anchors;

use crate::{
    order::{Asked, AtProvider, KeptPurpose, Order},
    outcome::{Failure, Retry},
    pulse::{Call, Notice, Pulse, Standing},
    random,
    secret::Secret,
    text::VisibleText,
};
use client::{CallError, Client};
use codes::PendingHint;
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
/// Calls in a row that may give no answer before the person is told that it is so.
const MOST_TROUBLES: u8 = 3;
/// How long a provider may give no answer before an order ends by it: what was approved meanwhile comes when it is back.
pub const PATIENCE: Duration = Duration::from_secs(60);
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
    pulse: Pulse,
    clock: Arc<dyn Clock>,
    entropy: Arc<dyn Entropy>,
}

impl BankId {
    /// Fails where a file or address cannot be used, and in production with any start link but BankID's own.
    pub fn new(
        settings: Settings,
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
            start_link: settings.start_link,
            highest_risk: settings.highest_risk,
            certificate_dates: check::dates_of(&identity),
            pulse: Pulse::default(),
            clock,
            entropy,
        })
    }

    /// What completions are verified against, to verify kept evidence again.
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Where the same-device button leads; `None` once the app has the order, or after the end.
    pub fn start_link(&self, order: &Order) -> Option<String> {
        let waiting = !order.ended && order.provider.hint.awaits_app();
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
            let error = match self.counted(answer) {
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
                        troubled_since: None,
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
        match outcome::pulse(error) {
            // Told by its beginning and its end, not by each call; each has its record.
            Call::Failed => tracing::debug!(call, cause, outcome = %outcome.code, "BankID call failed"),
            Call::Answered => tracing::warn!(call, cause, outcome = %outcome.code, "BankID call failed"),
        }
        Failure::new(outcome, cause)
    }

    /// Counts what became of a call.
    fn counted<T>(&self, answer: Result<T, CallError>) -> Result<T, CallError> {
        let (call, cause) = match &answer {
            Ok(_) => (Call::Answered, String::new()),
            Err(error) => (outcome::pulse(error), outcome::cause_of(error)),
        };
        match self.pulse.count(call, self.now()) {
            Some(Notice::Trouble) => tracing::error!(cause, "BankID does not answer, or comes and goes"),
            Some(Notice::Over { failed }) => tracing::info!(failed, "BankID answers again"),
            None => {}
        }
        answer
    }

    /// How BankID answers this node.
    pub fn standing(&self) -> Standing {
        self.pulse.standing(self.now())
    }
}
