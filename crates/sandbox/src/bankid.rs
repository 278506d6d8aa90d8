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

pub mod api;
pub mod completion;
pub mod error;
pub mod fault;
pub mod listener;
pub mod ocsp;
pub mod order;
pub mod orders;
pub mod party;
pub mod phone;
pub mod qr;
pub mod request;
pub mod signature;
