//! The main job, bad input and the commands on real parts: `behorig serve` against a separate `behorig sandbox`.
#![cfg(test)]

mod support;

mod bad_files;
mod bad_input;
mod catalogue;
mod clients;
mod commands;
mod demo;
mod discovery;
mod main_job;
mod protected;
