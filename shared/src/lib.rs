//! What the four functions of Teams Connect share, in six folders.
//!
//! A file imports from its own folder and from folders above it in this list, never from one below; a test in
//! `tests/architecture` proves it. Read them in this order; `ARCHITECTURE.md` has the map.

pub mod types;

pub mod domain;

pub mod adapters;

pub mod use_cases;

pub mod http;

pub mod startup;
