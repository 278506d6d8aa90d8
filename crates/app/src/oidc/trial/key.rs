//! The throw-away key of a trial: ES256 from 32 random bytes, as an e-service would have one.

use ::oidc::jws::{BadKeys, OwnKey, PublicKeys, Unsigned};
use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use domain::Entropy;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

const KID: &str = "trial";

#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Key([u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(…)")
    }
}

impl Key {
    pub fn new(entropy: &dyn Entropy) -> Self {
        // One in 2³² draws is no scalar of P-256.
        loop {
            let mut seed = [0; 32];
            entropy.fill(&mut seed);
            let key = Self(seed);
            if key.pair().is_some() {
                return key;
            }
        }
    }

    fn pair(&self) -> Option<EcdsaKeyPair> {
        let public = PrivateKey::from_private_key(&ECDH_P256, &self.0).ok()?.compute_public_key().ok()?;
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        EcdsaKeyPair::from_private_key_and_public_key(algorithm, &self.0, public.as_ref()).ok()
    }

    /// As a client registers it.
    ///
    /// # Errors
    /// [`BadKeys`], if what we make is not what we take.
    pub fn public(&self) -> Result<PublicKeys, BadKeys> {
        let pair = self.pair().ok_or(BadKeys::Kind)?;
        let point = pair.public_key().as_ref().try_into().map_err(|_| BadKeys::Kind)?;
        json!({"keys": [OwnKey { kid: KID.to_owned(), point }.jwk()]}).try_into()
    }

    /// A token of the client's, signed; `None` where the library cannot.
    pub fn sign(&self, claims: &Map<String, Value>) -> Option<String> {
        let unsigned = Unsigned::new(KID, "JWT", claims);
        let signature = self.pair()?.sign(&SystemRandom::new(), unsigned.bytes()).ok()?;
        Some(unsigned.signed(signature.as_ref().try_into().ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SystemEntropy;

    #[test]
    fn what_it_signs_verifies_by_its_public_half_alone() {
        let (key, other) = (Key::new(&SystemEntropy::new()), Key::new(&SystemEntropy::new()));
        let claims = json!({"sub": "x"});
        let token = key.sign(claims.as_object().unwrap()).unwrap();
        assert_eq!(key.public().unwrap().verify::<Value>(&token).unwrap()["sub"], "x");
        assert!(other.public().unwrap().verify::<Value>(&token).is_err());
        let again: Key = serde_json::from_str(&serde_json::to_string(&key).unwrap()).unwrap();
        assert_eq!(again.public(), key.public());
    }
}
