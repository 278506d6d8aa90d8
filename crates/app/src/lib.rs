//! Use cases, one file each: decide, change facts, record, in one transaction.
