//! XML without its dangerous parts: no DTD, comments, processing instructions or CDATA, and everything bounded.
//!
//! Comments split text in two, so that a reader of the first half sees another value than was signed; a DTD gives
//! attributes and entities that another parser does not see. Both are refused in the bytes, before any parser.

mod canonical;

pub use canonical::canonical_form;
pub use roxmltree::{Document, Node};

/// The most bytes of a document: 240 kB of base64 text (40 000 visible, 200 000 not visible characters) and
/// certificates pass with room to spare.
pub const MAX_BYTES: usize = 512 * 1024;
/// The most nodes of a document, elements and texts together.
pub const MAX_NODES: u32 = 1000;
/// The most elements inside each other.
pub const MAX_DEPTH: usize = 32;
/// The most quotation marks: two for each attribute. Parsers compare the attributes of an element pairwise.
const MAX_QUOTES: usize = 2000;

/// Why a document is refused before its content is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum XmlFault {
    #[error("the document is larger, deeper or has more parts than allowed")]
    TooLarge,
    #[error("the document is not well-formed XML in UTF-8")]
    Malformed,
    #[error("the document has a DTD, which is not allowed")]
    Dtd,
    #[error("the document has a comment, which is not allowed")]
    Comment,
    #[error("the document has a processing instruction, which is not allowed")]
    Instruction,
    #[error("the document has a CDATA section, which is not allowed")]
    Cdata,
    /// Only for [`canonical_form`].
    #[error("the document has namespace prefixes, which the signature profile does not know")]
    Prefix,
}

impl XmlFault {
    /// The stable code of this cause.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "TOO_LARGE",
            Self::Malformed => "XML_MALFORMED",
            Self::Dtd => "XML_DTD",
            Self::Comment => "XML_COMMENT",
            Self::Instruction => "XML_INSTRUCTION",
            Self::Cdata => "XML_CDATA",
            Self::Prefix => "XML_PREFIX",
        }
    }
}

/// The bytes as text, if they are not too many and UTF-8.
pub fn text(bytes: &[u8]) -> Result<&str, XmlFault> {
    if bytes.len() > MAX_BYTES {
        return Err(XmlFault::TooLarge);
    }
    std::str::from_utf8(bytes).map_err(|_| XmlFault::Malformed)
}

/// The document, free of everything that this module refuses.
pub fn parse(text: &str) -> Result<Document<'_>, XmlFault> {
    guard(text)?;
    let options =
        roxmltree::ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, entity_resolver: None };
    let document = Document::parse_with_options(text, options).map_err(|e| match e {
        roxmltree::Error::DtdDetected => XmlFault::Dtd,
        roxmltree::Error::NodesLimitReached => XmlFault::TooLarge,
        _ => XmlFault::Malformed,
    })?;
    for node in document.descendants() {
        // The guard has seen to these; the parser's own word for it costs nothing.
        if node.is_comment() {
            return Err(XmlFault::Comment);
        }
        if node.is_pi() {
            return Err(XmlFault::Instruction);
        }
        if node.ancestors().nth(MAX_DEPTH + 1).is_some() {
            return Err(XmlFault::TooLarge);
        }
    }
    Ok(document)
}

/// Looks at the characters, before any parser does.
fn guard(text: &str) -> Result<(), XmlFault> {
    if text.len() > MAX_BYTES {
        return Err(XmlFault::TooLarge);
    }
    let body = after_declaration(text)?;
    // A bare `<` is markup: in text and attribute values it must be written `&lt;`, and the one place where it
    // may stand otherwise, CDATA, is refused here.
    for (at, _) in body.match_indices('<') {
        let markup = &body.as_bytes()[at..];
        if markup.starts_with(b"<?") {
            return Err(XmlFault::Instruction);
        } else if markup.starts_with(b"<!--") {
            return Err(XmlFault::Comment);
        } else if markup.starts_with(b"<![CDATA[") {
            return Err(XmlFault::Cdata);
        } else if markup.starts_with(b"<!") {
            // Also the empty `<!DOCTYPE a>`, which the parser would let pass.
            return Err(XmlFault::Dtd);
        }
    }
    if body.bytes().filter(|b| matches!(b, b'"' | b'\'')).count() > MAX_QUOTES {
        return Err(XmlFault::TooLarge);
    }
    Ok(())
}

