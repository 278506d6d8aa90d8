//! What a client may demand of the login: none, a new one, another party, a young one, a level.

use super::client::{
    answer, code_of, params, public, redeeming, register, request, resumed, told_back, verified,
};
use crate::support::{ELIN, House, MINUTE, TestDatabase, on_both};
use app::oidc::{Came, Step};
use serde_json::json;

on_both!(no_page_is_shown_where_none_may_be, a_new_login_is_a_new_one, a_level_is_met_or_refused);

async fn no_page_is_shown_where_none_may_be(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    register(&house, public("shop", "example")).await;
    let silent = request("shop", &[("prompt", "none")]);
    assert_eq!(told_back(app.authorize(&params(&silent), None).await), "login_required");
    let (_, elin) = house.log_in_for_other(ELIN).await;
    code_of(app.authorize(&params(&silent), Some(&elin)).await);
    // Too old is as good as none.
    house.pass(5 * MINUTE);
    let young = request("shop", &[("prompt", "none"), ("max_age", "60")]);
    assert_eq!(told_back(app.authorize(&params(&young), Some(&elin)).await), "login_required");

    // Who has a choice may be asked for it; the second time round it has been made.
    let choose = request("shop", &[("prompt", "select_account")]);
    let step = app.authorize(&params(&choose), Some(&elin)).await;
    let Ok(Step::Choose { handle }) = step else { panic!("{step:?}") };
    app.switch_party(&elin, elin.person()).await.unwrap();
    let mut own = elin.clone();
    own.session.party = elin.person();
    let code = code_of(app.resume(&handle, Some(&own), Came::Chosen).await);
    let tokens = app.token(&params(&redeeming("shop", &code))).await.unwrap();
    assert_eq!(verified(app, &tokens)["urn:behorig:claim:party"]["type"], "person");
    // No consent is asked for, whatever the client wants: what is told rests on the catalogue.
    code_of(app.authorize(&params(&request("shop", &[("prompt", "consent")])), Some(&elin)).await);
}

async fn a_new_login_is_a_new_one(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    register(&house, public("shop", "example")).await;
    let (_, before) = house.log_in(ELIN).await;
    for demand in [("prompt", "login"), ("max_age", "0"), ("max_age", "60")] {
        house.pass(2 * MINUTE);
        let step = app.authorize(&params(&request("shop", &[demand])), Some(&before)).await;
        let Ok(Step::LogIn { handle, .. }) = &step else { panic!("{demand:?}: {step:?}") };
        // The same old session does not do, however often it comes back.
        let still = app.resume(handle, Some(&before), Came::Chosen).await;
        assert!(matches!(still, Ok(Step::LogIn { .. })), "{demand:?}: {still:?}");
        let (_, after) = house.log_in(ELIN).await;
        // However long the visitor looked at the pages since.
        house.pass(3 * MINUTE);
        let code = code_of(resumed(app, step, &after).await);
        let tokens = app.token(&params(&redeeming("shop", &code))).await.unwrap();
        let id = verified(app, &tokens);
        assert_eq!(id["auth_time"].as_i64(), Some(after.session.opened_at.seconds()), "{demand:?}");
        assert!(after.session.opened_at > before.session.opened_at);
    }
    // Young enough is let through.
    let (_, young) = house.log_in(ELIN).await;
    house.pass(MINUTE);
    code_of(app.authorize(&params(&request("shop", &[("max_age", "60")])), Some(&young)).await);
}

async fn a_level_is_met_or_refused(db: TestDatabase) {
    let house = House::furnished(db).await;
    let app = &house.app;
    register(&house, public("shop", "example")).await;
    let (_, elin) = house.log_in(ELIN).await;
    let demand = |acr: serde_json::Value| json!({"id_token": {"acr": acr}}).to_string();
    let level = |n: u8| format!("http://id.elegnamnden.se/loa/1.0/loa{n}");
    for (acr, met) in [
        (json!({"essential": true, "value": level(3)}), true),
        (json!({"essential": true, "values": [level(4), level(3)]}), true),
        (json!({"essential": true, "values": [level(4)]}), false),
        // A higher level is another value than the one asked for.
        (json!({"essential": true, "values": [level(2)]}), false),
        (json!({"essential": true, "value": "urn:mace:incommon:iap:silver"}), false),
        (json!({"essential": true}), true),
        (json!({"values": [level(4)]}), true),
    ] {
        let claims = demand(acr.clone());
        let step = app.authorize(&params(&request("shop", &[("claims", &claims)])), Some(&elin)).await;
        match met {
            true => {
                let code = code_of(step);
                let tokens = app.token(&params(&redeeming("shop", &code))).await.unwrap();
                assert_eq!(verified(app, &tokens)["acr"], level(3), "{acr}");
            }
            false => assert_eq!(told_back(step), "unmet_authentication_requirements", "{acr}"),
        }
    }
    // A wish is no demand.
    let wish = level(4);
    let step = app.authorize(&params(&request("shop", &[("acr_values", &wish)])), Some(&elin)).await;
    let Ok(Step::Done { location }) = step else { panic!("{step:?}") };
    assert!(answer(&location).contains_key("code"));
}
