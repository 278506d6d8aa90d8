//! Any hash of the tree out of its tiles.

use std::collections::BTreeMap;

use super::{HASH_LEN, TILE_WIDTH, TileId, hashes_at};
use crate::{
    Hash,
    tree::{HashReader, complete_root},
};

/// Where tiles are read from.
pub trait TileReader {
    type Error;

    /// The bytes of a tile; more than asked for is accepted, since a partial tile may have grown since.
    fn tile(&mut self, id: TileId) -> Result<Vec<u8>, Self::Error>;
}

impl<E, F: FnMut(TileId) -> Result<Vec<u8>, E>> TileReader for F {
    type Error = E;
    fn tile(&mut self, id: TileId) -> Result<Vec<u8>, E> {
        self(id)
    }
}

/// A hash could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileError<E> {
    #[error("the tree does not reach that far")]
    OutsideTree,
    #[error("{} does not have {} bytes", .0.path(), .0.byte_len())]
    Length(TileId),
    #[error(transparent)]
    Read(E),
}

/// Serves the hashes of a tree of a given size out of its tiles; keeps those that it has read (a proof reads a few
/// per level, so that at most some dozens lie in memory).
#[derive(Debug)]
pub struct TileHashes<R> {
    size: u64,
    reader: R,
    read: BTreeMap<TileId, Vec<Hash>>,
}

const KEPT: usize = 64;

impl<R: TileReader> TileHashes<R> {
    pub fn new(size: u64, reader: R) -> Self {
        Self { size, reader, read: BTreeMap::new() }
    }

    fn tile(&mut self, id: TileId) -> Result<&[Hash], TileError<R::Error>> {
        if !self.read.contains_key(&id) {
            let bytes = self.reader.tile(id).map_err(TileError::Read)?;
            let (hashes, []) = bytes.as_chunks::<HASH_LEN>() else { return Err(TileError::Length(id)) };
            let hashes = hashes.get(..id.width.into()).ok_or(TileError::Length(id))?.to_vec();
            if self.read.len() >= KEPT {
                self.read.clear();
            }
            self.read.insert(id, hashes);
        }
        self.read.get(&id).map(Vec::as_slice).ok_or(TileError::Length(id))
    }
}

impl<R: TileReader> HashReader for TileHashes<R> {
    type Error = TileError<R::Error>;

    fn hash(&mut self, level: u8, index: u64) -> Result<Hash, Self::Error> {
        let outside = || TileError::OutsideTree;
        let (tile_level, below) = (level / 8, level % 8);
        // The subtree is 2^below hashes of the tile level, all in one tile.
        let count = 1_u64 << below;
        let first = index.checked_mul(count).ok_or_else(outside)?;
        if tile_level > 7
            || hashes_at(tile_level, self.size).checked_sub(count).is_none_or(|last| first > last)
        {
            return Err(TileError::OutsideTree);
        }
        let id = TileId::in_tree(tile_level, first / u64::from(TILE_WIDTH), self.size).ok_or_else(outside)?;
        let from = usize::try_from(first % u64::from(TILE_WIDTH)).map_err(|_| TileError::OutsideTree)?;
        let hashes = self.tile(id)?.get(from..from + (1 << below)).ok_or_else(outside)?;
        complete_root(hashes).ok_or_else(outside)
    }
}
