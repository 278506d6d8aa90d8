//! Every kind of mistake in a file, as it is told: file, line, column, what is wrong and how to mend it.

use crate::{EMPLOYER, PLATFORM, committed, parse, source, terms};
use catalogue::{Catalogue, Mistake};
use std::fmt::Write;

/// A mistake made on purpose: its name, and what is replaced by what in `platform.toml` or `employer.toml`.
const MADE: &[(&str, char, &str, &str)] = &[
    ("not TOML", 'e', "connection = \"required\"", "connection = required"),
    ("unknown key", 'e', "connection = \"required\"", "connection = \"required\"\ncolour = \"blue\""),
    ("unknown table", 'e', "[deadline.confirm_application]", "[dead_line.confirm_application]"),
    ("unknown word", 'e', "connection = \"required\"", "connection = \"perhaps\""),
    ("missing language", 'e', ", en = \"Give authorisation\"", ""),
    ("empty text", 'e', "en = \"Give authorisation\"", "en = \" \""),
    ("missing key", 'e', "earlier_acceptance = \"continues\"\n", ""),
    ("bad level", 'e', "assurance = 3", "assurance = 5"),
    ("bad id", 'e', "id = \"employer.user\"", "id = \"employer.Usér\""),
    ("another service's id", 'e', "id = \"employer.sickness_report.receive\"", "id = \"employers.receive\""),
    ("duplicate permission", 'e', "id = \"employer.mandate.end\"", "id = \"employer.mandate.give\""),
    ("duplicate package", 'e', "id = \"employer.payroll_manager\"", "id = \"employer.user\""),
    ("duplicate rule", 'e', "id = \"administrator_gives\"", "id = \"first_administrator\""),
    ("duplicate contact", 'e', "id = \"connections\"", "id = \"customer_centre\""),
    ("duplicate service", 'e', "id = \"employer\"", "id = \"platform\""),
    (
        "unknown permission in a package",
        'e',
        "  \"employer.sickness_report.read_own\",\n  \"employer.sickness_report.withdraw\",",
        "  \"employer.sickness_report.peek\",\n  \"employer.sickness_report.withdraw\",",
    ),
    (
        "mixed package",
        'e',
        "permissions = [\"employer.mandate.read\",",
        "permissions = [\"employer.sickness_report.create\",",
    ),
    ("empty package", 'p', "permissions = [\"platform.reference.read\"]", "permissions = []"),
    ("no holder", 'e', "holder = \"administrator\"\nrecord = \"none\"", "record = \"none\""),
    ("holder of what is one's own", 'p', "relation = \"own\"", "relation = \"own\"\nholder = \"user\""),
    ("level below the service's", 'e', "relation = \"agency\"\n", "relation = \"agency\"\nassurance = 2\n"),
    (
        "level that no method reaches",
        'e',
        "relation = \"agency\"\n",
        "relation = \"agency\"\nassurance = 4\n",
    ),
    ("health data without a record", 'e', "record = \"read\"", "record = \"none\""),
    ("unknown method", 'e', "methods = [\"bankid\"]", "methods = [\"bankid\", \"freja\"]"),
    ("no method", 'e', "methods = [\"bankid\"]", "methods = []"),
    (
        "a method in a service",
        'e',
        "# ---- Help.",
        "[method.sms]\nname = { sv = \"S\", en = \"S\" }\nassurance = 2\nissuer = { sv = \"S\", en = \"S\" }\nissuer_help = { sv = \"S\", en = \"S\" }\nissuer_terms = { sv = \"S\", en = \"S\" }",
    ),
    ("an address that is none", 'p', "sv = \"https://support.bankid.com/sv\"", "sv = \"support.bankid.com\""),
    ("terms without text", 'e', "sv = \"terms/employer-2024-12-20.sv.md\"", "sv = \"terms/nothing.sv.md\""),
    ("terms with empty text", 'e', "sv = \"terms/employer-2024-12-20.sv.md\"", "sv = \"terms/empty.sv.md\""),
    ("terms on no day", 'e', "in_force_from = \"2024-12-20\"", "in_force_from = \"20 December\""),
    (
        "a version of the terms twice",
        'e',
        "# ---- Sickness reports.",
        "[[terms]]\nversion = \"2024-12-20\"\nin_force_from = \"2025-01-01\"\nearlier_acceptance = \"lapses\"\ntext = { sv = \"terms/employer-2024-12-20.sv.md\", en = \"terms/employer-2024-12-20.en.md\" }",
    ),
    (
        "terms out of order",
        'e',
        "# ---- Sickness reports.",
        "[[terms]]\nversion = \"2023\"\nin_force_from = \"2023-01-01\"\nearlier_acceptance = \"lapses\"\ntext = { sv = \"terms/employer-2024-12-20.sv.md\", en = \"terms/employer-2024-12-20.en.md\" }",
    ),
    ("unknown kind of rule", 'e', "kind = \"needs_successor\"", "kind = \"needs_luck\""),
    ("a rule with another's keys", 'e', "kind = \"needs_successor\"", "kind = \"two_persons\""),
    (
        "a rule without a source",
        'e',
        "package = \"employer.administrator\"\nsource = \"Allmänna villkor 2024-12-20 §4\"",
        "package = \"employer.administrator\"\nsource = \"\"",
    ),
    ("a dangling giver", 'e', "giver = \"employer.administrator\"", "giver = \"employer.boss\""),
    (
        "a dangling gift",
        'e',
        "gives = [\"employer.administrator\", \"employer.user\",",
        "gives = [\"employer.administrator\", \"employer.usr\",",
    ),
    ("a dangling successor", 'e', "package = \"employer.administrator\"", "package = \"employer.owner\""),
    (
        "a dangling step",
        'p',
        "steps = [\"platform.application.register\",",
        "steps = [\"platform.application.enter\",",
    ),
    (
        "a rule of one person",
        'p',
        "steps = [\"platform.application.register\", \"platform.application.confirm\"]",
        "steps = [\"platform.application.confirm\"]",
    ),
    ("a user who gives", 'e', "giver = \"employer.administrator\"", "giver = \"employer.user\""),
    (
        "the agency gives a user",
        'e',
        "gives = [\"employer.administrator\"]",
        "gives = [\"employer.administrator\", \"employer.user\"]",
    ),
    (
        "a role at the agency gives at an employer",
        'p',
        "  \"platform.support\",\n  \"platform.editor\",\n  \"platform.auditor\",\n]\nto_give",
        "  \"platform.support\",\n  \"platform.editor\",\n  \"platform.auditor\",\n  \"employer.user\",\n]\nto_give",
    ),
    ("giving without a permission for it", 'e', "to_give = \"employer.mandate.give\"\n", ""),
    (
        "giving with a permission never held",
        'e',
        "to_give = \"employer.mandate.give\"",
        "to_give = \"platform.role.give\"",
    ),
    (
        "a permission that nobody can give",
        'e',
        "gives = [\"employer.sickness_officer\"]",
        "gives = [\"platform.auditor\"]",
    ),
    ("a deadline of two lengths", 'e', "working_days = 5", "working_days = 5\ndays = 7"),
    ("a deadline of no length", 'e', "working_days = 5", "working_days = 0"),
    ("a limit that is no number", 'e', "value = 15", "value = -15"),
    ("no contact", 'p', "help_with = \"service\"", "help_with = \"connection\""),
    ("personal numbers without a ground", 'e', "# ---- Help.", "[personal_number]\nground = \" \""),
    ("personal numbers on a ground not told", 'e', "# ---- Help.", "[personal_number]"),
    ("personal numbers on a ground that is no text", 'e', "# ---- Help.", "[personal_number]\nground = true"),
    (
        "personal numbers on a ground of two lines",
        'e',
        "# ---- Help.",
        "[personal_number]\nground = \"en lag\\n# och en rubrik\"",
    ),
    (
        "personal numbers with more than a ground",
        'e',
        "# ---- Help.",
        "[personal_number]\nground = \"en lag\"\nto = \"everyone\"",
    ),
    ("a contact out of reach", 'p', "telephone = \"08-465 004 20\"\n", ""),
];

