//! The files of the repository: what they hold, and that the stored form is the same catalogue.

use crate::{EMPLOYER, PLATFORM, TERMS_EN, TERMS_SV, parse, real, source};
use catalogue::{Catalogue, ChangeKind, ContactFor, Lang, Relation};
use domain::Instant;

// R-002-03
#[test]
fn an_audience_needs_only_a_file_that_names_it() {
    let catalogue = real();
    let audiences: Vec<&str> = catalogue.services().map(|s| s.audience.id.as_str()).collect();
    assert_eq!(audiences, ["employer", "agency"]);
    // A fifth audience: a new file, and nothing else.
    let clinic = "[service]\nid = \"clinic\"\nname = { sv = \"K\", en = \"C\" }\ndescription = { sv = \"K\", en = \"C\" }\n\
        audience = { id = \"dental_staff\", name = { sv = \"Tandvården\", en = \"Dental staff\" } }\n\
        methods = [\"bankid\"]\nassurance = 3\nconnection = \"not_required\"\n\
        [[contact]]\nid = \"help\"\nhelp_with = \"service\"\nname = { sv = \"H\", en = \"H\" }\n\
        hours = { sv = \"Alltid\", en = \"Always\" }\ntelephone = \"08-465 004 30\"\n";
    let files =
        [source("platform.toml", PLATFORM), source("employer.toml", EMPLOYER), source("clinic.toml", clinic)];
    let wider = Catalogue::parse(&files, &crate::terms()).unwrap();
    assert_eq!(wider.service("clinic").unwrap().audience.name.get(Lang::En), "Dental staff");
}

// R-004-39 (part), R-004-41 (part), R-004-43 (part)
#[test]
fn help_with_the_service_is_ours_with_hours_and_help_with_the_e_id_its_issuers() {
    let catalogue = real();
    let employer = catalogue.service("employer").unwrap();
    let contact = employer.contacts.iter().find(|c| c.help_with == ContactFor::Service).unwrap();
    assert_eq!(contact.name.get(Lang::Sv), "Kundcenter för partner");
    assert!(!contact.hours.get(Lang::Sv).is_empty());
    for method in &employer.methods {
        let method = catalogue.method(method).unwrap();
        assert!(method.issuer_help.get(Lang::Sv).starts_with("https://"));
        assert!(method.issuer_terms.get(Lang::Sv).starts_with("https://"));
    }
}

// R-004-51 (part)
#[test]
fn terms_come_into_force_at_swedish_midnight_and_are_never_altered() {
    let catalogue = real();
    let employer = catalogue.service("employer").unwrap();
    let terms = &employer.terms[0];
    // 20 December 2024, 00:00 in Sweden is 23:00 the day before in UTC.
    let midnight = Instant::from_micros(1_734_649_200 * 1_000_000);
    assert_eq!(terms.in_force_at(), midnight);
    assert_eq!(employer.terms_in_force(midnight).map(|t| t.version.as_str()), Some("2024-12-20"));
    assert_eq!(employer.terms_in_force(Instant::from_micros(midnight.micros() - 1)), None);
    assert_eq!(terms.text.get(Lang::Sv), TERMS_SV);
    // A later version leaves the earlier in force until its day, and there to be read after it.
    let newer = EMPLOYER.replace(
        "# ---- Sickness reports.",
        "[[terms]]\nversion = \"2026-03-01\"\nin_force_from = \"2026-03-01\"\nearlier_acceptance = \"continues\"\n\
         text = { sv = \"terms/next.sv.md\", en = \"terms/next.en.md\" }",
    );
    let mut texts = crate::terms();
    texts.extend([source("terms/next.sv.md", "Nytt"), source("terms/next.en.md", "New")]);
    let files = [source("platform.toml", PLATFORM), source("employer.toml", &newer)];
    let next = Catalogue::parse(&files, &texts).unwrap();
    let employer = next.service("employer").unwrap();
    let in_force = |day: i64| {
        employer.terms_in_force(midnight + std::time::Duration::from_secs(86_400 * day.unsigned_abs()))
    };
    assert_eq!(in_force(435).unwrap().version, "2024-12-20");
    assert_eq!(in_force(436).unwrap().version, "2026-03-01");
    assert!(employer.terms_version("2024-12-20").is_some());
    assert!(next.altered_terms(&catalogue).is_empty());
    // The published text with one word changed, or left out, is refused.
    texts[0].text = TERMS_SV.replace("tre månader", "två månader");
    let altered = Catalogue::parse(&files, &texts).unwrap();
    assert_eq!(altered.altered_terms(&catalogue).len(), 1);
    assert_eq!(catalogue.altered_terms(&next).len(), 1);
}

// R-004-04
#[test]
fn the_terms_belong_to_the_employers_services_alone() {
    let catalogue = real();
    let with_terms: Vec<&str> =
        catalogue.services().filter(|s| !s.terms.is_empty()).map(|s| s.id.as_str()).collect();
    assert_eq!(with_terms, ["employer"]);
}

