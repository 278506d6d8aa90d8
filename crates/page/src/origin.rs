//! Unsafe requests must come from our own pages: the second wall against forged requests, beside
//! `SameSite` cookies and form tokens (OWASP Cross-Site Request Forgery Prevention; Fetch Metadata).
//!
//! A browser says where a request comes from in `Sec-Fetch-Site`, older ones in `Origin` alone. A request
//! that says neither is refused: a page of ours was not involved. Programs use the machine surfaces.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, header};

use crate::{Problem, Site, problem::codes};

/// The middleware; see [`crate::dress`].
pub(crate) async fn check(State(site): State<Site>, request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if safe || from_ourselves(request.headers(), &site.config().origins) {
        next.run(request).await
    } else {
        Problem::of(&codes::FOREIGN_ORIGIN).into_response()
    }
}

fn from_ourselves(headers: &HeaderMap, origins: &[String]) -> bool {
    let mut sites = headers.get_all("sec-fetch-site").iter();
    match (sites.next(), sites.next()) {
        (Some(site), None) => matches!(site.as_bytes(), b"same-origin" | b"none"),
        (Some(_), Some(_)) => false,
        (None, _) => {
            let mut given = headers.get_all(header::ORIGIN).iter();
            match (given.next(), given.next()) {
                (Some(origin), None) => origins.iter().any(|ours| ours.as_bytes() == origin.as_bytes()),
                _ => false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        from_ourselves(&headers, &["http://localhost:8400".to_owned()])
    }

    #[test]
    fn only_our_own_pages_may_change_anything() {
        assert!(allowed(&[("sec-fetch-site", "same-origin")]));
        assert!(allowed(&[("sec-fetch-site", "none")]));
        assert!(allowed(&[("origin", "http://localhost:8400")]));
        for bad in [
            &[][..],
            &[("sec-fetch-site", "cross-site"), ("origin", "http://localhost:8400")],
            // All of localhost is one site: a page on another port of it is foreign all the same.
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "same-origin")],
            &[("origin", "null")],
            &[("origin", "http://localhost:8401")],
            &[("origin", "http://localhost:8400"), ("origin", "http://localhost:8400")],
            &[("origin", "http://localhost:8400.evil.example")],
        ] {
            assert!(!allowed(bad), "{bad:?}");
        }
    }
}
