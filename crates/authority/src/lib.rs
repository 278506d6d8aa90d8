//! One decision with its chain of reasons. Pure.