// R-004-35 (part), R-004-44 (part), R-004-46 (part)
#[test]
fn the_terms_have_the_fourteen_points_in_both_languages() {
    for text in [TERMS_SV, TERMS_EN] {
        let points: Vec<&str> = text.lines().filter_map(|l| l.strip_prefix("## ")).collect();
        assert_eq!(points.len(), 14);
        for (number, point) in (1..).zip(points) {
            assert!(point.starts_with(&format!("{number}. ")), "{point}");
            assert!(text.contains(&format!("\n{number}.1 ")), "point {number} has numbered sentences");
        }
    }
    // Own equipment, no liability for outages, and links as a mere service.
    for point in ["\n6.1 ", "\n10.1 ", "\n10.3 "] {
        assert!(TERMS_SV.contains(point) && TERMS_EN.contains(point));
    }
}

#[test]
fn the_canonical_form_is_the_same_catalogue_byte_for_byte() {
    let catalogue = real();
    let text = catalogue.canonical();
    let again = Catalogue::from_canonical(&text).unwrap();
    assert_eq!(again, catalogue);
    assert_eq!((again.canonical(), again.hash()), (text.clone(), catalogue.hash()));
    // The order of files and of what stands in them does not matter to it.
    let files = [source("b/employer.toml", EMPLOYER), source("a/platform.toml", PLATFORM)];
    assert_eq!(Catalogue::parse(&files, &crate::terms()).unwrap().hash(), catalogue.hash());
    // What is no catalogue is none: another format, a broken text, a rule that names what is not there.
    for (from, to) in [
        ("\"format\":1", "\"format\":2"),
        ("\"format\":1", "\"format\":1,\"more\":0"),
        ("\"services\"", "\"service\""),
        ("employer.mandate.end", "employer.mandate.stop"),
        ("\"assurance\":3", "\"assurance\":9"),
        ("tre månader", "två månader"),
    ] {
        assert!(text.contains(from));
        assert!(Catalogue::from_canonical(&text.replacen(from, to, 1)).is_err(), "{from} to {to}");
    }
    assert!(Catalogue::from_canonical("").is_err());
}

/// What the store of a running installation holds must keep its name: a catalogue that gives out no personal numbers
/// says nothing of them in its canonical text, and one stored before the section existed is read as it is.
#[test]
fn personal_numbers_are_given_out_only_on_a_ground_and_silence_leaves_the_hash_alone() {
    let silent = real();
    assert!(!silent.canonical().contains("personal_number"));
    assert_eq!(silent.service("employer").unwrap().personal_number, None);
    let ground = "lag (1991:1047) om sjuklön 12 §";
    let section = format!("[personal_number]\nground = \"{ground}\"\n\n# ---- Help.");
    let giving = parse(PLATFORM, &EMPLOYER.replace("# ---- Help.", &section)).unwrap();
    assert_eq!(giving.service("employer").unwrap().personal_number.as_ref().unwrap().ground, ground);
    assert_eq!(giving.service("platform").unwrap().personal_number, None);
    assert_ne!(giving.hash(), silent.hash());
    let text = giving.canonical();
    assert_eq!(Catalogue::from_canonical(&text).unwrap(), giving);
    // The stored form is checked as the file is.
    assert!(
        Catalogue::from_canonical(&text.replace(&format!("\"ground\":\"{ground}\""), "\"ground\":\"\""))
            .is_err()
    );
    let told: Vec<_> = giving.changes_since(&silent).into_iter().map(|c| (c.what, c.id, c.kind)).collect();
    assert_eq!(told, [("personal_number", "employer".to_owned(), ChangeKind::Added)]);
}

#[test]
fn lookups_expand_packages_and_know_nothing_else() {
    let catalogue = real();
    let user = catalogue.package("employer.user").unwrap();
    let expanded = catalogue.expand(["employer.user", "employer.nothing", "platform.mandate.read_own"]);
    assert_eq!(expanded.len(), user.permissions.len() + 1);
    assert!(catalogue.contains("employer.user", "employer.sickness_report.create"));
    assert!(!catalogue.contains("employer.user", "employer.mandate.give"));
    assert!(catalogue.gives("employer.administrator", "employer.sickness_report.create"));
    assert!(!catalogue.gives("employer.user", "employer.sickness_report.create"));
    assert!(!catalogue.gives("application", "employer.sickness_report.create"));
    assert_eq!(catalogue.holder("platform.mandate.read_own"), None);
    let needed = catalogue.needed_to_give(&["employer.sickness_report.create"].into());
    assert_eq!(needed.into_iter().collect::<Vec<_>>(), ["employer.mandate.give"]);
    let everyone: Vec<&str> = catalogue
        .services()
        .flat_map(|s| s.permissions.values())
        .filter(|p| p.relation == Relation::Own)
        .map(|p| p.id.as_str())
        .collect();
    assert_eq!(
        everyone,
        [
            "employer.access_request.create",
            "employer.access_request.read_own",
            "employer.access_request.withdraw",
            "platform.mandate.read_own"
        ]
    );
}

#[test]
fn changes_are_told_by_thing() {
    let before = real();
    assert!(before.changes_since(&before).is_empty());
    let employer = EMPLOYER
        .replace("value = 21", "value = 22")
        .replace("[[contact]]\nid = \"connections\"", "[[contact]]\nid = \"joining\"");
    let after = parse(PLATFORM, &employer).unwrap();
    let told: Vec<_> = after.changes_since(&before).into_iter().map(|c| (c.what, c.id, c.kind)).collect();
    assert_eq!(
        told,
        [
            ("contact", "connections".to_owned(), ChangeKind::Dropped),
            ("contact", "joining".to_owned(), ChangeKind::Added),
            ("limit", "sickness_report_last_day".to_owned(), ChangeKind::Changed),
        ]
    );
}
