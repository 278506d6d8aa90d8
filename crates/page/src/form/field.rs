//! Fields that are typed into: one line, several lines, a file.

use askama::Template;

use super::{described, field_id};
use crate::{Tr, html_safe};

/// Which keyboard a telephone shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputMode {
    Numeric,
    Tel,
    Email,
}

impl InputMode {
    const fn tag(self) -> &'static str {
        match self {
            Self::Numeric => "numeric",
            Self::Tel => "tel",
            Self::Email => "email",
        }
    }
}

/// How wide a field is: its width says how much is expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// A number, a date, a code.
    Short,
    /// A personal or organisation number, a telephone number.
    Medium,
    /// A name, an address.
    Full,
}

impl Width {
    const fn tag(self) -> &'static str {
        match self {
            Self::Short => " width-short",
            Self::Medium => " width-medium",
            Self::Full => "",
        }
    }
}

/// Head of a field: label, hint, format, error. Shared by all kinds.
#[derive(Debug, Clone, Template)]
#[template(path = "field_head.html")]
pub(super) struct Head {
    pub id: String,
    pub label: String,
    pub optional: Option<String>,
    pub hint: Option<String>,
    pub format: Option<String>,
    pub error: Option<String>,
    pub error_prefix: String,
    optional_word: String,
}
html_safe!(Head);

impl Head {
    pub fn new(id: String, label: String, error: Option<String>, tr: &Tr) -> Self {
        Self {
            id,
            label,
            optional: None,
            hint: None,
            format: None,
            error,
            error_prefix: tr.get("form-error-prefix"),
            optional_word: tr.get("form-optional"),
        }
    }

    /// Fields are demanded unless they say otherwise.
    pub fn set_optional(&mut self) {
        self.optional = Some(self.optional_word.clone());
    }

    pub fn described(&self) -> String {
        described(&self.id, self.hint.as_ref(), self.format.as_ref(), self.error.as_ref())
    }
}

/// A line of text.
#[derive(Debug, Clone, Template)]
#[template(path = "field_text.html")]
pub struct TextField {
    head: Head,
    name: &'static str,
    value: String,
    kind: &'static str,
    autocomplete: Option<&'static str>,
    input_mode: Option<InputMode>,
    max_length: u16,
    width: Width,
}
html_safe!(TextField);

impl TextField {
    pub(super) fn new(
        name: &'static str,
        label: String,
        value: &str,
        error: Option<String>,
        tr: &Tr,
    ) -> Self {
        Self {
            head: Head::new(field_id(name), label, error, tr),
            name,
            value: value.to_owned(),
            kind: "text",
            autocomplete: None,
            input_mode: None,
            max_length: 200,
            width: Width::Full,
        }
    }

    /// What helps to answer, before the field.
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.head.hint = Some(text.into());
        self
    }

    /// How the answer is written ("ÅÅÅÅ-MM-DD").
    pub fn format(mut self, text: impl Into<String>) -> Self {
        self.head.format = Some(text.into());
        self
    }

    /// May be left empty; the label says so.
    pub fn optional(mut self) -> Self {
        self.head.set_optional();
        self
    }

    /// The purpose of the field in the words of the HTML standard (WCAG 2.2 SC 1.3.5): `name`, `email`,
    /// `tel`, `organization`; `off` for numbers of other people.
    pub fn autocomplete(mut self, purpose: &'static str) -> Self {
        self.autocomplete = Some(purpose);
        self
    }

    pub fn input_mode(mut self, mode: InputMode) -> Self {
        self.input_mode = Some(mode);
        self
    }

    /// Longest value the browser takes, in UTF-16 units; the handler checks again. 200 unless told.
    pub fn max_length(mut self, length: u16) -> Self {
        self.max_length = length;
        self
    }

    pub fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    /// A secret that is not shown while it is typed, and not shown again.
    pub fn password(mut self) -> Self {
        self.kind = "password";
        self.value.clear();
        self
    }
}

/// Several lines of text.
#[derive(Debug, Clone, Template)]
#[template(path = "field_area.html")]
pub struct TextArea {
    head: Head,
    name: &'static str,
    value: String,
    rows: u8,
    max_length: u16,
}
html_safe!(TextArea);

impl TextArea {
    pub(super) fn new(
        name: &'static str,
        label: String,
        value: &str,
        error: Option<String>,
        tr: &Tr,
    ) -> Self {
        let head = Head::new(field_id(name), label, error, tr);
        Self { head, name, value: value.to_owned(), rows: 5, max_length: 2000 }
    }

    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.head.hint = Some(text.into());
        self
    }

    pub fn optional(mut self) -> Self {
        self.head.set_optional();
        self
    }

    pub fn rows(mut self, rows: u8) -> Self {
        self.rows = rows;
        self
    }

    /// 2000 UTF-16 units unless told.
    pub fn max_length(mut self, length: u16) -> Self {
        self.max_length = length;
        self
    }
}

/// A file to send.
#[derive(Debug, Clone, Template)]
#[template(path = "field_file.html")]
pub struct FileField {
    head: Head,
    name: &'static str,
    accept: &'static str,
}
html_safe!(FileField);

impl FileField {
    pub(super) fn new(name: &'static str, label: String, error: Option<String>, tr: &Tr) -> Self {
        let mut head = Head::new(field_id(name), label, error, tr);
        head.format = Some(tr.get("form-file-format"));
        Self { head, name, accept: ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg" }
    }

    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.head.hint = Some(text.into());
        self
    }

    pub fn optional(mut self) -> Self {
        self.head.set_optional();
        self
    }

    /// Other kinds than PDF, PNG and JPEG, with their own words.
    pub fn accept(mut self, kinds: &'static str, words: impl Into<String>) -> Self {
        self.accept = kinds;
        self.head.format = Some(words.into());
        self
    }
}
