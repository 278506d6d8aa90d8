//! The two ways in which a key signs, each from the same kind of secret: 32 bytes.

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};

use crate::derive::{Use, subkey};
use crate::purpose::Scheme;
use crate::{KeyError, Purpose};

/// A key that signs.
pub(crate) enum Signer {
    Ed25519(Ed25519KeyPair),
    Es256(EcdsaKeyPair),
}

impl Signer {
    /// The signer of a secret; `None` where the purpose does not sign.
    ///
    /// # Errors
    /// [`KeyError::Crypto`]: one in 2³² secrets is no scalar of P-256; a new one is drawn then.
    pub fn of(secret: &[u8; 32], purpose: Purpose) -> Result<Option<Self>, KeyError> {
        let Some(scheme) = purpose.signs() else { return Ok(None) };
        let seed = subkey(secret, purpose, Use::Sign);
        Ok(Some(match scheme {
            Scheme::Ed25519 => Self::Ed25519(
                Ed25519KeyPair::from_seed_unchecked(seed.as_slice()).map_err(|_| KeyError::Crypto)?,
            ),
            Scheme::Es256 => {
                let scalar = PrivateKey::from_private_key(&ECDH_P256, seed.as_slice())
                    .map_err(|_| KeyError::Crypto)?;
                let public = scalar.compute_public_key().map_err(|_| KeyError::Crypto)?;
                let pair = EcdsaKeyPair::from_private_key_and_public_key(
                    &ECDSA_P256_SHA256_FIXED_SIGNING,
                    seed.as_slice(),
                    public.as_ref(),
                );
                Self::Es256(pair.map_err(|_| KeyError::Crypto)?)
            }
        }))
    }

    /// The public half: 32 bytes of Ed25519, 65 of P-256 (uncompressed).
    pub fn public(&self) -> &[u8] {
        match self {
            Self::Ed25519(pair) => pair.public_key().as_ref(),
            Self::Es256(pair) => pair.public_key().as_ref(),
        }
    }

    /// 64 bytes either way. ES256 draws its nonce from the library's generator: no caller's randomness is trusted with it.
    pub fn sign(&self, data: &[u8]) -> Result<[u8; 64], KeyError> {
        let signature = match self {
            Self::Ed25519(pair) => pair.try_sign(data).map_err(|_| KeyError::Crypto)?,
            Self::Es256(pair) => pair.sign(&SystemRandom::new(), data).map_err(|_| KeyError::Crypto)?,
        };
        signature.as_ref().try_into().map_err(|_| KeyError::Crypto)
    }
}
