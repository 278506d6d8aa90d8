//! The printed page of each service, in both languages.

use crate::{EMPLOYER, PLATFORM, committed, parse, real};
use catalogue::{Lang, RuleKind};

#[test]
fn each_service_prints_as_committed() {
    let catalogue = real();
    for service in catalogue.services() {
        for lang in Lang::ALL {
            let page = catalogue.print(&service.id, lang);
            committed(&format!("print/{}.{}.md", service.id, lang.tag()), &page);
            let sources = service.rules.iter().map(|rule| rule.source.as_str());
            let numbers = service.deadlines.values().map(|d| d.source.as_str());
            let limits = service.limits.values().map(|l| l.source.as_str());
            for cited in sources.chain(numbers).chain(limits) {
                assert!(page.contains(cited), "{cited} is not on the page of {}", service.id);
            }
        }
    }
    assert_eq!(catalogue.print("nothing", Lang::Sv), "");
}

#[test]
fn the_page_says_whether_personal_numbers_are_given_out_and_by_what_right() {
    let ground = "lag (1991:1047) om sjuklön 12 §";
    let section = format!("[personal_number]\nground = \"{ground}\"\n\n# ---- Help.");
    let giving = parse(PLATFORM, &EMPLOYER.replace("# ---- Help.", &section)).unwrap();
    let sentence = format!("Personnummer lämnas ut till anslutna e-tjänster med stöd av {ground}.");
    assert!(giving.print("employer", Lang::Sv).contains(&sentence));
    let silent = "Personnummer lämnas inte ut till anslutna e-tjänster.";
    assert!(giving.print("platform", Lang::Sv).contains(silent));
    assert!(real().print("employer", Lang::Sv).contains(silent));
}

#[test]
fn a_rule_stands_on_every_page_that_it_bears_on() {
    let catalogue = real();
    let receives = |rule: &&catalogue::Rule| rule.id == "first_sickness_officers";
    let rule = catalogue.rules().map(|(_, rule)| rule).find(receives).unwrap();
    assert!(matches!(rule.kind, RuleKind::Gives { .. }));
    let officers = "by invitation, the role **Sickness case officer** to a member of the agency's staff.";
    assert!(catalogue.print("employer", Lang::En).contains(officers));
    // A rule in the platform's file that gives something here would stand here too, and what is here not there.
    let moved = |text: &str| text.replace("[\"employer.sickness_officer\"]", "[\"platform.auditor\"]");
    let platform = PLATFORM.replace(
        "  \"platform.auditor\",\n]\nto_give",
        "  \"platform.auditor\",\n  \"employer.sickness_officer\",\n]\nto_give",
    );
    let elsewhere = parse(&platform, &moved(EMPLOYER)).unwrap();
    let page = elsewhere.print("employer", Lang::Sv);
    assert!(page.contains("**Redaktör**") && page.contains("**Handläggare av sjukanmälningar**"), "{page}");
    assert!(!catalogue.print("platform", Lang::En).contains("Authorisation administrator**"));
}

/// Names stand where there are any: the ids have their one table at the end.
#[test]
fn ids_stand_only_in_the_table_at_the_end() {
    let catalogue = real();
    for service in catalogue.services() {
        for (lang, last) in [(Lang::Sv, "## Beteckningar"), (Lang::En, "## Designations")] {
            let page = catalogue.print(&service.id, lang);
            let (before, table) = page.split_once(last).unwrap();
            let ids = || service.permissions.keys().chain(service.packages.keys());
            for id in ids() {
                assert!(!before.contains(id.as_str()), "{id}");
                assert!(table.contains(&format!("`{id}`")), "{id}");
            }
            // A word alone, such as `roles`, may be a word of the page.
            for rule in service.rules.iter().filter(|rule| rule.id.contains('_')) {
                assert!(!page.contains(&rule.id), "{}", rule.id);
            }
        }
    }
}

/// The oldest version of the terms says nothing of an earlier one; each other says until when it held.
#[test]
fn versions_of_the_terms_say_from_when_to_when_and_what_becomes_of_earlier_acceptances() {
    let newer = EMPLOYER.replace(
        "# ---- Sickness reports.",
        "[[terms]]\nversion = \"2026\"\nin_force_from = \"2026-03-01\"\nearlier_acceptance = \"lapses\"\n\
         text = { sv = \"terms/employer-2024-12-20.sv.md\", en = \"terms/employer-2024-12-20.en.md\" }",
    );
    let page = parse(PLATFORM, &newer).unwrap().print("employer", Lang::Sv);
    assert!(page.contains("* Version 2024-12-20 gäller från och med den 20 december 2024 till och med den 28 februari 2026. Textens"));
    let lapses = "gäller från och med den 1 mars 2026. Den ska godtas även av den som har godtagit en tidigare version.";
    assert!(page.contains(lapses), "{page}");
    let page =
        parse(PLATFORM, &newer.replace("\"lapses\"", "\"continues\"")).unwrap().print("employer", Lang::En);
    assert!(page.contains(
        "is in force from 1 March 2026. Whoever has accepted an earlier version need not accept this one."
    ));
}

#[test]
fn a_higher_level_of_one_permission_is_told_and_a_bar_in_a_name_breaks_no_table() {
    let employer = EMPLOYER
        .replace("methods = [\"bankid\"]\nassurance = 3", "methods = [\"bankid\"]\nassurance = 2")
        .replace("sv = \"Ge behörighet\"", "sv = \"Ge | behörighet\"")
        .replace("id = \"employer.mandate.give\"\n", "id = \"employer.mandate.give\"\nassurance = 3\n");
    let page = parse(PLATFORM, &employer).unwrap().print("employer", Lang::Sv);
    assert!(page.contains("minst tillitsnivå 2."), "{page}");
    assert!(
        page.contains("| Ge \\| behörighet (lägst tillitsnivå 3) | Behörighetsadministratör |"),
        "{page}"
    );
}
