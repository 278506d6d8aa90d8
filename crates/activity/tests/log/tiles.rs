//! Tiles by the definition and the examples of C2SP tlog-tiles.

use crate::support::{leaves, naive_root};
use activity::{
    Hash,
    tiles::{BadEdge, Edge, Tile, TileError, TileHashes, TileId},
    tree::{self, HashReader, LeafHashes, consistency_proof, inclusion_proof},
};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A folder of tiles, as the store keeps them: one row for each level and index, the widest.
#[derive(Default)]
struct Folder(BTreeMap<(u8, u64), Vec<u8>>);

impl Folder {
    fn save(&mut self, tiles: Vec<Tile>) {
        for tile in tiles {
            assert_eq!(tile.bytes.len(), tile.id.byte_len());
            let wider = self.0.insert((tile.id.level, tile.id.index), tile.bytes.clone());
            assert!(
                wider.is_none_or(|before| tile.bytes.starts_with(&before) && tile.bytes.len() > before.len())
            );
        }
    }

    fn read(&self, id: TileId) -> Result<Vec<u8>, String> {
        self.0.get(&(id.level, id.index)).cloned().ok_or(format!("no {}", id.path()))
    }
}

/// The hashes of a tile by the words of the specification.
fn defined(leaves: &[Hash], id: TileId) -> Vec<u8> {
    let span = 256_usize.pow(id.level.into());
    let first = id.index as usize * 256;
    (first..first + usize::from(id.width))
        .flat_map(|i| naive_root(&leaves[i * span..(i + 1) * span]))
        .collect()
}

#[test]
fn paths_are_those_of_the_specification() {
    let path = |level, index, width| TileId { level, index, width }.path();
    assert_eq!(path(0, 1_234_067, 256), "tile/0/x001/x234/067");
    assert_eq!(path(0, 0, 1), "tile/0/000.p/1");
    assert_eq!(path(2, 999, 255), "tile/2/999.p/255");
    assert_eq!(path(1, 1000, 256), "tile/1/x001/000");
    assert_eq!(path(7, u64::MAX >> 8, 7), "tile/7/x072/x057/x594/x037/x927/935.p/7");
}

#[test]
fn the_specification_s_tree_of_70_000() {
    let mut edge = Edge::new();
    let tiles = edge.append(leaves(70_000));
    let count = |level, width| tiles.iter().filter(|t| t.id.level == level && t.id.width == width).count();
    assert_eq!((count(0, 256), count(0, 112)), (273, 1));
    assert_eq!((count(1, 256), count(1, 17)), (1, 1));
    assert_eq!(count(2, 1), 1);
    assert_eq!(tiles.len(), 277);
    assert_eq!(edge.root(), naive_root(&leaves(70_000)));
}

#[test]
fn a_tree_of_256_has_one_full_tile_and_one_above() {
    let ids: Vec<_> = Edge::new().append(leaves(256)).into_iter().map(|t| t.id.path()).collect();
    assert_eq!(ids, ["tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(TileId::partial(256), [TileId { level: 1, index: 0, width: 1 }]);
    assert_eq!(TileId::partial(0), []);
    assert_eq!(TileId::in_tree(0, 1, 256), None);
    assert_eq!(TileId::in_tree(0, u64::MAX, u64::MAX), None);
    assert_eq!(TileId::in_tree(9, 0, u64::MAX), None);
}

#[test]
fn a_damaged_edge_is_not_loaded() {
    let mut folder = Folder::default();
    folder.save(Edge::new().append(leaves(300)));
    folder.0.get_mut(&(0, 1)).unwrap().pop();
    let id = TileId { level: 0, index: 1, width: 44 };
    assert_eq!(Edge::load(300, |id| folder.read(id)), Err(BadEdge::Length(id)));
    folder.0.remove(&(0, 1));
    assert_eq!(Edge::load(300, |id| folder.read(id)), Err(BadEdge::Read("no tile/0/001.p/44".to_owned())));
}

#[test]
fn hashes_come_only_from_inside_the_tree() {
    let mut folder = Folder::default();
    folder.save(Edge::new().append(leaves(600)));
    let mut hashes = TileHashes::new(300, |id| folder.read(id));
    assert!(hashes.hash(8, 0).is_ok());
    assert!(hashes.hash(2, 74).is_ok());
    for (level, index) in
        [(0, 300), (2, 75), (8, 1), (9, 0), (63, 0), (64, 0), (255, 0), (0, u64::MAX), (7, u64::MAX)]
    {
        assert_eq!(hashes.hash(level, index), Err(TileError::OutsideTree), "{level}/{index}");
    }
    // A tile that lost bytes is an error, never a wrong hash.
    folder.0.get_mut(&(0, 0)).unwrap().truncate(256 * 32 - 1);
    let mut hashes = TileHashes::new(300, |id| folder.read(id));
    assert!(matches!(hashes.hash(0, 0), Err(TileError::Length(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Appended in batches, with the edge loaded anew before each: tiles, roots and proofs are those of the tree.
    #[test]
    fn tiles_hold_the_tree(
        batches in prop::collection::vec(0_u64..400, 1..7), a: prop::sample::Index, b: prop::sample::Index,
    ) {
        let all = leaves(batches.iter().sum());
        let (mut folder, mut size) = (Folder::default(), 0);
        for batch in batches {
            let mut edge = Edge::load(size, |id| folder.read(id)).unwrap();
            folder.save(edge.append(all[size as usize..(size + batch) as usize].iter().copied()));
            size += batch;
            prop_assert_eq!(edge.size(), size);
            prop_assert_eq!(edge.root(), naive_root(&all[..size as usize]));
        }
        for ((level, index), bytes) in &folder.0 {
            let id = TileId::in_tree(*level, *index, size).unwrap();
            prop_assert_eq!(bytes, &defined(&all, id), "{}", id.path());
        }
        // A tree of any earlier size is read from the same tiles.
        let old = a.index(all.len() + 1) as u64;
        let mut tiles = TileHashes::new(old, |id| folder.read(id));
        prop_assert_eq!(tree::root(&mut tiles, old), Ok(naive_root(&all[..old as usize])));
        prop_assert_eq!(Edge::load(old, |id| folder.read(id)).unwrap().root(), naive_root(&all[..old as usize]));
        let mut tiles = TileHashes::new(size, |id| folder.read(id));
        prop_assert_eq!(consistency_proof(&mut tiles, old, size).unwrap(), consistency_proof(&mut LeafHashes(&all), old, size).unwrap());
        if size > 0 {
            let index = b.index(all.len()) as u64;
            prop_assert_eq!(inclusion_proof(&mut tiles, index, size).unwrap(), inclusion_proof(&mut LeafHashes(&all), index, size).unwrap());
        }
    }
}
