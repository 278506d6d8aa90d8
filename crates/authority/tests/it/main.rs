//! The authority's tests: requirements by name, the matrix, and generated worlds against the naive evaluator.

mod agreement;
mod matrix;
mod naive;
mod properties;
mod requirements;
mod support;
mod worlds;
