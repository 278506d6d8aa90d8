//! The words that must be found nowhere: names, numbers in every spelling, contacts and places of the three people; and the one
//! function that judges what was looked at, whatever kind of surface it is.

use crate::support::browser::Page;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

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

/// One thing that was looked at: everything of it that somebody could read.
#[derive(Debug)]
pub struct Seen {
    what: String,
    text: String,
}

impl Seen {
    /// An answer over HTTP, to a browser or a program: its address, its headers, its body.
    pub fn answer(who: &str, method: &str, address: &str, page: &Page) -> Self {
        let headers =
            page.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect::<String>();
        let what = format!("{who}: {method} {address} ({})", page.status);
        Self { what, text: format!("{address}\n{headers}\n{}", page.html) }
    }

    /// What is no answer: a letter, a metric, lines of a log, what a command prints.
    pub fn said(what: &str, text: &str) -> Self {
        Self { what: what.to_owned(), text: text.to_owned() }
    }

    /// Each canary in it, with where it was seen.
    pub fn leaks(&self) -> Vec<String> {
        found(&self.text).into_iter().map(|word| format!("{}: {word}", self.what)).collect()
    }
}

/// What of it stands in a text, whatever the spelling.
pub fn found(text: &str) -> Vec<String> {
    let small = plain(text).to_lowercase();
    let digits: String = small.chars().filter(|c| !" -+()\u{a0}\u{2011}".contains(*c)).collect();
    let words = WORDS.iter().filter(|word| small.contains(&word.to_lowercase()));
    let phone = PHONE.chars().filter(char::is_ascii_digit).collect::<String>();
    let numbers = NUMBERS.iter().flat_map(|number| {
        // Ten and twelve digits, with whatever between them; the birth date as a masked number shows it, and as a claim does.
        [
            number.to_string(),
            number[2..].to_owned(),
            format!("{}-•", &number[..8]),
            format!("{}•", &number[..8]),
            format!("\"{}-{}-{}\"", &number[..4], &number[4..6], &number[6..8]),
        ]
    });
    words
        .map(|word| (*word).to_owned())
        .chain(numbers.filter(|number| small.contains(number) || digits.contains(number)))
        .chain([phone].into_iter().filter(|phone| digits.contains(phone)))
        .collect()
}

/// The text as it is, and behind it once more with its escapes taken off and the tokens in it opened.
fn plain(text: &str) -> String {
    let mut all = text.to_owned();
    for unescape in [percent as fn(&str) -> String, references, json_escapes] {
        let plain = unescape(text);
        if plain != text {
            all.push('\n');
            all.push_str(&plain);
        }
    }
    all.push_str(&tokens(text));
    all
}

/// `%40` and, in forms and queries, `+` (URL Standard §5).
fn percent(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match (byte, hex.and_then(|two| u8::from_str_radix(two, 16).ok())) {
            (b'%', Some(meant)) => {
                bytes.push(meant);
                rest = &after[2..];
            }
            (b'+', _) => {
                bytes.push(b' ');
                rest = after;
            }
            _ => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `&#64;` and `&#x40;` (HTML §13.5).
fn references(text: &str) -> String {
    replaced(text, "&#", |rest| {
        let (number, _) = rest.split_once(';')?;
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        Some((char::from_u32(code)?, number.len() + 1))
    })
}

/// `\u0040` (RFC 8259 §7).
fn json_escapes(text: &str) -> String {
    replaced(text, "\\u", |rest| {
        let code = u32::from_str_radix(rest.get(..4)?, 16).ok()?;
        Some((char::from_u32(code)?, 4))
    })
}

/// Puts a character in the place of each escape that begins so; `read` gives it, and how much of what follows it takes.
fn replaced(text: &str, begin: &str, read: impl Fn(&str) -> Option<(char, usize)>) -> String {
    let mut parts = text.split(begin);
    let mut all = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match read(part) {
            Some((meant, length)) => {
                all.push(meant);
                all.push_str(&part[length..]);
            }
            None => {
                all.push_str(begin);
                all.push_str(part);
            }
        }
    }
    all
}

/// What stands in signed tokens (RFC 7515): whoever has one reads it.
fn tokens(text: &str) -> String {
    let part_of_one = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let words = text.split(|c| !part_of_one(c)).filter(|word| word.contains("eyJ"));
    let parts = words.flat_map(|word| word.split('.'));
    let opened = parts.filter_map(|part| URL_SAFE_NO_PAD.decode(part).ok());
    opened.map(|bytes| format!("\n{}", String::from_utf8_lossy(&bytes))).collect()
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
        "\"birthdate\":\"1996-01-10\"",
        "/people?q=mona%40post.example",
        "/people?q=N%79man",
        "siv&#64;post.example",
        "siv&#x40;post.example",
        "\"mona\\u0040post.example\"",
        "070-174 06 05",
        "070-174+06+05",
        "0701740605",
        "i kanariegården",
        "i Kanariegaorden? Nej, i Kanarieg%C3%A5rden",
    ] {
        assert!(!found(planted).is_empty(), "{planted}");
    }
    for innocent in [
        "Cecilia Dahl",
        "Person 3F2K7",
        "19910214-••••",
        "Monarki, massiv",
        "100 % och &# och \\u",
        "eyJ.eyJ",
        "%4",
    ] {
        assert_eq!(found(innocent), Vec::<String>::new(), "{innocent}");
    }
}

