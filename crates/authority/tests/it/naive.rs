//! The naive evaluator: the same questions answered in the plainest way, as an oracle for `decide`.
//!
//! It reads whole histories and the catalogue's data, and shares nothing with the crate under test: not its
//! predicates, not its views, not the catalogue's own look-ups. Where `decide` walks from a mandate up to its root,
//! this derives every power forward from the roots, so that the two cannot be wrong in the same way by accident.

use catalogue::{Catalogue, ConnectionNeed, EarlierAcceptance, Relation, RuleKind, Service};
use domain::fact::{Mandate, MandateKind, MethodPhase, Right};
use domain::{Assurance, Fact, FactId, FactVersion, Instant, PartyId, Seq};
use std::collections::{BTreeMap, BTreeSet};

/// What is asked, in plain data.
#[derive(Debug, Clone)]
pub struct Ask {
    pub subject: PartyId,
    pub method: String,
    pub assurance: Assurance,
    pub party: PartyId,
    pub agency: PartyId,
    pub permission: String,
    pub right: Right,
    pub at: Instant,
    /// The last change known.
    pub known: Seq,
    pub taken: Vec<(String, PartyId)>,
    pub beneficiary: Option<PartyId>,
}

/// The word for a link that holds, and for one that does not bear on the question.
pub const HOLDS: &str = "ok";
pub const NOT_ASKED: &str = "-";

/// The word of each link, in the order method, policy, assurance, connection, terms, lock, mandate, rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub allowed: bool,
    pub links: [&'static str; 8],
}

/// Answers `ask` from all versions there ever were.
pub fn answer(histories: &[FactVersion], catalogue: &Catalogue, ask: &Ask) -> Answer {
    let links = links(histories, catalogue, ask);
    Answer { allowed: links.iter().all(|link| [HOLDS, NOT_ASKED].contains(link)), links }
}

fn links(histories: &[FactVersion], catalogue: &Catalogue, ask: &Ask) -> [&'static str; 8] {
    let n = NOT_ASKED;
    let mut found = None;
    for service in catalogue.services() {
        for permission in service.permissions.values() {
            if permission.id == ask.permission {
                found = Some((service, permission));
            }
        }
    }
    let Some((service, permission)) = found else {
        return [n, n, n, n, n, n, n, "UNKNOWN_PERMISSION"];
    };
    let world = World { facts: histories.iter().filter(|v| is_known(v, ask.known)).collect(), catalogue };
    let own = permission.relation == Relation::Own;
    let organisation = permission.relation == Relation::Organisation;
    [
        world.method(service, ask),
        if own { n } else { world.policy(service, ask) },
        world.assurance(permission.assurance, ask),
        if organisation && service.connection == ConnectionNeed::Required {
            world.connection(service, ask)
        } else {
            n
        },
        if organisation && !service.terms.is_empty() { world.terms(service, ask) } else { n },
        world.lock(service, ask),
        if own { own_mandate(ask) } else { world.mandate(permission.relation, ask) },
        world.rule(ask),
    ]
}

fn is_known(version: &FactVersion, known: Seq) -> bool {
    let born = version.seq_from.0 <= known.0;
    let gone = match version.seq_to {
        Some(to) => to.0 <= known.0,
        None => false,
    };
    born && !gone
}

/// Where an instant lies in the validity of a version.
#[derive(PartialEq)]
enum When {
    Before,
    Inside,
    After,
}

fn when(version: &FactVersion, at: Instant) -> When {
    let from = version.valid_from.micros();
    let to = version.valid_to.map_or(i64::MAX, Instant::micros);
    if to <= at.micros() || to <= from {
        When::After
    } else if at.micros() < from {
        When::Before
    } else {
        When::Inside
    }
}

fn own_mandate(ask: &Ask) -> &'static str {
    if ask.party != ask.subject {
        "NO_MANDATE"
    } else if ask.right != Right::Use {
        "RIGHT_MISSING"
    } else {
        NOT_ASKED
    }
}

struct World<'a> {
    facts: Vec<&'a FactVersion>,
    catalogue: &'a Catalogue,
}

/// A right to a permission.
type Power = (String, Right);

