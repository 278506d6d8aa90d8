//! One life cycle for every key.
