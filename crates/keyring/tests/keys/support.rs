//! An installation's rows, and randomness that can be repeated.

use aws_lc_rs::digest::{SHA256, digest};
use domain::{Entropy, Instant};
use keyring::{KeyState, Keyring, MasterKey, Purpose, StoredKey, create_missing, rotate};
use std::sync::atomic::{AtomicU64, Ordering};

/// SHA-256 over seed and counter.
#[derive(Debug)]
pub struct Seeded {
    seed: u64,
    block: AtomicU64,
}

impl Seeded {
    pub fn new(seed: u64) -> Self {
        Self { seed, block: AtomicU64::new(0) }
    }
}

impl Entropy for Seeded {
    fn fill(&self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(32) {
            let block = self.block.fetch_add(1, Ordering::Relaxed);
            let hash = digest(&SHA256, &[self.seed.to_be_bytes(), block.to_be_bytes()].concat());
            chunk.copy_from_slice(&hash.as_ref()[..chunk.len()]);
        }
    }
}

pub fn at(seconds: i64) -> Instant {
    Instant::from_micros(seconds * 1_000_000)
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The rows of one installation with their master key.
pub struct Rows {
    pub master: MasterKey,
    pub rows: Vec<StoredKey>,
    entropy: Seeded,
}

impl Rows {
    pub fn new(seed: u64) -> Self {
        let entropy = Seeded::new(seed);
        let master = MasterKey::generate(&entropy);
        let rows = create_missing(&[], &master, &entropy, at(0)).unwrap();
        Self { master, rows, entropy }
    }

    pub fn ring(&self) -> Keyring {
        Keyring::open(&self.master, &self.rows).unwrap()
    }

    pub fn announce(&mut self, purpose: Purpose, now: i64) {
        self.rows.push(StoredKey::announce(purpose, &self.master, &self.entropy, at(now)).unwrap());
    }

    pub fn rotate(&mut self, purpose: Purpose, now: i64) {
        for changed in rotate(&self.rows, purpose, &self.master, &self.entropy, at(now)).unwrap() {
            self.rows.retain(|row| row.id != changed.id);
            self.rows.push(changed);
        }
    }

    pub fn destroy_retired(&mut self, purpose: Purpose) {
        for row in &mut self.rows {
            if row.purpose == purpose && row.state == KeyState::Retired {
                *row = row.clone().destroy(&self.master, &self.entropy).unwrap();
            }
        }
    }
}
