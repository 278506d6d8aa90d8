//! Whether a typed name goes with a person's: the surname whole, and one of the given names. Case, hyphens and the order
//! of the words do not matter; nothing is told of what the name is.

use std::collections::BTreeSet;

/// Whether `typed` names a person of this given name and surname, as an e-ID told them.
pub(crate) fn goes_with(typed: &str, given: &str, surname: &str) -> bool {
    let (typed, given, surname) = (words(typed), words(given), words(surname));
    !surname.is_empty() && surname.is_subset(&typed) && !given.is_disjoint(&typed)
}

fn words(name: &str) -> BTreeSet<String> {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_surname_whole_and_one_given_name() {
        for (typed, given, surname, goes) in [
            ("Eva Ek", "Eva Maria", "Ek", true),
            ("ek, eva", "Eva", "Ek", true),
            ("Anna-Lena ÅSTRÖM LUND", "Anna Lena", "Åström-Lund", true),
            ("Lena Lund", "Anna Lena", "Åström-Lund", false),
            ("Eva", "Eva", "Ek", false),
            ("Ek", "Eva", "Ek", false),
            ("Eva Eklund", "Eva", "Ek", false),
            ("Sven Ek", "Eva", "Ek", false),
            ("", "Eva", "Ek", false),
            ("Eva Ek", "Eva", "", false),
        ] {
            assert_eq!(goes_with(typed, given, surname), goes, "{typed}");
        }
    }
}
