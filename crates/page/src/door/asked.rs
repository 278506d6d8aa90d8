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
