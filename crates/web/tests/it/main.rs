//! The pages against a real house: store, simulated provider, background work; the browser is a plain HTTP client.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a helper that fails is a failed test, with a line number"
)]

mod authority;
mod clients;
mod demo;
mod fuzz;
mod kept;
mod login;
mod mine;
mod party;
mod protected;
mod qr;
mod requests;
mod session;
mod support;
mod texts;
mod world;
