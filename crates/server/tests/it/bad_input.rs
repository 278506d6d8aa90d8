//! `docs/bad-input.md`, row by row, against the real binary: the status, the code, and that nothing was changed.

mod authzen;
mod clients;
mod clock;
mod employer;
mod flapping;
mod flood;
mod officers;
mod oidc_back;
mod oidc_front;
mod own;
mod protected;
mod provider;
mod requests;
mod strangers;
mod support;

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

/// The committed table holds every noun that it is to hold, and no failure of our own.
#[test]
fn the_table_is_whole() {
    let text = include_str!("../../../../docs/bad-input.md");
    let rows =
        text.lines().filter(|line| line.starts_with("| ") && line.contains(".rs::")).collect::<Vec<_>>();
    for noun in [
        "invitation code: malformed",
        "invitation code: used by another person",
        "reference code: malformed",
        "reason: a personal number",
        "session cookie: malformed",
        "session cookie: of a session that was ended",
        "session to end: another person's",
        "form to keep: of a session that was ended",
        "receipt: of another person's act",
        "logged_out cookie: malformed",
        "browser cookie: of nobody",
        "order cookie: malformed",
        "lang cookie",
        "QR text: of another provider",
        "QR text: replayed",
        "personal number: a wrong check digit",
        "party in the path: malformed",
        "party in a form: another than the visit's",
        "body: larger than a form",
        "body: JSON",
        "another browser's order, approved",
        "provider: 500",
        "provider: eight seconds late",
        "provider comes and goes: ",
        "flood: a login",
        "flood: a pushed request",
        "provider lies: wrong_signature",
        "answer, above one's own",
        "answer: to oneself",
        "answer: after one's own end",
        "answer: two administrators at once",
        "ask: by the only administrator",
        "redirect: a foreign site",
        "state: ",
        "nonce: ",
        "request_uri: expired",
        "request_uri: replayed",
        "request_uri: of another client",
        "request object: of the future",
        "code: malformed",
        "code: replayed",
        "code: expired",
        "code: of another client",
        "verifier: another",
        "assertion: replayed",
        "assertion: valid in the future",
        "assertion: for another issuer",
        "access token: expired",
        "access token: altered",
        "next: a foreign site",
        "protected data: by an officer without the right",
        "protected data: no reason",
        "protected data: a number of nobody",
        "question: about another service",
        "question: about another visitor",
        "question: a name that is malformed",
        "catalogue: an unknown key",
        "catalogue file: a rule about another service's permissions",
        "confirmation of a catalogue file: after another change",
        "`serve`: an unknown key",
    ] {
        assert!(rows.iter().any(|row| row.starts_with(&format!("| {noun}"))), "{noun}");
    }
    for row in rows {
        let cells = row.trim_matches('|').split(" | ").collect::<Vec<_>>();
        assert_eq!(cells.len(), 5, "{row}");
        // The e-ID's provider, a full disk, a wrong clock.
        let not_ours = ["BEH-1108", "BEH-5104", "BEH-5105"].iter().any(|code| cells[3].contains(code));
        assert!(cells[2] != "500" && (cells[2] != "503" || not_ours), "{row}");
    }
}

/// What watches over answers and logs sees what it is for.
#[test]
fn the_watch_is_awake() {
    use crate::support::table::unquiet;
    for line in ["thread 'x' panicked at y", "from 199205052385", "the key s3cr3t-of-a-session"] {
        assert_eq!(
            unquiet(&format!("INFO a\nINFO {line}\n"), &["s3cr3t-of-a-session".to_owned()]).len(),
            1,
            "{line}"
        );
    }
    assert!(
        unquiet("INFO a problem was shown code=\"BEH-3105\"", &["s3cr3t-of-a-session".to_owned()]).is_empty()
    );
}
