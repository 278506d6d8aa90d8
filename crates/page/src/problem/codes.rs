//! Every problem that a page can show: stable code, status, the name of its texts, the way on.
//!
//! Texts: `problem-NAME` (what happened, as heading), `problem-NAME-what`, `problem-NAME-do`. Codes are
//! never given a new meaning: 11xx login (the outcomes of every e-ID), 12xx session, 21xx access,
//! 31xx request, 32xx state, 51xx machinery.

/// The one primary way on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the chooser of login methods.
    Login,
    /// To the first page.
    Start,
    /// The same address again.
    Again,
    /// To the chooser of parties.
    Party,
}

impl Way {
    /// Text key of the label, and the address; none for "again", which is where the visitor stands.
    pub const fn link(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Login => ("way-login", Some("/login")),
            Self::Start => ("way-start", Some("/")),
            Self::Again => ("way-again", None),
            Self::Party => ("way-party", Some("/party")),
        }
    }
}

/// A row of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    pub name: &'static str,
    pub way: Way,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $constant:ident = $code:literal $status:literal $name:literal $way:ident;)*) => {
        $($(#[$doc])* pub static $constant: Kind =
            Kind { code: $code, status: $status, name: $name, way: Way::$way };)*
        /// All rows, in the order of their codes.
        pub static ALL: &[&Kind] = &[$(&$constant),*];
    };
}

kinds! {
    /// The person cancelled in the app.
    LOGIN_CANCELLED = "BEH-1101" 403 "login-cancelled" Login;
    /// Another login for the same person took its place, or the provider cancelled.
    LOGIN_REPLACED = "BEH-1102" 409 "login-replaced" Login;
    /// Time ran out, or the app was never started.
    LOGIN_EXPIRED = "BEH-1103" 410 "login-expired" Login;
    /// This e-ID cannot be used here: blocked, too old, too low, wrong issuer.
    ID_UNUSABLE = "BEH-1104" 403 "id-unusable" Login;
    /// App or device too old.
    APP_TOO_OLD = "BEH-1105" 403 "app-too-old" Login;
    /// Stopped for security. No detail is given.
    RISK_BLOCKED = "BEH-1106" 403 "risk-blocked" Start;
    /// Somebody else identified than who is logged in.
    WRONG_PERSON = "BEH-1107" 403 "wrong-person" Start;
    /// The provider does not answer or answers with errors.
    PROVIDER_DOWN = "BEH-1108" 503 "provider-down" Login;
    /// We asked wrongly.
    LOGIN_OUR_FAULT = "BEH-1109" 500 "login-our-fault" Login;
    /// Begun in one browser, finished in another.
    OTHER_BROWSER = "BEH-1110" 403 "other-browser" Login;
    /// Signature, chain, status or nonce of the answer do not hold.
    EVIDENCE_REFUSED = "BEH-1111" 403 "evidence-refused" Login;
    /// The method is not offered here, not yet or no longer.
    METHOD_NOT_OFFERED = "BEH-1112" 403 "method-not-offered" Login;
    /// The login or signature has been used once already.
    LOGIN_USED = "BEH-1113" 410 "login-used" Login;
    /// Identified, but no authority anywhere here (R-002-07, R-000-09).
    NO_AUTHORITY = "BEH-1114" 403 "no-authority" Start;
    /// No session.
    LOGIN_NEEDED = "BEH-1201" 403 "login-needed" Login;
    /// The session has ended.
    SESSION_ENDED = "BEH-1202" 403 "session-ended" Login;
    /// The decision says no; each broken link is shown.
    NO_ACCESS = "BEH-2101" 403 "no-access" Start;
    /// Form or link made for another party.
    WRONG_PARTY = "BEH-2102" 409 "wrong-party" Party;
    /// The same, with the party's name.
    WRONG_PARTY_NAMED = "BEH-2103" 409 "wrong-party-named" Party;
    /// Form without a token of this session.
    FORGED = "BEH-3101" 403 "forged" Again;
    /// Request from a page that is not ours.
    FOREIGN_ORIGIN = "BEH-3102" 403 "foreign-origin" Start;
    /// The request cannot be understood.
    UNREADABLE = "BEH-3103" 400 "unreadable" Start;
    /// Understood, but some answers cannot be used, and there is no form to show them in.
    INVALID = "BEH-3104" 422 "invalid" Again;
    /// No such page, or none that this person may know of.
    NOT_FOUND = "BEH-3105" 404 "not-found" Start;
    /// The page is there, but not for this kind of request.
    WRONG_METHOD = "BEH-3106" 405 "wrong-method" Start;
    /// Body, file or field too large.
    TOO_LARGE = "BEH-3107" 413 "too-large" Again;
    /// A body or file of a type that is not taken.
    BAD_TYPE = "BEH-3108" 415 "bad-type" Again;
    /// Too many requests from one place.
    TOO_MANY = "BEH-3109" 429 "too-many" Again;
    /// The request took too long to arrive.
    TOO_SLOW = "BEH-3110" 408 "too-slow" Again;
    /// An e-service sent its visitor here with a request that cannot be carried out.
    CLIENT_WRONG = "BEH-3111" 400 "client-wrong" Start;
    /// It was here and is no longer: a used link, an ended case.
    GONE = "BEH-3201" 410 "gone" Start;
    /// Somebody else was faster.
    CONFLICT = "BEH-3202" 409 "conflict" Again;
    /// It cannot be done as things stand, and the text says why.
    CONFLICT_NAMED = "BEH-3203" 409 "conflict-named" Start;
    /// This node cannot confirm that it knows the latest changes; it rather says no.
    STALE = "BEH-5101" 503 "stale" Again;
    /// Our fault.
    OUR_FAULT = "BEH-5102" 500 "our-fault" Again;
    /// Too much to do just now, or a part is away; nothing was done.
    BUSY = "BEH-5103" 503 "busy" Again;
    /// The store has no room; nothing was done, and what was done before can be read.
    FULL = "BEH-5104" 503 "full" Again;
    /// The clock of this node cannot be trusted; it rather says no.
    CLOCK = "BEH-5105" 503 "clock" Again;
}

/// The row for a bare status, such as the router and the extractors give.
pub fn of_status(status: u16) -> &'static Kind {
    match status {
        403 => &NO_ACCESS,
        404 => &NOT_FOUND,
        405 => &WRONG_METHOD,
        408 => &TOO_SLOW,
        409 => &CONFLICT,
        410 => &GONE,
        413 => &TOO_LARGE,
        415 => &BAD_TYPE,
        422 => &INVALID,
        429 => &TOO_MANY,
        503 => &BUSY,
        400..500 => &UNREADABLE,
        _ => &OUR_FAULT,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Lang, Texts};

    #[test]
    fn codes_are_unique_and_every_text_exists_in_both_languages() {
        let texts = Texts::new(&[]).unwrap();
        let mut codes: Vec<_> = ALL.iter().map(|kind| kind.code).collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), ALL.len());
        for kind in ALL {
            for lang in Lang::ALL {
                for end in ["", "-what", "-do"] {
                    let key = format!("problem-{}{end}", kind.name);
                    assert!(texts.tr(lang).has(&key), "{key} {lang:?}");
                }
                assert!(texts.tr(lang).has(kind.way.link().0), "{:?}", kind.way);
            }
        }
    }
}
