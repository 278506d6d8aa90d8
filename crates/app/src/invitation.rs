//! The first two officers: two one-time invitations for two people.
//!
//! Neither has any right until both have logged in with e-ID and the second has confirmed: no single person, and
//! nobody who only reads the installer's screen, becomes the agency's officer (two persons from the first day).

use crate::core::App;
use crate::installation::given_by;
use crate::refusal::{FieldFault, Refusal, Stop};
use crate::session::{Visit, sha256};
use activity::{FaultClass, Record, RecordClass};
use catalogue::BY_INVITATION;
use domain::fact::{Mandate, MandateKind, Right};
use domain::{Entropy, Fact, FactId, PartyId};
use std::collections::BTreeSet;
use store::vault::Field;
use zeroize::Zeroize;

/// A one-time invitation: 25 characters of Crockford's base32 (125 random bits), in groups of five.
pub struct InvitationCode(String);

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl InvitationCode {
    pub fn new(entropy: &dyn Entropy) -> Self {
        let mut bytes = [0u8; 25];
        entropy.fill(&mut bytes);
        Self(bytes.iter().map(|b| char::from(ALPHABET[usize::from(b % 32)])).collect())
    }

    /// What a person typed: case, spaces and hyphens do not matter, O is 0, I and L are 1.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > 64 {
            return None;
        }
        let code = text
            .chars()
            .filter(|c| !c.is_whitespace() && *c != '-')
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            })
            .collect::<String>();
        (code.len() == 25 && code.bytes().all(|b| ALPHABET.contains(&b))).then_some(Self(code))
    }

    /// In groups of five, for the screen.
    pub fn grouped(&self) -> String {
        self.0
            .as_bytes()
            .chunks(5)
            .map(|group| String::from_utf8_lossy(group).into_owned())
            .collect::<Vec<_>>()
            .join("-")
    }

    pub fn hash(&self) -> [u8; 32] {
        sha256(self.0.as_bytes())
    }
}

impl Drop for InvitationCode {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for InvitationCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InvitationCode(…)")
    }
}

/// How far the two invitations have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// This person has used the first; the other invitation is still out.
    WaitingForTheOther,
    /// Both are used; this person used the last and is asked to confirm the other.
    ConfirmOther(PartyId),
    /// Both are used; the other person has to confirm.
    WaitingForConfirmation,
    /// Both are officers.
    Done,
}

impl App {
    /// Uses an invitation. It is bound to the person who is logged in, once.
    pub async fn redeem_invitation(
        &self,
        visit: &Visit,
        code: &str,
        email: &str,
    ) -> Result<Standing, Refusal> {
        let Some(code) = InvitationCode::parse(code) else {
            return Err(Refusal::Invalid(vec![FieldFault::new("code", "INVITATION_UNKNOWN")]));
        };
        let Some(email) = crate::application::email(email) else {
            return Err(Refusal::Invalid(vec![FieldFault::new("email", "EMAIL_FORM")]));
        };
        let (app, visitor, hash) = (self.clone(), visit.clone(), code.hash());
        let used = self.transact(move |tx| {
            store::seq::hold(tx)?;
            let now = app.now();
            visitor.still_open(tx, now)?;
            let unknown = || Refusal::Invalid(vec![FieldFault::new("code", "INVITATION_UNKNOWN")]);
            let Some(invitation) = store::invitations::find(tx, hash)? else { return Err(unknown().into()) };
            match invitation.person {
                Some(person) if person == visitor.person() => return Ok(()),
                // Used by somebody else looks like unknown: the code's holder learns nothing of that person.
                Some(_) => return Err(unknown().into()),
                None => {}
            }
            if store::invitations::all(tx)?.iter().any(|i| i.person == Some(visitor.person())) {
                return Err(Refusal::Conflict("INVITATION_SAME_PERSON").into());
            }
            if !store::invitations::redeem(tx, hash, visitor.person(), now)? {
                // Somebody was faster by a moment.
                return Err(unknown().into());
            }
            let ring = app.ring();
            store::vault::set_field(tx, &ring, app.entropy(), visitor.person(), Field::Email, &email)?;
            let record =
                plain_record(&app, &visitor, "invitation.used", now, Some(invitation.number.to_string()));
            Ok(app.append(tx, &record)?)
        });
        match used.await {
            Ok(()) => self.wake(),
            // The same person with both codes in the same moment: the table allows one.
            Err(Stop::Store(store::StoreError::Unique { .. })) => {
                return Err(self.refuse_invitation(visit, Refusal::Conflict("INVITATION_SAME_PERSON")).await);
            }
            Err(Stop::No(refusal)) => return Err(self.refuse_invitation(visit, refusal).await),
            Err(stop) => return Err(self.broken(stop)),
        }
        self.invitation_standing(visit).await?.ok_or(Refusal::NotFound)
    }

