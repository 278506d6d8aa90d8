//! Signed errands: the person signs a text with e-ID, and the errand is carried out with the evidence in one
//! transaction — also if the browser is closed at that moment.

use crate::act::Want;
use crate::core::App;
use crate::identify::{
    BANKID_ANSWER, Body, Browser, DONE, End, Missing, ORDER_MOVED_ON, Purpose, failure_record, put,
};
use crate::platform::ServiceAct;
use crate::refusal::{Refusal, Stop};
use crate::session::Visit;
use activity::{FaultClass, Record};
use domain::fact::EvidenceHash;
use domain::{Instant, PartyId};
use ident::PersonalNumber;
use login::{VerifiedSignature, VisibleText};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::StoreError;
use store::records::Part;
use store::sessions::SessionState;
use store::vault::Field;

/// What a service wants signed.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Decided before the order begins and again when it is carried out.
    pub permission: String,
    /// The name of the [`Errand`] that carries it out.
    pub errand: &'static str,
    /// The service's own name of the thing, such as a draft's id.
    pub object: String,
    /// The text, word for word as on the review page.
    pub text: String,
    /// The language of the text, as an HTML tag: it may be another than the page's.
    pub lang: &'static str,
    /// The page to come back to if it is not signed.
    pub back: String,
}

/// What an order of signature is bound to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Bound {
    pub permission: String,
    pub errand: String,
    pub object: String,
    pub party: PartyId,
    pub lang: String,
    /// Hash of the session's key: the errand is carried out only while the session is open.
    pub session: [u8; 32],
}

/// A signature that has been verified and kept.
#[derive(Debug, Clone)]
pub struct Signed {
    /// The kept answer of the provider, byte for byte.
    pub evidence: EvidenceHash,
    /// The text that was signed.
    pub text: String,
    /// By the issuer's time stamp.
    pub signed_at: Instant,
}

/// A service's half of a signed errand.
pub trait Errand: Send + Sync + std::fmt::Debug {
    /// Unique in the installation, such as `employer.sickness_report`.
    fn name(&self) -> &'static str;

    /// Carries the errand out and records it; returns the path of its page. Runs in the transaction that keeps the
    /// evidence, after the decision said yes again.
    fn carry_out(
        &self,
        act: &mut ServiceAct<'_, '_, '_>,
        object: &str,
        signed: &Signed,
    ) -> Result<String, Stop>;
}

impl App {
    pub(crate) async fn begin_signature(
        &self,
        visit: &Visit,
        wanted: Wanted,
        browser: Browser,
    ) -> Result<crate::identify::Begun, Refusal> {
        self.require(visit, &Want::to(&wanted.permission, visit.party())).await?;
        let (app, person) = (self.clone(), visit.person());
        let number = self
            .read(move |tx| Ok(store::vault::field(tx, &app.ring(), person, Field::PersonalNumber)?))
            .await?;
        let signer =
            number.and_then(|number| PersonalNumber::parse(number.as_str()).ok()).ok_or_else(|| {
                self.broken(Stop::Store(StoreError::Corrupt("a person without a number".into())))
            })?;
        let text = VisibleText::for_signature(&wanted.text, login::text::TextFormat::Plain)
            .map_err(|_| Refusal::Conflict("TEXT_TOO_LONG"))?;
        let bound = Bound {
            permission: wanted.permission,
            errand: wanted.errand.to_owned(),
            object: wanted.object,
            party: visit.party(),
            lang: wanted.lang.to_owned(),
            session: visit.session.key_hash,
        };
        self.begin_bound(&browser, text, signer, bound, wanted.back).await
    }

