//! What a request says of the browser behind it.

use app::session::SecretKey;
use http::HeaderMap;
use login::Device;
use std::net::IpAddr;

use super::BROWSER_COOKIE;
use crate::Cookies;

/// The visitor's network address, as the listener saw it (through trusted proxies only).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl ClientAddress {
    /// The visitor's address: the peer's, or — behind a proxy that configuration names — the last address in
    /// `X-Forwarded-For` that is not itself such a proxy. Anyone else's header is ignored.
    pub fn of(headers: &HeaderMap, peer: IpAddr, proxies: &[IpAddr]) -> Self {
        if !proxies.contains(&peer) {
            return Self(peer);
        }
        headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|part| part.trim().parse::<IpAddr>().ok())
            .rfind(|address| !proxies.contains(address))
            .map_or(Self(peer), Self)
    }
}

/// The browser's own secret, if it has one.
pub fn browser_key(headers: &HeaderMap, cookies: Cookies) -> Option<SecretKey> {
    cookies.read(headers, BROWSER_COOKIE).and_then(SecretKey::parse)
}

/// Computer or telephone, by what the browser says of itself; decides only which start link is offered.
pub fn device_of(headers: &HeaderMap) -> Device {
    let hint = headers.get("sec-ch-ua-mobile").is_some_and(|v| v.as_bytes() == b"?1");
    let agent = headers.get(http::header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mobile = ["Android", "iPhone", "iPad", "Mobile"].iter().any(|word| agent.contains(word));
    if hint || mobile { Device::ThisMobile } else { Device::ThisComputer }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(header: &'static str, peer: IpAddr, proxies: &[IpAddr]) -> IpAddr {
        let headers = HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), header.parse().unwrap())]);
        ClientAddress::of(&headers, peer, proxies).0
    }

    #[test]
    fn a_strangers_header_is_ignored() {
        let peer = IpAddr::from([192, 0, 2, 7]);
        assert_eq!(seen("198.51.100.1", peer, &[]), peer);
    }

    #[test]
    fn behind_a_proxy_the_last_foreign_address_counts() {
        let proxy = IpAddr::from([10, 0, 0, 1]);
        let shown = seen("203.0.113.9, 198.51.100.1, 10.0.0.1", proxy, &[proxy]);
        assert_eq!(shown, IpAddr::from([198, 51, 100, 1]));
    }
}
