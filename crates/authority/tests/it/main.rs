//! The authority's tests: requirements by name, the matrix, and generated worlds against the naive evaluator.

#![expect(clippy::unwrap_used, reason = "a panic in a test is a failure with a line number")]

mod agreement;
mod gains;
mod matrix;
mod naive;
mod properties;
mod requirements;
mod support;
mod worlds;
