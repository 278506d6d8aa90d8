//! A stranger's flood: held by its source and minute, counted in one record, and nobody else notices. What has long ended
//! is forgotten.

use super::client::{Signer, enter, fault, params, public, register, request};
use crate::support::{ELIN, FARID, House, MINUTE, TestDatabase, browser, eventually, on_both};
use app::identify::Browser;
use app::oidc::Denied;
use app::session::Entry;
use app::{MOST_PER_SOURCE, Refusal, Stop};
use login::VisibleText;
use login::text::TextFormat;
use oidc::ErrorCode;
use std::net::IpAddr;
use std::time::Duration;

on_both!(a_flood_is_held_counted_once_and_touches_nobody_else, what_ended_long_ago_is_forgotten,);

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn address(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// Orders and requests that wait.
async fn waiting(house: &House) -> u64 {
    let now = house.app.wall_now();
    let count = move |tx: &mut store::Tx<'_>| {
        Ok::<_, Stop>(store::orders::waiting(tx)? + store::oidc::requests::waiting(tx, now)?)
    };
    house.app.store().read(count).await.unwrap()
}

async fn log_in_from(house: &House, from: IpAddr) -> Result<(), Refusal> {
    let browser = Browser { address: from, ..browser() };
    let text = VisibleText::for_login("Logga in hos Exempelmyndigheten", TextFormat::Plain).unwrap();
    house.app.begin_login(&browser, "employer", text, None).await.map(drop)
}

async fn a_flood_is_held_counted_once_and_touches_nobody_else(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    let signer = Signer::new();
    register(&house, public("shop", "example")).await;
    register(&house, signer.client("till", "example")).await;
    let (key, elin) = house.log_in(ELIN).await;
    let tokens = enter(app, &elin, "shop", &[]).await;
    house.forget().await;
    let (stranger, neighbour, other) =
        (address("2001:db8:1:2::1"), address("2001:db8:1:2:ffff::7"), address("2001:db8:1:3::1"));
    for _ in 0..MOST_PER_SOURCE {
        app.admit(stranger).unwrap();
    }
    let before = waiting(&house).await;

    // From the same network neither a login nor a request is begun; nothing is asked of the provider, nothing is kept.
    for _ in 0..3 {
        let held = log_in_from(&house, neighbour).await;
        assert!(
            matches!(held, Err(Refusal::TooMany(left)) if left <= MINUTE && left.as_secs() >= 1),
            "{held:?}"
        );
    }
    let push = request("shop", &[]);
    let held = app.push(&params(&push), stranger).await;
    assert!(matches!(held, Err(Denied::Refused(Refusal::TooMany(_)))), "{held:?}");
    assert_eq!(waiting(&house).await, before);

    // An e-service that proves itself is no stranger, whatever its address; a false proof gets no further than before.
    let with_proof = |jti: &str| {
        let assertion = signer.assertion(&house, "till", jti);
        let mut pairs = request("till", &[]);
        pairs.extend([("client_assertion_type", super::client::ASSERTION), ("client_assertion", &assertion)]);
        params(&pairs)
    };
    app.push(&with_proof("1"), stranger).await.unwrap();
    assert_eq!(fault(app.push(&with_proof("1"), stranger).await), ErrorCode::InvalidClient);

    // Who is logged in goes on: pages, tokens and the way into another e-service. Others log in as ever.
    assert!(matches!(app.enter(&key).await.unwrap(), Entry::Open(_)));
    assert!(app.userinfo(&tokens.access_token).await.is_ok());
    enter(app, &elin, "shop", &[]).await;
    log_in_from(&house, other).await.unwrap();
    assert_eq!(app.floods().refused, 4);
    house.log_in(FARID).await;
    house.forget().await;

    // The minute over, it may begin anew, and one record tells of all four, without the address.
    house.pass(MINUTE);
    log_in_from(&house, stranger).await.unwrap();
    let record = eventually("the flood's record", || async {
        house.wake();
        house.records().await.into_iter().find(|record| record.event == "flood.counted")
    })
    .await;
    assert_eq!(record.detail["refused"], "4");
    assert_eq!((record.actor, record.party, record.object.as_deref()), (None, None, None));
    let source = &record.detail["source"];
    assert!(source.len() == 16 && source.bytes().all(|b| b.is_ascii_hexdigit()), "{source}");
    assert!(!source.contains("20010db800010002"), "no address, in no form");
    house.pass(MINUTE);
    house.wake();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let floods = house.records().await.into_iter().filter(|record| record.event == "flood.counted");
    assert_eq!(floods.count(), 1, "once");
}

async fn what_ended_long_ago_is_forgotten(db: TestDatabase) {
    let house = House::furnished(db).await;
    let (key, _) = house.log_in(ELIN).await;
    let asked = house.ask(&house.app).await;
    house.pass(6 * DAY);
    house.wake();
    // Ended, and still known to have been there.
    assert!(matches!(house.app.enter(&key).await.unwrap(), Entry::Ended));
    house.pass(2 * DAY);
    eventually("sessions and orders to be forgotten", || async {
        house.wake();
        let order = house.app.order_page(asked.id, &asked.browser).await;
        let session = house.app.enter(&key).await.unwrap();
        (matches!(order, Err(Refusal::NotFound)) && matches!(session, Entry::None)).then_some(())
    })
    .await;
    house.log_in(ELIN).await;
}
