//! A backup's file, checked from its first byte to its last before anybody uses it.

use super::export::{MAGIC, told};
use super::manifest::{FORMAT, Manifest, hex};
use super::{BackupError, Part, rows};
use crate::migrate::leading_to;
use crate::{MigrationSet, Value};
use aws_lc_rs::digest::{Context, SHA256, digest};
use keyring::Stamp;
use std::{
    fs::File,
    io::{BufReader, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

/// Length, hash and stamp of the manifest.
const TRAILER: u64 = 8 + 32 + 32;
/// A manifest is a few hundred lines.
const LONGEST_MANIFEST: u64 = 16 * 1024 * 1024;

/// A whole backup of this installation that this program knows how to restore.
#[derive(Debug, Clone)]
pub struct Backup {
    path: PathBuf,
    first_part: u64,
    /// The migrations that make its tables.
    pub(super) sets: Vec<MigrationSet>,
    pub manifest: Manifest,
    /// SHA-256 of the manifest: names this backup and no other.
    pub name: [u8; 32],
}

impl Backup {
    /// Reads the whole file: form, hash of each part, stamp, and whether this program knows its tables.
    ///
    /// # Errors
    /// [`BackupError::NotOne`], [`BackupError::Newer`], [`BackupError::Damaged`], [`BackupError::Foreign`].
    pub fn open(path: &Path, stamp: &Stamp, sets: &[MigrationSet]) -> Result<Backup, BackupError> {
        let damaged = |what| BackupError::Damaged { path: path.to_owned(), what };
        let io = |error: std::io::Error| told(path, &error);
        let mut file = File::open(path).map_err(io)?;
        let first_part = first_line(path, &mut file)?;
        let length = file.metadata().map_err(io)?.len();
        let end =
            length.checked_sub(TRAILER).filter(|end| *end >= first_part).ok_or(damaged("it is cut short"))?;
        let mut trailer = [0; TRAILER as usize];
        file.seek(SeekFrom::Start(end)).map_err(io)?;
        file.read_exact(&mut trailer).map_err(io)?;
        let (size, rest) = trailer.split_first_chunk::<8>().ok_or(damaged("it is cut short"))?;
        let (name, mac) = rest.split_first_chunk::<32>().ok_or(damaged("it is cut short"))?;
        let size = u64::from_be_bytes(*size);
        let begins = end.checked_sub(size).filter(|begins| *begins >= first_part && size <= LONGEST_MANIFEST);
        let begins = begins.ok_or(damaged("it is cut short or altered"))?;
        file.seek(SeekFrom::Start(begins)).map_err(io)?;
        let mut text = Vec::new();
        (&mut file).take(size).read_to_end(&mut text).map_err(io)?;
        if digest(&SHA256, &text).as_ref() != name {
            return Err(damaged("its manifest was altered, or it is cut short"));
        }
        if !mac.try_into().is_ok_and(|mac| stamp.verify(&text, mac)) {
            return Err(BackupError::Foreign(path.to_owned()));
        }
        let manifest: Manifest =
            serde_json::from_slice(&text).map_err(|_| damaged("its manifest cannot be read"))?;
        let newer = || BackupError::Newer { path: path.to_owned(), release: manifest.release.clone() };
        let applied = manifest.applied().ok_or(damaged("its manifest cannot be read"))?;
        let sets = leading_to(sets, &applied).ok_or_else(newer)?;
        let backup = Backup { path: path.to_owned(), first_part, sets, name: *name, manifest };
        backup.check_parts(&mut file, begins)?;
        Ok(backup)
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn damaged(&self, what: &'static str) -> BackupError {
        BackupError::Damaged { path: self.path.clone(), what }
    }

    fn check_parts(&self, file: &mut File, end: u64) -> Result<(), BackupError> {
        let io = |error: std::io::Error| told(&self.path, &error);
        file.seek(SeekFrom::Start(self.first_part)).map_err(io)?;
        let mut room = vec![0; 256 * 1024];
        let mut at = self.first_part;
        for part in &self.manifest.parts {
            let mut left = part.bytes;
            at = at.checked_add(left).filter(|at| *at <= end).ok_or(self.damaged("it is cut short"))?;
            let mut hash = Context::new(&SHA256);
            while left > 0 {
                let size = usize::try_from(left).unwrap_or(usize::MAX).min(room.len());
                let piece = room.get_mut(..size).unwrap_or_default();
                file.read_exact(piece).map_err(io)?;
                hash.update(piece);
                left -= size as u64;
            }
            if hex(hash.finish().as_ref()) != part.sha256 {
                return Err(self.damaged("a table in it was altered"));
            }
        }
        if at == end { Ok(()) } else { Err(self.damaged("there is more in it than it says")) }
    }

    /// The rows of all parts, in their order.
    pub(super) fn reader(&self) -> Result<Rows, BackupError> {
        let mut file = File::open(&self.path).map_err(|error| told(&self.path, &error))?;
        file.seek(SeekFrom::Start(self.first_part)).map_err(|error| told(&self.path, &error))?;
        Ok(Rows { file: BufReader::with_capacity(256 * 1024, file) })
    }
}

/// Reads rows one after the other.
pub(super) struct Rows {
    file: BufReader<File>,
}

impl Rows {
    /// The next part: `each` gets its rows. The bytes are hashed once more: what is loaded is what was checked.
    pub(super) fn part(
        &mut self,
        of: &Backup,
        part: &Part,
        mut each: impl FnMut(Vec<Value>) -> Result<(), BackupError>,
    ) -> Result<(), BackupError> {
        let mut hashed = Hashed { from: (&mut self.file).take(part.bytes), hash: Context::new(&SHA256) };
        for _ in 0..part.rows {
            let row =
                part.columns.iter().map(|_| rows::get(&mut hashed)).collect::<std::io::Result<Vec<_>>>();
            each(row.map_err(|_| of.damaged("a table in it cannot be read"))?)?;
        }
        if hashed.from.limit() != 0 || hex(hashed.hash.finish().as_ref()) != part.sha256 {
            return Err(of.damaged("a table in it was altered"));
        }
        Ok(())
    }
}

struct Hashed<R> {
    from: R,
    hash: Context,
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.from.read(into)?;
        self.hash.update(into.get(..read).unwrap_or_default());
        Ok(read)
    }
}

/// Reads the first line; gives where the parts begin.
fn first_line(path: &Path, file: &mut File) -> Result<u64, BackupError> {
    let mut head = [0; 32];
    let read = file.read(&mut head).map_err(|error| told(path, &error))?;
    let line = head.get(..read).unwrap_or_default().split(|byte| *byte == b'\n').next().unwrap_or_default();
    let number = std::str::from_utf8(line).ok().and_then(|line| line.strip_prefix(MAGIC));
    let number: u32 =
        number.and_then(|number| number.parse().ok()).ok_or_else(|| BackupError::NotOne(path.to_owned()))?;
    match number {
        FORMAT => Ok(line.len() as u64 + 1),
        newer if newer > FORMAT => {
            Err(BackupError::Newer { path: path.to_owned(), release: format!("with form {newer}") })
        }
        _ => Err(BackupError::NotOne(path.to_owned())),
    }
}
