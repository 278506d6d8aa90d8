//! The index in memory: all facts, found from both ends. A change makes a new index that shares all but the touched
//! shards with the old one, so that readers never lock and never see half a change.

use crate::view::{FactsView, Known};
use domain::fact::{Connection, Fact, Lock, Mandate, MethodPolicy, MethodState, TermsAcceptance};
use domain::{FactId, FactVersion, PartyId, Seq};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Shards per kind of key. A change copies one shard of each key it touches: with a million facts about a thousand
/// references, while the outer list stays a page of memory.
const SHARDS: usize = 1024;

type Version = Arc<FactVersion>;
/// The facts of a party: those it holds and those that count for it.
type OfParty = Arc<Vec<Version>>;

#[derive(Debug, Clone)]
pub struct Index {
    seq: Seq,
    facts: Shards<FactId, Version>,
    held: Shards<PartyId, OfParty>,
    given: Shards<PartyId, OfParty>,
    /// Facts for the whole installation: the states of methods. Few.
    everywhere: OfParty,
}

/// A map in shards, each shared until it is written.
#[derive(Debug, Clone)]
struct Shards<K, V>(Arc<[Arc<BTreeMap<K, V>>]>);

impl<K: Ord + Copy + AsBytes, V: Clone> Shards<K, V> {
    fn empty() -> Self {
        let shard = Arc::new(BTreeMap::new());
        Self((0..SHARDS).map(|_| Arc::clone(&shard)).collect())
    }

    fn shard(key: K) -> usize {
        let bytes = key.bytes();
        // The ids are random (RFC 9562 §5.4), and their last bytes carry no version bits.
        usize::from(u16::from_le_bytes([bytes[14], bytes[15]])) % SHARDS
    }

    fn get(&self, key: K) -> Option<&V> {
        self.0.get(Self::shard(key))?.get(&key)
    }

    /// The shard of `key`, for writing: copied first if anybody else reads it.
    fn edit(&mut self, key: K) -> Option<&mut BTreeMap<K, V>> {
        let shards = Arc::make_mut(&mut self.0);
        shards.get_mut(Self::shard(key)).map(Arc::make_mut)
    }
}

trait AsBytes {
    fn bytes(&self) -> &[u8; 16];
}

impl AsBytes for FactId {
    fn bytes(&self) -> &[u8; 16] {
        self.as_bytes()
    }
}

impl AsBytes for PartyId {
    fn bytes(&self) -> &[u8; 16] {
        self.as_bytes()
    }
}

impl Index {
    /// An index of the versions known after change `seq`; closed ones are left out.
    pub fn build(seq: Seq, versions: impl IntoIterator<Item = FactVersion>) -> Index {
        let mut index = Index {
            seq,
            facts: Shards::empty(),
            held: Shards::empty(),
            given: Shards::empty(),
            everywhere: Arc::default(),
        };
        for version in versions {
            index.take(&version);
        }
        index
    }

    /// The index after change `seq`, from all versions that were opened or closed since this one, in any order; the
    /// same version twice does no harm. This index stays as it is.
    pub fn apply(&self, seq: Seq, versions: &[FactVersion]) -> Index {
        let mut next = self.clone();
        next.seq = self.seq.max(seq);
        for version in versions {
            next.take(version);
        }
        next
    }

    /// How many facts it holds.
    pub fn len(&self) -> usize {
        self.facts.0.iter().map(|shard| shard.len()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One version: the newest of a fact wins, and a closed one takes the fact away unless a newer is there.
    fn take(&mut self, version: &FactVersion) {
        let known = self.facts.get(version.id).cloned();
        if known.as_ref().is_some_and(|known| known.seq_from > version.seq_from) {
            return;
        }
        if let Some(known) = known {
            self.remove(&known);
        }
        if version.seq_to.is_none() {
            self.insert(Arc::new(version.clone()));
        }
    }

    fn insert(&mut self, version: Version) {
        if let Some(shard) = self.facts.edit(version.id) {
            shard.insert(version.id, Arc::clone(&version));
        }
        let add = |list: &mut OfParty| Arc::make_mut(list).push(Arc::clone(&version));
        match (version.fact.subject(), version.fact.party()) {
            (None, None) => add(&mut self.everywhere),
            (subject, party) => {
                if let Some((subject, shard)) = subject.and_then(|s| Some((s, self.held.edit(s)?))) {
                    add(shard.entry(subject).or_default());
                }
                if let Some((party, shard)) = party.and_then(|p| Some((p, self.given.edit(p)?))) {
                    add(shard.entry(party).or_default());
                }
            }
        }
    }

    fn remove(&mut self, version: &Version) {
        let id = version.id;
        if let Some(shard) = self.facts.edit(id) {
            shard.remove(&id);
        }
        let drop = |list: &mut OfParty| Arc::make_mut(list).retain(|v| v.id != id);
        if version.fact.subject().is_none() && version.fact.party().is_none() {
            drop(&mut self.everywhere);
        }
        let ends = [(&mut self.held, version.fact.subject()), (&mut self.given, version.fact.party())];
        for (shards, key) in ends {
            let Some((key, shard)) = key.and_then(|k| Some((k, shards.edit(k)?))) else { continue };
            if let Some(list) = shard.get_mut(&key) {
                drop(list);
                if list.is_empty() {
                    shard.remove(&key);
                }
            }
        }
    }

    /// The parties for whom any fact counts, in the order of their ids.
    pub fn parties(&self) -> BTreeSet<PartyId> {
        self.given.0.iter().flat_map(|shard| shard.keys().copied()).collect()
    }

    fn of(shards: &Shards<PartyId, OfParty>, party: PartyId) -> impl Iterator<Item = &FactVersion> {
        shards.get(party).into_iter().flat_map(|list| list.iter()).map(|version| &**version)
    }
}

macro_rules! pick {
    ($versions:expr, $kind:ident, $where:expr) => {
        $versions.filter_map(move |version| match &version.fact {
            Fact::$kind(says) if $where(says) => Some(Known { version, says }),
            _ => None,
        })
    };
}

impl FactsView for Index {
    fn seq(&self) -> Seq {
        self.seq
    }

    fn mandate(&self, id: FactId) -> Option<Known<'_, Mandate>> {
        let version = self.facts.get(id)?;
        match &version.fact {
            Fact::Mandate(says) => Some(Known { version, says }),
            _ => None,
        }
    }

    fn mandates_of(&self, holder: PartyId) -> impl Iterator<Item = Known<'_, Mandate>> {
        pick!(Self::of(&self.held, holder), Mandate, |_: &Mandate| true)
    }

