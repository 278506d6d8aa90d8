//! The e-services as data: read, check, compare, print.
