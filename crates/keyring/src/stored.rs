//! A key as a row of the store: wrapped, with its life's dates and the transitions between its states.

use domain::{Entropy, Instant};
use zeroize::Zeroizing;

use crate::{KeyError, KeyId, KeyState, MasterKey, Purpose, aead, signer::Signer};

/// Secrets drawn until one of them is a key; the second is never needed in practice.
const DRAWS: u32 = 4;

/// One row. Holds no plaintext secret; may be printed and compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredKey {
    pub id: KeyId,
    pub purpose: Purpose,
    pub state: KeyState,
    pub created_at: Instant,
    /// Since when it is used for new work.
    pub activated_at: Option<Instant>,
    /// Since when it only opens and verifies.
    pub retired_at: Option<Instant>,
    /// AES-256-GCM under the master key, bound to id, purpose and public half. Of a destroyed key only the seal
    /// over those three is left, which shows that the public half is ours.
    pub wrapped: Vec<u8>,
    /// The public key, where the purpose signs: 32 bytes of Ed25519, 65 of P-256.
    pub public: Option<Vec<u8>>,
}

impl StoredKey {
    /// A new key, announced.
    pub fn announce(
        purpose: Purpose,
        master: &MasterKey,
        entropy: &dyn Entropy,
        now: Instant,
    ) -> Result<Self, KeyError> {
        let mut secret = Zeroizing::new([0; 32]);
        let mut public = Err(KeyError::Crypto);
        for _ in 0..DRAWS {
            entropy.fill(secret.as_mut_slice());
            public = Signer::of(&secret, purpose);
            if public.is_ok() {
                break;
            }
        }
        let public = public?.map(|signer| signer.public().to_vec());
        let mut key = Self {
            id: KeyId::new(entropy),
            purpose,
            state: KeyState::Announced,
            created_at: now,
            activated_at: None,
            retired_at: None,
            wrapped: Vec::new(),
            public,
        };
        key.wrapped = aead::seal_with(master.bytes(), &key.bound("live"), secret.as_slice(), entropy)?;
        Ok(key)
    }

    /// Announced → active.
    pub fn activate(mut self, now: Instant) -> Result<Self, KeyError> {
        self.step(KeyState::Announced, KeyState::Active)?;
        self.activated_at = Some(now);
        Ok(self)
    }

    /// Active → retired.
    pub fn retire(mut self, now: Instant) -> Result<Self, KeyError> {
        self.step(KeyState::Active, KeyState::Retired)?;
        self.retired_at = Some(now);
        Ok(self)
    }

    /// Retired → destroyed: the secret is gone for good, with all that only it could open.
    pub fn destroy(mut self, master: &MasterKey, entropy: &dyn Entropy) -> Result<Self, KeyError> {
        self.secret(master)?;
        self.step(KeyState::Retired, KeyState::Destroyed)?;
        self.wrapped = aead::seal_with(master.bytes(), &self.bound("destroyed"), &[], entropy)?;
        Ok(self)
    }

    fn step(&mut self, from: KeyState, to: KeyState) -> Result<(), KeyError> {
        if self.state != from {
            return Err(KeyError::WrongOrder { id: self.id.clone(), from: self.state, to });
        }
        self.state = to;
        Ok(())
    }

    /// The secret, or `None` of a destroyed key; checks that the row belongs to this master key.
    pub(crate) fn secret(&self, master: &MasterKey) -> Result<Option<Zeroizing<[u8; 32]>>, KeyError> {
        let wrong = || KeyError::WrongMasterKey { id: self.id.clone() };
        if self.state == KeyState::Destroyed {
            aead::unseal_with(master.bytes(), &self.bound("destroyed"), &self.wrapped)
                .map_err(|_| wrong())?;
            return Ok(None);
        }
        let plain =
            aead::unseal_with(master.bytes(), &self.bound("live"), &self.wrapped).map_err(|_| wrong())?;
        let mut secret = Zeroizing::new([0; 32]);
        if plain.len() != secret.len() {
            return Err(wrong());
        }
        secret.copy_from_slice(&plain);
        Ok(Some(secret))
    }

    /// What the wrapping is bound to: a row moved under another id, purpose or public key does not open.
    fn bound(&self, form: &str) -> Vec<u8> {
        let mut aad = format!("behorig key 1\0{form}\0{}\0{}\0", self.id, self.purpose).into_bytes();
        aad.extend_from_slice(self.public.as_deref().unwrap_or_default());
        aad
    }
}
