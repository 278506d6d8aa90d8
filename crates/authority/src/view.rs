//! The facts that a decision reads: one trait, whatever holds them.

use domain::fact::{Connection, Lock, Mandate, MethodPolicy, MethodState, TermsAcceptance};
use domain::{FactId, FactVersion, Instant, PartyId, Seq};

/// A version of a fact that is what we know, with what it says.
#[derive(Debug)]
pub struct Known<'a, T> {
    pub version: &'a FactVersion,
    pub says: &'a T,
}

impl<T> Clone for Known<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Known<'_, T> {}

impl<T> Known<'_, T> {
    pub fn id(&self) -> FactId {
        self.version.id
    }

    pub fn holds_at(&self, at: Instant) -> bool {
        self.version.holds_at(at)
    }
}

/// What was known after one change: at most one version of each fact, past, present and future in valid time.
///
/// A view need hold only what bears on the questions asked of it; what it does not hold does not exist, and a
/// decision denies.
pub trait FactsView {
    /// The last change this view knows of.
    fn seq(&self) -> Seq;
    fn mandate(&self, id: FactId) -> Option<Known<'_, Mandate>>;
    /// The mandates that `holder` has, from whomever.
    fn mandates_of(&self, holder: PartyId) -> impl Iterator<Item = Known<'_, Mandate>>;
    /// The mandates that `grantor` has given.
    fn mandates_at(&self, grantor: PartyId) -> impl Iterator<Item = Known<'_, Mandate>>;
    fn connections(
        &self,
        organisation: PartyId,
        service: &str,
    ) -> impl Iterator<Item = Known<'_, Connection>>;
    fn acceptances(
        &self,
        organisation: PartyId,
        service: &str,
    ) -> impl Iterator<Item = Known<'_, TermsAcceptance>>;
    /// The states of `method` in `service` and in every service.
    fn method_states(&self, method: &str, service: &str) -> impl Iterator<Item = Known<'_, MethodState>>;
    fn method_policies(
        &self,
        organisation: PartyId,
        service: &str,
    ) -> impl Iterator<Item = Known<'_, MethodPolicy>>;
    /// The locks of `party` in `service` and in every service.
    fn locks(&self, party: PartyId, service: &str) -> impl Iterator<Item = Known<'_, Lock>>;
}
