//! `docs/bad-input.md` as the tests read it: each test walks the rows that name it, and performs every one of them.

use super::browser::Page;
use super::house::House;
use std::collections::BTreeSet;
use std::path::Path;

/// A row: what came in, where, and what must come of it.
#[derive(Debug, Clone)]
pub struct Row {
    pub input: String,
    pub status: String,
    /// Words of the code's column; empty for a dash.
    pub codes: Vec<String>,
}

/// The rows of one test.
pub struct Table {
    rows: Vec<Row>,
    done: BTreeSet<String>,
    texts: std::sync::Arc<page::Texts>,
}

impl Table {
    /// The rows whose last column names `test`, as `file.rs::name`.
    pub fn of(test: &str) -> Table {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/bad-input.md");
        let text = std::fs::read_to_string(path).expect("the table");
        let named = format!("`crates/server/tests/it/{test}`");
        let rows = text
            .lines()
            .filter(|line| line.starts_with("| ") && line.contains(&named))
            .map(|line| {
                let cells = line.trim_matches('|').split(" | ").map(str::trim).collect::<Vec<_>>();
                let [input, _surface, status, code, _test] = cells[..] else { panic!("five columns: {line}") };
                let codes = code.replace('`', "");
                let codes = codes.split_whitespace().filter(|word| *word != "–").map(str::to_owned).collect();
                Row { input: input.to_owned(), status: status.to_owned(), codes }
            })
            .collect::<Vec<_>>();
        assert!(!rows.is_empty(), "no row names {named}");
        let names = rows.iter().map(|row| &row.input).collect::<BTreeSet<_>>();
        assert_eq!(names.len(), rows.len(), "an input stands twice for {test}");
        Table { rows, done: BTreeSet::new(), texts: page::Texts::new(&texts()).expect("texts") }
    }

    /// The row of an input, which counts as performed.
    #[track_caller]
    pub fn row(&mut self, input: &str) -> Row {
        let row = self.rows.iter().find(|row| row.input == input);
        let row = row.unwrap_or_else(|| panic!("docs/bad-input.md has no row “{input}” for this test")).clone();
        assert!(self.done.insert(input.to_owned()), "“{input}” was performed twice");
        row
    }

    /// The words of a field's fault or of a conflict stand for its code; a code of a page stands there itself.
    fn words(&self, code: &str) -> String {
        let tr = self.texts.tr(page::Lang::Sv);
        let key = code.to_ascii_lowercase().replace('_', "-");
        let known = ["fault", "conflict"].map(|kind| format!("{kind}-{key}")).into_iter().find(|key| tr.has(key));
        known.map_or(code.to_owned(), |key| tr.get(&key))
    }

    /// Every row has been performed.
    #[track_caller]
    pub fn finish(self) {
        let left = self.rows.iter().map(|row| &row.input).filter(|input| !self.done.contains(*input)).collect::<Vec<_>>();
        assert!(left.is_empty(), "rows that no test performed: {left:#?}");
    }
}

/// All texts of the pages.
fn texts() -> Vec<page::TextSource> {
    use page::Service as _;
    web::texts().into_iter().chain(employer::Employer.texts()).collect()
}

/// Walks the rows against one installation: after each, no fact has changed.
pub struct Walk<'h> {
    pub house: &'h House,
    table: Table,
    seq: u64,
}

impl<'h> Walk<'h> {
    pub fn of(house: &'h House, test: &str) -> Walk<'h> {
        Walk { house, table: Table::of(test), seq: house.metric("behorig_seq") }
    }

    /// The answer is the row's: status, code, nothing told that must not be, and no fact changed.
    #[track_caller]
    pub fn meets(&mut self, input: &str, page: &Page) {
        let row = self.table.row(input);
        let says = format!("“{input}” at {}: {} {}", page.path, page.status, page.text());
        assert_eq!(page.status.to_string(), row.status, "{says}");
        for code in &row.codes {
            let words = self.table.words(code);
            assert!(page.html.contains(code.as_str()) || page.has(&words), "{code} ({words}) expected; {says}");
        }
        decent(page, &says);
        assert_eq!(self.house.metric("behorig_seq"), self.seq, "a fact changed: {says}");
    }

    /// From here on facts have changed on purpose.
    pub fn moved(&mut self) {
        self.seq = self.house.metric("behorig_seq");
    }

    /// Every row was performed, and the logs of all processes hold no panic, number or secret.
    pub fn finish(self, secrets: &[String]) {
        self.table.finish();
        quiet(&self.house.logs(), secrets);
    }
}

/// No stack, no path of a source file; no personal number but in a form that is shown again with what was typed.
#[track_caller]
fn decent(page: &Page, says: &str) {
    for word in ["panicked", "backtrace", "RUST_", ".rs:", "unwrap()", "Err(", "SELECT ", "rusqlite"] {
        assert!(!page.html.contains(word), "{word} in an answer; {says}");
    }
    if page.status != 422 {
        let told = numbers().into_iter().find(|number| page.html.contains(number.as_str()));
        assert!(told.is_none(), "a personal number in an answer; {says}");
    }
    assert!(!page.path.chars().filter(char::is_ascii_digit).collect::<String>().contains("199"), "{says}");
}

/// A technical log without panic, personal number and secret.
#[track_caller]
pub fn quiet(log: &str, secrets: &[String]) {
    assert!(!log.contains("panicked"), "{log}");
    for secret in numbers().iter().chain(secrets).filter(|secret| secret.len() >= 8) {
        let line = log.lines().find(|line| line.contains(secret.as_str()));
        assert!(line.is_none(), "a secret or number in a log: {}", line.unwrap_or_default());
    }
}

/// Every personal number of the tests, in the ways that one is written.
fn numbers() -> Vec<String> {
    let people = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../sandbox/people.toml")).unwrap();
    let whole = people.lines().filter_map(|line| line.strip_prefix("personal_number = \"")?.strip_suffix('"'));
    whole.flat_map(|n| [n.to_owned(), format!("{}-{}", &n[..8], &n[8..]), format!("{}-{}", &n[2..8], &n[8..])]).collect()
}
