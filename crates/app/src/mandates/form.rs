//! What an administrator types to give somebody authority, parsed into values that are their own proof.

use super::NewMandate;
use crate::application::{date, email, name};
use crate::refusal::FieldFault;
use ident::PersonalNumber;
use jiff::civil::Date;

/// The longest statement of need, in characters: some sentences.
pub const NEED_LIMIT: usize = 500;

/// The fields as typed.
#[derive(Clone, Default)]
pub struct TypedMandate {
    pub number: String,
    pub name: String,
    pub email: String,
    pub permission: String,
    /// `YYYY-MM-DD`, or empty for until further notice.
    pub last_day: String,
    pub need: String,
}

/// What people type is theirs.
impl std::fmt::Debug for TypedMandate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TypedMandate").field("permission", &self.permission).finish_non_exhaustive()
    }
}

impl NewMandate {
    /// Parses all fields and tells every fault at once. `today` is the date in Sweden.
    ///
    /// # Errors
    /// Every field that cannot be used, in the order of the form.
    // R-004-26: authority is not given without a stated need.
    pub fn parse(typed: &TypedMandate, today: Date) -> Result<Self, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let number = PersonalNumber::parse_typed(&typed.number, (today.year(), today.month(), today.day()))
            .map_err(|error| faults.push(FieldFault::new("number", error.code())))
            .ok();
        let name = name("name", &typed.name, &mut faults);
        let email = email(&typed.email).unwrap_or_else(|| {
            faults.push(FieldFault::new("email", "EMAIL_FORM"));
            String::new()
        });
        if typed.permission.is_empty() {
            faults.push(FieldFault::new("permission", "CHOOSE"));
        }
        let last_day = match typed.last_day.trim() {
            "" => None,
            text => date("last_day", text, &mut faults),
        };
        if last_day.is_some_and(|day| day < today) {
            faults.push(FieldFault::new("last_day", "DATE_PAST"));
        }
        let need = typed.need.trim().to_owned();
        if need.is_empty() {
            faults.push(FieldFault::new("need", "FIELD_MISSING"));
        } else if need.chars().count() > NEED_LIMIT {
            faults.push(FieldFault::new("need", "TEXT_TOO_LONG"));
        }
        match number {
            Some(number) if faults.is_empty() => {
                Ok(Self { number, name, email, permission: typed.permission.clone(), last_day, need })
            }
            _ => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> TypedMandate {
        TypedMandate {
            number: "19900101-2385".into(),
            name: " Bengt Berglund ".into(),
            email: "bengt@granasen.example".into(),
            permission: "employer.user".into(),
            last_day: "2026-12-31".into(),
            need: "Sköter lönerna.".into(),
        }
    }

    #[test]
    fn a_whole_form_is_taken_and_the_end_may_be_left_open() {
        let today = "2026-11-23".parse().unwrap();
        let new = NewMandate::parse(&typed(), today).unwrap();
        assert_eq!(
            (new.name.as_str(), new.last_day),
            ("Bengt Berglund", Some("2026-12-31".parse().unwrap()))
        );
        let open = NewMandate::parse(&TypedMandate { last_day: " ".into(), ..typed() }, today).unwrap();
        assert_eq!(open.last_day, None);
        assert!(!format!("{:?}", typed()).contains("Bengt"));
    }

    // R-004-26 (part)
    #[test]
    fn every_fault_is_told_at_once_and_the_need_must_be_stated() {
        let today = "2027-01-01".parse().unwrap();
        let told = |typed: &TypedMandate| {
            NewMandate::parse(typed, today).unwrap_err().iter().map(|f| (f.field, f.code)).collect::<Vec<_>>()
        };
        assert_eq!(
            told(&TypedMandate { last_day: "2026-12-31".into(), ..TypedMandate::default() }),
            [
                ("number", "IDENT_LENGTH"),
                ("name", "FIELD_MISSING"),
                ("email", "EMAIL_FORM"),
                ("permission", "CHOOSE"),
                ("last_day", "DATE_PAST"),
                ("need", "FIELD_MISSING"),
            ]
        );
        assert_eq!(
            told(&TypedMandate { last_day: "31/12".into(), need: "x".repeat(501), ..typed() }),
            [("last_day", "DATE_FORM"), ("need", "TEXT_TOO_LONG")]
        );
    }
}
