//! Documents 000 and 002: methods, and who gets in.

use super::*;

// R-002-04
#[test]
fn a_private_person_acts_for_oneself_with_no_choice_and_no_mandate() {
    let catalogue = catalogue();
    let mut facts = Facts::default();
    facts.method("bankid", MethodPhase::Active, day(0), None);
    let parties = parties_of(&facts.slice(), &catalogue, AGENCY, FARID, day(5));
    assert_eq!(parties.iter().map(|p| p.party).collect::<Vec<_>>(), [FARID]);
    let decision = ask(&facts, &catalogue, &question(FARID, FARID, "platform.mandate.read_own", day(5)));
    assert!(decision.allowed);
    for kind in [LinkKind::MethodPolicy, LinkKind::Connection, LinkKind::Terms, LinkKind::Mandate] {
        assert_eq!(decision.link(kind), &Verdict::NotAsked);
    }
    // What is one's own is not another's.
    let decision = ask(&facts, &catalogue, &question(FARID, ELIN, "platform.mandate.read_own", day(5)));
    assert_eq!(codes(&decision), [code::NO_MANDATE]);
}

// R-002-06 (part)
#[test]
fn an_employer_without_a_connection_in_force_is_refused_as_not_connected() {
    let (catalogue, mut facts, _) = haulier();
    let connection = facts.versions.iter().find(|v| matches!(v.fact, Fact::Connection(_))).unwrap().id;
    let asked = question(CECILIA, HAULIER, GIVE, day(5));
    facts.replace(connection, None, day(7), None);
    let decision = ask(&facts, &catalogue, &asked);
    assert_eq!(codes(&decision), [code::PARTY_NOT_CONNECTED]);
    assert_eq!(decision.broken().next().unwrap().1.since, Some(day(7)));
    facts.replace(connection, None, day(0), Some(day(4)));
    let decision = ask(&facts, &catalogue, &asked);
    assert_eq!(codes(&decision), [code::PARTY_DEREGISTERED]);
    assert_eq!(decision.broken().next().unwrap().1.since, Some(day(4)));
}

// R-002-07
#[test]
fn a_person_without_a_user_mandate_is_refused_as_not_authorised_by_this_employer() {
    let (catalogue, facts, _) = haulier();
    let decision = ask(&facts, &catalogue, &question(FARID, HAULIER, CREATE, day(5)));
    let (link, broken) = decision.broken().next().unwrap();
    assert_eq!((link, broken.code), (LinkKind::Mandate, code::NO_MANDATE));
    assert_eq!(broken.mender, Mender::OrganisationAdministrator);
}

// R-002-08
#[test]
fn no_role_at_the_agency_gives_a_user_mandate_at_an_employer() {
    let (catalogue, mut facts, administrator) = haulier();
    let roles: Vec<&str> = catalogue
        .services()
        .flat_map(|s| s.packages.values())
        .filter(|p| p.holder == MandateKind::AgencyRole)
        .map(|p| p.id.as_str())
        .collect();
    assert!(roles.len() >= 7);
    let root = facts.mandate(role(BENGT, "platform.authorisation_administrator", None), day(0), None);
    for package in roles {
        facts.mandate(role(ASTRID, package, Some(root)), day(0), None);
    }
    let mandate = user_of(HAULIER, ELIN, "employer.user", None);
    for giver in [ASTRID, BENGT] {
        let answer = may_give(&facts.slice(), &catalogue, CATALOGUE, &gift(giver, HAULIER, &mandate, day(5)));
        assert!(!answer.allowed);
        // The refusal sends the person to the employer and names no administrator.
        let no_mandate = answer.decision.broken().find(|(kind, _)| *kind == LinkKind::Mandate).unwrap().1;
        assert_eq!((no_mandate.code, no_mandate.fact), (code::NO_MANDATE, None));
        assert_eq!(no_mandate.mender, Mender::OrganisationAdministrator);
        assert!(answer.broken.iter().all(|b| b.fact != Some(administrator)));
    }
    // Nor by registering one without a giver, nor by letting it stand on a role at the agency.
    let registration = Registration {
        party: HAULIER,
        agency: AGENCY,
        kind: MandateKind::User,
        permissions: &mandate.permissions,
        rights: &mandate.rights,
        valid_from: day(5),
        valid_to: None,
    };
    assert_eq!(may_register(&catalogue, &registration).unwrap_err().code, code::RULE_GIVES);
    let asked = question(ELIN, HAULIER, CREATE, day(5));
    for (parent, told) in [(None, code::RULE_GIVES), (Some(root), code::CHAIN_BROKEN)] {
        let mut facts = facts.clone();
        facts.mandate(Mandate { parent, ..mandate.clone() }, day(1), None);
        assert_eq!(codes(&ask(&facts, &catalogue, &asked)), [told]);
    }
}

