//! All orders: start, collect, cancel, and what orders of one person do to each other.

use super::{
    completion::Completion,
    error::ApiError,
    order::{Order, Phase},
    party::Party,
    request::StartOrder,
};
use domain::{Entropy, Instant};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The most orders that are kept at once.
const MOST: usize = 5_000;

/// The orders of this simulator, by reference.
#[derive(Debug, Default)]
pub struct Orders(BTreeMap<Uuid, Order>);

/// The answer to `collect`.
#[derive(Debug)]
pub enum Collected {
    Pending { hint: String },
    Failed { hint: String },
    Complete(Box<Completion>),
}

impl Orders {
    /// Starts an order. One person has one order: if it names a person who has one already, neither lives on.
    /// `named` is the demo's id of the person whom the order names, if the demo knows that person.
    pub fn start(
        &mut self,
        start: StartOrder,
        named: Option<&str>,
        party: Party,
        now: Instant,
        entropy: &dyn Entropy,
    ) -> Result<&Order, ApiError> {
        self.settle(now);
        if let Some(number) = start.requirement.personal_number.as_deref() {
            let mut aborted = false;
            for order in self.0.values_mut() {
                if order.is_pending() && order.concerns(named.unwrap_or_default(), number) {
                    order.fail("cancelled", now);
                    aborted = true;
                }
            }
            if aborted {
                return Err(ApiError::AlreadyInProgress);
            }
        }
        if self.0.len() >= MOST {
            return Err(ApiError::Maintenance);
        }
        let order = Order {
            reference: random_uuid(entropy),
            autostart_token: random_uuid(entropy),
            qr_start_token: random_uuid(entropy),
            qr_start_secret: random_uuid(entropy),
            party,
            start,
            created: now,
            phase: Phase::Outstanding,
        };
        Ok(self.0.entry(order.reference).or_insert(order))
    }

    /// The order's state. A completion is handed out once; the same certificate must ask that started it.
    pub fn collect(&mut self, reference: Uuid, party: &Party, now: Instant) -> Result<Collected, ApiError> {
        self.settle(now);
        let order = self.own(reference, party)?;
        if order.is_pending() {
            return Ok(Collected::Pending { hint: order.pending_hint(now) });
        }
        if let Phase::Failed { hint, .. } = &order.phase {
            return Ok(Collected::Failed { hint: hint.clone() });
        }
        match self.0.remove(&reference).map(|o| o.phase) {
            Some(Phase::Complete { completion, .. }) => Ok(Collected::Complete(completion)),
            _ => Err(no_such_order()),
        }
    }

    /// Ends an order that is not over; nothing is known of it afterwards.
    pub fn cancel(&mut self, reference: Uuid, party: &Party, now: Instant) -> Result<(), ApiError> {
        self.settle(now);
        if matches!(self.own(reference, party)?.phase, Phase::Failed { .. }) {
            return Err(no_such_order());
        }
        self.0.remove(&reference);
        Ok(())
    }

    /// Brings all orders to where they are at `now` and forgets the old ones.
    pub fn settle(&mut self, now: Instant) {
        self.0.retain(|_, order| {
            order.settle(now);
            !order.is_gone(now)
        });
    }

    pub fn iter(&self) -> impl Iterator<Item = &Order> {
        self.0.values()
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Order> {
        self.0.values_mut()
    }

    pub fn find(&mut self, wanted: impl Fn(&Order) -> bool) -> Option<&mut Order> {
        self.0.values_mut().find(|o| wanted(o))
    }

    fn own(&mut self, reference: Uuid, party: &Party) -> Result<&mut Order, ApiError> {
        // A foreign certificate learns no more than that there is no such order.
        self.0.get_mut(&reference).filter(|o| o.party == *party).ok_or_else(no_such_order)
    }
}

fn no_such_order() -> ApiError {
    ApiError::invalid("No such order")
}

/// A random UUID (version 4) from the randomness that was passed in.
pub fn random_uuid(entropy: &dyn Entropy) -> Uuid {
    let mut bytes = [0; 16];
    entropy.fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
