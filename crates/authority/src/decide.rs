//! The decision: every link is evaluated, none is skipped because another is broken.
//!
//! Allowed means that no link is broken. What a view or the catalogue does not hold does not exist, so that a
//! missing fact denies.

use crate::chain::{Says, chain, mender};
use crate::decision::{Broken, Decision, Link, LinkKind, Mender, Verdict, code};
use crate::question::Question;
use crate::rules;
use crate::standing::{Standing, Stood, standing};
use crate::view::{FactsView, Known};
use catalogue::{Catalogue, ConnectionNeed, EarlierAcceptance, Permission, Relation, Service};
use domain::fact::{Mandate, MandateKind, MethodPhase, Right, TermsAcceptance};
use domain::{Assurance, FactId, Instant, Seq};

/// Answers `question` from what `view` knows and by `catalogue`, which change `catalogue_seq` brought in force.
pub fn decide(
    view: &impl FactsView,
    catalogue: &Catalogue,
    catalogue_seq: Seq,
    question: &Question<'_>,
) -> Decision {
    let found = catalogue.service_of(question.permission).zip(catalogue.permission(question.permission));
    let Some((service, permission)) = found else {
        return unknown_permission(view.seq(), catalogue_seq);
    };
    let asked = Asked { view, catalogue, question, service, permission };
    let (mandate, chain) = asked.mandate();
    let link = |kind, verdict| Link { kind, verdict };
    let links = vec![
        link(LinkKind::Method, asked.method()),
        link(LinkKind::MethodPolicy, asked.method_policy()),
        link(LinkKind::Assurance, asked.assurance()),
        link(LinkKind::Connection, asked.connection()),
        link(LinkKind::Terms, asked.terms()),
        link(LinkKind::Lock, asked.lock()),
        link(LinkKind::Mandate, mandate),
        link(LinkKind::Rule, asked.rule()),
    ];
    let allowed = links.iter().all(|link| !matches!(link.verdict, Verdict::Broken(_)));
    Decision { allowed, links, chain, as_of: view.seq(), catalogue: catalogue_seq }
}

/// What the catalogue does not name cannot be asked about: no other link is evaluated, and it is denied.
fn unknown_permission(as_of: Seq, catalogue: Seq) -> Decision {
    use LinkKind::{Assurance, Connection, Lock, Mandate, Method, MethodPolicy, Terms};
    let not_asked = [Method, MethodPolicy, Assurance, Connection, Terms, Lock, Mandate];
    let mut links: Vec<Link> =
        not_asked.into_iter().map(|kind| Link { kind, verdict: Verdict::NotAsked }).collect();
    let verdict = broken(code::UNKNOWN_PERMISSION, None, None, Mender::Agency);
    links.push(Link { kind: LinkKind::Rule, verdict });
    Decision { allowed: false, links, chain: Vec::new(), as_of, catalogue }
}

fn broken(code: &'static str, fact: Option<FactId>, since: Option<Instant>, mender: Mender) -> Verdict {
    Verdict::Broken(Broken { code, fact, since, mender })
}

fn holds(mut facts: Vec<FactId>) -> Verdict {
    facts.sort_unstable();
    Verdict::Holds { facts }
}

/// How far a mandate is from holding: what is wrong, and then by how much time.
type Distance = (u8, i64);

struct Asked<'a, V> {
    view: &'a V,
    catalogue: &'a Catalogue,
    question: &'a Question<'a>,
    service: &'a Service,
    permission: &'a Permission,
}

