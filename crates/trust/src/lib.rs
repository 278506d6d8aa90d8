//! X.509 chains, OCSP and XML signatures by fixed profile.
