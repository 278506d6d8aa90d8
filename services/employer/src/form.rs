//! The form of a sickness report: what was typed becomes a [`Form`], or every fault of it at its field.

use crate::rules::{self, Absence, Degree, Fault, Limits};
use ident::PersonalNumber;
use jiff::civil::Date;
use page::{Answers, Mistakes, Tr, parse_day};
use std::fmt;

/// The fields, in the order of the page. What else a form carries is not kept.
pub const FIELDS: [&str; 9] = [
    "employee_number",
    "employee_name",
    "workplace",
    "first_sick_day",
    "last_sick_pay_day",
    "degree",
    "contact_name",
    "contact_phone",
    "contact_email",
];

/// Most characters of a name, a workplace or an address.
pub const MAX_LINE: usize = 200;

/// A form in which everything can be used, and that could be sent today.
#[derive(Clone)]
pub struct Form {
    pub employee_number: PersonalNumber,
    /// As typed: it is not compared with any register, and nothing is told of what the person is called there.
    pub employee_name: String,
    pub workplace: String,
    pub absence: Absence,
    pub contact: Contact,
}

/// Whom the agency can ask (*kontaktperson*): a name, and at least one of the two ways.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    pub name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
}

/// Nobody's name, number or health.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Form").finish_non_exhaustive()
    }
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contact").finish_non_exhaustive()
    }
}

/// What is wrong with one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrong {
    pub field: &'static str,
    pub what: What,
}

/// Why an answer cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A code with a text of its own, such as `IDENT_CHECKSUM`.
    Code(&'static str),
    /// A rule about days says no.
    Rule(Fault),
}

impl Form {
    /// Reads the answers on the day `today` in Sweden; every fault at once, in the order of the form.
    pub fn read(answers: &Answers, today: Date, limits: &Limits) -> Result<Self, Vec<Wrong>> {
        let mut reader = Reader { answers, faults: Vec::new() };
        let number = reader.number("employee_number", today);
        let name = reader.line("employee_name");
        let workplace = reader.line("workplace");
        let first = reader.day("first_sick_day");
        let last = reader.last_sick_pay_day(first, limits);
        let degree = reader.degree("degree");
        // Days are judged although the degree is missing, and also without a last day, so that all is told at once.
        if let Some(first_sick_day) = first {
            let absence = Absence {
                first_sick_day,
                last_sick_pay_day: last.unwrap_or(first_sick_day),
                degree: degree.unwrap_or(Degree::Full),
            };
            reader.rules(&absence, today, limits);
        }
        let contact = reader.contact();
        let faults = reader.in_order();
        match (number, name, workplace, first.zip(last).zip(degree), contact) {
            (
                Some(employee_number),
                Some(employee_name),
                Some(workplace),
                Some(((first_sick_day, last_sick_pay_day), degree)),
                Some(contact),
            ) if faults.is_empty() => {
                let absence = Absence { first_sick_day, last_sick_pay_day, degree };
                Ok(Self { employee_number, employee_name, workplace, absence, contact })
            }
            _ => Err(faults),
        }
    }
}

/// The faults in words, for showing the form again.
pub fn mistakes(faults: &[Wrong], tr: &Tr) -> Mistakes {
    let mut mistakes = Mistakes::none();
    for Wrong { field, what } in faults {
        match what {
            What::Code(code) => mistakes.add_code(*field, label(field, tr), code, tr),
            What::Rule(fault) => mistakes.add(*field, in_words(fault, tr)),
        }
    }
    mistakes
}

/// The label of a field.
pub fn label(field: &str, tr: &Tr) -> String {
    tr.get(&format!("employer-field-{}", field.replace('_', "-")))
}

/// A rule's no, with the days that it is about.
pub fn in_words(fault: &Fault, tr: &Tr) -> String {
    match fault {
        Fault::FirstInFuture => tr.get("employer-fault-first-in-future"),
        Fault::FirstTooOld { earliest } => {
            tr.with("employer-fault-first-too-old", &[("earliest", tr.day(*earliest).into())])
        }
        Fault::TooEarly { opens } => tr.with("employer-fault-too-early", &[("opens", tr.day(*opens).into())]),
        Fault::LastSickPayDay { from, to } => {
            let days = [("from", tr.day(*from).into()), ("to", tr.day(*to).into())];
            tr.with("employer-fault-last-sick-pay-day", &days)
        }
    }
}

struct Reader<'a> {
    answers: &'a Answers,
    faults: Vec<Wrong>,
}

