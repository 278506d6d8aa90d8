//! Decisions by standard: what an e-service asks over AuthZEN is answered by the same `decide` as every page.
//!
//! A machine asks about its own service; a visitor's token asks about that visitor. The person's login is the one by which it
//! entered the e-service: without a session that is open there, the answer is no.

use super::bearer::{Bearer, MACHINE, VISITOR};
use super::{Denied, sector, subject_bytes};
use crate::act::decided;
use crate::core::{App, Known};
use crate::refusal::{Refusal, Stop};
use ::oidc::authzen::{NotAsked, Question, Semantic};
use ::oidc::{Client, ErrorCode, Fault};
use activity::{FaultClass, Record, RecordClass, Reference};
use authority::{Context, Decision};
use catalogue::{RecordClass as Recorded, Text};
use domain::fact::Right;
use domain::{Freshness, PartyId, Seq};
use std::collections::BTreeMap;
use store::Tx;
use store::sessions::{Session, SessionState};

/// The questions of one call.
#[derive(Debug, Clone)]
pub struct Asked {
    pub questions: Vec<Result<Question, NotAsked>>,
    pub semantic: Semantic,
}

/// The answer to one question.
#[derive(Debug, Clone)]
pub struct Verdict {
    pub allowed: bool,
    /// Why not, each with who can mend it: what the person may know of it (R-002-09).
    pub missing: Vec<Missing>,
    /// The last change that was known.
    pub as_of: Freshness,
    /// Under which the answer is recorded, where the permission's record class says so.
    pub reference: Option<Reference>,
    /// Set exactly where the permission is unknown.
    pub unknown: Option<Unknown>,
}

/// A link that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    pub code: &'static str,
    /// `None` where it is the question that is wrong: those who run the e-service mend it.
    pub mender: Option<authority::Mender>,
}

/// A permission that the catalogue does not have, and the service in which it was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    pub permission: String,
    pub service: Text,
}

/// The question names a permission of another service.
pub const OTHER_SERVICE: &str = "OTHER_SERVICE";
/// The question is about another person than the one whose token asks, or about nobody that the e-service knows.
pub const OTHER_SUBJECT: &str = "OTHER_SUBJECT";
/// The person has no session that is open in this e-service.
pub const NO_SESSION: &str = "NO_SESSION";
/// The resource is of no known type or form.
pub const UNKNOWN_RESOURCE: &str = "UNKNOWN_RESOURCE";
/// The caller knows of a change that this node does not.
pub const STALE: &str = "STALE";
/// The question is not of the form that it must have.
pub const NOT_A_QUESTION: &str = "NOT_A_QUESTION";

/// Who asks.
enum By {
    Visitor(Box<Bearer>),
    Machine(Box<Client>),
}

impl By {
    fn client(&self) -> &Client {
        match self {
            Self::Visitor(bearer) => &bearer.client,
            Self::Machine(client) => client,
        }
    }
}

/// A person as far as this caller may ask about it.
type Subjects = BTreeMap<String, Option<(PartyId, Option<Session>)>>;

impl App {
    /// Answers the questions of one call, in their order; as many as the semantic lets be asked.
    pub async fn evaluate(&self, token: &str, asked: Asked) -> Result<Vec<Verdict>, Denied> {
        let by = if token.starts_with(VISITOR) {
            By::Visitor(Box::new(self.bearer(token).await?))
        } else if let Some(sealed) = token.strip_prefix(MACHINE) {
            By::Machine(Box::new(self.machine(sealed).await?))
        } else {
            let says = "Send an access token of ours as Bearer.";
            return Err(Fault::new(ErrorCode::InvalidToken, says).into());
        };
        let words: Vec<String> =
            asked.questions.iter().flatten().map(|question| question.subject.id.clone()).collect();
        let (subjects, head) = self.subjects(&by, words).await?;
        if let By::Visitor(bearer) = &by {
            self.seen_elsewhere(&bearer.session).await?;
        }
        let known = self.caught_up(head).await?;
        let mut verdicts = Vec::new();
        let mut records = Vec::new();
        for question in &asked.questions {
            let (verdict, record) = match question {
                Ok(question) => self.verdict(&by, &known, &subjects, question),
                Err(_) => (no(&known, NOT_A_QUESTION), None),
            };
            let last = asked.semantic.ends_with(verdict.allowed);
            verdicts.push(verdict);
            records.extend(record);
            if last {
                break;
            }
        }
        if !records.is_empty() {
            // Before the answer; many such calls share one sync.
            let app = self.clone();
            self.write_plain(move |tx| {
                for record in &records {
                    app.append(tx, record)?;
                }
                Ok(())
            })
            .await?;
            self.recorded();
        }
        Ok(verdicts)
    }

    /// Somebody who works in an e-service is not idle: a question with the visitor's own token counts as use of the session,
    /// which ends at its absolute limit all the same.
    async fn seen_elsewhere(&self, session: &Session) -> Result<(), Refusal> {
        let (now, hash) = (self.now(), session.key_hash);
        if !session.wants_touch(now) {
            return Ok(());
        }
        self.write_plain(move |tx| Ok(store::sessions::touch(tx, hash, now)?)).await.map(drop)
    }

