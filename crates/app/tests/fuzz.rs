//! Hostile bytes at every parser that meets a stranger's: no panic, no answer that takes long, nothing accepted that says
//! something else when it is read again.
//!
//! The bytes are a committed or made example that is changed in up to eight places ([`mutate`]; the library is proptest, which
//! also finds the smallest input that fails). The ordinary run makes a fixed number of them, the same each time;
//! `cargo xtask soak` lets every target go on for its share of `BEHORIG_SOAK_SECONDS`, from `BEHORIG_SOAK_SEED`.
//!
//! The crates' own tests have tables of what is wrong and why; here is what nobody thought of. `fuzz/targets.md` lists every
//! place where the product reads bytes of somebody else, and its target. Those of pages and listeners lie in
//! `crates/web/tests/it/fuzz.rs`, where the routers are.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a panic in a test is a failure with a line number"
)]

#[path = "fuzz/data.rs"]
mod data;
#[path = "fuzz/documents.rs"]
mod documents;
#[path = "fuzz/evidence.rs"]
mod evidence;
#[path = "fuzz/files.rs"]
mod files;
#[path = "fuzz/log.rs"]
mod log_files;
#[path = "fuzz/mutate.rs"]
mod mutate;
#[path = "fuzz/oidc.rs"]
mod oidc_parsers;
#[path = "fuzz/provider.rs"]
mod provider;
#[path = "fuzz/requests.rs"]
mod requests;
#[path = "fuzz/table.rs"]
mod table;
