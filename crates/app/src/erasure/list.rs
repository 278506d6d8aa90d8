//! The list of erasures (*raderingslistan*): a file outside the store and outside its backups, to which a line is added for
//! each person that is erased. A restored older copy meets it again and erases anew.
//!
//! A line holds a number, a time, a party's random id (which leads to nobody any more) and a mark by the master key over the
//! mark before it and itself: no line can be altered, put in, moved or left out but at the end. That the end is not missing
//! is seen by a store that has carried out more of the list than it holds.

use domain::{Instant, PartyId};
use keyring::{MasterKey, Stamp};
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use store::erasures::Applied;

const FIRST_LINE: &str = "behorig-erasures 1";
const LABEL: &str = "erasures";
/// Some hundred thousand erasures. A longer list is refused as a whole: what is not read must not be cut off.
const LONGEST: u64 = 64 * 1024 * 1024;

/// One erasure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    pub at: Instant,
    pub party: PartyId,
    pub mark: [u8; 32],
}

/// The list, read and found whole.
#[derive(Debug, Clone, Default)]
pub struct ErasureList {
    entries: Vec<Entry>,
}

/// Why the list cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListFault {
    #[error("{}: {why}", path.display())]
    File { path: PathBuf, why: String },
    #[error(
        "{} is no list of erasures of this installation, or was altered in line {line}: put the right one back", path.display()
    )]
    Altered { path: PathBuf, line: usize },
}

impl ErasureList {
    /// Reads a list; one that is not there is empty. A last line that was not finished does not count: its erasure had not
    /// begun when the machine stopped.
    pub fn read(path: &Path, master: &MasterKey) -> Result<ErasureList, ListFault> {
        match File::open(path) {
            Ok(mut file) => Ok(parse(path, &mut file, &master.stamp(LABEL))?.0),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(ErasureList::default()),
            Err(error) => Err(told(path, &error)),
        }
    }

    /// Adds an erasure and answers when it is on disk. The file is locked meanwhile.
    pub fn append(
        path: &Path,
        master: &MasterKey,
        at: Instant,
        party: PartyId,
    ) -> Result<ErasureList, ListFault> {
        let stamp = master.stamp(LABEL);
        let io = |error: std::io::Error| told(path, &error);
        let mut options = std::fs::OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(io)?;
        file.lock().map_err(io)?;
        let (mut list, whole) = parse(path, &mut file, &stamp)?;
        let said = format!("{} {} {party}", list.entries.len() + 1, at.micros());
        let mark = mark(&stamp, list.end().mark, &said);
        let mut text = if whole == 0 { format!("{FIRST_LINE}\n") } else { String::new() };
        text.push_str(&format!("{said} {}\n", crate::log::hex(&mark)));
        // What a power cut has left of a line goes.
        file.set_len(whole).map_err(io)?;
        file.seek(SeekFrom::Start(whole)).map_err(io)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io)?;
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)?;
        }
        list.entries.push(Entry { at, party, mark });
        Ok(list)
    }

    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Where a store stands that has carried out all of it.
    pub fn end(&self) -> Applied {
        self.at(self.entries.len()).unwrap_or(Applied::NONE)
    }

    /// Where a store stands that has carried out so many; `None`: the list does not hold so many.
    pub fn at(&self, entries: usize) -> Option<Applied> {
        match entries.checked_sub(1) {
            None => Some(Applied::NONE),
            Some(last) => {
                self.entries.get(last).map(|entry| Applied { entries: entries as u64, mark: entry.mark })
            }
        }
    }
}

