//! What somebody typed, as it came: bounded, free of control characters, kept for showing again.

use std::fmt;

/// The answers of one form, in the order in which they came.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Answers(Vec<(String, String)>);

/// The body is no form of ours: too many fields or control characters in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the form cannot be read: too many fields, or control characters in one")]
pub struct Unreadable;

/// More fields than any form of ours has.
const MAX_FIELDS: usize = 300;

impl Answers {
    /// Nothing typed yet.
    pub const fn empty() -> Self {
        Self(Vec::new())
    }

    /// From decoded pairs. Line ends of every kind become `\n` (HTML sends CR LF, and CR counts as one; HTML §4.10.22.4).
    ///
    /// # Errors
    /// [`Unreadable`] for more than 300 fields or a control character other than tab and line ends.
    pub fn from_pairs(pairs: Vec<(String, String)>) -> Result<Self, Unreadable> {
        let clean = |text: &str| text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t'));
        if pairs.len() > MAX_FIELDS || !pairs.iter().all(|(name, value)| clean(name) && clean(value)) {
            return Err(Unreadable);
        }
        let pairs =
            pairs.into_iter().map(|(name, value)| (name, value.replace("\r\n", "\n").replace('\r', "\n")));
        Ok(Self(pairs.collect()))
    }

    /// The first answer of that name as typed; empty if there is none.
    pub fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or_default()
    }

    /// The first answer without white space around it; `None` if nothing is left.
    pub fn filled(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|text| !text.is_empty())
    }

    /// The answer if it was given exactly once: for tokens and ids, where two are a trick.
    pub fn only(&self, name: &str) -> Option<&str> {
        let mut all = self.all(name);
        let first = all.next();
        first.filter(|_| all.next().is_none())
    }

    /// Every answer of that name.
    pub fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let name = name.to_owned();
        self.0.iter().filter(move |(key, _)| *key == name).map(|(_, value)| value.as_str())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and answers, in the order in which they came.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether that choice was made.
    pub fn chose(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|given| given == value)
    }

    /// Takes every answer of that name away.
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(key, _)| key != name);
        self
    }

    /// Adds an answer, for forms that begin filled in.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.push((name.into(), value.into()));
        self
    }
}

/// Names only: what people type is theirs.
impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(pairs: &[(&str, &str)]) -> Result<Answers, Unreadable> {
        Answers::from_pairs(pairs.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect())
    }

    #[test]
    fn what_was_typed_stays_as_typed() {
        let a =
            answers(&[("a", " x "), ("b", "1"), ("b", "2"), ("t", "rad\r\nrad"), ("u", "\r\r\n")]).unwrap();
        assert_eq!((a.get("a"), a.filled("a"), a.only("a")), (" x ", Some("x"), Some(" x ")));
        assert_eq!((a.get("c"), a.filled("c"), a.only("b")), ("", None, None));
        assert!(a.chose("b", "2") && !a.chose("b", "3"));
        assert_eq!((a.get("t"), a.get("u")), ("rad\nrad", "\n\n"));
        assert_eq!(format!("{a:?}"), r#"["a", "b", "b", "t", "u"]"#);
        assert_eq!(format!("{:?}", a.without("b")), r#"["a", "t", "u"]"#);
    }

    #[test]
    fn control_characters_and_floods_are_refused() {
        assert_eq!(answers(&[("a", "x\0y")]), Err(Unreadable));
        assert_eq!(answers(&[("a\u{7f}", "x")]), Err(Unreadable));
        assert_eq!(answers(&vec![("a", "x"); 301]), Err(Unreadable));
    }
}
