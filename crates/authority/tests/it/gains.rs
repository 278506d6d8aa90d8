//! Who gains and who loses between two catalogues: told exactly as decisions will say it, in generated worlds.

use crate::support::{
    AGENCY, ALL_RIGHTS, BANKID, CATALOGUE, CECILIA, DAVID, ELIN, EMPLOYER, Facts, HAULIER, PLATFORM,
    catalogue, day, parse, user_of,
};
use crate::worlds::{Dice, PARTIES, PEOPLE, catalogues, world};
use authority::{
    Context, Difference, Index, LinkKind, Question, Turn, Verdict, decide, differences, own_differences,
};
use catalogue::Catalogue;
use domain::PartyId;
use domain::fact::Right;
use std::collections::BTreeSet;

/// The real files with `from` replaced by `to`.
fn with(from: &str, to: &str) -> Catalogue {
    let (platform, employer) = (PLATFORM.replacen(from, to, 1), EMPLOYER.replacen(from, to, 1));
    assert!((platform.as_str(), employer.as_str()) != (PLATFORM, EMPLOYER), "{from}");
    parse(&platform, &employer)
}

/// Users may read what colleagues have sent.
fn users_read_all() -> Catalogue {
    with(
        "  \"employer.sickness_report.read_own\",\n",
        "  \"employer.sickness_report.read_own\",\n  \"employer.sickness_report.read_all\",\n",
    )
}

/// Payroll managers may no longer withdraw; what users may do is as it was.
fn managers_withdraw_nothing() -> Catalogue {
    with(
        "  \"employer.sickness_report.read_all\",\n  \"employer.sickness_report.withdraw\",\n",
        "  \"employer.sickness_report.read_all\",\n",
    )
}

/// One more permission, in the package of users and in no other.
fn one_more() -> Catalogue {
    let permission = "[[permission]]\nid = \"employer.sickness_report.count\"\nname = { sv = \"R\", en = \"C\" }\n\
                      relation = \"organisation\"\nholder = \"user\"\nrecord = \"read\"\ndata = \"ordinary\"\n\n";
    let employer = EMPLOYER.replace("# ---- Authorisations at the employer.\n", permission).replacen(
        "  \"employer.sickness_report.read_own\",\n",
        "  \"employer.sickness_report.read_own\",\n  \"employer.sickness_report.count\",\n",
        1,
    );
    parse(PLATFORM, &employer)
}

fn index(facts: &Facts) -> Index {
    Index::build(facts.head, facts.versions.iter().filter(|v| v.seq_to.is_none()).cloned())
}

/// By the decision's own link of mandates, for every person, party, permission and right there is.
fn by_decisions(
    index: &Index,
    (before, after): (&Catalogue, &Catalogue),
    at: domain::Instant,
) -> Vec<Difference> {
    let named =
        |c: &Catalogue| c.services().flat_map(|s| s.permissions.keys().cloned()).collect::<BTreeSet<_>>();
    let holds = |catalogue: &Catalogue, subject: PartyId, party: PartyId, permission: &str, right: Right| {
        let context = Context::NONE;
        let question =
            Question { subject, session: BANKID, party, agency: AGENCY, permission, right, at, context };
        let decision = decide(index, catalogue, CATALOGUE, &question);
        matches!(decision.link(LinkKind::Mandate), Verdict::Holds { .. })
    };
    let mut found = Vec::new();
    for permission in named(before).union(&named(after)) {
        for (party, person) in PARTIES.iter().flat_map(|party| PEOPLE.map(|person| (*party, person))) {
            for right in ALL_RIGHTS {
                let by = |catalogue| holds(catalogue, person, party, permission, right);
                let turn = match (by(before), by(after)) {
                    (false, true) => Turn::Gains,
                    (true, false) => Turn::Loses,
                    _ => continue,
                };
                found.push(Difference { party, person, turn, permission: permission.clone(), right });
            }
        }
    }
    found.sort();
    found
}

