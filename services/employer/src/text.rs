//! The text that is signed, made in one place: the review page, the app and the evidence have these bytes.

use crate::form::Form;
use page::Tr;

/// Who reports, as the text names them.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'a> {
    pub organisation: &'a str,
    /// `NNNNNN-NNNN`.
    pub organisation_number: &'a str,
    pub person: &'a str,
}

/// The whole text in the language of `tr`: lines ended by `\n`, none at the end; begins with its heading.
pub fn signed_text(tr: &Tr, sender: Sender<'_>, form: &Form) -> String {
    let absence = &form.absence;
    let line = |key: &str, value: &str| format!("{}: {value}", tr.get(&format!("employer-text-{key}")));
    let maybe = |key: &str, value: &Option<String>| value.as_ref().map(|value| line(key, value));
    let organisation = format!("{} ({})", sender.organisation, sender.organisation_number);
    let degree = tr.with("employer-degree", &[("percent", absence.degree.percent().into())]);
    let promise = [("name", sender.person.into()), ("organisation", sender.organisation.into())];
    let contact = [
        Some(line("contact", &form.contact.name)),
        maybe("phone", &form.contact.phone),
        maybe("email", &form.contact.email),
    ];
    let parts = [
        vec![tr.get("employer-text-heading")],
        vec![line("employer", &organisation), line("workplace", &form.workplace)],
        vec![
            line("employee", &form.employee_name),
            line("number", &hyphened(form.employee_number.as_str())),
            line("first-sick-day", &tr.day(absence.first_sick_day)),
            line("last-sick-pay-day", &tr.day(absence.last_sick_pay_day)),
            line("degree", &degree),
        ],
        contact.into_iter().flatten().collect(),
        vec![tr.with("employer-text-promise", &promise)],
    ];
    parts.map(|lines| lines.join("\n")).join("\n\n")
}

/// `YYYYMMDD-NNNC`, as people read it.
fn hyphened(number: &str) -> String {
    match number.split_at_checked(8) {
        Some((day, rest)) => format!("{day}-{rest}"),
        None => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::tests::{answers, read};
    use page::{Lang, Texts};

    fn text(lang: Lang) -> String {
        let tr = Texts::new(&crate::texts()).unwrap().tr(lang);
        let sender = Sender {
            organisation: "Granåsens <Åkeri> & Co AB",
            organisation_number: "405620-1108",
            person: "David Ek",
        };
        signed_text(&tr, sender, &read(&answers()).unwrap())
    }

    #[test]
    fn the_text_says_everything_in_swedish() {
        assert_eq!(
            text(Lang::Sv),
            "Sjukanmälan från arbetsgivare\n\n\
             Arbetsgivare: Granåsens <Åkeri> & Co AB (405620-1108)\n\
             Arbetsplats: Terminalen, Storstad\n\n\
             Anställd: Eva Ek\n\
             Personnummer eller samordningsnummer: 19900101-2385\n\
             Första sjukdag: 3 november 2026\n\
             Sista dag med sjuklön: 16 november 2026\n\
             Omfattning: 50 procent\n\n\
             Kontaktperson: Fatima Nord\n\
             Telefon: +46 (0)8-123 45\n\n\
             Jag, David Ek, lämnar den här anmälan för Granåsens <Åkeri> & Co AB. Uppgifterna är riktiga."
        );
    }

    #[test]
    fn the_text_says_everything_in_english() {
        assert_eq!(
            text(Lang::En),
            "Sickness report from an employer\n\n\
             Employer: Granåsens <Åkeri> & Co AB (405620-1108)\n\
             Workplace: Terminalen, Storstad\n\n\
             Employee: Eva Ek\n\
             Personal number or coordination number: 19900101-2385\n\
             First sick day: 3 November 2026\n\
             Last day with sick pay: 16 November 2026\n\
             Degree: 50 per cent\n\n\
             Contact: Fatima Nord\n\
             Telephone: +46 (0)8-123 45\n\n\
             I, David Ek, submit this report for Granåsens <Åkeri> & Co AB. What it says is true."
        );
    }
}
