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
                let [input, _surface, status, code, _test] = cells[..] else {
                    panic!("five columns: {line}")
                };
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
    ///
    /// # Errors
    /// There is none, or it was performed before.
    pub fn row(&mut self, input: &str) -> Result<Row, String> {
        let row =
            self.rows.iter().find(|row| row.input == input).ok_or("no such row in docs/bad-input.md")?;
        if self.done.insert(input.to_owned()) { Ok(row.clone()) } else { Err("performed twice".to_owned()) }
    }

    /// The words of a field's fault or of a conflict stand for its code; a code of a page stands there itself.
    pub fn words(&self, code: &str) -> String {
        let tr = self.texts.tr(page::Lang::Sv);
        let key = code.to_ascii_lowercase().replace('_', "-");
        let known =
            ["fault", "conflict"].map(|kind| format!("{kind}-{key}")).into_iter().find(|key| tr.has(key));
        known.map_or(code.to_owned(), |key| tr.get(&key))
    }

    /// The answer is that of the row; for a test whose store cannot be looked into as [`Walk`] does.
    #[track_caller]
    pub fn performed(&mut self, input: &str, page: &Page) {
        let row = self.row(input).unwrap_or_else(|wrong| panic!("“{input}”: {wrong}"));
        let coded = row.codes.iter().all(|code| page.html.contains(code));
        assert!(
            page.status.to_string() == row.status && coded,
            "“{input}”: {} {:?} expected, got {}: {}",
            row.status,
            row.codes,
            page.status,
            page.text()
        );
        assert_eq!(indecent(page), None, "“{input}”");
    }

    /// Rows that no test has performed.
    pub fn left(&self) -> Vec<String> {
        self.rows.iter().map(|row| row.input.clone()).filter(|input| !self.done.contains(input)).collect()
    }
}

/// All texts of the pages.
fn texts() -> Vec<page::TextSource> {
    use page::Service as _;
    web::texts().into_iter().chain(employer::Employer.texts()).collect()
}

/// Walks the rows against one installation: after each, no fact has changed. What is wrong is told at the end, all of it.
pub struct Walk<'h> {
    pub house: &'h House,
    table: Table,
    kept: Kept,
    /// Codes that pages have shown, each with whether the decision said no.
    references: Vec<(String, bool)>,
    faults: Vec<String>,
}

/// How much of what must not change there is: the number of the last change, and the rows of tables.
#[derive(Debug, Clone)]
struct Kept(u64, Vec<(&'static str, u64)>);

/// Whatever an act leaves behind, but sessions, orders and records, which refusals too may touch.
const TABLES: [&str; 15] = [
    "fact_version",
    "catalogue",
    "party",
    "party_lookup",
    "party_field",
    "evidence",
    "cases",
    "mail",
    "form_draft",
    "employer_sickness_draft",
    "employer_sickness_report",
    "oidc_client",
    "oidc_request",
    "oidc_subject",
    "oidc_token",
];

/// The store, to read in.
pub fn store(house: &House) -> rusqlite::Connection {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    rusqlite::Connection::open_with_flags(house.folder.join("data/behorig.db"), flags).expect("the store")
}

impl Kept {
    fn of(house: &House) -> Kept {
        let store = store(house);
        let count = |table| {
            let rows: i64 = store
                .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))
                .expect("a count");
            (table, u64::try_from(rows).expect("a count"))
        };
        Kept(house.metric("behorig_seq"), TABLES.map(count).to_vec())
    }

    /// Nothing has come or gone since `before`, but for what the house forgets by itself when it has expired.
    fn is_still(&self, before: &Kept) -> bool {
        let forgotten = |table: &str| matches!(table, "oidc_request" | "oidc_token");
        let pairs = self.1.iter().zip(&before.1);
        self.0 == before.0
            && pairs.into_iter().all(|(now, then)| now == then || (forgotten(now.0) && now.1 < then.1))
    }
}

