//! Why a BankID signature is not believed. One variant and one stable code per cause; no personal data in any.

use crate::xml::XmlFault;

/// To the visitor all of these are one message; to operations and to the record they are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Fault {
    #[error("the signature or OCSP answer is larger than allowed")]
    TooLarge,
    #[error("a value that should be base64 is not")]
    Base64,
    #[error("the signature is no acceptable XML: {0}")]
    Xml(XmlFault),
    #[error("the signature has not the structure of BankID's profile")]
    XmlStructure,
    #[error("an element id is used twice or in the wrong place")]
    XmlDuplicateId,
    #[error("the signature names an algorithm outside BankID's profile")]
    XmlAlgorithm,
    #[error("the signed content has been changed: its digest differs")]
    DigestMismatch,
    #[error("the signature does not fit the person's key")]
    SignatureWrong,
    #[error("a certificate cannot be read")]
    CertificateMalformed,
    #[error("the certificates do not lead to a configured BankID root: check the configured root")]
    ChainUntrusted,
    #[error("a certificate was not valid when the signature was made")]
    ChainExpired,
    #[error("the person used another type of BankID than was asked for")]
    PolicyWrong,
    #[error("a certificate may not be used for what it was used for")]
    KeyUsage,
    #[error("the OCSP answer cannot be read")]
    OcspMalformed,
    #[error("the OCSP responder gave an error instead of an answer")]
    OcspStatus,
    #[error("the OCSP answer comes from nobody whom the bank entitled to give it")]
    OcspResponder,
    #[error("the OCSP answer's own signature is wrong")]
    OcspSignature,
    #[error("the OCSP answer is about another certificate")]
    OcspCertId,
    #[error("the person's BankID is revoked")]
    OcspRevoked,
    #[error("the OCSP responder does not know the person's BankID")]
    OcspUnknown,
    #[error("the OCSP answer does not belong to this signature")]
    OcspNonce,
    #[error("the OCSP answer was not made when the signature was: check this machine's clock")]
    OcspStale,
    #[error("the signed data are not those that were sent")]
    DataMismatch,
    #[error("another person signed")]
    WrongPerson,
    #[error("an identification was given where a signature was asked for, or the other way round")]
    WrongOperation,
    #[error("the signature was made for another relying party")]
    WrongRelyingParty,
}

impl Fault {
    /// The stable code under which logs, records and tests know this cause.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLarge => "TOO_LARGE",
            Self::Base64 => "BASE64",
            Self::Xml(fault) => fault.code(),
            Self::XmlStructure => "XML_STRUCTURE",
            Self::XmlDuplicateId => "XML_DUPLICATE_ID",
            Self::XmlAlgorithm => "XML_ALGORITHM",
            Self::DigestMismatch => "DIGEST_MISMATCH",
            Self::SignatureWrong => "SIGNATURE_WRONG",
            Self::CertificateMalformed => "CERTIFICATE_MALFORMED",
            Self::ChainUntrusted => "CHAIN_UNTRUSTED",
            Self::ChainExpired => "CHAIN_EXPIRED",
            Self::PolicyWrong => "POLICY_WRONG",
            Self::KeyUsage => "KEY_USAGE",
            Self::OcspMalformed => "OCSP_MALFORMED",
            Self::OcspStatus => "OCSP_STATUS",
            Self::OcspResponder => "OCSP_RESPONDER",
            Self::OcspSignature => "OCSP_SIGNATURE",
            Self::OcspCertId => "OCSP_CERT_ID",
            Self::OcspRevoked => "OCSP_REVOKED",
            Self::OcspUnknown => "OCSP_UNKNOWN",
            Self::OcspNonce => "OCSP_NONCE",
            Self::OcspStale => "OCSP_STALE",
            Self::DataMismatch => "DATA_MISMATCH",
            Self::WrongPerson => "WRONG_PERSON",
            Self::WrongOperation => "WRONG_OPERATION",
            Self::WrongRelyingParty => "WRONG_RELYING_PARTY",
        }
    }
}

impl From<XmlFault> for Fault {
    fn from(fault: XmlFault) -> Self {
        Self::Xml(fault)
    }
}
