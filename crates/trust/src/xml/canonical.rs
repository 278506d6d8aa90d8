//! Canonical XML 1.0 (inclusive, without comments, <https://www.w3.org/TR/2001/REC-xml-c14n-20010315>) of one
//! element with its content, for documents that have default namespaces only.
//!
//! That is all the BankID profile needs, and it is where canonicalisation is simple: no prefixes to inherit, no
//! `xml:` attributes to import, so inclusive and exclusive forms are the same. Everything else is refused.

use super::XmlFault;
use roxmltree::{Node, NodeType};

/// The bytes over which a digest or signature of `element` is made (§2.3 and §2.4 of the recommendation).
pub fn canonical_form(element: Node<'_, '_>) -> Result<String, XmlFault> {
    let strange = |node: Node<'_, '_>| {
        node.namespaces().any(|ns| ns.name().is_some()) || node.attributes().any(|a| a.namespace().is_some())
    };
    if element.document().descendants().any(strange) {
        return Err(XmlFault::Prefix);
    }
    let mut out = String::new();
    write_element(element, "", &mut out)?;
    Ok(out)
}

/// `rendered` is the default namespace that the output has at this place.
fn write_element(element: Node<'_, '_>, rendered: &str, out: &mut String) -> Result<(), XmlFault> {
    let (name, namespace) = (element.tag_name().name(), element.tag_name().namespace().unwrap_or_default());
    out.push('<');
    out.push_str(name);
    if namespace != rendered {
        write_attribute("xmlns", namespace, out);
    }
    let mut attributes: Vec<_> = element.attributes().map(|a| (a.name(), a.value())).collect();
    attributes.sort_unstable();
    for (name, value) in attributes {
        write_attribute(name, value, out);
    }
    out.push('>');
    for child in element.children() {
        match child.node_type() {
            NodeType::Element => write_element(child, namespace, out)?,
            NodeType::Text => write_text(child.text().unwrap_or_default(), out),
            NodeType::Comment => return Err(XmlFault::Comment),
            NodeType::PI | NodeType::Root => return Err(XmlFault::Instruction),
        }
    }
    out.push_str("</");
    out.push_str(name);
    out.push('>');
    Ok(())
}

fn write_attribute(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#x9;"),
            '\n' => out.push_str("&#xA;"),
            '\r' => out.push_str("&#xD;"),
            c => out.push(c),
        }
    }
    out.push('"');
}

fn write_text(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\r' => out.push_str("&#xD;"),
            c => out.push(c),
        }
    }
}
