//! The broken links of a refused decision in words: what is missing, since when, and who can mend it.
//!
//! Codes are those of the decision (`NO_MANDATE`, `RULE_…`); texts have the keys `broken-no-mandate` and so
//! on. A code without a text of its own shows the general one with the code, and is an error in the log.

use domain::Instant;

use crate::Tr;

/// Who can mend a broken link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mender {
    /// The person who asked.
    Yourself,
    /// The organisation's authorisation administrator (*behörighetsadministratör*).
    OrganisationAdministrator,
    /// The agency.
    Agency,
    /// The issuer of the e-ID.
    Issuer,
    /// Nobody: the rule is the law's.
    Nobody,
}

impl Mender {
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Yourself => "mender-yourself",
            Self::OrganisationAdministrator => "mender-organisation-administrator",
            Self::Agency => "mender-agency",
            Self::Issuer => "mender-issuer",
            Self::Nobody => "mender-nobody",
        }
    }
}

/// A link of the decision that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenLink {
    /// The decision's stable code.
    pub code: String,
    pub mender: Mender,
    /// When it broke, or from when it will hold, as the code says.
    pub since: Option<Instant>,
    /// Instead of the code's general text: a finished sentence, such as a rule's own from the catalogue.
    pub text: Option<String>,
}

impl BrokenLink {
    pub fn new(code: impl Into<String>, mender: Mender) -> Self {
        Self { code: code.into(), mender, since: None, text: None }
    }

    pub fn since(mut self, at: Instant) -> Self {
        self.since = Some(at);
        self
    }

    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// The sentence for the page.
    pub fn sentence(&self, tr: &Tr) -> String {
        let words = self.code.to_ascii_lowercase().replace('_', "-");
        let key = format!("broken-{words}");
        let (dated, by_day) = (format!("{key}-since"), format!("{key}-day"));
        let last_day = self.since.and_then(crate::last_day_of).filter(|_| tr.has(&by_day));
        if let (None, Some(day)) = (&self.text, last_day) {
            return tr.with(&by_day, &[("day", tr.day(day).into())]);
        }
        match (&self.text, self.since) {
            (Some(text), _) => text.clone(),
            (None, Some(at)) if tr.has(&dated) => tr.with(&dated, &[("time", tr.date_time(at).into())]),
            _ if tr.has(&key) => tr.get(&key),
            _ => {
                tracing::error!(code = self.code, "a broken link has no text");
                tr.with("broken-other", &[("code", self.code.as_str().into())])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Lang, Texts};

    #[test]
    fn every_code_of_the_decision_has_its_own_sentence() {
        let texts = Texts::new(&[]).unwrap();
        for lang in Lang::ALL {
            let tr = texts.tr(lang);
            let mut seen = std::collections::BTreeSet::new();
            for code in authority::code::ALL {
                let sentence = BrokenLink::new(code, Mender::Agency).sentence(&tr);
                assert!(!sentence.contains('⟦') && !sentence.contains(code), "{code}: {sentence}");
                assert!(seen.insert(sentence), "{code} says the same as another");
            }
            assert!(
                BrokenLink::new("RULE_UNHEARD_OF", Mender::Agency).sentence(&tr).contains("RULE_UNHEARD_OF")
            );
        }
    }

    #[test]
    fn the_day_stands_in_the_sentence_where_it_is_known() {
        let texts = Texts::new(&[]).unwrap();
        let at = "2026-11-23T13:32:00Z".parse::<jiff::Timestamp>().unwrap().into();
        let sentence = BrokenLink::new("MANDATE_ENDED", Mender::OrganisationAdministrator)
            .since(at)
            .sentence(&texts.tr(Lang::Sv));
        assert!(sentence.contains("23 november 2026 kl. 14.32"), "{sentence}");
        // An end with the day: the last one is told, not the midnight after it.
        let at = "2026-11-25T23:00:00Z".parse::<jiff::Timestamp>().unwrap().into();
        let ended = BrokenLink::new("MANDATE_ENDED", Mender::OrganisationAdministrator).since(at);
        let sentence = ended.sentence(&texts.tr(Lang::Sv));
        assert!(sentence.contains("25 november 2026") && !sentence.contains("kl."), "{sentence}");
    }
}
