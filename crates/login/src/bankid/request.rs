//! What we ask of BankID: the bodies of `/auth`, `/sign`, `/collect` and `/cancel`
//! (Relying Party API v6.0), each within the provider's limits by construction.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Serialize;
use std::net::IpAddr;

use crate::text::{TextFormat, VisibleText};

/// The highest risk that an order may have; a higher one blocks it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum HighestRisk {
    Low,
    Moderate,
}

/// Where a card's security code is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CardReader {
    /// On the keyboard.
    Class1,
    /// On the reader; to be combined with a card policy.
    Class2,
}

/// What the e-ID and its holder must meet. Only what is `Some` or non-empty is sent.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Requirement {
    /// Twelve digits; only that person can complete the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub personal_number: Option<ProtectedText>,
    /// `true` forces the security code instead of biometrics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pin_code: Option<bool>,
    /// `true` demands a reading of the passport's or identity card's chip.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mrtd: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_reader: Option<CardReader>,
    /// Object identifiers; given any, the provider's default list is dropped.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub certificate_policies: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub risk: Option<HighestRisk>,
}

/// A text whose Debug shows nothing.
#[derive(Clone, Serialize)]
#[serde(transparent)]
pub struct ProtectedText(String);

impl ProtectedText {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl std::fmt::Debug for ProtectedText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProtectedText(…)")
    }
}

/// The browser that starts the app, for the provider's risk engine.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Web {
    #[serde(skip_serializing_if = "Option::is_none")]
    referring_domain: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_identifier: Option<String>,
}

impl Web {
    /// Too long a header is cut (256 characters), a domain out of 3–253 characters and a device identifier
    /// over 64 are left out: they are hints, and the order must not fail on them.
    pub fn new(domain: &str, user_agent: Option<&str>, device: &str) -> Self {
        let printable =
            |text: &str| -> String { text.chars().filter(|c| !c.is_control()).take(256).collect() };
        Self {
            referring_domain: (3..=253).contains(&domain.len()).then(|| domain.to_owned()),
            user_agent: user_agent.map(printable).filter(|text| !text.is_empty()),
            device_identifier: (1..=64).contains(&device.len()).then(|| device.to_owned()),
        }
    }
}

/// Bytes that are signed but not shown (*userNonVisibleData*): at most 1 500 after base64, the tighter limit
/// of identification, which is enough for both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NonVisible(Vec<u8>);

impl NonVisible {
    pub const MOST_BYTES: usize = 1_125;

    /// `None` if it is empty or too long.
    pub fn new(bytes: Vec<u8>) -> Option<Self> {
        (1..=Self::MOST_BYTES).contains(&bytes.len()).then_some(Self(bytes))
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// An order of identification (`/auth`) or signature (`/sign`); the call decides which.
#[derive(Debug, Clone)]
pub struct OrderRequest {
    /// The person's address as seen at our edge.
    pub end_user_ip: IpAddr,
    /// Demanded at signature by the provider and at identification by us: it names the service.
    pub visible: VisibleText,
    pub non_visible: Option<NonVisible>,
    /// 1–512 characters.
    pub return_url: Option<String>,
    pub requirement: Requirement,
    pub web: Option<Web>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    end_user_ip: String,
    user_visible_data: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_visible_data_format: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_non_visible_data: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    return_url: Option<&'a str>,
    /// Always asked for: we refuse `high` ourselves.
    return_risk: bool,
    requirement: &'a Requirement,
    #[serde(skip_serializing_if = "Option::is_none")]
    web: Option<&'a Web>,
}

impl OrderRequest {
    pub(crate) fn body(&self) -> Result<Vec<u8>, serde_json::Error> {
        serde_json::to_vec(&Body {
            end_user_ip: self.end_user_ip.to_canonical().to_string(),
            user_visible_data: STANDARD.encode(self.visible.as_bytes()),
            user_visible_data_format: match self.visible.format() {
                TextFormat::Plain => None,
                TextFormat::SimpleMarkdown => Some("simpleMarkdownV1"),
            },
            user_non_visible_data: self.non_visible.as_ref().map(|data| STANDARD.encode(data.as_bytes())),
            return_url: self.return_url.as_deref(),
            return_risk: true,
            requirement: &self.requirement,
            web: self.web.as_ref(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_what_the_interface_describes() {
        let request = OrderRequest {
            end_user_ip: "::ffff:192.0.2.7".parse().unwrap(),
            visible: VisibleText::for_login("Hej å", TextFormat::SimpleMarkdown).unwrap(),
            non_visible: NonVisible::new(b"{}".to_vec()),
            return_url: Some("https://e.example.se/r?n=1".into()),
            requirement: Requirement {
                personal_number: Some(ProtectedText::new("191212121212")),
                certificate_policies: vec!["1.2.752.78.1.5".into()],
                risk: Some(HighestRisk::Moderate),
                card_reader: Some(CardReader::Class2),
                pin_code: Some(true),
                mrtd: None,
            },
            web: Some(Web::new("e.example.se", Some("Agent\r\n"), "ab")),
        };
        let body: serde_json::Value = serde_json::from_slice(&request.body().unwrap()).unwrap();
        assert_eq!(
            body,
            serde_json::json!({
                "endUserIp": "192.0.2.7",
                "userVisibleData": "SGVqIMOl",
                "userVisibleDataFormat": "simpleMarkdownV1",
                "userNonVisibleData": "e30=",
                "returnUrl": "https://e.example.se/r?n=1",
                "returnRisk": true,
                "requirement": {
                    "personalNumber": "191212121212", "pinCode": true, "cardReader": "class2",
                    "certificatePolicies": ["1.2.752.78.1.5"], "risk": "moderate"
                },
                "web": {"referringDomain": "e.example.se", "userAgent": "Agent", "deviceIdentifier": "ab"}
            })
        );
        assert!(!format!("{request:?}").contains("1212"), "no personal number in Debug");
    }

    #[test]
    fn hints_out_of_bounds_are_left_out() {
        let web = Web::new("x", Some(&"a".repeat(1000)), &"d".repeat(65));
        let json = serde_json::to_value(web).unwrap();
        assert_eq!(json, serde_json::json!({"userAgent": "a".repeat(256)}));
        assert!(NonVisible::new(vec![0; 1_126]).is_none() && NonVisible::new(vec![]).is_none());
    }
}
