//! One service's file beside a catalogue in force: it adds its service and nothing else.

use crate::{EMPLOYER, PLATFORM, real, source};
use catalogue::{Catalogue, ChangeKind, Joined, Mistake};

const EXAMPLE: &str = include_str!("../../../../catalogue/example.toml");

fn join(text: &str) -> Result<Joined, Vec<Mistake>> {
    real().join(&source("file", text))
}

fn joined(text: &str) -> Catalogue {
    match join(text) {
        Ok(Joined::New(service, catalogue)) if service == "example" => *catalogue,
        other => panic!("{other:?}"),
    }
}

/// What is told of a text with one mistake, and in which line.
fn told(text: &str) -> (usize, String) {
    match join(text) {
        Err(mistakes) if mistakes.len() == 1 => (mistakes[0].line, mistakes[0].what.clone()),
        other => panic!("{other:?}"),
    }
}

fn line_of(text: &str, part: &str) -> usize {
    text.lines().position(|line| line.contains(part)).unwrap() + 1
}

#[test]
fn a_file_adds_its_service_as_the_folder_would() {
    let (before, after) = (real(), joined(EXAMPLE));
    let files = [source("p", PLATFORM), source("e", EMPLOYER), source("x", EXAMPLE)];
    assert_eq!(after, Catalogue::parse(&files, &crate::terms()).unwrap());
    let changes = after.changes_since(&before);
    assert!(changes.iter().all(|c| c.service == "example" && c.kind == ChangeKind::Added), "{changes:?}");
    // Once more: it is there, and nothing changes.
    assert_eq!(after.join(&source("file", EXAMPLE)), Ok(Joined::Same("example".to_owned())));
    assert_eq!(after.join(&source("file", PLATFORM)), Ok(Joined::Same("platform".to_owned())));
}

#[test]
fn what_is_in_force_is_not_changed_by_a_file() {
    let there = "is in force already and says something else";
    for text in [
        EXAMPLE.replace("id = \"example\"", "id = \"employer\"").replace("example.", "employer."),
        EXAMPLE.replace("id = \"example\"", "id = \"platform\""),
        PLATFORM.replace("assurance = 3\nissuer", "assurance = 2\nissuer"),
        // Its own terms are not in the file, so that nobody can say whether they are the same.
        EMPLOYER.to_owned(),
    ] {
        let (line, what) = told(&text);
        assert!(what.contains(there), "{what}");
        assert_eq!(line, line_of(&text, "id = \""));
    }
}

#[test]
fn a_rule_speaks_of_its_own_service_only() {
    let gives = "gives = [\"example.user\"]";
    let wider = EXAMPLE.replace(gives, "gives = [\"example.user\", \"employer.administrator\"]");
    let (line, what) = told(&wider);
    assert_eq!(what, "the rule speaks of `employer.administrator`, which is another service's");
    assert_eq!(line, line_of(&wider, "employer.administrator\"]"));
    for rule in [
        "kind = \"needs_successor\"\npackage = \"employer.user\"\n",
        "kind = \"two_persons\"\nsteps = [\"employer.mandate.give\", \"example.order.place\"]\n",
    ] {
        let text = format!("{EXAMPLE}\n[[rule]]\nid = \"more\"\n{rule}source = \"x\"\n");
        let (line, what) = told(&text);
        assert!(what.contains("which is another service's"), "{what}");
        assert_eq!(line, text.lines().count() - 1);
    }
}

#[test]
fn mistakes_are_told_at_their_place() {
    assert!(told("colour = 1").1.contains("unknown field"));
    assert!(told("").1.contains("missing field"));
    let terms = "[[terms]]\nversion = \"1\"\nin_force_from = \"2026-01-01\"\nearlier_acceptance = \"continues\"\ntext = { sv = \"a.md\", en = \"b.md\" }\n";
    let with_terms = EXAMPLE.replace("# ---- Help", "") + terms;
    let mistakes = join(&with_terms).unwrap_err();
    assert!(mistakes.iter().all(|m| m.what.contains("is not there")), "{mistakes:?}");
    let prefix = EXAMPLE.replace("id = \"example.order.read\"", "id = \"employer.order.read\"");
    let mistakes = join(&prefix).unwrap_err();
    assert!(mistakes.iter().any(|m| m.what.contains("does not begin with its service")), "{mistakes:?}");
    let method = format!(
        "{EXAMPLE}\n[method.sms]\nname = {{ sv = \"S\", en = \"S\" }}\nassurance = 2\nissuer = {{ sv = \"S\", en = \"S\" }}\nissuer_help = {{ sv = \"S\", en = \"S\" }}\nissuer_terms = {{ sv = \"S\", en = \"S\" }}\n"
    );
    assert!(told(&method).1.contains("stands in the file of a service"));
    let large = format!("{EXAMPLE}{}", "#".repeat(1024 * 1024));
    assert!(told(&large).1.contains("larger than 1 MiB"));
}
