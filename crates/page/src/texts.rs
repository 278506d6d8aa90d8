//! All texts of the pages, in Fluent, in both languages.
//!
//! Every crate hands in its own files; a key belongs to one file. Isolating marks are off: Swedish and
//! English both run left to right, and U+2068/U+2069 break PDF text, SMS and comparison.

use std::{borrow::Cow, collections::BTreeMap, fmt, sync::Arc};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use unic_langid::LanguageIdentifier;

use crate::Lang;

mod check;
pub use check::check_complete;

/// One Fluent file in one language.
#[derive(Debug, Clone, Copy)]
pub struct TextSource {
    pub lang: Lang,
    /// The file's name, for errors only.
    pub file: &'static str,
    pub ftl: &'static str,
}

/// A file of texts cannot be used; mended by a developer, so it says where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    #[error("{file}: line {line}: not Fluent: {what}")]
    Syntax { file: &'static str, line: usize, what: String },
    #[error("{file}: the key {key} is already taken by another file in {lang}: rename one")]
    Taken { file: &'static str, lang: &'static str, key: String },
}

/// The texts of the page frame, forms and problems themselves.
const OWN: [TextSource; 8] = [
    TextSource { lang: Lang::Sv, file: "page.sv.ftl", ftl: include_str!("../texts/page.sv.ftl") },
    TextSource { lang: Lang::En, file: "page.en.ftl", ftl: include_str!("../texts/page.en.ftl") },
    TextSource { lang: Lang::Sv, file: "problem.sv.ftl", ftl: include_str!("../texts/problem.sv.ftl") },
    TextSource { lang: Lang::En, file: "problem.en.ftl", ftl: include_str!("../texts/problem.en.ftl") },
    TextSource { lang: Lang::Sv, file: "broken.sv.ftl", ftl: include_str!("../texts/broken.sv.ftl") },
    TextSource { lang: Lang::En, file: "broken.en.ftl", ftl: include_str!("../texts/broken.en.ftl") },
    TextSource { lang: Lang::Sv, file: "refusal.sv.ftl", ftl: include_str!("../texts/refusal.sv.ftl") },
    TextSource { lang: Lang::En, file: "refusal.en.ftl", ftl: include_str!("../texts/refusal.en.ftl") },
];

/// Every text of the product, ready for use by all threads.
pub struct Texts {
    sv: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
    /// Per language: key → the arguments its text uses. For [`check_complete`].
    keys: BTreeMap<Lang, BTreeMap<String, check::Arguments>>,
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |lang| self.keys.get(&lang).map_or(0, BTreeMap::len);
        f.debug_struct("Texts").field("sv", &count(Lang::Sv)).field("en", &count(Lang::En)).finish()
    }
}

impl Texts {
    /// Reads the page crate's own texts and those handed in.
    ///
    /// # Errors
    /// [`TextError`] at the first file that is not Fluent or takes a key a second time.
    pub fn new(sources: &[TextSource]) -> Result<Arc<Texts>, TextError> {
        let mut texts = Texts { sv: bundle(Lang::Sv), en: bundle(Lang::En), keys: BTreeMap::new() };
        for source in OWN.iter().chain(sources) {
            texts.add(source)?;
        }
        Ok(Arc::new(texts))
    }

    fn add(&mut self, source: &TextSource) -> Result<(), TextError> {
        let &TextSource { lang, file, ftl } = source;
        let resource = FluentResource::try_new(ftl.to_owned()).map_err(|(_, errors)| {
            let start = errors.first().map_or(0, |error| error.pos.start);
            let line = ftl.get(..start).map_or(1, |before| before.matches('\n').count() + 1);
            let what = errors.first().map_or_else(String::new, |error| error.kind.to_string());
            TextError::Syntax { file, line, what }
        })?;
        let keys = self.keys.entry(lang).or_default();
        for (key, arguments) in check::keys(ftl) {
            if keys.insert(key.clone(), arguments).is_some() {
                return Err(TextError::Taken { file, lang: lang.tag(), key });
            }
        }
        let bundle = match lang {
            Lang::Sv => &mut self.sv,
            Lang::En => &mut self.en,
        };
        bundle.add_resource(resource).map_err(|_| TextError::Taken {
            file,
            lang: lang.tag(),
            key: "(see the file)".to_owned(),
        })
    }

