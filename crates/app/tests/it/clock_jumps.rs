//! A machine's clock that is set while the house is at work, or while nothing ran: nobody is believed by a wrong time.

use crate::support::{CECILIA, House, on_both};
use app::Refusal;
use app::session::{Entry, SecretKey};
use domain::Clock as _;
use std::time::Duration;
use store::testing::TestDatabase;

on_both!(a_node_that_is_off_denies_and_records_nothing, a_jump_that_the_operator_accepts_needs_no_restart);

const HOUR: Duration = Duration::from_secs(3_600);
const COUNT: Duration = Duration::from_secs(100);

async fn denied(app: &app::App, key: &SecretKey) -> bool {
    matches!(app.enter(key).await, Err(Refusal::Clock))
}

async fn open(app: &app::App, key: &SecretKey) -> bool {
    matches!(app.enter(key).await, Ok(Entry::Open(_)))
}

/// With and without their place.
async fn records(house: &House) -> u64 {
    let status = house.app.status().await.unwrap();
    status.log_size + status.log_waiting
}

async fn a_node_that_is_off_denies_and_records_nothing(db: TestDatabase) {
    let house = House::furnished(db).await;
    let (key, visit) = house.log_in(CECILIA).await;
    let last = records(&house).await;
    house.clock.count(COUNT);
    let now = house.clock.now();
    let server = house.app.store().server_time().await.unwrap();
    if let Some(server) = server {
        // These tests live in another year than the database server: a node there says no from the first request on.
        let off = house.idle_node("off").await;
        assert!(denied(&off, &key).await);
        let told = off.status().await.unwrap().clock_off;
        let apart = Duration::from_micros(now.micros().abs_diff(server.micros()));
        assert!(told.abs_diff(apart) < HOUR, "{told:?}, {apart:?}");
        return;
    }
    assert!(open(&house.app, &key).await);
    // A day ahead: the session has not ended by that, and no act is dated by it.
    house.clock.set(now + 24 * HOUR);
    assert!(denied(&house.app, &key).await);
    assert!(matches!(house.app.log_out(&visit).await, Err(Refusal::Clock)));
    assert_eq!(house.app.status().await.unwrap().clock_off, 24 * HOUR);
    house.clock.set(now);
    assert!(open(&house.app, &key).await);
    // An hour back: no session lives an hour longer.
    house.clock.set(now - HOUR);
    assert!(denied(&house.app, &key).await);
    assert_eq!(house.app.status().await.unwrap().clock_off, HOUR);
    // A node that starts by such a clock finds records that were made later.
    let late = house.node("late").await;
    assert!(denied(&late, &key).await);
    house.clock.set(now);
    assert!(open(&house.app, &key).await);
    for _ in 0..100 {
        if open(&late, &key).await {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(open(&late, &key).await, "set right, it goes on by itself");
    assert_eq!(records(&house).await, last, "nothing was recorded meanwhile");
}

/// The clock was ten minutes behind, and has been set right.
async fn a_jump_that_the_operator_accepts_needs_no_restart(db: TestDatabase) {
    let house = House::furnished(db).await;
    let (key, _) = house.log_in(CECILIA).await;
    house.clock.count(COUNT);
    let now = house.clock.now();
    if house.app.store().server_time().await.unwrap().is_some() {
        // The database server knows better than the operator.
        assert!(!house.app.accept_the_clock().await.unwrap().is_zero());
        assert!(denied(&house.app, &key).await);
        return;
    }
    assert!(house.app.accept_the_clock().await.unwrap().is_zero(), "a clock that is right is left alone");
    house.clock.set(now + HOUR / 6);
    assert!(denied(&house.app, &key).await);
    assert!(house.app.accept_the_clock().await.unwrap().is_zero());
    assert!(open(&house.app, &key).await);
    let told: Vec<_> =
        house.records().await.into_iter().filter(|record| record.event == "clock.accepted").collect();
    let [record] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!((record.at, record.detail["off_seconds"].as_str()), (now + HOUR / 6, "600"));
    // Back again is before the newest record: nobody may say that this is right.
    house.clock.set(now);
    assert!(house.app.accept_the_clock().await.unwrap() > Duration::from_secs(500));
    assert!(denied(&house.app, &key).await);
}
