//! Making a backup: one consistent read, page by page, into a file that appears only when it is whole.
//!
//! Writers are not stopped: SQLite reads a snapshot beside its log, PostgreSQL a REPEATABLE READ one. What it costs them:
//! until it is done, SQLite's log is not shortened and PostgreSQL keeps dead rows.

use super::manifest::{FORMAT, Manifest, Part, Step, hex};
use super::{BackupError, rows};
use crate::migrate::{OWN_TABLES, all_applied, leading_to, tables_of};
use crate::{MigrationSet, Store, StoreError, Tx, Value, installation, log, many, seq};
use aws_lc_rs::digest::{Context, SHA256, digest};
use domain::Instant;
use keyring::Stamp;
use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

/// How much of a table is read at once, in bytes and rows.
const PAGE_BYTES: usize = 1024 * 1024;
const PAGE_ROWS: usize = 1024;

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Tables that are done, of how many.
    pub tables: usize,
    pub of: usize,
    /// Rows and bytes so far.
    pub rows: u64,
    pub bytes: u64,
}

/// Writes a backup to `place`, which must not exist, and tells on the way how far it is.
///
/// # Errors
/// [`BackupError::Exists`], [`BackupError::StoreNewer`], and what store and disk refuse. No file is left behind.
pub async fn write(
    store: &Store,
    sets: &[MigrationSet],
    place: &Path,
    stamp: Stamp,
    now: Instant,
    progress: Arc<dyn Fn(Progress) + Send + Sync>,
) -> Result<Manifest, BackupError> {
    if place.exists() {
        return Err(BackupError::Exists(place.to_owned()));
    }
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(format!(".part-{}", std::process::id()));
    let part = place.with_file_name(name);
    let written = {
        let (part, sets) = (part.clone(), sets.to_vec());
        // A run that is begun again begins the file again.
        store.read(move |tx| all(tx, &sets, &part, &stamp, now, progress.as_ref())).await
    };
    let finished = written.and_then(|manifest| appear(&part, place).map(|()| manifest));
    if finished.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    finished
}

/// The whole file under its own name, and so on disk.
fn appear(part: &Path, place: &Path) -> Result<(), BackupError> {
    // A link, not a renaming: what came to this name meanwhile is not overwritten.
    match std::fs::hard_link(part, place) {
        Ok(()) => {
            let _ = std::fs::remove_file(part);
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(BackupError::Exists(place.to_owned()));
        }
        // A file system without links.
        Err(_) => std::fs::rename(part, place).map_err(|error| told(place, &error))?,
    }
    let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| told(folder, &error))
}

pub(super) fn told(path: &Path, error: &std::io::Error) -> BackupError {
    BackupError::File { path: path.to_owned(), why: error.to_string() }
}

fn all(
    tx: &mut Tx<'_>,
    sets: &[MigrationSet],
    path: &Path,
    stamp: &Stamp,
    now: Instant,
    progress: &(dyn Fn(Progress) + Send + Sync),
) -> Result<Manifest, BackupError> {
    let applied = all_applied(tx)?;
    let sets = leading_to(sets, &applied).ok_or(BackupError::StoreNewer)?;
    let installation =
        installation::find(tx)?.ok_or_else(|| StoreError::Refused("no installation in it".into()))?;
    let (head, tree) = (seq::head(tx)?, log::tree(tx)?);
    let mut tables = tables_of(&sets);
    tables.retain(|table| !OWN_TABLES.contains(&table.as_str()));
    tables.push(OWN_TABLES[1].to_owned());
    let mut out = Out::create(path)?;
    out.write(format!("{MAGIC}{FORMAT}\n").as_bytes())?;
    let mut parts = Vec::new();
    for (done, table) in tables.iter().enumerate() {
        let so_far = |rows, bytes| progress(Progress { tables: done, of: tables.len(), rows, bytes });
        if let Some(part) = one(tx, table, &mut out, so_far)? {
            parts.push(part);
        }
    }
    progress(Progress { tables: tables.len(), of: tables.len(), rows: out.rows, bytes: out.bytes });
    let manifest = Manifest {
        release: env!("CARGO_PKG_VERSION").to_owned(),
        made_at_micros: now.micros(),
        environment: installation.environment.to_string(),
        origin: installation.origin,
        epoch: head.epoch,
        seq: head.seq,
        log_size: tree.size,
        log_root: hex(&tree.root),
        steps: applied
            .into_iter()
            .map(|one| Step { owner: one.owner, number: one.number, hash: hex(&one.hash) })
            .collect(),
        parts,
    };
    let text = serde_json::to_vec(&manifest).map_err(|e| StoreError::Refused(e.to_string()))?;
    out.write(&text)?;
    out.write(&(text.len() as u64).to_be_bytes())?;
    out.write(digest(&SHA256, &text).as_ref())?;
    out.write(&stamp.make(&text))?;
    out.finish()?;
    Ok(manifest)
}

