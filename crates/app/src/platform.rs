//! What a service is given. It is the only way from a service to the house: a service decides, searches, records,
//! signs and writes its own rows through it, and has no path to facts.

use crate::act::{Act, Want};
use crate::core::App;
use crate::names::Names;
use crate::refusal::{Refusal, Stop};
use crate::session::Visit;
use crate::why::Why;
use authority::Decision;
use catalogue::Service;
use domain::fact::EvidenceHash;
use domain::{Instant, PartyId};
use ident::PersonalNumber;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Tx;
use store::evidence::Evidence;
use store::parties::Identifier;
use store::records::Part;
use store::vault::Field;

/// The house as one service sees it.
#[derive(Debug, Clone)]
pub struct Platform {
    app: App,
    service: &'static str,
}

impl Platform {
    /// `service` is the id of the service's catalogue file; its permissions begin with it.
    pub fn new(app: App, service: &'static str) -> Self {
        Self { app, service }
    }

    pub fn now(&self) -> Instant {
        self.app.now()
    }

    /// Bytes for ids of the service's own rows.
    pub fn entropy(&self) -> &dyn domain::Entropy {
        self.app.entropy()
    }

    /// A number that the service's catalogue file sets, by the catalogue in force at this visit.
    pub fn limit(&self, visit: &Visit, key: &str) -> Option<u32> {
        self.entry(visit)?.limits.get(key).map(|limit| limit.value)
    }

    /// The service's entry in the catalogue in force.
    pub fn entry<'v>(&self, visit: &'v Visit) -> Option<&'v Service> {
        visit.known.catalogue.service(self.service)
    }

    /// A permission of another service is no permission at all here.
    fn want(&self, visit: &Visit, permission: &str) -> Result<Want, Refusal> {
        let own = permission.strip_prefix(self.service).is_some_and(|rest| rest.starts_with('.'));
        if own { Ok(Want::to(permission, visit.party())) } else { Err(Refusal::NotFound) }
    }

    /// Whether a button is shown. The act itself asks again.
    pub fn may(&self, visit: &Visit, permission: &str) -> bool {
        self.want(visit, permission).is_ok_and(|want| self.app.decide(visit, &want).allowed)
    }

    /// The decision if it is yes, else a recorded refusal.
    pub async fn require(&self, visit: &Visit, permission: &str) -> Result<Decision, Refusal> {
        self.app.require(visit, &self.want(visit, permission)?).await
    }

    /// A read of protected data: recorded before the answer.
    pub async fn look(
        &self,
        visit: &Visit,
        permission: &str,
        event: &str,
        object: &str,
    ) -> Result<Decision, Refusal> {
        self.app.look(visit, &self.want(visit, permission)?, event, Some(object.to_owned())).await
    }

    /// The same, of data about a person, who finds it among their own records ("who has looked").
    pub async fn look_at(
        &self,
        visit: &Visit,
        permission: &str,
        event: &str,
        object: &str,
        concerned: PartyId,
    ) -> Result<Decision, Refusal> {
        let want = self.want(visit, permission)?;
        self.app.look_at(visit, &want, event, Some(object.to_owned()), Some(concerned)).await
    }

    /// Reads the service's own rows.
    pub async fn read<T, F>(&self, job: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Stop> + Send + 'static,
    {
        self.app.read(job).await
    }

    /// One transaction: the decision again, the service's rows, its outbox and its record.
    pub async fn write<T, F>(&self, visit: &Visit, permission: &str, mut work: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut ServiceAct<'_, '_, '_>) -> Result<T, Stop> + Send + 'static,
    {
        let want = self.want(visit, permission)?;
        self.app.write(visit, want, move |act| work(&mut ServiceAct { act })).await
    }

    /// Names for the visitor's eyes; a person who may not be shown has a stand-in.
    pub async fn names(
        &self,
        visit: &Visit,
        parties: impl IntoIterator<Item = PartyId>,
    ) -> Result<Names, Refusal> {
        self.app.names(visit, parties).await
    }

    /// Which of these people may not be shown to the visitor: nor what was typed about them, their place of work among it.
    pub async fn hidden(
        &self,
        visit: &Visit,
        people: impl IntoIterator<Item = PartyId>,
    ) -> Result<BTreeSet<PartyId>, Refusal> {
        self.app.hidden(visit, people).await
    }

    /// Whether the visitor is one of the few who may open what is hidden.
    pub fn may_open(&self, visit: &Visit) -> bool {
        self.app.may_open(visit)
    }

    /// Records that an errand about a hidden person is opened, before it is shown.
    pub async fn open_hidden(&self, visit: &Visit, person: PartyId) -> Result<(), Refusal> {
        self.app.open_for_errand(visit, person).await
    }

    /// A text kept under a party's key, such as contact details.
    pub async fn text(&self, party: PartyId, name: &str) -> Result<Option<String>, Refusal> {
        let app = self.app.clone();
        let name = name.to_owned();
        self.app.read(move |tx| text_in(tx, &app.ring(), party, &name)).await
    }

    /// Several such texts at once, in the order asked for; at most a page of a list.
    pub async fn texts(&self, wanted: Vec<(PartyId, String)>) -> Result<Vec<Option<String>>, Refusal> {
        let app = self.app.clone();
        self.app
            .read(move |tx| {
                let ring = app.ring();
                wanted.iter().map(|(party, name)| text_in(tx, &ring, *party, name)).collect()
            })
            .await
    }

    /// Why an act of this service was allowed when it was done, by the reference of its record. The caller has decided
    /// that the visitor may see it. `None` for a record that is not there, or of no allowed act of this service.
    pub async fn why_at(&self, reference: &str) -> Result<Option<Why>, Refusal> {
        self.app.why_at(reference, self.service).await
    }

    /// A piece of evidence, byte for byte. The caller has decided that the visitor may see it.
    pub async fn evidence(&self, hash: EvidenceHash) -> Result<Option<Evidence>, Refusal> {
        let app = self.app.clone();
        self.app.read(move |tx| Ok(store::evidence::get(tx, &app.ring(), hash)?)).await
    }

    /// Begins a signature: see [`crate::sign`].
    pub async fn sign(
        &self,
        visit: &Visit,
        wanted: crate::sign::Wanted,
        browser: crate::identify::Browser,
    ) -> Result<crate::identify::Begun, Refusal> {
        self.want(visit, &wanted.permission)?;
        self.app.begin_signature(visit, wanted, browser).await
    }
}

fn text_in(
    tx: &mut Tx<'_>,
    ring: &keyring::Keyring,
    party: PartyId,
    name: &str,
) -> Result<Option<String>, Stop> {
    let text = store::vault::field(tx, ring, party, Field::FreeText(name))?;
    Ok(text.map(|plain| plain.as_str().to_owned()))
}

/// A service's act under way.
#[derive(Debug)]
pub struct ServiceAct<'s, 'a, 'tx> {
    act: &'s mut Act<'a, 'tx>,
}

