//! What the disk alone takes: the floor under a durable write.

use anyhow::Result;
use std::{fs::File, io::Write as _, path::Path};

use super::stats::Times;

/// A page of the store's write-ahead log (SQLite's default page size).
const PAGE: [u8; 4096] = [0x5A; 4096];

/// Appends one page and syncs it (fdatasync(2)), again and again, in a file of its own.
pub fn sync(folder: &Path, count: u32) -> Result<Times> {
    let path = folder.join("sync");
    let mut file = File::create(&path)?;
    let times = Times::of(count, || {
        file.write_all(&PAGE)?;
        Ok(file.sync_data()?)
    });
    std::fs::remove_file(path)?;
    times
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_behind() {
        let folder = super::super::server::Scratch::new("floor-test").unwrap();
        sync(folder.path(), 3).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
