//! From a completed order to a proof: everything is verified offline before anybody is believed.
//!
//! `trust` checks the signature, the chain to a configured root, the policy, the OCSP answer and its nonce,
//! and that the signed data are ours; here we bind the result to order, browser, purpose, person and risk.
//! What is not covered by the signature (names in the answer, risk, device) is never taken for proven.

use domain::{Assurance, Instant};
use ident::PersonalNumber;
use std::net::IpAddr;
use trust::bankid::{Anchors, Expected, Operation, Verified};

use super::{answer::Completed, binding, outcome};
use crate::{
    browser::BrowserHash,
    order::{KeptPurpose, Order},
    outcome::Failure,
    verified::{AddressMatch, Evidence, Proven, Verdict, VerifiedLogin, VerifiedSignature},
};

/// Which BankIDs are accepted: those on card and Mobile BankID, level 3 of the Swedish trust framework.
/// BankID on file is not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    Production,
    /// BankID's test environment, or the sandbox.
    Test,
}

impl Environment {
    /// Object identifiers of certificate policies (BankID Relying Party guidelines).
    pub const fn policies(self) -> &'static [&'static str] {
        match self {
            Self::Production => &["1.2.752.78.1.2", "1.2.752.78.1.5"],
            Self::Test => &["1.2.3.4.10", "1.2.3.4.25", "1.2.752.60.1.6"],
        }
    }
}

/// What a completion is verified against. Made from configuration alone, by [`BankId::new`](super::BankId::new).
#[derive(Debug)]
pub struct Rules {
    /// The pinned roots of people's signatures.
    pub(super) anchors: Anchors,
    pub(super) environment: Environment,
    /// Our organisation number as it stands in the relying-party certificate, ten digits.
    pub(super) relying_party: String,
}

/// Verifies a completed identification. The only way to a [`VerifiedLogin`].
///
/// `now` is our clock, UTC. A failure names its cause as `evidence:CODE`.
pub fn verify_login(
    order: &Order,
    browser: &BrowserHash,
    answer: &Completed,
    rules: &Rules,
    now: Instant,
) -> Result<VerifiedLogin, Failure> {
    if order.is_signature() {
        return Err(refused("PURPOSE"));
    }
    let (proven, _) = proven(order, browser, answer, rules, now)?;
    Ok(VerifiedLogin(proven))
}

/// Verifies a completed signature by the person who is logged in. The only way to a [`VerifiedSignature`].
pub fn verify_signature(
    order: &Order,
    browser: &BrowserHash,
    answer: &Completed,
    rules: &Rules,
    now: Instant,
) -> Result<VerifiedSignature, Failure> {
    let KeptPurpose::Signature { signer } = &order.asked.purpose else {
        return Err(refused("PURPOSE"));
    };
    let (proven, signed) = proven(order, browser, answer, rules, now)?;
    if proven.personal_number.as_str() != signer.expose() {
        return Err(Failure::new(outcome::wrong_person(), "evidence:OTHER_SIGNER"));
    }
    Ok(VerifiedSignature(proven, signed))
}

fn proven(
    order: &Order,
    browser: &BrowserHash,
    answer: &Completed,
    rules: &Rules,
    now: Instant,
) -> Result<(Proven, Vec<u8>), Failure> {
    if !order.belongs_to(browser) {
        return Err(refused("BROWSER"));
    }
    if answer.order_ref != order.provider.reference {
        return Err(refused("ORDER"));
    }
    let claimed =
        PersonalNumber::parse(answer.personal_number.expose()).map_err(|_| refused("PERSONAL_NUMBER"))?;
    let binding = binding::bytes(&order.asked, &order.provider.nonce);
    let expected = Expected {
        operation: if order.is_signature() { Operation::Signing } else { Operation::Identification },
        personal_number: &claimed,
        visible: Some(order.asked.text.as_bytes()),
        non_visible: Some(&binding),
        policies: rules.environment.policies(),
        relying_party: Some(&rules.relying_party),
    };
    let verified =
        trust::bankid::verify(&answer.signature, &answer.ocsp_response, &expected, &rules.anchors, now)
            .map_err(|fault| refused(fault.code()))?;
    // Only when risk is returned and not required does `high` reach us (Relying Party API v6.0, `returnRisk`).
    // A grade that we do not know counts as high.
    match answer.risk.as_deref() {
        None => {}
        Some(risk) if risk.eq_ignore_ascii_case("low") || risk.eq_ignore_ascii_case("moderate") => {}
        Some(_) => return Err(Failure::new(outcome::risk_blocked(), "evidence:RISK")),
    }
    Ok(collect(order, answer, &verified, now))
}

fn collect(order: &Order, answer: &Completed, verified: &Verified, now: Instant) -> (Proven, Vec<u8>) {
    let proven = Proven {
        method: super::METHOD,
        personal_number: verified.personal_number().clone(),
        given_name: verified.given_name().to_owned(),
        surname: verified.surname().to_owned(),
        assurance: Assurance::Level3,
        authenticated_at: verified.signed_at(),
        provider_reference: answer.order_ref.as_str().to_owned(),
        order: order.asked.id,
        browser: order.asked.browser,
        address: compare(order.asked.address, answer.device_ip.as_deref()),
        evidence: Evidence {
            answer: answer.answer.clone(),
            signature: answer.signature.clone(),
            ocsp: answer.ocsp_response.clone(),
        },
        verdict: Verdict { verified_at: now, root_fingerprint: *verified.root_fingerprint() },
    };
    (proven, verified.visible().unwrap_or_default().to_vec())
}

fn compare(browser: IpAddr, app: Option<&str>) -> AddressMatch {
    match app.and_then(|text| text.parse::<IpAddr>().ok()) {
        None => AddressMatch::Unknown,
        Some(app) if app.to_canonical() == browser.to_canonical() => AddressMatch::Same,
        Some(_) => AddressMatch::Different,
    }
}

fn refused(code: &str) -> Failure {
    Failure::new(outcome::unverified(), format!("evidence:{code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_in_their_canonical_form() {
        let browser = "::ffff:192.0.2.1".parse().unwrap();
        assert_eq!(compare(browser, Some("192.0.2.1")), AddressMatch::Same);
        assert_eq!(compare(browser, Some("192.0.2.2")), AddressMatch::Different);
        assert_eq!(compare(browser, Some("mobile")), AddressMatch::Unknown);
        assert_eq!(compare(browser, None), AddressMatch::Unknown);
    }
}
