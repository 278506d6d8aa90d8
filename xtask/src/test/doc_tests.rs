//! Which packages have examples in their documentation that are run as tests.

use std::collections::BTreeSet;

use crate::repo::Repo;

/// Where the workspace keeps its libraries: each package is called as its folder.
const FOLDERS: [&str; 2] = ["crates/", "services/"];

/// By name, each once.
pub fn packages(repo: &Repo) -> BTreeSet<String> {
    let package = |path: &str| {
        let rest = FOLDERS.iter().find_map(|folder| path.strip_prefix(folder))?;
        rest.split_once("/src/").map(|(name, _)| name.to_owned())
    };
    repo.ending(".rs").filter(|(_, text)| has_example(text)).filter_map(|(path, _)| package(path)).collect()
}

/// Whether a fence opens that rustdoc takes for Rust: every one whose first word is not another language's.
fn has_example(text: &str) -> bool {
    let fences = text.lines().filter_map(|line| {
        let comment = line.trim_start();
        let words = comment.strip_prefix("///").or_else(|| comment.strip_prefix("//!"))?;
        words.trim_start().strip_prefix("```")
    });
    let opening = fences.step_by(2);
    let mut languages = opening.map(|info| info.trim().split(',').next().unwrap_or_default().to_owned());
    languages.any(|language| !["text", "toml", "json", "sh", "sql", "ignore"].contains(&language.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_with_examples_are_found() {
        let example = "/// ```compile_fail\n/// let x: u8 = 1;\n/// ```\nfn a() {}\n";
        let bare = "//! A.\n//!\n//! ```\n//! a::b();\n//! ```\n";
        let text = "/// ```text\n/// a drawing\n/// ```\nfn a() {}\n";
        let repo = Repo::of(&[
            ("crates/one/src/a.rs", example),
            ("services/two/src/lib.rs", bare),
            ("crates/three/src/a.rs", text),
            ("crates/four/tests/a.rs", example),
        ]);
        assert_eq!(packages(&repo).into_iter().collect::<Vec<_>>(), ["one", "two"]);
    }
}
