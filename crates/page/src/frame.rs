//! The frame around every page: title, skip link, installation, mark of the environment, language
//! switch, for whom one acts, when the session ends, heading, foot.
//!
//! askama's `extends` works only inside one crate, so that a page is a frame and a body template. No name
//! of a party stands in `<title>`: titles go into histories and shared screens.

mod view;

use askama::Template;
use axum::response::{Html, IntoResponse, Response};
use bytes::Bytes;
use domain::Instant;
use futures_util::{Stream, StreamExt, stream};
use http::header;
use std::time::Duration;

use crate::{
    FormGuard, Lang, Problem, Site, Tr, assets,
    problem::codes,
    security::{FormTarget, Rendered},
};

/// For whom somebody acts; decides tint, symbol and words of the bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActingKind {
    /// For oneself.
    Myself,
    /// For an organisation by mandate.
    Organisation,
    /// For another person, as deputy or by mandate.
    Person,
    /// In a role at the agency itself.
    Agency,
}

impl ActingKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Myself => "myself",
            Self::Organisation => "organisation",
            Self::Person => "person",
            Self::Agency => "agency",
        }
    }
}

/// The bar that always shows for whom one acts (*Du företräder …*).
#[derive(Debug, Clone)]
pub struct Acting {
    pub kind: ActingKind,
    pub name: String,
    /// An organisation number, already in the form NNNNNN-NNNN. Never a personal number.
    pub number: Option<String>,
    /// The role in words, from the catalogue.
    pub role: Option<String>,
    /// Where to change party; none when there is only one.
    pub switch: Option<String>,
}

/// The session as its owner sees it.
#[derive(Debug, Clone)]
pub struct SessionLine {
    /// When it ends if nothing is done.
    pub ends_at: Instant,
    /// When it ends whatever is done; as early as `ends_at` when it can be extended no more.
    pub ends_last: Instant,
    /// By how much renewing extends it.
    pub idle: Duration,
    /// `POST` here renews it: with `stay=1` answer 204 (the page and what was typed stay as they are),
    /// else 303 to `return`.
    pub renew: &'static str,
    /// `POST` of a form that survives here keeps what was typed and does nothing else: where the script sends it when
    /// time has run out.
    pub keep: &'static str,
    /// `POST` here ends it.
    pub logout: &'static str,
    pub guard: FormGuard,
}

/// The page shows what its visitor typed earlier and could not send.
#[derive(Debug, Clone)]
pub struct KeptLine {
    /// Until when it can be taken up.
    pub until: Instant,
    /// `POST` here takes it away, and leads back to the page.
    pub drop: &'static str,
    pub guard: FormGuard,
}

/// One entry of the navigation under the header.
#[derive(Debug, Clone)]
pub struct NavItem {
    pub label: String,
    pub href: String,
}

/// A page but for its body.
#[derive(Debug, Clone)]
pub struct Frame {
    site: Site,
    tr: Tr,
    title: String,
    here: String,
    in_error: Option<String>,
    back: Option<(String, String)>,
    refresh: Option<(u32, String)>,
    nav: Vec<NavItem>,
    acting: Option<Acting>,
    session: Option<SessionLine>,
    kept: Option<KeptLine>,
    form_targets: Vec<String>,
    script: Option<&'static str>,
    wide: Option<&'static str>,
}

impl Frame {
    pub(crate) fn new(site: Site, lang: Lang, title: String, here: String) -> Self {
        Self {
            tr: site.tr(lang),
            site,
            title,
            here,
            in_error: None,
            back: None,
            refresh: None,
            nav: Vec::new(),
            acting: None,
            session: None,
            kept: None,
            form_targets: Vec::new(),
            script: None,
            wide: None,
        }
    }

    pub fn tr(&self) -> &Tr {
        &self.tr
    }

    /// Another heading in the same frame.
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    pub fn acting(mut self, acting: Acting) -> Self {
        self.acting = Some(acting);
        self
    }