impl World<'_> {
    fn method(&self, service: &Service, ask: &Ask) -> &'static str {
        if !service.methods.contains(&ask.method) || !self.catalogue.methods().any(|m| m.id == ask.method) {
            return "METHOD_NOT_ALLOWED";
        }
        let (mut withdrawn, mut active, mut ended) = (false, false, false);
        for version in &self.facts {
            let Fact::MethodState(state) = &version.fact else { continue };
            if state.method != ask.method || state.service.as_ref().is_some_and(|s| *s != service.id) {
                continue;
            }
            match (state.phase, when(version, ask.at)) {
                (MethodPhase::Withdrawn, When::Inside) => withdrawn = true,
                (MethodPhase::Active, When::Inside) => active = true,
                (MethodPhase::Active, When::After) => ended = true,
                _ => {}
            }
        }
        match (withdrawn, active, ended) {
            (true, _, _) | (false, false, true) => "METHOD_WITHDRAWN",
            (false, true, _) => HOLDS,
            (false, false, false) => "METHOD_NOT_ALLOWED",
        }
    }

    fn policy(&self, service: &Service, ask: &Ask) -> &'static str {
        for version in &self.facts {
            if let Fact::MethodPolicy(policy) = &version.fact
                && policy.organisation == ask.party
                && policy.service == service.id
                && when(version, ask.at) == When::Inside
                && !policy.methods.contains(&ask.method)
            {
                return "METHOD_NOT_ALLOWED";
            }
        }
        HOLDS
    }

    fn assurance(&self, needed: Assurance, ask: &Ask) -> &'static str {
        let most = self.catalogue.methods().find(|m| m.id == ask.method).map_or(1, |m| m.assurance as u8);
        let level = (ask.assurance as u8).min(most);
        if level < needed as u8 { "LOA_TOO_LOW" } else { HOLDS }
    }

    fn connection(&self, service: &Service, ask: &Ask) -> &'static str {
        let mut word = "PARTY_NOT_CONNECTED";
        for version in &self.facts {
            let Fact::Connection(c) = &version.fact else { continue };
            if c.organisation != ask.party || c.service != service.id {
                continue;
            }
            match when(version, ask.at) {
                When::Inside => return HOLDS,
                When::After => word = "PARTY_DEREGISTERED",
                When::Before => {}
            }
        }
        word
    }

    fn terms(&self, service: &Service, ask: &Ask) -> &'static str {
        // The oldest version that an acceptance may name: the last in force that made earlier ones lapse.
        let mut oldest = 0;
        for (number, terms) in service.terms.iter().enumerate() {
            if terms.earlier_acceptance == EarlierAcceptance::Lapses && terms.in_force_at() <= ask.at {
                oldest = number;
            }
        }
        for version in &self.facts {
            let Fact::TermsAcceptance(a) = &version.fact else { continue };
            if a.organisation != ask.party || a.service != service.id || when(version, ask.at) != When::Inside
            {
                continue;
            }
            for terms in &service.terms[oldest..] {
                if terms.version == a.version && terms.hash == a.text_hash {
                    return HOLDS;
                }
            }
        }
        "TERMS_NOT_ACCEPTED"
    }

    fn lock(&self, service: &Service, ask: &Ask) -> &'static str {
        for version in &self.facts {
            if let Fact::Lock(lock) = &version.fact
                && (lock.party == ask.party || lock.party == ask.subject)
                && (lock.service.is_none() || lock.service.as_ref() == Some(&service.id))
                && when(version, ask.at) == When::Inside
            {
                return "LOCKED";
            }
        }
        HOLDS
    }

    /// The permissions behind an entry of a mandate, with the kind of mandate that can hold it.
    fn entry(&self, entry: &str) -> (BTreeSet<String>, Option<MandateKind>) {
        for service in self.catalogue.services() {
            for package in service.packages.values() {
                if package.id == entry {
                    return (package.permissions.clone(), Some(package.holder));
                }
            }
            for permission in service.permissions.values() {
                if permission.id == entry {
                    return (BTreeSet::from([entry.to_owned()]), permission.holder);
                }
            }
        }
        (BTreeSet::new(), None)
    }

    /// All permissions that the rules let `giver` give.
    fn given_by(&self, giver: &str) -> BTreeSet<String> {
        let mut given = BTreeSet::new();
        for service in self.catalogue.services() {
            for rule in &service.rules {
                if let RuleKind::Gives { giver: by, gives, .. } = &rule.kind
                    && by == giver
                {
                    given.extend(gives.iter().flat_map(|entry| self.entry(entry).0));
                }
            }
        }
        given
    }

    /// What a mandate says, by entries that its kind can hold; roots only by entries that the agency may register.
    fn says(&self, mandate: &Mandate, agency_may_register: Option<&str>) -> BTreeSet<Power> {
        let mut powers = BTreeSet::new();
        for entry in &mandate.permissions {
            let (permissions, holder) = self.entry(entry);
            if holder != Some(mandate.kind) {
                continue;
            }
            if agency_may_register.is_some_and(|origin| !permissions.is_subset(&self.given_by(origin))) {
                continue;
            }
            for right in &mandate.rights {
                let reach = match right {
                    Right::Use => permissions.clone(),
                    Right::Give | Right::GiveOn => self.given_by(entry),
                };
                powers.extend(reach.into_iter().map(|permission| (permission, *right)));
            }
        }
        powers
    }

    /// All powers at `party` at `at`, derived from the roots forward in at most three steps.
    fn powers(&self, party: PartyId, at: Instant) -> BTreeMap<FactId, BTreeSet<Power>> {
        let mandates: Vec<(FactId, &Mandate)> = self
            .facts
            .iter()
            .filter(|v| when(v, at) == When::Inside)
            .filter_map(|v| match &v.fact {
                Fact::Mandate(m) if m.grantor == party => Some((v.id, m)),
                _ => None,
            })
            .collect();
        let mut powers = BTreeMap::new();
        for (id, mandate) in &mandates {
            let origin = if mandate.kind == MandateKind::AgencyRole { "invitation" } else { "application" };
            if mandate.parent.is_none() {
                powers.insert(*id, self.says(mandate, Some(origin)));
            }
        }
        for _ in 0..3 {
            let mut next = powers.clone();
            for (id, mandate) in &mandates {
                let parent = mandates.iter().find(|(parent, _)| mandate.parent == Some(*parent));
                let Some((parent_id, parent)) = parent else { continue };
                if parent.holder == mandate.holder {
                    continue;
                }
                let above = powers.get(parent_id).cloned().unwrap_or_default();
                let derived = self.says(mandate, None).into_iter().filter(|(permission, right)| {
                    let needed = if *right == Right::Use { Right::Give } else { Right::GiveOn };
                    above.contains(&(permission.clone(), needed))
                });
                next.insert(*id, derived.collect());
            }
            powers = next;
        }
        powers
    }

    fn mandate(&self, relation: Relation, ask: &Ask) -> &'static str {
        if relation == Relation::Agency && ask.party != ask.agency {
            return "NO_MANDATE";
        }
        let wanted: Power = (ask.permission.clone(), ask.right);
        let powers = self.powers(ask.party, ask.at);
        let mut words = BTreeSet::new();
        for version in &self.facts {
            let Fact::Mandate(m) = &version.fact else { continue };
            if m.holder != ask.subject || m.grantor != ask.party {
                continue;
            }
            let says = self.says(m, None);
            let inside = when(version, ask.at) == When::Inside;
            let word = if says.contains(&wanted) {
                match when(version, ask.at) {
                    When::Inside if powers.get(&version.id).is_some_and(|p| p.contains(&wanted)) => {
                        return HOLDS;
                    }
                    When::Inside if m.parent.is_none() => (1, "RULE_GIVES"),
                    When::Inside => (0, "CHAIN_BROKEN"),
                    When::Before => (2, "MANDATE_NOT_YET"),
                    When::After => (3, "MANDATE_ENDED"),
                }
            } else if inside && says.iter().any(|(permission, _)| *permission == ask.permission) {
                (4, "RIGHT_MISSING")
            } else {
                (5, "MANDATE_SCOPE")
            };
            words.insert(word);
        }
        words.first().map_or("NO_MANDATE", |(_, word)| word)
    }

    fn rule(&self, ask: &Ask) -> &'static str {
        let mut word = NOT_ASKED;
        if ask.right != Right::Use {
            return word;
        }
        for service in self.catalogue.services() {
            for rule in &service.rules {
                let RuleKind::TwoPersons { steps } = &rule.kind else { continue };
                let Some(mine) = steps.iter().position(|s| *s == ask.permission) else { continue };
                if word == NOT_ASKED {
                    word = HOLDS;
                }
                let before_missing = steps[..mine].iter().any(|s| !ask.taken.iter().any(|(t, _)| t == s));
                let by_the_same = ask
                    .taken
                    .iter()
                    .any(|(t, by)| *by == ask.subject && *t != ask.permission && steps.contains(t));
                if before_missing || by_the_same || ask.beneficiary == Some(ask.subject) {
                    word = "RULE_TWO_PERSONS";
                }
            }
        }
        word
    }
}
