//! The one way in which a person's act happens: decide under the lock, change, record, commit.

use crate::core::App;
use crate::refusal::{Refusal, Stop};
use crate::session::Visit;
use activity::{Decided, FaultClass, Record, RecordClass, Reference};
use authority::{Context, Decision, Question, Slice, Taken};
use catalogue::Catalogue;
use domain::fact::{EvidenceHash, Right};
use domain::{Fact, FactId, Instant, PartyId, Seq};
use keyring::Keyring;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::records::Part;
use store::{StoreError, Tx};

/// What a person wants to do: which permission, in which right, for whom, and what has gone before in the same case.
#[derive(Debug, Clone)]
pub struct Want {
    pub permission: String,
    pub right: Right,
    pub party: PartyId,
    /// Steps of the case that somebody has taken.
    pub taken: Vec<(String, PartyId)>,
    /// Who gains by the case.
    pub beneficiary: Option<PartyId>,
}

impl Want {
    /// To use a permission for a party.
    pub fn to(permission: &str, party: PartyId) -> Self {
        Self {
            permission: permission.to_owned(),
            right: Right::Use,
            party,
            taken: Vec::new(),
            beneficiary: None,
        }
    }

    /// The same, as a step of a case after another step.
    pub fn after(mut self, step: &str, by: PartyId, beneficiary: PartyId) -> Self {
        self.taken.push((step.to_owned(), by));
        self.beneficiary = Some(beneficiary);
        self
    }

    fn taken(&self) -> Vec<Taken<'_>> {
        self.taken.iter().map(|(step, by)| Taken { step, by: *by }).collect()
    }
}

/// Whether an act changes facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    /// Takes the next `seq`: facts change.
    Seq,
    /// Holds the head of `seq`, so that no removal slips in between: a service's own rows change.
    Held,
}

/// An act under way, inside its transaction, after the decision said yes.
#[derive(Debug)]
pub struct Act<'a, 'tx> {
    pub tx: &'a mut Tx<'tx>,
    pub app: &'a App,
    pub ring: Arc<Keyring>,
    pub now: Instant,
    pub visit: &'a Visit,
    pub decision: Decision,
    /// Under which the record of this act can be found.
    pub reference: Reference,
    seq: Option<Seq>,
    record: Option<Draft>,
    about: Vec<(PartyId, Part)>,
    party: PartyId,
}

#[derive(Debug)]
struct Draft {
    event: String,
    object: Option<String>,
    evidence: Vec<EvidenceHash>,
    detail: BTreeMap<String, String>,
}

impl Act<'_, '_> {
    /// The number of this change.
    pub fn seq(&self) -> Result<Seq, Stop> {
        self.seq.ok_or(Stop::Store(StoreError::Corrupt("an act without seq changed a fact".into())))
    }

    pub fn add_fact(&mut self, from: Instant, to: Option<Instant>, fact: &Fact) -> Result<FactId, Stop> {
        let seq = self.seq()?;
        let id = FactId::new(self.app.entropy());
        store::facts::add(self.tx, seq, id, from, to, fact)?;
        Ok(id)
    }

    /// Says what the record of this act tells. Called exactly once in each act.
    pub fn record(
        &mut self,
        event: &str,
        object: Option<String>,
        evidence: &[EvidenceHash],
        detail: &[(&str, String)],
    ) {
        self.record = Some(Draft {
            event: event.to_owned(),
            object,
            evidence: evidence.to_vec(),
            detail: detail.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect(),
        });
    }

    /// Decides a second permission that this act needs, in the same transaction.
    pub(crate) fn also(&mut self, permission: &str) -> Result<Decision, Stop> {
        let want = Want::to(permission, self.party);
        let decision = decide_in(self.app, self.tx, self.visit, &want, self.now)?;
        if decision.allowed {
            Ok(decision)
        } else {
            Err(Stop::AlsoRefused(Box::new(decision), Box::new(want)))
        }
    }

