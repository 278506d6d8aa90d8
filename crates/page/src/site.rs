//! What is the same on every page of an installation, and what a request brings with it.

use std::sync::Arc;

use app::App;
use app::problems::Shown;
use axum::extract::{FromRef, FromRequestParts, OriginalUri};
use domain::{Clock, Entropy, Instant};
use http::{HeaderMap, Method, header, request::Parts};

use crate::{Contact, Cookies, Frame, Lang, Texts, Tr, Transport, lang::negotiate, local_path};

/// A name that is not Fluent's: it comes from configuration or the catalogue, in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    pub sv: String,
    pub en: String,
}

impl Words {
    pub fn new(sv: impl Into<String>, en: impl Into<String>) -> Self {
        Self { sv: sv.into(), en: en.into() }
    }

    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Sv => &self.sv,
            Lang::En => &self.en,
        }
    }
}

/// Which world the installation lives in (*miljö*). Marked on every page, by words and by tint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// Invented people, simulated e-IDs.
    Demo,
    /// Tests by the agency and its partners.
    Test,
    /// The real thing: no mark.
    Production,
}

impl Environment {
    /// Class name and the end of the text key; `None` where no mark is shown.
    pub const fn mark(self) -> Option<&'static str> {
        match self {
            Self::Demo => Some("demo"),
            Self::Test => Some("test"),
            Self::Production => None,
        }
    }
}

/// A link whose words are a text key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextLink {
    pub key: &'static str,
    pub href: String,
}

/// The foot of every page: help, accessibility statement (lag 2018:1937, 13 §), terms, cookies.
pub fn standard_footer() -> Vec<TextLink> {
    [
        ("page-footer-help", "/help"),
        ("page-footer-accessibility", "/accessibility"),
        ("page-footer-terms", "/terms"),
        ("page-footer-cookies", "/cookies"),
    ]
    .map(|(key, href)| TextLink { key, href: href.to_owned() })
    .into()
}

/// What the server hands in when it starts.
#[derive(Debug, Clone)]
pub struct SiteConfig {
    /// The installation's name, as in the header and the titles.
    pub name: Words,
    pub environment: Environment,
    pub transport: Transport,
    /// The origins that browsers may reach this listener by, such as `https://e.example.se`: exact,
    /// without a final slash. For the check of `Origin`.
    pub origins: Vec<String>,
    pub texts: Arc<Texts>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    /// Whom to ask when nothing closer is known.
    pub support: Vec<Contact>,
    /// Usually [`standard_footer`].
    pub footer: Vec<TextLink>,
}

/// The installation as the pages see it: cheap to clone, a part of the router's state.
#[derive(Debug, Clone)]
pub struct Site(Arc<SiteConfig>, Option<App>);

impl Site {
    pub fn new(config: SiteConfig) -> Self {
        Self(Arc::new(config), None)
    }

    /// Problems that are shown are noted there, so that their codes lead to their causes.
    pub fn noting_in(self, app: App) -> Self {
        Self(self.0, Some(app))
    }

    pub(crate) fn note(&self, shown: Shown) {
        if let Some(app) = &self.1 {
            app.note_shown(shown);
        }
    }

    pub fn tr(&self, lang: Lang) -> Tr {
        self.0.texts.tr(lang)
    }

    pub fn now(&self) -> Instant {
        self.0.clock.now()
    }

    pub fn cookies(&self) -> Cookies {
        Cookies::new(self.0.transport)
    }

    /// A frame outside a request, for tests and for pages made ahead.
    pub fn frame(&self, lang: Lang, title: impl Into<String>, here: &str) -> Frame {
        Frame::new(self.clone(), lang, title.into(), local_path(here).unwrap_or("/").to_owned())
    }

    /// A reference code (*referenskod*) for what has no record: the same form as the log's, noted with its page and found
    /// in the technical log. 50 random bits, no letters that are mistaken for digits.
    pub(crate) fn reference(&self) -> String {
        const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let mut bytes = [0; 10];
        self.0.entropy.fill(&mut bytes);
        let mut text: String = bytes
            .iter()
            .map(|byte| char::from(LETTERS.get(usize::from(byte % 32)).copied().unwrap_or(b'0')))
            .collect();
        text.insert(5, '-');
        text
    }

    /// Path and query of the page of ours that a request says it came from.
    fn came_from<'h>(&self, headers: &'h HeaderMap) -> Option<&'h str> {
        let referer = headers.get(header::REFERER)?.to_str().ok()?;
        self.0.origins.iter().find_map(|origin| local_path(referer.strip_prefix(origin.as_str())?))
    }

    pub(crate) fn config(&self) -> &SiteConfig {
        &self.0
    }
}

/// What every page handler starts from: the visitor's language, the texts, and where the visitor is.
/// An extractor for every state that a [`Site`] can be taken from; it never refuses.
#[derive(Debug, Clone)]
pub struct Visit {
    pub site: Site,
    pub tr: Tr,
    /// Path and query to come back to, safe to put into a link. For anything but GET it is the page of ours
    /// that the request came from, if the browser says so, else the path alone.
    pub here: String,
    pub now: Instant,
}

impl Visit {
    pub fn lang(&self) -> Lang {
        self.tr.lang()
    }

    /// The frame of a page with this heading, which is also its title.
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        Frame::new(self.site.clone(), self.lang(), title.into(), self.here.clone())
    }

    pub fn cookies(&self) -> Cookies {
        self.site.cookies()
    }

    pub(crate) fn of(site: &Site, parts: &Parts) -> Self {
        let lang = negotiate(&parts.headers, site.cookies());
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        let here = match parts.method {
            Method::GET => uri.path_and_query().map_or("/", |path| path.as_str()),
            _ => site.came_from(&parts.headers).unwrap_or(uri.path()),
        };
        let here = local_path(here).unwrap_or("/").to_owned();
        Self { site: site.clone(), tr: site.tr(lang), here, now: site.now() }
    }
}

impl<S> FromRequestParts<S> for Visit
where
    Site: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        Ok(Visit::of(&Site::from_ref(state), parts))
    }
}
