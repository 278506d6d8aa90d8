//! Letters out of the text files, in both languages one after the other: the recipient's language is not known.

use app::outbox::{Letter, Letters};
use page::{Lang, Texts};
use std::sync::Arc;

/// Writes letters from the keys `{template}-subject` and `{template}`.
#[derive(Debug)]
pub struct PageLetters(Arc<Texts>);

impl PageLetters {
    pub fn new(texts: Arc<Texts>) -> Self {
        Self(texts)
    }
}

impl Letters for PageLetters {
    fn write(&self, template: &str, argument: &str, public_url: &str) -> Letter {
        let say = |lang: Lang, key: &str| {
            self.0.tr(lang).with(key, &[("argument", argument.into()), ("url", public_url.into())])
        };
        let subject = say(Lang::Sv, &format!("{template}-subject"));
        let text = format!("{}\n\n– – –\n\n{}\n", say(Lang::Sv, template), say(Lang::En, template));
        Letter { subject, text }
    }
}