    /// Keeps a record of its own of what that second permission was used for. It has no number: the change has one record.
    pub(crate) fn also_record(
        &mut self,
        event: &str,
        object: Option<String>,
        (decision, permission): (&Decision, &str),
        detail: &[(&str, String)],
    ) -> Result<(), Stop> {
        let record = Record {
            actor: Some(self.visit.person()),
            party: Some(self.party),
            object,
            decided: Some(decided(decision, permission)),
            detail: detail.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect(),
            ..Record::new(self.app.entropy(), self.now, RecordClass::Change, event)
        };
        Ok(self.app.append(self.tx, &record)?)
    }

    /// Says that the record of this act bears on somebody, so that they find it among their own. The record itself does
    /// not name them.
    pub(crate) fn bears_on(&mut self, party: PartyId, part: Part) {
        self.about.push((party, part));
    }

    /// The facts about the visitor and the party of this act, for a rule beyond the decision.
    pub(crate) fn ground(&mut self) -> Result<Ground, Stop> {
        ground(self.app, self.tx, self.visit.person(), self.party)
    }

    /// The same about another party than the one that this act is for.
    pub(crate) fn ground_at(&mut self, party: PartyId) -> Result<Ground, Stop> {
        ground(self.app, self.tx, self.visit.person(), party)
    }
}

impl App {
    /// An act that changes facts.
    pub async fn change<T, F>(&self, visit: &Visit, want: Want, work: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut Act<'_, '_>) -> Result<T, Stop> + Send + 'static,
    {
        let done = self.run(visit, want, Order::Seq, work).await?;
        self.know_own_change().await;
        self.wake();
        Ok(done)
    }

    /// An act that changes a service's own rows, not facts.
    pub async fn write<T, F>(&self, visit: &Visit, want: Want, work: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut Act<'_, '_>) -> Result<T, Stop> + Send + 'static,
    {
        let done = self.run(visit, want, Order::Held, work).await?;
        self.wake();
        Ok(done)
    }

    /// The answer to a change is given only when this node itself decides by it. What has been committed is not called
    /// undone because the store could not be read just then: the next request catches up before it decides.
    pub(crate) async fn know_own_change(&self) {
        let caught_up = match self.store().read(store::seq::head).await {
            Ok(head) => self.catch_up(head).await.map(|_| ()),
            Err(error) => Err(error),
        };
        if let Err(error) = caught_up {
            tracing::warn!(%error, "a change is committed and not known on this node yet");
        }
    }

    async fn run<T, F>(&self, visit: &Visit, want: Want, order: Order, work: F) -> Result<T, Refusal>
    where
        T: Send + 'static,
        F: FnMut(&mut Act<'_, '_>) -> Result<T, Stop> + Send + 'static,
    {
        match self.attempt(visit, &want, order, work).await {
            Ok(done) => Ok(done),
            Err(Stop::Refused(decision)) => Err(self.refuse(visit, &want, *decision).await),
            Err(Stop::AlsoRefused(decision, want)) => Err(self.refuse(visit, &want, *decision).await),
            Err(Stop::No(refusal)) => Err(self.refuse_by_rule(visit, &want, refusal).await),
            Err(stop) => Err(self.broken(stop)),
        }
    }