    /// The handle that handlers and templates use.
    pub fn tr(self: &Arc<Self>, lang: Lang) -> Tr {
        Tr { lang, texts: Arc::clone(self) }
    }

    fn find(&self, lang: Lang, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
        let bundle = match lang {
            Lang::Sv => &self.sv,
            Lang::En => &self.en,
        };
        let pattern = bundle.get_message(key)?.value()?;
        let mut faults = Vec::new();
        let text = bundle.format_pattern(pattern, arguments, &mut faults).into_owned();
        if !faults.is_empty() {
            tracing::error!(key, lang = lang.tag(), ?faults, "a text could not be filled in");
        }
        Some(text)
    }
}

fn bundle(lang: Lang) -> FluentBundle<FluentResource> {
    // Both tags are well-formed; the default, "undetermined", would only lose the plural rules.
    let id: LanguageIdentifier = lang.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    bundle.set_use_isolating(false);
    bundle
}

/// A value to fill into a text: strings and numbers turn into it by `.into()`.
pub type Value<'a> = FluentValue<'a>;

/// The translator of one request: cheap to clone, made to be a field of every template.
#[derive(Debug, Clone)]
pub struct Tr {
    lang: Lang,
    texts: Arc<Texts>,
}

impl Tr {
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The texts in the other language, for the few places that show both.
    pub fn in_lang(&self, lang: Lang) -> Tr {
        self.texts.tr(lang)
    }

    /// The text of a key. A missing one shows as `⟦key⟧` in builds with debug assertions, so that a
    /// test or an eye finds it; a release shows the Swedish text, or the mark if there is none either.
    pub fn get(&self, key: &str) -> String {
        self.fill(key, None)
    }

    /// The text of a key with its arguments filled in.
    pub fn with(&self, key: &str, arguments: &[(&str, Value<'_>)]) -> String {
        let mut filled = FluentArgs::with_capacity(arguments.len());
        for (name, value) in arguments {
            filled.set(Cow::Borrowed(*name), value.clone());
        }
        self.fill(key, Some(&filled))
    }

    /// Whether the key has a text in this language: for codes that come from elsewhere.
    pub fn has(&self, key: &str) -> bool {
        self.texts.keys.get(&self.lang).is_some_and(|keys| keys.contains_key(key))
    }

    fn fill(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        if let Some(text) = self.texts.find(self.lang, key, arguments) {
            return text;
        }
        tracing::error!(key, lang = self.lang.tag(), "a text is missing");
        let fallback = if cfg!(debug_assertions) { None } else { self.texts.find(Lang::Sv, key, arguments) };
        fallback.unwrap_or_else(|| format!("⟦{key}⟧"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SV: &str = "test-hej = Hej { $namn }!\ntest-antal = { $n ->\n    [one] { $n } person\n   *[other] { $n } personer\n }\n";

    fn texts() -> Arc<Texts> {
        Texts::new(&[TextSource { lang: Lang::Sv, file: "t.sv.ftl", ftl: SV }]).unwrap()
    }

    #[test]
    fn values_are_filled_in_without_isolating_marks() {
        let tr = texts().tr(Lang::Sv);
        assert_eq!(tr.with("test-hej", &[("namn", "Åsa".into())]), "Hej Åsa!");
        assert_eq!(tr.with("test-antal", &[("n", 1.into())]), "1 person");
        assert_eq!(tr.with("test-antal", &[("n", 2.into())]), "2 personer");
    }

    #[test]
    fn a_missing_text_is_seen() {
        assert_eq!(texts().tr(Lang::En).get("test-hej"), "⟦test-hej⟧");
        assert!(!texts().tr(Lang::En).has("test-hej"));
    }

    #[test]
    fn mistakes_in_a_file_are_told_with_file_and_line() {
        let bad = TextSource { lang: Lang::Sv, file: "bad.ftl", ftl: "ok = ja\n\nfel fel\n" };
        let Err(TextError::Syntax { file, line, .. }) = Texts::new(&[bad]) else { panic!("accepted") };
        assert_eq!((file, line), ("bad.ftl", 3));
        let twice = TextSource { lang: Lang::Sv, file: "twice.ftl", ftl: "page-skip = en gång till\n" };
        assert!(matches!(Texts::new(&[twice]), Err(TextError::Taken { file: "twice.ftl", .. })));
    }
}
