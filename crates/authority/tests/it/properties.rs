//! Properties that hold in every generated world: what giving, ending and searching promise about deciding.

use crate::support::{AGENCY, ALL_RIGHTS, BANKID, CATALOGUE, Facts, day};
use crate::worlds::{Dice, PARTIES, PEOPLE, World, catalogues, some_mandate, world};
use authority::{
    Context, Decision, Ending, FactsView, Gift, Index, LinkKind, MayGive, Question, Registration, Verdict,
    code, decide, holders, may_end, may_give, may_register, parties_of,
};
use catalogue::Catalogue;
use domain::fact::{Lock, Mandate, MandateKind, Right};
use domain::{Fact, FactId, Instant, PartyId};
use std::collections::BTreeSet;

const WORLDS: u64 = 150;

/// Runs `check` in many worlds.
fn in_worlds(mut check: impl FnMut(&mut Dice, &Catalogue, World)) {
    let catalogues = catalogues();
    for seed in 0..WORLDS {
        let mut dice = Dice::new(0xbe00 + seed);
        let catalogue = dice.pick(&catalogues).clone();
        let world = world(&mut dice, &catalogue);
        check(&mut dice, &catalogue, world);
    }
}

fn mandate_link(
    view: &impl FactsView,
    catalogue: &Catalogue,
    (subject, party): (PartyId, PartyId),
    (permission, right): (&str, Right),
    at: Instant,
) -> Decision {
    let question = Question {
        subject,
        session: BANKID,
        party,
        agency: AGENCY,
        permission,
        right,
        at,
        context: Context::NONE,
    };
    decide(view, catalogue, CATALOGUE, &question)
}

fn through_mandate(decision: &Decision) -> bool {
    matches!(decision.link(LinkKind::Mandate), Verdict::Holds { .. })
}

/// What `mandate` says, read from the catalogue's data: an entry's own permissions to use, what it may give to give.
fn powers(catalogue: &Catalogue, mandate: &Mandate) -> BTreeSet<(String, Right)> {
    let mut powers = BTreeSet::new();
    for entry in &mandate.permissions {
        if catalogue.holder(entry) != Some(mandate.kind) {
            continue;
        }
        for right in &mandate.rights {
            let reach: Vec<&str> = match right {
                Right::Use => catalogue.expand([entry.as_str()]).into_iter().collect(),
                _ => catalogue.givable(entry).collect(),
            };
            powers.extend(reach.into_iter().map(|permission| (permission.to_owned(), *right)));
        }
    }
    powers
}

/// A gift of something, by someone who often may, and the mandate that it would make.
fn some_gift(
    dice: &mut Dice,
    catalogue: &Catalogue,
    world: &World,
) -> (PartyId, Mandate, Instant, Option<Instant>) {
    let mut mandate = some_mandate(dice, catalogue, &world.mandates);
    let mut giver = *dice.pick(&PEOPLE);
    if !dice.one_in(3) {
        let id = dice.pick(&world.mandates);
        let parent = world.facts.versions.iter().rfind(|v| v.id == *id).unwrap();
        if let Fact::Mandate(m) = &parent.fact {
            (giver, mandate.grantor) = (m.holder, m.grantor);
        }
        let likely = match mandate.grantor {
            AGENCY => (MandateKind::AgencyRole, "platform.connection_officer"),
            _ if dice.one_in(2) => (MandateKind::User, "employer.user"),
            _ => (MandateKind::Administrator, "employer.administrator"),
        };
        if !dice.one_in(3) {
            mandate.kind = likely.0;
            mandate.permissions = BTreeSet::from([likely.1.to_owned()]);
            mandate.rights = if likely.0 == MandateKind::Administrator && dice.one_in(2) {
                BTreeSet::from(ALL_RIGHTS)
            } else {
                BTreeSet::from([Right::Use])
            };
        }
    }
    let from = day(i64::try_from(dice.below(6)).unwrap() + 2);
    let to = if dice.one_in(2) { Some(day(i64::try_from(dice.below(14)).unwrap())) } else { None };
    (giver, mandate, from, to)
}

fn gift<'a>(
    giver: PartyId,
    mandate: &'a Mandate,
    from: Instant,
    to: Option<Instant>,
    at: Instant,
) -> Gift<'a> {
    Gift {
        giver,
        session: BANKID,
        party: mandate.grantor,
        agency: AGENCY,
        holder: mandate.holder,
        kind: mandate.kind,
        permissions: &mandate.permissions,
        rights: &mandate.rights,
        valid_from: from,
        valid_to: to,
        at,
    }
}

