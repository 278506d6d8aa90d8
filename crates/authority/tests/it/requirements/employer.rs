//! Document 004: the general terms of the employers' services.

use super::*;

// R-004-05
#[test]
fn a_connection_opens_the_group_but_gives_nobody_a_permission() {
    let (catalogue, mut facts, _) = haulier();
    let at = day(5);
    // Another service, beside the group, with a permission of its own.
    let other = EMPLOYER.replace("id = \"employer\"", "id = \"grants\"").replace("\"employer.", "\"grants.");
    let wider = parse(PLATFORM, &other);
    facts.mandate(user_of(HAULIER, ELIN, "grants.user", None), day(1), None);
    let asked = question(ELIN, HAULIER, "grants.sickness_report.create", at);
    assert!(codes(&ask(&facts, &wider, &asked)).contains(&code::PARTY_NOT_CONNECTED));
    // A permission added later to the group is there, and no user has it before it is given.
    let later = EMPLOYER.replace(
        "[[permission]]\nid = \"employer.mandate.read\"",
        "[[permission]]\nid = \"employer.grant.apply\"\nname = { sv = \"Bidrag\", en = \"Grant\" }\nrelation = \"organisation\"\n\
         holder = \"user\"\nrecord = \"change\"\ndata = \"ordinary\"\n\n[[permission]]\nid = \"employer.mandate.read\"",
    );
    let later = later.replace(
        "gives = [\"employer.administrator\", \"employer.user\",",
        "gives = [\"employer.administrator\", \"employer.grant.apply\", \"employer.user\",",
    );
    let later = parse(PLATFORM, &later);
    let root = facts.versions.iter().find(|v| v.fact.subject() == Some(CECILIA)).unwrap().id;
    facts.mandate(user_of(HAULIER, DAVID, "employer.user", Some(root)), day(1), None);
    let asked = question(DAVID, HAULIER, "employer.grant.apply", at);
    assert_eq!(codes(&ask(&facts, &later, &asked)), [code::MANDATE_SCOPE]);
    facts.mandate(user_of(HAULIER, DAVID, "employer.grant.apply", Some(root)), day(1), None);
    assert!(ask(&facts, &later, &asked).allowed);
    let _ = catalogue;
}

// R-004-06
#[test]
fn exactly_two_kinds_of_holder_exist_at_an_employer_each_with_its_own_rights() {
    let catalogue = catalogue();
    let employer = catalogue.service("employer").unwrap();
    let kinds: BTreeSet<MandateKind> = employer
        .permissions
        .values()
        .filter(|p| p.relation == catalogue::Relation::Organisation)
        .filter_map(|p| p.holder)
        .collect();
    assert_eq!(kinds, set(&[MandateKind::Administrator, MandateKind::User]));
    let of = |kind| -> BTreeSet<&str> {
        let of_kind = employer.packages.values().filter(|p| p.holder == kind);
        of_kind.flat_map(|p| p.permissions.iter().map(String::as_str)).collect()
    };
    assert!(of(MandateKind::Administrator).is_disjoint(&of(MandateKind::User)));
}

// R-004-07
#[test]
fn nobody_has_access_by_being_employed_or_by_the_connection() {
    let (catalogue, facts, _) = haulier();
    for permission in catalogue.service("employer").unwrap().permissions.keys() {
        let decision = ask(&facts, &catalogue, &question(FARID, HAULIER, permission, day(5)));
        assert!(codes(&decision).contains(&code::NO_MANDATE), "{permission}");
    }
}

