//! Checkpoints (C2SP tlog-checkpoint): origin, size and root of the tree, signed as a note.
//!
//! The name of the signing key is the origin. A checkpoint is signed over what was committed, after the commit, and
//! never one that contradicts an earlier one: that is the sequencer's to keep and the verifier's to find.

use base64::{Engine, prelude::BASE64_STANDARD};
use std::fmt;

use crate::{
    Hash,
    note::{NoteRefused, NoteSignature, SignedNote, VerifierKey},
};

/// What a log says about itself at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log; also says whether it is a demo, a test or production.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    pub root: Hash,
}

/// The checkpoint does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointRefused {
    #[error(transparent)]
    Note(#[from] NoteRefused),
    #[error("not a checkpoint: three lines are expected, origin, size and root")]
    Form,
    #[error("it is signed by a key for another log than {origin}")]
    Origin { origin: String },
}

/// The checkpoint could not be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError<E> {
    #[error(transparent)]
    Signer(E),
    /// Nothing is published that would not verify.
    #[error("the signature does not fit the key that is published: load the keys again")]
    OtherKey,
    #[error(transparent)]
    Refused(#[from] CheckpointRefused),
}

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, BASE64_STANDARD.encode(self.root))
    }

    /// Reads the text. Extension lines are refused: our log writes none, and nobody could audit them.
    pub fn from_text(text: &str) -> Result<Self, CheckpointRefused> {
        let mut lines = text.split('\n');
        let (Some(origin), Some(size), Some(root), Some(""), None) =
            (lines.next(), lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointRefused::Form);
        };
        let mut hash = [0; 32];
        let decoded = BASE64_STANDARD.decode(root).map_err(|_| CheckpointRefused::Form)?;
        if origin.is_empty() || decoded.len() != hash.len() {
            return Err(CheckpointRefused::Form);
        }
        hash.copy_from_slice(&decoded);
        let size = crate::decimal(size).ok_or(CheckpointRefused::Form)?;
        Ok(Self { origin: origin.to_owned(), size, root: hash })
    }

    /// Signs with the key of the origin; `signer` gets the text's bytes and returns an Ed25519 signature by `key`.
    pub fn sign<E>(
        &self,
        key: &VerifierKey,
        signer: impl FnOnce(&[u8]) -> Result<[u8; 64], E>,
    ) -> Result<SignedNote, SignError<E>> {
        let text = self.text();
        let signature = signer(text.as_bytes()).map_err(SignError::Signer)?;
        let line = NoteSignature {
            name: key.name().to_owned(),
            key_id: key.key_id(),
            signature: signature.to_vec(),
        };
        let note = SignedNote::new(text, vec![line]).map_err(CheckpointRefused::Note)?;
        match Self::open(&note.to_string(), std::slice::from_ref(key)) {
            Ok(read) if read == *self => Ok(note),
            Ok(_) => Err(CheckpointRefused::Form.into()),
            Err(CheckpointRefused::Note(NoteRefused::BadSignature { .. })) => Err(SignError::OtherKey),
            Err(refused) => Err(refused.into()),
        }
    }

    /// Reads a signed checkpoint and believes it: at least one of `keys` named as its origin has signed it, and no
    /// signature by any of them is wrong.
    pub fn open(note: &str, keys: &[VerifierKey]) -> Result<Self, CheckpointRefused> {
        Self::open_signed(note, keys).map(|(checkpoint, _)| checkpoint)
    }

    /// As [`Checkpoint::open`], with the public keys that have signed it.
    pub fn open_signed(note: &str, keys: &[VerifierKey]) -> Result<(Self, Vec<[u8; 32]>), CheckpointRefused> {
        let note = SignedNote::parse(note)?;
        let signers = note.verify(keys)?;
        let checkpoint = Self::from_text(note.text())?;
        let own: Vec<_> =
            signers.iter().filter(|key| key.name() == checkpoint.origin).map(|key| key.public()).collect();
        if own.is_empty() {
            Err(CheckpointRefused::Origin { origin: checkpoint.origin })
        } else {
            Ok((checkpoint, own))
        }
    }
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {} records, root {}", self.origin, self.size, BASE64_STANDARD.encode(self.root))
    }
}
