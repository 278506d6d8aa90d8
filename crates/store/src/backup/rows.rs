//! Values as bytes: a tag, then an integer in eight bytes, or a length in four and the bytes of a text or blob.

use crate::Value;
use std::io::{self, Read};

/// The longest text or blob that is read: above what can be sealed.
const LONGEST: u32 = 64 * 1024 * 1024;

pub(super) fn put(value: &Value, into: &mut Vec<u8>) -> io::Result<()> {
    let (tag, bytes) = match value {
        Value::Null => {
            into.push(0);
            return Ok(());
        }
        Value::Int(number) => {
            into.push(1);
            into.extend_from_slice(&number.to_be_bytes());
            return Ok(());
        }
        Value::Text(text) => (2, text.as_bytes()),
        Value::Blob(blob) => (3, blob.as_slice()),
    };
    let length = u32::try_from(bytes.len()).ok().filter(|length| *length <= LONGEST);
    let length = length.ok_or_else(|| io::Error::other("a value is too long for a backup"))?;
    into.push(tag);
    into.extend_from_slice(&length.to_be_bytes());
    into.extend_from_slice(bytes);
    Ok(())
}

/// # Errors
/// `InvalidData` if these are not the bytes of a value; `UnexpectedEof` if they end too early.
pub(super) fn get(from: &mut impl Read) -> io::Result<Value> {
    let [tag] = bytes::<1>(from)?;
    Ok(match tag {
        0 => Value::Null,
        1 => Value::Int(i64::from_be_bytes(bytes(from)?)),
        2 => Value::Text(String::from_utf8(long(from)?).map_err(|_| invalid())?),
        3 => Value::Blob(long(from)?),
        _ => return Err(invalid()),
    })
}

fn long(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let length = u32::from_be_bytes(bytes(from)?);
    if length > LONGEST {
        return Err(invalid());
    }
    let mut read = Vec::new();
    // A false length must not take memory that the file does not fill.
    from.take(length.into()).read_to_end(&mut read)?;
    if read.len() as u64 == u64::from(length) { Ok(read) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn bytes<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn invalid() -> io::Error {
    io::ErrorKind::InvalidData.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_comes_back() {
        let values = [
            Value::Null,
            Value::Int(0),
            Value::Int(i64::MIN),
            Value::Text(String::new()),
            Value::Text("å\u{0}ä".into()),
            Value::Blob(vec![0, 255, 1]),
        ];
        let mut written = Vec::new();
        for value in &values {
            put(value, &mut written).unwrap();
        }
        let mut rest = written.as_slice();
        for value in &values {
            assert_eq!(&get(&mut rest).unwrap(), value);
        }
        assert!(rest.is_empty());
    }

    #[test]
    fn what_is_cut_or_is_no_value_is_told() {
        let mut written = Vec::new();
        put(&Value::Text("hello".into()), &mut written).unwrap();
        for cut in 0..written.len() {
            let error = get(&mut written.get(..cut).unwrap()).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{cut}");
        }
        for bad in [&[4][..], &[2, 255, 255, 255, 255], &[2, 0, 0, 0, 1, 0xff]] {
            assert_eq!(get(&mut { bad }).unwrap_err().kind(), io::ErrorKind::InvalidData, "{bad:?}");
        }
    }
}
