//! The catalogue's tests: the files of the repository, what is printed of them, and every mistake that is told.
//! `BEHORIG_UPDATE=1` writes the committed texts anew.

#![expect(clippy::unwrap_used, reason = "a panic in a test is a failure with a line number")]

mod files;
mod join;
mod mistakes;
mod print;

use catalogue::{Catalogue, Mistake, Source};

pub const PLATFORM: &str = include_str!("../../../../catalogue/platform.toml");
pub const EMPLOYER: &str = include_str!("../../../../catalogue/employer.toml");
pub const TERMS_SV: &str = include_str!("../../../../catalogue/terms/employer-2024-12-20.sv.md");
pub const TERMS_EN: &str = include_str!("../../../../catalogue/terms/employer-2024-12-20.en.md");

pub fn source(file: &str, text: &str) -> Source {
    Source { file: file.to_owned(), text: text.to_owned() }
}

/// The terms as the caller reads them, with the path before their name.
pub fn terms() -> Vec<Source> {
    vec![
        source("catalogue/terms/employer-2024-12-20.sv.md", TERMS_SV),
        source("catalogue/terms/employer-2024-12-20.en.md", TERMS_EN),
    ]
}

pub fn parse(platform: &str, employer: &str) -> Result<Catalogue, Vec<Mistake>> {
    let files = [source("catalogue/platform.toml", platform), source("catalogue/employer.toml", employer)];
    Catalogue::parse(&files, &terms())
}

pub fn real() -> Catalogue {
    parse(PLATFORM, EMPLOYER).unwrap()
}

/// Compares `text` with the committed file of that name under `tests/`.
pub fn committed(name: &str, text: &str) {
    let path = format!("{}/tests/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("BEHORIG_UPDATE").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    let line = text.lines().zip(before.lines()).position(|(new, old)| new != old);
    assert!(text == before, "{name} differs from line {line:?} on: look, then BEHORIG_UPDATE=1");
}
