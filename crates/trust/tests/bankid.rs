//! The verifier against the corpus that `corpus/make.py` made with other tools, against `xmlsec1`, and against noise.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a panic in a test is a failure with a line number"
)]

#[path = "bankid/corpus.rs"]
mod corpus;
#[path = "bankid/noise.rs"]
mod noise;
#[path = "bankid/table.rs"]
mod table;
#[path = "bankid/xmlsec.rs"]
mod xmlsec;
