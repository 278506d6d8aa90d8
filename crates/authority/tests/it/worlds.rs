//! Generated worlds: parties, histories of facts and questions, all from one seed.
//!
//! Most of a world is as a real run makes it and the rest is noise, so that neither yes nor any kind of no is rare.

use crate::naive::Ask;
use crate::support::{
    AGENCY, ALL_RIGHTS, BAKERY, EMPLOYER, Facts, HAULIER, PLATFORM, administrator_of, day, parse, party,
    role, set, user_of, words,
};
use catalogue::Catalogue;
use domain::fact::{Lock, Mandate, MandateKind, MethodPhase, MethodState, Right, TermsAcceptance};
use domain::{Assurance, Fact, FactId, Instant, PartyId, Seq};
use std::collections::BTreeSet;

/// SplitMix64: enough for tests, the same everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n).unwrap()).unwrap()
    }

    /// True once in `n`.
    pub fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

pub const PEOPLE: [PartyId; 6] = [party(11), party(12), party(13), party(14), party(15), party(16)];
pub const PARTIES: [PartyId; 3] = [HAULIER, BAKERY, AGENCY];

/// The catalogues that worlds are decided by: the real one, and one with two methods, two levels and terms that lapse.
pub fn catalogues() -> [Catalogue; 2] {
    // By invitation it gives a part of one package, so that the whole is not to be had that way.
    let invited = "\"platform.authorisation_administrator\",\n  \"platform.connection_officer\",";
    let partly = "\"platform.authorisation_administrator\",\n  \"platform.application.read\",";
    let platform = PLATFORM.replacen(invited, partly, 1);
    assert_ne!(platform, PLATFORM);
    let platform = platform.replace("methods = [\"bankid\"]", "methods = [\"bankid\", \"sms\"]").replace(
        "[[permission]]\nid = \"platform.application.read\"",
        "[method.sms]\nname = { sv = \"S\", en = \"S\" }\nassurance = 2\nissuer = { sv = \"S\", en = \"S\" }\n\
         issuer_help = { sv = \"https://s\", en = \"https://s\" }\nissuer_terms = { sv = \"https://s\", en = \"https://s\" }\n\
         [[permission]]\nid = \"platform.application.read\"",
    );
    let employer = EMPLOYER
        .replace("methods = [\"bankid\"]\nassurance = 3", "methods = [\"bankid\", \"sms\"]\nassurance = 2")
        .replace(
            "id = \"employer.sickness_report.create\"\n",
            "id = \"employer.sickness_report.create\"\nassurance = 3\n",
        )
        .replace(
            "# ---- Sickness reports.",
            "[[terms]]\nversion = \"new\"\nin_force_from = \"2025-01-06\"\nearlier_acceptance = \"lapses\"\n\
             text = { sv = \"terms/new.sv.md\", en = \"terms/new.en.md\" }",
        );
    let wide = parse(&platform, &employer);
    assert!(wide.method("sms").is_some() && wide.service("employer").unwrap().terms.len() == 2);
    [crate::support::catalogue(), wide]
}

pub struct World {
    pub facts: Facts,
    pub mandates: Vec<FactId>,
}

pub fn world(dice: &mut Dice, catalogue: &Catalogue) -> World {
    let mut world = World { facts: Facts::default(), mandates: Vec::new() };
    if !dice.one_in(12) {
        world.facts.method("bankid", MethodPhase::Active, day(-5), None);
    }
    for organisation in [HAULIER, BAKERY] {
        world.organisation(dice, catalogue, organisation);
    }
    world.agency(dice);
    for _ in 0..dice.below(10) {
        world.noise(dice, catalogue);
    }
    world
}

/// An instant among few, so that ends and beginnings often meet.
fn some_day(dice: &mut Dice) -> Instant {
    day(i64::try_from(dice.below(13)).unwrap() - 1)
}

fn some_end(dice: &mut Dice) -> Option<Instant> {
    if dice.one_in(3) { Some(some_day(dice)) } else { None }
}

fn some_rights(dice: &mut Dice) -> BTreeSet<Right> {
    match dice.below(4) {
        0 => set(&[Right::Use]),
        1 => set(&ALL_RIGHTS),
        2 => set(&[Right::Give]),
        _ => ALL_RIGHTS.iter().copied().filter(|_| dice.one_in(2)).collect(),
    }
}

