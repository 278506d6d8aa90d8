//! The outbox: once per event, recipient and channel; leased; given up or sent.

use crate::support::{at, on_both, world};
use domain::{MailId, PartyId};
use std::collections::BTreeSet;
use store::{
    outbox::{self, LEASE, Mail, MailState},
    testing::TestDatabase,
};

on_both!(an_event_is_told_once, a_mail_is_leased_to_one_node, a_failed_mail_waits_or_is_given_up);

fn mail(n: u8) -> Mail {
    Mail {
        id: MailId::from_bytes([n; 16]),
        event: format!("case:{n}:confirmed"),
        recipient: PartyId::from_bytes([1; 16]),
        channel: "email".into(),
        template: "application-confirmed".into(),
        args: r#"{"case":"1"}"#.into(),
        message_id: format!("<{n}@example.se>"),
        created_at: at(i64::from(n)),
        state: MailState::Waiting,
        attempts: 0,
        next_at: at(i64::from(n)),
    }
}

async fn an_event_is_told_once(db: TestDatabase) {
    let w = world(db).await;
    let put = |mail: Mail| {
        let store = w.store.clone();
        async move { store.write(move |tx| outbox::enqueue(tx, &mail)).await.unwrap() }
    };
    assert!(put(mail(1)).await);
    assert!(!put(Mail { id: mail(2).id, ..mail(1) }).await);
    assert!(put(Mail { id: mail(3).id, recipient: PartyId::from_bytes([2; 16]), ..mail(1) }).await);
    assert!(put(Mail { id: mail(4).id, channel: "sms".into(), ..mail(1) }).await);
    assert_eq!(w.store.read(|tx| outbox::find(tx, mail(1).id)).await, Ok(Some(mail(1))));
    assert_eq!(w.store.read(|tx| outbox::find(tx, mail(2).id)).await, Ok(None));
    // How long the oldest waits is told by when it was put in, however often it is tried.
    assert!(put(mail(5)).await);
    assert_eq!(w.store.read(outbox::oldest_waiting).await, Ok(Some(at(1))));
    for n in [1, 3, 4] {
        w.store.write(move |tx| outbox::sent(tx, mail(n).id)).await.unwrap();
    }
    assert_eq!(w.store.read(outbox::oldest_waiting).await, Ok(Some(at(5))));
    w.store.write(|tx| outbox::failed(tx, mail(5).id, None)).await.unwrap();
    assert_eq!(w.store.read(outbox::oldest_waiting).await, Ok(None));
}

async fn a_mail_is_leased_to_one_node(db: TestDatabase) {
    let w = world(db).await;
    let other = w.db.open().await.unwrap();
    w.store
        .write(|tx| {
            for n in 1..=50 {
                outbox::enqueue(tx, &mail(n))?;
            }
            Ok::<_, store::StoreError>(())
        })
        .await
        .unwrap();
    let jobs: Vec<_> = (0..8)
        .map(|i| {
            let store = if i % 2 == 0 { w.store.clone() } else { other.clone() };
            tokio::spawn(async move {
                let node = format!("node {i}");
                store.write(move |tx| outbox::lease(tx, at(40), &node, 7)).await.unwrap()
            })
        })
        .collect();
    let (mut leased, mut distinct) = (0, BTreeSet::new());
    for job in jobs {
        for mail in job.await.unwrap() {
            assert_eq!((mail.state, mail.attempts), (MailState::Waiting, 1));
            leased += 1;
            distinct.insert(mail.id);
        }
    }
    assert_eq!(leased, distinct.len(), "a mail was leased twice");
    let rest = w.store.write(|tx| outbox::lease(tx, at(40), "c", 100)).await.unwrap();
    assert_eq!(leased + rest.len(), 40, "ten are not due");
    // A node that took mails and died: another takes them after the lease, with the same Message-ID.
    let later = w.store.write(|tx| outbox::lease(tx, at(41) + LEASE, "d", 100)).await.unwrap();
    assert_eq!(later.len(), 50);
    assert_eq!((later[0].attempts, later[0].message_id.as_str()), (2, "<1@example.se>"));
}

async fn a_failed_mail_waits_or_is_given_up(db: TestDatabase) {
    let w = world(db).await;
    for n in 1..=3 {
        w.store.write(move |tx| outbox::enqueue(tx, &mail(n))).await.unwrap();
    }
    assert_eq!(w.store.write(|tx| outbox::lease(tx, at(10), "a", 10)).await.unwrap().len(), 3);
    w.store
        .write(|tx| {
            outbox::sent(tx, mail(1).id)?;
            outbox::failed(tx, mail(2).id, Some(at(60)))?;
            outbox::failed(tx, mail(3).id, None)?;
            // A late answer of another node does not call back what was sent.
            outbox::failed(tx, mail(1).id, Some(at(20)))
        })
        .await
        .unwrap();
    assert_eq!(w.store.write(|tx| outbox::lease(tx, at(59), "a", 10)).await.unwrap(), []);
    let again = w.store.write(|tx| outbox::lease(tx, at(10_000), "a", 10)).await.unwrap();
    assert_eq!(again.iter().map(|m| (m.id, m.attempts)).collect::<Vec<_>>(), [(mail(2).id, 2)]);
    for (n, state) in [(1, MailState::Sent), (2, MailState::Waiting), (3, MailState::Failed)] {
        let kept = w.store.read(move |tx| outbox::find(tx, mail(n).id)).await.unwrap().unwrap();
        assert_eq!(kept.state, state);
    }
}
