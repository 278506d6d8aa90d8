//! Codes and machines' tokens: sealed, and kept by the client alone until they come back.

use super::authorize::Handle;
use crate::core::App;
use crate::refusal::{Refusal, Stop};
use ::oidc::claims::Wanted;
use ::oidc::pkce::Challenge;
use ::oidc::{ClientId, RedirectUri, Scopes};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Instant, PartyId};
use keyring::Purpose;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What a code stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Code {
    pub client: ClientId,
    pub redirect_uri: RedirectUri,
    pub challenge: Challenge,
    pub nonce: Option<String>,
    pub scopes: Scopes,
    pub wanted: Wanted,
    /// The session's key hash.
    pub session: [u8; 32],
    /// For whom the visitor acts in this login.
    pub party: PartyId,
    pub expires_at: Instant,
    /// Makes each code another one.
    pub once: Handle,
}

/// What a machine's token stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub client: ClientId,
    pub issued_at: Instant,
    pub expires_at: Instant,
    pub once: Handle,
}

/// A thing that is sealed for its holder.
pub(crate) trait Sealed: Serialize + DeserializeOwned {
    /// What no other thing's seal is bound to.
    const CONTEXT: &'static [u8];
}

impl Sealed for Code {
    const CONTEXT: &'static [u8] = b"oidc-code\0";
}

impl Sealed for Machine {
    const CONTEXT: &'static [u8] = b"oidc-machine-token\0";
}

/// The longest text that is opened.
const LONGEST: usize = 8 * 1024;

impl App {
    pub(crate) fn seal<T: Sealed>(&self, thing: &T) -> Result<String, Refusal> {
        let plain = serde_json::to_vec(thing).unwrap_or_default();
        let sealed = self
            .ring()
            .seal(Purpose::Forms, T::CONTEXT, &plain, self.entropy())
            .map_err(|error| self.broken(Stop::Key(error)))?;
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// `None` for anything that this installation did not seal as such a thing.
    pub(crate) async fn unseal<T: Sealed>(&self, text: &str) -> Option<T> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok().filter(|_| text.len() <= LONGEST)?;
        let open = || self.ring().unseal(Purpose::Forms, T::CONTEXT, &sealed);
        let plain = match open() {
            Ok(plain) => plain,
            // Sealed on another node under a key that was turned a moment ago.
            Err(keyring::KeyError::UnknownKey { .. }) if self.refresh_keys().await.unwrap_or(false) => {
                open().ok()?
            }
            Err(_) => return None,
        };
        serde_json::from_slice(&plain).ok()
    }
}
