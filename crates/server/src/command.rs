//! The sub-commands, one file each.

pub mod backup;
pub mod catalogue;
pub mod check;
pub mod client;
pub mod demo;
pub mod erase;
pub mod init;
pub mod keys;
pub mod log;
pub mod migrate;
pub mod restore;
pub mod sandbox;
pub mod serve;
