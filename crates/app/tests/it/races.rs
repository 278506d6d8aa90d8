//! What two people do at the same moment: one wins, and nothing comes after a removal that was decided before it.

use crate::support::{CECILIA, ELIN, FARID, House, TestDatabase, on_both};
use app::mandates::NewMandate;
use app::{App, Refusal, Visit, Want};
use domain::{FactId, PartyId, Seq};
use std::time::Duration;

on_both!(two_administrators_end_each_other_and_one_remains, no_write_slips_past_a_removal);

const CREATE: &str = "employer.sickness_report.create";

fn administrator(person: crate::support::Person, permission: &str) -> NewMandate {
    NewMandate {
        number: person.number(),
        name: person.name.to_owned(),
        email: person.email(),
        permission: permission.to_owned(),
        last_day: None,
        need: "Vikarie".to_owned(),
    }
}

async fn mandate_of(app: &App, visit: &Visit, holder: PartyId) -> FactId {
    app.mandates(visit, "employer").await.unwrap().iter().find(|m| m.holder == holder).unwrap().id
}

// R-004-33 (part)
async fn two_administrators_end_each_other_and_one_remains(db: TestDatabase) {
    let house = House::furnished(db).await;
    let second = house.idle_node("second").await;
    let (cecilia_key, cecilia) = house.log_in_for_other(CECILIA).await;
    let (farid_key, farid) = house.log_in(FARID).await;
    house
        .app
        .give_mandate(&cecilia, "employer", administrator(FARID, "employer.administrator"))
        .await
        .unwrap();
    let farid = house.enter(&farid_key).await.person().max(farid.person());
    let visit = house.enter(&farid_key).await;
    house.app.switch_party(&visit, cecilia.party()).await.unwrap();

    for round in 0..20 {
        let here = house.enter(&cecilia_key).await;
        let there = house.enter_at(&second, &farid_key).await;
        let hers = mandate_of(&house.app, &here, here.person()).await;
        let his = mandate_of(&house.app, &here, farid).await;
        house.forget().await;
        let (by_her, by_him) = tokio::join!(
            house.app.end_mandate(&here, "employer", his),
            second.end_mandate(&there, "employer", hers),
        );
        // Whoever came second had no right any more.
        let (winner, loser_code) = match (&by_her, &by_him) {
            (Ok(()), Err(Refusal::NotAllowed { decision, .. })) => (&cecilia_key, decision.codes().next()),
            (Err(Refusal::NotAllowed { decision, .. }), Ok(())) => (&farid_key, decision.codes().next()),
            both => panic!("round {round}: {both:?}"),
        };
        assert_eq!(loser_code, Some("MANDATE_ENDED"), "round {round}");
        let events: Vec<_> = house.new_records().await.into_iter().map(|record| record.event).collect();
        assert_eq!(events.len(), 2, "round {round}: {events:?}");
        assert!(events.contains(&"mandate.ended".to_owned()) && events.contains(&"act.refused".to_owned()));
        // One remains, and appoints the other anew.
        let visit = house.enter(winner).await;
        let administrators = house.app.mandates(&visit, "employer").await.unwrap();
        let left = administrators.iter().filter(|m| m.permissions.contains("employer.administrator")).count();
        assert_eq!(left, 1, "round {round}");
        let other = if visit.person() == farid { CECILIA } else { FARID };
        house
            .app
            .give_mandate(&visit, "employer", administrator(other, "employer.administrator"))
            .await
            .unwrap();
    }
}

/// One user writes on one node while the administrator ends the user's mandate on another, 100 times on each engine.
// R-004-31 (part)
async fn no_write_slips_past_a_removal(db: TestDatabase) {
    let house = House::furnished(db).await;
    let second = house.idle_node("second").await;
    let (_, cecilia) = house.log_in_for_other(CECILIA).await;
    let (elin_key, elin) = house.log_in_for_other(ELIN).await;
    let (mut written, mut refused) = (0, 0);
    for round in 0..100 {
        let visit = house.enter_at(&second, &elin_key).await;
        let mandate = mandate_of(&house.app, &cecilia_now(&house, &cecilia).await, elin.person()).await;
        let object = round.to_string();
        let name = object.clone();
        let write = second.write(&visit, Want::to(CREATE, elin.party()), move |act| {
            // Decided, and slow: time for a removal to come in between, if it could.
            std::thread::sleep(Duration::from_millis(3));
            let head = store::seq::head(act.tx)?.seq;
            act.record("note.written", Some(name.clone()), &[], &[("head", head.to_string())]);
            Ok(())
        });
        // Who begins first differs from round to round.
        let end = house.app.end_mandate(&cecilia, "employer", mandate);
        let (done, ended) = if round % 2 == 0 {
            tokio::join!(write, end)
        } else {
            let (ended, done) = tokio::join!(end, write);
            (done, ended)
        };
        ended.unwrap();
        match done {
            Ok(()) => written += 1,
            Err(Refusal::NotAllowed { .. }) => refused += 1,
            Err(other) => panic!("round {round}: {other:?}"),
        }
        house.app.give_mandate(&cecilia, "employer", administrator(ELIN, "employer.user")).await.unwrap();
    }
    assert!(written > 0 && refused > 0, "no race: {written} written, {refused} refused");

    // By the records: what a write was decided on was still the head of all changes when its rows were written. Round n
    // removes by change 3 + 2n and gives back by 4 + 2n, so that a write of round n stands on change 2 + 2n.
    let records = house.records().await;
    let writes: Vec<_> = records.iter().filter(|record| record.event == "note.written").collect();
    assert_eq!(writes.len(), written);
    for write in writes {
        let round: u64 = write.object.as_deref().unwrap().parse().unwrap();
        let decided = write.decided.as_ref().unwrap();
        assert!(decided.allowed && write.seq.is_none());
        assert_eq!(decided.as_of, Seq(2 + 2 * round), "round {round}");
        assert_eq!(write.detail["head"], decided.as_of.to_string(), "round {round}");
    }
    let removals =
        records.iter().filter(|record| record.event == "mandate.ended").filter_map(|record| record.seq);
    assert_eq!(removals.collect::<Vec<_>>(), (0..100).map(|round| Seq(3 + 2 * round)).collect::<Vec<_>>());
}

/// The same session, knowing what this node knows now.
async fn cecilia_now(house: &House, visit: &Visit) -> Visit {
    Visit { session: visit.session.clone(), known: house.app.known() }
}