impl Reader<'_> {
    fn wrong<T>(&mut self, field: &'static str, code: &'static str) -> Option<T> {
        self.faults.push(Wrong { field, what: What::Code(code) });
        None
    }

    /// One line of 1–200 characters, in which nothing is hidden: it will stand in the text that is signed.
    fn line(&mut self, field: &'static str) -> Option<String> {
        let Some(text) = self.answers.filled(field) else { return self.wrong(field, "FIELD_MISSING") };
        if text.chars().count() > MAX_LINE {
            return self.wrong(field, "TEXT_TOO_LONG");
        }
        if text.chars().any(hidden) {
            return self.wrong(field, "SICKNESS_LINE");
        }
        Some(text.to_owned())
    }

    fn number(&mut self, field: &'static str, today: Date) -> Option<PersonalNumber> {
        let Some(text) = self.answers.filled(field) else { return self.wrong(field, "FIELD_MISSING") };
        if text.len() > MAX_LINE {
            return self.wrong(field, "IDENT_LENGTH");
        }
        let today = (today.year(), today.month(), today.day());
        match PersonalNumber::parse_typed(text, today) {
            Ok(number) => Some(number),
            Err(error) => self.wrong(field, error.code()),
        }
    }

    fn day(&mut self, field: &'static str) -> Option<Date> {
        let Some(text) = self.answers.filled(field) else { return self.wrong(field, "FIELD_MISSING") };
        parse_day(text).or_else(|| self.wrong(field, "DATE_FORM"))
    }

    /// Left empty, it is the last day of the sick-pay period, as for most.
    fn last_sick_pay_day(&mut self, first: Option<Date>, limits: &Limits) -> Option<Date> {
        match self.answers.filled("last_sick_pay_day") {
            None => first.map(|first| limits.end_of_sick_pay(first)),
            Some(_) => self.day("last_sick_pay_day"),
        }
    }

    fn degree(&mut self, field: &'static str) -> Option<Degree> {
        let chosen =
            self.answers.only(field).and_then(|text| text.parse().ok()).and_then(Degree::from_percent);
        chosen.or_else(|| self.wrong(field, "CHOOSE"))
    }

    fn rules(&mut self, absence: &Absence, today: Date, limits: &Limits) {
        for fault in rules::check(absence, today, limits).err().into_iter().flatten() {
            let field = match fault {
                Fault::LastSickPayDay { .. } => "last_sick_pay_day",
                _ => "first_sick_day",
            };
            self.faults.push(Wrong { field, what: What::Rule(fault) });
        }
    }

    fn contact(&mut self) -> Option<Contact> {
        let name = self.line("contact_name");
        let typed = |field| self.answers.filled(field);
        let (phone, email) = (typed("contact_phone"), typed("contact_email"));
        if phone.is_none() && email.is_none() {
            return self.wrong("contact_phone", "SICKNESS_CONTACT");
        }
        let phone = match phone.map(telephone) {
            Some(None) => return self.wrong("contact_phone", "PHONE_FORM"),
            Some(good) => good,
            None => None,
        };
        let email = match email.map(app::application::email) {
            Some(None) => return self.wrong("contact_email", "EMAIL_FORM"),
            Some(good) => good,
            None => None,
        };
        Some(Contact { name: name?, phone, email })
    }

    fn in_order(&mut self) -> Vec<Wrong> {
        let place = |wrong: &Wrong| FIELDS.iter().position(|field| *field == wrong.field);
        self.faults.sort_by_key(place);
        std::mem::take(&mut self.faults)
    }
}

/// A telephone number as people write it: 5–15 digits (ITU-T E.164), with spaces, hyphens and brackets between them.
fn telephone(text: &str) -> Option<String> {
    let rest = text.strip_prefix('+').unwrap_or(text);
    let digits = rest.bytes().filter(u8::is_ascii_digit).count();
    let plain = rest.bytes().all(|b| b.is_ascii_digit() || b" -()".contains(&b));
    (plain && (5..=15).contains(&digits) && text.len() <= 30).then(|| text.to_owned())
}

