//! What a relying party may send to `auth` and `sign`, read strictly.
//!
//! Limits as in the API's documentation, counted after base64. An unknown field, a wrong type or a value out of
//! bounds is `invalidParameters`: the real service refuses them too, and a client must learn it here.

use super::{error::ApiError, signature::Operation};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use std::net::IpAddr;

/// Longest base64 text of an identification, of both kinds.
const AUTH_TEXT: usize = 1_500;
const SIGN_VISIBLE: usize = 40_000;
const SIGN_NON_VISIBLE: usize = 200_000;
/// The largest body: a `sign` with both texts at their limits, and room for the rest.
pub const BODY_LIMIT: usize = 256 * 1024;

/// A checked order, as the relying party wants it. No Debug: it holds what no log may have.
#[derive(Clone)]
pub struct StartOrder {
    pub operation: Operation,
    pub end_user_ip: IpAddr,
    pub return_url: Option<String>,
    pub return_risk: bool,
    pub visible: Option<VisibleText>,
    /// base64 as it came.
    pub non_visible: Option<String>,
    pub requirement: Requirement,
}

/// The text for the user.
#[derive(Clone)]
pub struct VisibleText {
    /// As it came: this is what gets signed.
    pub base64: String,
    pub plain: String,
    pub format: TextFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFormat {
    Plain,
    SimpleMarkdownV1,
}

/// What must hold for the person and the BankID that completes the order.
#[derive(Clone, Default)]
pub struct Requirement {
    /// 12 digits.
    pub personal_number: Option<String>,
    pub pin_code: bool,
    pub mrtd: bool,
    pub policies: Vec<PolicyPattern>,
    /// The highest acceptable risk.
    pub risk: Option<Risk>,
}

/// The order's risk as BankID judges it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Risk {
    #[default]
    Low,
    Moderate,
    High,
}

impl Risk {
    /// Case does not matter: the issuer's own sample sends upper case, newer clients lower.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Low, Self::Moderate, Self::High].into_iter().find(|r| r.as_str().eq_ignore_ascii_case(text))
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Moderate => "moderate",
            Self::High => "high",
        }
    }
}

/// A policy identifier, or the beginning of some: `1.2.3.4.25`, `1.2.3.4.*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyPattern(String);

impl PolicyPattern {
    fn parse(text: &str) -> Option<Self> {
        let (stem, starred) = text.strip_suffix('*').map_or((text, false), |s| (s, true));
        let digits = stem.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        // One `*`, from the fifth character on, at the end.
        let long_enough = if starred { stem.len() >= 4 } else { stem.len() >= 3 };
        (digits && long_enough && text.len() <= 64).then(|| Self(text.to_owned()))
    }