/// Facts with the mandate of a gift written as [`may_give`] said.
fn given(
    facts: &Facts,
    mandate: &Mandate,
    parent: Option<FactId>,
    from: Instant,
    to: Option<Instant>,
) -> Facts {
    let mut facts = facts.clone();
    facts.mandate(Mandate { parent, ..mandate.clone() }, from, to);
    facts
}

// R-004-11, R-004-25, R-002-08
// Invariants: a child is within its parent; the check before giving and the gift's effect are the same.
#[test]
fn a_gift_is_allowed_exactly_when_it_takes_effect_and_stays_within_its_parent() {
    let (mut allowed, mut refused) = (0, 0);
    in_worlds(|dice, catalogue, world| {
        let view = world.facts.slice();
        for _ in 0..25 {
            let (giver, mandate, from, to) = some_gift(dice, catalogue, &world);
            let at = day(2);
            let answer: MayGive = may_give(&view, catalogue, CATALOGUE, &gift(giver, &mandate, from, to, at));
            assert_eq!(answer.allowed, answer.parent.is_some());
            assert_eq!(answer.allowed, answer.decision.allowed && answer.broken.is_empty());
            let powers = powers(catalogue, &mandate);
            if answer.allowed {
                allowed += 1;
                let parent = view.mandate(answer.parent.unwrap()).unwrap();
                assert_eq!((parent.says.holder, parent.says.grantor), (giver, mandate.grantor));
                assert_ne!(mandate.holder, giver, "nobody gives to oneself");
                let above = self::powers(catalogue, parent.says);
                for (permission, right) in &powers {
                    let needed = if *right == Right::Use { Right::Give } else { Right::GiveOn };
                    assert!(
                        above.contains(&(permission.clone(), needed)),
                        "more than the parent: {mandate:?}"
                    );
                }
                let (parent_to, inside) = (parent.version.valid_to, parent.version.valid_from <= from);
                assert!(inside && parent_to.is_none_or(|end| to.is_some_and(|to| to <= end)));
                // Every power works from the first to the last microsecond, and not outside.
                let after = given(&world.facts, &mandate, answer.parent, from, to).slice();
                let last = to.map_or(day(400), |to| Instant::from_micros(to.micros() - 1));
                for (permission, right) in &powers {
                    for at in [from, last] {
                        let who = (mandate.holder, mandate.grantor);
                        let decision = mandate_link(&after, catalogue, who, (permission, *right), at);
                        assert!(
                            through_mandate(&decision),
                            "{mandate:?} {permission} {right:?} {decision:?}"
                        );
                    }
                }
            } else {
                refused += 1;
                refused_gives_nothing(catalogue, &world, (giver, &mandate, from, to), &answer);
            }
        }
    });
    assert!(allowed > 150 && refused > 1_000, "{allowed} allowed, {refused} refused");
}

/// What was refused for its content gives less than it says when it is written anyway, on whichever mandate of the
/// giver's.
fn refused_gives_nothing(
    catalogue: &Catalogue,
    world: &World,
    (giver, mandate, from, to): (PartyId, &Mandate, Instant, Option<Instant>),
    answer: &MayGive,
) {
    let hard = [code::GIVE_TO_SELF, code::GIVE_NOT_HELD, code::GIVE_TOO_DEEP];
    let powers = powers(catalogue, mandate);
    if !answer.broken.iter().any(|b| hard.contains(&b.code)) || powers.is_empty() {
        return;
    }
    let before = world.facts.slice();
    let parents: Vec<FactId> =
        before.mandates_of(giver).filter(|m| m.says.grantor == mandate.grantor).map(|m| m.id()).collect();
    for parent in parents {
        let facts = given(&world.facts, mandate, Some(parent), from, to);
        let id = facts.versions.last().unwrap().id;
        let view = facts.slice();
        // `at` of the check was day 2; only then were the giver's mandates judged.
        if from > day(2) || to.is_some_and(|to| to <= day(2)) {
            continue;
        }
        let works = powers.iter().all(|(permission, right)| {
            let who = (mandate.holder, mandate.grantor);
            let decision = mandate_link(&view, catalogue, who, (permission, *right), day(2));
            through_mandate(&decision) && decision.chain.first() == Some(&id)
        });
        assert!(!works, "refused {:?}, yet it works: {mandate:?} on {parent}", answer.broken);
    }
}

// Invariant: to give without to use is possible and gives no access.
#[test]
fn the_right_to_give_gives_no_use() {
    let mut seen = 0;
    in_worlds(|_, catalogue, world| {
        let view = world.facts.slice();
        for person in PEOPLE {
            for party in PARTIES {
                let givers_only = view
                    .mandates_of(person)
                    .filter(|m| m.says.grantor == party)
                    .all(|m| !m.says.rights.contains(&Right::Use));
                if !givers_only {
                    continue;
                }
                for permission in catalogue.services().flat_map(|s| s.permissions.keys()) {
                    let decision =
                        mandate_link(&view, catalogue, (person, party), (permission, Right::Use), day(4));
                    assert!(!through_mandate(&decision));
                    seen += 1;
                }
            }
        }
    });
    assert!(seen > 1_000, "{seen}");
}

