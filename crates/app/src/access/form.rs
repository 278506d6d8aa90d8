//! What somebody without a tie types to ask, parsed into values that are their own proof.

use crate::application::email;
use crate::mandates::NEED_LIMIT;
use crate::refusal::FieldFault;
use domain::fact::PermissionId;
use ident::OrganisationNumber;

/// A request by the organisation's number.
#[derive(Debug, Clone)]
pub struct NewRequest {
    pub number: OrganisationNumber,
    /// A package of the catalogue.
    pub package: PermissionId,
    /// Why the person needs it (R-004-26).
    pub need: String,
    /// Where the answer is told; an address that is known already stays.
    pub email: Option<String>,
}

/// The fields as typed.
#[derive(Clone, Default)]
pub struct TypedRequest {
    pub number: String,
    pub package: String,
    pub need: String,
    pub email: String,
}

/// What people type is theirs.
impl std::fmt::Debug for TypedRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TypedRequest").field("package", &self.package).finish_non_exhaustive()
    }
}

impl NewRequest {
    /// Parses all fields and tells every fault at once.
    ///
    /// # Errors
    /// Every field that cannot be used, in the order of the form.
    pub fn parse(typed: &TypedRequest) -> Result<Self, Vec<FieldFault>> {
        let mut faults = Vec::new();
        let number = OrganisationNumber::parse(&typed.number)
            .map_err(|error| faults.push(FieldFault::new("number", error.code())))
            .ok();
        if typed.package.is_empty() {
            faults.push(FieldFault::new("package", "CHOOSE"));
        }
        let need = need(&typed.need, &mut faults);
        let address = match typed.email.trim() {
            "" => None,
            text => email(text).or_else(|| {
                faults.push(FieldFault::new("email", "EMAIL_FORM"));
                None
            }),
        };
        match number {
            Some(number) if faults.is_empty() => {
                Ok(Self { number, package: typed.package.clone(), need, email: address })
            }
            _ => Err(faults),
        }
    }
}

/// A stated need: some sentences, and not none.
pub(super) fn need(typed: &str, faults: &mut Vec<FieldFault>) -> String {
    let need = typed.trim().to_owned();
    if need.is_empty() {
        faults.push(FieldFault::new("need", "FIELD_MISSING"));
    } else if need.chars().count() > NEED_LIMIT {
        faults.push(FieldFault::new("need", "TEXT_TOO_LONG"));
    }
    need
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> TypedRequest {
        TypedRequest {
            number: "405620-1108".into(),
            package: "employer.user".into(),
            need: " Sköter lönerna. ".into(),
            email: String::new(),
        }
    }

    #[test]
    fn a_whole_form_is_taken_and_the_address_may_be_left_out() {
        let new = NewRequest::parse(&typed()).unwrap();
        assert_eq!((new.need.as_str(), new.email), ("Sköter lönerna.", None));
        let new = NewRequest::parse(&TypedRequest { email: "a@b.example".into(), ..typed() }).unwrap();
        assert_eq!(new.email.as_deref(), Some("a@b.example"));
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let bad = TypedRequest { number: "1".into(), email: "a".into(), ..TypedRequest::default() };
        let faults = NewRequest::parse(&bad).unwrap_err();
        let told = faults.iter().map(|f| (f.field, f.code)).collect::<Vec<_>>();
        assert_eq!(
            told,
            [
                ("number", "IDENT_LENGTH"),
                ("package", "CHOOSE"),
                ("need", "FIELD_MISSING"),
                ("email", "EMAIL_FORM")
            ]
        );
    }
}