    pub fn session(mut self, session: SessionLine) -> Self {
        self.session = Some(session);
        self
    }

    /// Tells below the heading that the form is filled with what was typed earlier.
    pub fn kept(mut self, kept: KeptLine) -> Self {
        self.kept = Some(kept);
        self
    }

    /// The navigation; the entry that the visitor stands on or below is marked.
    pub fn nav(mut self, items: impl IntoIterator<Item = NavItem>) -> Self {
        self.nav = items.into_iter().collect();
        self
    }

    /// A link above the heading to where one came from.
    pub fn back(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.back = Some((label.into(), href.into()));
        self
    }

    /// The form comes back with mistakes: the title says so first, for those who hear it read.
    pub fn in_error(mut self) -> Self {
        self.in_error = Some(self.tr.get("page-title-error"));
        self
    }

    /// Loads the page anew, or another one, after so many seconds, without JavaScript.
    pub fn refresh(mut self, seconds: u32, path: impl Into<String>) -> Self {
        self.refresh = Some((seconds, path.into()));
        self
    }

    /// Lets a form of this page end, after redirects, at another origin (`https://host[:port]`), which
    /// the caller has checked against its register. Chromium and Safari hold the whole chain of
    /// redirects against `form-action`.
    pub fn form_target(mut self, origin: impl Into<String>) -> Self {
        self.form_targets.push(origin.into());
        self
    }

    /// Loads the one script also where no session is shown: the page of the QR code wants it.
    pub fn with_script(mut self) -> Self {
        self.script = Some(assets::script());
        self
    }

    /// Room for tables instead of a line length made for reading.
    pub fn wide(mut self) -> Self {
        self.wide = Some("wide");
        self
    }

    /// The whole page, status 200; for another status answer with `(status, frame.render(&body))`.
    pub fn render(&self, body: &impl Template) -> Response {
        match body.render().and_then(|body| Ok(format!("{}{body}{}", self.top()?, self.bottom()?))) {
            Ok(html) => self.dressed(Html(html).into_response()),
            Err(error) => {
                tracing::error!(%error, "a page could not be rendered");
                Problem::of(&codes::OUR_FAULT).into_response()
            }
        }
    }

    /// A page that stays open: everything up to `first` goes out at once, then each piece of HTML of the
    /// stream as it comes, and the foot at the end. The pieces must be escaped already: render templates.
    /// Do not compress such a page, and end it yourself: nothing here stops a stream that never ends.
    pub fn stream<S>(&self, first: &impl Template, pieces: S) -> Response
    where
        S: Stream<Item = String> + Send + 'static,
    {
        let (top, foot) = match (first.render().and_then(|first| Ok(self.top()? + &first)), self.bottom()) {
            (Ok(top), Ok(foot)) => (top, foot),
            (Err(error), _) | (_, Err(error)) => {
                tracing::error!(%error, "a page could not be rendered");
                return Problem::of(&codes::OUR_FAULT).into_response();
            }
        };
        let all = stream::once(async { top }).chain(pieces).chain(stream::once(async { foot }));
        let body = axum::body::Body::from_stream(
            all.map(|piece| Ok::<_, std::convert::Infallible>(Bytes::from(piece))),
        );
        let mut response = Html(body).into_response();
        // nginx and its kin collect a response unless told not to.
        response.headers_mut().insert("x-accel-buffering", http::HeaderValue::from_static("no"));
        self.dressed(response)
    }

    fn dressed(&self, mut response: Response) -> Response {
        let tag = http::HeaderValue::from_static(self.tr.lang().tag());
        response.headers_mut().insert(header::CONTENT_LANGUAGE, tag);
        response.extensions_mut().insert(Rendered);
        if !self.form_targets.is_empty() {
            response.extensions_mut().insert(FormTarget(self.form_targets.clone()));
        }
        response
    }
}
