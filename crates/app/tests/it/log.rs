//! The log's second order: places within two seconds, a signed checkpoint, receipts, and one number for each change.

use crate::support::{CECILIA, DAVID, ELIN, House, TestDatabase, eventually, on_both};
use activity::note::read_keys;
use activity::receipt::Receipt;
use app::mandates::NewMandate;
use app::{Refusal, Want};
use domain::Seq;
use std::time::Duration;

on_both!(what_is_acknowledged_is_soon_in_the_tree_and_can_be_proven, each_change_has_one_number);

// R-004-47 (part), R-004-48 (part)
async fn what_is_acknowledged_is_soon_in_the_tree_and_can_be_proven(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let (_, elin) = house.log_in_for_other(ELIN).await;
    let want = Want::to("employer.sickness_report.create", elin.party());
    // Nobody wakes the sequencer here but the application itself.
    let (mut slowest, mut references) = (Duration::ZERO, Vec::new());
    for n in 0..10 {
        let name = n.to_string();
        let reference = app
            .write(&elin, want.clone(), move |act| {
                act.record("note.written", Some(name.clone()), &[], &[]);
                Ok(act.reference.clone())
            })
            .await
            .unwrap();
        let acknowledged = tokio::time::Instant::now();
        let receipt = eventually("the record's receipt", || async {
            app::log::prove(app.store(), &reference).await.unwrap()
        })
        .await;
        slowest = slowest.max(acknowledged.elapsed());
        references.push((reference, receipt));
    }
    assert!(slowest < Duration::from_secs(2), "{slowest:?} from the answer to a signed checkpoint");

    // A receipt holds without the store, in the form in which it is handed out.
    let keys = read_keys(&app.log_keys().join("\n")).unwrap();
    for (n, (reference, receipt)) in references.iter().enumerate() {
        let told: Receipt = receipt.to_string().parse().unwrap();
        let proven = told.verify(&keys).unwrap();
        assert_eq!((&proven.record.reference, proven.record.event.as_str()), (reference, "note.written"));
        assert_eq!(proven.record.object, Some(n.to_string()));
        let forged = Receipt { body: receipt.body.replace("note.written", "note.brushed"), ..told };
        assert_ne!(forged.body, receipt.body);
        assert!(forged.verify(&keys).is_err());
    }
    let unknown = activity::Reference::new(&crate::support::TestEntropy);
    assert!(app::log::prove(app.store(), &unknown).await.unwrap().is_none());
    let early = app.checkpoint().await.unwrap().unwrap();
    let saved = vec![("early".to_owned(), early)];
    let report = app::log::verify(app.store(), keys, saved, house.clock.as_ref()).await.unwrap();
    assert!(report.is_sound(), "{report}");
    assert_eq!(report.head, Seq(2));
}

// R-004-47 (part)
async fn each_change_has_one_number(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = house.app.clone();
    let second = house.node("second").await;
    let (cecilia_key, cecilia) = house.log_in_for_other(CECILIA).await;
    let there = house.enter_at(&second, &cecilia_key).await;
    let new = |permission: &str| NewMandate {
        number: DAVID.number(),
        name: DAVID.name.to_owned(),
        email: DAVID.email(),
        permission: permission.to_owned(),
        last_day: None,
        need: "Sköter lönerna.".to_owned(),
    };
    // Changes, refusals, mistakes and broken acts, on two nodes at once.
    let mut done = 0;
    for _ in 0..6 {
        let want = Want::to("employer.mandate.give", cecilia.party());
        let (given, double, unknown, broken) = tokio::join!(
            app.give_mandate(&cecilia, "employer", new("employer.user")),
            second.give_mandate(&there, "employer", new("employer.user")),
            app.give_mandate(&cecilia, "employer", new("employer.none")),
            // Carried out and not recorded: an act whose record cannot be written does not happen.
            second.change(&there, want, |act| {
                let lock = domain::fact::Lock { party: act.visit.party(), service: None };
                act.add_fact(act.now, None, &domain::Fact::Lock(lock)).map(|_| ())
            }),
        );
        assert!(matches!(unknown, Err(Refusal::Invalid(_))));
        assert!(matches!(broken, Err(Refusal::Broken(_))), "{broken:?}");
        let id = match (given, double) {
            (Ok(id), Err(Refusal::Conflict("MANDATE_EXISTS")))
            | (Err(Refusal::Conflict("MANDATE_EXISTS")), Ok(id)) => id,
            other => panic!("{other:?}"),
        };
        app.end_mandate(&house.enter(&cecilia_key).await, "employer", id).await.unwrap();
        done += 2;
    }
    let head = app.status().await.unwrap().head.seq;
    assert_eq!(head, Seq(2 + done));
    let seqs = app.read(|tx| Ok(store::log::seqs(tx)?)).await.unwrap();
    assert_eq!(seqs, (1..=head.0).map(Seq).collect::<Vec<_>>());
    // No lock of the act that was not recorded.
    let party = cecilia.party();
    let facts = app.read(move |tx| Ok(store::facts::slice(tx, party, party)?)).await.unwrap();
    assert!(!facts.iter().any(|fact| fact.fact.kind() == "lock"));
    assert_eq!(house.records().await.iter().filter(|record| record.event == "act.refused").count(), 6);

    let waiting = || async { (app.status().await.unwrap().log_waiting == 0).then_some(()) };
    eventually("every record in the tree", waiting).await;
    let keys = read_keys(&app.log_keys().join("\n")).unwrap();
    let report = eventually("a checkpoint over the whole tree", || async {
        let report =
            app::log::verify(app.store(), keys.clone(), Vec::new(), house.clock.as_ref()).await.unwrap();
        let whole = report.checkpoint.as_ref().is_some_and(|checkpoint| checkpoint.size == report.size);
        (whole && report.waiting == 0).then_some(report)
    })
    .await;
    assert!(report.is_sound(), "{report}");
}
