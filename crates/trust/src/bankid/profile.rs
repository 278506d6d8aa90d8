//! The structure of a BankID signature ("Signature profile for BankID"; W3C XML Signature): an enveloping
//! signature with exactly two references, `#bidSignedData` and `#bidKeyInfo`, and nothing that could be wrapped.
//!
//! Every element has its place and each id occurs once. From the document only three elements are taken, as
//! canonical bytes, and the signature's value: references, certificates and data are read from those bytes.

use super::Fault;
use super::encoding::base64_loose;
use crate::xml::{self, Node, canonical_form};
use aws_lc_rs::digest;
use std::collections::BTreeSet;

const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
pub(super) const TYPES: &str = "http://www.bankid.com/signature/v1.0.0/types";
const C14N: &str = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const SHA256: &str = "http://www.w3.org/2001/04/xmlenc#sha256";
const DATA_ID: &str = "bidSignedData";
const KEY_INFO_ID: &str = "bidKeyInfo";

/// The parts of a signature whose two digests have been found right. Whose it is is not known yet.
pub(super) struct Parts {
    /// Canonical `SignedInfo`: the signature is over these bytes.
    pub signed_info: String,
    pub signature: Vec<u8>,
    /// Canonical `KeyInfo`.
    pub key_info: String,
    /// Canonical `bankIdSignedData`.
    pub data: String,
}

impl Parts {
    /// Steps 1 and 2 of the verification: structure, ids, algorithms, digests.
    pub fn read(root: Node<'_, '_>) -> Result<Self, Fault> {
        unique_ids(root)?;
        let [signed_info, signature_value, key_info, object] =
            children(root, DSIG, "Signature", ["SignedInfo", "SignatureValue", "KeyInfo", "Object"])?;
        attributes(root, &[])?;
        attributes(key_info, &[("Id", KEY_INFO_ID)])?;
        attributes(signature_value, &[])?;
        attributes(object, &[])?;
        let [data] = elements(object)?[..] else { return Err(Fault::XmlStructure) };
        if data.tag_name() != (TYPES, "bankIdSignedData").into() {
            return Err(Fault::XmlStructure);
        }
        attributes(data, &[("Id", DATA_ID)])?;

        let (key_info, data) = (canonical_form(key_info)?, canonical_form(data)?);
        let signed_info = canonical_form(signed_info)?;
        for (digest, content) in
            signed_digests(xml::parse(&signed_info)?.root_element())?.iter().zip([&data, &key_info])
        {
            if digest[..] != *digest::digest(&digest::SHA256, content.as_bytes()).as_ref() {
                return Err(Fault::DigestMismatch);
            }
        }
        Ok(Self { signed_info, signature: base64_loose(&leaf_text(signature_value)?)?, key_info, data })
    }
}

/// The digests that a canonical `SignedInfo` gives for `bankIdSignedData` and `KeyInfo`.
fn signed_digests(signed_info: Node<'_, '_>) -> Result<[Vec<u8>; 2], Fault> {
    let [method, algorithm, to_data, to_key_info] = children(
        signed_info,
        DSIG,
        "SignedInfo",
        ["CanonicalizationMethod", "SignatureMethod", "Reference", "Reference"],
    )?;
    attributes(signed_info, &[])?;
    leaf_algorithm(method, C14N)?;
    leaf_algorithm(algorithm, RSA_SHA256)?;
    attributes(to_data, &[("Type", TYPES), ("URI", "#bidSignedData")])?;
    attributes(to_key_info, &[("URI", "#bidKeyInfo")])?;
    Ok([reference_digest(to_data)?, reference_digest(to_key_info)?])
}

/// The certificates of a canonical `KeyInfo`, as DER: the person's, the bank's customer CA, the bank's CA.
pub(super) fn certificates(key_info: Node<'_, '_>) -> Result<[Vec<u8>; 3], Fault> {
    let [data] = children(key_info, DSIG, "KeyInfo", ["X509Data"])?;
    attributes(data, &[])?;
    let found = children(data, DSIG, "X509Data", ["X509Certificate"; 3])?;
    let mut ders = [const { Vec::new() }; 3];
    for (der, element) in ders.iter_mut().zip(found) {
        attributes(element, &[])?;
        *der = base64_loose(&leaf_text(element)?)?;
    }
    Ok(ders)
}

