//! `catalogue diff` and `catalogue apply` on a store that nobody serves: exit codes, words, JSON, refusals.

use crate::bad_files::{Installed, finish, meets, run};
use crate::support::table::Table;
use serde_json::Value;
use std::path::Path;

/// The installation's catalogue copied to a folder beside it, with `from` replaced by `to` in one file.
fn proposed(installed: &Installed, file: &str, from: &str, to: &str) -> String {
    let folder = installed.0.join("proposed");
    std::fs::create_dir_all(folder.join("terms")).unwrap();
    for part in ["", "terms"] {
        for entry in std::fs::read_dir(installed.0.join("catalogue").join(part)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                std::fs::copy(&path, folder.join(part).join(path.file_name().unwrap())).unwrap();
            }
        }
    }
    edit(&folder.join(file), from, to);
    folder.display().to_string()
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from}");
    std::fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn a_version_is_shown_before_it_is_brought_in_force() {
    let installed = Installed::new();
    let config = installed.config();
    let diff = |more: &[&str]| run(&[&["catalogue", "diff", "--config", &config], more].concat());
    let same = diff(&[]);
    assert!(same.0 == 0 && same.1.contains("Nothing differs"), "{same:?}");
    let (code, said) = diff(&["--json"]);
    let told: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &told["differs"]), (0, &Value::from(false)), "{said}");

    let folder = proposed(&installed, "employer.toml", "value = 21", "value = 22");
    let (code, said) = diff(&["--folder", &folder]);
    assert_eq!(code, 3, "{said}");
    for words in
        ["since change 1", "changed  limit", "employer: sickness_report_last_day", "Nobody: every mandate"]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(!said.contains("refuses"), "{said}");
    let (code, said) = diff(&["--folder", &folder, "--json"]);
    let told: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(code, 3, "{said}");
    assert_eq!(told["effects"]["changes"][0]["id"], "sickness_report_last_day");
    assert_eq!((&told["refused"], &told["in_force"]), (&Value::Null, &Value::from(1)));
    // Looking changed nothing; what is applied is what the configuration's folder holds, told first.
    assert_eq!(diff(&[]), same);
    edit(&installed.0.join("catalogue/employer.toml"), "value = 21", "value = 22");
    let (code, said) = run(&["catalogue", "apply", "--config", &config]);
    let (shown, done) = (said.find("What changes"), said.find("In force by change 2"));
    assert!(code == 0 && shown.is_some() && shown < done, "{said}");
    assert!(!said.contains("Facts have changed"), "{said}");
    assert_eq!(diff(&["--folder", &folder]).0, 0);
}

#[test]
fn what_a_catalogue_must_not_take_is_refused_and_said() {
    let installed = Installed::new();
    let mut table = Table::of("catalogue.rs::what_a_catalogue_must_not_take_is_refused_and_said");
    let mut faults = Vec::new();
    let config = installed.config();
    let diff = |folder: &str| run(&["catalogue", "diff", "--config", &config, "--folder", folder]);
    // `apply` takes the folder of the configuration.
    let good = installed.file("behorig.toml");
    let other = installed.0.join("other.toml");
    std::fs::write(&other, good.replace("folder = \"catalogue\"", "folder = \"proposed\"")).unwrap();
    let other = other.display().to_string();
    let apply = || run(&["catalogue", "apply", "--config", &other]);

    let nowhere = installed.0.join("nowhere").display().to_string();
    meets(&mut table, &mut faults, "`diff`: a folder that is not there", &diff(&nowhere), None);
    let bad = proposed(&installed, "employer.toml", "value = 21", "value = -21");
    meets(&mut table, &mut faults, "`diff`: a mistake in a file", &diff(&bad), None);

    let altered = proposed(&installed, "terms/employer-2024-12-20.sv.md", "tre månader", "två månader");
    let words = "a published version of the terms with other words";
    meets(&mut table, &mut faults, &format!("`diff`: {words}"), &diff(&altered), None);
    meets(&mut table, &mut faults, &format!("`apply`: {words}"), &apply(), None);
    proposed(&installed, "employer.toml", "version = \"2024-12-20\"", "version = \"2024-12-21\"");
    meets(&mut table, &mut faults, "`apply`: a published version of the terms left out", &apply(), None);

    let dropped = proposed(&installed, "platform.toml", "bankid", "freja");
    edit(&installed.0.join("proposed/platform.toml"), "support.freja.com", "support.bankid.com");
    edit(&installed.0.join("proposed/employer.toml"), "[\"bankid\"]", "[\"freja\"]");
    meets(&mut table, &mut faults, "`diff`: a method that is in use dropped", &diff(&dropped), None);
    meets(&mut table, &mut faults, "`apply`: a method that is in use dropped", &apply(), None);
    // Whatever was refused, the first version is in force.
    let (code, said) = run(&["catalogue", "diff", "--config", &config]);
    assert_eq!(code, 0, "{said}");
    finish(&table, faults);
}