pub fn entries(catalogue: &Catalogue) -> Vec<String> {
    let mut entries: Vec<String> =
        catalogue.services().flat_map(|s| s.packages.keys().chain(s.permissions.keys()).cloned()).collect();
    entries.push("employer.nothing".to_owned());
    entries
}

impl World {
    fn mandate(&mut self, mandate: Mandate, from: Instant, to: Option<Instant>) -> FactId {
        let id = self.facts.mandate(mandate, from, to);
        self.mandates.push(id);
        id
    }

    fn organisation(&mut self, dice: &mut Dice, catalogue: &Catalogue, organisation: PartyId) {
        if !dice.one_in(5) {
            let from = if dice.one_in(4) { some_day(dice) } else { day(-3) };
            let to = if dice.one_in(4) { Some(some_day(dice)) } else { None };
            self.facts.connect(organisation, from, to);
        }
        for terms in &catalogue.service("employer").unwrap().terms {
            if !dice.one_in(4) {
                let hash = if dice.one_in(10) { [1; 32] } else { terms.hash };
                self.facts.accept(organisation, &terms.version, hash, day(-3));
            }
        }
        let root = administrator_of(organisation, *dice.pick(&PEOPLE), None);
        let mut above = self.mandate(root, day(-2), if dice.one_in(6) { Some(some_day(dice)) } else { None });
        for _ in 0..dice.below(5) {
            let holder = *dice.pick(&PEOPLE);
            let mut next = administrator_of(organisation, holder, Some(above));
            if dice.one_in(6) {
                next.rights = some_rights(dice);
            }
            let to = if dice.one_in(6) { Some(some_day(dice)) } else { None };
            let id = self.mandate(next, day(-1), to);
            if !dice.one_in(3) {
                above = id;
            }
        }
        for _ in 0..1 + dice.below(4) {
            let entry =
                *dice.pick(&["employer.user", "employer.payroll_manager", "employer.sickness_report.create"]);
            let parent = if dice.one_in(10) { None } else { Some(above) };
            let user = user_of(organisation, *dice.pick(&PEOPLE), entry, parent);
            let from = if dice.one_in(3) { some_day(dice) } else { day(0) };
            let to = some_end(dice);
            self.mandate(user, from, to);
        }
    }

    fn agency(&mut self, dice: &mut Dice) {
        let root = role(*dice.pick(&PEOPLE), "platform.authorisation_administrator", None);
        let root = self.mandate(root, day(-4), None);
        for package in ["platform.connection_officer", "employer.sickness_officer", "platform.auditor"] {
            let holder = *dice.pick(&PEOPLE);
            let parent = if dice.one_in(3) { None } else { Some(root) };
            let to = some_end(dice);
            self.mandate(role(holder, package, parent), day(-2), to);
        }
    }

    /// Anything at all, also what no use case would write.
    fn noise(&mut self, dice: &mut Dice, catalogue: &Catalogue) {
        let (from, to) = (some_day(dice), some_end(dice));
        let who = *dice.pick(&[HAULIER, BAKERY, AGENCY, PEOPLE[0], PEOPLE[1], PEOPLE[2]]);
        let service = dice.pick(&[None, Some("employer".to_owned()), Some("platform".to_owned())]).clone();
        let method = (*dice.pick(&["bankid", "sms"])).to_owned();
        match dice.below(10) {
            0 => {
                let phase = *dice.pick(&[MethodPhase::Active, MethodPhase::Active, MethodPhase::Withdrawn]);
                self.facts.add(Fact::MethodState(MethodState { method, service, phase }), from, to);
            }
            1 => {
                let service = service.unwrap_or_else(|| "employer".to_owned());
                let methods: &[&str] = if dice.one_in(2) { &["bankid", "sms"] } else { &["sms"] };
                let policy =
                    domain::fact::MethodPolicy { organisation: who, service, methods: words(methods) };
                self.facts.add(Fact::MethodPolicy(policy), from, to);
            }
            2 => {
                self.facts.add(Fact::Lock(Lock { party: who, service }), from, to);
            }
            3 => {
                self.facts.connect(*dice.pick(&PARTIES), from, to);
            }
            4 => self.change(dice, from, to),
            _ => {
                let mandate = some_mandate(dice, catalogue, &self.mandates);
                self.mandate(mandate, from, to);
            }
        }
    }