// Invariant: what is told before a catalogue is brought in force is what decisions say afterwards, no more and no less.
#[test]
fn what_is_told_beforehand_is_what_decisions_say_afterwards() {
    let [real, wide] = catalogues();
    let others = [wide, users_read_all(), managers_withdraw_nothing(), one_more()];
    let (mut gained, mut lost) = ([0; 4], [0; 4]);
    for seed in 0..24 {
        let mut dice = Dice::new(0x9a1e + seed);
        let world = world(&mut dice, &real);
        let index = index(&world.facts);
        let at = day(i64::try_from(dice.below(8)).unwrap());
        for (n, other) in others.iter().enumerate() {
            for pair in [(&real, other), (other, &real)] {
                let told = differences(&index, pair, AGENCY, index.parties(), at);
                assert_eq!(told, by_decisions(&index, pair, at), "seed {seed}, catalogue {n}");
                gained[n] += told.iter().filter(|d| d.turn == Turn::Gains).count();
                lost[n] += told.iter().filter(|d| d.turn == Turn::Loses).count();
            }
            assert_eq!(differences(&index, (other, other), AGENCY, index.parties(), at), []);
        }
    }
    assert!(gained.iter().chain(&lost).all(|n| *n > 3), "{gained:?} {lost:?}");
}

#[test]
fn users_gain_what_their_package_gains_and_their_administrator_may_give_it_already() {
    let real = catalogue();
    let mut facts = Facts::default();
    let root = facts.employer(&real, HAULIER, CECILIA);
    facts.mandate(user_of(HAULIER, ELIN, "employer.user", Some(root)), day(1), None);
    facts.mandate(user_of(HAULIER, DAVID, "employer.payroll_manager", Some(root)), day(1), None);
    let index = index(&facts);
    let told = |after: &Catalogue, at| differences(&index, (&real, after), AGENCY, index.parties(), at);
    let gains = Difference {
        party: HAULIER,
        person: ELIN,
        turn: Turn::Gains,
        permission: "employer.sickness_report.read_all".to_owned(),
        right: Right::Use,
    };
    assert_eq!(told(&users_read_all(), day(2)), [gains]);
    assert_eq!(told(&users_read_all(), day(0)), [], "before the mandate begins nobody gains by it");
    let loses = Difference {
        party: HAULIER,
        person: DAVID,
        turn: Turn::Loses,
        permission: "employer.sickness_report.withdraw".to_owned(),
        right: Right::Use,
    };
    assert_eq!(told(&managers_withdraw_nothing(), day(2)), [loses]);
    // A new permission: its users have it, and the administrator may give it and the right to give it.
    let new: Vec<_> = told(&one_more(), day(2)).into_iter().map(|d| (d.person, d.turn, d.right)).collect();
    let administrator = [Right::Give, Right::GiveOn].map(|right| (CECILIA, Turn::Gains, right));
    assert_eq!(new, [administrator.as_slice(), &[(ELIN, Turn::Gains, Right::Use)]].concat());
    // Other words, another limit, another rule with the same effect: nobody gains and nobody loses.
    for same in [
        with("value = 21", "value = 22"),
        with("Report sickness", "Report illness"),
        with("\"employer.user\", \"employer.payroll_manager\"]", "\"employer.payroll_manager\"]"),
    ] {
        assert_eq!(told(&same, day(2)), []);
    }
}

#[test]
fn what_everyone_may_do_for_themselves_is_told_apart() {
    let permission = "[[permission]]\nid = \"platform.log.read_own\"\nname = { sv = \"S\", en = \"S\" }\n\
                      relation = \"own\"\nrecord = \"none\"\ndata = \"ordinary\"\n\n# ---- Connecting employers.";
    let (real, more) = (catalogue(), with("# ---- Connecting employers.", permission));
    let one = "platform.log.read_own".to_owned();
    assert_eq!(own_differences(&real, &more), [(Turn::Gains, one.clone())]);
    assert_eq!(own_differences(&more, &real), [(Turn::Loses, one)]);
    assert_eq!(own_differences(&real, &real), []);
    let index = index(&Facts::default());
    assert_eq!(differences(&index, (&real, &more), AGENCY, PARTIES, day(1)), []);
}
