//! The activity log from outside.
#![cfg(test)] // so that clippy takes the helpers for test code

mod checkpoint;
mod receipt;
mod record;
mod restored;
mod support;
mod tiles;
mod tree;
mod verify;
