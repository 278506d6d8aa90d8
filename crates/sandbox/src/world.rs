//! Everything that the simulator's parts share: clock, people, certificates, orders, faults, mailbox.

use crate::{
    bankid::{fault::Faults, orders::Orders, request::Risk},
    clock::MovableClock,
    inbox::Inbox,
    people::People,
    pki::Pki,
    register::Register,
};
use domain::{Clock, Entropy, Instant};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The shared state. Locks are held for moments and never across an `await`; where two are taken, the orders'
/// comes first.
#[derive(Debug)]
pub struct World {
    pub clock: MovableClock,
    real_clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub people: People,
    pub pki: Pki,
    orders: Mutex<Orders>,
    faults: Mutex<Faults>,
    inbox: Mutex<Inbox>,
    risks: Mutex<BTreeMap<String, Risk>>,
    register: Mutex<Register>,
    /// By which an authority shows the register who it is.
    pub register_token: String,
}

impl World {
    pub fn new(
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
        people: People,
        pki: Pki,
        register_token: String,
    ) -> Self {
        Self {
            clock: MovableClock::new(Arc::clone(&clock)),
            real_clock: clock,
            entropy,
            register: Mutex::new(Register::of(&people)),
            register_token,
            people,
            pki,
            orders: Mutex::default(),
            faults: Mutex::default(),
            inbox: Mutex::default(),
            risks: Mutex::default(),
        }
    }

    /// The protocol's time: moved by `POST /clock`.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// The time that evidence and mail are dated with. It is not moved: the relying party's clock is not moved
    /// either, and would rightly refuse evidence from the future.
    pub fn real_now(&self) -> Instant {
        self.real_clock.now()
    }

    pub fn orders(&self) -> MutexGuard<'_, Orders> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn inbox(&self) -> MutexGuard<'_, Inbox> {
        self.inbox.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn register(&self) -> MutexGuard<'_, Register> {
        self.register.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn risk_of(&self, person: &str) -> Risk {
        self.risks.lock().unwrap_or_else(PoisonError::into_inner).get(person).copied().unwrap_or_default()
    }

    pub fn set_risk(&self, person: &str, risk: Risk) {
        self.risks.lock().unwrap_or_else(PoisonError::into_inner).insert(person.to_owned(), risk);
    }
}
