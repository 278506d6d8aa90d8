//! `decide` over all three views against the naive evaluator, on generated worlds.
//!
//! `cargo xtask soak` goes on for `BEHORIG_SOAK_SECONDS`, with the worlds from `BEHORIG_SOAK_SEED` on.

use crate::naive::{Answer, Ask, answer};
use crate::support::{CATALOGUE, naive_words};
use crate::worlds::{Dice, World, catalogues, some_ask, world};
use authority::{AsOf, Context, Decision, FactsView, Index, Question, Session, Slice, Taken, decide};
use catalogue::Catalogue;
use domain::{Fact, FactId, FactVersion, PartyId, Seq};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

const WORLDS: u64 = 400;
const QUESTIONS: u64 = 50;
/// Seeds that always run. One that finds a difference is added here and stays.
const KEPT: [u64; 2] = [20_241_220, 0x5eed];

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok().map(|text| text.parse().unwrap())
}

// R-004-10, R-004-11, R-002-06 (part), R-002-07, R-002-09: whatever the facts, nobody acts but by connection, terms and mandate.
#[test]
fn decide_agrees_with_the_naive_evaluator_over_every_view() {
    let catalogues = catalogues();
    let first = number("BEHORIG_SOAK_SEED").unwrap_or(0);
    let end = number("BEHORIG_SOAK_SECONDS").map(|seconds| Instant::now() + Duration::from_secs(seconds));
    let seeds = KEPT.into_iter().chain(first..);
    let seeds =
        seeds.zip(0..).take_while(|(_, done)| *done < WORLDS || end.is_some_and(|e| Instant::now() < e));
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut worlds, mut asked, mut allowed) = (0_u64, 0_u64, 0_u64);
    for (seed, _) in seeds {
        worlds += 1;
        let mut dice = Dice::new(seed);
        let catalogue = dice.pick(&catalogues).clone();
        let world = world(&mut dice, &catalogue);
        for _ in 0..QUESTIONS {
            let ask = some_ask(&mut dice, &catalogue, &world);
            let expected = answer(&world.facts.versions, &catalogue, &ask);
            for (view, decision) in decisions(&mut dice, &world, &catalogue, &ask) {
                let found = Answer { allowed: decision.allowed, links: naive_words(&decision) };
                assert_eq!(found, expected, "{view}, seed {seed}, {ask:?}");
                assert_eq!(decision.as_of, ask.known, "{view}, seed {seed}");
            }
            asked += 1;
            allowed += u64::from(expected.allowed);
            expected.links.iter().for_each(|link| *seen.entry(link).or_default() += 1);
        }
    }
    // The worlds are worth something only if yes and every kind of no occur often.
    assert!(asked >= 20_000, "{asked} questions");
    assert!(allowed * 10 > asked, "{allowed} of {asked} allowed");
    let codes = authority::code::ALL.iter().filter(|c| !c.starts_with("GIVE_") && !c.starts_with("END_"));
    for code in codes.filter(|c| **c != authority::code::RULE_NEEDS_SUCCESSOR) {
        assert!(seen.get(code).is_some_and(|n| n * 1_000 > asked), "{code} is too rare: {seen:?}");
    }
    println!("soak: {worlds} worlds from seed {first}, {asked} questions, {allowed} allowed");
}

fn decisions(
    dice: &mut Dice,
    world: &World,
    catalogue: &Catalogue,
    ask: &Ask,
) -> [(&'static str, Decision); 3] {
    let taken: Vec<Taken<'_>> = ask.taken.iter().map(|(step, by)| Taken { step, by: *by }).collect();
    let question = Question {
        subject: ask.subject,
        session: Session { method: &ask.method, assurance: ask.assurance },
        party: ask.party,
        agency: ask.agency,
        permission: &ask.permission,
        right: ask.right,
        at: ask.at,
        context: Context { taken: &taken, beneficiary: ask.beneficiary },
    };
    let histories = &world.facts.versions;
    let as_of = AsOf::new(ask.known, histories.iter().cloned());
    let slice = Slice::new(ask.known, slice(&then(histories, ask.known), ask.subject, ask.party));
    let index = index(dice, histories, ask.known);
    let decisions = [
        ("as of", decide(&as_of, catalogue, CATALOGUE, &question)),
        ("slice", decide(&slice, catalogue, CATALOGUE, &question)),
        ("index", decide(&index, catalogue, CATALOGUE, &question)),
    ];
    // Not only the codes: the whole answer, with facts, times and chain, is the same from every view.
    assert_eq!(decisions[0].1, decisions[1].1, "slice");
    assert_eq!(decisions[0].1, decisions[2].1, "index");
    decisions
}

/// The histories as they stood after change `seq`: later versions unborn, later ends unknown.
fn then(histories: &[FactVersion], seq: Seq) -> Vec<FactVersion> {
    let born = histories.iter().filter(|v| v.seq_from <= seq).cloned();
    born.map(|v| FactVersion { seq_to: v.seq_to.filter(|to| *to <= seq), ..v }).collect()
}

/// What the store loads for one question: the facts of subject and party, those of everybody, three parents up.
fn slice(versions: &[FactVersion], subject: PartyId, party: PartyId) -> Vec<FactVersion> {
    let current: Vec<&FactVersion> = versions.iter().filter(|v| v.seq_to.is_none()).collect();
    let bears = |v: &FactVersion| {
        let ends = [v.fact.subject(), v.fact.party()];
        ends == [None, None] || ends.contains(&Some(subject)) || ends.contains(&Some(party))
    };
    let mut ids: BTreeSet<FactId> = current.iter().filter(|v| bears(v)).map(|v| v.id).collect();
    for _ in 0..3 {
        let parents = current.iter().filter(|v| ids.contains(&v.id)).filter_map(|v| match &v.fact {
            Fact::Mandate(m) => m.parent,
            _ => None,
        });
        let parents: Vec<FactId> = parents.collect();
        ids.extend(parents);
    }
    current.into_iter().filter(|v| ids.contains(&v.id)).cloned().collect()
}

/// An index that was built earlier and has been brought up to `seq` by what changed, in any order and partly twice.
fn index(dice: &mut Dice, histories: &[FactVersion], seq: Seq) -> Index {
    let start = Seq(u64::try_from(dice.below(usize::try_from(seq.0).unwrap() + 1)).unwrap());
    let built = Index::build(start, then(histories, start));
    let mut changed: Vec<FactVersion> = then(histories, seq)
        .into_iter()
        .filter(|v| v.seq_from > start || v.seq_to.is_some_and(|to| to > start) || dice.one_in(8))
        .collect();
    for at in (1..changed.len()).rev() {
        let other = dice.below(at + 1);
        changed.swap(at, other);
    }
    let before = built.mandates_at(crate::support::HAULIER).count();
    let next = built.apply(seq, &changed);
    assert_eq!(built.mandates_at(crate::support::HAULIER).count(), before, "the old index stays as it is");
    next
}
