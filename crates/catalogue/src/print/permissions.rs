//! What may be done and by whom, on the printed page: permissions by holder, roles, and the ids of both.

use super::Page;
use crate::{Data, Lang, Permission, RecordClass, Relation};
use domain::fact::MandateKind;

impl Page<'_> {
    /// By who can hold them, because that is what sets them apart in law (R-004-11).
    pub(super) fn permissions(&mut self) {
        let service = self.service;
        if service.permissions.is_empty() {
            return;
        }
        self.heading("Behörigheter", "Permissions");
        let intro = self.say(
            "En behörighet är rätten att göra en viss sak. Här står vem som kan ha den, vilka uppgifter den öppnar och vad som loggas.",
            "A permission is the right to do one thing. Here it says who can hold it, what data it opens and what is recorded.",
        );
        self.line(intro);
        let holders =
            [Some(MandateKind::Administrator), Some(MandateKind::User), Some(MandateKind::AgencyRole), None];
        for holder in holders {
            let held: Vec<&Permission> =
                service.permissions.values().filter(|p| p.holder == holder).collect();
            if held.is_empty() {
                continue;
            }
            let whose = match holder {
                Some(holder) => self.holder(holder),
                None => self.say("Var och en, för sig själv", "Everyone, for themselves"),
            };
            self.line(format!("\n### {whose}\n"));
            let [permission, roles, data, recorded] = match self.lang {
                Lang::Sv => {
                    ["Behörighet att", "Ingår i rollerna", "Uppgifter som den öppnar", "Vad som loggas"]
                }
                Lang::En => ["Permission to", "Part of the roles", "Data that it opens", "What is recorded"],
            };
            self.head(&[permission, roles, data, recorded]);
            for permission in held {
                self.permission(permission);
            }
        }
    }

    fn permission(&mut self, permission: &Permission) {
        let mut name = permission.name.get(self.lang).to_owned();
        if permission.assurance > self.service.assurance {
            let level = self.say("lägst tillitsnivå", "at least level of assurance");
            name = format!("{name} ({level} {})", permission.assurance);
        }
        let packages = self.service.packages.values().filter(|p| p.permissions.contains(&permission.id));
        let roles: Vec<&str> = packages.map(|package| package.name.get(self.lang)).collect();
        let roles = match (permission.relation, roles.is_empty()) {
            (Relation::Own, _) => self.say("behöver inte ges", "need not be given").to_owned(),
            (_, true) => self.say("ges för sig", "given by itself").to_owned(),
            (_, false) => roles.join("; "),
        };
        let data = match permission.data {
            Data::Ordinary => {
                self.say("inga känsliga personuppgifter", "no special categories of personal data")
            }
            Data::SpecialCategory => self.say(
                "känsliga personuppgifter (EU:s dataskyddsförordning, artikel 9.1)",
                "special categories of personal data (Regulation (EU) 2016/679, Article 9(1))",
            ),
        };
        let recorded = match permission.record {
            RecordClass::Change => {
                self.say("varje ändring och varje nekat försök", "every change and every refused attempt")
            }
            RecordClass::Read => {
                self.say("varje läsning och varje nekat försök", "every reading and every refused attempt")
            }
            RecordClass::None => self.say("varje nekat försök", "every refused attempt"),
        };
        self.row(&[&name, &roles, data, recorded]);
    }

    /// Who it is, as a heading says it.
    fn holder(&self, holder: MandateKind) -> &'static str {
        match holder {
            MandateKind::Administrator => self.say(
                "Behörighetsadministratör hos organisationen",
                "Authorisation administrator at the organisation",
            ),
            MandateKind::User => self.say("Användare hos organisationen", "User at the organisation"),
            MandateKind::AgencyRole => self.say("Medarbetare vid myndigheten", "Staff of the agency"),
        }
    }

    pub(super) fn packages(&mut self) {
        let service = self.service;
        if service.packages.is_empty() {
            return;
        }
        self.heading("Roller", "Roles");
        let intro = self.say(
            "En roll är behörigheter som ges tillsammans.",
            "A role is permissions that are given together.",
        );
        self.line(format!("{intro}\n"));
        for package in service.packages.values() {
            let (name, to) = (package.name.get(self.lang), self.receiver(package.holder));
            let line = match self.lang {
                Lang::Sv => format!("* Rollen **{name}** kan ges {to}. Den ger behörighet att"),
                Lang::En => format!("* The role **{name}** can be given {to}. It gives permission to"),
            };
            self.line(line);
            for permission in package.permissions.iter().filter_map(|id| service.permissions.get(id)) {
                let line = format!("  * {}", lower(permission.name.get(self.lang)));
                self.line(line);
            }
        }
    }

    pub(super) fn ids(&mut self) {
        let service = self.service;
        let lang = self.lang;
        let permissions = service.permissions.values().map(|p| (&p.id, &p.name));
        let packages = service.packages.values().map(|p| (&p.id, &p.name));
        let mut rows = permissions.chain(packages).peekable();
        if rows.peek().is_none() {
            return;
        }
        self.heading("Beteckningar i aktivitetsloggen", "Designations in the activity log");
        let intro = self.say(
            "I aktivitetsloggen och i besluten om åtkomst står behörigheter och roller under dessa beteckningar.",
            "In the activity log and in decisions on access, permissions and roles stand under these designations.",
        );
        self.line(format!("{intro}\n"));
        let (id, name) =
            (self.say("Beteckning", "Designation"), self.say("Behörighet eller roll", "Permission or role"));
        self.head(&[id, name]);
        for (id, name) in rows {
            self.row(&[&format!("`{id}`"), name.get(lang)]);
        }
    }
}

/// A name that is a sentence's part: its first letter small, unless the word has capitals of its own, as BankID has.
fn lower(name: &str) -> String {
    let mut letters = name.chars();
    let own = name.split(' ').next().is_some_and(|word| word.chars().skip(1).any(char::is_uppercase));
    match letters.next() {
        Some(first) if !own => first.to_lowercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_name_in_a_sentence_keeps_its_own_capitals() {
        let names = ["Återta en Sjukanmälan", "BankID byts", "SITHS byts", "Åk", ""];
        assert_eq!(names.map(super::lower), ["återta en Sjukanmälan", "BankID byts", "SITHS byts", "åk", ""]);
    }
}
