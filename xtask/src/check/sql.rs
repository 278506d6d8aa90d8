//! Only `store`, and the `store` module of a service, speak SQL; a service names only tables of its own.
//! A service could else read another's rows past `decide`.

use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};

use super::Report;
use crate::{repo::Repo, rust_source::RustSource};

/// One piece of SQL and where it stands.
struct Statement {
    place: String,
    /// `store`, or the service's folder under `services/`.
    owner: Option<String>,
    words: Vec<String>,
}

pub fn run(repo: &Repo) -> Result<Report> {
    let statements = statements(repo);
    let owned = owned_tables(&statements);
    let mut faults = Vec::new();
    for statement in &statements {
        match &statement.owner {
            None => faults
                .push(format!("{}: SQL outside `store`: move it into a repository there", statement.place)),
            Some(owner) if owner != "store" => {
                let own = owned.get(owner).cloned().unwrap_or_default();
                for table in tables(&statement.words).difference(&own) {
                    faults.push(format!(
                        "{}: `{owner}` names the table `{table}`, which it does not own",
                        statement.place
                    ));
                }
            }
            Some(_) => {}
        }
    }
    let tables: usize = owned.values().map(BTreeSet::len).sum();
    Ok(Report {
        seen: format!("{} statements, {tables} tables", statements.len()),
        faults,
        notes: Vec::new(),
    })
}

/// Files of SQL and string literals that are SQL, in what is shipped. Tests may open a store to hurt it.
fn statements(repo: &Repo) -> Vec<Statement> {
    let mut found = Vec::new();
    for (path, text) in repo.texts() {
        if path.starts_with("xtask/") || !path.contains("/src/") && !path.ends_with(".sql") {
            continue;
        }
        let owner = owner(path);
        if path.ends_with(".sql") {
            let text: String = text
                .lines()
                .map(|line| line.split("--").next().unwrap_or(line))
                .collect::<Vec<_>>()
                .join("\n");
            found.push(Statement { place: path.to_owned(), owner, words: words(&text) });
        } else if path.ends_with(".rs") {
            let source = RustSource::parse(text);
            let tests = source.tests_begin();
            for (line, literal) in source.literals.iter().filter(|(line, _)| *line < tests) {
                let words = words(literal);
                if is_sql(&words) {
                    found.push(Statement { place: format!("{path}:{line}"), owner: owner.clone(), words });
                }
            }
        }
    }
    found
}

fn owner(path: &str) -> Option<String> {
    if path.starts_with("crates/store/") {
        return Some("store".to_owned());
    }
    let service = path.strip_prefix("services/")?.split('/').next()?;
    let inside = path.strip_prefix(&format!("services/{service}/"))?;
    let store = inside.starts_with("src/store") || inside.starts_with("migrations/");
    store.then(|| service.to_owned())
}

