//! Small parts of pages that are no forms: notices and badges. Colour never speaks alone: each carries a
//! symbol or words of its own (WCAG 2.2 SC 1.4.1).

use askama::Template;

use crate::html_safe;

/// What a notice or a badge is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Info,
    Success,
    Warning,
    Error,
}

impl Tone {
    const fn tag(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A box with a heading of level two and a text.
#[derive(Debug, Clone, Template)]
#[template(path = "notice.html")]
pub struct Notice {
    tone: Tone,
    heading: String,
    text: String,
    link: Option<(String, String)>,
    live: Option<&'static str>,
}
html_safe!(Notice);

impl Notice {
    pub fn new(tone: Tone, heading: impl Into<String>, text: impl Into<String>) -> Self {
        Self { tone, heading: heading.into(), text: text.into(), link: None, live: None }
    }

    /// One link below the text: label and address.
    pub fn link(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.link = Some((label.into(), href.into()));
        self
    }

    /// Says what just happened: read out when the page opens (WCAG 2.2 SC 4.1.3).
    pub fn just_happened(mut self) -> Self {
        self.live = Some("status");
        self
    }
}

/// A word or two that say in which state something is.
#[derive(Debug, Clone, Template)]
#[template(ext = "html", source = r#"<span class="badge badge--{{ tone }}">{{ text }}</span>"#)]
pub struct Badge {
    tone: &'static str,
    text: String,
}
html_safe!(Badge);

impl Badge {
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone: tone.tag(), text: text.into() }
    }

    /// Grey: neither good nor bad.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { tone: "default", text: text.into() }
    }
}