impl<'s, 'a, 'tx> ServiceAct<'s, 'a, 'tx> {
    pub(crate) fn of(act: &'s mut Act<'a, 'tx>) -> Self {
        Self { act }
    }

    /// The transaction, for the service's own tables.
    pub fn rows(&mut self) -> &mut Tx<'tx> {
        self.act.tx
    }

    pub fn now(&self) -> Instant {
        self.act.now
    }

    pub fn visit(&self) -> &Visit {
        self.act.visit
    }

    /// The party of a person known by number; made if it is new, with the name as typed. A name that is there stays:
    /// a service may not rename people of others, and learns nothing of what they are called.
    pub fn person(&mut self, number: &PersonalNumber, name: &str) -> Result<PartyId, Stop> {
        let (ring, entropy) = (Arc::clone(&self.act.ring), self.act.app.entropy());
        let by = Identifier::PersonalNumber(number.as_str());
        let person = store::parties::find_or_create(self.act.tx, &ring, entropy, by, self.act.now)?;
        if store::vault::field(self.act.tx, &ring, person, Field::DisplayName)?.is_none() {
            store::vault::set_field(self.act.tx, &ring, entropy, person, Field::DisplayName, name)?;
        }
        Ok(person)
    }

    /// The reference of the record of this act, for a receipt.
    pub fn reference(&self) -> String {
        self.act.reference.to_string()
    }

    /// A text kept under a party's key, as it stands in this transaction.
    pub fn text(&mut self, party: PartyId, name: &str) -> Result<Option<String>, Stop> {
        let ring = Arc::clone(&self.act.ring);
        text_in(self.act.tx, &ring, party, name)
    }

    /// Keeps a text under a party's key.
    pub fn keep_text(&mut self, party: PartyId, name: &str, text: &str) -> Result<(), Stop> {
        let ring = Arc::clone(&self.act.ring);
        Ok(store::vault::set_field(
            self.act.tx,
            &ring,
            self.act.app.entropy(),
            party,
            Field::FreeText(name),
            text,
        )?)
    }

    pub fn mail(&mut self, event: &str, to: PartyId, template: &str, argument: &str) -> Result<(), Stop> {
        self.act.mail(event, to, template, argument)
    }

    /// Says whom this act is about, so that they find it among their own records. The record itself does not name them.
    pub fn concerns(&mut self, person: PartyId) {
        self.act.bears_on(person, Part::Concerned);
    }

    /// Says what the record of this act tells. Called exactly once.
    pub fn record(
        &mut self,
        event: &str,
        object: &str,
        evidence: &[EvidenceHash],
        detail: &[(&str, String)],
    ) {
        self.act.record(event, Some(object.to_owned()), evidence, detail);
    }
}
