//! What the tests share: the real catalogue, small ids, and a store of facts in a vector.

use authority::{Context, Decision, LinkKind, Question, Session, Slice, Verdict, decide};
use catalogue::{Catalogue, Source};
use domain::fact::{
    AcceptanceWay, Connection, Lock, Mandate, MandateKind, MethodPhase, MethodPolicy, MethodState, Right,
    TermsAcceptance,
};
use domain::{Assurance, Fact, FactId, FactVersion, Instant, PartyId, Seq};
use std::collections::BTreeSet;

pub const PLATFORM: &str = include_str!("../../../../catalogue/platform.toml");
pub const EMPLOYER: &str = include_str!("../../../../catalogue/employer.toml");
const TERMS_SV: &str = include_str!("../../../../catalogue/terms/employer-2024-12-20.sv.md");
const TERMS_EN: &str = include_str!("../../../../catalogue/terms/employer-2024-12-20.en.md");

pub const CATALOGUE: Seq = Seq(1);
pub const BANKID: Session<'static> = Session { method: "bankid", assurance: Assurance::Level3 };

/// The catalogue of the repository.
pub fn catalogue() -> Catalogue {
    parse(PLATFORM, EMPLOYER)
}

pub fn parse(platform: &str, employer: &str) -> Catalogue {
    let source = |file: &str, text: &str| Source { file: file.to_owned(), text: text.to_owned() };
    let services = [source("platform.toml", platform), source("employer.toml", employer)];
    let terms = [
        source("terms/employer-2024-12-20.sv.md", TERMS_SV),
        source("terms/employer-2024-12-20.en.md", TERMS_EN),
        source("terms/new.sv.md", "# Nya villkor"),
        source("terms/new.en.md", "# New terms"),
    ];
    match Catalogue::parse(&services, &terms) {
        Ok(catalogue) => catalogue,
        Err(mistakes) => panic!("{}", mistakes.iter().map(|m| format!("{m}\n")).collect::<String>()),
    }
}

pub const fn party(n: u8) -> PartyId {
    PartyId::from_bytes([0xa0, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, 0, n])
}

pub const fn fact(n: u16) -> FactId {
    let [high, low] = n.to_be_bytes();
    FactId::from_bytes([0xf0, 0, 0, 0, 0, 0, 0x40, 0, 0x80, 0, 0, 0, 0, 0, high, low])
}

pub const AGENCY: PartyId = party(1);
pub const HAULIER: PartyId = party(2);
pub const BAKERY: PartyId = party(3);
/// People.
pub const CECILIA: PartyId = party(11);
pub const DAVID: PartyId = party(12);
pub const ELIN: PartyId = party(13);
pub const FARID: PartyId = party(14);
pub const ASTRID: PartyId = party(21);
pub const BENGT: PartyId = party(22);

/// Noon of day `n`, counted from 1 January 2025.
pub fn day(n: i64) -> Instant {
    Instant::from_micros((1_735_732_800 + n * 86_400) * 1_000_000)
}

pub fn set<T: Ord + Clone>(items: &[T]) -> BTreeSet<T> {
    items.iter().cloned().collect()
}

pub fn words(items: &[&str]) -> BTreeSet<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

pub const ALL_RIGHTS: [Right; 3] = [Right::Use, Right::Give, Right::GiveOn];

/// A store of facts: every version there ever was.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub head: Seq,
    pub versions: Vec<FactVersion>,
}

impl Facts {
    pub fn add(&mut self, fact: Fact, from: Instant, to: Option<Instant>) -> FactId {
        self.head.0 += 1;
        let id = self::fact(u16::try_from(self.head.0).unwrap());
        self.versions.push(FactVersion {
            id,
            seq_from: self.head,
            seq_to: None,
            valid_from: from,
            valid_to: to,
            fact,
        });
        id
    }

    /// A new version of `id`; `None` for `fact` keeps what it says.
    pub fn replace(&mut self, id: FactId, fact: Option<Fact>, from: Instant, to: Option<Instant>) {
        self.head.0 += 1;
        let old = self.versions.iter_mut().find(|v| v.id == id && v.seq_to.is_none()).unwrap();
        old.seq_to = Some(self.head);
        let fact = fact.unwrap_or_else(|| old.fact.clone());
        self.versions.push(FactVersion {
            id,
            seq_from: self.head,
            seq_to: None,
            valid_from: from,
            valid_to: to,
            fact,
        });
    }

    pub fn end(&mut self, id: FactId, at: Instant) {
        let from = self.versions.iter().find(|v| v.id == id && v.seq_to.is_none()).unwrap().valid_from;
        self.replace(id, None, from, Some(at));
    }