    fn mandates_at(&self, grantor: PartyId) -> impl Iterator<Item = Known<'_, Mandate>> {
        pick!(Self::of(&self.given, grantor), Mandate, |_: &Mandate| true)
    }

    fn connections(
        &self,
        organisation: PartyId,
        service: &str,
    ) -> impl Iterator<Item = Known<'_, Connection>> {
        pick!(Self::of(&self.given, organisation), Connection, |c: &Connection| c.service == service)
    }

    fn acceptances(
        &self,
        organisation: PartyId,
        service: &str,
    ) -> impl Iterator<Item = Known<'_, TermsAcceptance>> {
        pick!(Self::of(&self.given, organisation), TermsAcceptance, |t: &TermsAcceptance| t.service
            == service)
    }

    fn method_states(&self, method: &str, service: &str) -> impl Iterator<Item = Known<'_, MethodState>> {
        pick!(self.everywhere.iter().map(|v| &**v), MethodState, |s: &MethodState| {
            s.method == method && s.service.as_deref().is_none_or(|s| s == service)
        })
    }

    fn method_policies(
        &self,
        organisation: PartyId,
        service: &str,
    ) -> impl Iterator<Item = Known<'_, MethodPolicy>> {
        pick!(Self::of(&self.given, organisation), MethodPolicy, |p: &MethodPolicy| p.service == service)
    }

    fn locks(&self, party: PartyId, service: &str) -> impl Iterator<Item = Known<'_, Lock>> {
        pick!(Self::of(&self.held, party), Lock, |l: &Lock| l.service.as_deref().is_none_or(|s| s == service))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Instant;

    fn id(n: u8) -> [u8; 16] {
        [n; 16]
    }

    fn lock(n: u8, party: u8, seq_from: u64, seq_to: Option<u64>) -> FactVersion {
        FactVersion {
            id: FactId::from_bytes(id(n)),
            seq_from: Seq(seq_from),
            seq_to: seq_to.map(Seq),
            valid_from: Instant::from_micros(0),
            valid_to: None,
            fact: Fact::Lock(Lock { party: PartyId::from_bytes(id(party)), service: None }),
        }
    }

    fn locked(index: &Index, party: u8) -> usize {
        index.locks(PartyId::from_bytes(id(party)), "employer").count()
    }

    #[test]
    fn a_closed_version_takes_the_fact_away_and_an_older_one_does_nothing() {
        let index = Index::build(Seq(3), [lock(1, 7, 1, None), lock(2, 8, 2, None), lock(3, 9, 3, Some(3))]);
        assert_eq!((index.len(), locked(&index, 9)), (2, 0));
        // The same fact for another party, told twice, and its older version last.
        let moved = [lock(1, 9, 4, None), lock(1, 9, 4, None), lock(1, 7, 1, Some(4))];
        let next = index.apply(Seq(4), &moved);
        assert_eq!((locked(&next, 7), locked(&next, 9), next.len()), (0, 1, 2));
        let gone = next.apply(Seq(5), &[lock(1, 9, 4, Some(5)), lock(2, 8, 2, Some(5))]);
        assert!(
            gone.is_empty() && locked(&gone, 9) == 0 && gone.mandate(FactId::from_bytes(id(1))).is_none()
        );
        assert_eq!((index.seq(), next.seq(), gone.seq()), (Seq(3), Seq(4), Seq(5)));
        // An index never goes back, and what it was made from is untouched.
        assert_eq!(gone.apply(Seq(2), &[]).seq(), Seq(5));
        assert_eq!((locked(&index, 7), locked(&next, 9)), (1, 1));
        let parties = |index: &Index| index.parties().into_iter().collect::<Vec<_>>();
        assert_eq!(parties(&index), [7, 8].map(|n| PartyId::from_bytes(id(n))));
        assert_eq!(parties(&gone), []);
    }
}
