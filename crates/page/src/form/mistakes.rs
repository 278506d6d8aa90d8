//! What is wrong with a form, and the summary that leads to each field.

use askama::Template;

use super::field_id;
use crate::{Tr, html_safe};

/// What is wrong, field by field, in the order of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mistakes(Vec<Mistake>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Mistake {
    field: String,
    /// Stands before the text in the summary, where the field is out of sight.
    label: Option<String>,
    text: String,
}

impl Mistakes {
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// A finished text that says which field, what is wrong and how to mend it.
    pub fn add(&mut self, field: impl Into<String>, text: impl Into<String>) {
        self.0.push(Mistake { field: field.into(), label: None, text: text.into() });
    }

    /// By a stable code such as `IDENT_CHECKSUM`; its text has the key `fault-ident-checksum`. The label of
    /// the field stands before it in the summary.
    pub fn add_code(&mut self, field: impl Into<String>, label: impl Into<String>, code: &str, tr: &Tr) {
        let key = format!("fault-{}", code.to_ascii_lowercase().replace('_', "-"));
        let text = if tr.has(&key) {
            tr.get(&key)
        } else {
            tracing::error!(code, "a fault has no text");
            tr.with("fault-other", &[("code", code.into())])
        };
        self.0.push(Mistake { field: field.into(), label: Some(label.into()), text });
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first mistake of a field.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|mistake| mistake.field == field).map(|mistake| mistake.text.as_str())
    }

    /// The summary; it takes the focus when the page opens.
    pub fn summary(&self, tr: &Tr) -> ErrorSummary {
        let item = |mistake: &Mistake| {
            let apart = |label: &String| if label.ends_with(['?', '.', ':']) { " " } else { ": " };
            let label =
                mistake.label.as_ref().map(|label| format!("{label}{}", apart(label))).unwrap_or_default();
            (field_id(&mistake.field), format!("{label}{}", mistake.text))
        };
        ErrorSummary { title: tr.get("form-summary"), items: self.0.iter().map(item).collect() }
    }
}

/// The box at the top of a form with mistakes; writes nothing when there are none.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r##"{% if !items.is_empty() %}
<div class="message-box message-box--error summary" role="alert" aria-labelledby="summary-title" tabindex="-1" autofocus>
<div class="message-box__content"><h2 class="message-box__heading" id="summary-title">{{ title }}</h2>
<ul>
{% for (id, text) in items %}
<li><a href="#{{ id }}">{{ text }}</a></li>
{% endfor %}
</ul></div></div>
{% endif %}"##
)]
pub struct ErrorSummary {
    title: String,
    items: Vec<(String, String)>,
}
html_safe!(ErrorSummary);
