//! The second order: positions in the tree, given behind the writers by one conditional step on its size.
//!
//! Leaves wait in a queue; a step takes some, writes positions and tiles (C2SP tlog-tiles) and moves the size, all in
//! one transaction. A checkpoint is signed after that commit, over what was committed, and then kept.

mod rows;

pub use rows::{Outside, page, rows_outside};

use crate::{StoreError, Tx, Value, many};
use activity::{
    Hash,
    tiles::{BadEdge, Edge, TileId, TileReader},
    tree::empty_root,
};
use domain::{Instant, RecordId, Seq};
use std::ops::Range;

/// Leaves that one step may take: bounds how long writers on SQLite wait for it.
pub const MAX_STEP: u32 = 1024;
/// Hashes in a full tile, and their length in bytes.
const TILE: u64 = 256;
const HASH: u64 = 32;

/// The tree as it was last committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tree {
    /// Number of leaves.
    pub size: u64,
    pub root: Hash,
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Advanced {
    /// How many leaves got their position.
    pub taken: u32,
    pub tree: Tree,
}

/// The tree; empty before the first step.
pub fn tree(tx: &mut Tx<'_>) -> Result<Tree, StoreError> {
    match tx.query_opt("SELECT size, root FROM log_tree WHERE one = 1", &[])? {
        Some(row) => Ok(Tree { size: row.get(0)?, root: row.get(1)? }),
        None => Ok(Tree { size: 0, root: empty_root() }),
    }
}

/// When the oldest record was made that no signed checkpoint covers yet.
pub fn unsigned_since(tx: &mut Tx<'_>) -> Result<Option<Instant>, StoreError> {
    let signed = latest_checkpoint(tx)?.map_or(0, |(size, _)| size);
    let sql = "SELECT r.at FROM log_leaf l JOIN record r ON r.id = l.record WHERE l.position = $1";
    if let Some(row) = tx.query_opt(sql, &[signed.into()])? {
        return row.get(0);
    }
    tx.query_one("SELECT min(at) FROM leaf_queue", &[])?.get(0)
}

/// How many leaves wait for their place in the tree.
pub fn waiting(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    tx.query_one("SELECT count(*) FROM leaf_queue", &[])?.get(0)
}

/// One step of the sequencer: gives queued leaves their positions, at most `limit` and never more than [`MAX_STEP`].
///
/// # Errors
/// [`StoreError::Conflict`] if another node made a step at the same moment: nothing was done, ask again.
pub fn advance(tx: &mut Tx<'_>, limit: u32) -> Result<Advanced, StoreError> {
    tx.execute(
        "INSERT INTO log_tree (one, size, root) VALUES (1, 0, $1) ON CONFLICT (one) DO NOTHING",
        &[empty_root().into()],
    )?;
    // Waits for another node's step and reads after it, so that no leaf is taken twice.
    let before: u64 =
        tx.query_one("UPDATE log_tree SET size = size WHERE one = 1 RETURNING size", &[])?.get(0)?;
    let queued = tx.query(
        "SELECT record, hash FROM leaf_queue ORDER BY at, record LIMIT $1",
        &[limit.min(MAX_STEP).into()],
    )?;
    if queued.is_empty() {
        return Ok(Advanced { taken: 0, tree: tree(tx)? });
    }
    let mut edge = Edge::load(before, |id| tile(tx, id)).map_err(|error| match error {
        BadEdge::Read(error) => error,
        BadEdge::Length(id) => StoreError::Corrupt(format!("{} of the log is cut short", id.path())),
    })?;
    let (mut leaves, mut hashes) = (Vec::with_capacity(queued.len()), Vec::with_capacity(queued.len()));
    for (position, row) in (before..).zip(&queued) {
        leaves.push((position, row.get::<RecordId>(0)?));
        hashes.push(row.get::<Hash>(1)?);
    }
    for written in edge.append(hashes) {
        tx.execute(
            "INSERT INTO log_tile (level, number, hashes) VALUES ($1, $2, $3) \
             ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes",
            &[u32::from(written.id.level).into(), written.id.index.into(), written.bytes.into()],
        )?;
    }
    place(tx, &leaves)?;
    let tree = Tree { size: edge.size(), root: edge.root() };
    let moved = tx.execute(
        "UPDATE log_tree SET size = $1, root = $2 WHERE one = 1 AND size = $3",
        &[tree.size.into(), tree.root.into(), before.into()],
    )?;
    if moved != 1 {
        return Err(StoreError::Conflict);
    }
    Ok(Advanced { taken: u32::try_from(leaves.len()).unwrap_or(u32::MAX), tree })
}

/// Writes positions and takes the leaves out of the queue.
fn place(tx: &mut Tx<'_>, leaves: &[(u64, RecordId)]) -> Result<(), StoreError> {
    for piece in many::pieces(leaves) {
        let params: Vec<Value> =
            piece.iter().flat_map(|(position, record)| [(*position).into(), (*record).into()]).collect();
        let rows = many::rows(piece.len(), 2);
        tx.execute(&format!("INSERT INTO log_leaf (position, record) VALUES {rows}"), &params)?;
        let records: Vec<Value> = piece.iter().map(|(_, record)| (*record).into()).collect();
        let places = many::places(1, piece.len());
        let gone = tx.execute(&format!("DELETE FROM leaf_queue WHERE record IN ({places})"), &records)?;
        if gone != piece.len() as u64 {
            return Err(StoreError::Conflict);
        }
    }
    Ok(())
}