fn make(file: char, from: &str, to: &str) -> Vec<Mistake> {
    let (platform, employer) = match file {
        'p' => (PLATFORM.replace(from, to), EMPLOYER.to_owned()),
        _ => (PLATFORM.to_owned(), EMPLOYER.replace(from, to)),
    };
    assert!((platform.as_str(), employer.as_str()) != (PLATFORM, EMPLOYER), "{from} is not in the file");
    let mut texts = terms();
    texts.push(source("catalogue/terms/empty.sv.md", " \n"));
    let files = [source("catalogue/platform.toml", &platform), source("catalogue/employer.toml", &employer)];
    Catalogue::parse(&files, &texts).unwrap_err()
}

#[test]
fn every_mistake_is_told_with_its_place_and_its_mending() {
    let mut table = String::from("Mistakes in catalogue files, as they are told.\n");
    for (name, file, from, to) in MADE {
        let mistakes = make(*file, from, to);
        assert!(!mistakes.is_empty());
        writeln!(table, "\n## {name}").unwrap();
        for mistake in &mistakes {
            assert!(!mistake.what.is_empty() && !mistake.fix.is_empty());
            writeln!(table, "{mistake}").unwrap();
        }
    }
    committed("mistakes.txt", &table);
}

#[test]
fn one_reading_tells_the_mistakes_of_all_files() {
    let employer = EMPLOYER.replace("\"employer.sickness_report.withdraw\",\n]", "\"employer.nothing\",\n]");
    let platform = PLATFORM.replace("permissions = [\"platform.reference.read\"]", "permissions = []");
    let mistakes = parse(&platform, &employer).unwrap_err();
    assert!(mistakes.iter().any(|m| m.file == "catalogue/platform.toml"));
    assert!(mistakes.iter().filter(|m| m.file == "catalogue/employer.toml").count() >= 2);
}

