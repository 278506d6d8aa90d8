//! Notices of the population register (*folkbokföringen*), read strictly: what is not exactly right is not taken at all.
//!
//! One answer of the register is `{"position": 7, "notices": [{"position": 7, "number": "…", "notice": "…"}]}`. Positions
//! are the register's own numbers, without gaps; `position` outside is that of the last notice in the answer, or the one
//! asked from when there are none. `docs/population-register.md` describes the whole exchange.

use ident::PersonalNumber;
use serde::Deserialize;
use store::protected::Form;

/// The most notices in one answer.
pub const MOST: usize = 100;

/// What the register tells of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    Protected(Form),
    /// The protection has ended.
    Lifted,
}

/// One notice.
#[derive(Debug, Clone)]
pub struct Notice {
    pub number: PersonalNumber,
    pub told: Told,
}

/// One answer of the register.
#[derive(Debug, Clone)]
pub struct Batch {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) notices: Vec<Notice>,
}

/// Why an answer is not taken. It says nothing of whom the answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadBatch {
    #[error("the register's answer is not of the form agreed on")]
    Form,
    #[error("the register's answer leaves out, repeats or reorders notices")]
    Order,
    #[error("the register's answer has a personal number that is none")]
    Number,
    #[error("the register's answer has a notice that this program does not know")]
    Unknown,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawBatch {
    position: u64,
    notices: Vec<RawNotice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNotice {
    position: u64,
    number: String,
    notice: String,
}

impl Batch {
    /// Reads the answer to "what came after `from`?".
    ///
    /// # Errors
    /// [`BadBatch`]; then nothing of the answer counts, and the register is asked again from the same place.
    pub fn parse(from: u64, body: &[u8]) -> Result<Self, BadBatch> {
        let raw: RawBatch = serde_json::from_slice(body).map_err(|_| BadBatch::Form)?;
        if raw.notices.len() > MOST {
            return Err(BadBatch::Form);
        }
        let mut at = from;
        let mut notices = Vec::new();
        for notice in raw.notices {
            if Some(notice.position) != at.checked_add(1) {
                return Err(BadBatch::Order);
            }
            at = notice.position;
            notices.push(Notice {
                number: PersonalNumber::parse(&notice.number).map_err(|_| BadBatch::Number)?,
                told: match notice.notice.as_str() {
                    "lifted" => Told::Lifted,
                    form => Told::Protected(form.parse().map_err(|_| BadBatch::Unknown)?),
                },
            });
        }
        // The store counts in signed numbers.
        if raw.position != at || i64::try_from(at).is_err() {
            return Err(BadBatch::Order);
        }
        Ok(Self { from, to: at, notices })
    }

    pub fn is_empty(&self) -> bool {
        self.notices.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published test number of the tax agency.
    const NUMBER: &str = "199001012385";

    fn parse(from: u64, body: &str) -> Result<Batch, BadBatch> {
        Batch::parse(from, body.replace("NUMBER", NUMBER).as_bytes())
    }

    #[test]
    fn what_the_register_agreed_on_is_read() {
        let notices = r#"{"position":5,"notices":[
            {"position":4,"number":"NUMBER","notice":"protected_registration"},
            {"position":5,"number":"NUMBER","notice":"lifted"}]}"#;
        let batch = parse(3, notices).unwrap();
        assert_eq!((batch.from, batch.to), (3, 5));
        let told: Vec<_> = batch.notices.iter().map(|notice| notice.told).collect();
        assert_eq!(told, [Told::Protected(Form::ProtectedRegistration), Told::Lifted]);
        assert!(parse(3, r#"{"position":3,"notices":[]}"#).unwrap().is_empty());
        assert!(!format!("{batch:?}").contains("2385"), "nothing prints a number");
    }

    #[test]
    fn anything_else_is_not_taken_at_all() {
        for (from, body, why) in [
            (0, "", BadBatch::Form),
            (0, "[]", BadBatch::Form),
            (0, r#"{"position":0}"#, BadBatch::Form),
            (0, r#"{"position":0,"notices":[],"more":true}"#, BadBatch::Form),
            (0, r#"{"position":-1,"notices":[]}"#, BadBatch::Form),
            (4, r#"{"position":3,"notices":[]}"#, BadBatch::Order),
            (
                0,
                r#"{"position":2,"notices":[{"position":2,"number":"NUMBER","notice":"lifted"}]}"#,
                BadBatch::Order,
            ),
            (
                1,
                r#"{"position":1,"notices":[{"position":1,"number":"NUMBER","notice":"lifted"}]}"#,
                BadBatch::Order,
            ),
            (
                0,
                r#"{"position":9,"notices":[{"position":1,"number":"NUMBER","notice":"lifted"}]}"#,
                BadBatch::Order,
            ),
            (
                0,
                r#"{"position":1,"notices":[{"position":1,"number":"199001012386","notice":"lifted"}]}"#,
                BadBatch::Number,
            ),
            (
                0,
                r#"{"position":1,"notices":[{"position":1,"number":"NUMBER","notice":"married"}]}"#,
                BadBatch::Unknown,
            ),
            (u64::MAX, r#"{"position":18446744073709551615,"notices":[]}"#, BadBatch::Order),
        ] {
            assert_eq!(parse(from, body).unwrap_err(), why, "{body}");
        }
        let many = r#"{"position":1,"number":"NUMBER","notice":"lifted"},"#.repeat(MOST + 1);
        let body = format!(r#"{{"position":1,"notices":[{}]}}"#, many.trim_end_matches(','));
        assert_eq!(parse(0, &body).unwrap_err(), BadBatch::Form);
    }
}
