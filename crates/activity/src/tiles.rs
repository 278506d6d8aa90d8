//! The tree as files: C2SP tlog-tiles. A tile is up to 256 consecutive hashes of one of every eighth level.
//!
//! The partial tiles at the right edge hold all that is needed to append ([`Edge`]); any hash of the tree can be
//! computed from one tile ([`TileHashes`]).

mod edge;
mod reader;

pub use edge::{BadEdge, Edge, Tile};
pub use reader::{TileError, TileHashes, TileReader};

/// Hashes in a full tile.
pub const TILE_WIDTH: u16 = 256;
/// Bytes of one hash.
const HASH_LEN: usize = 32;

/// Which tile: `level` 0–7 (leaf hashes are level 0), `index` within the level, `width` 1–256 hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    pub level: u8,
    pub index: u64,
    pub width: u16,
}

impl TileId {
    /// The tile `index` of `level` as it is in a tree of `size` leaves; `None` where such a tree has none.
    pub fn in_tree(level: u8, index: u64, size: u64) -> Option<TileId> {
        let first = index.checked_mul(TILE_WIDTH.into())?;
        let width = hashes_at(level, size).saturating_sub(first).min(TILE_WIDTH.into());
        // At most 256, so that it fits.
        Some(TileId { level, index, width: u16::try_from(width).ok().filter(|w| *w > 0)? })
    }

    /// The partial tiles of a tree of `size` leaves, from level 0 up: those that appending goes on from.
    pub fn partial(size: u64) -> Vec<TileId> {
        (0..8)
            .filter_map(|level| {
                let hashes = hashes_at(level, size);
                let width = u16::try_from(hashes % u64::from(TILE_WIDTH)).ok()?;
                (width > 0).then_some(TileId { level, index: hashes / u64::from(TILE_WIDTH), width })
            })
            .collect()
    }

    /// Its address below the log's prefix: `tile/0/x001/x234/067`, a partial one with `.p/W` behind.
    pub fn path(&self) -> String {
        let mut groups = vec![format!("{:03}", self.index % 1000)];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(format!("x{:03}", rest % 1000));
            rest /= 1000;
        }
        groups.reverse();
        let partial = if self.width < TILE_WIDTH { format!(".p/{}", self.width) } else { String::new() };
        format!("tile/{}/{}{partial}", self.level, groups.join("/"))
    }

    /// How many bytes the tile has.
    pub fn byte_len(&self) -> usize {
        usize::from(self.width) * HASH_LEN
    }
}

/// How many hashes a tree of `size` leaves has at a tile level: ⌊size / 256^level⌋.
fn hashes_at(level: u8, size: u64) -> u64 {
    size.checked_shr(u32::from(level) * 8).unwrap_or(0)
}
