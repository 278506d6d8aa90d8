//! Log-out told at the back: queued with the log-out, delivered as a signed token, again after a failure, given up in the end.

use super::client::{BACK, ISSUER, Pairs, enter, params, public, register, verified};
use crate::support::{ELIN, FARID, House, MINUTE, TestDatabase, eventually, on_both};
use app::oidc::Denied;
use oidc::jws::verify_own;
use oidc::{Client, ErrorCode, RedirectUri};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::oidc::logouts::{LEASE, Logout};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

on_both!(
    a_log_out_is_told_by_a_signed_token,
    a_log_out_waits_for_a_client_that_fails_and_gives_up_in_the_end,
    a_clients_wish_ends_the_session_that_it_names,
);

/// A client's own listener: what it was told, and the status that it answers with.
struct Listener {
    address: String,
    heard: Arc<Mutex<Vec<String>>>,
    status: Arc<Mutex<u16>>,
}

impl Listener {
    async fn start(status: u16) -> Self {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/told", socket.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let status = Arc::new(Mutex::new(status));
        let (into, answer) = (heard.clone(), status.clone());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = socket.accept().await {
                let (mut text, mut bytes) = (String::new(), vec![0; 8192]);
                while let Ok(read @ 1..) = stream.read(&mut bytes).await {
                    text.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
                    let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
                        let length = head
                            .to_lowercase()
                            .split("content-length: ")
                            .nth(1)
                            .map(|rest| rest.split("\r\n").next().unwrap().parse::<usize>().unwrap());
                        length.is_none_or(|length| body.len() >= length)
                    });
                    if whole {
                        break;
                    }
                }
                let status = *answer.lock().unwrap();
                let reply = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                into.lock().unwrap().push(text);
                drop(stream.write_all(reply.as_bytes()).await);
            }
        });
        Self { address, heard, status }
    }

    fn client(&self, id: &str) -> Client {
        let address = RedirectUri::parse(&self.address).unwrap();
        Client { backchannel_logout_uri: Some(address), ..public(id, "example") }
    }

    fn count(&self) -> usize {
        self.heard.lock().unwrap().len()
    }

    /// The token of the latest call.
    async fn token(&self, house: &House, calls: usize) -> String {
        let call = eventually("the client to be told", || async {
            house.wake();
            let heard = self.heard.lock().unwrap();
            (heard.len() >= calls).then(|| heard[calls - 1].clone())
        })
        .await;
        assert!(call.starts_with("POST /told HTTP/1.1\r\n"), "{call}");
        assert!(call.to_lowercase().contains("content-type: application/x-www-form-urlencoded\r\n"));
        call.split("logout_token=").nth(1).unwrap().to_owned()
    }
}

/// Those that wait for their client at this moment, without taking them.
async fn waiting(house: &House) -> Vec<Logout> {
    let now = domain::Clock::now(house.clock.as_ref());
    let found = Arc::new(Mutex::new(Vec::new()));
    let into = found.clone();
    let undone = house
        .app
        .store()
        .write(move |tx| {
            *into.lock().unwrap() = store::oidc::logouts::lease(tx, now, "a look", 100)?;
            Err::<(), _>(store::StoreError::Conflict)
        })
        .await;
    assert!(undone.is_err());
    let mut found = found.lock().unwrap();
    std::mem::take(&mut *found)
}

async fn a_log_out_is_told_by_a_signed_token(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = house.app.clone();
    let (shop, archive) = (Listener::start(200).await, Listener::start(204).await);
    register(&house, shop.client("shop")).await;
    register(&house, archive.client("archive")).await;
    register(&house, public("deaf", "example")).await;
    register(&house, public("never-entered", "example")).await;
    let (_, elin) = house.log_in(ELIN).await;
    let (_, farid) = house.log_in(FARID).await;
    let mut ids = Vec::new();
    for id in ["shop", "archive", "deaf", "shop"] {
        ids.push(verified(&app, &enter(&app, &elin, id, &[]).await));
    }
    enter(&app, &farid, "shop", &[]).await;
    house.forget().await;

    // With nobody at work it lies in the queue since the log-out's own transaction.
    house.stop_all();
    tokio::time::sleep(Duration::from_millis(200)).await;
    app.log_out(&elin).await.unwrap();
    let ended = app.logged_out(elin.session.id.unwrap()).await.unwrap().unwrap();
    let left: Vec<_> = ended.left.iter().map(|left| left.told).collect();
    assert_eq!(left, [true, false, true], "archive, deaf, shop: told, unable, told");
    let queued: Vec<_> =
        waiting(&house).await.into_iter().map(|logout| (logout.client, logout.sid)).collect();
    let sid = |n: usize| ids[n]["sid"].as_str().unwrap().to_owned();
    assert_eq!(queued.len(), 2, "{queued:?}");
    assert!(
        queued.contains(&("shop".to_owned(), sid(0))) && queued.contains(&("archive".to_owned(), sid(1)))
    );
    assert_eq!((shop.count(), archive.count()), (0, 0));
    assert_eq!(house.news().await, ["login session.ended Elin@Elin"]);
    // A second log-out is the same as once.
    app.log_out(&elin).await.unwrap();
    assert_eq!(waiting(&house).await.len(), 2);

    // Another node tells it.
    house.node("second").await;
    for (listener, id) in [(&shop, &ids[0]), (&archive, &ids[1])] {
        let token = listener.token(&house, 1).await;
        let told: Value = verify_own(&app.token_keys(), &token).unwrap();
        assert_eq!((&told["iss"], &told["aud"]), (&json!(ISSUER), &id["aud"]));
        assert_eq!((&told["sub"], &told["sid"]), (&id["sub"], &id["sid"]));
        assert!(told["events"]["http://schemas.openid.net/event/backchannel-logout"].is_object());
        assert_eq!(told["exp"].as_i64().unwrap() - told["iat"].as_i64().unwrap(), 120);
        assert!(told["jti"].is_string() && told.get("nonce").is_none());
        let text = told.to_string();
        assert!(!text.contains(ELIN.number) && !text.contains(&elin.person().to_string()));
    }
    eventually("nothing to wait any more", || async { waiting(&house).await.is_empty().then_some(()) }).await;
    house.pass(LEASE + MINUTE);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!((shop.count(), archive.count()), (1, 1), "told once, and Farid is still in");
}