impl<V: FactsView> Asked<'_, V> {
    /// The service accepts the method and its time here is now. A withdrawal wins over everything.
    fn method(&self) -> Verdict {
        let (method, at) = (self.question.session.method, self.question.at);
        if !self.service.methods.contains(method) || self.catalogue.method(method).is_none() {
            return broken(code::METHOD_NOT_ALLOWED, None, None, Mender::Self_);
        }
        let states = || self.view.method_states(method, &self.service.id);
        let in_phase = |phase| Stood::of(states().filter(move |s| s.says.phase == phase), at);
        let withdrawn = states()
            .filter(|s| s.says.phase == MethodPhase::Withdrawn && s.holds_at(at))
            .map(|s| (s.version.valid_from, s.id()))
            .min();
        if let Some((since, fact)) = withdrawn {
            return broken(code::METHOD_WITHDRAWN, Some(fact), Some(since), Mender::Self_);
        }
        match in_phase(MethodPhase::Active) {
            Stood { holding, .. } if !holding.is_empty() => holds(holding),
            Stood { ended: Some((since, fact)), .. } => {
                broken(code::METHOD_WITHDRAWN, Some(fact), since, Mender::Self_)
            }
            Stood { coming: Some((since, fact)), .. } => {
                broken(code::METHOD_NOT_ALLOWED, Some(fact), Some(since), Mender::Self_)
            }
            _ => broken(code::METHOD_NOT_ALLOWED, None, None, Mender::Agency),
        }
    }

    /// The organisation allows the method for its people; it can only narrow what the service accepts.
    fn method_policy(&self) -> Verdict {
        let mender = match self.permission.relation {
            Relation::Own => return Verdict::NotAsked,
            Relation::Organisation => Mender::OrganisationAdministrator,
            Relation::Agency => Mender::Agency,
        };
        let in_force = || {
            self.view
                .method_policies(self.question.party, &self.service.id)
                .filter(|policy| policy.holds_at(self.question.at))
        };
        let against = in_force()
            .filter(|policy| !policy.says.methods.contains(self.question.session.method))
            .map(|policy| (policy.version.valid_from, policy.id()))
            .min();
        match against {
            Some((since, fact)) => broken(code::METHOD_NOT_ALLOWED, Some(fact), Some(since), mender),
            None => holds(in_force().map(|policy| policy.id()).collect()),
        }
    }

    /// The login is at least as sure as the permission demands; it is never surer than its method can be.
    fn assurance(&self) -> Verdict {
        let session = self.question.session;
        let most = self.catalogue.method(session.method).map_or(Assurance::Level1, |m| m.assurance);
        if session.assurance.min(most) >= self.permission.assurance {
            holds(Vec::new())
        } else {
            broken(code::LOA_TOO_LOW, None, None, Mender::Self_)
        }
    }

    /// The organisation is connected (general terms §4, §14; R-002-06).
    fn connection(&self) -> Verdict {
        let needed = self.service.connection == ConnectionNeed::Required;
        if self.permission.relation != Relation::Organisation || !needed {
            return Verdict::NotAsked;
        }
        let connections = self.view.connections(self.question.party, &self.service.id);
        let mender = Mender::OrganisationAdministrator;
        match Stood::of(connections, self.question.at) {
            Stood { holding, .. } if !holding.is_empty() => holds(holding),
            Stood { ended: Some((since, fact)), .. } => {
                broken(code::PARTY_DEREGISTERED, Some(fact), since, mender)
            }
            Stood { coming: Some((since, fact)), .. } => {
                broken(code::PARTY_NOT_CONNECTED, Some(fact), Some(since), mender)
            }
            _ => broken(code::PARTY_NOT_CONNECTED, None, None, mender),
        }
    }

    /// The organisation has accepted the terms: a version the catalogue knows, word for word, that no later version
    /// in force has made lapse (general terms §3, §13; R-004-16, R-004-54).
    fn terms(&self) -> Verdict {
        if self.permission.relation != Relation::Organisation || self.service.terms.is_empty() {
            return Verdict::NotAsked;
        }
        let at = self.question.at;
        let accepted = |acceptance: &Known<'_, TermsAcceptance>| {
            let version = self.service.terms_version(&acceptance.says.version);
            acceptance.holds_at(at) && version.is_some_and(|terms| terms.hash == acceptance.says.text_hash)
        };
        let lapsing = self.service.terms.iter().rfind(|terms| {
            terms.earlier_acceptance == EarlierAcceptance::Lapses && terms.in_force_at() <= at
        });
        let (lasting, lapsed): (Vec<_>, Vec<_>) =
            self.view.acceptances(self.question.party, &self.service.id).filter(accepted).partition(
                |acceptance| {
                    let version = self.service.terms_version(&acceptance.says.version);
                    lapsing.is_none_or(|l| version.is_some_and(|v| v.in_force_from >= l.in_force_from))
                },
            );
        if lasting.is_empty() {
            let fact = lapsed.iter().map(Known::id).min();
            let since = fact.and(lapsing).map(|terms| terms.in_force_at());
            return broken(code::TERMS_NOT_ACCEPTED, fact, since, Mender::OrganisationAdministrator);
        }
        holds(lasting.iter().map(Known::id).collect())
    }

    /// Neither the subject nor the party is locked, here or everywhere.
    fn lock(&self) -> Verdict {
        let Question { subject, party, at, .. } = *self.question;
        let of_party = self.view.locks(party, &self.service.id);
        let locks = self.view.locks(subject, &self.service.id).chain(of_party);
        let first = locks.filter(|lock| lock.holds_at(at)).map(|l| (l.version.valid_from, l.id())).min();
        match first {
            Some((since, fact)) => broken(code::LOCKED, Some(fact), Some(since), Mender::Agency),
            None => holds(Vec::new()),
        }
    }

    /// A mandate from the party gives it, and its whole chain holds. Of several the shortest chain is used; of
    /// several that fail the one that is nearest to holding is told.
    fn mandate(&self) -> (Verdict, Vec<FactId>) {
        let Question { subject, party, agency, right, at, .. } = *self.question;
        let none = |mender| (broken(code::NO_MANDATE, None, None, mender), Vec::new());
        let mender = match self.permission.relation {
            Relation::Own if party != subject => return none(Mender::Nobody),
            Relation::Own if right != Right::Use => {
                return (broken(code::RIGHT_MISSING, None, None, Mender::Nobody), Vec::new());
            }
            Relation::Own => return (Verdict::NotAsked, Vec::new()),
            Relation::Agency if party != agency => return none(Mender::Agency),
            Relation::Agency => mender(MandateKind::AgencyRole),
            Relation::Organisation => mender(MandateKind::User),
        };
        let mut best: Option<(usize, Vec<FactId>)> = None;
        let mut nearest: Option<(Distance, FactId, Broken)> = None;
        for candidate in self.view.mandates_of(subject).filter(|m| m.says.grantor == party) {
            match self.candidate(candidate, right, at, mender) {
                Ok(chain) => {
                    let this = (chain.len(), chain);
                    best = Some(best.map_or(this.clone(), |other| other.min(this)));
                }
                Err((far, broken)) => {
                    let other = nearest.filter(|(f, id, _)| (*f, *id) <= (far, candidate.id()));
                    nearest = Some(other.unwrap_or((far, candidate.id(), broken)));
                }
            }
        }
        match (best, nearest) {
            (Some((_, chain)), _) => (holds(chain.clone()), chain),
            (None, Some((_, _, broken))) => (Verdict::Broken(broken), Vec::new()),
            (None, None) => none(mender),
        }
    }

    /// One mandate from the party to the subject: its chain, or what is wrong with it and how far off that is.
    fn candidate(
        &self,
        mandate: Known<'_, Mandate>,
        right: Right,
        at: Instant,
        mender: Mender,
    ) -> Result<Vec<FactId>, (Distance, Broken)> {
        let (catalogue, permission) = (self.catalogue, self.permission.id.as_str());
        let says = Says::of(mandate.says);
        let stands = standing(mandate.version, at);
        let fails = |rank, code, since: Option<Instant>| {
            // The first to begin and the last to have ended are the nearest.
            let micros = since.map_or(0, Instant::micros);
            let far = if code == code::MANDATE_ENDED { micros.saturating_neg() } else { micros };
            Err(((rank, far), Broken { code, fact: Some(mandate.id()), since, mender }))
        };
        if !says.has(catalogue, permission, right) {
            return if stands == Standing::Holds && says.names(catalogue, permission) {
                fails(4, code::RIGHT_MISSING, None)
            } else {
                fails(5, code::MANDATE_SCOPE, None)
            };
        }
        match stands {
            Standing::NotYet(since) => fails(2, code::MANDATE_NOT_YET, Some(since)),
            Standing::Ended(since) => fails(3, code::MANDATE_ENDED, since),
            Standing::Holds => chain(self.view, catalogue, mandate, (permission, right), at)
                .map_err(|broken| ((u8::from(broken.code == code::RULE_GIVES), 0), broken)),
        }
    }

    /// The rules of the catalogue that bear on using the permission.
    fn rule(&self) -> Verdict {
        let Question { subject, right, context, .. } = *self.question;
        if right != Right::Use || !rules::bears_on(self.catalogue, &self.permission.id) {
            return Verdict::NotAsked;
        }
        match rules::two_persons(self.catalogue, &self.permission.id, subject, context) {
            Ok(()) => holds(Vec::new()),
            Err(broken) => Verdict::Broken(broken),
        }
    }
}