    pub fn matches(&self, policy: &str) -> bool {
        match self.0.strip_suffix('*') {
            Some(stem) => policy.starts_with(stem),
            None => self.0 == policy,
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RawStart {
    end_user_ip: String,
    return_url: Option<String>,
    return_risk: Option<bool>,
    user_visible_data: Option<String>,
    user_visible_data_format: Option<String>,
    user_non_visible_data: Option<String>,
    requirement: Option<RawRequirement>,
    web: Option<RawWeb>,
    app: Option<RawApp>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RawRequirement {
    personal_number: Option<String>,
    pin_code: Option<bool>,
    mrtd: Option<bool>,
    card_reader: Option<String>,
    certificate_policies: Option<Vec<String>>,
    risk: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RawWeb {
    referring_domain: Option<String>,
    user_agent: Option<String>,
    device_identifier: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RawApp {
    app_identifier: Option<String>,
    #[serde(rename = "deviceOS")]
    device_os: Option<String>,
    device_model_name: Option<String>,
    device_identifier: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct RawReference {
    order_ref: String,
}

/// Reads the body of `collect` or `cancel`.
pub fn order_ref(body: &[u8]) -> Result<uuid::Uuid, ApiError> {
    let raw: RawReference = read(body)?;
    uuid::Uuid::try_parse(&raw.order_ref).map_err(|_| ApiError::invalid("Invalid field: orderRef"))
}

/// Reads the body of `auth` or `sign`.
pub fn start(operation: Operation, body: &[u8]) -> Result<StartOrder, ApiError> {
    let raw: RawStart = read(body)?;
    let end_user_ip = raw.end_user_ip.parse().map_err(|_| wrong("endUserIp"))?;
    if raw.web.is_some() && raw.app.is_some() {
        return Err(ApiError::invalid("Only one of web and app may be sent"));
    }
    if let Some(web) = &raw.web {
        length("web.referringDomain", web.referring_domain.as_deref(), 3, 253)?;
        length("web.userAgent", web.user_agent.as_deref(), 1, 256)?;
        length("web.deviceIdentifier", web.device_identifier.as_deref(), 1, 64)?;
    }
    if let Some(app) = &raw.app {
        length("app.appIdentifier", app.app_identifier.as_deref(), 1, 256)?;
        length("app.deviceOS", app.device_os.as_deref(), 1, 64)?;
        length("app.deviceModelName", app.device_model_name.as_deref(), 1, 64)?;
        length("app.deviceIdentifier", app.device_identifier.as_deref(), 1, 64)?;
    }
    let (most_visible, most_non_visible) = match operation {
        Operation::Identification => (AUTH_TEXT, AUTH_TEXT),
        Operation::Signing => (SIGN_VISIBLE, SIGN_NON_VISIBLE),
    };
    if operation == Operation::Signing && raw.user_visible_data.is_none() {
        return Err(ApiError::invalid("Missing field: userVisibleData"));
    }
    length("userVisibleData", raw.user_visible_data.as_deref(), 1, most_visible)?;
    length("userNonVisibleData", raw.user_non_visible_data.as_deref(), 1, most_non_visible)?;
    let format = match raw.user_visible_data_format.as_deref() {
        None | Some("plaintext") => TextFormat::Plain,
        Some("simpleMarkdownV1") => TextFormat::SimpleMarkdownV1,
        Some(_) => return Err(wrong("userVisibleDataFormat")),
    };
    let visible = raw.user_visible_data.map(|text| visible(text, format)).transpose()?;
    if let Some(text) = &raw.user_non_visible_data {
        STANDARD.decode(text).map_err(|_| wrong("userNonVisibleData"))?;
    }
    length("returnUrl", raw.return_url.as_deref(), 1, 512)?;
    if raw.return_url.as_deref().is_some_and(|url| !looks_like_url(url)) {
        return Err(wrong("returnUrl"));
    }
    Ok(StartOrder {
        operation,
        end_user_ip,
        return_url: raw.return_url,
        return_risk: raw.return_risk.unwrap_or(false),
        visible,
        non_visible: raw.user_non_visible_data,
        requirement: raw.requirement.map(requirement).transpose()?.unwrap_or_default(),
    })
}

fn visible(base64: String, format: TextFormat) -> Result<VisibleText, ApiError> {
    let bytes = STANDARD.decode(&base64).map_err(|_| wrong("userVisibleData"))?;
    let plain = String::from_utf8(bytes).map_err(|_| wrong("userVisibleData"))?;
    Ok(VisibleText { base64, plain, format })
}

fn requirement(raw: RawRequirement) -> Result<Requirement, ApiError> {
    if let Some(number) = &raw.personal_number
        && !(number.len() == 12 && number.bytes().all(|b| b.is_ascii_digit()))
    {
        return Err(wrong("requirement.personalNumber"));
    }
    if raw.card_reader.is_some_and(|reader| !matches!(reader.as_str(), "class1" | "class2")) {
        return Err(wrong("requirement.cardReader"));
    }
    let policies = raw.certificate_policies.unwrap_or_default();
    if policies.len() > 20 {
        return Err(wrong("requirement.certificatePolicies"));
    }
    let policies = policies
        .iter()
        .map(|p| PolicyPattern::parse(p).ok_or_else(|| wrong("requirement.certificatePolicies")))
        .collect::<Result<_, _>>()?;
    // `high` cannot be demanded: it is the absence of a demand.
    let risk = match raw.risk.as_deref().map(Risk::parse) {
        None => None,
        Some(Some(risk @ (Risk::Low | Risk::Moderate))) => Some(risk),
        Some(_) => return Err(wrong("requirement.risk")),
    };
    Ok(Requirement {
        personal_number: raw.personal_number,
        pin_code: raw.pin_code.unwrap_or(false),
        mrtd: raw.mrtd.unwrap_or(false),
        policies,
        risk,
    })
}

/// A scheme, `://`, something after it, and no character that could break out of a header.
fn looks_like_url(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_graphic())
        && text.split_once("://").is_some_and(|(scheme, rest)| {
            !rest.is_empty()
                && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
        })
}

fn length(field: &str, value: Option<&str>, least: usize, most: usize) -> Result<(), ApiError> {
    match value.map(str::len) {
        Some(len) if len < least || len > most => Err(wrong(field)),
        _ => Ok(()),
    }
}

fn wrong(field: &str) -> ApiError {
    ApiError::invalid(format!("Invalid field: {field}"))
}

/// JSON into a type. The library's message is passed on only where it cannot hold what was sent.
fn read<'de, T: Deserialize<'de>>(body: &'de [u8]) -> Result<T, ApiError> {
    serde_json::from_slice(body).map_err(|e| {
        let text = e.to_string();
        match text.split_once(", expected") {
            Some((start, _)) if start.starts_with("unknown field") => ApiError::invalid("Unknown field"),
            _ if text.starts_with("missing field") => ApiError::invalid("Missing field"),
            _ => ApiError::invalid(format!(
                "Not the JSON expected, at line {} column {}",
                e.line(),
                e.column()
            )),
        }
    })
}
