//! A new version of the catalogue: shown as who gains and who loses, refused where it must be, recorded with its counts.

use crate::support::{
    CECILIA, ELIN, House, Person, TestDatabase, TestEntropy, catalogue_with, code, on_both,
};
use app::new_catalogue::{Applied, Preview, apply_catalogue, preview};
use app::{Refusal, Stop};
use authority::Turn;
use catalogue::{Catalogue, Source};
use domain::fact::{MethodPhase, MethodState, Right};
use domain::{Clock as _, Fact, FactId, PartyId, Seq};
use std::sync::Arc;

on_both!(
    what_is_shown_is_what_happens,
    what_live_facts_name_is_not_dropped,
    published_terms_are_not_altered,
    a_version_that_cannot_be_read_is_replaced_and_says_so,
);

fn with(from: &str, to: &str) -> Catalogue {
    let catalogue = catalogue_with(|text| text.replace(from, to));
    assert_ne!(catalogue, catalogue_with(str::to_owned), "{from}");
    catalogue
}

/// Users lose the reading of their own reports and gain that of all.
fn users_read_all() -> Catalogue {
    with(
        "  \"employer.sickness_report.read_own\",\n  \"employer.sickness_report.withdraw\",\n",
        "  \"employer.sickness_report.read_all\",\n  \"employer.sickness_report.withdraw\",\n",
    )
}

async fn shown(house: &House, catalogue: &Catalogue) -> Option<Preview> {
    preview(house.app.store(), catalogue.clone(), house.clock.clone()).await.unwrap()
}

async fn apply(house: &House, catalogue: &Catalogue) -> Result<Applied, Refusal> {
    let (clock, entropy) = (house.clock.clone(), Arc::new(TestEntropy));
    apply_catalogue(house.app.store(), catalogue.clone(), clock, entropy).await.map_err(|stop| match stop {
        Stop::No(refusal) => refusal,
        other => panic!("{other:?}"),
    })
}

/// The party of someone who has logged in.
async fn party(house: &House, person: Person) -> PartyId {
    house.log_in(person).await.1.person()
}

async fn what_is_shown_is_what_happens(db: TestDatabase) {
    let house = House::furnished(db).await;
    let (key, visit) = house.log_in(ELIN).await;
    let elin = visit.person();
    let before = house.app.known();
    let [haulier] = before
        .index
        .parties()
        .into_iter()
        .filter(|party| holds(&house, *party, elin, "read_own"))
        .collect::<Vec<_>>()[..]
    else {
        panic!("Elin is a user at one employer");
    };
    house.forget().await;

    let new = users_read_all();
    let told = shown(&house, &new).await.unwrap();
    let effects = told.effects.clone().unwrap();
    assert_eq!((told.in_force, told.refused()), (Some(before.catalogue_seq), None));
    let changed: Vec<_> = effects.changes.iter().map(|c| (c.what, c.id.as_str())).collect();
    assert_eq!(changed, [("package", "employer.user")]);
    let people: Vec<_> = effects
        .people
        .iter()
        .map(|d| (d.party, d.person, d.turn, d.permission.rsplit('.').next().unwrap(), d.right))
        .collect();
    assert_eq!(
        people,
        [
            (haulier, elin, Turn::Gains, "read_all", Right::Use),
            (haulier, elin, Turn::Loses, "read_own", Right::Use),
        ]
    );
    assert_eq!((effects.count(Turn::Gains), effects.count(Turn::Loses)), (1, 1));
    // Looking changed nothing and left nothing.
    assert_eq!(house.app.latest().await.unwrap().head, before.head);
    assert_eq!(house.news().await, [""; 0]);

    let seq = Seq(before.head.seq.0 + 1);
    assert_eq!(apply(&house, &new).await.unwrap(), Applied::New(seq, Box::new(told)));
    assert_eq!(
        house.news().await,
        [format!("system catalogue.applied #{seq} –@Exempelmyndigheten gained=1 lost=1")]
    );
    // At the next request, without a new login.
    house.enter(&key).await;
    assert!(holds(&house, haulier, elin, "read_all") && !holds(&house, haulier, elin, "read_own"));

    // The same once more is no change, and takes no number.
    assert_eq!(shown(&house, &new).await, None);
    assert_eq!(apply(&house, &new).await.unwrap(), Applied::Same);
    // Another telephone number: a change that takes and gives nothing.
    let telephone = catalogue_with(|text| text.replace("08-465 004 10", "08-465 004 19"));
    let told = shown(&house, &telephone).await.unwrap().effects.unwrap();
    assert_eq!(told.changes.iter().map(|c| c.what).collect::<Vec<_>>(), ["contact", "package"]);
    assert_eq!((told.count(Turn::Gains), told.count(Turn::Loses)), (1, 1), "the package is put back");
    assert_eq!(house.app.latest().await.unwrap().head.seq, seq);
    assert_eq!(house.news().await, [""; 0]);
}

/// Whether someone may use a permission of sickness reports for a party, by what the node knows.
fn holds(house: &House, party: PartyId, person: PartyId, permission: &str) -> bool {
    let (known, at) = (house.app.known(), house.clock.now());
    let permission = format!("employer.sickness_report.{permission}");
    let found = authority::holders(
        &known.index,
        &known.catalogue,
        house.app.agency(),
        party,
        &permission,
        Right::Use,
        at,
    );
    found.iter().any(|holder| holder.person == person)
}

