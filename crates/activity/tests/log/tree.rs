//! Roots and proofs against the vectors of Certificate Transparency and against a naive tree.

use crate::support::{hash, leaves, naive_root, unhex};
use activity::{
    Hash,
    tree::{
        self, Frontier, LeafHashes, ProofError, ProofRefused, consistency_proof, inclusion_proof, leaf_hash,
        verify_consistency, verify_inclusion,
    },
};
use proptest::prelude::*;

/// The inputs of the Certificate Transparency test vectors.
const INPUTS: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

/// The roots over the first 0 to 8 of them.
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

/// Inclusion: index, size, proof.
const INCLUSION: [(u64, u64, &[&str]); 5] = [
    (0, 1, &[]),
    (
        0,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        5,
        8,
        &[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (2, 3, &["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        1,
        5,
        &[
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

/// Consistency: old size, new size, proof.
const CONSISTENCY: [(u64, u64, &[&str]); 4] = [
    (1, 1, &[]),
    (
        1,
        8,
        &[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        &[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        &[
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
];

fn inputs() -> Vec<Hash> {
    INPUTS.iter().map(|input| leaf_hash(&unhex(input))).collect()
}

#[test]
fn roots_are_those_of_certificate_transparency() {
    let leaves = inputs();
    let mut frontier = Frontier::new();
    for (size, root) in ROOTS.iter().enumerate() {
        assert_eq!(tree::root(&mut LeafHashes(&leaves), size as u64), Ok(hash(root)), "size {size}");
        assert_eq!(frontier.root(), hash(root), "size {size}");
        assert_eq!(naive_root(&leaves[..size]), hash(root), "size {size}");
        if let Some(leaf) = leaves.get(size) {
            frontier.push(*leaf);
        }
    }
    assert_eq!(tree::empty_root(), hash(ROOTS[0]));
}

#[test]
fn proofs_are_those_of_certificate_transparency() {
    let leaves = inputs();
    let reader = &mut LeafHashes(&leaves);
    for (index, size, proof) in INCLUSION {
        let proof: Vec<Hash> = proof.iter().map(|h| hash(h)).collect();
        assert_eq!(inclusion_proof(reader, index, size), Ok(proof), "{index} in {size}");
    }
    for (old, new, proof) in CONSISTENCY {
        let proof: Vec<Hash> = proof.iter().map(|h| hash(h)).collect();
        assert_eq!(consistency_proof(reader, old, new), Ok(proof), "{old} in {new}");
    }
}

#[test]
fn every_proof_of_small_trees_verifies_and_no_other_number_fits() {
    let leaves = leaves(34);
    let reader = &mut LeafHashes(&leaves);
    for new in 1..=34_u64 {
        let root = naive_root(&leaves[..new as usize]);
        for old in 0..=new {
            let proof = consistency_proof(reader, old, new).unwrap();
            let old_root = naive_root(&leaves[..old as usize]);
            assert_eq!(verify_consistency(old, new, &old_root, &root, &proof), Ok(()), "{old} in {new}");
            for other in (1..=new).filter(|other| *other != old) {
                let verified = verify_consistency(other, new, &old_root, &root, &proof);
                assert!(verified.is_err(), "{old} as {other} of {new}");
            }
        }
        for index in 0..new {
            let proof = inclusion_proof(reader, index, new).unwrap();
            let leaf = &leaves[index as usize];
            assert_eq!(verify_inclusion(leaf, index, new, &proof, &root), Ok(()), "{index} in {new}");
            for other in (0..new).filter(|other| *other != index) {
                assert!(
                    verify_inclusion(leaf, other, new, &proof, &root).is_err(),
                    "{index} as {other} of {new}"
                );
            }
        }
    }
}

#[test]
fn what_lies_outside_the_tree_has_no_proof() {
    let leaves = leaves(5);
    let reader = &mut LeafHashes(&leaves);
    assert_eq!(inclusion_proof(reader, 5, 5), Err(ProofError::OutsideTree));
    assert_eq!(inclusion_proof(reader, 0, 0), Err(ProofError::OutsideTree));
    assert_eq!(consistency_proof(reader, 6, 5), Err(ProofError::OutsideTree));
    assert!(matches!(inclusion_proof(reader, 0, 6), Err(ProofError::Read(_))));
    assert_eq!(verify_inclusion(&leaves[0], 1, 1, &[], &leaves[0]), Err(ProofRefused::OutsideTree));
    assert_eq!(verify_consistency(2, 1, &leaves[0], &leaves[0], &[]), Err(ProofRefused::OutsideTree));
    assert_eq!(
        verify_inclusion(&leaves[0], u64::MAX, u64::MAX, &[], &leaves[0]),
        Err(ProofRefused::OutsideTree)
    );
    assert!(verify_inclusion(&leaves[0], u64::MAX - 1, u64::MAX, &[[0; 32]; 65], &leaves[0]).is_err());
}

#[test]
fn the_empty_tree_is_a_prefix_of_every_tree_and_only_by_its_own_root() {
    let leaves = leaves(3);
    let root = naive_root(&leaves);
    assert_eq!(verify_consistency(0, 3, &tree::empty_root(), &root, &[]), Ok(()));
    assert_eq!(verify_consistency(0, 3, &root, &root, &[]), Err(ProofRefused::Root));
    assert_eq!(verify_consistency(0, 3, &tree::empty_root(), &root, &leaves), Err(ProofRefused::Length));
    assert_eq!(verify_consistency(3, 3, &leaves[0], &root, &[]), Err(ProofRefused::Root));
    assert_eq!(verify_consistency(2, 3, &root, &root, &[]), Err(ProofRefused::Length));
}

#[test]
fn a_frontier_is_kept_and_taken_up_again() {
    let mut frontier = Frontier::new();
    for leaf in leaves(13) {
        frontier.push(leaf);
    }
    let kept = Frontier::from_parts(13, frontier.roots().to_vec()).unwrap();
    assert_eq!(kept, frontier);
    assert_eq!(Frontier::from_parts(12, frontier.roots().to_vec()), None);
}

proptest! {
    #[test]
    fn trees_agree_with_the_naive_one(size in 0_u64..700) {
        let leaves = leaves(size);
        let mut frontier = Frontier::new();
        leaves.iter().for_each(|leaf| frontier.push(*leaf));
        let root = naive_root(&leaves);
        prop_assert_eq!(frontier.root(), root);
        prop_assert_eq!(frontier.size(), size);
        prop_assert_eq!(tree::root(&mut LeafHashes(&leaves), size), Ok(root));
    }

    #[test]
    fn a_proof_with_one_bit_off_refuses(
        new in 2_u64..300, a: prop::sample::Index, b: prop::sample::Index, bit: prop::sample::Index,
    ) {
        let leaves = leaves(new);
        let reader = &mut LeafHashes(&leaves);
        let root = naive_root(&leaves);
        let flip = |proof: &[Hash]| {
            let mut proof = proof.to_vec();
            let bit = bit.index(proof.len() * 256);
            proof[bit / 256][bit % 256 / 8] ^= 1 << (bit % 8);
            proof
        };

        let index = a.index(new as usize) as u64;
        let leaf = leaves[index as usize];
        let proof = inclusion_proof(reader, index, new).unwrap();
        prop_assert_eq!(verify_inclusion(&leaf, index, new, &proof, &root), Ok(()));
        prop_assert_eq!(verify_inclusion(&leaf, index, new, &flip(&proof), &root), Err(ProofRefused::Root));
        prop_assert_eq!(verify_inclusion(&flip(&[leaf])[0], index, new, &proof, &root), Err(ProofRefused::Root));
        prop_assert_eq!(verify_inclusion(&leaf, index, new, &proof, &flip(&[root])[0]), Err(ProofRefused::Root));
        prop_assert!(verify_inclusion(&leaf, index, new, &proof[1..], &root).is_err());
        prop_assert!(verify_inclusion(&leaf, index, new, &[&proof[..], &[root]].concat(), &root).is_err());

        let old = 1 + b.index(new as usize - 1) as u64;
        let old_root = naive_root(&leaves[..old as usize]);
        let proof = consistency_proof(reader, old, new).unwrap();
        prop_assert_eq!(verify_consistency(old, new, &old_root, &root, &proof), Ok(()));
        prop_assert_eq!(verify_consistency(old, new, &old_root, &root, &flip(&proof)), Err(ProofRefused::Root));
        prop_assert_eq!(verify_consistency(old, new, &flip(&[old_root])[0], &root, &proof), Err(ProofRefused::Root));
        prop_assert_eq!(verify_consistency(old, new, &old_root, &flip(&[root])[0], &proof), Err(ProofRefused::Root));
        prop_assert!(verify_consistency(old, new, &old_root, &root, &proof[1..]).is_err());
        prop_assert!(verify_consistency(old, new, &old_root, &root, &[&proof[..], &[root]].concat()).is_err());
    }

    #[test]
    fn no_proof_makes_verifying_panic(
        index: u64, old: u64, new: u64, proof in prop::collection::vec(any::<Hash>(), 0..70),
    ) {
        prop_assert!(verify_inclusion(&[1; 32], index, new, &proof, &[2; 32]).is_err());
        prop_assert!(verify_consistency(old, new, &[1; 32], &[2; 32], &proof).is_err());
    }
}
