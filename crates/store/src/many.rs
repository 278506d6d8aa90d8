//! Lists in SQL: in few sizes, so that few different statements have to be prepared.

/// Cuts a list into pieces of 64, 8 and 1.
pub(crate) fn pieces<T>(mut list: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = match list.len() {
            0 => return None,
            1..8 => 1,
            8..64 => 8,
            _ => 64,
        };
        let (piece, rest) = list.split_at(size);
        list = rest;
        Some(piece)
    })
}

/// `$first, $first+1, …`: so many parameters.
pub(crate) fn places(first: usize, count: usize) -> String {
    (first..first + count).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// `($1, $2), ($3, $4), …`: so many rows of so many columns.
pub(crate) fn rows(count: usize, columns: usize) -> String {
    (0..count).map(|row| format!("({})", places(row * columns + 1, columns))).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_in_one_piece() {
        let list: Vec<u32> = (0..147).collect();
        let sizes: Vec<usize> = pieces(&list).map(<[u32]>::len).collect();
        assert_eq!(sizes, [64, 64, 8, 8, 1, 1, 1]);
        assert_eq!(pieces(&list).flatten().copied().collect::<Vec<_>>(), list);
        assert_eq!(pieces::<u32>(&[]).count(), 0);
    }

    #[test]
    fn parameters_are_numbered_on() {
        assert_eq!(places(3, 3), "$3, $4, $5");
        assert_eq!(rows(2, 2), "($1, $2), ($3, $4)");
    }
}