// R-004-10
#[test]
fn a_user_with_the_mandate_may_submit_and_without_it_may_not() {
    let (catalogue, mut facts, administrator) = haulier();
    let asked = question(ELIN, HAULIER, CREATE, day(5));
    assert_eq!(codes(&ask(&facts, &catalogue, &asked)), [code::NO_MANDATE]);
    let user = facts.mandate(user_of(HAULIER, ELIN, CREATE, Some(administrator)), day(4), None);
    let decision = ask(&facts, &catalogue, &asked);
    assert!(decision.allowed);
    assert_eq!(
        decision.chain,
        [user, administrator],
        "the chain leads to the one whom the agency registered"
    );
    assert_eq!((decision.as_of, decision.catalogue), (facts.head, CATALOGUE));
    // For another employer's matter it is worth nothing.
    facts.employer(&catalogue, BAKERY, DAVID);
    assert_eq!(codes(&ask(&facts, &catalogue, &question(ELIN, BAKERY, CREATE, day(5)))), [code::NO_MANDATE]);
}

// R-004-11
#[test]
fn an_administrator_does_not_submit_and_a_user_does_not_give() {
    let (catalogue, mut facts, administrator) = haulier();
    facts.mandate(user_of(HAULIER, ELIN, "employer.user", Some(administrator)), day(1), None);
    let submit = ask(&facts, &catalogue, &question(CECILIA, HAULIER, CREATE, day(5)));
    assert_eq!(codes(&submit), [code::RIGHT_MISSING]);
    let give = ask(&facts, &catalogue, &question(ELIN, HAULIER, GIVE, day(5)));
    assert_eq!(codes(&give), [code::MANDATE_SCOPE]);
    let mandate = user_of(HAULIER, FARID, "employer.user", None);
    let answer = may_give(&facts.slice(), &catalogue, CATALOGUE, &gift(ELIN, HAULIER, &mandate, day(5)));
    assert!(!answer.allowed && answer.parent.is_none() && !answer.decision.allowed);
    assert_eq!(answer.broken.iter().map(|b| b.code).collect::<Vec<_>>(), [code::GIVE_NOT_HELD]);
    // Not even a mandate that says so makes a user a giver.
    let mut wide = user_of(HAULIER, ELIN, "employer.user", Some(administrator));
    wide.rights = set(&ALL_RIGHTS);
    facts.mandate(wide.clone(), day(1), None);
    let asked = Question { right: Right::Give, ..question(ELIN, HAULIER, CREATE, day(5)) };
    assert_eq!(codes(&ask(&facts, &catalogue, &asked)), [code::RIGHT_MISSING]);
    let answer = may_give(&facts.slice(), &catalogue, CATALOGUE, &gift(CECILIA, HAULIER, &wide, day(5)));
    assert_eq!(answer.broken.iter().map(|b| b.code).collect::<Vec<_>>(), [code::GIVE_KIND]);
}

// R-004-22
#[test]
fn the_acceptance_binds_the_organisation_whoever_leaves() {
    let (catalogue, mut facts, first) = haulier();
    let second = facts.mandate(administrator_of(HAULIER, DAVID, Some(first)), day(1), None);
    facts.mandate(user_of(HAULIER, ELIN, CREATE, Some(second)), day(1), None);
    // Cecilia, who was named in the application, leaves; David takes her place.
    let answer = may_end(&facts.slice(), &catalogue, CATALOGUE, &ending(DAVID, first, day(3)));
    assert!(answer.allowed);
    assert_eq!(answer.handover, [Handover { mandate: second, parent: None }]);
    facts.replace(second, Some(Fact::Mandate(administrator_of(HAULIER, DAVID, None))), day(1), None);
    facts.end(first, day(3));
    let decision = ask(&facts, &catalogue, &question(ELIN, HAULIER, CREATE, day(5)));
    assert!(
        decision.allowed
            && matches!(decision.link(LinkKind::Terms), Verdict::Holds { facts } if facts.len() == 1)
    );
    // A new administrator need not accept for herself.
    facts.mandate(administrator_of(HAULIER, FARID, Some(second)), day(4), None);
    assert!(ask(&facts, &catalogue, &question(FARID, HAULIER, GIVE, day(5))).allowed);
}

