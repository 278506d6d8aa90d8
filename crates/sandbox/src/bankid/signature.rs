//! The signed XML of a completed order, as the BankID signature profile v1.0.0 lays it out.
//!
//! An enveloping XML signature: the data sits in the signature's own `Object`. Every element is written in its
//! canonical form from the start (inclusive C14N 1.0: namespace repeated where the signed subtrees begin, no
//! empty-element tags, attributes in order), so that the raw text of each signed part is its canonical form.
//! Independent verifiers rely on that, and so does the real thing.

use crate::pki::PersonCertificate;
use aws_lc_rs::digest;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::fmt::Write as _;

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
const TYPES: &str = "http://www.bankid.com/signature/v1.0.0/types";
const C14N: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";

/// What the order was for; in the XML as `funcId`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    Identification,
    Signing,
}

impl Operation {
    pub const fn func_id(self) -> &'static str {
        match self {
            Operation::Identification => "Identification",
            Operation::Signing => "Signing",
        }
    }
}

/// How the user confirmed; in the XML as `uauth`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    SecurityCode,
    Biometrics,
}

/// What goes into `bankIdSignedData`. All texts are plain; those marked base64 are inserted as they came.
pub struct SignedData<'a> {
    pub operation: Operation,
    /// base64, as the relying party sent it.
    pub visible: Option<&'a str>,
    /// `simpleMarkdownV1` where the relying party said so.
    pub format: Option<&'a str>,
    /// base64, as the relying party sent it.
    pub non_visible: Option<&'a str>,
    /// The relying party's certificate subject as text.
    pub relying_party: &'a str,
    pub display_name: &'a str,
    pub nonce: [u8; 20],
    /// Hash of the device, base64.
    pub uhi: &'a str,
    /// `(type, value)`: what the order required; both safe in XML (checked when the order came).
    pub conditions: Vec<(&'static str, String)>,
    pub confirmation: Confirmation,
}

/// The whole document, signed.
pub fn sign(data: &SignedData<'_>, certificate: &PersonCertificate) -> Result<String, rcgen::Error> {
    let signed_data = signed_data(data);
    let key_info = key_info(certificate);
    let signed_info = signed_info(&digest_of(&signed_data), &digest_of(&key_info));
    let value = STANDARD.encode(certificate.sign(signed_info.as_bytes())?);
    Ok(format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><Signature xmlns=\"{DSIG}\">{signed_info}\
         <SignatureValue>{value}</SignatureValue>{key_info}<Object>{signed_data}</Object></Signature>"
    ))
}

fn signed_info(data_digest: &str, key_digest: &str) -> String {
    let reference = |attributes: &str, digest: &str| {
        format!(
            "<Reference {attributes}><Transforms><Transform Algorithm=\"{C14N}\"></Transform></Transforms>\
             <DigestMethod Algorithm=\"{SHA256}\"></DigestMethod><DigestValue>{digest}</DigestValue></Reference>"
        )
    };
    format!(
        "<SignedInfo xmlns=\"{DSIG}\"><CanonicalizationMethod Algorithm=\"{C14N}\"></CanonicalizationMethod>\
         <SignatureMethod Algorithm=\"{RSA_SHA256}\"></SignatureMethod>{}{}</SignedInfo>",
        reference(&format!("Type=\"{TYPES}\" URI=\"#bidSignedData\""), data_digest),
        reference("URI=\"#bidKeyInfo\"", key_digest),
    )
}

fn key_info(certificate: &PersonCertificate) -> String {
    let mut out = format!("<KeyInfo xmlns=\"{DSIG}\" Id=\"bidKeyInfo\"><X509Data>");
    for der in &certificate.chain {
        // Writing to a String cannot fail.
        let _ = write!(out, "<X509Certificate>{}</X509Certificate>", STANDARD.encode(der));
    }
    out.push_str("</X509Data></KeyInfo>");
    out
}

fn signed_data(data: &SignedData<'_>) -> String {
    let mut out = format!("<bankIdSignedData xmlns=\"{TYPES}\" Id=\"bidSignedData\">");
    let b64 = |text: &str| STANDARD.encode(text);
    if let Some(visible) = data.visible {
        // Attributes in canonical (alphabetical) order.
        let format = data.format.map(|f| format!(" format=\"{f}\"")).unwrap_or_default();
        let _ = write!(
            out,
            "<usrVisibleData charset=\"UTF-8\"{format} visible=\"wysiwys\">{visible}</usrVisibleData>"
        );
    }
    if let Some(non_visible) = data.non_visible {
        let _ = write!(out, "<usrNonVisibleData>{non_visible}</usrNonVisibleData>");
    }
    let _ = write!(
        out,
        "<srvInfo><name>{}</name><nonce>{}</nonce><displayName>{}</displayName></srvInfo>",
        b64(data.relying_party),
        STANDARD.encode(data.nonce),
        b64(data.display_name)
    );
    let version = "BankID=7.60.0&platform=sandbox&os_version=1&display_version=&best_before=4102444800&";
    let _ = write!(
        out,
        "<clientInfo><funcId>{}</funcId><version>{}</version><env><ai><type>{}</type><deviceInfo>{}</deviceInfo>\
         <uhi>{}</uhi><fsib>0</fsib><utb>cs1</utb>",
        data.operation.func_id(),
        b64(version),
        b64("SANDBOX"),
        b64("1"),
        data.uhi
    );
    if !data.conditions.is_empty() {
        out.push_str("<requirement>");
        for (kind, value) in &data.conditions {
            let _ = write!(out, "<condition><type>{kind}</type><value>{value}</value></condition>");
        }
        out.push_str("</requirement>");
    }
    let uauth = match data.confirmation {
        Confirmation::SecurityCode => "pw",
        Confirmation::Biometrics => "bio",
    };
    let _ = write!(out, "<uauth>{uauth}</uauth></ai></env></clientInfo></bankIdSignedData>");
    out
}

fn digest_of(canonical: &str) -> String {
    STANDARD.encode(digest::digest(&digest::SHA256, canonical.as_bytes()))
}