/// Every kind of surface that the crawl looks at, each with a leak in each place where it could stand. A surface to which the judge
/// is blind fails here, and the crawl would be worth nothing there.
#[test]
fn a_leak_on_any_surface_turns_the_crawl_red() {
    let page = |headers: &[(&str, &str)], body: &str| Page {
        status: 200,
        path: "/for/1/people".to_owned(),
        html: body.to_owned(),
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    };
    let claims = URL_SAFE_NO_PAD.encode("{\"sub\":\"x\",\"name\":\"Mona Nyman\"}");
    let token = format!("eyJhbGciOiJFUzI1NiJ9.{claims}.c2ln");
    let answer = |what, page: &Page| Seen::answer("olga", "GET", what, page);
    let letter = serde_json::json!({"to": "astrid@agency.example", "subject": "Ny begäran från Mona Nyman", "text": "…"});
    let surfaces = [
        ("a page", answer("/for/1/people", &page(&[], "<ul><li>Mona Nyman</li></ul>"))),
        ("a title", answer("/for/1/people", &page(&[], "<title>Rättigheter för Mona&#32;Nyman</title>"))),
        ("an address", answer("/for/1/people?name=Mona+Nyman", &page(&[], ""))),
        ("a redirect", answer("/party", &page(&[("location", "/for/1/people?q=Mona%20Nyman")], ""))),
        ("a cookie", answer("/party", &page(&[("set-cookie", "name=Nyman; Path=/")], ""))),
        (
            "a file's name",
            answer("/x", &page(&[("content-disposition", "attachment; filename=\"nyman.pdf\"")], "")),
        ),
        (
            "an export",
            answer("/x", &page(&[("content-type", "text/csv")], "number;name\n19960110-2388;M N\n")),
        ),
        (
            "an API's JSON",
            answer("/access/v1/evaluation", &page(&[], "{\"context\":{\"name\":\"Mona Nym\\u0061n\"}}")),
        ),
        (
            "an API's challenge",
            answer("/oauth/userinfo", &page(&[("www-authenticate", "Bearer error=\"Nyman\"")], "")),
        ),
        ("an ID token", answer("/oauth/token", &page(&[], &format!("{{\"id_token\":\"{token}\"}}")))),
        ("signed userinfo", answer("/oauth/userinfo", &page(&[("content-type", "application/jwt")], &token))),
        ("a letter", Seen::said("a letter", &letter.to_string())),
        ("a metric", Seen::said("/metrics", "behorig_logins_total{person=\"199601102388\"} 1")),
        ("a line of the technical log", Seen::said("the log", "WARN app: refused who=Mona Nyman")),
        ("what a command prints", Seen::said("log prove", "record mandate.given (mona@post.example)")),
    ];
    for (what, seen) in &surfaces {
        assert!(!seen.leaks().is_empty(), "the crawl is blind to {what}: {seen:?}");
        // And it says where.
        assert!(seen.leaks().iter().all(|leak| leak.starts_with(seen.what.as_str())), "{what}");
    }
    let clean = page(&[("location", "/for/1/people")], "<li>Person 3F2K7</li>");
    assert_eq!(answer("/for/1/people", &clean).leaks(), Vec::<String>::new());
}