// R-004-24
#[test]
fn a_user_who_never_logged_in_has_the_mandate_at_the_first_login() {
    let (catalogue, mut facts, administrator) = haulier();
    let mandate = user_of(HAULIER, ELIN, "employer.user", None);
    let answer = may_give(&facts.slice(), &catalogue, CATALOGUE, &gift(CECILIA, HAULIER, &mandate, day(5)));
    assert!(answer.allowed && answer.broken.is_empty());
    assert_eq!(answer.parent, Some(administrator));
    facts.mandate(Mandate { parent: answer.parent, ..mandate }, day(5), None);
    assert!(ask(&facts, &catalogue, &question(ELIN, HAULIER, CREATE, day(5))).allowed);
}

// R-004-25
#[test]
fn an_administrator_registers_another_and_the_chain_stays_visible() {
    let (catalogue, mut facts, first) = haulier();
    let mandate = administrator_of(HAULIER, DAVID, None);
    let answer = may_give(&facts.slice(), &catalogue, CATALOGUE, &gift(CECILIA, HAULIER, &mandate, day(2)));
    assert_eq!(answer.parent, Some(first));
    let second = facts.mandate(Mandate { parent: answer.parent, ..mandate }, day(2), None);
    let third = facts.mandate(administrator_of(HAULIER, ELIN, Some(second)), day(2), None);
    let user = facts.mandate(user_of(HAULIER, FARID, CREATE, Some(third)), day(2), None);
    let decision = ask(&facts, &catalogue, &question(FARID, HAULIER, CREATE, day(5)));
    assert_eq!(decision.chain, [user, third, second, first]);
    // Three steps are the most: a fourth administrator in the row cannot give.
    let fourth = facts.mandate(administrator_of(HAULIER, FARID, Some(third)), day(2), None);
    let gifted = user_of(HAULIER, ASTRID, CREATE, None);
    let answer = may_give(&facts.slice(), &catalogue, CATALOGUE, &gift(FARID, HAULIER, &gifted, day(5)));
    let why: Vec<_> = answer.broken.iter().map(|b| (b.code, b.fact)).collect();
    assert_eq!(why, [(code::GIVE_TOO_DEEP, Some(fourth))]);
    facts.mandate(Mandate { parent: Some(fourth), ..gifted }, day(5), None);
    let decision = ask(&facts, &catalogue, &question(ASTRID, HAULIER, CREATE, day(5)));
    assert_eq!(codes(&decision), [code::CHAIN_BROKEN]);
}

// R-004-31
#[test]
fn what_is_taken_away_is_gone_at_the_next_question() {
    let (catalogue, mut facts, administrator) = haulier();
    let user = facts.mandate(user_of(HAULIER, ELIN, "employer.user", Some(administrator)), day(1), None);
    let asked = question(ELIN, HAULIER, CREATE, day(5));
    assert!(ask(&facts, &catalogue, &asked).allowed);
    let answer = may_end(&facts.slice(), &catalogue, CATALOGUE, &ending(CECILIA, user, day(5)));
    assert!(answer.allowed && answer.handover.is_empty());
    facts.end(user, day(5));
    let decision = ask(&facts, &catalogue, &asked);
    let ended = decision.broken().next().unwrap().1;
    assert_eq!((ended.code, ended.fact, ended.since), (code::MANDATE_ENDED, Some(user), Some(day(5))));
    assert_eq!(ended.mender, Mender::OrganisationAdministrator);
    // A user ends nobody, and an administrator nobody elsewhere.
    let bakery = facts.employer(&catalogue, BAKERY, DAVID);
    for (by, mandate) in [(ELIN, administrator), (CECILIA, bakery)] {
        assert!(!may_end(&facts.slice(), &catalogue, CATALOGUE, &ending(by, mandate, day(5))).allowed);
    }
}

