//! The statement of accessibility (*tillgänglighetsredogörelse*, lag 2018:1937 13 §).
//!
//! What it says about tests comes from `assessed.json`, which the walk through every page writes (`npm run
//! accessibility` in `e2e`) and compares with on every later run: the statement cannot promise more than was seen.

use std::sync::LazyLock;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use page::{Tr, Visit};
use serde::Deserialize;

use crate::asking::Perhaps;
use crate::content::frame;
use crate::hall::Hall;
use crate::offer::spoken;

static ASSESSED: LazyLock<Option<Assessed>> =
    LazyLock::new(|| serde_json::from_str(include_str!("../assessed.json")).ok());

/// What the last walk through all pages found.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Assessed {
    /// The day, UTC.
    assessed: Date,
    /// Pages that were looked at, each as somebody who sees it.
    pages: u32,
    passed: Passed,
}

/// Pages without a finding, by what was tried, in the order in which the statement lists it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Passed {
    axe: u32,
    keyboard: u32,
    without_script: u32,
    reflow: u32,
    text_spacing: u32,
    target_size: u32,
    dark: u32,
    forced_colours: u32,
    reduced_motion: u32,
    print: u32,
    languages: u32,
}

impl Passed {
    fn listed(&self) -> [(&'static str, u32); 11] {
        [
            ("accessibility-check-axe", self.axe),
            ("accessibility-check-keyboard", self.keyboard),
            ("accessibility-check-without-script", self.without_script),
            ("accessibility-check-reflow", self.reflow),
            ("accessibility-check-text-spacing", self.text_spacing),
            ("accessibility-check-target-size", self.target_size),
            ("accessibility-check-dark", self.dark),
            ("accessibility-check-forced-colours", self.forced_colours),
            ("accessibility-check-reduced-motion", self.reduced_motion),
            ("accessibility-check-print", self.print),
            ("accessibility-check-languages", self.languages),
        ]
    }
}

#[derive(Template)]
#[template(path = "content/accessibility.html")]
struct Statement<'a> {
    tr: &'a Tr,
    lead: String,
    assessment: Option<Assessment>,
}

/// The tests as the reader sees them.
struct Assessment {
    says: String,
    checks: Vec<Check>,
}

struct Check {
    what: String,
    result: String,
}

impl Assessment {
    fn told(assessed: &Assessed, tr: &Tr) -> Self {
        let checks = assessed.passed.listed().map(|(key, passed)| Check {
            what: tr.get(key),
            result: tr.with(
                "accessibility-check-result",
                &[("passed", passed.into()), ("pages", assessed.pages.into())],
            ),
        });
        let says = tr.with(
            "accessibility-tested-says",
            &[("day", tr.day(assessed.assessed).into()), ("pages", assessed.pages.into())],
        );
        Self { says, checks: checks.into() }
    }
}

pub(crate) async fn show(State(hall): State<Hall>, visit: Visit, perhaps: Perhaps) -> Response {
    let agency = hall.app.settings().agency_name.get(spoken(visit.lang()));
    let body = Statement {
        tr: &visit.tr,
        lead: visit.tr.with("accessibility-lead", &[("agency", agency.into())]),
        assessment: ASSESSED.as_ref().map(|assessed| Assessment::told(assessed, &visit.tr)),
    };
    frame(&visit, &perhaps, visit.tr.get("accessibility-title")).render(&body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_has_an_assessment_that_no_check_exceeds() {
        let assessed = ASSESSED.as_ref().expect("assessed.json is readable");
        assert!(assessed.pages >= 80, "{} pages", assessed.pages);
        for (key, passed) in assessed.passed.listed() {
            assert!(passed <= assessed.pages, "{key}");
        }
    }
}
