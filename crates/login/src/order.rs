//! An order: one identification or signature on its way, as state between two requests.
//!
//! Any node may serve the next request, so the whole state is serialisable. The caller keeps it **sealed**
//! (encrypted) in the store, since it holds the QR secret and, for a signature, a personal number. Results
//! never lie here: a completion is handed out once, by [`crate::Method::poll`].

use domain::{Entropy, Instant, OrderId};
use ident::PersonalNumber;
use serde::{Deserialize, Serialize};
use std::{net::IpAddr, time::Duration};

use crate::{
    bankid::{answer::OrderRef, codes::PendingHint},
    browser::{BrowserHash, Device, ReturnAddress},
    method::StartRequest,
    random,
    secret::Secret,
    text::VisibleText,
};

/// What the person is asked to do.
#[derive(Debug, Clone)]
pub enum Purpose {
    /// To identify, so that a session may be opened.
    Login,
    /// To sign the text. Only this person may: the one who is logged in.
    Signature { signer: PersonalNumber },
}

/// [`Purpose`] as kept in the state.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum KeptPurpose {
    Login,
    Signature { signer: Secret },
}

/// What was asked, once: the same for every order at the provider that a renewal makes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Asked {
    pub(crate) id: OrderId,
    pub(crate) purpose: KeptPurpose,
    /// Which e-service asks, by its id in the catalogue.
    pub(crate) service: String,
    pub(crate) text: VisibleText,
    pub(crate) browser: BrowserHash,
    pub(crate) address: IpAddr,
    pub(crate) user_agent: Option<String>,
    pub(crate) domain: String,
    pub(crate) device: Device,
    pub(crate) return_to: Option<ReturnAddress>,
    /// One-time value in the return address.
    pub(crate) return_nonce: Secret,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    pub(crate) asked: Asked,
    /// When the first start was answered.
    pub(crate) started_at: Instant,
    pub(crate) renewals: u8,
    pub(crate) provider: AtProvider,
    pub(crate) ended: bool,
    /// Counts changes that another request must know of.
    pub(crate) revision: u32,
}

/// The order at the provider; a renewal makes a new one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AtProvider {
    pub(crate) reference: OrderRef,
    pub(crate) start_token: Secret,
    pub(crate) qr_token: Secret,
    pub(crate) qr_secret: Secret,
    /// In the signed data: what makes this order at the provider unlike every other.
    pub(crate) nonce: String,
    /// When *we received* the answer to the start: T = 0 of the animated code.
    pub(crate) received_at: Instant,
    pub(crate) collected_at: Option<Instant>,
    pub(crate) hint: PendingHint,
    /// Calls in a row that gave no answer.
    pub(crate) troubles: u8,
    /// When the first of them was made; `None` in a row of an earlier release.
    #[serde(default)]
    pub(crate) troubled_since: Option<Instant>,
}

impl Order {
    pub const fn id(&self) -> OrderId {
        self.asked.id
    }

    /// The provider's reference, for the record; it changes at a renewal.
    pub fn provider_reference(&self) -> &str {
        self.provider.reference.as_str()
    }

    pub const fn started_at(&self) -> Instant {
        self.started_at
    }

    pub const fn renewals(&self) -> u8 {
        self.renewals
    }

    /// The text that the person sees in the app; the page shows the same.
    pub const fn text(&self) -> &VisibleText {
        &self.asked.text
    }

    pub fn service(&self) -> &str {
        &self.asked.service
    }

    pub const fn is_signature(&self) -> bool {
        self.asked.is_signature()
    }

    pub const fn device(&self) -> Device {
        self.asked.device
    }

    /// The person chose to open the app on this device after all, or on another one.
    pub fn opened_on(&mut self, device: Device) {
        if self.asked.device != device {
            self.asked.device = device;
            self.changed();
        }
    }

    /// Whether the order has ended, with or without a result.
    pub const fn has_ended(&self) -> bool {
        self.ended
    }

    /// Whether this browser session started the order. Ask before showing anything of it.
    pub fn belongs_to(&self, browser: &BrowserHash) -> bool {
        self.asked.browser.matches(browser)
    }

    /// Whether the value that came back in the return address is this order's. It proves nothing but that
    /// the app opened this return address: what happened is known from the provider alone.
    pub fn is_return_nonce(&self, value: &str) -> bool {
        self.asked.return_to.is_some()
            && random::same(self.asked.return_nonce.expose().as_bytes(), value.as_bytes())
    }

    /// The text of the animated code to show at `now`; `None` once the app has the order, or after the end.
    /// A new one every second.
    pub fn qr_text(&self, now: Instant) -> Option<String> {
        if self.ended || !self.provider.hint.awaits_app() {
            return None;
        }
        let seconds = now.since(self.provider.received_at).as_secs();
        Some(crate::bankid::qr::text(
            self.provider.qr_token.expose(),
            self.provider.qr_secret.expose(),
            seconds,
        ))
    }

    /// Grows whenever a poll changed what another request must know: keep the order then. Between two equal
    /// values only the time of the last question to the provider may differ.
    pub const fn revision(&self) -> u32 {
        self.revision
    }

    /// How long the order has been on its way.
    pub fn age(&self, now: Instant) -> Duration {
        now.since(self.started_at)
    }

    pub(crate) fn changed(&mut self) {
        self.revision = self.revision.wrapping_add(1);
    }
}

impl Asked {
    /// With a fresh id and return value; headers cut to what the provider takes.
    pub(crate) fn new(request: &StartRequest, entropy: &dyn Entropy) -> Self {
        let browser = &request.browser;
        Self {
            id: OrderId::new(entropy),
            purpose: match &request.purpose {
                Purpose::Login => KeptPurpose::Login,
                Purpose::Signature { signer } => {
                    KeptPurpose::Signature { signer: Secret::new(signer.as_str()) }
                }
            },
            service: request.service.clone(),
            text: request.text.clone(),
            browser: browser.session,
            address: browser.address,
            user_agent: browser.user_agent.as_ref().map(|text| text.chars().take(256).collect()),
            domain: browser.domain.clone(),
            device: browser.device,
            return_to: browser.return_to.clone(),
            return_nonce: Secret::new(random::nonce(entropy)),
        }
    }

    pub(crate) const fn is_signature(&self) -> bool {
        matches!(self.purpose, KeptPurpose::Signature { .. })
    }
}