// R-004-33 (part)
#[test]
fn the_last_administrator_cannot_be_ended_without_a_successor_or_the_end_of_the_connection() {
    let (catalogue, mut facts, first) = haulier();
    let alone = may_end(&facts.slice(), &catalogue, CATALOGUE, &ending(CECILIA, first, day(5)));
    assert_eq!(alone.broken.iter().map(|b| b.code).collect::<Vec<_>>(), [code::RULE_NEEDS_SUCCESSOR]);
    // One whose time runs out is no successor of one without an end, nor is one who is locked.
    let brief = facts.mandate(administrator_of(HAULIER, DAVID, Some(first)), day(1), Some(day(9)));
    assert!(!may_end(&facts.slice(), &catalogue, CATALOGUE, &ending(DAVID, first, day(5))).allowed);
    facts.replace(brief, None, day(1), None);
    let mut locked = facts.clone();
    locked.lock(DAVID, day(4));
    assert!(!may_end(&locked.slice(), &catalogue, CATALOGUE, &ending(CECILIA, first, day(5))).allowed);
    // David is a successor; by him or by herself Cecilia ends at once.
    for by in [DAVID, CECILIA] {
        let answer = may_end(&facts.slice(), &catalogue, CATALOGUE, &ending(by, first, day(5)));
        assert!(answer.allowed, "{answer:?}");
    }
    // With the connection ended nobody needs to be left.
    let (catalogue, mut gone, first) = haulier();
    let connection = gone.versions.iter().find(|v| matches!(v.fact, Fact::Connection(_))).unwrap().id;
    gone.end(connection, day(5));
    let answer = may_end(&gone.slice(), &catalogue, CATALOGUE, &ending(CECILIA, first, day(6)));
    assert!(answer.broken.is_empty());
}

// R-004-55
#[test]
fn a_connection_runs_on_until_somebody_acts() {
    let (catalogue, facts, _) = haulier();
    let decision = ask(&facts, &catalogue, &question(CECILIA, HAULIER, GIVE, day(20 * 365)));
    assert!(decision.allowed);
}

// R-004-15, R-004-42
#[test]
fn a_login_by_an_unlisted_or_weaker_method_opens_no_employer_service() {
    let (catalogue, mut facts, _) = haulier();
    facts.method("sms", MethodPhase::Active, day(0), None);
    let with = |method, assurance| {
        let session = Session { method, assurance };
        codes(&ask(&facts, &catalogue, &Question { session, ..question(CECILIA, HAULIER, GIVE, day(5)) }))
    };
    assert_eq!(with("bankid", Assurance::Level3), [""; 0]);
    // Also with a session at a high level: what a method is worth is the catalogue's to say.
    assert_eq!(with("sms", Assurance::Level4), [code::METHOD_NOT_ALLOWED, code::LOA_TOO_LOW]);
    assert_eq!(with("password", Assurance::Level3), [code::METHOD_NOT_ALLOWED, code::LOA_TOO_LOW]);
    assert_eq!(with("bankid", Assurance::Level2), [code::LOA_TOO_LOW]);
}

// R-004-54
#[test]
fn silence_on_new_terms_does_not_end_the_connection_unless_the_operator_says_so() {
    let (old, facts, _) = haulier();
    let asked = question(CECILIA, HAULIER, GIVE, day(5));
    assert!(ask(&facts, &old, &asked).allowed);
    let with_new = |earlier: &str| {
        let new = format!(
            "[[terms]]\nversion = \"2025-01-04\"\nin_force_from = \"2025-01-04\"\nearlier_acceptance = \"{earlier}\"\n\
             text = {{ sv = \"terms/new.sv.md\", en = \"terms/new.en.md\" }}\n\n# ---- Sickness reports."
        );
        parse(PLATFORM, &EMPLOYER.replace("# ---- Sickness reports.", &new))
    };
    assert!(ask(&facts, &with_new("continues"), &asked).allowed);
    let lapsing = with_new("lapses");
    // The day before it is in force nothing has changed.
    assert!(ask(&facts, &lapsing, &question(CECILIA, HAULIER, GIVE, day(2))).allowed);
    let decision = ask(&facts, &lapsing, &asked);
    assert_eq!(codes(&decision), [code::TERMS_NOT_ACCEPTED]);
    let terms = &lapsing.service("employer").unwrap().terms[1];
    assert_eq!(decision.broken().next().unwrap().1.since, Some(terms.in_force_at()));
    // Accepted, but of another text than the one published, is not accepted.
    let mut wrong = facts.clone();
    wrong.accept(HAULIER, &terms.version, [9; 32], day(4));
    assert_eq!(codes(&ask(&wrong, &lapsing, &asked)), [code::TERMS_NOT_ACCEPTED]);
    let mut right = facts;
    right.accept(HAULIER, &terms.version, terms.hash, day(4));
    assert!(ask(&right, &lapsing, &asked).allowed);
}

