//! A page per service that a lawyer can read: who may do what, who may give it, and the source of every rule.

use crate::{
    Catalogue, ConnectionNeed, Data, EarlierAcceptance, Lang, RecordClass, Relation, RuleKind, Service, Span,
    canonical::hex32,
};
use domain::fact::MandateKind;
use std::fmt::Write;

impl Catalogue {
    /// The service as Markdown in one language; empty for an unknown service.
    pub fn print(&self, service: &str, lang: Lang) -> String {
        match self.service(service) {
            Some(service) => Page { catalogue: self, service, lang, text: String::new() }.page(),
            None => String::new(),
        }
    }
}

struct Page<'c> {
    catalogue: &'c Catalogue,
    service: &'c Service,
    lang: Lang,
    text: String,
}

impl Page<'_> {
    /// One of two words, by the page's language.
    fn say(&self, sv: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Sv => sv,
            Lang::En => en,
        }
    }

    fn line(&mut self, line: impl AsRef<str>) {
        // Writing to a String does not fail.
        let _ = writeln!(self.text, "{}", line.as_ref());
    }

    fn heading(&mut self, sv: &'static str, en: &'static str) {
        let heading = self.say(sv, en);
        self.line(format!("\n## {heading}\n"));
    }

    fn page(mut self) -> String {
        let (service, lang) = (self.service, self.lang);
        self.line(format!("# {}\n", service.name.get(lang)));
        self.line(service.description.get(lang));
        self.line("");
        let audience = self.say("För", "For");
        self.line(format!("* {audience}: {}", service.audience.name.get(lang)));
        self.methods();
        let connection = match service.connection {
            ConnectionNeed::Required => self.say(
                "Organisationen ska vara ansluten och ha godtagit de allmänna villkoren.",
                "The organisation shall be connected and have accepted the general terms.",
            ),
            ConnectionNeed::NotRequired => self.say("Ingen anslutning krävs.", "No connection is needed."),
        };
        self.line(format!("* {connection}"));
        self.personal_number();
        self.terms();
        self.permissions();
        self.packages();
        self.rules();
        self.numbers();
        self.contacts();
        self.text
    }

    fn methods(&mut self) {
        let names: Vec<_> = self
            .service
            .methods
            .iter()
            .filter_map(|m| self.catalogue.method(m))
            .map(|m| m.name.get(self.lang))
            .collect();
        let (methods, level) = (
            self.say("Inloggning med", "Login with"),
            self.say("lägsta tillitsnivå", "least level of assurance"),
        );
        self.line(format!("* {methods}: {}; {level} {}", names.join(", "), self.service.assurance));
    }

    fn personal_number(&mut self) {
        let sentence = match &self.service.personal_number {
            Some(given) => {
                let by = self.say(
                    "Personnummer lämnas ut till anslutna e-tjänster med stöd av",
                    "Personal numbers are given out to connected e-services by virtue of",
                );
                format!("{by} {}.", given.ground)
            }
            None => self
                .say(
                    "Personnummer lämnas inte ut till anslutna e-tjänster.",
                    "Personal numbers are not given out to connected e-services.",
                )
                .to_owned(),
        };
        self.line(format!("* {sentence}"));
    }

    fn terms(&mut self) {
        if self.service.terms.is_empty() {
            return;
        }
        self.heading("Allmänna villkor", "General terms");
        for terms in &self.service.terms {
            let from = self.say("gäller från och med", "in force from");
            let earlier = match terms.earlier_acceptance {
                EarlierAcceptance::Continues => self.say(
                    "den som har godtagit en tidigare version behöver inte godta den igen",
                    "whoever accepted an earlier version need not accept again",
                ),
                EarlierAcceptance::Lapses => self.say("ska godtas på nytt", "shall be accepted anew"),
            };
            let hash = hex32::text(&terms.hash);
            self.line(format!(
                "* {}: {from} {}; {earlier}. SHA-256: `{hash}`",
                terms.version, terms.in_force_from
            ));
        }
    }

    fn permissions(&mut self) {
        self.heading("Behörigheter", "Permissions");
        let head = self.say(
            "| Behörighet | Id | Vem | Nivå | Loggas | Uppgifter |",
            "| Permission | Id | Who | Level | Recorded | Data |",
        );
        self.line(head);
        self.line("|---|---|---|---|---|---|");
        for p in self.service.permissions.values() {
            let who = match (p.relation, p.holder) {
                (Relation::Own, _) => self.say("var och en, för sig själv", "everyone, for oneself"),
                (_, Some(holder)) => self.holder(holder),
                (_, None) => self.say("ingen", "nobody"),
            };
            let record = match p.record {
                RecordClass::Change => self.say("som ändring", "as a change"),
                RecordClass::Read => self.say("som läsning", "as a reading"),
                RecordClass::None => self.say("nej", "no"),
            };
            let data = match p.data {
                Data::Ordinary => self.say("vanliga", "ordinary"),
                Data::SpecialCategory => self.say("känsliga", "special category"),
            };
            let name = p.name.get(self.lang);
            self.line(format!("| {name} | `{}` | {who} | {} | {record} | {data} |", p.id, p.assurance));
        }
    }

    fn holder(&self, holder: MandateKind) -> &'static str {
        match holder {
            MandateKind::Administrator => self.say(
                "organisationens behörighetsadministratör",
                "the organisation's authorisation administrator",
            ),
            MandateKind::User => self.say("organisationens användare", "the organisation's user"),
            MandateKind::AgencyRole => self.say("medarbetare vid myndigheten", "staff of the agency"),
        }
    }

    fn packages(&mut self) {
        self.heading("Roller", "Roles");
        for package in self.service.packages.values() {
            let (name, holder) = (package.name.get(self.lang), self.holder(package.holder));
            self.line(format!("* **{name}** (`{}`), {holder}:", package.id));
            for permission in &package.permissions {
                let line = format!("  * {}", self.named(permission));
                self.line(line);
            }
        }
    }

    /// A permission, a package or an origin by its name.
    fn named(&self, id: &str) -> String {
        let permission = self.catalogue.permission(id).map(|p| &p.name);
        let name = permission.or_else(|| self.catalogue.package(id).map(|p| &p.name));
        match (id, name) {
            (_, Some(name)) => name.get(self.lang).to_owned(),
            (crate::BY_APPLICATION, _) => self
                .say("Myndigheten, efter en godkänd anmälan,", "The agency, on an approved application,")
                .to_owned(),
            (crate::BY_INVITATION, _) => self
                .say("Myndighetens ledning, genom inbjudan,", "The agency's management, by invitation,")
                .to_owned(),
            ("invitation.redeem", _) => {
                self.say("Ta emot den ena inbjudan", "Take up the one invitation").to_owned()
            }
            ("invitation.confirm", _) => self
                .say("Bekräfta den som tog emot den andra", "Confirm whoever took up the other")
                .to_owned(),
            _ => format!("`{id}`"),
        }
    }

    fn rules(&mut self) {
        self.heading("Regler", "Rules");
        let about = |rule: &&crate::Rule| match &rule.kind {
            RuleKind::Gives { gives, .. } => gives.iter().any(|entry| self.is_here(entry)),
            RuleKind::TwoPersons { steps } => steps.iter().any(|step| self.is_here(step)),
            RuleKind::NeedsSuccessor { package } => self.is_here(package),
        };
        let catalogue = self.catalogue;
        let own = &self.service.rules;
        let mut rules: Vec<&crate::Rule> = own.iter().collect();
        rules.extend(catalogue.rules().map(|(_, r)| r).filter(about).filter(|r| !own.contains(r)));
        for rule in rules {
            let title = rule.kind.title(self.lang);
            let sentence = self.sentence(&rule.kind);
            let source = self.say("Källa", "Source");
            self.line(format!("* **{title}.** {sentence} {source}: {}. (`{}`)", rule.source, rule.id));
        }
    }

    fn is_here(&self, id: &str) -> bool {
        id.split('.').next() == Some(self.service.id.as_str())
    }

    fn sentence(&self, kind: &RuleKind) -> String {
        match kind {
            RuleKind::Gives { giver, gives, to_give, .. } => {
                let given: Vec<_> = gives.iter().map(|entry| self.named(entry)).collect();
                let may = self.say("får ge", "may give");
                let needs = match to_give {
                    Some(permission) => {
                        let needs = self.say("Det kräver behörigheten", "It takes the permission");
                        format!(" {needs} {}.", self.named(permission))
                    }
                    None => String::new(),
                };
                format!("{} {may}: {}.{needs}", self.named(giver), given.join("; "))
            }
            RuleKind::TwoPersons { steps } => {
                let steps: Vec<_> = steps.iter().map(|step| self.named(step)).collect();
                let by = self.say(
                    "Görs i denna ordning av olika personer, och aldrig av den som det är till förmån för",
                    "Done in this order by different persons, and never by the one whom it benefits",
                );
                format!("{by}: {}.", steps.join("; "))
            }
            RuleKind::NeedsSuccessor { package } => {
                let last = self.say(
                    "Den sista kan inte avslutas utan att en annan finns",
                    "The last one cannot be ended without another",
                );
                format!("{last}: {}.", self.named(package))
            }
        }
    }

    fn numbers(&mut self) {
        if self.service.deadlines.is_empty() && self.service.limits.is_empty() {
            return;
        }
        self.heading("Tider och gränser", "Times and limits");
        let source = self.say("Källa", "Source");
        for deadline in self.service.deadlines.values() {
            let span = match deadline.span {
                Span::WorkingDays(n) => format!("{n} {}", self.say("arbetsdagar", "working days")),
                Span::Days(n) => format!("{n} {}", self.say("dagar", "days")),
            };
            self.line(format!("* {}: {span}. {source}: {}.", deadline.name.get(self.lang), deadline.source));
        }
        for limit in self.service.limits.values() {
            self.line(format!(
                "* {}: {}. {source}: {}.",
                limit.name.get(self.lang),
                limit.value,
                limit.source
            ));
        }
    }

    fn contacts(&mut self) {
        self.heading("Kontakt", "Contact");
        for contact in &self.service.contacts {
            let ways: Vec<&str> =
                [&contact.telephone, &contact.address].into_iter().flatten().map(String::as_str).collect();
            let (name, hours) = (contact.name.get(self.lang), contact.hours.get(self.lang));
            self.line(format!("* {name}: {}. {hours}.", ways.join(", ")));
        }
    }
}
