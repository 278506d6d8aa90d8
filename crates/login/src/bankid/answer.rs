//! What BankID answers, parsed once at the edge. Unknown fields are tolerated, unknown codes survive, and
//! whatever later reaches an address or a log is of a harmless form.

use serde::Deserialize;
use std::fmt;

use super::codes::{FailedHint, PendingHint};
use crate::secret::Secret;

/// The provider's name of an order (a UUID): at most 64 letters, digits and hyphens.
#[derive(Clone, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrderRef(String);

/// The text is no reference or token of the provider's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("1–64 letters, digits and hyphens are expected")]
pub struct BadToken;

fn token(text: String) -> Result<String, BadToken> {
    let harmless = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if harmless && (1..=64).contains(&text.len()) { Ok(text) } else { Err(BadToken) }
}

impl TryFrom<String> for OrderRef {
    type Error = BadToken;
    fn try_from(text: String) -> Result<Self, BadToken> {
        token(text).map(Self)
    }
}

impl From<OrderRef> for String {
    fn from(order: OrderRef) -> String {
        order.0
    }
}

impl OrderRef {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for OrderRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The answer to `/auth` and `/sign`.
#[derive(Debug, Clone)]
pub struct Started {
    pub order_ref: OrderRef,
    pub auto_start_token: Secret,
    pub qr_start_token: Secret,
    pub qr_start_secret: Secret,
}

impl Started {
    /// # Errors
    /// [`BadAnswer`] unless all four are references or tokens of a harmless form.
    pub fn parse(body: &[u8]) -> Result<Self, BadAnswer> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire {
            order_ref: String,
            auto_start_token: String,
            qr_start_token: String,
            qr_start_secret: String,
        }
        let wire: Wire = serde_json::from_slice(body).map_err(|_| BadAnswer)?;
        let secret = |text| token(text).map(Secret::new).map_err(|_| BadAnswer);
        Ok(Self {
            order_ref: OrderRef::try_from(wire.order_ref).map_err(|_| BadAnswer)?,
            auto_start_token: secret(wire.auto_start_token)?,
            qr_start_token: secret(wire.qr_start_token)?,
            qr_start_secret: secret(wire.qr_start_secret)?,
        })
    }
}

/// The provider's answer does not have the form that its interface describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer does not have the form of the Relying Party API v6.0")]
pub struct BadAnswer;

/// The answer to `/collect`.
#[derive(Debug)]
pub enum Collected {
    Pending(PendingHint),
    Failed(FailedHint),
    Complete(Box<Completed>),
}

/// A completed order, as received and **not yet verified**: it proves nothing.
pub struct Completed {
    pub(crate) order_ref: OrderRef,
    pub(crate) personal_number: Secret,
    pub(crate) signature: String,
    pub(crate) ocsp_response: String,
    pub(crate) risk: Option<String>,
    pub(crate) device_ip: Option<String>,
    /// The whole answer, byte for byte.
    pub(crate) answer: Vec<u8>,
}

impl fmt::Debug for Completed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Completed").field("order_ref", &self.order_ref).finish_non_exhaustive()
    }
}

impl Collected {
    /// # Errors
    /// [`BadAnswer`] for an unknown status, and for a completion that is not whole.
    pub fn parse(body: Vec<u8>) -> Result<Self, BadAnswer> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire {
            status: String,
            hint_code: Option<String>,
        }
        let wire: Wire = serde_json::from_slice(&body).map_err(|_| BadAnswer)?;
        let hint = wire.hint_code.unwrap_or_default();
        match wire.status.as_str() {
            "pending" => Ok(Self::Pending(PendingHint::parse(&hint))),
            "failed" => Ok(Self::Failed(FailedHint::parse(&hint))),
            "complete" => Completed::parse(body).map(|done| Self::Complete(Box::new(done))),
            _ => Err(BadAnswer),
        }
    }
}

