//! Who asks, where a session is not (yet) needed: the browser, and a visitor who may or may not be logged in.

use app::identify::Browser;
use app::session::{Entry, SecretKey};
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse as _, Response};
use domain::OrderId;
use http::request::Parts;
use http::{HeaderMap, HeaderValue};
use login::Device;
use page::door::{
    BROWSER_COOKIE, ClientAddress, Door, SESSION_COOKIE, Visitor, browser_key, device_of, problem,
};
use page::{Cookies, Lifetime, Problem, Site, Visit, codes};
use std::net::IpAddr;

use crate::hall::Hall;
use axum::extract::FromRef as _;

/// A browser that begins an order.
#[derive(Debug)]
pub(crate) struct Asking {
    key: SecretKey,
    /// The cookie to set: the browser had no secret of its own yet.
    pub cookie: Option<HeaderValue>,
    address: IpAddr,
    user_agent: Option<String>,
    /// What the browser runs on.
    pub here: Device,
}

impl Asking {
    pub fn browser(&self, device: Device) -> Browser {
        Browser { key: self.key.clone(), address: self.address, user_agent: self.user_agent.clone(), device }
    }
}

impl FromRequestParts<Hall> for Asking {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, hall: &Hall) -> Result<Self, Problem> {
        let Some(&ClientAddress(address)) = parts.extensions.get::<ClientAddress>() else {
            // The provider must be told the visitor's address, and a made-up one would be a lie.
            tracing::error!("a request came without the visitor's address: the listener must give it");
            return Err(Problem::of(&codes::OUR_FAULT));
        };
        let cookies = Site::from_ref(hall).cookies();
        let (key, cookie) = match browser_key(&parts.headers, cookies) {
            Some(key) => (key, None),
            None => {
                let key = SecretKey::new(hall.app.entropy());
                let cookie = cookies
                    .set(BROWSER_COOKIE, &key.to_cookie(), Lifetime::Browser)
                    .map_err(|_| Problem::of(&codes::OUR_FAULT))?;
                (key, Some(cookie))
            }
        };
        let agent = parts.headers.get(http::header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self {
            key,
            cookie,
            address,
            user_agent: agent.map(|text| text.chars().take(256).collect()),
            here: device_of(&parts.headers),
        })
    }
}

/// The browser that an order must belong to. Without a secret of its own it began none.
#[derive(Debug, Clone)]
pub(crate) struct BrowserKey(pub SecretKey);

impl FromRequestParts<Hall> for BrowserKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, hall: &Hall) -> Result<Self, Problem> {
        let cookies = Site::from_ref(hall).cookies();
        browser_key(&parts.headers, cookies).map(Self).ok_or_else(|| Problem::of(&codes::OTHER_BROWSER))
    }
}

/// A visitor who may be logged in.
#[derive(Debug, Clone)]
pub(crate) struct Perhaps(pub Option<Visitor>);

impl FromRequestParts<Hall> for Perhaps {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, hall: &Hall) -> Result<Self, Self::Rejection> {
        let door = Door::from_ref(hall);
        Ok(Self(Visitor::from_request_parts(parts, &door).await.ok()))
    }
}

/// A visitor's session, without what a page would show of it.
pub(crate) struct Inside(pub Option<app::Visit>);

impl FromRequestParts<Hall> for Inside {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, hall: &Hall) -> Result<Self, Response> {
        let site = Site::from_ref(hall);
        let key = site.cookies().read(&parts.headers, SESSION_COOKIE).and_then(SecretKey::parse);
        let Some(key) = key else { return Ok(Self(None)) };
        match hall.app.enter(&key).await {
            Ok(Entry::Open(visit)) => Ok(Self(Some(*visit))),
            Ok(Entry::Ended | Entry::None) => Ok(Self(None)),
            Err(refusal) => {
                let visit = match Visit::from_request_parts(parts, hall).await {
                    Ok(visit) => visit,
                    Err(never) => match never {},
                };
                Err(problem(&visit, refusal, None).into_response())
            }
        }
    }
}

/// The cookie that tells which orders are under way in this browser, for the way back from the app. It opens nothing:
/// an order is shown to the browser that holds its secret only.
pub(crate) const ORDER_COOKIE: &str = "order";
/// Tabs with an order each that find their way back.
const REMEMBERED: usize = 3;

/// The orders that the browser remembers, the latest first.
pub(crate) fn remembered(headers: &HeaderMap, cookies: Cookies) -> Vec<OrderId> {
    let text = cookies.read(headers, ORDER_COOKIE).unwrap_or_default();
    text.split('.').take(REMEMBERED).filter_map(|id| id.parse().ok()).collect()
}

/// Adds the order to those that the browser remembers.
pub(crate) fn remember(headers: &HeaderMap, cookies: Cookies, id: OrderId) -> Option<HeaderValue> {
    let others = remembered(headers, cookies).into_iter().filter(|other| *other != id);
    let ids: Vec<String> =
        std::iter::once(id).chain(others).take(REMEMBERED).map(|id| id.to_string()).collect();
    cookies.set(ORDER_COOKIE, &ids.join("."), Lifetime::Seconds(15 * 60)).ok()
}

/// `303 See Other`, with cookies.
pub(crate) fn see_other(path: &str, cookies: impl IntoIterator<Item = HeaderValue>) -> Response {
    let mut response = axum::response::Redirect::to(path).into_response();
    for cookie in cookies {
        response.headers_mut().append(http::header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use page::Transport;

    #[test]
    fn the_latest_three_orders_are_remembered_and_rubbish_is_not() {
        let cookies = Cookies::new(Transport::PlainLoopback);
        let id = |n: u8| OrderId::from_bytes([n; 16]);
        let mut headers = HeaderMap::new();
        for n in [1, 2, 3, 4, 2] {
            let set = remember(&headers, cookies, id(n)).unwrap();
            let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            headers.insert(http::header::COOKIE, pair.parse().unwrap());
        }
        assert_eq!(remembered(&headers, cookies), [id(2), id(4), id(3)]);
        headers.insert(http::header::COOKIE, "order=zz.../..".parse().unwrap());
        assert!(remembered(&headers, cookies).is_empty());
    }
}