/// The file's first line, before the number of its form.
pub(super) const MAGIC: &str = "behorig-backup ";

/// One table, by pages in the order of its key. `None`: a store of an earlier release has none.
fn one(
    tx: &mut Tx<'_>,
    table: &str,
    out: &mut Out,
    progress: impl Fn(u64, u64),
) -> Result<Option<Part>, BackupError> {
    let columns = tx.columns(table)?;
    if columns.is_empty() {
        return Ok(None);
    }
    let mut keys: Vec<_> = columns.iter().enumerate().filter(|(_, column)| column.key > 0).collect();
    keys.sort_by_key(|(_, column)| column.key);
    if keys.is_empty() {
        return Err(StoreError::Refused(format!("the table {table} has no key to read it by")).into());
    }
    let names = columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join(", ");
    let key = keys.iter().map(|(_, column)| column.name.as_str()).collect::<Vec<_>>().join(", ");
    let mut hash = Context::new(&SHA256);
    let (mut rows_done, mut bytes_done) = (0u64, 0u64);
    let (mut after, mut limit): (Option<Vec<Value>>, usize) = (None, 16);
    loop {
        let (params, from) = match &after {
            None => (Vec::new(), String::new()),
            Some(last) => (last.clone(), format!("WHERE ({key}) > ({})", many::places(1, last.len()))),
        };
        let page =
            tx.query(&format!("SELECT {names} FROM {table} {from} ORDER BY {key} LIMIT {limit}"), &params)?;
        let mut bytes = Vec::new();
        for row in &page {
            for value in row.values() {
                rows::put(value, &mut bytes).map_err(|error| told(&out.path, &error))?;
            }
        }
        hash.update(&bytes);
        out.write(&bytes)?;
        rows_done += page.len() as u64;
        bytes_done += bytes.len() as u64;
        out.rows += page.len() as u64;
        progress(out.rows, out.bytes);
        let Some(last) = page.last().filter(|_| page.len() == limit) else { break };
        after = Some(keys.iter().filter_map(|(place, _)| last.values().get(*place).cloned()).collect());
        // So many rows as fill a page, by what the last page weighed.
        limit = (PAGE_BYTES * page.len() / bytes.len().max(1)).clamp(1, PAGE_ROWS);
    }
    Ok(Some(Part {
        table: table.to_owned(),
        columns: columns.into_iter().map(|column| column.name).collect(),
        rows: rows_done,
        bytes: bytes_done,
        sha256: hex(hash.finish().as_ref()),
    }))
}

/// The file under its passing name.
struct Out {
    path: PathBuf,
    file: BufWriter<File>,
    rows: u64,
    bytes: u64,
}

impl Out {
    fn create(path: &Path) -> Result<Self, BackupError> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| told(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            file: BufWriter::with_capacity(256 * 1024, file),
            rows: 0,
            bytes: 0,
        })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), BackupError> {
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes).map_err(|error| told(&self.path, &error))
    }

    fn finish(mut self) -> Result<(), BackupError> {
        let flushed = self.file.flush().and_then(|()| self.file.get_ref().sync_all());
        flushed.map_err(|error| told(&self.path, &error))
    }
}
