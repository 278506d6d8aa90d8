//! The browser that starts an order: what binds the order to it and what the provider's risk engine is told.
//!
//! Threats of relayed codes, stolen results and session fixation (design: identification threats 1–3): the
//! order is bound to a hash of the browser's session key, which goes into the signed data and is compared,
//! in constant time, at every poll.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use std::{fmt, net::IpAddr};

use crate::random;

/// SHA-256 of the key in the browser's session cookie (before login). Says nothing about the key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct BrowserHash([u8; 32]);

impl BrowserHash {
    /// Of the key itself, as it stands in the cookie.
    pub fn of_key(key: &[u8]) -> Self {
        let mut hash = [0; 32];
        hash.copy_from_slice(aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, key).as_ref());
        Self(hash)
    }

    /// From a hash that the store already keeps.
    pub const fn from_bytes(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether both are the same browser session, compared in constant time.
    pub fn matches(&self, other: &BrowserHash) -> bool {
        random::same(&self.0, &other.0)
    }

    pub(crate) fn hex(&self) -> String {
        random::hex(&self.0)
    }
}

impl fmt::Debug for BrowserHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BrowserHash(…)")
    }
}

impl Serialize for BrowserHash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.hex())
    }
}

impl<'de> Deserialize<'de> for BrowserHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let mut hash = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err(D::Error::custom("64 hexadecimal digits are expected"));
        }
        for (byte, pair) in hash.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(D::Error::custom)?;
            *byte = u8::from_str_radix(pair, 16).map_err(D::Error::custom)?;
        }
        Ok(Self(hash))
    }
}

/// Where the e-ID app is, seen from the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Device {
    /// On another device: the person scans the moving code.
    Other,
    /// On this computer.
    ThisComputer,
    /// On this telephone or tablet.
    ThisMobile,
}

/// Where the app sends the person back: an absolute address without query and fragment, `https`, or `http` on
/// loopback. We add the order's one-time value as its query. The return only wakes the page up: what happened
/// is known from the provider alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnAddress(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a return address is `https` (or `http` on localhost), without query and fragment, at most 450 characters"
)]
pub struct BadReturnAddress;

impl ReturnAddress {
    pub fn parse(address: &str) -> Result<Self, BadReturnAddress> {
        let url = reqwest::Url::parse(address).map_err(|_| BadReturnAddress)?;
        let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
            || url.host_str().is_some_and(|h| h.ends_with(".localhost"));
        let scheme = url.scheme() == "https" || (url.scheme() == "http" && loopback);
        // The provider allows 512 characters; ours adds `?n=` and 32 digits.
        let plain = url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if !scheme || !plain || url.as_str().len() > 450 {
            return Err(BadReturnAddress);
        }
        Ok(Self(url.into()))
    }

    /// The name of the query parameter that carries the order's one-time value.
    pub const PARAMETER: &'static str = "n";

    pub(crate) fn with_nonce(&self, nonce: &str) -> String {
        format!("{}?{}={nonce}", self.0, Self::PARAMETER)
    }
}

/// The browser, as seen at our own edge.
#[derive(Debug, Clone)]
pub struct Browser {
    pub session: BrowserHash,
    /// The person's address at our edge (through trusted proxies only), IPv4 or IPv6.
    pub address: IpAddr,
    /// The header as sent; cut to what the provider takes.
    pub user_agent: Option<String>,
    /// Our host name, 3–253 characters, without scheme and port.
    pub domain: String,
    pub device: Device,
    pub return_to: Option<ReturnAddress>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_address_is_ours_and_bare() {
        for good in ["https://e.example.se/login/return", "http://localhost:8400/r", "http://127.0.0.1:1/r"] {
            assert!(ReturnAddress::parse(good).is_ok(), "{good}");
        }
        for bad in [
            "http://e.example.se/r",
            "https://e.example.se/r?x=1",
            "https://e.example.se/r#x",
            "https://u:p@e.example.se/r",
            "javascript:alert(1)",
            "bankid:///",
            "/r",
            "",
        ] {
            assert!(ReturnAddress::parse(bad).is_err(), "{bad}");
        }
        assert!(ReturnAddress::parse(&format!("https://e.example.se/{}", "a".repeat(450))).is_err());
    }

    #[test]
    fn a_browser_hash_survives_the_store_and_shows_nothing() {
        let hash = BrowserHash::of_key(b"key");
        let kept = serde_json::to_string(&hash).unwrap();
        assert!(serde_json::from_str::<BrowserHash>(&kept).unwrap().matches(&hash));
        assert!(!BrowserHash::of_key(b"other").matches(&hash));
        assert_eq!(format!("{hash:?}"), "BrowserHash(…)");
        for bad in ["\"ab\"".to_owned(), format!("\"{}\"", "g".repeat(64)), format!("\"{}\"", "å".repeat(32))]
        {
            assert!(serde_json::from_str::<BrowserHash>(&bad).is_err());
        }
    }
}