    /// A write whose refusal the caller records together with what else it ends.
    pub(crate) async fn attempt_write<T, F>(&self, visit: &Visit, want: &Want, work: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: FnMut(&mut Act<'_, '_>) -> Result<T, Stop> + Send + 'static,
    {
        self.attempt(visit, want, Order::Held, work).await
    }

    async fn attempt<T, F>(&self, visit: &Visit, want: &Want, order: Order, mut work: F) -> Result<T, Stop>
    where
        T: Send + 'static,
        F: FnMut(&mut Act<'_, '_>) -> Result<T, Stop> + Send + 'static,
    {
        let app = self.clone();
        let visitor = visit.clone();
        let wanted = want.clone();
        self.transact(move |tx| {
            let seq = match order {
                Order::Seq => Some(store::seq::take(tx)?),
                Order::Held => {
                    store::seq::hold(tx)?;
                    None
                }
            };
            let now = app.now();
            // The session may have ended between the page and the write.
            visitor.still_open(tx, now)?;
            let decision = decide_in(&app, tx, &visitor, &wanted, now)?;
            if !decision.allowed {
                return Err(Stop::Refused(Box::new(decision)));
            }
            let mut act = Act {
                tx,
                app: &app,
                ring: app.ring(),
                now,
                visit: &visitor,
                decision,
                reference: app.reference(),
                seq,
                record: None,
                about: Vec::new(),
                party: wanted.party,
            };
            let done = work(&mut act)?;
            let Act { record, about, decision, reference, party, .. } = act;
            let draft = record.ok_or(Stop::Store(StoreError::Corrupt("an act without a record".into())))?;
            let record = Record {
                actor: Some(visitor.person()),
                party: Some(party),
                object: draft.object,
                seq,
                decided: Some(decided(&decision, &wanted.permission)),
                evidence: draft.evidence,
                reference,
                detail: draft.detail,
                ..Record::new(app.entropy(), now, RecordClass::Change, &draft.event)
            };
            app.append_about(tx, &record, &about)?;
            Ok(done)
        })
        .await
    }

    /// Decides by what this node knows, at the head that came with the visit.
    pub fn decide(&self, visit: &Visit, want: &Want) -> Decision {
        let known = &visit.known;
        let taken = want.taken();
        let question = question(self, visit, want, &taken, self.now());
        authority::decide(&known.index, &known.catalogue, known.catalogue_seq, &question)
    }

    /// Asks before a page: the decision if it is yes, else a recorded refusal.
    pub async fn require(&self, visit: &Visit, want: &Want) -> Result<Decision, Refusal> {
        let decision = self.decide(visit, want);
        if decision.allowed { Ok(decision) } else { Err(self.refuse(visit, want, decision).await) }
    }

    /// A read that the catalogue wants recorded: its record is committed before the answer is given.
    pub async fn look(
        &self,
        visit: &Visit,
        want: &Want,
        event: &str,
        object: Option<String>,
    ) -> Result<Decision, Refusal> {
        self.look_at(visit, want, event, object, None).await
    }

    /// The same, of data about a person, who finds it among their own records ("who has looked").
    pub async fn look_at(
        &self,
        visit: &Visit,
        want: &Want,
        event: &str,
        object: Option<String>,
        concerned: Option<PartyId>,
    ) -> Result<Decision, Refusal> {
        let decision = self.require(visit, want).await?;
        let read = Alone { class: RecordClass::Read, event, object, fault: None, concerned, reason: None };
        self.record_alone(visit, want, read, &decision).await?;
        Ok(decision)
    }

    /// The same, with the reason that the visitor gave. The record names no object: its text must not tell who is meant.
    pub(crate) async fn look_why(
        &self,
        visit: &Visit,
        want: &Want,
        event: &str,
        reason: &'static str,
        concerned: Option<PartyId>,
    ) -> Result<(), Refusal> {
        let decision = self.require(visit, want).await?;
        let class = RecordClass::Read;
        let read = Alone { class, event, object: None, fault: None, concerned, reason: Some(reason) };
        self.record_alone(visit, want, read, &decision).await.map(drop)
    }

    /// Records a refusal in a transaction of its own, and gives it the reference code that the page shows.
    pub async fn refuse(&self, visit: &Visit, want: &Want, decision: Decision) -> Refusal {
        let refused = Alone {
            class: RecordClass::Refusal,
            event: "act.refused",
            object: None,
            fault: Some(FaultClass::User),
            concerned: None,
            reason: None,
        };
        match self.record_alone(visit, want, refused, &decision).await {
            Ok(reference) => {
                Refusal::NotAllowed { decision: Box::new(decision), want: Box::new(want.clone()), reference }
            }
            // An act whose record cannot be written does not happen; neither does its explanation.
            Err(refusal) => refusal,
        }
    }

    /// Records the refusal of a rule beyond the decision ("the last administrator", "somebody was faster"): any act,
    /// allowed or refused, leaves one record (R-004-47). A mistake in a form is no act yet.
    pub(crate) async fn refuse_by_rule(&self, visit: &Visit, want: &Want, refusal: Refusal) -> Refusal {
        let code = match &refusal {
            Refusal::Conflict(code) => *code,
            Refusal::NotFound => "NOT_FOUND",
            _ => return refusal,
        };
        let record = self.rule_record(visit, want, "act.refused", code);
        let app = self.clone();
        let written = self.write_plain(move |tx| Ok(app.append(tx, &record)?)).await;
        self.recorded();
        match written {
            Ok(()) => refusal,
            // As above: without its record there is no explanation.
            Err(unwritten) => unwritten,
        }
    }

    pub(crate) fn rule_record(&self, visit: &Visit, want: &Want, event: &str, code: &str) -> Record {
        Record {
            actor: Some(visit.person()),
            party: Some(want.party),
            fault: Some(FaultClass::User),
            detail: BTreeMap::from([
                ("code".to_owned(), code.to_owned()),
                ("permission".to_owned(), want.permission.clone()),
            ]),
            ..Record::new(self.entropy(), self.now(), RecordClass::Refusal, event)
        }
    }

    async fn record_alone(
        &self,
        visit: &Visit,
        want: &Want,
        alone: Alone<'_>,
        decision: &Decision,
    ) -> Result<Reference, Refusal> {
        let Alone { class, event, object, fault, concerned, reason } = alone;
        let about: Vec<_> = concerned.map(|person| (person, Part::Concerned)).into_iter().collect();
        let reference = self.reference();
        let record = Record {
            actor: Some(visit.person()),
            party: Some(want.party),
            object,
            decided: Some(decided(decision, &want.permission)),
            fault,
            reference: reference.clone(),
            detail: reason.map(|reason| ("reason".to_owned(), reason.to_owned())).into_iter().collect(),
            ..Record::new(self.entropy(), self.now(), class, event)
        };
        let app = self.clone();
        self.write_plain(move |tx| Ok(app.append_about(tx, &record, &about)?)).await?;
        self.recorded();
        Ok(reference)
    }
}

/// A record that commits without a change.
struct Alone<'a> {
    class: RecordClass,
    event: &'a str,
    object: Option<String>,
    fault: Option<FaultClass>,
    concerned: Option<PartyId>,
    reason: Option<&'static str>,
}