async fn a_log_out_waits_for_a_client_that_fails_and_gives_up_in_the_end(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = house.app.clone();
    let shop = Listener::start(500).await;
    register(&house, shop.client("shop")).await;
    let (_, elin) = house.log_in(ELIN).await;
    enter(&app, &elin, "shop", &[]).await;
    app.log_out(&elin).await.unwrap();
    let first = shop.token(&house, 1).await;
    // Not again at once: in twenty seconds.
    settled(&house).await;
    house.pass(Duration::from_secs(19));
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(shop.count(), 1);
    house.pass(Duration::from_secs(1));
    let second = shop.token(&house, 2).await;
    let both: Vec<Value> =
        [&first, &second].map(|token| verify_own(&app.token_keys(), token).unwrap()).into();
    assert_ne!(both[0]["jti"], both[1]["jti"], "a token of its own at each attempt");
    assert_eq!(both[0]["sid"], both[1]["sid"]);
    // A client that has come back hears it.
    *shop.status.lock().unwrap() = 200;
    settled(&house).await;
    house.pass(Duration::from_secs(40));
    shop.token(&house, 3).await;
    house.pass(60 * MINUTE);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(shop.count(), 3);

    // One that never does is given up after ten attempts, within an hour and a half.
    *shop.status.lock().unwrap() = 500;
    let (_, elin) = house.log_in(ELIN).await;
    enter(&app, &elin, "shop", &[]).await;
    app.log_out(&elin).await.unwrap();
    for attempt in 1..=10 {
        shop.token(&house, 3 + attempt).await;
        settled(&house).await;
        house.pass(11 * MINUTE);
    }
    house.pass(120 * MINUTE);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(shop.count(), 13);
    assert_eq!(waiting(&house).await, []);
}

/// The answer to the last call has been written down: only then does its next time count.
async fn settled(house: &House) {
    let now = domain::Clock::now(house.clock.as_ref());
    eventually("the answer to be written down", || async {
        let leased = Arc::new(Mutex::new(0));
        let into = leased.clone();
        // A row under its lease is due after exactly that long; one that waits again is due at another time.
        let undone = house
            .app
            .store()
            .write(move |tx| {
                let early =
                    store::oidc::logouts::lease(tx, now + LEASE - Duration::from_secs(1), "a look", 100)?;
                let late = store::oidc::logouts::lease(tx, now + LEASE, "a look", 100)?;
                *into.lock().unwrap() = late.len();
                drop(early);
                Err::<(), _>(store::StoreError::Conflict)
            })
            .await;
        assert!(undone.is_err());
        (*leased.lock().unwrap() == 0).then_some(())
    })
    .await;
}

async fn a_clients_wish_ends_the_session_that_it_names(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    register(&house, public("shop", "example")).await;
    register(&house, public("other", "example")).await;
    let (_, elin) = house.log_in(ELIN).await;
    let (_, farid) = house.log_in(FARID).await;
    let hint = enter(app, &elin, "shop", &[]).await.id_token.unwrap();
    let of_other = enter(app, &elin, "other", &[]).await.id_token.unwrap();
    let back = "http://127.0.0.1:9999/";
    let wish = |pairs: Pairs<'_>, visit: &app::Visit| {
        let (app, params, visit) = (app.clone(), params(&pairs), visit.clone());
        async move { app.logout_wish(&params, Some(&visit)).await }
    };
    let pairs = |hint| vec![("id_token_hint", hint), ("post_logout_redirect_uri", back), ("state", "s & t")];
    let good = wish(pairs(&hint), &elin).await.unwrap();
    assert!(good.certain);
    assert_eq!(good.back.as_deref(), Some("http://127.0.0.1:9999/?state=s%20%26%20t"));
    // Another person's session is not ended by it: that visitor is asked.
    assert!(!wish(pairs(&hint), &farid).await.unwrap().certain);
    // Naming the client alone proves nothing.
    let named = vec![("client_id", "shop"), ("post_logout_redirect_uri", back)];
    assert!(!wish(named, &elin).await.unwrap().certain);
    // An address without a client leads nowhere.
    assert_eq!(wish(vec![("post_logout_redirect_uri", back)], &elin).await.unwrap().back, None);
    for (why, pairs) in [
        (
            "an address of the login",
            vec![("id_token_hint", hint.as_str()), ("post_logout_redirect_uri", BACK)],
        ),
        (
            "a foreign address",
            vec![("client_id", "shop"), ("post_logout_redirect_uri", "https://evil.example/")],
        ),
        ("of another client", vec![("client_id", "shop"), ("id_token_hint", of_other.as_str())]),
        ("no hint of ours", vec![("id_token_hint", "x.y.z")]),
    ] {
        match wish(pairs, &elin).await {
            Err(Denied::Fault(fault)) => assert_eq!(fault.code, ErrorCode::InvalidRequest, "{why}"),
            other => panic!("{why}: {other:?}"),
        }
    }
    // A hint lasts longer than the token was good for.
    house.pass(20 * MINUTE);
    assert!(wish(pairs(&hint), &elin).await.unwrap().certain);
}
