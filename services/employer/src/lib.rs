//! The employers' services: sickness reports.
