//! The main job by HTTP on real parts: `behorig serve` against a separate `behorig sandbox`, on both engines.
#![cfg(test)]

mod support;

mod bad_files;
mod bad_input;
mod commands;
mod main_job;
