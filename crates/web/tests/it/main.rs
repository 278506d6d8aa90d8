//! The pages against a real house: store, simulated provider, background work; the browser is a plain HTTP client.

mod demo;
mod login;
mod party;
mod qr;
mod session;
mod world;
