//! The main job, bad input and the commands on real parts: `behorig serve` against a separate `behorig sandbox`.
#![cfg(test)]

mod support;

mod bad_files;
mod bad_input;
mod clients;
mod commands;
mod main_job;
