//! What the e-ID's provider and the population register answer, before anything of it is believed.

use crate::mutate::{drive, text};
use app::protected::Batch;
use login::bankid::answer::{Collected, Started};
use login::bankid::codes::ErrorCode;
use serde_json::{Value, json};

/// Fit for an address and a log.
fn harmless(word: &str) -> bool {
    word.len() <= 64 && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
}

#[test]
fn fuzz_started_orders() {
    let (order, start) = ("131daac9-16c6-4618-beb0-365768f37288", "7c40b5c9-fa74-49cf-b98c-bfe651f9a7c6");
    let (token, secret) = ("67df3917-fa0d-44e5-b327-edcc928297f8", "d28db9a7-4cde-429e-a983-359be676944c");
    let answer =
        json!({"orderRef": order, "autoStartToken": start, "qrStartToken": token, "qrStartSecret": secret});
    drive("started orders", 1, &[answer.to_string()], |input| {
        let Ok(read) = Started::parse(input) else { return false };
        let secrets = [&read.auto_start_token, &read.qr_start_token, &read.qr_start_secret];
        let words = [read.order_ref.as_str()].into_iter().chain(secrets.map(|secret| secret.expose()));
        // They go into an address of the app, a code and a request: none may end one and begin another.
        assert!(words.into_iter().all(|word| !word.is_empty() && harmless(word)));
        let shown = format!("{read:?}");
        assert!(
            secrets.iter().all(|secret| secret.expose().len() < 8 || !shown.contains(secret.expose())),
            "{shown}"
        );
        let again = json!({"orderRef": read.order_ref.as_str(), "autoStartToken": secrets[0].expose(),
                           "qrStartToken": secrets[1].expose(), "qrStartSecret": secrets[2].expose()});
        let again = Started::parse(again.to_string().as_bytes()).unwrap();
        assert_eq!(
            (again.order_ref, again.qr_start_secret),
            (read.order_ref.clone(), read.qr_start_secret.clone())
        );
        true
    });
}

#[test]
fn fuzz_collected_orders() {
    let order = "131daac9-16c6-4618-beb0-365768f37288";
    let hints = [
        "outstandingTransaction",
        "noClient",
        "started",
        "userMrtd",
        "userCallConfirm",
        "userSign",
        "processing",
        "userStepUp",
        "userFace",
        "aHintOfTomorrow",
    ]
    .map(|hint| json!({"orderRef": order, "status": "pending", "hintCode": hint}));
    let failed = [
        "expiredTransaction",
        "certificateErr",
        "userCancel",
        "cancelled",
        "startFailed",
        "transactionRiskBlocked",
    ]
    .map(|hint| json!({"orderRef": order, "status": "failed", "hintCode": hint}));
    let complete = json!({"orderRef": order, "status": "complete", "completionData": {
        "user": {"personalNumber": "191212121212", "name": "Tolvan Tolvansson"}, "device": {"ipAddress": "192.168.0.1"},
        "signature": "PD94", "ocspResponse": "MII", "risk": "low"}});
    let examples: Vec<String> =
        hints.into_iter().chain(failed).chain([complete]).map(|answer| answer.to_string()).collect();
    drive("collected orders", 1, &examples, |input| {
        let Ok(read) = Collected::parse(input.to_vec()) else { return false };
        let again = |status: &str, hint: &str| {
            assert!(harmless(hint), "{hint:?} in a log");
            let answer = json!({"orderRef": order, "status": status, "hintCode": hint}).to_string();
            Collected::parse(answer.into_bytes()).unwrap()
        };
        match &read {
            Collected::Pending(hint) => {
                assert!(matches!(again("pending", hint.as_str()), Collected::Pending(read) if read == *hint));
            }
            Collected::Failed(hint) => {
                assert!(matches!(again("failed", hint.as_str()), Collected::Failed(read) if read == *hint));
            }
            Collected::Complete(done) => {
                // Kept byte for byte, and verified again out of the evidence.
                assert!(login::bankid::Completed::parse(input.to_vec()).is_ok());
                assert!(!format!("{done:?}").contains("1912"), "no number in a log");
            }
        }
        true
    });
}

#[test]
fn fuzz_refusals_of_the_provider() {
    let refusal = |code: &str| json!({"errorCode": code, "details": "No 19121212-1212 here"}).to_string();
    let examples = ["alreadyInProgress", "invalidParameters", "Maintenance", "aCodeOfTomorrow"].map(refusal);
    drive("refusals of the provider", 1, &examples, |input| {
        let code = ErrorCode::of_answer(503, input);
        assert!(harmless(code.as_str()), "{code:?} in a log");
        assert!(
            code.as_str().bytes().filter(u8::is_ascii_digit).count() < 6,
            "{code:?} is no number of a person"
        );
        assert_eq!(ErrorCode::parse(code.as_str()), code);
        // What is no refusal of theirs is known by its status alone.
        let Some(body) = text(input).and_then(|text| serde_json::from_str::<Value>(text).ok()) else {
            return false;
        };
        let told = body["errorCode"].is_string();
        assert!(told || code == ErrorCode::of_status(503), "{code:?}");
        told
    });
}

#[test]
fn fuzz_notices_of_the_register() {
    let notice = |position: u64, number: &str, notice: &str| json!({"position": position, "number": number, "notice": notice});
    let examples = [
        json!({"position": 3, "notices": []}),
        json!({"position": 5, "notices": [notice(4, "199001012385", "protected_registration"), notice(5, "199001012385", "lifted")]}),
        json!({"position": 4, "notices": [notice(4, "191212121212", "secrecy_marking")]}),
    ]
    .map(|answer| answer.to_string());
    drive("notices of the register", 1, &examples, |input| {
        let Ok(read) = Batch::parse(3, input) else { return false };
        // Without a gap, without a doublet, and nothing beside: one that is left out would leave somebody unprotected.
        let body: Value = serde_json::from_str(text(input).unwrap()).unwrap();
        let notices = body["notices"].as_array().unwrap();
        let positions: Vec<u64> = notices.iter().map(|notice| notice["position"].as_u64().unwrap()).collect();
        let to = 3 + notices.len() as u64;
        assert_eq!(positions, (4..=to).collect::<Vec<_>>());
        assert!(body["position"].as_u64() == Some(to) && notices.len() <= app::protected::MOST);
        assert_eq!(read.is_empty(), notices.is_empty());
        let shown = format!("{read:?}");
        for number in notices.iter().filter_map(|notice| notice["number"].as_str()) {
            let whole =
                [number.to_owned(), number[2..].to_owned(), format!("{}-{}", &number[..8], &number[8..])];
            assert!(!whole.iter().any(|number| shown.contains(number)), "nothing prints a number: {shown}");
        }
        true
    });
}
