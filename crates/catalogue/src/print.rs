//! A page per service that a lawyer can read: who may do what, who may give it, and the source of every rule.
//!
//! It is written in sentences and by names. The ids, under which records and decisions tell the same things, stand in
//! a table at the end.

mod permissions;
mod rules;

use crate::{
    Catalogue, ConnectionNeed, ContactFor, EarlierAcceptance, Lang, Service, Span, canonical::hex32,
};
use jiff::civil::Date;
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
    /// One of two texts, by the page's language.
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

    /// A row of a table; a bar in a text is no border.
    fn row(&mut self, cells: &[&str]) {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        self.line(format!("| {} |", cells.join(" | ")));
    }

    fn head(&mut self, cells: &[&str]) {
        self.row(cells);
        self.line(format!("|{}", "---|".repeat(cells.len())));
    }

    /// »A, B och C«.
    fn and(&self, items: &[String]) -> String {
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} {} {last}", first.join(", "), self.say("och", "and")),
        }
    }

    fn source(&self, source: &str) -> String {
        format!("{}: {}.", self.say("Källa", "Source"), source.trim_end_matches('.'))
    }

    fn page(mut self) -> String {
        let (service, lang) = (self.service, self.lang);
        self.line(format!("# {}\n", service.name.get(lang)));
        self.line(service.description.get(lang));
        self.audience();
        self.login();
        self.personal_number();
        self.terms();
        self.permissions();
        self.packages();
        self.rules();
        self.deadlines();
        self.limits();
        self.contacts();
        self.ids();
        self.text
    }

    fn audience(&mut self) {
        self.heading("Vem tjänsten är till för", "Whom the service is for");
        let whom = self.say("Tjänsten är till för målgruppen", "The service is for the audience");
        self.line(format!("{whom} {}.\n", self.service.audience.name.get(self.lang)));
        let needs = match (self.service.connection, self.service.terms.is_empty()) {
            (ConnectionNeed::Required, _) => self.say(
                "Ingen kan handla för en organisation i tjänsten förrän organisationen är ansluten och har godtagit de allmänna villkoren.",
                "Nobody can act for an organisation in the service until the organisation is connected and has accepted the general terms.",
            ),
            (ConnectionNeed::NotRequired, false) => self.say(
                "Ingen kan handla för en organisation i tjänsten förrän organisationen har godtagit de allmänna villkoren. Organisationen behöver inte vara ansluten.",
                "Nobody can act for an organisation in the service until the organisation has accepted the general terms. The organisation need not be connected.",
            ),
            (ConnectionNeed::NotRequired, true) => self.say(
                "Ingen organisation behöver vara ansluten för att tjänsten ska kunna användas.",
                "No organisation needs to be connected for the service to be used.",
            ),
        };
        self.line(needs);
    }

    fn login(&mut self) {
        self.heading("Inloggning", "Login");
        let level = self.service.assurance;
        let least = self.say(
            "Den som använder tjänsten ska ha loggat in på minst tillitsnivå",
            "Whoever uses the service shall have logged in at level of assurance",
        );
        let or_more = self.say("", " or higher");
        let methods = self.say("Dessa säkerhetslösningar godtas:", "These login methods are accepted:");
        self.line(format!("{least} {level}{or_more}. {methods}\n"));
        for method in self.service.methods.iter().filter_map(|id| self.catalogue.method(id)) {
            let (name, issuer) = (method.name.get(self.lang), method.issuer.get(self.lang));
            let (help, terms) = (method.issuer_help.get(self.lang), method.issuer_terms.get(self.lang));
            let line = match self.lang {
                Lang::Sv => format!(
                    "* **{name}**, som når högst tillitsnivå {}. Frågor om själva e-legitimationen besvaras av {issuer} ({help}). För den gäller också utgivarens egna villkor ({terms}).",
                    method.assurance
                ),
                Lang::En => format!(
                    "* **{name}**, which reaches level of assurance {} at most. Questions on the e-ID itself are answered by {issuer} ({help}). The issuer's own terms apply to it as well ({terms}).",
                    method.assurance
                ),
            };
            self.line(line);
        }
    }

    fn personal_number(&mut self) {
        self.heading("Personnummer", "Personal numbers");
        let sentence = match &self.service.personal_number {
            Some(given) => {
                let by = self.say(
                    "Personnummer lämnas ut till anslutna e-tjänster med stöd av",
                    "Personal numbers are given out to connected e-services by virtue of",
                );
                format!("{by} {}.", given.ground.trim_end_matches('.'))
            }
            None => self
                .say(
                    "Personnummer lämnas inte ut till anslutna e-tjänster.",
                    "Personal numbers are not given out to connected e-services.",
                )
                .to_owned(),
        };
        self.line(sentence);
    }

    fn terms(&mut self) {
        if self.service.terms.is_empty() {
            return;
        }
        self.heading("Allmänna villkor", "General terms");
        for (n, terms) in self.service.terms.iter().enumerate() {
            let from = self.date(terms.in_force_from);
            let last = self.service.terms.get(n + 1).and_then(|next| next.in_force_from.yesterday().ok());
            let until = last.map_or(String::new(), |last| {
                format!(" {} {}", self.say("till och med", "up to and including"), self.date(last))
            });
            // Before the first there is none that anybody can have accepted.
            let earlier = match terms.earlier_acceptance {
                _ if n == 0 => "",
                EarlierAcceptance::Continues => self.say(
                    " Den som har godtagit en tidigare version behöver inte godta den här.",
                    " Whoever has accepted an earlier version need not accept this one.",
                ),
                EarlierAcceptance::Lapses => self.say(
                    " Den ska godtas även av den som har godtagit en tidigare version.",
                    " It shall be accepted also by those who have accepted an earlier version.",
                ),
            };
            let (version, applies) =
                (self.say("Version", "Version"), self.say("gäller från och med", "is in force from"));
            let sum = self.say("Textens kontrollsumma (SHA-256) är", "The checksum of the text (SHA-256) is");
            let hash = hex32::text(&terms.hash);
            self.line(format!(
                "* {version} {} {applies} {from}{until}.{earlier} {sum} `{hash}`.",
                terms.version
            ));
        }
    }

    /// »den 20 december 2024«.
    fn date(&self, date: Date) -> String {
        const SV: [&str; 12] = [
            "januari",
            "februari",
            "mars",
            "april",
            "maj",
            "juni",
            "juli",
            "augusti",
            "september",
            "oktober",
            "november",
            "december",
        ];
        const EN: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let (den, months) = match self.lang {
            Lang::Sv => ("den ", SV),
            Lang::En => ("", EN),
        };
        let month = usize::try_from(date.month()).ok().and_then(|month| months.get(month.checked_sub(1)?));
        format!("{den}{} {} {}", date.day(), month.unwrap_or(&""), date.year())
    }

    fn deadlines(&mut self) {
        let service = self.service;
        if service.deadlines.is_empty() {
            return;
        }
        self.heading("Tidsfrister", "Deadlines");
        for deadline in service.deadlines.values() {
            let span = match (deadline.span, self.lang) {
                (Span::WorkingDays(1), Lang::Sv) => "1 arbetsdag".to_owned(),
                (Span::WorkingDays(n), Lang::Sv) => format!("{n} arbetsdagar"),
                (Span::Days(1), Lang::Sv) => "1 dag".to_owned(),
                (Span::Days(n), Lang::Sv) => format!("{n} kalenderdagar"),
                (Span::WorkingDays(1), Lang::En) => "1 working day".to_owned(),
                (Span::WorkingDays(n), Lang::En) => format!("{n} working days"),
                (Span::Days(1), Lang::En) => "1 day".to_owned(),
                (Span::Days(n), Lang::En) => format!("{n} calendar days"),
            };
            let is = self.say("Tidsfristen är", "The deadline is");
            let (name, source) = (deadline.name.get(self.lang), self.source(&deadline.source));
            self.line(format!("* {name}. {is} {span}. {source}"));
        }
    }

    fn limits(&mut self) {
        let service = self.service;
        if service.limits.is_empty() {
            return;
        }
        self.heading("Gränsvärden", "Limits");
        for limit in service.limits.values() {
            let (name, is) = (limit.name.get(self.lang), self.say("är", "is"));
            let source = self.source(&limit.source);
            self.line(format!("* {name} {is} {}. {source}", limit.value));
        }
    }

    fn contacts(&mut self) {
        self.heading("Kontakt", "Contact");
        for contact in &self.service.contacts {
            let about = match contact.help_with {
                ContactFor::Service => {
                    self.say("Frågor om tjänsten besvaras av", "Questions on the service are answered by")
                }
                ContactFor::Connection => {
                    self.say("Frågor om anslutning besvaras av", "Questions on connection are answered by")
                }
            };
            let telephone =
                contact.telephone.iter().map(|n| format!("{} {n}", self.say("telefon", "telephone")));
            let ways: Vec<String> = telephone.chain(contact.address.iter().cloned()).collect();
            let (name, hours) = (contact.name.get(self.lang), contact.hours.get(self.lang));
            self.line(format!("* {about} **{name}**, {}. {hours}.", ways.join(", ")));
        }
    }
}
