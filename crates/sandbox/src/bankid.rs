//! The simulated BankID: Relying Party API v6.0 over mutual TLS, orders with the real times, signed evidence.
//!
//! | File | What |
//! |---|---|
//! | `listener` | mutual TLS: client certificates of the relying parties' CA only |
//! | `api` | the four methods, their refusals, the injected faults |
//! | `request` | what a relying party may send; everything else is `invalidParameters` |
//! | `order`, `orders` | one order and its times; all orders and what they do to each other |
//! | `qr` | the animated code |
//! | `phone` | what the app does: pick up, approve, refuse |
//! | `completion`, `signature`, `ocsp` | the evidence, true or, when a fault says so, a lie |

pub(crate) mod api;
pub(crate) mod completion;
pub(crate) mod error;
pub(crate) mod fault;
pub(crate) mod listener;
pub(crate) mod ocsp;
pub(crate) mod order;
pub(crate) mod orders;
pub(crate) mod party;
pub(crate) mod phone;
pub(crate) mod qr;
pub(crate) mod request;
pub(crate) mod signature;
