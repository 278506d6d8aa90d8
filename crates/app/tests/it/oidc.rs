//! E-services that enter by standards: codes, tokens, what they are told, decisions that they ask, and log-out.
//!
//! Clients are played here by hand, so that each step can go wrong; that clients which others wrote get through is shown
//! by the browser stories.

mod client;
mod code;
mod decisions;
mod flood;
mod keys;
mod left;
mod machines;
mod prompt;
mod told;
mod withdrawn;