/// What is not seen, breaks the line or turns the direction of reading (Unicode TR 36 §2.10.4): the person must see
/// what they sign.
fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{ad}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::rules::tests::limits;

    /// Published test number of the tax agency.
    pub const NUMBER: &str = "199001012385";

    pub fn answers() -> Answers {
        Answers::empty()
            .with("employee_number", "19900101-2385")
            .with("employee_name", " Eva Ek ")
            .with("workplace", "Terminalen, Storstad")
            .with("first_sick_day", "2026-11-03")
            .with("last_sick_pay_day", "")
            .with("degree", "50")
            .with("contact_name", "Fatima Nord")
            .with("contact_phone", "+46 (0)8-123 45")
    }

    pub fn read(answers: &Answers) -> Result<Form, Vec<Wrong>> {
        Form::read(answers, "2026-11-20".parse().unwrap(), &limits())
    }

    fn with(field: &'static str, value: &str) -> Answers {
        let typed = answers();
        FIELDS.iter().fold(Answers::empty(), |all, name| {
            all.with(*name, if *name == field { value } else { typed.get(name) })
        })
    }

    fn faults(answers: &Answers) -> Vec<(&'static str, What)> {
        read(answers).unwrap_err().into_iter().map(|wrong| (wrong.field, wrong.what)).collect()
    }

    #[test]
    fn a_whole_form_is_read() {
        let form = read(&answers()).unwrap();
        assert_eq!(form.employee_number.as_str(), NUMBER);
        assert_eq!(form.employee_name, "Eva Ek");
        assert_eq!(form.absence.last_sick_pay_day.to_string(), "2026-11-16");
        assert_eq!(form.contact.phone.as_deref(), Some("+46 (0)8-123 45"));
        assert_eq!(form.contact.email, None);
        assert!(!format!("{form:?}").contains("Ek"));
        assert!(read(&with("employee_number", "197010632391")).is_ok());
    }

    #[test]
    fn an_empty_form_tells_each_field_in_its_order() {
        let told: Vec<_> = faults(&Answers::empty()).into_iter().map(|(field, _)| field).collect();
        let wanted = FIELDS.into_iter().filter(|f| !["last_sick_pay_day", "contact_email"].contains(f));
        assert_eq!(told, wanted.collect::<Vec<_>>());
    }

    #[test]
    fn every_fault_is_told_at_its_field() {
        let opens = "2026-11-26".parse().unwrap();
        let long = "x".repeat(201);
        let span =
            Fault::LastSickPayDay { from: "2026-11-03".parse().unwrap(), to: "2026-11-16".parse().unwrap() };
        for (field, value, what) in [
            ("employee_number", "19900101-2386", What::Code("IDENT_CHECKSUM")),
            ("employee_number", "19900101238x", What::Code("IDENT_DIGITS")),
            ("employee_name", "Eva\u{202e}kE", What::Code("SICKNESS_LINE")),
            ("employee_name", "Eva\nEk", What::Code("SICKNESS_LINE")),
            ("workplace", long.as_str(), What::Code("TEXT_TOO_LONG")),
            ("workplace", "a\u{2028}b", What::Code("SICKNESS_LINE")),
            ("first_sick_day", "i går", What::Code("DATE_FORM")),
            ("first_sick_day", "2026-11-12", What::Rule(Fault::TooEarly { opens })),
            ("first_sick_day", "2026-11-21", What::Rule(Fault::FirstInFuture)),
            ("last_sick_pay_day", "2026-11-17", What::Rule(span)),
            ("last_sick_pay_day", "17/11", What::Code("DATE_FORM")),
            ("degree", "60", What::Code("CHOOSE")),
            ("degree", "050000", What::Code("CHOOSE")),
            ("contact_name", "", What::Code("FIELD_MISSING")),
            ("contact_phone", "", What::Code("SICKNESS_CONTACT")),
            ("contact_phone", "ring mig", What::Code("PHONE_FORM")),
            ("contact_phone", "1234567890123456", What::Code("PHONE_FORM")),
            ("contact_email", "a@b", What::Code("EMAIL_FORM")),
        ] {
            assert_eq!(faults(&with(field, value)), [(field, what)], "{field} = {value:?}");
        }
    }

    #[test]
    fn an_address_alone_is_contact_enough() {
        let mail = with("contact_phone", "").with("contact_email", "x");
        assert_eq!(faults(&mail), [("contact_phone", What::Code("SICKNESS_CONTACT"))]);
        let typed = answers();
        let mail = FIELDS.iter().fold(Answers::empty(), |all, name| match *name {
            "contact_phone" => all,
            "contact_email" => all.with(*name, "fatima@granasen.example"),
            _ => all.with(*name, typed.get(name)),
        });
        assert_eq!(read(&mail).unwrap().contact.email.as_deref(), Some("fatima@granasen.example"));
    }
}
