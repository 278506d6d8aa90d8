//! The two languages of every page, and how a visitor's is found.
//!
//! Order: what the visitor chose (cookie `lang`), then the browser's `Accept-Language` (RFC 9110
//! §12.5.4), then Swedish, the agencies' language (Språklagen 2009:600 §10).

pub use catalogue::Lang;
use http::{HeaderMap, header};

use crate::cookie::Cookies;

/// The cookie that keeps a visitor's choice; strictly necessary, so no consent is asked
/// (lag 2022:482 om elektronisk kommunikation, 9 kap. 28 §).
pub const LANG_COOKIE: &str = "lang";

/// The language's name in itself.
pub(crate) const fn own_name(lang: Lang) -> &'static str {
    match lang {
        Lang::Sv => "Svenska",
        Lang::En => "English",
    }
}

/// The one that the language switch offers.
pub(crate) const fn other(lang: Lang) -> Lang {
    match lang {
        Lang::Sv => Lang::En,
        Lang::En => Lang::Sv,
    }
}

/// The language of a request.
pub fn negotiate(headers: &HeaderMap, cookies: Cookies) -> Lang {
    cookies
        .read(headers, LANG_COOKIE)
        .and_then(Lang::from_tag)
        .or_else(|| accepted(headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?))
        .unwrap_or_default()
}

/// The best of our languages in an `Accept-Language` value; at most 20 ranges are read.
/// Norwegian and Danish readers get Swedish, which they read better than most read English.
fn accepted(value: &str) -> Option<Lang> {
    let mut best: Option<(u16, Lang)> = None;
    for range in value.split(',').take(20) {
        let mut parts = range.trim().split(';');
        let primary = parts.next()?.split('-').next()?.trim().to_ascii_lowercase();
        let lang = match primary.as_str() {
            "sv" | "nb" | "nn" | "no" | "da" => Lang::Sv,
            "en" => Lang::En,
            _ => continue,
        };
        let weight = parts.find_map(|p| p.trim().strip_prefix("q=")).map_or(1000, thousandths);
        if weight > 0 && best.is_none_or(|(w, _)| weight > w) {
            best = Some((weight, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

/// A quality value such as `0.8` in thousandths; anything else counts as 0, "not acceptable".
fn thousandths(text: &str) -> u16 {
    text.trim().parse::<f32>().ok().filter(|q| (0.0..=1.0).contains(q)).map_or(0, |q| (q * 1000.0) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Transport;

    fn negotiated(pairs: &[(&'static str, &'static str)]) -> Lang {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        negotiate(&headers, Cookies::new(Transport::PlainLoopback))
    }

    #[test]
    fn the_cookie_wins_over_the_browser_and_swedish_is_the_rest() {
        assert_eq!(negotiated(&[]), Lang::Sv);
        assert_eq!(negotiated(&[("accept-language", "en-GB,en;q=0.9,sv;q=0.8")]), Lang::En);
        assert_eq!(negotiated(&[("accept-language", "en;q=0.3, sv-SE")]), Lang::Sv);
        assert_eq!(negotiated(&[("accept-language", "de, fr;q=0.5")]), Lang::Sv);
        assert_eq!(negotiated(&[("accept-language", "en;q=0, de")]), Lang::Sv);
        assert_eq!(negotiated(&[("accept-language", "da, en;q=0.5")]), Lang::Sv);
        assert_eq!(negotiated(&[("accept-language", "en"), ("cookie", "lang=sv")]), Lang::Sv);
        assert_eq!(negotiated(&[("accept-language", "en"), ("cookie", "lang=xx")]), Lang::En);
        assert_eq!(negotiated(&[("accept-language", ";;;q=,,,;q=nan")]), Lang::Sv);
    }
}
