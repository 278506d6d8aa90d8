//! OpenID provider (*identitetsutfärdare*) and decision point by standard: rules and types, pure.
//!
//! OpenID Connect Core 1.0 with the authorisation code and PKCE only, pushed authorisation requests (RFC 9126),
//! `private_key_jwt` and public clients, client credentials for machines, introspection (RFC 7662), `iss` in the
//! response (RFC 9207), log-out by front (RP-Initiated Logout 1.0) and back channel (Back-Channel Logout 1.0); scopes,
//! claims and levels of the Swedish OpenID Connect Profile 1.0; questions and answers of AuthZEN 1.0. Nothing here
//! reads a clock, a store or the network: `app` brings what is needed as values.

pub mod assertion;
pub mod authorize;
pub mod authzen;
pub mod claims;
pub mod client;
pub mod discovery;
pub mod draft;
pub mod jws;
pub mod logout;
pub mod params;
pub mod pkce;
pub mod redirect;
pub mod scope;
pub mod token;

mod error;

pub use client::{Authentication, Client, ClientId};
pub use draft::Draft;
pub use error::{ErrorCode, Fault};
pub use params::Params;
pub use redirect::RedirectUri;
pub use scope::Scopes;
