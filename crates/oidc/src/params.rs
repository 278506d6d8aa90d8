//! Parameters of a request, read within bounds: each at most once (RFC 6749 §3.1), none too long.

use crate::Fault;
use std::collections::BTreeMap;

/// Parameters of one request.
const MOST: usize = 40;
/// All names and values, in bytes.
const ALL: usize = 16 * 1024;

/// Parameters by name. One sent without a value counts as not sent (RFC 6749 §3.1).
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Params(BTreeMap<String, String>);

/// Names only: values may be secrets.
impl std::fmt::Debug for Params {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl Params {
    /// # Errors
    /// `invalid_request` for a parameter sent twice, for too many or too long ones, and for control characters.
    pub fn parse(pairs: impl IntoIterator<Item = (String, String)>) -> Result<Self, Fault> {
        let mut params = BTreeMap::new();
        let (mut count, mut bytes) = (0, 0);
        for (name, value) in pairs {
            count += 1;
            bytes += name.len() + value.len();
            if count > MOST || bytes > ALL {
                return Err(Fault::request(
                    "Too many or too long parameters: at most 40, of 16 KiB together.",
                ));
            }
            if name.chars().chain(value.chars()).any(char::is_control) {
                return Err(Fault::request("A parameter holds control characters."));
            }
            if value.is_empty() {
                continue;
            }
            if params.insert(name, value).is_some() {
                return Err(Fault::request("A parameter was sent more than once."));
            }
        }
        Ok(Self(params))
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The parameter, or `invalid_request` with the sentence that names it.
    pub fn need(&self, name: &str, missing: &'static str) -> Result<&str, Fault> {
        self.get(name).ok_or(Fault::request(missing))
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Result<Params, Fault> {
        Params::parse(list.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())))
    }

    #[test]
    fn a_parameter_counts_once_and_an_empty_one_not_at_all() {
        let read = pairs(&[("a", "1"), ("b", "")]).unwrap();
        assert_eq!((read.get("a"), read.get("b")), (Some("1"), None));
        assert!(pairs(&[("a", "1"), ("a", "2")]).is_err());
        assert!(pairs(&[("a", "1\n2")]).is_err());
        assert!(pairs(&[("a", &"x".repeat(ALL))]).is_err());
        assert!(Params::parse((0..41).map(|n| (n.to_string(), "x".to_owned()))).is_err());
        assert!(!format!("{read:?}").contains('1'));
    }
}
