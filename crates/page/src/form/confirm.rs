//! The page before an act: what will happen, with whom, and one button that carries the verb.
//!
//! There is no dialogue box and no "OK": the confirmation is a page of its own, which works without
//! JavaScript and can be read, printed and left.

use askama::Template;

use super::FormGuard;
use crate::html_safe;

/// One line of a list of facts.
#[derive(Debug, Clone)]
pub struct Fact {
    pub term: String,
    pub value: String,
    /// A link beside it, such as "Ändra" on a page of review: label and address.
    pub link: Option<(String, String)>,
}

/// A list of facts: terms and what they are.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "facts.html")]
pub struct Facts {
    facts: Vec<Fact>,
}
html_safe!(Facts);

impl Facts {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn fact(mut self, term: impl Into<String>, value: impl Into<String>) -> Self {
        self.facts.push(Fact { term: term.into(), value: value.into(), link: None });
        self
    }

    pub fn fact_with_link(
        mut self,
        term: impl Into<String>,
        value: impl Into<String>,
        link: (impl Into<String>, impl Into<String>),
    ) -> Self {
        let link = Some((link.0.into(), link.1.into()));
        self.facts.push(Fact { term: term.into(), value: value.into(), link });
        self
    }
}

/// The button that sends a form, and the way out.
#[derive(Debug, Clone, Template)]
#[template(path = "buttons.html")]
pub struct Buttons {
    verb: String,
    kind: &'static str,
    cancel: Option<(String, String)>,
}
html_safe!(Buttons);

impl Buttons {
    pub fn new(verb: impl Into<String>) -> Self {
        Self { verb: verb.into(), kind: "primary", cancel: None }
    }

    /// The act takes something away.
    pub fn danger(mut self) -> Self {
        self.kind = "danger";
        self
    }

    /// Label and address of the way out.
    pub fn cancel(mut self, label: impl Into<String>, href: impl Into<String>) -> Self {
        self.cancel = Some((label.into(), href.into()));
        self
    }
}

/// The body of a page of confirmation.
#[derive(Debug, Clone, Template)]
#[template(path = "confirm.html")]
pub struct Confirm {
    /// What will happen, in one or two sentences.
    pub effect: String,
    pub facts: Facts,
    /// Where the form goes.
    pub action: String,
    pub guard: FormGuard,
    /// Further hidden fields.
    pub hidden: Vec<(String, String)>,
    pub buttons: Buttons,
}
html_safe!(Confirm);