// R-002-09
#[test]
fn connected_and_authorised_hold_together_and_a_stranger_learns_nothing_of_the_connection() {
    let catalogue = catalogue();
    let asked = question(ELIN, HAULIER, CREATE, day(5));
    let mut told_to_strangers = Vec::new();
    for connected in [true, false] {
        for authorised in [true, false] {
            let mut facts = Facts::default();
            let root = facts.employer(&catalogue, HAULIER, CECILIA);
            if !connected {
                let connection =
                    facts.versions.iter().find(|v| matches!(v.fact, Fact::Connection(_))).unwrap().id;
                facts.end(connection, day(4));
                facts.lock(HAULIER, day(4));
                facts.policy(HAULIER, "employer", &["freja"], day(4));
            }
            if authorised {
                facts.mandate(user_of(HAULIER, ELIN, CREATE, Some(root)), day(1), None);
            }
            let decision = ask(&facts, &catalogue, &asked);
            assert_eq!(decision.allowed, connected && authorised);
            let broken = codes(&decision);
            assert_eq!(broken.contains(&code::PARTY_DEREGISTERED), !connected);
            assert_eq!(broken.contains(&code::NO_MANDATE), !authorised);
            if authorised {
                assert_eq!(decision.for_subject(), decision, "whoever has a tie is told all");
            } else {
                told_to_strangers.push(decision.for_subject());
            }
        }
    }
    // Connected or not: the stranger's answers cannot be told apart.
    let [connected, unconnected] = &told_to_strangers[..] else { panic!() };
    assert_eq!(connected.links, unconnected.links);
    assert_eq!(codes(connected), [code::NO_MANDATE]);
}

// R-002-11 (part)
#[test]
fn a_method_works_from_the_set_instant_and_not_the_second_before() {
    let (catalogue, mut facts, _) = haulier();
    let bankid = facts.versions[0].id;
    let instant = day(5);
    facts.replace(bankid, None, instant, None);
    let before = Instant::from_micros(instant.micros() - 1_000_000);
    let decision = ask(&facts, &catalogue, &question(CECILIA, HAULIER, GIVE, before));
    assert_eq!(codes(&decision), [code::METHOD_NOT_ALLOWED]);
    assert_eq!(decision.broken().next().unwrap().1.since, Some(instant));
    assert!(ask(&facts, &catalogue, &question(CECILIA, HAULIER, GIVE, instant)).allowed);
}

// R-000-14 (part)
#[test]
fn a_method_is_refused_after_its_period_and_yesterdays_answer_stays_yes() {
    let (catalogue, mut facts, _) = haulier();
    let bankid = facts.versions[0].id;
    facts.replace(bankid, None, day(0), Some(day(5)));
    let at = |n| ask(&facts, &catalogue, &question(CECILIA, HAULIER, GIVE, day(n)));
    assert!(at(4).allowed);
    let decision = at(6);
    let broken = decision.broken().next().unwrap().1;
    assert_eq!((broken.code, broken.since), (code::METHOD_WITHDRAWN, Some(day(5))));
    // A withdrawal in the one service wins over a method that is active everywhere.
    let mut facts = haulier().1;
    let withdrawn = MethodState {
        method: "bankid".to_owned(),
        service: Some("employer".to_owned()),
        phase: MethodPhase::Withdrawn,
    };
    facts.add(Fact::MethodState(withdrawn), day(5), None);
    assert_eq!(
        codes(&ask(&facts, &catalogue, &question(CECILIA, HAULIER, GIVE, day(6)))),
        [code::METHOD_WITHDRAWN]
    );
    assert!(
        ask(&facts, &catalogue, &question(CECILIA, CECILIA, "platform.mandate.read_own", day(6))).allowed
    );
}

// R-000-05 (part)
#[test]
fn an_organisation_narrows_the_methods_of_its_people_and_never_widens_them() {
    let (catalogue, mut facts, _) = haulier();
    facts.policy(HAULIER, "employer", &["freja", "sms"], day(3));
    let decision = ask(&facts, &catalogue, &question(CECILIA, HAULIER, GIVE, day(5)));
    let (link, broken) = decision.broken().next().unwrap();
    assert_eq!((link, broken.code), (LinkKind::MethodPolicy, code::METHOD_NOT_ALLOWED));
    // A method that the service does not accept stays refused, whatever the organisation allows.
    let session = Session { method: "sms", assurance: Assurance::Level3 };
    let asked = Question { session, ..question(CECILIA, HAULIER, GIVE, day(5)) };
    assert!(matches!(ask(&facts, &catalogue, &asked).link(LinkKind::Method), Verdict::Broken(_)));
}

// R-000-10
#[test]
fn a_mandate_of_tomorrow_of_yesterday_and_under_a_lock_is_refused_with_its_reason_and_date() {
    let (catalogue, facts, administrator) = haulier();
    let told = |from, to, lock: bool| {
        let mut facts = facts.clone();
        facts.mandate(user_of(HAULIER, ELIN, CREATE, Some(administrator)), from, to);
        if lock {
            facts.lock(ELIN, day(3));
        }
        let decision = ask(&facts, &catalogue, &question(ELIN, HAULIER, CREATE, day(5)));
        let broken = decision.broken().next().map(|(_, broken)| (broken.code, broken.since));
        broken.unwrap()
    };
    assert_eq!(told(day(6), None, false), (code::MANDATE_NOT_YET, Some(day(6))));
    assert_eq!(told(day(1), Some(day(4)), false), (code::MANDATE_ENDED, Some(day(4))));
    assert_eq!(told(day(1), None, true), (code::LOCKED, Some(day(3))));
}
