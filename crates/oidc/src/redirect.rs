//! Addresses that a visitor is sent back to: registered whole, compared whole (OAuth 2.0 Security BCP, RFC 9700 §2.1).

use serde::{Deserialize, Serialize};

/// The longest address, in bytes.
const LONGEST: usize = 500;

/// An absolute address of a client: `https`, or `http` on this machine's loopback; without user, fragment or wildcards.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RedirectUri(String);

/// Why an address cannot be registered or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be https://host/path, or http:// on 127.0.0.1, [::1] or localhost; without user, fragment, spaces or wildcards, at most 500 characters"
)]
pub struct BadRedirect;

/// Where an address leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// `https` on some host.
    Tls,
    /// Plain, on this machine.
    Loopback,
}

impl RedirectUri {
    /// # Errors
    /// [`BadRedirect`].
    pub fn parse(text: &str) -> Result<Self, BadRedirect> {
        let uri = Self(text.to_owned());
        uri.place().map(|_| uri)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `scheme://host[:port]`, as a policy of forms names it.
    pub fn origin(&self) -> &str {
        let from = self.0.find("://").map_or(0, |at| at + 3);
        let len = self.0[from..].find(['/', '?']).map_or(self.0.len(), |at| from + at);
        &self.0[..len]
    }

    /// Where it leads.
    ///
    /// # Errors
    /// [`BadRedirect`] if it is none that may be used.
    pub fn place(&self) -> Result<Place, BadRedirect> {
        let text = self.0.as_str();
        let clean = text.len() <= LONGEST
            && text.bytes().all(|b| b.is_ascii_graphic() && !b"\\\"<>#*^`{|}".contains(&b));
        let (scheme, rest) = text.split_once("://").ok_or(BadRedirect)?;
        let authority = rest.split(['/', '?']).next().unwrap_or_default();
        let (host, port) = host_and_port(authority).ok_or(BadRedirect)?;
        let port_fits = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
        if !clean || !port_fits {
            return Err(BadRedirect);
        }
        let loopback = matches!(host, "127.0.0.1" | "[::1]" | "localhost");
        match scheme {
            "https" if loopback || is_name(host) => Ok(Place::Tls),
            "http" if loopback => Ok(Place::Loopback),
            _ => Err(BadRedirect),
        }
    }

    /// The address with these parameters added to its query.
    pub fn with(&self, pairs: &[(&str, &str)]) -> String {
        let mut out = self.0.clone();
        for (name, value) in pairs {
            out.push(if out.contains('?') { '&' } else { '?' });
            out.push_str(name);
            out.push('=');
            out.push_str(&encoded(value));
        }
        out
    }
}

fn host_and_port(authority: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = authority.strip_prefix("[::1]") {
        let host = &authority[..5];
        return match rest.strip_prefix(':') {
            Some(port) => Some((host, Some(port))),
            None => rest.is_empty().then_some((host, None)),
        };
    }
    match authority.split_once(':') {
        Some((host, port)) => Some((host, Some(port))),
        None => Some((authority, None)),
    }
}

/// A host's name by its letters: labels of letters, digits and hyphens.
fn is_name(host: &str) -> bool {
    host.len() <= 253
        && host.contains('.')
        && host.split('.').all(|label| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        })
}

/// Percent-encoding of a query's value (RFC 3986 §2.1).
pub fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
        out
    })
}

impl TryFrom<String> for RedirectUri {
    type Error = BadRedirect;
    fn try_from(text: String) -> Result<Self, BadRedirect> {
        Self::parse(&text)
    }
}

impl From<RedirectUri> for String {
    fn from(uri: RedirectUri) -> String {
        uri.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_lead_to_one_place_can_be_registered() {
        for (good, place, origin) in [
            ("https://shop.example.se/back", Place::Tls, "https://shop.example.se"),
            ("https://shop.example.se:8443/back?x=1", Place::Tls, "https://shop.example.se:8443"),
            ("http://127.0.0.1:8420/back", Place::Loopback, "http://127.0.0.1:8420"),
            ("http://[::1]:1/", Place::Loopback, "http://[::1]:1"),
            ("http://localhost/cb", Place::Loopback, "http://localhost"),
        ] {
            let uri = RedirectUri::parse(good).unwrap();
            assert_eq!((uri.place(), uri.origin()), (Ok(place), origin), "{good}");
        }
        for bad in [
            "",
            "shop.example.se/back",
            "//shop.example.se/back",
            "http://shop.example.se/back",
            "https://shop.example.se@evil.example/",
            "https://user:pass@shop.example.se/",
            "https://shop.example.se/back#x",
            "https://*.example.se/back",
            "https://shop.example.se\\@evil.example/",
            "https://shop.example.se/a b",
            "https://SHOP.example.se/",
            "https://",
            "https:///back",
            "https://shop.example.se:0/",
            "https://shop.example.se:99999/",
            "https://shop.example.se:80:81/",
            "javascript://alert.example/%0aalert(1)",
            "data:text/html,x",
            "http://127.0.0.1.evil.example/",
            "http://[::1].evil.example/",
            "http://127.1/",
            &format!("https://shop.example.se/{}", "a".repeat(500)),
        ] {
            assert_eq!(RedirectUri::parse(bad), Err(BadRedirect), "{bad}");
        }
    }

    #[test]
    fn parameters_are_added_and_encoded() {
        let uri = RedirectUri::parse("https://shop.example.se/back?a=b").unwrap();
        assert_eq!(
            uri.with(&[("code", "x y&z"), ("iss", "http://h:1")]),
            "https://shop.example.se/back?a=b&code=x%20y%26z&iss=http%3A%2F%2Fh%3A1"
        );
    }
}
