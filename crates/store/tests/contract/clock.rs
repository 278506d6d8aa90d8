//! Domain time: it only grows, and not in production.

use crate::support::{World, at, on_both, world};
use domain::PartyId;
use std::time::Duration;
use store::{
    StoreError, clock,
    installation::{self, Environment, Installation},
    testing::TestDatabase,
};

on_both!(a_clock_only_goes_forward, a_production_store_has_no_other_time,);

async fn marked(db: TestDatabase, environment: Environment) -> World {
    let w = world(db).await;
    let mark = Installation {
        environment,
        origin: "behorig.example.se".into(),
        agency: PartyId::from_bytes([3; 16]),
        epoch: 1,
        created_at: at(0),
    };
    w.store.write(move |tx| installation::create(tx, &mark)).await.unwrap();
    w
}

const HOUR: Duration = Duration::from_secs(3600);

async fn a_clock_only_goes_forward(db: TestDatabase) {
    let w = marked(db, Environment::Test).await;
    assert_eq!(w.store.read(clock::ahead).await, Ok(Duration::ZERO));
    for (to, ahead) in [(HOUR, HOUR), (2 * HOUR, 2 * HOUR), (HOUR, 2 * HOUR), (Duration::ZERO, 2 * HOUR)] {
        assert_eq!(w.store.write(move |tx| clock::raise(tx, to)).await, Ok(ahead));
    }
    assert_eq!(w.store.read(clock::ahead).await, Ok(2 * HOUR));
    // Two movers: the further one counts, whoever is last.
    let (a, b) = tokio::join!(
        w.store.write(move |tx| clock::raise(tx, 9 * HOUR)),
        w.store.write(move |tx| clock::raise(tx, 5 * HOUR)),
    );
    assert_eq!(a, Ok(9 * HOUR));
    assert!(b == Ok(5 * HOUR) || b == Ok(9 * HOUR), "{b:?}");
    assert_eq!(w.store.read(clock::ahead).await, Ok(9 * HOUR));
}

async fn a_production_store_has_no_other_time(db: TestDatabase) {
    let w = marked(db, Environment::Production).await;
    let refused = w.store.write(|tx| clock::raise(tx, HOUR)).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))), "{refused:?}");
    assert_eq!(w.store.read(clock::ahead).await, Ok(Duration::ZERO));
}