/// The bytes of a tile. A partial tile that has grown since is given as wide as it is asked for.
///
/// # Errors
/// [`StoreError::Corrupt`] if the store has no such tile: ask only for tiles inside [`tree`].
pub fn tile(tx: &mut Tx<'_>, id: TileId) -> Result<Vec<u8>, StoreError> {
    let row = tx.query_opt(
        "SELECT hashes FROM log_tile WHERE level = $1 AND number = $2",
        &[u32::from(id.level).into(), id.index.into()],
    )?;
    let mut bytes: Vec<u8> = match row {
        Some(row) => row.get(0)?,
        None => Vec::new(),
    };
    if bytes.len() < id.byte_len() {
        return Err(StoreError::Corrupt(format!("{} of the log is missing or cut short", id.path())));
    }
    bytes.truncate(id.byte_len());
    Ok(bytes)
}

/// Reads tiles for `activity`'s proofs: `TileHashes::new(tree.size, log::tiles(tx))`.
pub fn tiles<'a>(tx: &'a mut Tx<'_>) -> impl TileReader<Error = StoreError> + 'a {
    move |id: TileId| tile(tx, id)
}

/// Leaf hashes of a range of positions, cut at the end of the tree.
pub fn leaf_hashes(tx: &mut Tx<'_>, range: Range<u64>) -> Result<Vec<Hash>, StoreError> {
    let size = tree(tx)?.size;
    let (from, to) = (range.start, range.end.min(size));
    let mut hashes = Vec::new();
    if from >= to {
        return Ok(hashes);
    }
    for index in from / TILE..=(to - 1) / TILE {
        let first = index * TILE;
        let id = TileId::in_tree(0, index, size).ok_or(StoreError::Conflict)?;
        let bytes = tile(tx, id)?;
        let (start, end) = (from.max(first) - first, to.min(first + TILE) - first);
        let wanted = usize::try_from(start * HASH).ok().zip(usize::try_from(end * HASH).ok());
        let wanted = wanted.and_then(|(start, end)| bytes.get(start..end)).unwrap_or_default();
        hashes.extend_from_slice(wanted.as_chunks::<32>().0);
    }
    Ok(hashes)
}

/// Where a record lies in the tree; `None` while it waits.
pub fn position_of(tx: &mut Tx<'_>, record: RecordId) -> Result<Option<u64>, StoreError> {
    let row = tx.query_opt("SELECT position FROM log_leaf WHERE record = $1", &[record.into()])?;
    row.map(|row| row.get(0)).transpose()
}

/// Keeps a signed checkpoint over the first `size` leaves; one over the same size is replaced (a new key signs again).
///
/// # Errors
/// [`StoreError::Refused`] if the tree is not that large: only what was committed is signed.
pub fn save_checkpoint(tx: &mut Tx<'_>, size: u64, note: &str) -> Result<(), StoreError> {
    if size > tree(tx)?.size {
        return Err(StoreError::Refused("a checkpoint over more than the tree".into()));
    }
    tx.execute(
        "INSERT INTO log_checkpoint (size, note) VALUES ($1, $2) ON CONFLICT (size) DO UPDATE SET note = excluded.note",
        &[size.into(), note.into()],
    )?;
    Ok(())
}

/// The newest checkpoint: size and signed note.
pub fn latest_checkpoint(tx: &mut Tx<'_>) -> Result<Option<(u64, String)>, StoreError> {
    let row = tx.query_opt("SELECT size, note FROM log_checkpoint ORDER BY size DESC LIMIT 1", &[])?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// Checkpoints over more than `after` and at most `up_to` leaves, smaller ones first; at most `limit`.
pub fn checkpoints(
    tx: &mut Tx<'_>,
    after: u64,
    up_to: u64,
    limit: u32,
) -> Result<Vec<(u64, String)>, StoreError> {
    let rows = tx.query(
        "SELECT size, note FROM log_checkpoint WHERE size > $1 AND size <= $2 ORDER BY size LIMIT $3",
        &[after.into(), up_to.into(), limit.into()],
    )?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// When the newest record was made, as far as the log goes: of those that have their place the last, or one that waits.
pub fn last_recorded(tx: &mut Tx<'_>) -> Result<Option<Instant>, StoreError> {
    let placed = tx.query_opt(
        "SELECT r.at FROM log_leaf l JOIN record r ON r.id = l.record ORDER BY l.position DESC LIMIT 1",
        &[],
    )?;
    let placed: Option<Instant> = placed.map(|row| row.get(0)).transpose()?;
    let waiting: Option<Instant> = tx.query_one("SELECT max(at) FROM leaf_queue", &[])?.get(0)?;
    Ok(placed.max(waiting))
}

/// The `seq` of every record that has one, in order: each change exactly once, if all is well.
pub fn seqs(tx: &mut Tx<'_>) -> Result<Vec<Seq>, StoreError> {
    let rows = tx.query("SELECT seq FROM record WHERE seq IS NOT NULL ORDER BY seq", &[])?;
    rows.iter().map(|row| row.get(0)).collect()
}