    /// The persons behind the names, with their sessions, and the head of `seq`: in one read.
    async fn subjects(&self, by: &By, words: Vec<String>) -> Result<(Subjects, Freshness), Refusal> {
        let app = self.clone();
        let client = by.client().clone();
        let own = match by {
            By::Visitor(bearer) => Some(bearer.session.clone()),
            By::Machine(_) => None,
        };
        self.read(move |tx| {
            let mut found = Subjects::new();
            for word in &words {
                if found.contains_key(word) {
                    continue;
                }
                let person = match subject_bytes(word) {
                    Some(subject) => store::oidc::subjects::person_of(tx, sector(&client), subject)?,
                    None => None,
                };
                let entry = match (person, &own) {
                    (None, _) => None,
                    // The session behind the visitor's token, and nobody else's.
                    (Some(person), Some(own)) => (own.person == person).then(|| (person, Some(own.clone()))),
                    (Some(person), None) => Some((person, session_of(&app, tx, &client, person)?)),
                };
                found.insert(word.clone(), entry);
            }
            Ok((found, store::seq::head(tx)?))
        })
        .await
    }

    fn verdict(
        &self,
        by: &By,
        known: &Known,
        subjects: &Subjects,
        question: &Question,
    ) -> (Verdict, Option<Record>) {
        let permission = question.action.name.as_str();
        let service = by.client().service.as_str();
        let own = permission.strip_prefix(service).is_some_and(|rest| rest.starts_with('.'));
        if !own {
            return (no(known, OTHER_SERVICE), None);
        }
        if question.context.at_least_seq.is_some_and(|seq| Seq(seq) > known.head.seq) {
            return (no(known, STALE), None);
        }
        let found = subjects.get(&question.subject.id).and_then(Option::as_ref);
        let Some((person, session)) = found.filter(|_| question.subject.kind == "person") else {
            return (no(known, OTHER_SUBJECT), None);
        };
        let Some(session) = session else { return (no(known, NO_SESSION), None) };
        let resource = &question.resource;
        let party = match resource.kind.as_str() {
            "person" => (resource.id == question.subject.id).then_some(*person),
            "organisation" => resource.id.parse().ok(),
            _ => None,
        };
        let Some(party) = party else { return (no(known, UNKNOWN_RESOURCE), None) };
        let asked = authority::Question {
            subject: *person,
            session: authority::Session { method: &session.method, assurance: session.assurance },
            party,
            agency: self.agency(),
            permission,
            right: Right::Use,
            at: self.now(),
            context: Context::NONE,
        };
        let decision = authority::decide(&known.index, &known.catalogue, known.catalogue_seq, &asked);
        let recorded = known
            .catalogue
            .permission(permission)
            .is_some_and(|permission| permission.record != Recorded::None);
        let record = recorded.then(|| self.asked_record(by.client(), *person, party, permission, &decision));
        let verdict = Verdict {
            allowed: decision.allowed,
            missing: decision
                .for_subject()
                .broken()
                .map(|(_, broken)| Missing {
                    code: broken.code,
                    // The person cannot help it, nor anybody here: the e-service has the name from its own program.
                    mender: (broken.code != authority::code::UNKNOWN_PERMISSION).then_some(broken.mender),
                })
                .collect(),
            as_of: known.head,
            reference: record.as_ref().map(|record| record.reference.clone()),
            unknown: unknown(known, service, permission),
        };
        (verdict, record)
    }

    fn asked_record(
        &self,
        client: &Client,
        person: PartyId,
        party: PartyId,
        permission: &str,
        decision: &Decision,
    ) -> Record {
        let (class, fault) = match decision.allowed {
            true => (RecordClass::Read, None),
            false => (RecordClass::Refusal, Some(FaultClass::User)),
        };
        Record {
            actor: Some(person),
            party: Some(party),
            object: Some(client.id.to_string()),
            decided: Some(decided(decision, permission)),
            fault,
            ..Record::new(self.entropy(), self.now(), class, "client.asked")
        }
    }
}

/// A session by which a person is in this e-service, if one is open.
fn session_of(app: &App, tx: &mut Tx<'_>, client: &Client, person: PartyId) -> Result<Option<Session>, Stop> {
    for token in store::oidc::tokens::live_of(tx, client.id.as_str(), person, app.wall_now())? {
        let found = store::sessions::find_with_head(tx, token.session)?;
        let open = found.map(|(session, _)| session).filter(|s| s.state_at(app.now()) == SessionState::Open);
        if open.is_some() {
            return Ok(open);
        }
    }
    Ok(None)
}

fn no(known: &Known, code: &'static str) -> Verdict {
    Verdict {
        allowed: false,
        // Not logged in there: that one thing the person mends, by logging in.
        missing: vec![Missing { code, mender: (code == NO_SESSION).then_some(authority::Mender::Self_) }],
        as_of: known.head,
        reference: None,
        unknown: None,
    }
}

fn unknown(known: &Known, service: &str, permission: &str) -> Option<Unknown> {
    if known.catalogue.permission(permission).is_some() {
        return None;
    }
    // A client may stand there before its service's catalogue is in force: then the id is its name.
    let name = known.catalogue.service(service).map(|service| service.name.clone());
    let service = name.unwrap_or_else(|| Text { sv: service.to_owned(), en: service.to_owned() });
    Some(Unknown { permission: permission.to_owned(), service })
}