/// Words, and punctuation as words of its own. What stands between SQL's quotes is left out.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in text.chars() {
        if c == '\'' {
            quoted = !quoted;
        } else if quoted {
        } else if c.is_alphanumeric() || c == '_' || c == '$' {
            if let Some(last) = words.last_mut() {
                last.push(c);
            }
        } else {
            words.push(String::new());
            if !c.is_whitespace() {
                words.push(c.to_string());
                words.push(String::new());
            }
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// SQL's verbs in the form that statements have; upper case, as the house writes them, or with parameters.
fn is_sql(words: &[String]) -> bool {
    let upper: Vec<String> = words.iter().map(|word| word.to_uppercase()).collect();
    let at = |position: usize| upper.get(position).map_or("", String::as_str);
    let has = |wanted: &str| upper.iter().any(|word| word == wanted);
    let shape = match at(0) {
        "SELECT" => has("FROM") || words.len() > 1 && words[0] == "SELECT",
        "INSERT" | "REPLACE" => at(1) == "INTO" || at(1) == "OR",
        "UPDATE" => has("SET") && has("="),
        "DELETE" => at(1) == "FROM",
        "WITH" => has("AS") && has("SELECT"),
        "CREATE" => matches!(at(1), "TABLE" | "INDEX" | "UNIQUE" | "VIEW" | "TRIGGER"),
        "ALTER" | "DROP" => matches!(at(1), "TABLE" | "INDEX" | "VIEW"),
        "PRAGMA" | "SAVEPOINT" | "RELEASE" | "ROLLBACK" | "BEGIN" | "COMMIT" => words[0] == at(0),
        _ => false,
    };
    let parameters = words.iter().any(|word| word.strip_prefix('$').is_some_and(|n| n.parse::<u8>().is_ok()));
    shape && (words.first().is_some_and(|word| word == at(0)) || parameters)
}

/// Tables named in a statement, without names that `WITH` gives.
fn tables(words: &[String]) -> BTreeSet<String> {
    let upper: Vec<String> = words.iter().map(|word| word.to_uppercase()).collect();
    let named_here: BTreeSet<&str> = words
        .windows(3)
        .filter(|three| three[1].eq_ignore_ascii_case("as") && three[2] == "(")
        .map(|three| three[0].as_str())
        .collect();
    let mut found = BTreeSet::new();
    for (at, word) in upper.iter().enumerate() {
        let next = |ahead: usize| upper.get(at + ahead).map_or("", String::as_str);
        let mut skip = 1;
        match word.as_str() {
            "FROM" | "INTO" | "JOIN" | "REFERENCES" => {}
            // ON CONFLICT … DO UPDATE SET, SELECT … FOR UPDATE
            "UPDATE" if at == 0 || matches!(upper[at - 1].as_str(), ";" | "(" | ")") => {}
            "TABLE" => {
                if next(1) == "IF" {
                    skip = if next(2) == "NOT" { 4 } else { 3 };
                }
            }
            "ON" if upper[..at].iter().rev().take(6).any(|word| word == "INDEX") => {}
            _ => continue,
        }
        let mut name = at + skip;
        while let Some(table) = words.get(name) {
            if table != "(" && !named_here.contains(table.as_str()) {
                found.insert(table.to_lowercase());
            }
            // FROM a x, b y
            match (words.get(name + 1).map(String::as_str), words.get(name + 2).map(String::as_str)) {
                (Some(","), _) if word == "FROM" => name += 2,
                (Some(_), Some(",")) if word == "FROM" => name += 3,
                _ => break,
            }
        }
    }
    found
}

fn owned_tables(statements: &[Statement]) -> BTreeMap<String, BTreeSet<String>> {
    let mut owned: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for statement in statements {
        let Some(owner) = &statement.owner else { continue };
        for (at, pair) in statement.words.windows(2).enumerate() {
            if pair[0].eq_ignore_ascii_case("create") && pair[1].eq_ignore_ascii_case("table") {
                let rest = &statement.words[at..];
                let skip =
                    if rest.get(2).is_some_and(|word| word.eq_ignore_ascii_case("if")) { 5 } else { 2 };
                owned
                    .entry(owner.clone())
                    .or_default()
                    .extend(rest.get(skip).map(|name| name.to_lowercase()));
            }
        }
    }
    owned
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(files: &[(&str, &str)]) -> Vec<String> {
        run(&Repo::of(files)).unwrap().faults
    }

    #[test]
    fn sql_belongs_into_the_store() {
        let text = r#"fn a(tx: &mut Tx) { tx.query("SELECT id FROM party WHERE kind = $1", &[]); }"#;
        assert!(faults(&[("crates/store/src/parties.rs", text)]).is_empty());
        assert_eq!(faults(&[("crates/app/src/parties.rs", text)]).len(), 1);
        assert_eq!(faults(&[("services/employer/src/pages.rs", text)]).len(), 1);
        assert_eq!(
            faults(&[("crates/web/src/a.rs", "fn a() { q(\"update party set kind=$1\"); }")]).len(),
            1
        );
    }

    #[test]
    fn plain_words_are_no_sql() {
        let text = r#"fn a() { say("Select a method from the list"); say("UPDATE"); say("Begin anew"); say("with it as you select"); }"#;
        assert!(faults(&[("crates/web/src/a.rs", text)]).is_empty());
        assert!(
            faults(&[(
                "crates/web/src/a.rs",
                "// SELECT a FROM b\n#[cfg(test)]\nmod tests { const A: &str = \"DELETE FROM b\"; }"
            )])
            .is_empty()
        );
    }

    #[test]
    fn a_service_names_its_own_tables_only() {
        let migration = (
            "services/employer/migrations/1.sql",
            "-- FROM nothing\nCREATE TABLE IF NOT EXISTS sickness_report (id BLOB) STRICT; CREATE INDEX a ON sickness_report (id);",
        );
        let good = r#"fn a() { q("WITH late AS (SELECT id FROM sickness_report) SELECT id FROM late, sickness_report s"); q("INSERT INTO sickness_report VALUES ($1) ON CONFLICT (id) DO UPDATE SET id = 'from party'"); }"#;
        assert!(faults(&[migration, ("services/employer/src/store.rs", good)]).is_empty());
        let bad = r#"fn a() { q("SELECT 1 FROM sickness_report s, fact f JOIN session ON 1 = 1"); q("UPDATE party SET kind = $1"); }"#;
        assert_eq!(faults(&[migration, ("services/employer/src/store/list.rs", bad)]).len(), 3);
    }
}
