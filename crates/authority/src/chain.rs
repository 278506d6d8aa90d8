//! Mandate chains: whether a mandate reaches back to one that the agency registered.
