//! Signed notes (C2SP signed-note): a text, a blank line, and lines of signatures by name and key.

mod key;

pub use key::{BadKey, BadKeyFile, VerifierKey, read_keys};

use base64::{Engine, prelude::BASE64_STANDARD};
use std::fmt;

/// What is read at most, in bytes: sixteen post-quantum signatures fit well.
pub const MAX_NOTE_LEN: usize = 256 * 1024;
const MAX_SIGNATURES: usize = 64;

/// A note as it was read or made. Nothing in it counts until [`SignedNote::verify`] has said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedNote {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One line of signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteSignature {
    /// The name of the key.
    pub name: String,
    /// Four bytes that tell the keys of one name apart.
    pub key_id: [u8; 4],
    pub signature: Vec<u8>,
}

/// The note does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteRefused {
    #[error("not a signed note: {0}")]
    Form(&'static str),
    #[error("no key that you trust has signed it (give the key file of the time when it was signed)")]
    NoKnownKey,
    #[error("the signature by {name} is wrong")]
    BadSignature { name: String },
}

impl SignedNote {
    /// A note out of its parts.
    ///
    /// # Errors
    /// [`NoteRefused::Form`] where it could not be read again.
    pub fn new(text: String, signatures: Vec<NoteSignature>) -> Result<Self, NoteRefused> {
        let note = Self { text, signatures };
        match Self::parse(&note.to_string()) {
            Ok(read) if read == note => Ok(note),
            Ok(_) => Err(NoteRefused::Form("it would be read as another one")),
            Err(refused) => Err(refused),
        }
    }

    /// Reads a note; says nothing yet about its signatures.
    pub fn parse(note: &str) -> Result<Self, NoteRefused> {
        let form = NoteRefused::Form;
        if note.len() > MAX_NOTE_LEN {
            return Err(form("it is too long"));
        }
        if note.bytes().any(|b| b < 0x20 && b != b'\n') {
            return Err(form("it holds control characters"));
        }
        // The signatures stand behind the last blank line.
        let (text, lines) =
            note.rsplit_once("\n\n").ok_or(form("there is no blank line before the signatures"))?;
        let lines = lines.strip_suffix('\n').ok_or(form("it does not end with a line end"))?;
        let mut signatures = Vec::new();
        for line in lines.split('\n') {
            if signatures.len() == MAX_SIGNATURES {
                return Err(form("it has too many signatures"));
            }
            signatures.push(NoteSignature::parse(line).ok_or(form("a line of signature is not one"))?);
        }
        Ok(Self { text: format!("{text}\n"), signatures })
    }

    /// The signed text, with its last line end.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn signatures(&self) -> &[NoteSignature] {
        &self.signatures
    }

    /// The keys whose signatures are good, at least one. Signatures by unknown keys are left aside (C2SP: this lets
    /// keys be turned and witnesses sign); one wrong signature by a known key refuses the whole note.
    pub fn verify<'k>(&self, keys: &'k [VerifierKey]) -> Result<Vec<&'k VerifierKey>, NoteRefused> {
        let mut good = Vec::new();
        for line in &self.signatures {
            for key in keys.iter().filter(|key| key.name() == line.name && key.key_id() == line.key_id) {
                if !key.verify(self.text.as_bytes(), &line.signature) {
                    return Err(NoteRefused::BadSignature { name: line.name.clone() });
                }
                good.push(key);
            }
        }
        if good.is_empty() { Err(NoteRefused::NoKnownKey) } else { Ok(good) }
    }
}

impl NoteSignature {
    fn parse(line: &str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
        let bytes = BASE64_STANDARD.decode(encoded).ok()?;
        let (key_id, signature) = bytes.split_first_chunk::<4>()?;
        if signature.is_empty() || !key::is_name(name) {
            return None;
        }
        Some(Self { name: name.to_owned(), key_id: *key_id, signature: signature.to_vec() })
    }
}

/// The note as it stands in files.
impl fmt::Display for SignedNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", self.text, self.signatures.iter().map(ToString::to_string).collect::<String>())
    }
}

impl fmt::Display for NoteSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [self.key_id.as_slice(), &self.signature].concat();
        writeln!(f, "\u{2014} {} {}", self.name, BASE64_STANDARD.encode(bytes))
    }
}
