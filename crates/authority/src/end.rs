//! Ending: whether a mandate may be ended, and what must be handed over with it (R-004-31, R-004-33).
//!
//! What an administrator gave stands on the administrator's own mandate. When that ends, each mandate that stood on
//! it goes on only if it is handed over to another giver in the same transaction.

use crate::chain::{self, MOST_HOPS, Says};
use crate::decision::{Broken, Decision, Mender, code};
use crate::give::{Guard, carries, guard, refusal};
use crate::question::Session;
use crate::standing::{Standing, standing};
use crate::view::{FactsView, Known};
use catalogue::{Catalogue, ConnectionNeed, RuleKind, Service};
use domain::fact::{Mandate, Right};
use domain::{FactId, Instant, PartyId, Seq};

/// A mandate that somebody wants to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending<'a> {
    pub by: PartyId,
    pub session: Session<'a>,
    /// The grantor of the mandate.
    pub party: PartyId,
    pub agency: PartyId,
    pub mandate: FactId,
    /// When it shall end; now or later, and before it would end anyway.
    pub ends_at: Instant,
    /// Now.
    pub at: Instant,
}

/// A mandate that stands on the one that ends, and on what it can stand instead. Written in the same transaction it
/// goes on; not written it ends with its parent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Handover {
    pub mandate: FactId,
    /// The new parent; `None` is the agency's registration itself, for a successor in the first administrator's place.
    pub parent: Option<FactId>,
}

/// Whether it may be ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MayEnd {
    pub allowed: bool,
    /// Whether `by` may use the permission that ending needs.
    pub decision: Decision,
    pub broken: Vec<Broken>,
    /// A successor first, if the mandates given go to one that itself is handed over.
    pub handover: Vec<Handover>,
}

/// Whether `ending` may be done.
pub fn may_end(
    view: &impl FactsView,
    catalogue: &Catalogue,
    catalogue_seq: Seq,
    ending: &Ending<'_>,
) -> MayEnd {
    let Ending { by, session, party, agency, at, ends_at, .. } = *ending;
    let mut broken = Vec::new();
    let target = view
        .mandate(ending.mandate)
        .filter(|m| m.says.grantor == party && !matches!(standing(m.version, at), Standing::Ended(_)));
    let permissions =
        target.map(|t| catalogue.expand(t.says.permissions.iter().map(String::as_str))).unwrap_or_default();
    let needed = catalogue.needed_to_end(&permissions);
    let decision =
        guard(view, catalogue, catalogue_seq, &Guard { subject: by, session, party, agency, at }, &needed);
    let mut handover = Vec::new();
    match target {
        None => broken.push(refusal(code::END_NOT_FOUND, Some(ending.mandate), None, Mender::Nobody)),
        Some(target) => {
            if ends_at < at || target.version.valid_to.is_some_and(|to| to <= ends_at) {
                broken.push(refusal(code::GIVE_INTERVAL, Some(target.id()), Some(at), Mender::Self_));
            }
            let leaving = Leaving { view, catalogue, target, ends_at };
            handover = leaving.handover();
            broken.extend(leaving.last_of_its_kind(&handover));
        }
    }
    MayEnd { allowed: decision.allowed && broken.is_empty(), decision, broken, handover }
}

/// The state of things at the instant when `target` ends.
struct Leaving<'a, V> {
    view: &'a V,
    catalogue: &'a Catalogue,
    target: Known<'a, Mandate>,
    ends_at: Instant,
}

