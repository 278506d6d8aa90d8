//! Headers that every answer carries, so that a mistake in a page stays a mistake and no hole.
//!
//! Content Security Policy Level 3: nothing but our own files, no inline script or style, no frames, no
//! foreign form targets. Referrer-Policy is `same-origin` and not `no-referrer`: with the latter
//! browsers send `Origin: null` with our own forms (Fetch §3.5), and the origin check would be blind.

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::{Site, Transport};

/// Mark of an answer that is a finished page: nobody needs to make a problem page of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rendered;

/// Origins that forms of this page may end at, beside our own.
#[derive(Debug, Clone)]
pub(crate) struct FormTarget(pub Vec<String>);

/// Set unless the handler has set its own.
const ALWAYS: [(HeaderName, &str); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
         microphone=(), midi=(), payment=(), publickey-credentials-get=(), serial=(), usb=()",
    ),
    (header::CACHE_CONTROL, "no-store"),
];

/// The middleware; see [`crate::dress`].
pub(crate) async fn headers(State(site): State<Site>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let targets = response.extensions_mut().remove::<FormTarget>();
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy(targets.as_ref())) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if site.config().transport == Transport::Tls {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    add_vary(headers);
    response
}

fn policy(targets: Option<&FormTarget>) -> String {
    let mut form_action = String::from("'self'");
    for origin in targets.map_or(&[][..], |targets| &targets.0).iter().filter(|origin| is_origin(origin)) {
        form_action.push(' ');
        form_action.push_str(origin);
    }
    format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; \
         form-action {form_action}; frame-ancestors 'none'; base-uri 'none'"
    )
}

/// `scheme://host[:port]` and nothing that could end the directive or widen it.
fn is_origin(text: &str) -> bool {
    let Some((scheme, host)) = text.split_once("://") else { return false };
    matches!(scheme, "https" | "http")
        && !host.is_empty()
        && host.len() <= 260
        && host.bytes().all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b))
}

/// A page depends on the cookie (language, session) and on the browser's language.
fn add_vary(headers: &mut HeaderMap) {
    if !headers.contains_key(header::VARY) {
        headers.insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language, Cookie"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_only_ourselves_and_checked_targets() {
        assert_eq!(
            policy(None),
            "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; \
             form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        );
        let targets = FormTarget(
            [
                "https://e.example.se",
                "http://127.0.0.1:8420",
                "*",
                "https://*",
                "https://a; script-src *",
                "javascript://x",
                "https://a b",
                "'unsafe-inline'",
            ]
            .map(str::to_owned)
            .into(),
        );
        let with = policy(Some(&targets));
        assert!(
            with.contains("form-action 'self' https://e.example.se http://127.0.0.1:8420; frame"),
            "{with}"
        );
    }
}
