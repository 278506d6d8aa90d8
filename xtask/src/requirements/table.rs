//! The rows of docs/requirements.md: `| id | asked | given, when, then | class | tests | state |`.

use anyhow::{Result, bail};
use std::{collections::BTreeMap, fmt};

use super::citation::Extent;

#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    pub id: String,
    /// `path::test` each.
    pub tests: Vec<String>,
    pub state: State,
}

/// Tests that cite a row, and how much of it each performs.
pub type Shown = Vec<(String, Extent)>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// No test cites it.
    Open,
    /// Tests perform some of it.
    Part,
    /// A test performs its given, when and then.
    Shown,
}

impl State {
    pub fn of(extents: impl IntoIterator<Item = Extent>) -> Self {
        let step = |state, extent| match (state, extent) {
            (_, Extent::Whole) | (Self::Shown, _) => Self::Shown,
            _ => Self::Part,
        };
        extents.into_iter().fold(Self::Open, step)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "*open*",
            Self::Part => "part",
            Self::Shown => "shown",
        })
    }
}

/// Cells of a row of the list; `None` for any other line.
fn cells(line: &str) -> Option<Vec<&str>> {
    line.starts_with("| R-").then(|| line.trim().trim_matches('|').split('|').map(str::trim).collect())
}

pub fn parse(text: &str) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let Some(cells) = cells(line) else { continue };
        let [id, _, _, _, tests, state] = cells[..] else {
            bail!("{}:{}: a row has six columns", super::PATH, at + 1);
        };
        let state = match state {
            "*open*" => State::Open,
            "part" => State::Part,
            "shown" => State::Shown,
            other => {
                bail!("{}:{}: the state is *open*, part or shown, and not `{other}`", super::PATH, at + 1)
            }
        };
        let tests = tests.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        rows.push(Row { id: id.to_owned(), tests, state });
    }
    Ok(rows)
}

/// The same text with the last two columns of each row written anew.
pub fn fill(text: &str, shown: &BTreeMap<String, Shown>) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        match cells(line).as_deref() {
            Some([id, asked, when, class, ..]) => {
                let mut by = shown.get(*id).cloned().unwrap_or_default();
                by.sort();
                let state = State::of(by.iter().map(|(_, extent)| *extent));
                let tests: Vec<String> = by.iter().map(|(test, _)| format!("`{test}`")).collect();
                let tests = if tests.is_empty() { String::new() } else { format!("{} ", tests.join(", ")) };
                out.push_str(&format!("| {id} | {asked} | {when} | {class} | {tests}| {state} |\n"));
            }
            _ => {
                out.push_str(line);
                out.push('\n');
            }
        }
    }
    out
}

pub fn summary(rows: &[Row]) -> String {
    let count = |state| rows.iter().filter(|row| row.state == state).count();
    format!(
        "{} requirements: {} shown, {} in part, {} open",
        rows.len(),
        count(State::Shown),
        count(State::Part),
        count(State::Open)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_filled_and_read_back() {
        let list = "# List\n\n| Id | Asked |\n|---|---|\n| R-000-01 | a | b | core | `old.rs::x` | shown |\n| R-000-02 | a | b | content | | *open* |\n";
        let shown = BTreeMap::from([(
            "R-000-02".to_owned(),
            vec![("b.rs::two".to_owned(), Extent::Part), ("a.rs::one".to_owned(), Extent::Whole)],
        )]);
        let filled = fill(list, &shown);
        assert!(filled.contains("| R-000-01 | a | b | core | | *open* |\n"), "{filled}");
        assert!(
            filled.contains("| R-000-02 | a | b | content | `a.rs::one`, `b.rs::two` | shown |\n"),
            "{filled}"
        );
        assert_eq!(parse(&filled).unwrap()[1].tests, ["a.rs::one", "b.rs::two"]);
        assert_eq!(summary(&parse(&filled).unwrap()), "2 requirements: 1 shown, 0 in part, 1 open");
        assert_eq!(fill(&filled, &shown), filled);
    }

    #[test]
    fn a_crooked_row_is_an_error() {
        assert!(parse("| R-000-01 | a | b |\n").is_err());
        assert!(parse("| R-000-01 | a | b | core | | done |\n").is_err());
    }
}