impl<V: FactsView> Leaving<'_, V> {
    /// Mandates of the same party that hold when the target ends and do not end with it.
    fn others(&self) -> impl Iterator<Item = Known<'_, Mandate>> {
        self.view
            .mandates_at(self.target.says.grantor)
            .filter(|m| m.id() != self.target.id() && m.holds_at(self.ends_at))
    }

    /// Mandates that stand directly on the target and have not ended by then, in the order of their ids.
    fn children(&self) -> Vec<Known<'_, Mandate>> {
        let mut children: Vec<_> = self
            .view
            .mandates_at(self.target.says.grantor)
            .filter(|m| m.says.parent == Some(self.target.id()))
            .filter(|m| !matches!(standing(m.version, self.ends_at), Standing::Ended(_)))
            .collect();
        children.sort_by_key(Known::id);
        children
    }

    fn handover(&self) -> Vec<Handover> {
        let children = self.children();
        // Givers that do not stand on the target at all, shortest chain first.
        let mut givers: Vec<(usize, FactId)> = Vec::new();
        for other in self.others() {
            let powers = Says::of(other.says).powers(self.catalogue);
            let chains = powers.iter().filter_map(|power| {
                chain::chain(self.view, self.catalogue, other, *power, self.ends_at).ok()
            });
            if let Some(ids) = chains.max_by_key(Vec::len).filter(|ids| !ids.contains(&self.target.id())) {
                givers.push((ids.len(), other.id()));
            }
        }
        givers.sort_unstable();
        let mut handover = Vec::new();
        // Without one, the first child that can take the target's own place becomes it.
        if givers.is_empty()
            && let Some((heir, depth)) =
                children.iter().find_map(|child| Some((child, self.inherits(*child)?)))
        {
            handover.push(Handover { mandate: heir.id(), parent: self.target.says.parent });
            givers.push((depth, heir.id()));
        }
        for child in children {
            let heir = handover.first().is_some_and(|h: &Handover| h.mandate == child.id());
            let new = givers.iter().find(|(depth, id)| self.takes_over(*id, *depth, child));
            if let Some((_, parent)) = new.filter(|_| !heir) {
                handover.push(Handover { mandate: child.id(), parent: Some(*parent) });
            }
        }
        handover
    }

    /// If `child` can stand where the target stands: the length of its chain there.
    fn inherits(&self, child: Known<'_, Mandate>) -> Option<usize> {
        let says = Says::of(child.says);
        let gives = says.powers(self.catalogue).iter().any(|(_, right)| *right != Right::Use);
        if !gives || !child.holds_at(self.ends_at) || child.says.holder == self.target.says.holder {
            return None;
        }
        match self.target.says.parent {
            None => says
                .permissions
                .iter()
                .all(|entry| chain::may_be_root(self.catalogue, says.kind, entry))
                .then_some(1),
            Some(parent) => {
                let parent = self.view.mandate(parent)?;
                let powers = says.powers(self.catalogue);
                let ids = carries(self.view, self.catalogue, parent, &powers, self.ends_at)?;
                (parent.says.holder != child.says.holder).then_some(ids.len() + 1)
            }
        }
    }

    /// Whether `giver`, with a chain of `depth` mandates, has the right to give all that `child` has.
    fn takes_over(&self, giver: FactId, depth: usize, child: Known<'_, Mandate>) -> bool {
        let Some(giver) = self.view.mandate(giver) else { return false };
        let powers = Says::of(child.says).powers(self.catalogue);
        let covers = powers.iter().all(|(permission, right)| {
            Says::of(giver.says).has(self.catalogue, permission, chain::right_to_give(*right))
        });
        covers && !powers.is_empty() && giver.says.holder != child.says.holder && depth <= MOST_HOPS
    }

    /// The rules that say that there shall always be a holder of what the target holds.
    fn last_of_its_kind(&self, handover: &[Handover]) -> Option<Broken> {
        self.catalogue.services().find_map(|service| {
            service.rules.iter().find_map(|rule| match &rule.kind {
                RuleKind::NeedsSuccessor { package } => self.leaves_none(service, package, handover),
                _ => None,
            })
        })
    }

    fn leaves_none(&self, service: &Service, package: &str, handover: &[Handover]) -> Option<Broken> {
        let organisation = self.target.says.grantor;
        let is_one = |m: &Known<'_, Mandate>| {
            m.says.permissions.contains(package)
                && m.says.rights.contains(&Right::Use)
                && m.says.rights.contains(&Right::Give)
        };
        let holds_it = !matches!(standing(self.target.version, self.ends_at), Standing::NotYet(_));
        if !is_one(&self.target) || !holds_it {
            return None;
        }
        // With the connection ended nobody is left to administer (general terms §14).
        let connected = self.view.connections(organisation, &service.id).any(|c| c.holds_at(self.ends_at));
        if service.connection == ConnectionNeed::Required && !connected {
            return None;
        }
        let remains = self.others().filter(is_one).any(|other| {
            let locked = self.view.locks(other.says.holder, &service.id).any(|l| l.holds_at(self.ends_at));
            // It lasts at least as long as what ends would have.
            let until = self.target.version.valid_to;
            let lasts = other.version.valid_to.is_none_or(|to| until.is_some_and(|until| to >= until));
            let handed = handover.iter().any(|h| h.mandate == other.id());
            !locked && lasts && (handed || self.stands_alone(other, package))
        });
        let mender = chain::mender(self.target.says.kind);
        let fact = Some(self.target.id());
        (!remains).then(|| refusal(code::RULE_NEEDS_SUCCESSOR, fact, None, mender))
    }

    /// Whether all of `package` comes through `other` without the target.
    fn stands_alone(&self, other: Known<'_, Mandate>, package: &str) -> bool {
        let permissions = self.catalogue.expand([package]);
        !permissions.is_empty()
            && permissions.iter().all(|permission| {
                chain::chain(self.view, self.catalogue, other, (permission, Right::Use), self.ends_at)
                    .is_ok_and(|ids| !ids.contains(&self.target.id()))
            })
    }
}