impl Completed {
    /// Reads an answer to `/collect` with status `complete`: from the provider, or from the evidence store
    /// when somebody wants it verified again.
    pub fn parse(answer: Vec<u8>) -> Result<Self, BadAnswer> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Wire {
            order_ref: String,
            status: String,
            completion_data: Data,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Data {
            user: User,
            #[serde(default)]
            device: Device,
            signature: String,
            ocsp_response: String,
            risk: Option<String>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct User {
            personal_number: String,
        }
        #[derive(Deserialize, Default)]
        #[serde(rename_all = "camelCase")]
        struct Device {
            ip_address: Option<String>,
        }
        let wire: Wire = serde_json::from_slice(&answer).map_err(|_| BadAnswer)?;
        if wire.status != "complete" {
            return Err(BadAnswer);
        }
        Ok(Self {
            order_ref: OrderRef::try_from(wire.order_ref).map_err(|_| BadAnswer)?,
            personal_number: Secret::new(wire.completion_data.user.personal_number),
            signature: wire.completion_data.signature,
            ocsp_response: wire.completion_data.ocsp_response,
            risk: wire.completion_data.risk,
            device_ip: wire.completion_data.device.ip_address,
            answer,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_fields_and_codes_are_tolerated() {
        let body = br#"{"orderRef":"a-1","status":"pending","hintCode":"userDances","new":{"x":[1]}}"#;
        let Collected::Pending(hint) = Collected::parse(body.to_vec()).unwrap() else { panic!("pending") };
        assert_eq!(hint, PendingHint::Other("userDances".into()));
        // A pending order without a hint code is in progress.
        assert!(matches!(
            Collected::parse(br#"{"orderRef":"a-1","status":"pending"}"#.to_vec()),
            Ok(Collected::Pending(PendingHint::Other(_)))
        ));
    }

    #[test]
    fn the_newest_and_oldest_completion_data_are_read() {
        let body = r#"{"orderRef":"a-1","status":"complete","completionData":{"user":{"personalNumber":"191212121212",
            "name":"N","givenName":"G","surname":"S"},"device":{"ipAddress":"192.0.2.1"},"bankIdIssueDate":"2020-02-01Z",
            "stepUp":{"mrtd":true},"signature":"cw==","ocspResponse":"bw==","risk":"low","quantum":1}}"#;
        let Collected::Complete(done) = Collected::parse(body.into()).unwrap() else { panic!("complete") };
        assert_eq!(done.answer, body.as_bytes(), "byte for byte");
        assert!(!format!("{done:?}").contains("1212"));
        let old = r#"{"orderRef":"a","status":"complete","completionData":{"user":{"personalNumber":"1"},
            "signature":"","ocspResponse":""}}"#;
        assert!(Completed::parse(old.into()).is_ok(), "form only; verification refuses it");
    }

    #[test]
    fn garbage_is_refused() {
        for body in [
            "",
            "null",
            "[]",
            "<html>",
            r#"{"status":"complete","orderRef":"a"}"#,
            r#"{"status":"done"}"#,
            r#"{"status":1}"#,
            r#"{"status":"complete","orderRef":"../x","completionData":{"user":{"personalNumber":"1"},"signature":"","ocspResponse":""}}"#,
        ] {
            assert!(Collected::parse(body.into()).is_err(), "{body}");
        }
        let start = |reference: &str, token: &str| {
            let body = serde_json::json!({"orderRef": reference, "autoStartToken": token,
                "qrStartToken": "c", "qrStartSecret": "d"});
            Started::parse(body.to_string().as_bytes())
        };
        assert!(start("a", "b").is_ok());
        for bad in ["", "b&redirect=https://evil.example", "b c", "b\"", &"b".repeat(65)] {
            assert!(start("a", bad).is_err(), "{bad}");
            assert!(start(bad, "b").is_err(), "{bad}");
        }
        assert!(Started::parse(br#"{"orderRef":"a"}"#).is_err());
    }
}
