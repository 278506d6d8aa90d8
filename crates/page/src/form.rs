//! Forms: reading what was posted, showing it again with what is wrong, and the parts a form is made of.
//!
//! Every part is a small template that writes itself into another one with `{{ field }}`. Labels, hints
//! and errors are finished texts: Fluent's or the catalogue's. What was typed is kept (WCAG 2.2 SC 3.3.7),
//! errors are named in text beside the field and in a summary (SC 3.3.1, 3.3.3).

mod answers;
mod choice;
mod confirm;
mod field;
pub(crate) mod guard;
mod mistakes;
mod posted;

pub use answers::{Answers, Unreadable};
pub use choice::{Check, Checks, Choice, Radios, Select};
pub use confirm::{Buttons, Confirm, Fact, Facts};
pub use field::{FileField, InputMode, TextArea, TextField, Width};
pub use guard::{FormGuard, GuardRefused, token};
pub use mistakes::{ErrorSummary, Mistakes};
pub use posted::{MAX_FILE, MAX_FILES, MAX_FORM, Posted, Upload};

use crate::Tr;

/// A form in the making: the texts, what was typed, and what is wrong with it.
///
/// ```text
/// let form = Form::new(&tr, &answers, &mistakes);
/// let name = form.text("workplace", tr.get("employer-workplace")).hint(tr.get("employer-workplace-hint"));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Form<'a> {
    tr: &'a Tr,
    answers: &'a Answers,
    mistakes: &'a Mistakes,
}

impl<'a> Form<'a> {
    pub fn new(tr: &'a Tr, answers: &'a Answers, mistakes: &'a Mistakes) -> Self {
        Self { tr, answers, mistakes }
    }

    /// The summary to put first in the form; shows nothing when nothing is wrong.
    pub fn summary(&self) -> ErrorSummary {
        self.mistakes.summary(self.tr)
    }

    /// A line of text.
    pub fn text(&self, name: &'static str, label: impl Into<String>) -> TextField {
        TextField::new(name, label.into(), self.answers.get(name), self.error(name), self.tr)
    }

    /// A day, typed as text: native date fields hide the format and fail some readers.
    pub fn day(&self, name: &'static str, label: impl Into<String>) -> TextField {
        self.text(name, label)
            .format(self.tr.get("form-day-format"))
            .input_mode(InputMode::Numeric)
            .width(Width::Short)
            .max_length(20)
    }

    /// Several lines of text.
    pub fn area(&self, name: &'static str, label: impl Into<String>) -> TextArea {
        TextArea::new(name, label.into(), self.answers.get(name), self.error(name), self.tr)
    }

    /// One of a few, all visible.
    pub fn radios(&self, name: &'static str, label: impl Into<String>, choices: Vec<Choice>) -> Radios {
        Radios::new(name, label.into(), choices, self.answers, self.error(name), self.tr)
    }

    /// Any of a few.
    pub fn checks(&self, name: &'static str, label: impl Into<String>, choices: Vec<Choice>) -> Checks {
        Checks::new(name, label.into(), choices, self.answers, self.error(name), self.tr)
    }

    /// One box with its own sentence; posted as `name=yes`.
    pub fn check(&self, name: &'static str, label: impl Into<String>) -> Check {
        Check::new(name, label.into(), self.answers, self.error(name), self.tr)
    }

    /// One of many.
    pub fn select(&self, name: &'static str, label: impl Into<String>, choices: Vec<Choice>) -> Select {
        Select::new(name, label.into(), choices, self.answers, self.error(name), self.tr)
    }

    /// A file to send. The form needs `enctype="multipart/form-data"`.
    pub fn file(&self, name: &'static str, label: impl Into<String>) -> FileField {
        FileField::new(name, label.into(), self.error(name), self.tr)
    }

    /// The button that sends the form; its words are a verb ("Skicka rapporten").
    pub fn buttons(&self, verb: impl Into<String>) -> Buttons {
        Buttons::new(verb)
    }

    fn error(&self, name: &str) -> Option<String> {
        self.mistakes.of(name).map(str::to_owned)
    }
}

/// The `id` of a field, for labels and for links of the summary.
pub(crate) fn field_id(name: &str) -> String {
    format!("f-{name}")
}

/// What `aria-describedby` of a field says, in the order in which it is to be read; empty for nothing.
fn described(id: &str, hint: Option<&String>, format: Option<&String>, error: Option<&String>) -> String {
    [("hint", hint), ("format", format), ("error", error)]
        .into_iter()
        .filter(|(_, text)| text.is_some())
        .map(|(end, _)| format!("{id}-{end}"))
        .collect::<Vec<_>>()
        .join(" ")
}