#[test]
fn without_the_platforms_file_there_is_no_catalogue() {
    let mistakes = Catalogue::parse(&[source("employer.toml", EMPLOYER)], &terms()).unwrap_err();
    assert!(mistakes.iter().any(|m| m.what.contains("platform's own file is missing")));
    assert!(Catalogue::parse(&[], &[]).is_err());
}

#[test]
fn what_is_too_large_is_refused_unread() {
    let large = format!("{PLATFORM}\n#{}", "x".repeat(1024 * 1024));
    assert_eq!(parse(&large, EMPLOYER).unwrap_err()[0].what, "the file is larger than 1 MiB");
    let many: Vec<_> = (0..300).map(|n| source(&format!("{n}.toml"), EMPLOYER)).collect();
    assert!(Catalogue::parse(&many, &[]).is_err());
}

/// Anything at all may stand in a file: cut off anywhere, or with a letter changed, it is told and never a panic.
#[test]
fn damaged_files_are_told_and_never_a_panic() {
    let (mut told, mut tried) = (0, 0);
    for at in (0..EMPLOYER.len()).step_by(7).filter(|at| EMPLOYER.is_char_boundary(*at)) {
        let cut = &EMPLOYER[..at];
        let changed = format!("{cut}å{}", &EMPLOYER[at..]);
        for text in [cut, &changed] {
            tried += 1;
            if let Err(mistakes) = parse(PLATFORM, text) {
                told += 1;
                assert!(mistakes.iter().all(|m| m.line >= 1 && m.column >= 1));
            }
        }
    }
    assert!(told * 10 > tried * 6, "{told} of {tried}");
}
