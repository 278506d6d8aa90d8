//! What runs out is told in time: once at each threshold, to the operators' address, whatever the number of nodes.

use crate::support::{ASTRID, ELIN, House, MINUTE, T0, TestDatabase, eventually, not_allowed, on_both};
use app::expiries::{Expiring, What};
use keyring::Purpose;
use std::time::Duration;

on_both!(operators_are_told_once_at_each_threshold,);

const DAY: Duration = Duration::from_secs(24 * 3600);
const OPERATORS: &str = "drift@myndigheten.example";

async fn letters(house: &House) -> Vec<String> {
    let inbox = house.inbox().await;
    let ours = inbox.iter().filter(|mail| mail.to_string().contains(OPERATORS));
    let mut subjects: Vec<String> =
        ours.map(|mail| mail["subject"].as_str().unwrap_or_default().to_owned()).collect();
    subjects.reverse();
    subjects
}

async fn operators_are_told_once_at_each_threshold(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let second = house.node("second").await;
    let certificate = Expiring { at: T0 + 95 * DAY, what: What::BankidCertificate };
    for node in [app, &second] {
        node.watch_expiries(vec![certificate], Some(OPERATORS.to_owned()));
    }
    // The list holds the certificate and the keys that are turned, the earliest first.
    let listed = app.expiries().await.unwrap();
    assert_eq!(listed[0], certificate);
    let keys: Vec<_> = listed[1..].iter().map(|expiring| expiring.what).collect();
    let turned = [Purpose::VaultWrap, Purpose::Checkpoint, Purpose::Forms, Purpose::Tokens].map(What::Key);
    assert!(turned.iter().all(|key| keys.contains(key)) && keys.len() == 4, "{keys:?}");

    house.pass(MINUTE * 2);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(letters(&house).await.is_empty(), "nothing is near its end");
    house.forget().await;
    // 89, 29, 6 days left, and a day after the end.
    for (told, days) in [(1, 6), (2, 66), (3, 89), (4, 96)] {
        house.clock.set(T0 + days * DAY);
        let told_of = eventually("the letter", || async {
            house.wake();
            Some(letters(&house).await).filter(|letters| letters.len() >= told)
        });
        assert_eq!(told_of.await, vec!["mail-expiry-bankid-certificate".to_owned(); told]);
        // The same again is no new letter, on either node.
        house.pass(MINUTE * 2);
        tokio::time::sleep(Duration::from_millis(700)).await;
        assert_eq!(letters(&house).await.len(), told, "day {days}");
    }
    let warned = house.news().await;
    let warned: Vec<_> = warned.iter().filter(|line| line.contains("expiry.warned")).collect();
    assert_eq!(warned.len(), 4, "{warned:?}");
    assert!(warned.iter().all(|line| line.contains("what=bankid_certificate")));

    // The page is the operators' and the auditors'.
    let (_, astrid) = house.log_in_for_other(ASTRID).await;
    assert_eq!(app.expiries_seen(&astrid).await.unwrap()[0], certificate);
    let (_, elin) = house.log_in_for_other(ELIN).await;
    assert_eq!(not_allowed(app.expiries_seen(&elin).await), ["NO_MANDATE"]);
}