fn question<'a>(
    app: &App,
    visit: &'a Visit,
    want: &'a Want,
    taken: &'a [Taken<'a>],
    at: Instant,
) -> Question<'a> {
    Question {
        subject: visit.person(),
        session: visit.login(),
        party: want.party,
        agency: app.agency(),
        permission: &want.permission,
        right: want.right,
        at,
        context: Context { taken, beneficiary: want.beneficiary },
    }
}

/// The facts that bear on a person and a party, and the catalogue in force, as they stand under the lock.
#[derive(Debug)]
pub(crate) struct Ground {
    pub slice: Slice,
    pub catalogue: Arc<Catalogue>,
    pub catalogue_seq: Seq,
}

pub(crate) fn ground(app: &App, tx: &mut Tx<'_>, person: PartyId, party: PartyId) -> Result<Ground, Stop> {
    let head = store::seq::head(tx)?;
    let slice = Slice::new(head.seq, store::facts::slice(tx, person, party)?);
    let known = app.known();
    let (catalogue, catalogue_seq) = match store::catalogues::latest_seq(tx)? {
        Some(seq) if seq == known.catalogue_seq => (known.catalogue.clone(), seq),
        _ => {
            // Another node has applied a catalogue this instant: decide by the stored one.
            let latest =
                store::catalogues::latest(tx)?.ok_or_else(|| StoreError::Corrupt("no catalogue".into()))?;
            let parsed = Catalogue::from_canonical(&latest.body)
                .map_err(|_| StoreError::Corrupt("catalogue".into()))?;
            (Arc::new(parsed), latest.seq)
        }
    };
    Ok(Ground { slice, catalogue, catalogue_seq })
}

/// The decision inside a transaction.
fn decide_in(app: &App, tx: &mut Tx<'_>, visit: &Visit, want: &Want, at: Instant) -> Result<Decision, Stop> {
    let ground = ground(app, tx, visit.person(), want.party)?;
    let taken = want.taken();
    let question = question(app, visit, want, &taken, at);
    Ok(authority::decide(&ground.slice, &ground.catalogue, ground.catalogue_seq, &question))
}

pub(crate) fn decided(decision: &Decision, permission: &str) -> Decided {
    Decided {
        allowed: decision.allowed,
        permission: permission.to_owned(),
        codes: decision.codes().map(str::to_owned).collect(),
        chain: decision.chain.clone(),
        as_of: decision.as_of,
        catalogue: decision.catalogue,
    }
}
