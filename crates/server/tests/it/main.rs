//! The main job, bad input and the commands on real parts: `behorig serve` against a separate `behorig sandbox`.
#![cfg(test)]

mod support;

mod authzen_scenario;
mod backup;
mod bad_files;
mod bad_input;
mod catalogue;
mod clients;
mod commands;
mod demo;
mod discovery;
mod full_disk;
mod guide;
mod insider;
mod main_job;
mod outside;
mod protected;
mod restore_killed;
mod storm;
