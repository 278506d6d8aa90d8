//! One order and its times.
//!
//! Picked up within 30 s or `startFailed`; over after 3 min or `expiredTransaction`; a completed order can be
//! collected for 3 min, a failed one for 5 min, one that was never picked up until 3 min 10 s after its start.

use super::{completion::Completion, party::Party, request::StartOrder};
use domain::Instant;
use std::time::Duration;
use uuid::Uuid;

/// How long the app has to fetch the order.
pub const PICK_UP: Duration = Duration::from_secs(30);
/// After this, an order for a named person whose app has not come says `noClient`.
pub const NO_CLIENT: Duration = Duration::from_secs(20);
/// How long the person has in all.
pub const LIFE: Duration = Duration::from_secs(180);
const COMPLETE_KEPT: Duration = Duration::from_secs(180);
const FAILED_KEPT: Duration = Duration::from_secs(300);
const NEVER_STARTED_KEPT: Duration = Duration::from_secs(190);

/// An order from its start to its end. Debug prints no token and no person's number.
#[derive(Clone)]
pub struct Order {
    pub reference: Uuid,
    pub autostart_token: Uuid,
    pub qr_start_token: Uuid,
    pub qr_start_secret: Uuid,
    pub party: Party,
    pub start: StartOrder,
    pub created: Instant,
    pub phase: Phase,
}

/// How the app came by the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PickUp {
    /// Same device, by the start link.
    Autostart,
    /// Another device, by the QR code.
    Qr,
}

/// Where the order is.
#[derive(Clone)]
pub enum Phase {
    /// No app has it.
    Outstanding,
    /// An app was started with it; nobody has been chosen yet.
    Started,
    /// A person (id of the demo) has it before their eyes.
    InHand {
        person: String,
        by: PickUp,
        hint: String,
    },
    Complete {
        at: Instant,
        completion: Box<Completion>,
    },
    Failed {
        at: Instant,
        hint: String,
    },
}

impl Order {
    /// Brings the order to where it is at `now`: a time that has run out ends it, dated at its limit.
    pub fn settle(&mut self, now: Instant) {
        let limit = match self.phase {
            Phase::Outstanding => (self.created + PICK_UP, "startFailed"),
            Phase::Started | Phase::InHand { .. } => (self.created + LIFE, "expiredTransaction"),
            Phase::Complete { .. } | Phase::Failed { .. } => return,
        };
        if now >= limit.0 {
            self.fail(limit.1, limit.0);
        }
    }

    /// Whether nothing is known of the order any more.
    pub fn is_gone(&self, now: Instant) -> bool {
        match &self.phase {
            Phase::Complete { at, .. } => now >= *at + COMPLETE_KEPT,
            Phase::Failed { hint, .. } if hint == "startFailed" => now >= self.created + NEVER_STARTED_KEPT,
            Phase::Failed { at, .. } => now >= *at + FAILED_KEPT,
            Phase::Outstanding | Phase::Started | Phase::InHand { .. } => false,
        }
    }

    pub fn is_pending(&self) -> bool {
        matches!(self.phase, Phase::Outstanding | Phase::Started | Phase::InHand { .. })
    }

    pub fn is_in_hand_of(&self, id: &str) -> bool {
        matches!(&self.phase, Phase::InHand { person, .. } if person == id)
    }

    /// Whether the order is the person's: in their hand, or naming them.
    pub fn concerns(&self, id: &str, personal_number: &str) -> bool {
        self.is_in_hand_of(id) || self.start.requirement.personal_number.as_deref() == Some(personal_number)
    }

    pub fn fail(&mut self, hint: &str, at: Instant) {
        self.phase = Phase::Failed { at, hint: hint.to_owned() };
    }

    /// The hint code of a pending order. After an autostart the first question is answered `started`: the app
    /// is up and looks for a BankID; from the second on the person sees the order.
    pub fn pending_hint(&mut self, now: Instant) -> String {
        match &mut self.phase {
            Phase::InHand { hint, .. } => {
                let told = hint.clone();
                if told == "started" {
                    "userSign".clone_into(hint);
                }
                told
            }
            Phase::Started => "started".to_owned(),
            _ if self.start.requirement.personal_number.is_some() && now >= self.created + NO_CLIENT => {
                "noClient".to_owned()
            }
            _ => "outstandingTransaction".to_owned(),
        }
    }
}

impl std::fmt::Debug for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Order({}, {})", self.reference, self.start.operation.func_id())
    }
}