/// Of all attributes that anybody might take for an id, no two are equal: nobody can mean another element.
fn unique_ids(root: Node<'_, '_>) -> Result<(), Fault> {
    let mut seen = BTreeSet::new();
    let attributes = root.document().descendants().flat_map(|node| node.attributes());
    for id in attributes.filter(|a| a.name().eq_ignore_ascii_case("id")) {
        if !seen.insert(id.value()) {
            return Err(Fault::XmlDuplicateId);
        }
    }
    // Those two are then found where they belong, or the structure is wrong.
    if seen.into_iter().eq([KEY_INFO_ID, DATA_ID]) { Ok(()) } else { Err(Fault::XmlStructure) }
}

fn reference_digest(reference: Node<'_, '_>) -> Result<Vec<u8>, Fault> {
    let [transforms, method, value] =
        children(reference, DSIG, "Reference", ["Transforms", "DigestMethod", "DigestValue"])?;
    let [transform] = children(transforms, DSIG, "Transforms", ["Transform"])?;
    attributes(transforms, &[])?;
    leaf_algorithm(transform, C14N)?;
    leaf_algorithm(method, SHA256)?;
    attributes(value, &[])?;
    base64_loose(&leaf_text(value)?)
}

/// An element that names an algorithm and takes no parameters.
fn leaf_algorithm(element: Node<'_, '_>, expected: &str) -> Result<(), Fault> {
    let mut attributes = element.attributes();
    let (Some(only), None) = (attributes.next(), attributes.next()) else { return Err(Fault::XmlStructure) };
    if only.name() != "Algorithm" || only.namespace().is_some() {
        return Err(Fault::XmlStructure);
    }
    if only.value() != expected {
        return Err(Fault::XmlAlgorithm);
    }
    if element.has_children() { Err(Fault::XmlStructure) } else { Ok(()) }
}

/// Exactly these child elements in this order, all in the element's own namespace.
fn children<'a, 'i, const N: usize>(
    element: Node<'a, 'i>,
    namespace: &str,
    name: &str,
    expected: [&str; N],
) -> Result<[Node<'a, 'i>; N], Fault> {
    if element.tag_name() != (namespace, name).into() {
        return Err(Fault::XmlStructure);
    }
    let found: [Node<'a, 'i>; N] = elements(element)?.try_into().map_err(|_| Fault::XmlStructure)?;
    if found.iter().zip(expected).any(|(node, name)| node.tag_name() != (namespace, name).into()) {
        return Err(Fault::XmlStructure);
    }
    Ok(found)
}

/// The child elements; text beside them may only be white space.
pub(super) fn elements<'a, 'i>(element: Node<'a, 'i>) -> Result<Vec<Node<'a, 'i>>, Fault> {
    let mut found = Vec::new();
    for child in element.children() {
        if child.is_element() {
            found.push(child);
        } else if !child.text().unwrap_or_default().trim_ascii().is_empty() {
            return Err(Fault::XmlStructure);
        }
    }
    Ok(found)
}

/// Exactly these attributes.
fn attributes(element: Node<'_, '_>, expected: &[(&str, &str)]) -> Result<(), Fault> {
    let fits = element.attributes().len() == expected.len()
        && expected.iter().all(|(name, value)| element.attribute(*name) == Some(value));
    if fits { Ok(()) } else { Err(Fault::XmlStructure) }
}

/// The text of an element that has no child elements.
pub(super) fn leaf_text(element: Node<'_, '_>) -> Result<String, Fault> {
    if element.children().any(|c| !c.is_text()) {
        return Err(Fault::XmlStructure);
    }
    Ok(element.children().filter_map(|c| c.text()).collect())
}
