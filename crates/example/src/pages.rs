//! What the visitor sees: plain pages in Swedish and English, without JavaScript.

use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};

pub const STYLE: &str = ":root{color-scheme:light dark;font:1.125rem/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}\
a{color:LinkText}\
body{max-width:40rem;margin:0 auto;padding:1rem}\
button{font:inherit;padding:.6rem 1.2rem;margin:.25rem .5rem .25rem 0}\
.links a,.acting a{display:inline-block;padding:.3rem 1rem .3rem 0}\
.acting{border-bottom:2px solid;padding-bottom:.5rem}";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    Sv,
    En,
}

impl Lang {
    /// As the browser prefers. Swedish is the language of the agency.
    pub fn of(headers: &HeaderMap) -> Self {
        let wanted =
            headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match (wanted.find("en"), wanted.find("sv")) {
            (Some(en), sv) if sv.is_none_or(|sv| en < sv) => Self::En,
            _ => Self::Sv,
        }
    }

    pub fn say<'a>(self, sv: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Sv => sv,
            Self::En => en,
        }
    }
}

/// Text as HTML: what comes from elsewhere must not become markup.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A whole page. `head` stands above the heading: for whom one is here. `issuer`: our forms may end there.
pub fn page(status: StatusCode, lang: Lang, issuer: &str, title: &str, head: &str, body: &str) -> Response {
    let (code, service) = (lang.say("sv", "en"), lang.say("Exempeltjänsten", "The example service"));
    let html = format!(
        "<!doctype html><html lang=\"{code}\"><head><meta charset=\"utf-8\"><title>{title} – {service}</title>\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><link rel=\"icon\" href=\"data:,\">\
         <link rel=\"stylesheet\" href=\"/style.css\"></head><body>{head}<main><h1>{title}</h1>{body}</main></body></html>"
    );
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self' {issuer}; frame-ancestors 'none'; base-uri 'none'"
    );
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy.as_str()),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, Html(html)).into_response()
}