    pub fn slice(&self) -> Slice {
        Slice::new(self.head, self.versions.iter().cloned())
    }

    pub fn method(&mut self, method: &str, phase: MethodPhase, from: Instant, to: Option<Instant>) -> FactId {
        let state = MethodState { method: method.to_owned(), service: None, phase };
        self.add(Fact::MethodState(state), from, to)
    }

    pub fn policy(
        &mut self,
        organisation: PartyId,
        service: &str,
        methods: &[&str],
        from: Instant,
    ) -> FactId {
        let policy = MethodPolicy { organisation, service: service.to_owned(), methods: words(methods) };
        self.add(Fact::MethodPolicy(policy), from, None)
    }

    pub fn connect(&mut self, organisation: PartyId, from: Instant, to: Option<Instant>) -> FactId {
        self.add(Fact::Connection(Connection { organisation, service: "employer".to_owned() }), from, to)
    }

    pub fn accept(
        &mut self,
        organisation: PartyId,
        version: &str,
        text_hash: [u8; 32],
        from: Instant,
    ) -> FactId {
        let acceptance = TermsAcceptance {
            organisation,
            service: "employer".to_owned(),
            version: version.to_owned(),
            text_hash,
            way: AcceptanceWay::PaperForm,
            evidence: [7; 32],
        };
        self.add(Fact::TermsAcceptance(acceptance), from, None)
    }

    pub fn lock(&mut self, party: PartyId, from: Instant) -> FactId {
        self.add(Fact::Lock(Lock { party, service: None }), from, None)
    }

    pub fn mandate(&mut self, mandate: Mandate, from: Instant, to: Option<Instant>) -> FactId {
        self.add(Fact::Mandate(mandate), from, to)
    }

    /// An employer as a real run makes it: the method active, connected, terms accepted, `administrator` registered.
    pub fn employer(
        &mut self,
        catalogue: &Catalogue,
        organisation: PartyId,
        administrator: PartyId,
    ) -> FactId {
        let terms = &catalogue.service("employer").unwrap().terms[0];
        self.method("bankid", MethodPhase::Active, day(0), None);
        self.connect(organisation, day(0), None);
        self.accept(organisation, &terms.version, terms.hash, day(0));
        self.mandate(administrator_of(organisation, administrator, None), day(0), None)
    }
}

pub fn administrator_of(grantor: PartyId, holder: PartyId, parent: Option<FactId>) -> Mandate {
    Mandate {
        kind: MandateKind::Administrator,
        grantor,
        holder,
        permissions: words(&["employer.administrator"]),
        rights: set(&ALL_RIGHTS),
        parent,
        evidence: None,
    }
}

pub fn user_of(grantor: PartyId, holder: PartyId, entry: &str, parent: Option<FactId>) -> Mandate {
    Mandate {
        kind: MandateKind::User,
        grantor,
        holder,
        permissions: words(&[entry]),
        rights: set(&[Right::Use]),
        parent,
        evidence: None,
    }
}

pub fn role(holder: PartyId, package: &str, parent: Option<FactId>) -> Mandate {
    Mandate {
        kind: MandateKind::AgencyRole,
        grantor: AGENCY,
        holder,
        permissions: words(&[package]),
        rights: set(&ALL_RIGHTS),
        parent,
        evidence: None,
    }
}

pub fn question(subject: PartyId, party: PartyId, permission: &str, at: Instant) -> Question<'_> {
    Question {
        subject,
        session: BANKID,
        party,
        agency: AGENCY,
        permission,
        right: Right::Use,
        at,
        context: Context::NONE,
    }
}

pub fn ask(facts: &Facts, catalogue: &Catalogue, question: &Question<'_>) -> Decision {
    decide(&facts.slice(), catalogue, CATALOGUE, question)
}

/// The codes of the broken links.
pub fn codes(decision: &Decision) -> Vec<&'static str> {
    decision.codes().collect()
}

/// The words of the naive evaluator for a decision's links.
pub fn naive_words(decision: &Decision) -> [&'static str; 8] {
    use LinkKind::{Assurance, Connection, Lock, Mandate, Method, MethodPolicy, Rule, Terms};
    [Method, MethodPolicy, Assurance, Connection, Terms, Lock, Mandate, Rule].map(|kind| {
        match decision.link(kind) {
            Verdict::Holds { .. } => crate::naive::HOLDS,
            Verdict::NotAsked => crate::naive::NOT_ASKED,
            Verdict::Broken(broken) => broken.code,
        }
    })
}
