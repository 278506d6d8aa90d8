//! `bankIdSignedData`: what was shown, what was signed unseen, for whom and in which operation.
//!
//! Read from the canonical bytes whose digest has been compared. Elements that are not known are ignored, since
//! new app versions add some; a known one that comes twice is refused.

use super::encoding::base64_strict;
use super::profile::{TYPES, elements, leaf_text};
use super::{Fault, Operation};
use crate::xml::Node;

/// The most bytes of each text: BankID takes 40 000 and 200 000 characters of base64.
const MAX_DATA: usize = 200_000;
/// The most bytes of the relying party's name and of the nonce.
const MAX_SHORT: usize = 4_000;

pub(super) struct SignedData {
    pub operation: Operation,
    pub visible: Option<Vec<u8>>,
    pub non_visible: Option<Vec<u8>>,
    /// The subject of the relying party's certificate as text.
    pub relying_party: String,
    pub nonce: Vec<u8>,
}

impl SignedData {
    pub fn read(root: Node<'_, '_>) -> Result<Self, Fault> {
        let visible = match optional(root, "usrVisibleData")? {
            Some(element) => {
                // What you see is what you sign: anything else was not shown to the person.
                if element.attribute("visible") != Some("wysiwys")
                    || element.attribute("charset") != Some("UTF-8")
                {
                    return Err(Fault::XmlStructure);
                }
                Some(base64_strict(&leaf_text(element)?, MAX_DATA)?)
            }
            None => None,
        };
        let non_visible = match optional(root, "usrNonVisibleData")? {
            Some(element) => Some(base64_strict(&leaf_text(element)?, MAX_DATA)?),
            None => None,
        };
        let server = required(root, "srvInfo")?;
        let relying_party = base64_strict(&leaf_text(required(server, "name")?)?, MAX_SHORT)?;
        let operation = match leaf_text(required(required(root, "clientInfo")?, "funcId")?)?.as_str() {
            "Identification" => Operation::Identification,
            "Signing" => Operation::Signing,
            _ => return Err(Fault::WrongOperation),
        };
        Ok(Self {
            operation,
            visible,
            non_visible,
            relying_party: String::from_utf8(relying_party).map_err(|_| Fault::XmlStructure)?,
            nonce: base64_strict(&leaf_text(required(server, "nonce")?)?, MAX_SHORT)?,
        })
    }
}

/// The organisation number in a subject such as `cn=…,name=…,serialNumber=5566304928,o=…,c=SE`; `None` if there
/// is none or if a comma in another value makes it look as if there were several.
pub(super) fn organisation_number(subject: &str) -> Option<&str> {
    let mut numbers = subject.split(',').filter_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case("serialNumber").then(|| value.trim())
    });
    let first = numbers.next()?;
    numbers.next().is_none().then_some(first)
}

fn optional<'a, 'i>(parent: Node<'a, 'i>, name: &str) -> Result<Option<Node<'a, 'i>>, Fault> {
    let mut found = elements(parent)?.into_iter().filter(|e| e.tag_name() == (TYPES, name).into());
    match (found.next(), found.next()) {
        (first, None) => Ok(first),
        _ => Err(Fault::XmlStructure),
    }
}

fn required<'a, 'i>(parent: Node<'a, 'i>, name: &str) -> Result<Node<'a, 'i>, Fault> {
    optional(parent, name)?.ok_or(Fault::XmlStructure)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_organisation_number_is_found_once_or_not_at_all() {
        let table = [
            (
                "cn=FP,name=Test av BankID,serialNumber=5566304928,o=Testbank A AB (publ),c=SE",
                Some("5566304928"),
            ),
            ("SERIALNUMBER=5566304928", Some("5566304928")),
            ("cn=FP,o=Bank", None),
            ("cn=FP,serialNumber=5566304928,o=Evil,serialNumber=2021005521", None),
            ("cn=FP serialNumber=5566304928", None),
            ("", None),
        ];
        for (subject, number) in table {
            assert_eq!(organisation_number(subject), number, "{subject}");
        }
    }
}
