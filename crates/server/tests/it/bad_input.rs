//! `docs/bad-input.md`, row by row, against the real binary: the status, the code, and that nothing was changed.

mod employer;
mod officers;
mod provider;
mod strangers;

use crate::support::Browser;
use crate::support::browser::Page;

/// What a browser adds to a form of our own page.
const OWN: [(&str, &str); 2] = [("accept", "text/html"), ("sec-fetch-site", "same-origin")];
const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// The two hidden fields of this browser's forms, as any of its pages shows them.
fn guard(browser: &mut Browser) -> Vec<(String, String)> {
    let (_, fields) = browser.get("/logout").form("/logout");
    fields.into_iter().filter(|(name, _)| name == "csrf" || name == "party").collect()
}

/// Sends fields with the hidden ones; redirects are not followed.
fn send(browser: &mut Browser, path: &str, typed: &[(&str, &str)]) -> Page {
    let guard = guard(browser);
    let hidden = guard.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields = hidden.chain(typed.iter().copied()).collect::<Vec<_>>();
    browser.post_once(path, &fields)
}

/// A body as it is, to a page of ours.
fn raw(browser: &mut Browser, path: &str, kind: &str, body: impl Into<Vec<u8>>) -> Page {
    browser.exactly("POST", path, &[OWN[0], OWN[1], ("content-type", kind)], body)
}

/// Fields with one of them replaced, or left out if the new value is empty.
fn with<'f>(fields: &[(&'f str, &'f str)], name: &'f str, value: &'f str) -> Vec<(&'f str, &'f str)> {
    let kept = fields.iter().copied().filter(|(had, _)| *had != name);
    kept.chain((!value.is_empty()).then_some((name, value))).collect()
}
