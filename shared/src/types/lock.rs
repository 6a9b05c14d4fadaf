//! The mutex of all that requests of one process share, under one name. `tests/seats` compiles the same code with another
//! mutex under that name, to try the orders in which threads can run.

pub(crate) use std::sync::Mutex;