    /// Carries out what was signed. `None`: done, the row says where. `Some`: how it ended instead, with the record
    /// that is to be written together with that end.
    pub(crate) async fn carry_out(
        &self,
        row: &store::orders::Order,
        body: &Body,
        signature: &VerifiedSignature,
    ) -> Result<Option<NotDone>, Refusal> {
        let Purpose::Signature(bound) = &body.purpose else { return Err(Refusal::NotFound) };
        let Some(errand) = self.errand(&bound.errand) else { return Err(Refusal::NotFound) };
        let want = Want::to(&bound.permission, bound.party);
        let Some((visit, state)) = self.visit_of(bound).await? else {
            let record = failure_record(self, "signature.refused", "SESSION_ENDED", FaultClass::User);
            return Ok(Some(NotDone::of("SESSION_ENDED", record)));
        };
        if state != SessionState::Open {
            let record = self.rule_record(&visit, &want, "signature.refused", "SESSION_ENDED");
            return Ok(Some(NotDone::of("SESSION_ENDED", record)));
        }
        let done = {
            let (row, body, bound) = (row.clone(), body.clone(), bound.clone());
            let answer = signature.evidence().answer().to_vec();
            let (text, signed_at) =
                (body.order.text().as_str().to_owned(), self.in_domain_time(signature.authenticated_at()));
            self.attempt_write(&visit, &want, move |act| {
                let ring = Arc::clone(&act.ring);
                let person = act.visit.person();
                let evidence = store::evidence::put(
                    act.tx,
                    &ring,
                    act.app.entropy(),
                    person,
                    BANKID_ANSWER,
                    &answer,
                    act.now,
                )?;
                let signed = Signed { evidence, text: text.clone(), signed_at };
                act.bears_on(person, Part::Signed);
                let location = errand.carry_out(&mut ServiceAct::of(act), &bound.object, &signed)?;
                let ended = Body { answer: None, end: Some(End::Signed { location }), ..body.clone() };
                put(act.tx, act.app, &row, DONE, &ended)
            })
            .await
        };
        let refused = |code| NotDone::of(code, self.rule_record(&visit, &want, "signature.refused", code));
        Ok(match done {
            Ok(()) => None,
            // Another node was faster, or the visitor has left: what the row says now counts.
            Err(Stop::No(Refusal::Conflict(ORDER_MOVED_ON))) => {
                return Err(Refusal::Conflict(ORDER_MOVED_ON));
            }
            Err(Stop::Refused(decision)) => {
                let mut not_done = refused("NOT_ALLOWED");
                if let End::Refused { missing, .. } = &mut not_done.end {
                    missing.extend(decision.for_subject().broken().map(|(_, broken)| Missing {
                        code: broken.code.to_owned(),
                        mender: broken.mender,
                        since: broken.since,
                    }));
                }
                not_done.record.detail.remove("permission");
                not_done.record.decided = Some(crate::act::decided(&decision, &bound.permission));
                Some(not_done)
            }
            Err(Stop::No(Refusal::Conflict(code))) => Some(refused(code)),
            Err(Stop::No(Refusal::NotFound)) => Some(refused("NOT_FOUND")),
            Err(Stop::No(Refusal::Invalid(faults))) => {
                Some(refused(faults.first().map_or("NOT_FOUND", |f| f.code)))
            }
            Err(stop) => return Err(self.broken(stop)),
        })
    }

    /// The session that an errand is bound to, acting for the party that the errand was begun for: another tab may
    /// have switched the session to another party meanwhile, and the two must not mix.
    async fn visit_of(&self, bound: &Bound) -> Result<Option<(Visit, SessionState)>, Refusal> {
        let hash = bound.session;
        let found = self.read(move |tx| Ok(store::sessions::find_with_head(tx, hash)?)).await?;
        let Some((mut session, head)) = found else { return Ok(None) };
        let state = session.state_at(self.now());
        session.party = bound.party;
        let known = self.catch_up(head).await.map_err(|e| self.broken(Stop::Store(e)))?;
        Ok(Some((Visit { session, known }, state)))
    }
}

/// How a signed errand ended that was not carried out.
#[derive(Debug)]
pub(crate) struct NotDone {
    pub end: End,
    pub record: Record,
}

impl NotDone {
    fn of(code: &str, record: Record) -> Self {
        let reference = Some(record.reference.to_string());
        Self { end: End::Refused { code: code.to_owned(), reference, missing: Vec::new() }, record }
    }
}
