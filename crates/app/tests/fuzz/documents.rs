//! Catalogues: files in a folder, one sent by a browser, the form in which the store keeps them.

use crate::mutate::{drive, text};
use app::oidc::{MOST_BYTES, ServiceFile};
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
        // White space between is read too (and so is what an earlier release wrote); what is written has one form only, or a
        // hash would mean two things.
        let written = read.canonical();
        assert_eq!(Catalogue::from_canonical(&written).unwrap().canonical(), written);
        true
    });
}

#[test]
fn fuzz_files_of_services() {
    let example = include_str!("../../../../catalogue/example.toml");
    let windows = format!("\u{feff}{}", example.replace('\n', "\r\n"));
    drive("files of services", 1, &[example, &windows], |input| {
        let Ok(read) = ServiceFile::parse(input) else { return false };
        assert!(read.as_str().len() <= MOST_BYTES && !read.as_str().contains(['\r', '\0']));
        // Through the form of the page of review and back: what is confirmed is what was shown.
        let sent = read.as_str().replace('\n', "\r\n");
        for again in [read.as_str(), sent.as_str()].into_iter().filter(|again| again.len() <= MOST_BYTES) {
            assert_eq!(ServiceFile::parse(again.as_bytes()).as_ref(), Ok(&read));
        }
        true
    });
}
