//! The one trait behind which all methods lie, for e-IDs whose provider is polled (BankID; others later).
//!
//! `Waiting → InClient → {Completed | Failed}`. Ends are sticky, and a completion is handed out once, to the
//! browser session that started the order.

use std::{fmt, future::Future, pin::Pin};

use crate::{
    browser::{Browser, BrowserHash},
    order::{Order, Purpose},
    outcome::{Failure, Outcome},
    text::VisibleText,
    verified::{VerifiedLogin, VerifiedSignature},
};

/// What an asynchronous method of a trait object returns.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Who asks whom for what.
#[derive(Debug, Clone)]
pub struct StartRequest {
    pub purpose: Purpose,
    /// The e-service that asks, by its id in the catalogue; it goes into the signed data.
    pub service: String,
    /// What the person sees in the app.
    pub text: VisibleText,
    pub browser: Browser,
}

/// How an order stands.
#[derive(Debug)]
pub enum Progress {
    /// It lives. Show the text; ask again in two seconds.
    Pending(Outcome),
    /// The person did it, and the evidence has been verified. Given once.
    Completed(Completion),
    /// It ended without a result. Given once.
    Failed(Failure),
    /// It had ended before: its result was handed out to an earlier request, or by another one at the same
    /// moment. Look for what that one kept; show nothing as a fault.
    Gone,
    /// The order belongs to another browser session. Nothing was asked of the provider. Answer as if there
    /// were no such order, and record a security event.
    Foreign,
}

/// What a completed order gives.
#[derive(Debug)]
pub enum Completion {
    Login(Box<VerifiedLogin>),
    Signature(Box<VerifiedSignature>),
}

pub trait Method: fmt::Debug + Send + Sync {
    /// The stable id of the method, as it stands in facts and records.
    fn id(&self) -> &'static str;

    /// Starts an order. The failure is a refusal to show, not an error.
    fn start<'a>(&'a self, request: &'a StartRequest) -> Answer<'a, Result<Order, Failure>>;

    /// Asks how the order stands, at the provider at most once in two seconds counted in this state. Two polls
    /// of one order must not run at once: take a lease on its row. Keep the order if its revision grew (or
    /// after each poll, to hold the two seconds over several nodes), and what a completion gives, before
    /// anything is shown. Do not drop the future half-way: the provider gives a completion once.
    fn poll<'a>(&'a self, order: &'a mut Order, browser: &'a BrowserHash) -> Answer<'a, Progress>;

    /// Ends the order at the provider: the person left or cancelled. An order that had ended is no failure.
    fn cancel<'a>(&'a self, order: &'a mut Order) -> Answer<'a, Result<(), Failure>>;
}
