//! What PostgreSQL writes differently in the definition of a table.

/// Translates a migration from SQLite's dialect: `INTEGER` → `BIGINT`, `BLOB` → `BYTEA`; `STRICT` and
/// `WITHOUT ROWID` go. Comments and quoted texts stay as they are.
pub(super) fn definition(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let length = if rest.starts_with("--") {
            rest.find('\n').unwrap_or(rest.len())
        } else if first == '\'' {
            rest[1..].find('\'').map_or(rest.len(), |end| end + 2)
        } else if first.is_ascii_alphabetic() || first == '_' {
            rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (token, after) = rest.split_at(length);
        rest = after;
        match token {
            "INTEGER" => out.push_str("BIGINT"),
            "BLOB" => out.push_str("BYTEA"),
            "STRICT" => drop_comma(&mut out),
            "WITHOUT" if rest.trim_start().starts_with("ROWID") => {
                drop_comma(&mut out);
                rest = &rest.trim_start()["ROWID".len()..];
            }
            other => out.push_str(other),
        }
    }
    out
}

/// Takes away the comma that stood between two table options.
fn drop_comma(out: &mut String) {
    let kept = out.trim_end().trim_end_matches(',').len();
    out.truncate(kept);
}

#[cfg(test)]
mod tests {
    use super::definition;

    #[test]
    fn types_and_options_are_translated() {
        assert_eq!(
            definition(
                "CREATE TABLE a (id BLOB PRIMARY KEY, n INTEGER NOT NULL DEFAULT 0, \
                 t TEXT CHECK (t IN ('BLOB', 'INTEGER'))) STRICT, WITHOUT ROWID;"
            ),
            "CREATE TABLE a (id BYTEA PRIMARY KEY, n BIGINT NOT NULL DEFAULT 0, \
             t TEXT CHECK (t IN ('BLOB', 'INTEGER')));"
        );
        assert_eq!(definition("CREATE TABLE a (n INTEGER) STRICT;"), "CREATE TABLE a (n BIGINT);");
        assert_eq!(
            definition("-- INTEGER stays, it's a comment\nINTEGERS"),
            "-- INTEGER stays, it's a comment\nINTEGERS"
        );
    }
}
