//! What a completed order hands out, and what each lie changes.

use crate::bed::{Bed, b64, unb64};
use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use serde_json::{Value, json};

fn xml(completion: &Value) -> String {
    String::from_utf8(unb64(&completion["signature"])).expect("UTF-8")
}

/// Whether the DER of the OCSP answer holds these bytes.
fn ocsp_holds(completion: &Value, bytes: &[u8]) -> bool {
    unb64(&completion["ocspResponse"]).windows(bytes.len()).any(|w| w == bytes)
}

/// The user's certificate, DER: the first of the chain.
fn certificate(completion: &Value) -> Vec<u8> {
    let xml = xml(completion);
    let start = xml.split("<X509Certificate>").nth(1).expect("certificate");
    unb64(&json!(start.split('<').next().expect("text")))
}

async fn lie(bed: &Bed, fault: &str) -> Value {
    bed.ok("/fault", json!({"next": fault})).await;
    let order = bed.order("auth", json!({"endUserIp": "::1", "userVisibleData": b64("Logga in")})).await;
    bed.complete("elin", &order).await
}

#[tokio::test]
async fn the_completion_names_person_device_and_date() {
    let bed = Bed::new().await;
    let order = bed.auth().await;
    let completion = bed.complete("bengt", &order).await;
    assert_eq!(
        completion["user"],
        json!({
            "personalNumber": "199001022392",
            "name": "Bengt Berglund Ek",
            "givenName": "Bengt",
            "surname": "Berglund Ek"
        })
    );
    assert_eq!(completion["device"]["ipAddress"], "192.0.2.44", "a QR code is read by another device");
    let issued = completion["bankIdIssueDate"].as_str().expect("date");
    assert!(issued.len() == 11 && issued.ends_with('Z'), "{issued}");
}

#[tokio::test]
async fn the_signed_data_is_what_was_sent() {
    let bed = Bed::new().await;
    let visible = b64("# Anmälan\n\n*Åsa* & <Örjan>");
    let non_visible = b64("{\"schema\":1}");
    let order = bed
        .order(
            "sign",
            json!({
                "endUserIp": "127.0.0.1",
                "userVisibleData": visible,
                "userVisibleDataFormat": "simpleMarkdownV1",
                "userNonVisibleData": non_visible,
                "requirement": {"pinCode": true, "certificatePolicies": ["1.2.3.4.*"]}
            }),
        )
        .await;
    let xml = xml(&bed.complete("elin", &order).await);
    for part in [
        format!(
            "<usrVisibleData charset=\"UTF-8\" format=\"simpleMarkdownV1\" visible=\"wysiwys\">{visible}</usrVisibleData>"
        ),
        format!("<usrNonVisibleData>{non_visible}</usrNonVisibleData>"),
        "<funcId>Signing</funcId>".to_owned(),
        "<type>CertificatePolicies</type><value>1.2.3.4.*</value>".to_owned(),
        "<uauth>pw</uauth>".to_owned(),
    ] {
        assert!(xml.contains(&part), "{part}\n{xml}");
    }
}

#[tokio::test]
async fn the_ocsp_answer_is_bound_to_the_signature() {
    let bed = Bed::new().await;
    let order = bed.auth().await;
    let completion = bed.complete("elin", &order).await;
    let signature = completion["signature"].as_str().expect("signature");
    let hash = digest(&SHA1_FOR_LEGACY_USE_ONLY, signature.as_bytes());
    // Extension: id-pkix-ocsp-nonce, critical, 32 bytes that begin with the hash.
    let mut extension = vec![0x06, 9, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2, 1, 1, 0xff, 4, 32];
    extension.extend_from_slice(hash.as_ref());
    assert!(ocsp_holds(&completion, &extension));
}

#[tokio::test]
async fn one_person_keeps_the_certificate_and_two_have_two() {
    let bed = Bed::new().await;
    let mut seen = Vec::new();
    for person in ["elin", "elin", "farid"] {
        let order = bed.auth().await;
        seen.push(certificate(&bed.complete(person, &order).await));
    }
    assert_eq!(seen[0], seen[1]);
    assert_ne!(seen[0], seen[2]);
}

#[tokio::test]
async fn each_lie_changes_one_thing() {
    let bed = Bed::new().await;
    let truth = {
        let order = bed.order("auth", json!({"endUserIp": "::1", "userVisibleData": b64("Logga in")})).await;
        bed.complete("elin", &order).await
    };
    let number = b"199205052385";
    let holds = |der: &[u8], bytes: &[u8]| der.windows(bytes.len()).any(|w| w == bytes);
    assert!(holds(&certificate(&truth), number));

    let other_person = lie(&bed, "other_person").await;
    assert_eq!(other_person["user"], truth["user"]);
    assert!(!holds(&certificate(&other_person), number));

    // id 1.2.3.4.25 and 1.2.3.4.99 in DER.
    let policy = |last: u8| [0x06, 4, 0x2a, 3, 4, last];
    assert!(holds(&certificate(&truth), &policy(25)));
    assert!(holds(&certificate(&lie(&bed, "wrong_policy").await), &policy(99)));

    let revoked = lie(&bed, "revoked").await;
    // certStatus [1] revoked with a GeneralizedTime; [0] good in the truth.
    assert!(ocsp_holds(&revoked, &[0xa1, 0x11, 0x18, 0x0f]) && !ocsp_holds(&revoked, &[0x80, 0, 0x18]));
    assert!(ocsp_holds(&truth, &[0x80, 0, 0x18]));

    let wrong_nonce = lie(&bed, "wrong_nonce").await;
    let signature = wrong_nonce["signature"].as_str().expect("signature");
    assert!(!ocsp_holds(&wrong_nonce, digest(&SHA1_FOR_LEGACY_USE_ONLY, signature.as_bytes()).as_ref()));

    assert!(!xml(&lie(&bed, "other_text").await).contains(&b64("Logga in")));
    assert!(xml(&lie(&bed, "other_operation").await).contains("<funcId>Signing</funcId>"));
    // The truth again, once the lies are told.
    let order = bed.auth().await;
    assert!(holds(&certificate(&bed.complete("elin", &order).await), number));
}

#[tokio::test]
async fn a_wrong_signature_is_still_bound_by_its_ocsp_answer() {
    let bed = Bed::new().await;
    let wrong = lie(&bed, "wrong_signature").await;
    let signature = wrong["signature"].as_str().expect("signature");
    assert!(ocsp_holds(&wrong, digest(&SHA1_FOR_LEGACY_USE_ONLY, signature.as_bytes()).as_ref()));
}
