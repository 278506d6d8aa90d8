//! Appending leaves to a tree of tiles.

use super::{HASH_LEN, TILE_WIDTH, TileId};
use crate::{
    Hash,
    tree::{complete_root, empty_root, node_hash},
};

/// The partial tiles at the right edge of the tree: what the sequencer loads, appends to and saves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Edge {
    size: u64,
    /// By tile level: the hashes behind the last full tile, 0–255 of them.
    levels: Vec<Vec<Hash>>,
}

/// A tile to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    pub id: TileId,
    /// The hashes one after the other.
    pub bytes: Vec<u8>,
}

/// The edge could not be loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadEdge<E> {
    #[error("{} does not have {} bytes", .0.path(), .0.byte_len())]
    Length(TileId),
    #[error(transparent)]
    Read(E),
}

impl Edge {
    /// The empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Loads the edge of a tree of `size` leaves: reads its [`TileId::partial`] tiles. A stored tile that grew wider
    /// since may be given as well; what is behind `size` is left out.
    pub fn load<E>(
        size: u64,
        mut read: impl FnMut(TileId) -> Result<Vec<u8>, E>,
    ) -> Result<Self, BadEdge<E>> {
        let mut edge = Self { size, levels: Vec::new() };
        for id in TileId::partial(size) {
            let bytes = read(id).map_err(BadEdge::Read)?;
            let (hashes, []) = bytes.as_chunks::<HASH_LEN>() else { return Err(BadEdge::Length(id)) };
            let level = usize::from(id.level);
            edge.level(level).extend(hashes.get(..id.width.into()).ok_or(BadEdge::Length(id))?);
        }
        Ok(edge)
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends leaf hashes; returns every tile that is new or wider than before, in the form it now has.
    pub fn append(&mut self, leaf_hashes: impl IntoIterator<Item = Hash>) -> Vec<Tile> {
        let before = self.size;
        let mut tiles = Vec::new();
        for leaf in leaf_hashes {
            self.push(leaf, &mut tiles);
        }
        let partial = TileId::partial(self.size).into_iter();
        tiles.extend(partial.filter(|id| TileId::in_tree(id.level, id.index, before) != Some(*id)).map(
            |id| Tile {
                id,
                bytes: self.levels.get(usize::from(id.level)).map(|l| l.concat()).unwrap_or_default(),
            },
        ));
        tiles
    }

    fn push(&mut self, leaf: Hash, full: &mut Vec<Tile>) {
        self.size += 1;
        let mut hash = leaf;
        for level in 0..8_u8 {
            let size = self.size;
            let tile = self.level(level.into());
            tile.push(hash);
            if tile.len() < usize::from(TILE_WIDTH) {
                return;
            }
            let hashes = std::mem::take(tile);
            let index = (size >> (u32::from(level) * 8)) / u64::from(TILE_WIDTH) - 1;
            full.push(Tile { id: TileId { level, index, width: TILE_WIDTH }, bytes: hashes.concat() });
            // A full tile has 256 hashes, a power of two.
            let Some(root) = complete_root(&hashes) else { return };
            hash = root;
        }
    }

    fn level(&mut self, level: usize) -> &mut Vec<Hash> {
        if self.levels.len() <= level {
            self.levels.resize(level + 1, Vec::new());
        }
        &mut self.levels[level]
    }

    /// The root of the whole tree.
    pub fn root(&self) -> Hash {
        let mut root = None;
        for tile in &self.levels {
            // Within a tile the complete subtrees go from the largest (left) to the smallest, as the bits of its width.
            let mut to = tile.len();
            while to > 0 {
                let width = 1 << to.trailing_zeros();
                if let Some(left) = tile.get(to - width..to).and_then(complete_root) {
                    root = Some(root.map_or(left, |right| node_hash(&left, &right)));
                }
                to -= width;
            }
        }
        root.unwrap_or_else(empty_root)
    }
}
