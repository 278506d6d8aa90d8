//! What was typed and the text made of it: kept in the vault under the employee's key, so that erasing the employee
//! erases it. The tables hold days and ids only.

use crate::form::FIELDS;
use crate::id::ReportId;
use page::Answers;
use serde::{Deserialize, Serialize};

/// One report's words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Field and what was typed in it, for changing a draft.
    answers: Vec<(String, String)>,
    /// The text as shown and signed.
    pub text: String,
}

/// Nothing of what it holds.
impl std::fmt::Debug for Kept {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Kept(…)")
    }
}

impl Kept {
    pub fn new(answers: &Answers, text: String) -> Self {
        let typed = |field: &&str| ((*field).to_owned(), answers.get(field).trim().to_owned());
        let answers = FIELDS.iter().map(typed).collect();
        Self { answers, text }
    }

    /// The name of the text in the vault.
    pub fn name(id: ReportId) -> String {
        format!("employer.sickness_report.{id}")
    }

    /// Empty if it cannot be written, which reads back as gone.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// `None` for what has been wiped.
    pub fn from_json(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    pub fn answers(&self) -> Answers {
        self.answers.iter().fold(Answers::empty(), |all, (field, value)| all.with(field, value))
    }

    /// The employee's name as typed.
    pub fn employee_name(&self) -> &str {
        self.answers.iter().find(|(field, _)| field == "employee_name").map_or("–", |(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_comes_back_and_nothing_else_is_kept() {
        let typed = crate::form::tests::answers().with("csrf", "secret");
        let kept = Kept::new(&typed, "Text\nmed åäö".to_owned());
        let json = kept.to_json();
        assert!(!json.contains("secret"));
        let back = Kept::from_json(&json).unwrap();
        assert_eq!(back, kept);
        assert_eq!(back.answers().get("workplace"), "Terminalen, Storstad");
        assert_eq!(back.employee_name(), "Eva Ek");
        assert_eq!(format!("{back:?}"), "Kept(…)");
        assert_eq!(Kept::from_json(""), None);
    }
}