impl<'h> Walk<'h> {
    pub fn of(house: &'h House, test: &str) -> Walk<'h> {
        Walk {
            house,
            table: Table::of(test),
            kept: Kept::of(house),
            references: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// The answer is the row's: status, code, nothing told that must not be, and no fact changed.
    pub fn meets(&mut self, input: &str, page: &Page) {
        let mut wrong = match self.table.row(input) {
            Ok(row) => self.compare(&row, page),
            Err(wrong) => vec![wrong],
        };
        wrong.extend(indecent(page));
        let kept = Kept::of(self.house);
        if kept.0 != self.kept.0 || (page.status >= 400 && !kept.is_still(&self.kept)) {
            wrong.push(format!("changed: {:?} to {kept:?}", self.kept));
        }
        self.kept = kept;
        self.references.extend(reference(page).map(|code| (code, page.html.contains("BEH-2101"))));
        if !wrong.is_empty() {
            // From the heading of the problem, or from the summary of the form's faults.
            let from = page.html.find("role=\"alert\"").or(page.html.find("<h1")).unwrap_or(0);
            let shown = Page { html: page.html[from..].to_owned(), ..page.clone() };
            let text = shown.text().chars().take(400).collect::<String>();
            let code = page.html.find("BEH-").and_then(|at| page.html.get(at..at + 8)).unwrap_or("no code");
            self.faults.push(format!(
                "“{input}”: {}\n    got {} {code} at {}: {text}",
                wrong.join("; "),
                page.status,
                page.path
            ));
        }
    }

    fn compare(&self, row: &Row, page: &Page) -> Vec<String> {
        let mut wrong = Vec::new();
        if page.status.to_string() != row.status {
            wrong.push(format!("{} expected", row.status));
        }
        let said = oauth_error(page);
        for code in &row.codes {
            // By the error word of a protocol exactly, for one may begin as another does.
            if let Some(said) = &said {
                if said != code {
                    wrong.push(format!("{code} expected, not {said}"));
                }
                continue;
            }
            let words = self.table.words(code);
            if !page.html.contains(code.as_str()) && !page.has(&words) {
                wrong.push(format!("{code} expected ({words})"));
            }
        }
        wrong
    }

    /// A day as the pages write it.
    pub fn day(&self, day: jiff::civil::Date) -> String {
        self.table.texts.tr(page::Lang::Sv).day(day)
    }

    /// Something else that must hold.
    pub fn holds(&mut self, so: bool, what: &str) {
        if !so {
            self.faults.push(what.to_owned());
        }
    }

    /// Something was done on purpose since the last row.
    pub fn moved(&mut self) {
        self.kept = Kept::of(self.house);
    }

    /// What the codes shown lead to: a refusal by the decision to one record, anything else to the technical log at least.
    fn untraced(&self) -> Vec<String> {
        let (store, logs) = (store(self.house), self.house.logs());
        let records = |code: &str| -> i64 {
            store
                .query_row(
                    "SELECT count(*) FROM record WHERE reference = ?1",
                    [code.replace('-', "")],
                    |row| row.get(0),
                )
                .expect("a count")
        };
        let untraced = self.references.iter().filter(|(code, decided)| match records(code) {
            1 => false,
            0 if !decided => !logs.contains(code.as_str()),
            _ => true,
        });
        untraced.map(|(code, _)| format!("{code} leads to no record and no line, or to several")).collect()
    }

    /// Every row was performed, and the logs of all processes hold no panic, number or secret.
    pub fn finish(self, secrets: &[String]) {
        // A line of a log takes a moment to come through its pipe.
        let untraced = Some(self.untraced()).filter(Vec::is_empty).unwrap_or_else(|| {
            std::thread::sleep(std::time::Duration::from_millis(500));
            self.untraced()
        });
        let Self { house, table, mut faults, .. } = self;
        faults.extend(untraced);
        let (sound, said) = house.run(&["log", "verify"]);
        if !sound {
            faults.push(said);
        }
        faults.extend(table.left().iter().map(|input| format!("“{input}” was not performed")));
        faults.extend(unquiet(&house.logs(), secrets));
        assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    }
}

/// The word by which a client is told of a refusal: in the JSON of an answer, or in the address that it is told by
/// (RFC 6749 §4.1.2.1, §5.2).
fn oauth_error(page: &Page) -> Option<String> {
    if let Some((_, query)) = page.header("location").as_deref().and_then(|to| to.split_once('?')) {
        return query.split('&').find_map(|pair| pair.strip_prefix("error=")).map(str::to_owned);
    }
    let body: serde_json::Value = serde_json::from_str(&page.html).ok()?;
    body["error"].as_str().map(str::to_owned)
}

/// The reference code of a problem's page.
fn reference(page: &Page) -> Option<String> {
    let after = page.html.split("<code id=\"reference\">").nth(1)?;
    Some(after.split('<').next()?.to_owned())
}

/// No stack, no path of a source file; no personal number but in a form that is shown again with what was typed.
fn indecent(page: &Page) -> Option<String> {
    let inner = ["panicked", "backtrace", ".rs:", "unwrap()", "SELECT ", "rusqlite", "tokio", "/target/"];
    let told = inner.into_iter().find(|word| page.html.contains(word)).map(str::to_owned);
    let number = numbers().into_iter().find(|number| {
        page.path.contains(number.as_str()) || (page.status != 422 && page.html.contains(number.as_str()))
    });
    told.or(number).map(|word| format!("the answer tells {word}"))
}

/// What a technical log must not hold: a panic, a personal number, a secret.
pub fn unquiet(log: &str, secrets: &[String]) -> Vec<String> {
    let panic = "panicked".to_owned();
    let never = numbers()
        .into_iter()
        .chain(secrets.iter().filter(|secret| secret.len() >= 8).cloned())
        .chain([panic]);
    never
        .filter_map(|word| log.lines().find(|line| line.contains(&word)))
        .map(|line| format!("in a log: {line}"))
        .collect()
}

/// Every personal number of the tests, in the ways that one is written.
fn numbers() -> Vec<String> {
    let people =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../sandbox/people.toml"))
            .unwrap();
    let whole =
        people.lines().filter_map(|line| line.strip_prefix("personal_number = \"")?.strip_suffix('"'));
    whole
        .flat_map(|n| [n.to_owned(), format!("{}-{}", &n[..8], &n[8..]), format!("{}-{}", &n[2..8], &n[8..])])
        .collect()
}