async fn what_live_facts_name_is_not_dropped(db: TestDatabase) {
    let house = House::furnished(db).await;
    let elin = party(&house, ELIN).await;
    let head = house.app.latest().await.unwrap().head;
    house.forget().await;
    // Elin's mandate names the package, whatever else may be called so.
    let renamed = with("\"employer.user\"", "\"employer.sender\"");
    let told = shown(&house, &renamed).await.unwrap();
    assert_eq!(told.refused(), Some("CATALOGUE_IN_USE"));
    let named: Vec<_> = told.in_use.iter().map(|u| (u.what, u.id.as_str(), u.facts.len())).collect();
    assert_eq!(named, [("permission", "employer.user", 1)]);
    let mandate = *told.in_use[0].facts.first().unwrap();
    assert_eq!(holder_of(&house, mandate), Some(elin));
    assert_eq!(code(apply(&house, &renamed).await), "CATALOGUE_IN_USE");
    // Connections and acceptances name their service and version, and the method is switched on by a fact.
    let text = include_str!("../../../../catalogue/platform.toml");
    let text = text.replace("[method.bankid]", "[method.freja]").replace("[\"bankid\"]", "[\"freja\"]");
    let platform = Source { file: "platform.toml".to_owned(), text };
    let without = Catalogue::parse(&[platform], &[]).unwrap();
    let told = shown(&house, &without).await.unwrap();
    let mut named: Vec<_> = told.in_use.iter().map(|u| (u.what, u.id.as_str(), u.facts.len())).collect();
    named.retain(|(what, ..)| *what != "permission");
    assert_eq!(
        named,
        [("method", "bankid", 1), ("service", "employer", 2), ("terms", "employer 2024-12-20", 2)]
    );
    // With the service its published terms would go as well, and that is told first.
    assert_eq!(code(apply(&house, &without).await), "TERMS_ALTERED");
    assert_eq!(house.app.latest().await.unwrap().head, head, "a refusal uses no number");
    assert_eq!(house.news().await, [""; 0]);

    // What has ended stands in nobody's way; what has yet to begin does.
    let withdrawn = MethodState { method: "sms".into(), service: None, phase: MethodPhase::Withdrawn };
    let coming = MethodState { method: "card".into(), service: None, phase: MethodPhase::Active };
    let now = house.clock.now();
    let day = std::time::Duration::from_secs(86_400);
    let write = move |tx: &mut store::Tx<'_>| {
        let seq = store::seq::take(tx)?;
        let mut add = |fact: &MethodState, from, to| {
            store::facts::add(tx, seq, FactId::new(&TestEntropy), from, to, &Fact::MethodState(fact.clone()))
        };
        add(&withdrawn, now, None)?;
        add(&MethodState { method: "fax".into(), ..coming.clone() }, now - day, Some(now))?;
        add(&coming, now + day, None)?;
        Ok::<_, Stop>(())
    };
    house.app.store().write(write).await.unwrap();
    let told = shown(&house, &with("value = 21", "value = 22")).await.unwrap();
    assert_eq!(told.in_use.iter().map(|u| u.id.as_str()).collect::<Vec<_>>(), ["card"]);
}

fn holder_of(house: &House, mandate: FactId) -> Option<PartyId> {
    use authority::FactsView as _;
    house.app.known().index.mandate(mandate).map(|mandate| mandate.says.holder)
}

// R-004-51 (part)
async fn published_terms_are_not_altered(db: TestDatabase) {
    let house = House::furnished(db).await;
    let head = house.app.latest().await.unwrap().head;
    house.forget().await;
    for altered in [
        with("tre månader", "två månader"),
        with("three months", "two months"),
        with("in_force_from = \"2024-12-20\"", "in_force_from = \"2024-12-21\""),
        with("version = \"2024-12-20\"", "version = \"2024-12-21\""),
    ] {
        let told = shown(&house, &altered).await.unwrap();
        assert_eq!(told.refused(), Some("TERMS_ALTERED"));
        assert_eq!(told.effects.unwrap().altered_terms.len(), 1);
        assert_eq!(code(apply(&house, &altered).await), "TERMS_ALTERED");
    }
    assert_eq!(house.app.latest().await.unwrap().head, head);
    assert_eq!(house.news().await, [""; 0]);
}

/// After a change of the stored form the files are applied anew: nobody can say what differs, so nothing is said, and
/// what live facts name, the accepted text among it, is kept all the same.
async fn a_version_that_cannot_be_read_is_replaced_and_says_so(db: TestDatabase) {
    let house = House::furnished(db).await;
    let cecilia = party(&house, CECILIA).await;
    house.forget().await;
    let real = catalogue_with(str::to_owned);
    let broken = move |tx: &mut store::Tx<'_>| {
        let seq = store::seq::take(tx)?;
        let stored = store::catalogues::StoredCatalogue {
            seq,
            hash: [1; 32],
            body: "{\"format\":0}".to_owned(),
            applied_at: domain::Instant::from_micros(0),
        };
        store::catalogues::insert(tx, &stored)?;
        Ok::<_, Stop>(seq)
    };
    let seq = house.app.store().write(broken).await.unwrap();
    let altered = with("tre månader", "två månader");
    assert_eq!(code(apply(&house, &altered).await), "CATALOGUE_IN_USE");
    let told = shown(&house, &real).await.unwrap();
    assert_eq!((told.in_force, &told.effects, told.refused()), (Some(seq), &None, None));
    assert!(matches!(apply(&house, &real).await.unwrap(), Applied::New(..)));
    let next = Seq(seq.0 + 1);
    assert_eq!(house.news().await, [format!("system catalogue.applied #{next} –@Exempelmyndigheten")]);
    assert_eq!(house.app.latest().await.unwrap().catalogue_seq, next);
    assert!(house.app.own_name(cecilia).await.is_ok());
}
