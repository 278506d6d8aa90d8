//! Records, the Merkle tree, checkpoints, proofs and the offline verifier.
