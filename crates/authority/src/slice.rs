//! Views over a few versions: a slice loaded for one question, and what was known after an earlier change.

use crate::view::{FactsView, Known};
use domain::fact::{Connection, Fact, Lock, Mandate, MethodPolicy, MethodState, TermsAcceptance};
use domain::{FactId, FactVersion, PartyId, Seq};

/// The current versions of a few facts, as loaded for one question inside a transaction.
#[derive(Debug, Clone)]
pub struct Slice {
    seq: Seq,
    versions: Vec<FactVersion>,
}

impl Slice {
    /// `versions` are those known after `seq`; one that is not known then is left out.
    pub fn new(seq: Seq, versions: impl IntoIterator<Item = FactVersion>) -> Self {
        Self { seq, versions: versions.into_iter().filter(|v| v.known_at(seq)).collect() }
    }
}

/// What was known after change `seq`, from whole histories.
#[derive(Debug, Clone)]
pub struct AsOf(Slice);

impl AsOf {
    /// `histories` holds every version that was known after `seq`, and may hold others.
    pub fn new(seq: Seq, histories: impl IntoIterator<Item = FactVersion>) -> Self {
        Self(Slice::new(seq, histories))
    }
}

macro_rules! pick {
    ($slice:expr, $kind:ident, $where:expr) => {
        $slice.versions.iter().filter_map(move |version| match &version.fact {
            Fact::$kind(says) if $where(says) => Some(Known { version, says }),
            _ => None,
        })
    };
}

impl FactsView for Slice {
    fn seq(&self) -> Seq {
        self.seq
    }

    fn mandate(&self, id: FactId) -> Option<Known<'_, Mandate>> {
        pick!(self, Mandate, |_: &Mandate| true).find(|m| m.id() == id)
    }

    fn mandates_of(&self, holder: PartyId) -> impl Iterator<Item = Known<'_, Mandate>> {
        pick!(self, Mandate, |m: &Mandate| m.holder == holder)
    }

    fn mandates_at(&self, grantor: PartyId) -> impl Iterator<Item = Known<'_, Mandate>> {
        pick!(self, Mandate, |m: &Mandate| m.grantor == grantor)
    }

    fn connections(
        &self,
        organisation: PartyId,
        service: &str,
    ) -> impl Iterator<Item = Known<'_, Connection>> {
        pick!(self, Connection, |c: &Connection| c.organisation == organisation && c.service == service)
    }

    fn acceptances(
        &self,
        organisation: PartyId,
        service: &str,
    ) -> impl Iterator<Item = Known<'_, TermsAcceptance>> {
        pick!(self, TermsAcceptance, |t: &TermsAcceptance| t.organisation == organisation
            && t.service == service)
    }

    fn method_states(&self, method: &str, service: &str) -> impl Iterator<Item = Known<'_, MethodState>> {
        pick!(self, MethodState, |s: &MethodState| {
            s.method == method && s.service.as_deref().is_none_or(|s| s == service)
        })
    }

    fn method_policies(
        &self,
        organisation: PartyId,
        service: &str,
    ) -> impl Iterator<Item = Known<'_, MethodPolicy>> {
        pick!(self, MethodPolicy, |p: &MethodPolicy| p.organisation == organisation && p.service == service)
    }

    fn locks(&self, party: PartyId, service: &str) -> impl Iterator<Item = Known<'_, Lock>> {
        pick!(self, Lock, |l: &Lock| l.party == party && l.service.as_deref().is_none_or(|s| s == service))
    }
}

impl FactsView for AsOf {
    fn seq(&self) -> Seq {
        self.0.seq()
    }

    fn mandate(&self, id: FactId) -> Option<Known<'_, Mandate>> {
        self.0.mandate(id)
    }

    fn mandates_of(&self, holder: PartyId) -> impl Iterator<Item = Known<'_, Mandate>> {
        self.0.mandates_of(holder)
    }

    fn mandates_at(&self, grantor: PartyId) -> impl Iterator<Item = Known<'_, Mandate>> {
        self.0.mandates_at(grantor)
    }

    fn connections(
        &self,
        organisation: PartyId,
        service: &str,
    ) -> impl Iterator<Item = Known<'_, Connection>> {
        self.0.connections(organisation, service)
    }

    fn acceptances(
        &self,
        organisation: PartyId,
        service: &str,
    ) -> impl Iterator<Item = Known<'_, TermsAcceptance>> {
        self.0.acceptances(organisation, service)
    }

    fn method_states(&self, method: &str, service: &str) -> impl Iterator<Item = Known<'_, MethodState>> {
        self.0.method_states(method, service)
    }

    fn method_policies(
        &self,
        organisation: PartyId,
        service: &str,
    ) -> impl Iterator<Item = Known<'_, MethodPolicy>> {
        self.0.method_policies(organisation, service)
    }

    fn locks(&self, party: PartyId, service: &str) -> impl Iterator<Item = Known<'_, Lock>> {
        self.0.locks(party, service)
    }
}