    /// How far the invitations have come, seen by this person; `None` for a person without one.
    pub async fn invitation_standing(&self, visit: &Visit) -> Result<Option<Standing>, Refusal> {
        let person = visit.person();
        self.read(move |tx| Ok(standing(&store::invitations::all(tx)?, person))).await
    }

    /// The second person confirms the first: both become officers, in one change.
    pub async fn confirm_first_officers(&self, visit: &Visit) -> Result<(), Refusal> {
        let (app, visitor) = (self.clone(), visit.clone());
        let confirmed = self.transact(move |tx| {
            let seq = store::seq::take(tx)?;
            let now = app.now();
            visitor.still_open(tx, now)?;
            let Some(Standing::ConfirmOther(first)) =
                standing(&store::invitations::all(tx)?, visitor.person())
            else {
                return Err(Refusal::Conflict("INVITATION_NOT_OPEN").into());
            };
            let roles = given_by(&app.known().catalogue, BY_INVITATION, None);
            for person in [first, visitor.person()] {
                let mandate = Fact::Mandate(Mandate {
                    kind: MandateKind::AgencyRole,
                    grantor: app.agency(),
                    holder: person,
                    permissions: roles.clone(),
                    rights: BTreeSet::from([Right::Use, Right::Give, Right::GiveOn]),
                    parent: None,
                    evidence: None,
                });
                store::facts::add(tx, seq, FactId::new(app.entropy()), now, None, &mandate)?;
            }
            for number in [1, 2] {
                store::invitations::confirm(tx, number, now)?;
            }
            let mut record = plain_record(&app, &visitor, "officers.confirmed", now, Some(first.to_string()));
            record.class = RecordClass::Change;
            record.seq = Some(seq);
            Ok(app.append(tx, &record)?)
        });
        match confirmed.await {
            Ok(()) => {}
            Err(Stop::No(refusal)) => return Err(self.refuse_invitation(visit, refusal).await),
            Err(stop) => return Err(self.broken(stop)),
        }
        self.know_own_change().await;
        self.wake();
        Ok(())
    }

    /// One record of an invitation that gave nothing: whoever tries codes is seen.
    async fn refuse_invitation(&self, visit: &Visit, refusal: Refusal) -> Refusal {
        let code = match &refusal {
            Refusal::Conflict(code) => *code,
            Refusal::Invalid(faults) => faults.first().map_or("INVITATION_UNKNOWN", |fault| fault.code),
            _ => return refusal,
        };
        let mut record = plain_record(self, visit, "invitation.refused", self.now(), None);
        record.fault = Some(FaultClass::User);
        record.detail.insert("code".to_owned(), code.to_owned());
        let app = self.clone();
        let written = self.write_plain(move |tx| Ok(app.append(tx, &record)?)).await;
        self.wake();
        written.err().unwrap_or(refusal)
    }
}

fn standing(all: &[store::invitations::Invitation], person: PartyId) -> Option<Standing> {
    let mine = all.iter().find(|i| i.person == Some(person))?;
    let other = all.iter().find(|i| i.number != mine.number)?;
    Some(match (mine.confirmed_at, other.person) {
        (Some(_), _) => Standing::Done,
        (None, None) => Standing::WaitingForTheOther,
        // By number if both were used in the same moment: one of the two must be able to go on.
        (None, Some(first)) if (other.redeemed_at, other.number) < (mine.redeemed_at, mine.number) => {
            Standing::ConfirmOther(first)
        }
        (None, Some(_)) => Standing::WaitingForConfirmation,
    })
}

fn plain_record(
    app: &App,
    visit: &Visit,
    event: &str,
    now: domain::Instant,
    object: Option<String>,
) -> Record {
    Record {
        actor: Some(visit.person()),
        party: Some(app.agency()),
        object,
        ..Record::new(app.entropy(), now, RecordClass::Attempt, event)
    }
}
