//! The use cases, driven in process with real parts: a store on either engine, the simulated BankID over mutual TLS,
//! mail by SMTP, and a clock that only the test moves. Each test asserts the facts and exactly the records.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a panic in a test is a failure with a line number"
)]

mod support;

mod access;
mod applications;
mod clients;
mod clock;
mod clock_jumps;
mod demo;
mod drafts;
mod expiries;
mod invitations;
mod keys;
mod log;
mod login;
mod lookups;
mod mandates;
mod new_catalogue;
mod oidc;
mod own;
mod races;
mod restore;
mod reviewed;
mod sessions;
mod signing;
