//! X.509 chains, OCSP and XML signatures by fixed profile: offline, bounded, fail closed.
//!
//! Nothing here opens a socket or reads a file. Trust anchors are handed in and come from configuration only.
//! Only this crate sees XML; what it hands out has been verified and is read from the verified bytes.

pub mod bankid;
mod certificate;
mod ocsp;
pub mod xml;