// Invariant: a search finds exactly those whom the decision lets through, in both directions.
#[test]
fn searches_find_exactly_what_decisions_allow() {
    in_worlds(|dice, catalogue, world| {
        let index = Index::build(
            world.facts.head,
            world.facts.versions.iter().filter(|v| v.seq_to.is_none()).cloned(),
        );
        let at = day(i64::try_from(dice.below(10)).unwrap());
        let permissions: Vec<&str> =
            catalogue.services().flat_map(|s| s.permissions.keys().map(String::as_str)).collect();
        let powers: Vec<(&str, Right)> =
            permissions.iter().flat_map(|p| ALL_RIGHTS.map(|right| (*p, right))).collect();
        for person in PEOPLE {
            let found = parties_of(&index, catalogue, AGENCY, person, at);
            assert_eq!(found[0].party, person, "oneself comes first");
            for party in PARTIES {
                let any = powers.iter().any(|power| {
                    through_mandate(&mandate_link(&index, catalogue, (person, party), *power, at))
                });
                assert_eq!(found.iter().any(|f| f.party == party), any, "{person} for {party}");
            }
        }
        for party in PARTIES {
            for power in &powers {
                let holders = holders(&index, catalogue, AGENCY, party, power.0, power.1, at);
                for person in PEOPLE {
                    let decision = mandate_link(&index, catalogue, (person, party), *power, at);
                    let found = holders.iter().any(|h| h.person == person);
                    assert_eq!(found, through_mandate(&decision), "{power:?}");
                }
            }
        }
    });
}

// R-004-33 (part)
// Invariant: whatever is ended as allowed, an employer that had an administrator still has one.
#[test]
fn ending_leaves_an_administrator_and_takes_away_what_it_ends() {
    let (mut ended, mut kept) = (0, 0);
    in_worlds(|dice, catalogue, world| {
        let mut facts = world.facts.clone();
        for _ in 0..40 {
            let view = facts.slice();
            let (by, mandate) = (*dice.pick(&PEOPLE), *dice.pick(&world.mandates));
            let party = view.mandate(mandate).unwrap().says.grantor;
            let at = day(4);
            let ending = Ending { by, session: BANKID, party, agency: AGENCY, mandate, ends_at: at, at };
            let administrators = |facts: &Facts| {
                let permission = match party {
                    AGENCY => "platform.role.give",
                    _ => "employer.mandate.give",
                };
                let view = facts.slice();
                let holders = holders(&view, catalogue, AGENCY, party, permission, Right::Use, at);
                holders
                    .into_iter()
                    .filter(|h| {
                        !view
                            .mandates_of(h.person)
                            .any(|m| m.id() == h.mandate && !m.says.rights.contains(&Right::Give))
                    })
                    .count()
            };
            let answer = may_end(&view, catalogue, CATALOGUE, &ending);
            let before = administrators(&facts);
            if !answer.allowed {
                kept += i32::from(answer.broken.iter().any(|b| b.code == code::RULE_NEEDS_SUCCESSOR));
                continue;
            }
            ended += 1;
            for handover in &answer.handover {
                let version = view.mandate(handover.mandate).unwrap();
                let moved = Mandate { parent: handover.parent, ..version.says.clone() };
                let (from, to) = (version.version.valid_from, version.version.valid_to);
                facts.replace(handover.mandate, Some(Fact::Mandate(moved)), from, to);
            }
            let from = view.mandate(mandate).unwrap().version.valid_from;
            facts.replace(mandate, None, from, Some(at));
            assert!(before == 0 || administrators(&facts) > 0, "the last administrator of {party} is gone");
            // It gives nothing at the next question.
            let after = facts.slice();
            let ended = after.mandate(mandate).unwrap().says;
            for (permission, right) in powers(catalogue, ended) {
                let who = (ended.holder, party);
                let decision = mandate_link(&after, catalogue, who, (&permission, right), at);
                assert!(!decision.chain.contains(&mandate));
            }
        }
    });
    assert!(ended > 50 && kept > 10, "{ended} ended, {kept} kept");
}

