//! Mutual TLS: who is let in, and the probe that operators use.

use crate::bed::{Bed, b64, plain_client, rp_client};
use domain::{Clock as _, Instant};
use sandbox::RelyingParty;
use serde_json::json;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

fn other() -> RelyingParty {
    RelyingParty { name: "En annan tjänst, AB".to_owned(), number: "4056202205".to_owned() }
}

fn now() -> Instant {
    crate::bed::SystemClock.now()
}

#[tokio::test]
async fn the_probe_get_auth_answers_405() {
    let bed = Bed::new().await;
    let answer = bed.rp.get(format!("{}auth", bed.sandbox.bankid_url())).send().await.expect("answer");
    assert_eq!(answer.status(), 405);
    assert_eq!(answer.headers()["allow"], "POST");
    let answer = bed.rp.delete(format!("{}collect", bed.sandbox.bankid_url())).send().await.expect("answer");
    assert_eq!(answer.status(), 405);
}

#[tokio::test]
async fn without_a_client_certificate_nobody_gets_in() {
    let bed = Bed::new().await;
    let root = std::fs::read(&bed.sandbox.pki.server_root).expect("root");
    let naked = reqwest::Client::builder()
        .tls_certs_only([reqwest::Certificate::from_pem(&root).expect("root")])
        .build()
        .expect("client");
    let refused = naked.get(format!("{}auth", bed.sandbox.bankid_url())).send().await;
    assert!(refused.is_err(), "{refused:?}");
}

#[tokio::test]
async fn a_client_with_other_roots_does_not_trust_the_server() {
    let bed = Bed::new().await;
    let refused = plain_client().get(format!("{}auth", bed.sandbox.bankid_url())).send().await;
    assert!(format!("{:?}", refused.expect_err("refused")).contains("UnknownIssuer"));
}

#[tokio::test]
async fn a_certificate_of_another_ca_is_refused() {
    let bed = Bed::new().await;
    let mut params = rcgen::CertificateParams::new([]).expect("params");
    params.distinguished_name.push(rcgen::DnType::CommonName, "FP sandbox");
    let key = rcgen::KeyPair::generate().expect("key");
    let own = params.self_signed(&key).expect("certificate");
    let client = rp_client(&bed.sandbox, &own.pem(), &key.serialize_pem());
    let refused = client.get(format!("{}auth", bed.sandbox.bankid_url())).send().await;
    assert!(refused.is_err(), "{refused:?}");
}

#[tokio::test]
async fn expired_and_future_certificates_are_refused() {
    let bed = Bed::new().await;
    for valid in [now() - DAY * 30..now() - DAY, now() + DAY..now() + DAY * 30] {
        let (certificate, key) = bed.sandbox.issue_relying_party(&other(), valid).expect("issued");
        let client = rp_client(&bed.sandbox, &certificate, &key);
        let refused = client.get(format!("{}auth", bed.sandbox.bankid_url())).send().await;
        assert!(refused.is_err(), "{refused:?}");
    }
}

#[tokio::test]
async fn an_order_belongs_to_the_certificate_that_started_it() {
    let bed = Bed::new().await;
    let (certificate, key) =
        bed.sandbox.issue_relying_party(&other(), now() - DAY..now() + DAY).expect("issued");
    let stranger = rp_client(&bed.sandbox, &certificate, &key);
    let order = bed.auth().await;
    let reference = json!({"orderRef": order.text("orderRef")});
    for method in ["collect", "cancel"] {
        let (status, body) = bed.call_as(&stranger, method, reference.clone()).await;
        assert_eq!((status, body["errorCode"].as_str()), (400, Some("invalidParameters")), "{method}");
    }
    assert_eq!(bed.hint(&order).await, "pending outstandingTransaction");
}

#[tokio::test]
async fn the_evidence_names_the_relying_party() {
    let bed = Bed::new().await;
    let (certificate, key) =
        bed.sandbox.issue_relying_party(&other(), now() - DAY..now() + DAY).expect("issued");
    let stranger = rp_client(&bed.sandbox, &certificate, &key);
    let (_, started) = bed.call_as(&stranger, "auth", json!({"endUserIp": "::1"})).await;
    let order = crate::bed::Order(started);
    bed.scan("astrid", &order).await;
    bed.ok("/phone/approve", json!({"person": "astrid"})).await;
    let reference = json!({"orderRef": order.text("orderRef")});
    let (_, answer) = bed.call_as(&stranger, "collect", reference).await;
    let xml = crate::bed::unb64(&answer["completionData"]["signature"]);
    let xml = String::from_utf8(xml).expect("UTF-8");
    let subject = "cn=En annan tjänst\\, AB sandbox,name=En annan tjänst\\, AB,serialNumber=4056202205,o=Sandbank AB (publ),c=SE";
    assert!(xml.contains(&format!("<srvInfo><name>{}</name>", b64(subject))), "{xml}");
    assert!(xml.contains(&format!("<displayName>{}</displayName>", b64("En annan tjänst, AB"))), "{xml}");
}
