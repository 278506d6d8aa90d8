//! Values that cross the border to SQL: 64-bit integers, text and bytes, nothing else.
//!
//! Both engines know these four alike. Ids are 16-byte blobs, times microseconds UTC, booleans 0 and 1.

use crate::StoreError;
use domain::{CaseId, FactId, Instant, MailId, OrderId, PartyId, RecordId, Seq, SessionId};

/// One parameter or one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Null,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

/// One row of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(Vec<Value>);

impl Row {
    pub(crate) fn new(values: Vec<Value>) -> Self {
        Self(values)
    }

    pub(crate) fn values(&self) -> &[Value] {
        &self.0
    }

    /// The value in `column`, counted from 0.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] if the row has no such column or the value has another type or range.
    pub fn get<T: FromValue>(&self, column: usize) -> Result<T, StoreError> {
        let Some(value) = self.0.get(column) else {
            return Err(StoreError::Corrupt(format!("an answer has no column {column}")));
        };
        T::from_value(value).ok_or_else(|| {
            StoreError::Corrupt(format!("column {column} of an answer has a wrong type or range"))
        })
    }
}

/// Types that can be read from a column.
pub trait FromValue: Sized {
    /// `None` if the value has another type or is out of range.
    fn from_value(value: &Value) -> Option<Self>;
}

impl FromValue for i64 {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Int(i) => Some(*i),
            _ => None,
        }
    }
}

impl FromValue for String {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(t) => Some(t.clone()),
            _ => None,
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Blob(b) => Some(b.clone()),
            _ => None,
        }
    }
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Blob(b) => b.as_slice().try_into().ok(),
            _ => None,
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            other => T::from_value(other).map(Some),
        }
    }
}

impl FromValue for Instant {
    fn from_value(value: &Value) -> Option<Self> {
        i64::from_value(value).map(Instant::from_micros)
    }
}

impl FromValue for Seq {
    fn from_value(value: &Value) -> Option<Self> {
        u64::from_value(value).map(Seq)
    }
}

macro_rules! small_integers {
    ($($integer:ty),*) => {$(
        impl FromValue for $integer {
            fn from_value(value: &Value) -> Option<Self> {
                i64::from_value(value)?.try_into().ok()
            }
        }
    )*};
}
small_integers!(u8, u16, u32, u64);

macro_rules! ids {
    ($($id:ty),*) => {$(
        impl FromValue for $id {
            fn from_value(value: &Value) -> Option<Self> {
                <[u8; 16]>::from_value(value).map(<$id>::from_bytes)
            }
        }
        impl From<$id> for Value {
            fn from(id: $id) -> Value {
                Value::Blob(id.as_bytes().to_vec())
            }
        }
    )*};
}
ids!(PartyId, FactId, CaseId, OrderId, RecordId, MailId, SessionId);

impl From<i64> for Value {
    fn from(i: i64) -> Value {
        Value::Int(i)
    }
}

impl From<u32> for Value {
    fn from(i: u32) -> Value {
        Value::Int(i64::from(i))
    }
}

/// A count or position above 2^63 - 1 cannot come to be; it would be kept as the highest possible.
impl From<u64> for Value {
    fn from(i: u64) -> Value {
        Value::Int(i64::try_from(i).unwrap_or(i64::MAX))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Text(text)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Value {
        Value::Blob(bytes)
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Value {
        Value::Blob(bytes.to_vec())
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Value {
        Value::Blob(bytes.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::Null, Into::into)
    }
}

impl From<Instant> for Value {
    fn from(at: Instant) -> Value {
        Value::Int(at.micros())
    }
}

/// A `seq` above 2^63 - 1 cannot come to be; it would be kept as the highest possible.
impl From<Seq> for Value {
    fn from(seq: Seq) -> Value {
        seq.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_types_and_ranges_are_told() {
        let row =
            Row::new(vec![Value::Int(-1), Value::Text("x".into()), Value::Null, Value::Blob(vec![1; 16])]);
        assert_eq!(row.get::<i64>(0), Ok(-1));
        assert!(row.get::<u32>(0).is_err());
        assert!(row.get::<Seq>(0).is_err());
        assert_eq!(row.get::<String>(1), Ok("x".to_owned()));
        assert!(row.get::<Vec<u8>>(1).is_err());
        assert_eq!(row.get::<Option<i64>>(2), Ok(None));
        assert!(row.get::<i64>(2).is_err());
        assert_eq!(row.get::<PartyId>(3), Ok(PartyId::from_bytes([1; 16])));
        assert!(row.get::<[u8; 32]>(3).is_err());
        assert!(row.get::<i64>(4).is_err());
    }
}