/// The list, and how many bytes of the file are whole lines.
fn parse(path: &Path, file: &mut File, stamp: &Stamp) -> Result<(ErasureList, u64), ListFault> {
    let length = file.metadata().map_err(|error| told(path, &error))?.len();
    if length > LONGEST {
        let why = format!("it has {length} bytes, and no more than {LONGEST} are read");
        return Err(ListFault::File { path: path.to_owned(), why });
    }
    let mut text = String::new();
    file.take(LONGEST).read_to_string(&mut text).map_err(|error| told(path, &error))?;
    let whole = text.rfind('\n').map_or(0, |last| last + 1);
    let mut lines = (1..).zip(text.get(..whole).unwrap_or_default().lines());
    let altered = |line| ListFault::Altered { path: path.to_owned(), line };
    let mut list = ErasureList::default();
    match lines.next() {
        None => return Ok((list, 0)),
        Some((_, FIRST_LINE)) => {}
        Some((line, _)) => return Err(altered(line)),
    }
    for (number, line) in lines {
        let (said, mac) = line.rsplit_once(' ').ok_or(altered(number))?;
        let mac = crate::log::hex32(mac).ok_or(altered(number))?;
        let before = list.end();
        let data = said_of(before.mark, said);
        let mut words = said.split(' ');
        let count = words.next().and_then(|word| word.parse::<u64>().ok());
        let at = words.next().and_then(|word| word.parse().ok()).map(Instant::from_micros);
        let party = words.next().and_then(|word| word.parse().ok());
        match (at, party) {
            (Some(at), Some(party)) if count == Some(before.entries + 1) && stamp.verify(&data, &mac) => {
                list.entries.push(Entry { at, party, mark: mac });
            }
            _ => return Err(altered(number)),
        }
    }
    Ok((list, whole as u64))
}

fn mark(stamp: &Stamp, before: [u8; 32], said: &str) -> [u8; 32] {
    stamp.make(&said_of(before, said))
}

fn said_of(before: [u8; 32], said: &str) -> Vec<u8> {
    [&before[..], said.as_bytes()].concat()
}

fn told(path: &Path, error: &std::io::Error) -> ListFault {
    ListFault::File { path: path.to_owned(), why: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::testing::{TestEntropy, new_folder};

    #[test]
    fn a_list_grows_and_cannot_be_altered() {
        let folder = new_folder().unwrap();
        let path = folder.join("erasures");
        let master = MasterKey::generate(&TestEntropy);
        assert_eq!(ErasureList::read(&path, &master).unwrap().end(), Applied::NONE);
        let parties: Vec<PartyId> = (1..=3).map(|n| PartyId::from_bytes([n; 16])).collect();
        for (at, party) in (1..).zip(&parties) {
            ErasureList::append(&path, &master, Instant::from_micros(at), *party).unwrap();
        }
        let list = ErasureList::read(&path, &master).unwrap();
        assert_eq!(list.entries().iter().map(|entry| entry.party).collect::<Vec<_>>(), parties);
        assert_eq!((list.end().entries, list.at(2).unwrap().entries, list.at(4)), (3, 2, None));
        let good = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = good.lines().collect();
        let refused = |text: String| {
            std::fs::write(&path, text).unwrap();
            match ErasureList::read(&path, &master) {
                Err(ListFault::Altered { line, .. }) => line,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(refused(good.replace(" 2 ", " 7 ")), 3, "a time");
        assert_eq!(refused([lines[0], lines[2], lines[3], ""].join("\n")), 2, "a line left out");
        assert_eq!(refused([lines[0], lines[2], lines[1], lines[3], ""].join("\n")), 2, "moved");
        assert_eq!(refused(good.replace("erasures 1", "erasures 2")), 1);
        assert_eq!(refused("hello\n".to_owned()), 1);
        std::fs::write(&path, &good).unwrap();
        let other = MasterKey::generate(&TestEntropy);
        assert!(matches!(ErasureList::read(&path, &other), Err(ListFault::Altered { line: 2, .. })));
        // Cut in the middle of the last line: the two before it count, and the next one takes its place.
        std::fs::write(&path, &good[..good.len() - 5]).unwrap();
        assert_eq!(ErasureList::read(&path, &master).unwrap().entries().len(), 2);
        let again = ErasureList::append(&path, &master, Instant::from_micros(3), parties[2]).unwrap();
        assert_eq!(again.end(), list.end());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), good);
        // One that is too long to be read is neither shortened nor added to.
        let long = File::options().write(true).open(&path).unwrap();
        long.set_len(LONGEST + 1).unwrap();
        let refused = ErasureList::append(&path, &master, Instant::from_micros(4), parties[0]);
        assert!(matches!(refused, Err(ListFault::File { .. })), "{refused:?}");
        assert_eq!(long.metadata().unwrap().len(), LONGEST + 1);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
