//! The keyring from outside: its life cycle and its uses.
#![cfg(test)] // so that clippy takes the helpers for test code

mod lifecycle;
mod ring;
mod support;
mod texts;
