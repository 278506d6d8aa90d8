//! Files that the binary carries, so that one file is enough to begin.

/// The catalogue: name in the folder, text.
pub const CATALOGUE: &[(&str, &str)] = &[
    ("platform.toml", include_str!("../../../catalogue/platform.toml")),
    ("employer.toml", include_str!("../../../catalogue/employer.toml")),
    ("terms/employer-2024-12-20.sv.md", include_str!("../../../catalogue/terms/employer-2024-12-20.sv.md")),
    ("terms/employer-2024-12-20.en.md", include_str!("../../../catalogue/terms/employer-2024-12-20.en.md")),
];

/// What a demo's catalogue holds besides.
pub const DEMO: &[(&str, &str)] = &[("example.toml", include_str!("../../../catalogue/example.toml"))];

/// The carried catalogue, checked.
pub fn catalogue() -> anyhow::Result<catalogue::Catalogue> {
    let (terms, services): (Vec<_>, Vec<_>) = CATALOGUE
        .iter()
        .map(|(file, text)| catalogue::Source { file: (*file).to_owned(), text: (*text).to_owned() })
        .partition(|source| source.file.starts_with("terms/"));
    crate::command::catalogue::parse(&services, &terms)
}
