//! Long texts of the catalogue, such as terms, as HTML: headings, paragraphs and lists of Markdown, and no more of it.
//!
//! Nothing in a text becomes markup by itself: the template escapes every piece.

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    /// `## …`
    Heading(String),
    /// `### …` and deeper.
    SubHeading(String),
    /// Lines until an empty one.
    Paragraph(String),
    /// Lines that begin with `- `.
    List(Vec<String>),
}

/// The pieces in order. The title (`# …`) is left out: the page has its own.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut fresh = true;
    for line in text.lines().map(str::trim) {
        if line.is_empty() || line.starts_with("# ") {
            fresh = true;
            continue;
        }
        if let Some(heading) = line.strip_prefix("## ") {
            blocks.push(Block::Heading(heading.to_owned()));
            fresh = true;
        } else if let Some((_, heading)) =
            line.split_once("# ").filter(|(marks, _)| marks.bytes().all(|b| b == b'#'))
        {
            blocks.push(Block::SubHeading(heading.to_owned()));
            fresh = true;
        } else if let Some(item) = line.strip_prefix("- ") {
            match blocks.last_mut() {
                Some(Block::List(items)) => items.push(item.to_owned()),
                _ => blocks.push(Block::List(vec![item.to_owned()])),
            }
            fresh = false;
        } else {
            match blocks.last_mut() {
                Some(Block::Paragraph(text)) if !fresh => {
                    text.push(' ');
                    text.push_str(line);
                }
                Some(Block::List(items)) if !fresh => {
                    if let Some(item) = items.last_mut() {
                        item.push(' ');
                        item.push_str(line);
                    }
                }
                _ => blocks.push(Block::Paragraph(line.to_owned())),
            }
            fresh = false;
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_few_forms_that_terms_use_are_read() {
        let text = "# Villkor\n\nVersion 1.\n\n## 1. Om\n\n1.1 En rad\nsom går vidare.\n\n- ett\n- två\n  tre\n\n### Under\n1 < 2 # nej\n";
        assert_eq!(
            blocks(text),
            [
                Block::Paragraph("Version 1.".into()),
                Block::Heading("1. Om".into()),
                Block::Paragraph("1.1 En rad som går vidare.".into()),
                Block::List(vec!["ett".into(), "två tre".into()]),
                Block::SubHeading("Under".into()),
                Block::Paragraph("1 < 2 # nej".into()),
            ]
        );
    }
}
