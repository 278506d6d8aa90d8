//! The first two officers: two invitations, two people, and no right before the second has confirmed.

use crate::support::{ASTRID, BENGT, CECILIA, House, TestDatabase, code, invalid, not_allowed, on_both};
use app::application::Filter;
use app::invitation::Standing;

on_both!(two_people_become_officers_together, an_invitation_serves_one_person_once);

async fn two_people_become_officers_together(db: TestDatabase) {
    let house = House::empty(db).await;
    let (astrid_key, astrid) = house.log_in(ASTRID).await;
    let (bengt_key, bengt) = house.log_in(BENGT).await;
    house.forget().await;
    let app = &house.app;
    let codes = [house.invitations[0].grouped(), house.invitations[1].grouped()];

    assert_eq!(app.invitation_standing(&astrid).await.unwrap(), None);
    // As it is read out: small letters, no hyphens.
    let typed = codes[0].to_lowercase().replace('-', " ");
    let first = app.redeem_invitation(&astrid, &typed, &ASTRID.email()).await.unwrap();
    assert_eq!(first, Standing::WaitingForTheOther);
    assert_eq!(code(app.confirm_first_officers(&astrid).await), "INVITATION_NOT_OPEN");
    assert_eq!(
        house.news().await,
        [
            "attempt invitation.refused Astrid@Exempelmyndigheten code=INVITATION_NOT_OPEN fault=user",
            "attempt invitation.used Astrid@Exempelmyndigheten",
        ]
    );

    let second = app.redeem_invitation(&bengt, &codes[1], &BENGT.email()).await.unwrap();
    assert_eq!(second, Standing::ConfirmOther(astrid.person()));
    assert_eq!(app.invitation_standing(&astrid).await.unwrap(), Some(Standing::WaitingForConfirmation));
    // Both have been used, and still neither has any right: to see, or to be seen as somebody who acts for the agency.
    for key in [&astrid_key, &bengt_key] {
        let visit = house.enter(key).await;
        assert_eq!(app.choices(&visit).len(), 1);
        assert_eq!(not_allowed(app.applications(&visit, Filter::Open).await), ["NO_MANDATE"]);
        assert!(app.switch_party(&visit, app.agency()).await.is_err());
    }
    // The first cannot confirm for the second, nor anybody without an invitation.
    let (_, cecilia) = house.log_in(CECILIA).await;
    for visit in [&astrid, &cecilia] {
        assert_eq!(code(app.confirm_first_officers(visit).await), "INVITATION_NOT_OPEN");
    }
    assert_eq!(
        house.news().await,
        [
            "attempt invitation.refused Astrid@Exempelmyndigheten code=INVITATION_NOT_OPEN fault=user",
            "attempt invitation.refused Cecilia@Exempelmyndigheten code=INVITATION_NOT_OPEN fault=user",
            "attempt invitation.used Bengt@Exempelmyndigheten",
            "login login.done Cecilia@Cecilia evidence=1 method=bankid",
            "refusal act.refused Astrid@Exempelmyndigheten platform.application.read:NO_MANDATE fault=user",
            "refusal act.refused Bengt@Exempelmyndigheten platform.application.read:NO_MANDATE fault=user",
            "refusal session.switch_refused Astrid@Exempelmyndigheten fault=user",
            "refusal session.switch_refused Bengt@Exempelmyndigheten fault=user",
        ]
    );

    app.confirm_first_officers(&bengt).await.unwrap();
    assert_eq!(house.news().await, ["change officers.confirmed #2 Bengt@Exempelmyndigheten"]);
    assert_eq!(code(app.confirm_first_officers(&bengt).await), "INVITATION_NOT_OPEN");
    for key in [&astrid_key, &bengt_key] {
        // At the next request, without a new login.
        let visit = house.enter(key).await;
        assert_eq!(app.invitation_standing(&visit).await.unwrap(), Some(Standing::Done));
        assert_eq!(app.choices(&visit)[1].party, app.agency());
        assert!(app.applications(&visit, Filter::Open).await.unwrap().is_empty());
    }
    assert_eq!(
        house.news().await,
        ["attempt invitation.refused Bengt@Exempelmyndigheten code=INVITATION_NOT_OPEN fault=user"]
    );
    // The mandates are facts of that one change.
    let agency = app.agency();
    let facts = app.read(move |tx| Ok(store::facts::as_known_at(tx, domain::Seq(2), agency)?)).await.unwrap();
    let since_two = facts.iter().filter(|fact| fact.seq_from == domain::Seq(2)).count();
    assert_eq!(since_two, 2);
}

async fn an_invitation_serves_one_person_once(db: TestDatabase) {
    let house = House::empty(db).await;
    let (_, astrid) = house.log_in(ASTRID).await;
    let (_, bengt) = house.log_in(BENGT).await;
    let app = &house.app;
    let codes = [house.invitations[0].grouped(), house.invitations[1].grouped()];
    app.redeem_invitation(&astrid, &codes[0], &ASTRID.email()).await.unwrap();
    house.forget().await;

    // The same person again: the same answer, and no second record.
    let again = app.redeem_invitation(&astrid, &codes[0], &ASTRID.email()).await.unwrap();
    assert_eq!(again, Standing::WaitingForTheOther);
    assert_eq!(house.news().await, [""; 0]);
    // One person cannot be both.
    let both = app.redeem_invitation(&astrid, &codes[1], &ASTRID.email()).await;
    assert_eq!(code(both), "INVITATION_SAME_PERSON");
    // A used code looks like an unknown one.
    let unknown = [("code", "INVITATION_UNKNOWN")];
    assert_eq!(invalid(app.redeem_invitation(&bengt, &codes[0], &BENGT.email()).await), unknown);
    let foreign = "0123456789ABCDEFGHJKMNPQR";
    assert_eq!(invalid(app.redeem_invitation(&bengt, foreign, &BENGT.email()).await), unknown);
    assert_eq!(
        house.news().await,
        [
            "attempt invitation.refused Astrid@Exempelmyndigheten code=INVITATION_SAME_PERSON fault=user",
            "attempt invitation.refused Bengt@Exempelmyndigheten code=INVITATION_UNKNOWN fault=user",
            "attempt invitation.refused Bengt@Exempelmyndigheten code=INVITATION_UNKNOWN fault=user",
        ]
    );
    // What is no code at all is a slip of the keyboard.
    assert_eq!(invalid(app.redeem_invitation(&bengt, "12345", &BENGT.email()).await), unknown);
    assert_eq!(invalid(app.redeem_invitation(&bengt, &codes[1], "bengt").await), [("email", "EMAIL_FORM")]);
    assert_eq!(house.news().await, [""; 0]);
    assert_eq!(app.invitation_standing(&bengt).await.unwrap(), None);

    // Two browsers of one person, both codes in the same moment: one is taken.
    let house = House::empty(match &house.database.url {
        store::StoreUrl::Sqlite(_) => store::testing::sqlite().unwrap(),
        store::StoreUrl::Postgres(_) => store::testing::postgres().await.unwrap(),
    })
    .await;
    let (_, here) = house.log_in(ASTRID).await;
    let (_, there) = house.log_in(ASTRID).await;
    let codes = [house.invitations[0].grouped(), house.invitations[1].grouped()];
    let email = ASTRID.email();
    let (one, other) = tokio::join!(
        house.app.redeem_invitation(&here, &codes[0], &email),
        house.app.redeem_invitation(&there, &codes[1], &email),
    );
    assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|ok| **ok).count(), 1, "{one:?} {other:?}");
    assert_eq!(code(house.app.confirm_first_officers(&here).await), "INVITATION_NOT_OPEN");
}
