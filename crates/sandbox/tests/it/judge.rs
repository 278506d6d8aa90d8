//! The product's own verifier as the third judge of the evidence: the truth passes, each lie has its name.

use crate::bed::{Bed, b64};
use domain::Clock as _;
use ident::PersonalNumber;
use serde_json::{Value, json};
use trust::bankid::{Anchors, Expected, Fault, Operation, Verified, verify};

const TEXT: &str = "# Logga in\n\nhos *Exempelmyndigheten*";
const HIDDEN: &str = "{\"purpose\":\"login\"}";

fn judge(bed: &Bed, completion: &Value, operation: Operation) -> Result<Verified, Fault> {
    let root = std::fs::read_to_string(&bed.sandbox.pki.signing_root).expect("root");
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let number = PersonalNumber::parse(&text(&completion["user"]["personalNumber"])).expect("number");
    let expected = Expected {
        operation,
        personal_number: &number,
        visible: Some(TEXT.as_bytes()),
        non_visible: Some(HIDDEN.as_bytes()),
        policies: &["1.2.3.4.25"],
        relying_party: Some(&bed.sandbox.pki.relying_party_number),
    };
    verify(
        &text(&completion["signature"]),
        &text(&completion["ocspResponse"]),
        &expected,
        &Anchors::from_pem(&root).expect("anchors"),
        crate::bed::SystemClock.now(),
    )
}

async fn evidence(bed: &Bed, method: &str, person: &str) -> Value {
    let body = json!({
        "endUserIp": "127.0.0.1",
        "userVisibleData": b64(TEXT),
        "userVisibleDataFormat": "simpleMarkdownV1",
        "userNonVisibleData": b64(HIDDEN),
        "requirement": {"certificatePolicies": ["1.2.3.4.25"]}
    });
    let order = bed.order(method, body).await;
    bed.complete(person, &order).await
}

#[tokio::test]
async fn the_truth_is_accepted() {
    let bed = Bed::new().await;
    for person in ["astrid", "bengt", "cecilia", "johan"] {
        for (method, operation) in [("auth", Operation::Identification), ("sign", Operation::Signing)] {
            let completion = evidence(&bed, method, person).await;
            let verified = judge(&bed, &completion, operation).expect("accepted");
            assert_eq!(verified.personal_number().as_str(), completion["user"]["personalNumber"]);
            assert_eq!(verified.surname(), completion["user"]["surname"]);
        }
    }
}

#[tokio::test]
async fn evidence_is_dated_by_the_real_clock() {
    let bed = Bed::new().await;
    bed.advance(40 * 86_400).await;
    judge(&bed, &evidence(&bed, "auth", "elin").await, Operation::Identification).expect("accepted");
}

#[tokio::test]
async fn each_lie_is_found_out() {
    let bed = Bed::new().await;
    for (lie, fault) in [
        ("wrong_signature", Fault::SignatureWrong),
        ("revoked", Fault::OcspRevoked),
        ("wrong_nonce", Fault::OcspNonce),
        ("other_person", Fault::WrongPerson),
        ("wrong_policy", Fault::PolicyWrong),
        ("other_text", Fault::DataMismatch),
        ("other_operation", Fault::WrongOperation),
    ] {
        bed.ok("/fault", json!({"next": lie})).await;
        let completion = evidence(&bed, "auth", "elin").await;
        let found = judge(&bed, &completion, Operation::Identification).err();
        assert_eq!(found.map(|f| f.code()), Some(fault.code()), "{lie}");
    }
}
