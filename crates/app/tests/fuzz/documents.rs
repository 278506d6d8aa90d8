//! Files that come from elsewhere: catalogues, checkpoints, receipts, keys of logs, records.

use crate::mutate::{drive, text};
use activity::{Checkpoint, Receipt, Record, SignedNote, read_keys};
use catalogue::{Catalogue, Source};

#[test]
fn fuzz_catalogues() {
    let example = include_str!("../../../../catalogue/example.toml");
    let platform = include_str!("../../../../catalogue/platform.toml");
    let employer = include_str!("../../../../catalogue/employer.toml");
    let file = |name: &str, text: &str| Source { file: name.to_owned(), text: text.to_owned() };
    let terms: Vec<Source> = ["sv", "en"]
        .into_iter()
        .flat_map(|lang| {
            std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../catalogue/terms"))
                .unwrap()
                .map(|entry| entry.unwrap().path())
                .filter(move |path| path.to_string_lossy().ends_with(&format!(".{lang}.md")))
        })
        .map(|path| Source {
            file: path.display().to_string(),
            text: std::fs::read_to_string(&path).unwrap(),
        })
        .collect();
    // The others of the folder stand beside it, as they do where it is applied. Large files: fewer of them.
    drive("catalogues", 10, &[example], |input| {
        let Some(text) = text(input) else { return false };
        let sources =
            [file("platform.toml", platform), file("employer.toml", employer), file("example.toml", text)];
        match Catalogue::parse(&sources, &terms) {
            Ok(read) => {
                let canonical = read.canonical();
                assert_eq!(Catalogue::from_canonical(&canonical).unwrap().canonical(), canonical);
                true
            }
            Err(mistakes) => {
                assert!(!mistakes.is_empty(), "a refusal says what to correct");
                assert!(mistakes.iter().all(|mistake| mistake.line >= 1 && !mistake.what.is_empty()));
                false
            }
        }
    });
    let canonical =
        Catalogue::parse(&[file("platform.toml", platform), file("employer.toml", employer)], &terms)
            .unwrap()
            .canonical();
    drive("canonical catalogues", 20, &[canonical], |input| {
        let Some(read) = text(input).and_then(|text| Catalogue::from_canonical(text).ok()) else {
            return false;
        };
        assert_eq!(read.canonical().as_bytes(), input, "one form only, or a hash would mean two things");
        true
    });
}

#[test]
fn fuzz_files_of_the_log() {
    let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
    let checkpoint = format!("behorig.example/log\n20852163\n{root}\n");
    drive("checkpoints", 1, &[&checkpoint], |input| {
        let Some(read) = text(input).and_then(|text| Checkpoint::from_text(text).ok()) else { return false };
        assert_eq!(read.text().as_bytes(), input, "what was signed is what was read");
        true
    });
    let signature =
        "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=";
    let note = format!("{checkpoint}\n\u{2014} behorig.example/log {signature}\n");
    drive("signed notes", 1, &[&note], |input| {
        let Some(read) = text(input).and_then(|text| SignedNote::parse(text).ok()) else { return false };
        assert_eq!(read.to_string().as_bytes(), input);
        true
    });
    // What an auditor is handed beside them: nothing but that an answer comes.
    let record = Record::new(
        &app::SystemEntropy::new(),
        domain::Instant::from_micros(1_795_000_000_000_000),
        activity::RecordClass::Change,
        "mandate.given",
    );
    drive("records", 1, &[record.body()], |input| {
        let Some(read) = text(input).and_then(|text| Record::from_body(text).ok()) else { return false };
        assert_eq!(Record::from_body(&read.body()).unwrap().body(), read.body());
        let _ = text(input).map(|text| (text.parse::<Receipt>().is_ok(), read_keys(text).is_ok()));
        true
    });
}