/// What follows an XML declaration (XML 1.0 §2.8), if there is one. An encoding other than UTF-8 is refused:
/// somebody else would read other characters.
fn after_declaration(text: &str) -> Result<&str, XmlFault> {
    let Some(rest) = text.strip_prefix("<?xml") else { return Ok(text) };
    if !rest.starts_with([' ', '\t', '\r', '\n']) {
        return Err(XmlFault::Instruction);
    }
    let (declaration, body) = rest.split_once("?>").ok_or(XmlFault::Malformed)?;
    if declaration.contains('<') {
        return Err(XmlFault::Malformed);
    }
    if let Some((_, after)) = declaration.split_once("encoding") {
        let value = after.trim_start().strip_prefix('=').ok_or(XmlFault::Malformed)?.trim_start();
        let value = value.get(1..).ok_or(XmlFault::Malformed)?;
        let name = value.split(['"', '\'']).next().unwrap_or_default();
        if !name.eq_ignore_ascii_case("utf-8") {
            return Err(XmlFault::Malformed);
        }
    }
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(bytes: &[u8]) -> &'static str {
        text(bytes).and_then(parse).map_or_else(XmlFault::code, |_| "good")
    }

    #[test]
    fn plain_documents_pass() {
        for good in [
            "<a/>",
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?><a b='c'>d &lt; e &#229;</a>",
            "<?xml version='1.0' encoding='utf-8'?>\n<a>åäö</a>\n",
        ] {
            assert_eq!(verdict(good.as_bytes()), "good", "{good}");
        }
    }

    #[test]
    fn each_refusal_has_its_code() {
        let table: [(&str, &str); 16] = [
            ("", "XML_MALFORMED"),
            ("text", "XML_MALFORMED"),
            ("<a><b></a></b>", "XML_MALFORMED"),
            ("<a/><a/>", "XML_MALFORMED"),
            ("<a>&unknown;</a>", "XML_MALFORMED"),
            ("<a b='1' b='2'/>", "XML_MALFORMED"),
            ("<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "XML_MALFORMED"),
            ("<!DOCTYPE a><a/>", "XML_DTD"),
            ("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "XML_DTD"),
            ("<!doctype a><a/>", "XML_DTD"),
            ("<a><!-- --></a>", "XML_COMMENT"),
            ("<a/><!-- -->", "XML_COMMENT"),
            ("<a><?b?></a>", "XML_INSTRUCTION"),
            ("<?xml-stylesheet href='b'?><a/>", "XML_INSTRUCTION"),
            ("<a/><?xml version='1.0'?>", "XML_INSTRUCTION"),
            ("<a><![CDATA[b]]></a>", "XML_CDATA"),
        ];
        for (document, code) in table {
            assert_eq!(verdict(document.as_bytes()), code, "{document}");
        }
        assert_eq!(verdict(b"<a>\xff</a>"), "XML_MALFORMED");
    }

    #[test]
    fn everything_is_bounded() {
        let large = format!("<a>{}</a>", "b".repeat(MAX_BYTES));
        let many = format!("<a>{}</a>", "<b/>".repeat(1000));
        let deep = format!("{}{}", "<a>".repeat(200), "</a>".repeat(200));
        let wide = format!("<a {}/>", (0..1100).map(|i| format!("b{i}='' ")).collect::<String>());
        for document in [large, many, deep, wide] {
            assert_eq!(verdict(document.as_bytes()), "TOO_LARGE");
        }
        let roomy = format!("<a>{}</a>", "b".repeat(MAX_BYTES - 7));
        assert_eq!(verdict(roomy.as_bytes()), "good");
        let deepest = format!("{}{}", "<a>".repeat(MAX_DEPTH), "</a>".repeat(MAX_DEPTH));
        assert_eq!(verdict(deepest.as_bytes()), "good");
    }
}