// R-004-31, R-004-33 (part)
// What an administrator gave goes on when it is handed over as the answer says.
#[test]
fn what_is_handed_over_goes_on() {
    let mut seen = 0;
    in_worlds(|_, catalogue, world| {
        let view = world.facts.slice();
        let at = day(4);
        for mandate in &world.mandates {
            let says = view.mandate(*mandate).unwrap().says;
            let ending = Ending {
                by: says.holder,
                session: BANKID,
                party: says.grantor,
                agency: AGENCY,
                mandate: *mandate,
                ends_at: at,
                at,
            };
            let answer = may_end(&view, catalogue, CATALOGUE, &ending);
            if !answer.allowed || answer.handover.is_empty() {
                continue;
            }
            let mut facts = world.facts.clone();
            for handover in &answer.handover {
                let child = view.mandate(handover.mandate).unwrap();
                let moved = Mandate { parent: handover.parent, ..child.says.clone() };
                facts.replace(
                    handover.mandate,
                    Some(Fact::Mandate(moved)),
                    child.version.valid_from,
                    child.version.valid_to,
                );
            }
            facts.replace(*mandate, None, view.mandate(*mandate).unwrap().version.valid_from, Some(at));
            let after = facts.slice();
            for handover in &answer.handover {
                let child = view.mandate(handover.mandate).unwrap();
                for (permission, right) in powers(catalogue, child.says) {
                    let who = (child.says.holder, child.says.grantor);
                    let before = mandate_link(&view, catalogue, who, (&permission, right), at);
                    if through_mandate(&before) && before.chain.first() == Some(&handover.mandate) {
                        let decision = mandate_link(&after, catalogue, who, (&permission, right), at);
                        assert!(through_mandate(&decision), "{permission} {right:?} {decision:?}");
                        seen += 1;
                    }
                }
            }
        }
    });
    assert!(seen > 100, "{seen}");
}

// Invariant: nothing that is tried changes what is known; a tried index is another one.
#[test]
fn a_simulation_leaves_the_facts_as_they_are() {
    in_worlds(|_, catalogue, world| {
        let current = world.facts.versions.iter().filter(|v| v.seq_to.is_none()).cloned();
        let index = Index::build(world.facts.head, current);
        let at = day(4);
        let ask = |index: &Index| -> Vec<Decision> {
            PEOPLE
                .iter()
                .flat_map(|p| PARTIES.map(|party| (*p, party)))
                .map(|who| {
                    mandate_link(index, catalogue, who, ("employer.sickness_report.create", Right::Use), at)
                })
                .collect()
        };
        let before = ask(&index);
        let mut tried = world.facts.clone();
        for party in PEOPLE {
            tried.add(Fact::Lock(Lock { party, service: None }), day(0), None);
        }
        let what_if = index.apply(tried.head, &tried.versions);
        assert!(ask(&what_if).iter().all(|decision| !decision.allowed), "everybody is locked there");
        assert_eq!(ask(&index), before);
        assert_eq!((index.seq(), what_if.seq()), (world.facts.head, tried.head));
    });
}

// R-002-08, R-004-20
// What the agency registers without a parent is in force exactly when the catalogue lets it be registered.
#[test]
fn registered_is_what_may_be_registered() {
    let (mut yes, mut no) = (0, 0);
    in_worlds(|dice, catalogue, world| {
        for _ in 0..25 {
            let mut mandate = some_mandate(dice, catalogue, &world.mandates);
            mandate.parent = None;
            if dice.one_in(3) {
                mandate.kind = MandateKind::Administrator;
                mandate.permissions = BTreeSet::from(["employer.administrator".to_owned()]);
            }
            let registration = Registration {
                party: mandate.grantor,
                agency: AGENCY,
                kind: mandate.kind,
                permissions: &mandate.permissions,
                rights: &mandate.rights,
                valid_from: day(4),
                valid_to: None,
            };
            let allowed = may_register(catalogue, &registration).is_ok();
            let mut facts = Facts::default();
            let id = facts.mandate(mandate.clone(), day(4), None);
            let powers = powers(catalogue, &mandate);
            let works = !powers.is_empty()
                && powers.iter().all(|(permission, right)| {
                    let who = (mandate.holder, mandate.grantor);
                    let decision = mandate_link(&facts.slice(), catalogue, who, (permission, *right), day(4));
                    through_mandate(&decision) && decision.chain == [id]
                });
            if allowed {
                yes += 1;
                assert!(works || powers.is_empty(), "{mandate:?}");
            } else {
                no += 1;
                // It may hold a part that works; what is refused gives nothing by itself, or says what nothing backs.
                let all_fit = mandate.permissions.iter().all(|e| catalogue.holder(e) == Some(mandate.kind));
                let gives = mandate.permissions.iter().any(|e| catalogue.givable(e).next().is_some());
                let backed = gives || mandate.rights.iter().all(|r| *r == Right::Use);
                let several = mandate.permissions.len() > 1;
                assert!(!works || !all_fit || !backed || several, "{mandate:?}");
            }
        }
    });
    assert!(yes > 200 && no > 1_000, "{yes} {no}");
}
