//! Hostile bytes at the pages and at what programs call, through the routers of the product: see
//! `crates/app/tests/fuzz/targets.md`.

mod browsers;
#[path = "../../../app/tests/fuzz/mutate.rs"]
mod mutate;
mod whole;
