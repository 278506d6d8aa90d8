//! Just enough of Rust's lexical structure (Reference, "Tokens" and "Comments") to tell code, comments and
//! string literals apart, and to find the tests in a file.

/// One file, taken apart. Line numbers count from 1.
#[derive(Debug, Default)]
pub struct RustSource {
    /// The text with comments and the insides of literals blanked; lines are where they were.
    pub code: String,
    pub literals: Vec<(usize, String)>,
    pub comments: Vec<(usize, String)>,
}

/// A test function with the lines that belong to it: comments and attributes above, and its body.
#[derive(Debug, PartialEq, Eq)]
pub struct TestFn {
    pub name: String,
    pub first_line: usize,
    pub last_line: usize,
}

impl RustSource {
    pub fn parse(text: &str) -> Self {
        let mut lexer = Lexer { rest: text.chars().collect(), at: 0, line: 1, out: Self::default() };
        lexer.run();
        lexer.out
    }

    /// First line of the file's own tests, by our habit the last item of the file; `usize::MAX` without one.
    pub fn tests_begin(&self) -> usize {
        let lines: Vec<&str> = self.code.lines().map(str::trim).collect();
        let begin = |at: &usize| {
            lines[*at] == "#[cfg(test)]" && lines.get(at + 1).is_some_and(|next| next.starts_with("mod "))
        };
        (0..lines.len()).find(begin).map_or(usize::MAX, |at| at + 1)
    }

    /// Functions under `#[test]`, `#[tokio::test]` and the like, also inside a macro's braces.
    pub fn tests(&self) -> Vec<TestFn> {
        let lines: Vec<&str> = self.code.lines().collect();
        let mut found = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            if !is_test_attribute(line.trim()) {
                continue;
            }
            let Some(head) = (at..lines.len().min(at + 12)).find(|at| function_name(lines[*at]).is_some())
            else {
                continue;
            };
            let name = function_name(lines[head]).unwrap_or_default().to_owned();
            found.push(TestFn {
                name,
                first_line: self.block_start(&lines, at) + 1,
                last_line: block_end(&lines, head) + 1,
            });
        }
        found.extend(self.tests_on_both(&lines));
        found
    }

    /// Functions that the store's `on_both!(a, b)` makes tests of, one for each engine.
    fn tests_on_both(&self, lines: &[&str]) -> Vec<TestFn> {
        let named = self.code.split("on_both!(").skip(1).filter_map(|rest| rest.split(')').next());
        let names: Vec<&str> = named.flat_map(|names| names.split(',')).map(str::trim).collect();
        let heads = lines.iter().enumerate().filter(|(_, line)| !line.starts_with(' '));
        let tests = heads.filter_map(|(at, line)| Some((at, function_name(line)?)));
        tests
            .filter(|(_, name)| names.contains(name))
            .map(|(at, name)| TestFn {
                name: name.to_owned(),
                first_line: self.block_start(lines, at) + 1,
                last_line: block_end(lines, at) + 1,
            })
            .collect()
    }

    /// Upwards over comments and attributes that stand directly above.
    fn block_start(&self, lines: &[&str], mut at: usize) -> usize {
        while at > 0 {
            let above = lines[at - 1].trim();
            let comment = above.is_empty() && self.comments.iter().any(|(line, _)| *line == at);
            if !comment && !above.starts_with("#[") {
                break;
            }
            at -= 1;
        }
        at
    }
}

fn is_test_attribute(line: &str) -> bool {
    line.strip_prefix("#[").is_some_and(|inside| {
        let path: String =
            inside.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect();
        path == "test" || path.ends_with("::test")
    })
}

fn function_name(line: &str) -> Option<&str> {
    let after = line.trim_start().split("fn ").nth(1)?;
    let end = after.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    (end > 0).then(|| &after[..end])
}

/// The line on which the first brace opened at `head` or later closes.
fn block_end(lines: &[&str], head: usize) -> usize {
    let mut depth = 0_i32;
    for (at, line) in lines.iter().enumerate().skip(head) {
        for c in line.chars() {
            match c {
                '{' => depth += 1,
                '}' => {
                    depth -= 1;
                    if depth == 0 {
                        return at;
                    }
                }
                _ => {}
            }
        }
    }
    lines.len().saturating_sub(1)
}

struct Lexer {
    rest: Vec<char>,
    at: usize,
    line: usize,
    out: RustSource,
}

impl Lexer {
    fn run(&mut self) {
        while let Some(c) = self.peek(0) {
            match (c, self.peek(1)) {
                ('/', Some('/')) => self.line_comment(),
                ('/', Some('*')) => self.block_comment(),
                ('"', _) => self.string(),
                ('r', Some('"' | '#')) if self.starts_raw() => self.raw_string(),
                ('\'', Some(next)) if next == '\\' || self.peek(2) == Some('\'') => self.character(),
                _ => self.keep(),
            }
        }
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.rest.get(self.at + ahead).copied()
    }

    /// The next character; goes to the code as it is.
    fn keep(&mut self) {
        if let Some(c) = self.peek(0) {
            self.out.code.push(c);
            self.line += usize::from(c == '\n');
            self.at += 1;
        }
    }

