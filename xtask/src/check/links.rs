//! Links in Markdown lead to files, and to headings, that exist. Links to other sites are not followed.

use anyhow::Result;

use super::Report;
use crate::repo::Repo;

pub fn run(repo: &Repo) -> Result<Report> {
    let mut report = Report::default();
    let mut links = 0;
    for (path, text) in repo.ending(".md") {
        for (line, target) in targets(text) {
            if target.contains("://") || target.starts_with("mailto:") {
                continue;
            }
            links += 1;
            let (file, heading) = target.split_once('#').unwrap_or((&target, ""));
            let file = if file.is_empty() { path.to_owned() } else { beside(path, file) };
            if !repo.has(&file) {
                report.faults.push(format!("{path}:{line}: no such file: {target}"));
            } else if !heading.is_empty()
                && file.ends_with(".md")
                && !repo.text(&file)?.lines().any(|line| slug(line).as_deref() == Some(heading))
            {
                report.faults.push(format!("{path}:{line}: no such heading: {target}"));
            }
        }
    }
    report.seen = format!("{links} links");
    Ok(report)
}

/// `[text](target)` and `![text](target)`, outside of code.
fn targets(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (at, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        // What stands between backticks is no link.
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        for (begin, _) in prose.match_indices("](") {
            let rest = &prose[begin + 2..];
            if let Some(end) = rest.find([')', ' ']) {
                found.push((at + 1, rest[..end].to_owned()));
            }
        }
    }
    found
}

/// A relative path seen from the file that holds the link, from the root with a leading slash.
fn beside(path: &str, target: &str) -> String {
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    if target.starts_with('/') {
        parts.clear();
    }
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// The address of a heading, as forges make it: lower case, blanks to hyphens, other signs dropped.
fn slug(line: &str) -> Option<String> {
    let text = line.trim_start_matches('#');
    (line.starts_with('#') && text.starts_with(' ')).then(|| {
        let kept = text.trim().to_lowercase().replace(' ', "-");
        kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, '-' | '_')).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_to_what_exists_pass() {
        let good = "[a](b.md) [b](../README.md#two-commands) ![c](/docs/) [d](https://x.se/a) `[e](no.md)`\n```\n[f](no.md)\n```\n[g](#here-1)\n## Here 1\n";
        let bad = "[a](no.md)\n[b](b.md#nowhere)\n";
        let report =
            run(&Repo::of(&[("docs/a.md", good), ("docs/b.md", bad), ("README.md", "# Two commands!\n")]))
                .unwrap();
        assert_eq!(
            report.faults,
            ["docs/b.md:1: no such file: no.md", "docs/b.md:2: no such heading: b.md#nowhere"]
        );
    }
}
