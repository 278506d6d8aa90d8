//! BankID login and signature against the simulator, over mutual TLS, with its own verification of every
//! answer: what must succeed, and every way in which a provider can fail or lie.
#![expect(clippy::unwrap_used, reason = "in a test a panic is a failure with a line number")]

mod bound;
mod check;
mod login;
mod provider;
mod refusals;
mod renewal;
mod sign;
mod stub;
mod tls;
mod world;
