//! Which tests cite which requirements, read from the sources of the tests in Rust and JavaScript.

use crate::{repo::Repo, rust_source::RustSource};

/// How much of the requirement the test performs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    Whole,
    Part,
}

/// One test with what it cites; a test that cites nothing is here too, with an empty list.
#[derive(Debug, PartialEq, Eq)]
pub struct Citation {
    /// `path::name`: the function, or the title of a test in JavaScript.
    pub test: String,
    pub ids: Vec<(String, Extent)>,
}

/// All tests of the checkout, and citations that stand at no test.
pub fn all(repo: &Repo) -> (Vec<Citation>, Vec<String>) {
    let mut found = Vec::new();
    let mut stray = Vec::new();
    for (path, text) in repo.ending(".rs").filter(|(path, _)| !path.starts_with("xtask/")) {
        let source = RustSource::parse(text);
        let tests = source.tests();
        let near = citations(&source);
        let is_test_file = path.contains("/tests/");
        for (line, ids) in &near {
            let at_test = tests.iter().any(|test| (test.first_line..=test.last_line).contains(line));
            // In a test file a citation is a claim; in the product's own code it tells where a rule comes from.
            if !at_test && is_test_file && !is_doc(&source, *line) {
                let ids: Vec<&str> = ids.iter().map(|(id, _)| id.as_str()).collect();
                stray.push(format!("{path}:{line}: {} is cited, but not at a test", ids.join(", ")));
            }
        }
        for test in tests {
            let inside = near.iter().filter(|(line, _)| (test.first_line..=test.last_line).contains(line));
            let ids = inside.flat_map(|(_, ids)| ids.iter().cloned()).collect();
            found.push(Citation { test: format!("{path}::{}", test.name), ids });
        }
    }
    for (path, text) in repo.ending(".test.mjs") {
        found.extend(javascript(path, text));
    }
    (found, stray)
}

/// Comment lines with ids. What a file or an item says of itself in the house is no claim of a test.
fn citations(source: &RustSource) -> Vec<(usize, Vec<(String, Extent)>)> {
    let claims = source.comments.iter().filter(|(_, text)| !text.starts_with("//!"));
    claims.map(|(line, text)| (*line, ids(text))).filter(|(_, ids)| !ids.is_empty()).collect()
}

/// `///` explains an item; at a test it claims.
fn is_doc(source: &RustSource, line: usize) -> bool {
    source.comments.iter().any(|(at, text)| *at == line && text.starts_with("///"))
}

/// Tests begin with `test('title'`; comments directly above, and all up to the next test, belong to them.
fn javascript(path: &str, text: &str) -> Vec<Citation> {
    let mut found: Vec<Citation> = Vec::new();
    let mut above = Vec::new();
    for line in text.lines().map(str::trim_start) {
        if let Some(title) = title(line) {
            found.push(Citation { test: format!("{path}::{title}"), ids: std::mem::take(&mut above) });
        } else if let Some(comment) = line.strip_prefix("//") {
            above.extend(ids(comment));
        } else if !above.is_empty() {
            // Code after the comment: it stood inside the test before it.
            let inside = std::mem::take(&mut above);
            if let Some(test) = found.last_mut() {
                test.ids.extend(inside);
            }
        }
    }
    found
}

fn title(line: &str) -> Option<&str> {
    let quoted = line.strip_prefix("test(").or_else(|| line.strip_prefix("await t.test("))?;
    let quote = quoted.chars().next().filter(|c| matches!(c, '\'' | '"' | '`'))?;
    quoted[1..].split(quote).next()
}

/// `R-000-07`, or `R-000-07 (part)`.
fn ids(comment: &str) -> Vec<(String, Extent)> {
    let mut found: Vec<(String, Extent)> = Vec::new();
    for (at, _) in comment.match_indices("R-") {
        let Some(id) = comment.get(at..at + 8) else { continue };
        let bytes = id.as_bytes();
        let digits = [2, 3, 4, 6, 7].iter().all(|place| bytes[*place].is_ascii_digit());
        if digits && bytes[5] == b'-' && !found.iter().any(|(known, _)| known == id) {
            let part = comment[at + 8..].starts_with(" (part)");
            found.push((id.to_owned(), if part { Extent::Part } else { Extent::Whole }));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_tests_are_found_with_their_citations() {
        let text = "//! R-000-01 explains.\n// R-000-02, R-000-03 (part): both\n#[test]\nfn one() {\n    // R-000-04\n}\n\n// R-000-05\nfn helper() {}\n";
        let (found, stray) = all(&Repo::of(&[("crates/app/tests/it/a.rs", text)]));
        let ids: Vec<&str> = found[0].ids.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(
            (found[0].test.as_str(), ids),
            ("crates/app/tests/it/a.rs::one", vec!["R-000-02", "R-000-03", "R-000-04"])
        );
        assert_eq!(found[0].ids[1].1, Extent::Part);
        assert_eq!(stray, ["crates/app/tests/it/a.rs:8: R-000-05 is cited, but not at a test"]);
    }

    #[test]
    fn javascript_tests_are_found_by_title() {
        let text = "// R-000-01\ntest('logs in', async () => {\n  // R-000-02\n  await x();\n});\n\ntest(\"else\", () => {});\n";
        let (found, _) = all(&Repo::of(&[("e2e/a.test.mjs", text)]));
        assert_eq!(found[0].test, "e2e/a.test.mjs::logs in");
        assert_eq!(found[0].ids.len(), 2);
        assert!(found[1].ids.is_empty());
    }

    #[test]
    fn only_whole_ids_count() {
        assert!(ids("R-12-34 XR-000 R-0000-1").is_empty());
        assert_eq!(ids("(R-004-22)").len(), 1);
    }
}
