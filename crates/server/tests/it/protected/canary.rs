//! The words that must be found nowhere: names, numbers in every spelling, contacts and places of the three people.

/// Names, addresses, telephone, place of work. Not the short given names: they are parts of other words.
const WORDS: [&str; 10] = [
    "Mona Nyman",
    "Nyman",
    "Tranberg",
    "Sylvander",
    "Ragnhild",
    "hrman",
    "mona@post.example",
    "siv@post.example",
    "former@post.example",
    "Kanariegården",
];
/// Typed by Mona as her own contact data.
pub const PHONE: &str = "070-174 06 05";
pub const PLACE: &str = "Kanariegården";
/// Published test numbers of the tax agency.
pub const MONA: &str = "199601102388";
pub const SIV: &str = "199001012393";
const NUMBERS: [&str; 4] = [MONA, SIV, "195006262546", "196408233234"];

/// What of it stands in a text, whatever the spelling.
pub fn found(text: &str) -> Vec<String> {
    let small = text.to_lowercase();
    let decoded = small.replace("%40", "@").replace("&#64;", "@").replace("\\u0040", "@");
    let digits: String = decoded.chars().filter(|c| !" -+()\u{a0}\u{2011}".contains(*c)).collect();
    let words = WORDS.iter().filter(|word| decoded.contains(&word.to_lowercase()));
    let phone = PHONE.chars().filter(char::is_ascii_digit).collect::<String>();
    let numbers = NUMBERS.iter().flat_map(|number| {
        // Ten and twelve digits, with whatever between them; and the birth date as a masked number shows it.
        [
            number.to_string(),
            number[2..].to_owned(),
            format!("{}-•", &number[..8]),
            format!("{}•", &number[..8]),
        ]
    });
    words
        .map(|word| (*word).to_owned())
        .chain(numbers.filter(|number| decoded.contains(number) || digits.contains(number)))
        .chain([phone].into_iter().filter(|phone| digits.contains(phone)))
        .collect()
}

#[test]
fn a_planted_canary_is_found_in_every_spelling() {
    for planted in [
        "<td>Mona Nyman</td>",
        "NYMAN",
        "Siv Tranberg",
        "\"name\":\"Ragnhild \\u00d6hrman\"",
        "199601102388",
        "19960110-2388",
        "960110-2388",
        "960110+2388",
        "9601102388",
        "19960110-••••",
        "/people?q=mona%40post.example",
        "070-174 06 05",
        "0701740605",
        "i kanariegården",
    ] {
        assert!(!found(planted).is_empty(), "{planted}");
    }
    for innocent in ["Cecilia Dahl", "Person 3F2K7", "19910214-••••", "Monarki, massiv"] {
        assert_eq!(found(innocent), Vec::<String>::new(), "{innocent}");
    }
}