// R-004-23
#[test]
fn two_officials_register_and_confirm_and_neither_is_the_administrator_to_be() {
    let catalogue = catalogue();
    let mut facts = Facts::default();
    facts.method("bankid", MethodPhase::Active, day(0), None);
    let root = facts.mandate(role(CECILIA, "platform.authorisation_administrator", None), day(0), None);
    for officer in [ASTRID, BENGT] {
        facts.mandate(role(officer, "platform.connection_officer", Some(root)), day(0), None);
    }
    let step = |who, step: &str, taken: &[(&str, PartyId)], beneficiary| {
        let taken: Vec<Taken<'_>> = taken.iter().map(|(step, by)| Taken { step, by: *by }).collect();
        let context = Context { taken: &taken, beneficiary };
        codes(&ask(&facts, &catalogue, &Question { context, ..question(who, AGENCY, step, day(5)) }))
    };
    let (register, confirm) = ("platform.application.register", "platform.application.confirm");
    let none: [&str; 0] = [];
    assert_eq!(step(ASTRID, register, &[], Some(DAVID)), none);
    assert_eq!(step(BENGT, confirm, &[(register, ASTRID)], Some(DAVID)), none);
    let two = [code::RULE_TWO_PERSONS];
    assert_eq!(step(ASTRID, confirm, &[(register, ASTRID)], Some(DAVID)), two, "the same person");
    assert_eq!(step(BENGT, confirm, &[], Some(DAVID)), two, "nothing is registered");
    assert_eq!(step(BENGT, confirm, &[(register, ASTRID)], Some(BENGT)), two, "the own benefit");
    assert_eq!(step(ASTRID, register, &[], Some(ASTRID)), two, "the own benefit");
    // The same rule for the first two officers of an installation.
    let taken = [Taken { step: "invitation.redeem", by: ASTRID }];
    let context = Context { taken: &taken, beneficiary: None };
    assert!(two_persons(&catalogue, "invitation.confirm", BENGT, context).is_ok());
    assert!(two_persons(&catalogue, "invitation.confirm", ASTRID, context).is_err());
    assert!(two_persons(&catalogue, "invitation.confirm", BENGT, Context::NONE).is_err());
}

// R-004-20, R-004-24
#[test]
fn the_agency_registers_the_first_administrator_and_gives_its_own_roles() {
    let catalogue = catalogue();
    let administrator = administrator_of(HAULIER, CECILIA, None);
    let registration = |party, mandate: &Mandate| {
        let registration = Registration {
            party,
            agency: AGENCY,
            kind: mandate.kind,
            permissions: &mandate.permissions,
            rights: &mandate.rights,
            valid_from: day(1),
            valid_to: None,
        };
        may_register(&catalogue, &registration).map_err(|broken| broken.code)
    };
    assert_eq!(registration(HAULIER, &administrator), Ok(()));
    let first_officer =
        Mandate { permissions: catalogue.first_officer_packages(), ..role(ASTRID, "platform.auditor", None) };
    assert_eq!(registration(AGENCY, &first_officer), Ok(()));
    // A role at the agency is no employer's to have.
    assert_eq!(registration(HAULIER, &first_officer), Err(code::GIVE_KIND));
    let nothing = Mandate { permissions: words(&[]), ..administrator };
    assert_eq!(registration(HAULIER, &nothing), Err(code::GIVE_NOTHING));
    // The authorisation administration gives roles, to others than itself, and takes them away.
    let mut facts = Facts::default();
    facts.method("bankid", MethodPhase::Active, day(0), None);
    let officer = facts.mandate(first_officer, day(0), None);
    let given = Mandate { rights: set(&[Right::Use]), ..role(BENGT, "employer.sickness_officer", None) };
    let answer = may_give(&facts.slice(), &catalogue, CATALOGUE, &gift(ASTRID, AGENCY, &given, day(5)));
    assert_eq!(answer.parent, Some(officer));
    let to_self = Mandate { holder: ASTRID, ..given };
    let answer = may_give(&facts.slice(), &catalogue, CATALOGUE, &gift(ASTRID, AGENCY, &to_self, day(5)));
    assert_eq!(answer.broken.iter().map(|b| b.code).collect::<Vec<_>>(), [code::GIVE_TO_SELF]);
}

