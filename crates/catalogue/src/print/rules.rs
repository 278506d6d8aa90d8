//! The rules of the printed page: each a plain sentence with its source.

use super::Page;
use crate::{BY_APPLICATION, BY_INVITATION, Lang, Rule, RuleKind, Text};
use domain::fact::{MandateKind, PermissionId};
use std::collections::BTreeSet;

impl Page<'_> {
    pub(super) fn rules(&mut self) {
        let (giving, other): (Vec<&Rule>, Vec<&Rule>) =
            self.bearing().into_iter().partition(|rule| matches!(rule.kind, RuleKind::Gives { .. }));
        if !giving.is_empty() {
            self.heading("Vem som får ge vad, och till vem", "Who may give what, and to whom");
            let intro = self.say(
                "Behörighet kan bara ges som det står här. Det som ingen regel nämner får ingen ge.",
                "Authority can be given only as it says here. What no rule names, nobody may give.",
            );
            self.line(format!("{intro}\n"));
            self.list(&giving);
        }
        if !other.is_empty() {
            self.heading("Andra regler", "Other rules");
            self.list(&other);
        }
    }

    fn list(&mut self, rules: &[&Rule]) {
        for rule in rules {
            let (sentence, source) = (self.sentence(&rule.kind), self.source(&rule.source));
            self.line(format!("* {sentence} {source}"));
        }
    }

    /// The service's own rules, and those of others that bear on what is here.
    fn bearing<'r>(&self) -> Vec<&'r Rule>
    where
        Self: 'r,
    {
        let here = |id: &str| id.split('.').next() == Some(self.service.id.as_str());
        let about = |rule: &&Rule| match &rule.kind {
            RuleKind::Gives { gives, .. } => gives.iter().any(|entry| here(entry)),
            RuleKind::TwoPersons { steps } => steps.iter().any(|step| here(step)),
            RuleKind::NeedsSuccessor { package } => here(package),
        };
        let (catalogue, service) = (self.catalogue, self.service);
        let mut rules: Vec<&Rule> = service.rules.iter().collect();
        let others = catalogue.rules().filter(|(of, _)| *of != service.id).map(|(_, rule)| rule);
        rules.extend(others.filter(about));
        rules
    }

    fn sentence(&self, kind: &RuleKind) -> String {
        match kind {
            RuleKind::Gives { giver, gives, to_give, to_end } => {
                self.gives(giver, gives, to_give.as_deref(), to_end.as_deref())
            }
            RuleKind::TwoPersons { steps } => {
                let steps: Vec<String> = steps.iter().map(|step| self.quoted(step)).collect();
                let steps = self.and(&steps);
                match self.lang {
                    Lang::Sv => format!(
                        "Dessa steg ska tas i denna ordning av olika personer: {steps}. Den som själv har nytta av det får inte ta något av dem."
                    ),
                    Lang::En => format!(
                        "These steps shall be taken in this order by different persons: {steps}. Whoever gains by it may take none of them."
                    ),
                }
            }
            RuleKind::NeedsSuccessor { package } => self.successor(package),
        }
    }

    fn successor(&self, package: &str) -> String {
        let role = self.strong(package);
        let agency = self.catalogue.holder(package) == Some(MandateKind::AgencyRole);
        match (self.lang, agency) {
            (Lang::Sv, true) => format!(
                "Vid myndigheten ska det alltid finnas någon med rollen {role}. Den sista kan inte lämna rollen utan att en annan har den."
            ),
            (Lang::Sv, false) => format!(
                "Hos en ansluten organisation som har någon med rollen {role} ska det alltid finnas minst en. Den sista kan inte lämna rollen utan att en annan har den."
            ),
            (Lang::En, true) => format!(
                "At the agency there shall always be somebody with the role {role}. The last one cannot leave it unless another holds it."
            ),
            (Lang::En, false) => format!(
                "At a connected organisation that has somebody with the role {role} there shall always be at least one. The last one cannot leave it unless another holds it."
            ),
        }
    }

    fn gives(
        &self,
        giver: &str,
        gives: &BTreeSet<PermissionId>,
        to_give: Option<&str>,
        to_end: Option<&str>,
    ) -> String {
        let what = self.given(gives);
        let who = match (giver, self.lang) {
            (BY_APPLICATION, Lang::Sv) => {
                "När myndigheten har registrerat en organisations anmälan om anslutning ger den".to_owned()
            }
            (BY_APPLICATION, Lang::En) => {
                "When the agency has registered an organisation's application for connection it gives"
                    .to_owned()
            }
            (BY_INVITATION, Lang::Sv) => "När systemet tas i bruk ger myndigheten genom inbjudan".to_owned(),
            (BY_INVITATION, Lang::En) => {
                "When the system is taken into use the agency gives, by invitation,".to_owned()
            }
            (role, Lang::Sv) => format!("Den som har rollen {} med rätt att ge får ge", self.strong(role)),
            (role, Lang::En) => {
                format!("Whoever holds the role {} with the right to give may give", self.strong(role))
            }
        };
        let mut sentence = format!("{who} {what}.");
        for (needed, sv, en) in [
            (to_give, "För att ge krävs behörigheten", "Giving takes the permission"),
            (to_end, "För att ta bort krävs behörigheten", "Taking away takes the permission"),
        ] {
            if let Some(permission) = needed {
                sentence.push_str(&format!(" {} {}.", self.say(sv, en), self.quoted(permission)));
            }
        }
        sentence
    }

    /// »rollen A till …, och rollerna B och C till …«.
    fn given(&self, gives: &BTreeSet<PermissionId>) -> String {
        let mut parts = Vec::new();
        for holder in [MandateKind::Administrator, MandateKind::User, MandateKind::AgencyRole] {
            let these = || gives.iter().filter(|entry| self.catalogue.holder(entry) == Some(holder));
            let (packages, permissions): (Vec<&String>, Vec<&String>) =
                these().partition(|entry| self.catalogue.package(entry).is_some());
            let packages: Vec<String> = packages.into_iter().map(|id| self.strong(id)).collect();
            let permissions: Vec<String> = permissions.into_iter().map(|id| self.quoted(id)).collect();
            for (items, one, many) in [
                (packages, self.say("rollen", "the role"), self.say("rollerna", "the roles")),
                (
                    permissions,
                    self.say("behörigheten", "the permission"),
                    self.say("behörigheterna", "the permissions"),
                ),
            ] {
                if !items.is_empty() {
                    let noun = if items.len() == 1 { one } else { many };
                    parts.push(format!("{noun} {} {}", self.and(&items), self.receiver(holder)));
                }
            }
        }
        parts.join(self.say(", och ", ", and "))
    }

    /// To whom something of this kind is given.
    pub(super) fn receiver(&self, holder: MandateKind) -> &'static str {
        match holder {
            MandateKind::Administrator => self.say(
                "till den som ska bestämma över behörigheter hos organisationen",
                "to whoever is to decide on authorisations at the organisation",
            ),
            MandateKind::User => self.say(
                "till den som ska använda tjänsten för organisationen",
                "to whoever is to use the service for the organisation",
            ),
            MandateKind::AgencyRole => {
                self.say("till en medarbetare vid myndigheten", "to a member of the agency's staff")
            }
        }
    }

    fn strong(&self, id: &str) -> String {
        format!("**{}**", self.named(id))
    }

    fn quoted(&self, id: &str) -> String {
        match self.lang {
            Lang::Sv => format!("”{}”", self.named(id)),
            Lang::En => format!("“{}”", self.named(id)),
        }
    }

    /// A permission, a package or a step by its name.
    fn named<'n>(&'n self, id: &'n str) -> &'n str {
        let name: Option<&Text> = match self.catalogue.permission(id) {
            Some(permission) => Some(&permission.name),
            None => self.catalogue.package(id).map(|package| &package.name),
        };
        match (name, id) {
            (Some(name), _) => name.get(self.lang),
            (None, "invitation.redeem") => self.say("Ta emot den ena inbjudan", "Take up the one invitation"),
            (None, "invitation.confirm") => {
                self.say("Bekräfta den som tog emot den andra", "Confirm whoever took up the other")
            }
            // Nothing is left out, even if nobody has named it.
            (None, id) => id,
        }
    }
}
