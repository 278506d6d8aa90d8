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
    assert!(catalogue.print("employer", Lang::En).contains("first_sickness_officers"));
    // The platform's page shows nothing of the employers' own rules.
    assert!(!catalogue.print("platform", Lang::En).contains("always_an_administrator`"));
}
