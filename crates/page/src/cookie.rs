//! Cookies by one rule: `__Host-`, `Secure`, `HttpOnly`, `SameSite=Lax` wherever there is TLS, and plain
//! names only on plain loopback, where browsers would drop a `__Host-` cookie
//! (draft-ietf-httpbis-rfc6265bis §4.1.3.2).
//!
//! All of `localhost` shares one jar whatever the port, so that names must differ between our listeners.

use http::{HeaderMap, HeaderValue, header};

/// How browsers reach the listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// HTTPS, by our own TLS or that of a configured proxy.
    Tls,
    /// Plain HTTP on a loopback address.
    PlainLoopback,
}

/// How long a browser keeps a cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// Until the browser is closed.
    Browser,
    /// This many seconds.
    Seconds(u32),
}

/// The value holds something that a cookie cannot carry: use base64url or an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a cookie's name and value may hold letters, digits and -_.~ only, at most 1024 bytes")]
pub struct BadCookie;

/// Writes and reads cookies the way that fits the listener.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cookies {
    transport: Transport,
}

impl Cookies {
    pub const fn new(transport: Transport) -> Self {
        Self { transport }
    }

    /// The name as it goes over the wire.
    pub fn wire_name(self, name: &str) -> String {
        match self.transport {
            Transport::Tls => format!("__Host-{name}"),
            Transport::PlainLoopback => name.to_owned(),
        }
    }

    /// A `Set-Cookie` value for the whole site.
    ///
    /// # Errors
    /// [`BadCookie`] when name or value hold more than plain characters.
    pub fn set(self, name: &str, value: &str, lifetime: Lifetime) -> Result<HeaderValue, BadCookie> {
        if name.is_empty() || !plain(name) || !plain(value) || value.len() > 1024 {
            return Err(BadCookie);
        }
        let secure = match self.transport {
            Transport::Tls => "; Secure",
            Transport::PlainLoopback => "",
        };
        let age = match lifetime {
            Lifetime::Browser => String::new(),
            Lifetime::Seconds(seconds) => format!("; Max-Age={seconds}"),
        };
        let name = self.wire_name(name);
        HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}"))
            .map_err(|_| BadCookie)
    }

    /// A `Set-Cookie` value that takes the cookie away.
    ///
    /// # Errors
    /// [`BadCookie`] when the name holds more than plain characters.
    pub fn clear(self, name: &str) -> Result<HeaderValue, BadCookie> {
        self.set(name, "", Lifetime::Seconds(0))
    }

    /// The cookie's value, if it is there exactly once. Two of the same name mean that somebody else set
    /// one: neither is believed.
    pub fn read<'h>(self, headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
        let wire = self.wire_name(name);
        let mut found = None;
        for line in headers.get_all(header::COOKIE) {
            for pair in line.to_str().ok()?.split(';') {
                let Some((key, value)) = pair.trim().split_once('=') else { continue };
                if key == wire && found.replace(value).is_some() {
                    return None;
                }
            }
        }
        found.filter(|value| plain(value) && value.len() <= 1024)
    }
}

fn plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.~".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tls_gives_the_host_prefix_and_loopback_a_plain_name() {
        let tls = Cookies::new(Transport::Tls).set("session", "abc", Lifetime::Browser).unwrap();
        assert_eq!(tls, "__Host-session=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
        let plain = Cookies::new(Transport::PlainLoopback).set("lang", "en", Lifetime::Seconds(60)).unwrap();
        assert_eq!(plain, "lang=en; Path=/; HttpOnly; SameSite=Lax; Max-Age=60");
        let gone = Cookies::new(Transport::PlainLoopback).clear("lang").unwrap();
        assert_eq!(gone, "lang=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    }

    #[test]
    fn nothing_can_be_smuggled_into_a_cookie() {
        let cookies = Cookies::new(Transport::Tls);
        for value in ["a;b", "a b", "a\r\nSet-Cookie: x=y", "å", "\"a\"", "a,b"] {
            assert_eq!(cookies.set("x", value, Lifetime::Browser), Err(BadCookie), "{value:?}");
        }
        assert_eq!(cookies.set("", "a", Lifetime::Browser), Err(BadCookie));
        assert_eq!(cookies.set("x", &"a".repeat(1025), Lifetime::Browser), Err(BadCookie));
    }

    #[test]
    fn a_doubled_or_unprefixed_cookie_is_not_believed() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, "a=1; __Host-s=good; b=2".parse().unwrap());
        assert_eq!(Cookies::new(Transport::Tls).read(&headers, "s"), Some("good"));
        assert_eq!(Cookies::new(Transport::PlainLoopback).read(&headers, "s"), None);
        headers.append(header::COOKIE, "__Host-s=other".parse().unwrap());
        assert_eq!(Cookies::new(Transport::Tls).read(&headers, "s"), None);
    }
}
