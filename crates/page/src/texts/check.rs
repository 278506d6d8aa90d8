//! Is every text there in both languages, with the same arguments? Used by the tests of every crate.

use std::collections::BTreeSet;

use super::Texts;
use crate::Lang;

/// The names of the values that a text asks for, without `$`.
pub(super) type Arguments = BTreeSet<String>;

/// What is missing or differs between the languages, one line each; empty when all is well.
pub fn check_complete(texts: &Texts) -> Vec<String> {
    let mut faults = Vec::new();
    for (lang, keys) in &texts.keys {
        for (key, arguments) in keys {
            for other in Lang::ALL.into_iter().filter(|other| other != lang) {
                match texts.keys.get(&other).and_then(|keys| keys.get(key)) {
                    None => faults.push(format!("{key}: in {}, missing in {}", lang.tag(), other.tag())),
                    Some(theirs) if theirs != arguments && *lang < other => faults.push(format!(
                        "{key}: arguments differ: {} has {arguments:?}, {} has {theirs:?}",
                        lang.tag(),
                        other.tag()
                    )),
                    Some(_) => {}
                }
            }
        }
    }
    faults
}

/// The messages and terms of a file with their arguments. Fluent's grammar starts every entry in the
/// first column and lets nothing else but comments start there.
pub(super) fn keys(ftl: &str) -> Vec<(String, Arguments)> {
    let mut found: Vec<(String, Arguments)> = Vec::new();
    for line in ftl.lines() {
        let entry = line.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-');
        if entry && let Some((key, _)) = line.split_once('=') {
            found.push((key.trim().to_owned(), Arguments::new()));
        }
        if line.starts_with('#') {
            continue;
        }
        if let Some((_, arguments)) = found.last_mut() {
            arguments.extend(line.split('$').skip(1).filter_map(name));
        }
    }
    found
}

fn name(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).unwrap_or(text.len());
    text.get(..end).filter(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TextSource;

    #[test]
    fn our_own_texts_are_complete() {
        assert_eq!(check_complete(&Texts::new(&[]).unwrap()), Vec::<String>::new());
    }

    #[test]
    fn a_gap_and_a_differing_argument_are_found() {
        let sources = [
            TextSource { lang: Lang::Sv, file: "a", ftl: "a = A\nb = { $x } och { $y }\n# c = $z\n" },
            TextSource { lang: Lang::En, file: "b", ftl: "b = { $x ->\n   *[other] only\n }\n" },
        ];
        let faults = check_complete(&Texts::new(&sources).unwrap());
        assert_eq!(faults.len(), 2, "{faults:?}");
        assert!(faults[0].starts_with("a: in sv, missing in en"), "{faults:?}");
        assert!(faults[1].starts_with("b: arguments differ"), "{faults:?}");
    }
}