    /// A later version of something.
    fn change(&mut self, dice: &mut Dice, from: Instant, to: Option<Instant>) {
        let current: Vec<FactId> =
            self.facts.versions.iter().filter(|v| v.seq_to.is_none()).map(|v| v.id).collect();
        let id = *dice.pick(&current);
        let version = self.facts.versions.iter().find(|v| v.id == id && v.seq_to.is_none()).unwrap().clone();
        match version.fact {
            Fact::Mandate(mut mandate) if dice.one_in(2) => {
                mandate.holder = *dice.pick(&PEOPLE);
                self.facts.replace(id, Some(Fact::Mandate(mandate)), version.valid_from, version.valid_to);
            }
            Fact::TermsAcceptance(TermsAcceptance { .. }) => {
                self.facts.replace(id, None, version.valid_from, to)
            }
            _ if dice.one_in(2) => self.facts.replace(id, None, version.valid_from, to),
            _ => self.facts.replace(id, None, from, to),
        }
    }
}

pub fn some_mandate(dice: &mut Dice, catalogue: &Catalogue, mandates: &[FactId]) -> Mandate {
    let entries = entries(catalogue);
    let permissions: BTreeSet<String> = (0..1 + dice.below(2)).map(|_| dice.pick(&entries).clone()).collect();
    let fitting = permissions.first().and_then(|p| catalogue.holder(p)).unwrap_or(MandateKind::User);
    let kinds =
        [fitting, fitting, fitting, MandateKind::User, MandateKind::Administrator, MandateKind::AgencyRole];
    let kind = *dice.pick(&kinds);
    let grantor = match kind {
        MandateKind::AgencyRole if !dice.one_in(5) => AGENCY,
        _ => *dice.pick(&PARTIES),
    };
    Mandate {
        kind,
        grantor,
        holder: *dice.pick(&PEOPLE),
        permissions,
        rights: some_rights(dice),
        parent: if dice.one_in(4) { None } else { Some(*dice.pick(mandates)) },
        evidence: None,
    }
}

/// A question about the world; half of them about someone who has a mandate there.
pub fn some_ask(dice: &mut Dice, catalogue: &Catalogue, world: &World) -> Ask {
    let permissions: Vec<(String, bool)> = catalogue
        .services()
        .flat_map(|s| s.permissions.values().map(|p| (p.id.clone(), p.relation == catalogue::Relation::Own)))
        .collect();
    let (mut permission, own) = dice.pick(&permissions).clone();
    let (mut subject, mut party) = (*dice.pick(&PEOPLE), *dice.pick(&PARTIES));
    if own && !dice.one_in(4) {
        party = subject;
    } else if !dice.one_in(4) {
        let id = dice.pick(&world.mandates);
        let version = world.facts.versions.iter().rfind(|v| v.id == *id).unwrap();
        if let Fact::Mandate(m) = &version.fact {
            (subject, party) = (m.holder, m.grantor);
            let within: Vec<&str> =
                catalogue.expand(m.permissions.iter().map(String::as_str)).into_iter().collect();
            if !within.is_empty() && !dice.one_in(5) {
                permission = (*dice.pick(&within)).to_owned();
            }
        }
    }
    if dice.one_in(50) {
        permission = "employer.nothing".to_owned();
    }
    let head = world.facts.head.0;
    let known = if dice.one_in(4) {
        Seq(u64::try_from(dice.below(usize::try_from(head).unwrap() + 1)).unwrap())
    } else {
        Seq(head)
    };
    let steps = ["platform.application.register", "platform.application.confirm", "invitation.redeem"];
    let mut taken = Vec::new();
    if dice.one_in(2) {
        taken.push(((*dice.pick(&steps)).to_owned(), *dice.pick(&PEOPLE)));
    }
    if permission.ends_with("confirm") && !dice.one_in(4) {
        taken.push((steps[0].to_owned(), *dice.pick(&PEOPLE)));
    }
    Ask {
        subject,
        method: (*dice.pick(&[
            "bankid", "bankid", "bankid", "bankid", "bankid", "bankid", "bankid", "bankid", "sms", "pigeon",
        ]))
        .to_owned(),
        assurance: if dice.one_in(6) {
            *dice.pick(&[Assurance::Level1, Assurance::Level2, Assurance::Level4])
        } else {
            Assurance::Level3
        },
        party,
        agency: AGENCY,
        permission,
        right: if dice.one_in(4) { *dice.pick(&ALL_RIGHTS) } else { Right::Use },
        at: some_day(dice),
        known,
        taken,
        beneficiary: if dice.one_in(6) { Some(*dice.pick(&PEOPLE)) } else { None },
    }
}