// R-004-25
#[test]
fn a_giver_gives_only_by_a_mandate_in_force() {
    let (catalogue, mut facts, first) = haulier();
    // David may administer today; what he may give on is over, or has not begun.
    let narrow = Mandate { rights: set(&[Right::Use]), ..administrator_of(HAULIER, DAVID, Some(first)) };
    facts.mandate(narrow, day(0), None);
    facts.mandate(administrator_of(HAULIER, DAVID, Some(first)), day(0), Some(day(4)));
    facts.mandate(administrator_of(HAULIER, DAVID, Some(first)), day(8), None);
    let mandate = user_of(HAULIER, ELIN, CREATE, None);
    for (from, to) in [(day(5), None), (day(5), Some(day(6))), (day(9), None)] {
        let gift = Gift { valid_from: from, valid_to: to, ..gift(DAVID, HAULIER, &mandate, day(5)) };
        let answer = may_give(&facts.slice(), &catalogue, CATALOGUE, &gift);
        assert!(answer.decision.allowed && !answer.allowed);
        assert_eq!(answer.broken.iter().map(|b| b.code).collect::<Vec<_>>(), [code::GIVE_NOT_HELD]);
    }
    // Nothing is given for the past, and nothing for no time.
    for (from, to, told) in [(day(4), None, code::GIVE_INTERVAL), (day(6), Some(day(6)), code::GIVE_NOTHING)]
    {
        let gift = Gift { valid_from: from, valid_to: to, ..gift(CECILIA, HAULIER, &mandate, day(5)) };
        let answer = may_give(&facts.slice(), &catalogue, CATALOGUE, &gift);
        assert_eq!(answer.broken.iter().map(|b| b.code).collect::<Vec<_>>(), [told]);
    }
}

// R-004-33 (part)
#[test]
fn what_was_given_goes_to_a_giver_near_enough_to_the_root_or_ends() {
    let (catalogue, mut facts, first) = haulier();
    let given = facts.mandate(user_of(HAULIER, DAVID, CREATE, Some(first)), day(1), None);
    // Beside Cecilia only David himself, and below him some who may give on but not give.
    let mut above = facts.mandate(administrator_of(HAULIER, DAVID, None), day(0), None);
    for (holder, rights) in [(ELIN, Right::GiveOn), (FARID, Right::GiveOn), (ASTRID, Right::Give)] {
        let next = administrator_of(HAULIER, holder, Some(above));
        above = facts.mandate(Mandate { rights: set(&[rights]), ..next }, day(1), None);
    }
    let end = |facts: &Facts| may_end(&facts.slice(), &catalogue, CATALOGUE, &ending(DAVID, first, day(5)));
    assert!(end(&facts).allowed && end(&facts).handover.is_empty(), "the fourth in the row is too far away");
    let near = Mandate { rights: set(&[Right::Give]), ..administrator_of(HAULIER, BENGT, None) };
    let near = facts.mandate(near, day(1), None);
    assert_eq!(end(&facts).handover, [Handover { mandate: given, parent: Some(near) }]);
}
