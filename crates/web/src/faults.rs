//! The faults of a form in words: in the order of its fields, and an empty field is called empty.

use app::FieldFault;
use page::{Answers, Mistakes, Tr};

/// `prefix` begins the keys of the labels, `order` names the fields as the form shows them.
pub(crate) fn mistakes(
    tr: &Tr,
    prefix: &str,
    order: &[&str],
    answers: &Answers,
    faults: &[FieldFault],
) -> Mistakes {
    let mut faults: Vec<&FieldFault> = faults.iter().collect();
    faults.sort_by_key(|fault| order.iter().position(|field| *field == fault.field).unwrap_or(order.len()));
    let mut mistakes = Mistakes::none();
    for fault in faults {
        let label = tr.get(&format!("{prefix}-{}", fault.field.replace('_', "-")));
        mistakes.add_code(fault.field, label, code(answers, fault), tr);
    }
    mistakes
}

/// Nothing typed has no form to be wrong.
fn code<'f>(answers: &Answers, fault: &'f FieldFault) -> &'f str {
    let of_what_is_typed = fault.code.ends_with("_FORM")
        || fault.code.starts_with("IDENT_")
        || fault.code == "INVITATION_UNKNOWN";
    if of_what_is_typed && answers.filled(fault.field).is_none() { "FIELD_MISSING" } else { fault.code }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_is_called_so_and_what_is_typed_is_told_its_fault() {
        let answers = Answers::empty().with("email", "x");
        let fault = |field, code| FieldFault { field, code };
        assert_eq!(code(&answers, &fault("number", "IDENT_LENGTH")), "FIELD_MISSING");
        assert_eq!(code(&answers, &fault("email", "EMAIL_FORM")), "EMAIL_FORM");
        assert_eq!(code(&answers, &fault("scan", "SCAN_TOO_LARGE")), "SCAN_TOO_LARGE");
    }
}
