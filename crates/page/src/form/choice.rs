//! Fields that are chosen from: radio buttons, boxes, a list.

use askama::Template;

use super::{Answers, field::Head, field_id};
use crate::{Tr, html_safe};

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// What the choice means, below its label.
    pub says: Option<String>,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), says: None }
    }

    pub fn says(mut self, text: impl Into<String>) -> Self {
        self.says = Some(text.into());
        self
    }
}

/// A choice with its place in the group: the first one carries the group's id, so that the link of the
/// error summary lands on it.
#[derive(Debug, Clone)]
struct Item {
    id: String,
    choice: Choice,
    chosen: Option<&'static str>,
}

fn items(name: &str, choices: Vec<Choice>, answers: &Answers) -> Vec<Item> {
    let id = |at| if at == 0 { field_id(name) } else { format!("{}-{}", field_id(name), at + 1) };
    let chosen = |choice: &Choice| answers.chose(name, &choice.value).then_some(" checked");
    let numbered = choices.into_iter().enumerate();
    numbered.map(|(at, choice)| Item { id: id(at), chosen: chosen(&choice), choice }).collect()
}

macro_rules! group {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $class:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Template)]
        #[template(path = "field_group.html")]
        pub struct $name {
            head: Head,
            name: &'static str,
            items: Vec<Item>,
            kind: &'static str,
            class: &'static str,
        }
        html_safe!($name);

        impl $name {
            pub(super) fn new(
                name: &'static str,
                label: String,
                choices: Vec<Choice>,
                answers: &Answers,
                error: Option<String>,
                tr: &Tr,
            ) -> Self {
                let head = Head::new(format!("{}-group", field_id(name)), label, error, tr);
                Self { head, name, items: items(name, choices, answers), kind: $kind, class: $class }
            }

            pub fn hint(mut self, text: impl Into<String>) -> Self {
                self.head.hint = Some(text.into());
                self
            }

            pub fn optional(mut self) -> Self {
                self.head.set_optional();
                self
            }
        }
    };
}

group!(
    /// One of a few.
    Radios, "radio", "radio-button"
);
group!(
    /// Any of a few.
    Checks, "checkbox", "checkbox"
);

/// One box with its own sentence.
#[derive(Debug, Clone, Template)]
#[template(path = "field_check.html")]
pub struct Check {
    head: Head,
    name: &'static str,
    chosen: Option<&'static str>,
}
html_safe!(Check);

impl Check {
    pub(super) fn new(
        name: &'static str,
        label: String,
        answers: &Answers,
        error: Option<String>,
        tr: &Tr,
    ) -> Self {
        let head = Head::new(field_id(name), label, error, tr);
        Self { head, name, chosen: answers.chose(name, "yes").then_some(" checked") }
    }

    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.head.hint = Some(text.into());
        self
    }
}

/// One of many.
#[derive(Debug, Clone, Template)]
#[template(path = "field_select.html")]
pub struct Select {
    head: Head,
    name: &'static str,
    choices: Vec<(Choice, Option<&'static str>)>,
    empty: String,
}
html_safe!(Select);

impl Select {
    pub(super) fn new(
        name: &'static str,
        label: String,
        choices: Vec<Choice>,
        answers: &Answers,
        error: Option<String>,
        tr: &Tr,
    ) -> Self {
        let head = Head::new(field_id(name), label, error, tr);
        let chosen = |choice: &Choice| answers.chose(name, &choice.value).then_some(" selected");
        let choices = choices.into_iter().map(|choice| (choice.clone(), chosen(&choice))).collect();
        Self { head, name, choices, empty: tr.get("form-select-empty") }
    }

    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.head.hint = Some(text.into());
        self
    }

    pub fn optional(mut self) -> Self {
        self.head.set_optional();
        self
    }
}