    /// The next character; goes to the code as a blank, and is returned.
    fn blank(&mut self) -> Option<char> {
        let c = self.peek(0)?;
        self.out.code.push(if c == '\n' { '\n' } else { ' ' });
        self.line += usize::from(c == '\n');
        self.at += 1;
        Some(c)
    }

    fn line_comment(&mut self) {
        let line = self.line;
        let mut text = String::new();
        while self.peek(0).is_some_and(|c| c != '\n') {
            text.extend(self.blank());
        }
        self.out.comments.push((line, text));
    }

    fn block_comment(&mut self) {
        let mut depth = 0;
        let (mut line, mut text) = (self.line, String::new());
        loop {
            match (self.peek(0), self.peek(1)) {
                (None, _) => break,
                (Some('/'), Some('*')) => {
                    depth += 1;
                    text.extend(self.blank());
                }
                (Some('*'), Some('/')) => {
                    depth -= 1;
                    text.extend(self.blank());
                }
                (Some('\n'), _) => {
                    self.out.comments.push((line, std::mem::take(&mut text)));
                    line = self.line + 1;
                }
                _ => {}
            }
            text.extend(self.blank());
            if depth == 0 {
                break;
            }
        }
        self.out.comments.push((line, text));
    }

    fn string(&mut self) {
        let line = self.line;
        let mut text = String::new();
        self.keep();
        while let Some(c) = self.peek(0) {
            if c == '"' {
                self.keep();
                break;
            }
            if c == '\\' {
                self.blank();
                match self.blank() {
                    // A line break after the backslash is no part of the text, nor is the indent after it.
                    Some('\n') => {
                        while self.peek(0).is_some_and(char::is_whitespace) {
                            self.blank();
                        }
                    }
                    Some('n') => text.push('\n'),
                    Some(escaped) => text.push(escaped),
                    None => {}
                }
                continue;
            }
            text.extend(self.blank());
        }
        self.out.literals.push((line, text));
    }

    /// `r"`, `r#"`: and not the end of an identifier such as `for`.
    fn starts_raw(&self) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.rest.get(at));
        let in_word =
            before.is_some_and(|c| c.is_alphanumeric() || *c == '_') && !matches!(before, Some('b' | 'c'));
        let hashes = (1..).take_while(|ahead| self.peek(*ahead) == Some('#')).count();
        !in_word && self.peek(1 + hashes) == Some('"')
    }

    fn raw_string(&mut self) {
        let line = self.line;
        let hashes = (1..).take_while(|ahead| self.peek(*ahead) == Some('#')).count();
        for _ in 0..hashes + 2 {
            self.keep();
        }
        let mut text = String::new();
        while let Some(c) = self.peek(0) {
            if c == '"' && (1..=hashes).all(|ahead| self.peek(ahead) == Some('#')) {
                for _ in 0..=hashes {
                    self.keep();
                }
                break;
            }
            text.extend(self.blank());
        }
        self.out.literals.push((line, text));
    }

    /// `'x'`, `'\n'`, `'\u{1f}'`: a brace or a quote in it is none of the code's.
    fn character(&mut self) {
        self.keep();
        if self.peek(0) == Some('\\') {
            self.blank();
        }
        self.blank();
        while self.peek(0).is_some_and(|c| c != '\'' && c != '\n') {
            self.blank();
        }
        self.keep();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_literals_comments_and_code_apart() {
        let text = r##"let a = "x // no \" comment"; // yes "no" literal
let b = r#"raw " {"#; let c = '"'; let d: &'static str = b"bytes"; /* { /* in */ */ let e = '\'';
let f = "one \
         two";"##;
        let source = RustSource::parse(text);
        let literals: Vec<&str> = source.literals.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(literals, ["x // no \" comment", "raw \" {", "bytes", "one two"]);
        assert_eq!(source.comments[0], (1, "// yes \"no\" literal".to_owned()));
        assert!(!source.code.contains('{'), "{}", source.code);
        assert_eq!(source.code.lines().count(), text.lines().count());
    }

    #[test]
    fn finds_tests_with_what_stands_above_them() {
        let text = "fn helper() {}\n\n/// Says.\n// R-000-07\n#[tokio::test(flavor = \"multi_thread\")]\n#[should_panic]\nasync fn one() {\n    if true { \"}\"; }\n}\n\n#[test]\nfn two() {}\n";
        let found = RustSource::parse(text).tests();
        assert_eq!(
            found,
            [
                TestFn { name: "one".into(), first_line: 3, last_line: 9 },
                TestFn { name: "two".into(), first_line: 11, last_line: 12 },
            ]
        );
    }

    #[test]
    fn a_function_run_on_both_engines_is_a_test() {
        let text =
            "on_both!(\n    one,\n    two,\n);\n\nfn helper() {}\n\n// R-000-07\nasync fn one(db: Db) {\n}\n";
        let found = RustSource::parse(text).tests();
        assert_eq!(found, [TestFn { name: "one".into(), first_line: 8, last_line: 10 }]);
    }

    #[test]
    fn knows_where_a_files_own_tests_begin() {
        assert_eq!(RustSource::parse("fn a() {}\n#[cfg(test)]\nmod tests {\n}\n").tests_begin(), 2);
        assert_eq!(RustSource::parse("#[cfg(test)]\nuse x::y;\nfn a() {}\n").tests_begin(), usize::MAX);
    }
}
