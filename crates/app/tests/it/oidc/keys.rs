//! The keys that sign tokens, turned while people log in: no e-service meets a token that its copy of the keys does not know.

use super::client::{code_of, enter, params, public, redeeming, register, request};
use crate::support::{ELIN, House, MINUTE, TestDatabase, TestEntropy, eventually, on_both};
use app::keys::Turn;
use app::{Refusal, Stop};
use keyring::{KeyId, Purpose};
use oidc::jws::verify_own;
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

on_both!(keys_are_turned_under_logins, a_key_signs_only_after_it_was_published);

async fn turn(house: &House, turn: Turn) -> Result<KeyId, Stop> {
    let (clock, entropy) = (house.clock.clone(), Arc::new(TestEntropy));
    app::keys::rotate(
        house.app.store(),
        Arc::new(house.master()),
        Purpose::Tokens,
        turn,
        (clock.clone(), clock),
        entropy,
    )
    .await
}

async fn taken_up(house: &House, app: &app::App, key: &KeyId) {
    eventually("the node to take up the turned key", || async {
        house.wake();
        (app.ring().active_id(Purpose::Tokens).unwrap() == key).then_some(())
    })
    .await;
}

async fn keys_are_turned_under_logins(db: TestDatabase) {
    let house = House::furnished(db).await;
    let second = house.node("second").await;
    register(&house, public("shop", "example")).await;
    let (key, elin) = house.log_in(ELIN).await;
    let nodes = [house.app.clone(), second.clone()];
    // Logins on both nodes all the time; each ID token as it came.
    let on = Arc::new(AtomicBool::new(true));
    let entered = Arc::new(AtomicUsize::new(0));
    let entering: Vec<_> = nodes
        .iter()
        .cloned()
        .map(|node| {
            let (on, entered, elin) = (on.clone(), entered.clone(), elin.clone());
            tokio::spawn(async move {
                let mut tokens = Vec::new();
                while on.load(Ordering::Relaxed) {
                    let code = code_of(node.authorize(&params(&request("shop", &[])), Some(&elin)).await);
                    match node.token(&params(&redeeming("shop", &code))).await {
                        Ok(got) => {
                            tokens.push(got.id_token.unwrap());
                            entered.fetch_add(1, Ordering::Relaxed);
                        }
                        // The clock was moved past the code's minute just now: no fault of a key.
                        Err(denied) => assert!(format!("{denied:?}").contains("InvalidGrant"), "{denied:?}"),
                    }
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                tokens
            })
        })
        .collect();
    let mut kids = Vec::new();
    // What an e-service fetched before each turn and keeps for its five minutes.
    let first = house.app.token_keys();
    for _ in 0..3 {
        let (here, there) = (nodes[0].token_keys(), nodes[1].token_keys());
        assert_eq!(here, there, "every node publishes the same");
        let active = turn(&house, Turn::Safely).await.unwrap();
        for node in &nodes {
            taken_up(&house, node, &active).await;
            let tokens = enter(node, &elin, "shop", &[]).await.id_token.unwrap();
            // By the keys that were published before the turn.
            assert!(verify_own::<Value>(&here, &tokens).is_ok());
        }
        kids.push(active.to_string());
        // Two may have been signed before, one on each node: with four more there are some by the new key.
        let before = entered.load(Ordering::Relaxed);
        eventually("logins under the new key", || async {
            (entered.load(Ordering::Relaxed) >= before + 4).then_some(())
        })
        .await;
        house.pass(10 * MINUTE);
        house.enter(&key).await;
    }
    on.store(false, Ordering::Relaxed);
    let mut seen = std::collections::BTreeSet::new();
    let mut count = 0;
    let now = house.app.token_keys();
    for task in entering {
        for token in task.await.unwrap() {
            // Retired keys stay published: whatever was signed under way still verifies.
            assert!(verify_own::<Value>(&now, &token).is_ok());
            let kid = now.iter().find(|key| verify_own::<Value>(std::slice::from_ref(*key), &token).is_ok());
            seen.insert(kid.unwrap().kid.clone());
            count += 1;
        }
    }
    assert!(kids.iter().all(|kid| seen.contains(kid)), "no login came between two turns: {count}");
    assert_eq!(first.len() + 3, now.len());
}

async fn a_key_signs_only_after_it_was_published(db: TestDatabase) {
    let house = House::furnished(db).await;
    house.forget().await;
    // The first two were made together.
    let before = house.app.token_keys();
    assert_eq!(before.len(), 2, "one in use, one announced");
    house.pass(MINUTE);
    let active = turn(&house, Turn::Safely).await.unwrap();
    assert!(before.iter().any(|key| key.kid == active.to_string()));
    taken_up(&house, &house.app, &active).await;
    let published = house.app.token_keys();
    assert_eq!(published.len(), 3);
    // The one that was announced a moment ago is in nobody's copy yet.
    for wait in [Duration::ZERO, 10 * MINUTE - Duration::from_secs(1)] {
        house.pass(wait);
        let refused = turn(&house, Turn::Safely).await;
        assert!(matches!(refused, Err(Stop::No(Refusal::Conflict("KEY_TOO_YOUNG")))), "{refused:?}");
    }
    let lines = ["system key.turned –@Exempelmyndigheten purpose=tokens"];
    assert_eq!(house.news().await, lines, "what was refused was not done");
    // A key that others know is turned all the same.
    let active = turn(&house, Turn::AtOnce).await.unwrap();
    assert!(published.iter().any(|key| key.kid == active.to_string()));
    house.pass(10 * MINUTE);
    assert!(turn(&house, Turn::Safely).await.is_ok());
}
