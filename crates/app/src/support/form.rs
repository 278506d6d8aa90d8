//! The form of a look-up: the code as it was read out, and why it is looked up.

use crate::refusal::FieldFault;
use activity::Reference;

/// Longest reason in characters.
pub const REASON_LIMIT: usize = 300;
/// As many digits in a row are a personal or telephone number, whatever stands between them.
const DIGITS_OF_A_NUMBER: usize = 10;

/// The fields as typed.
#[derive(Clone, Default)]
pub struct TypedLookup {
    pub code: String,
    pub reason: String,
}

/// What people type is theirs.
impl std::fmt::Debug for TypedLookup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TypedLookup(…)")
    }
}

/// A look-up that can be made.
#[derive(Clone)]
pub struct Lookup {
    /// `None`: what was typed is no code. It is told as one that leads to nothing.
    pub(super) reference: Option<Reference>,
    pub(super) reason: String,
}

impl std::fmt::Debug for Lookup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lookup").field("reference", &self.reference).finish_non_exhaustive()
    }
}

impl Lookup {
    /// Parses both fields and tells every fault at once.
    ///
    /// # Errors
    /// Every field that cannot be used, in the order of the form.
    pub fn parse(typed: &TypedLookup) -> Result<Self, Vec<FieldFault>> {
        let mut faults = Vec::new();
        if typed.code.trim().is_empty() {
            faults.push(FieldFault::new("code", "FIELD_MISSING"));
        }
        let reason = typed.reason.trim().to_owned();
        if reason.is_empty() {
            faults.push(FieldFault::new("reason", "FIELD_MISSING"));
        } else if reason.chars().count() > REASON_LIMIT {
            faults.push(FieldFault::new("reason", "TEXT_TOO_LONG"));
        } else if names_somebody(&reason) {
            faults.push(FieldFault::new("reason", "REASON_PERSONAL"));
        }
        if faults.is_empty() { Ok(Self { reference: typed.code.parse().ok(), reason }) } else { Err(faults) }
    }
}

/// A number or an address of a person: the reason is shown to others, and needs neither.
fn names_somebody(text: &str) -> bool {
    let mut digits = 0;
    for c in text.chars() {
        match c {
            '@' => return true,
            c if c.is_numeric() => digits += 1,
            ' ' | '-' | '+' | '/' | '(' | ')' | '\u{a0}' | '\u{2010}'..='\u{2015}' => {}
            _ => digits = 0,
        }
        if digits >= DIGITS_OF_A_NUMBER {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(code: &str, reason: &str) -> Vec<(&'static str, &'static str)> {
        match Lookup::parse(&TypedLookup { code: code.into(), reason: reason.into() }) {
            Ok(_) => Vec::new(),
            Err(faults) => faults.iter().map(|fault| (fault.field, fault.code)).collect(),
        }
    }

    #[test]
    fn a_code_and_a_reason_are_needed_and_the_reason_names_nobody() {
        assert_eq!(told("", " "), [("code", "FIELD_MISSING"), ("reason", "FIELD_MISSING")]);
        assert_eq!(told("7K2MQ-X94TD", "Ringer om felet 2026-11-28 kl. 14.30, ärende 2026-117"), []);
        for personal in [
            "199205052385",
            "19920505-2385 ringer",
            "920505 - 2385",
            "1992 05 05 23 85",
            "ring 070-123 45 67",
            "svara elin@post.example",
        ] {
            assert_eq!(told("7K2MQ-X94TD", personal), [("reason", "REASON_PERSONAL")], "{personal}");
        }
        assert_eq!(told("x", &"a".repeat(301)), [("reason", "TEXT_TOO_LONG")]);
        assert_eq!(told("x", &"å".repeat(300)), []);
    }

    #[test]
    fn a_code_is_taken_as_it_is_heard_and_a_garbled_one_is_no_fault_of_the_form() {
        let code = |text: &str| {
            let typed = TypedLookup { code: text.into(), reason: "Ringer".into() };
            Lookup::parse(&typed).unwrap().reference.map(|code| code.to_string())
        };
        for heard in ["70110-X94TD", "7oilO x94td", " 7 O I L 0 – X 9 4 T D "] {
            assert_eq!(code(heard).as_deref(), Some("70110-X94TD"), "{heard}");
        }
        for garbled in ["7K2MQ", "7K2MQ-X94TU", "7K2MQ-X94TD-1", "åäö", &"7".repeat(65)] {
            assert_eq!(code(garbled), None, "{garbled}");
        }
    }
}
