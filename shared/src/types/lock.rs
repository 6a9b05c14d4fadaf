//! The lock of what the requests of one process share, by one name. `tests/seats` compiles the same code with another under
//! that name, which tries out the orders in which threads can come.

pub(crate) use std::sync::Mutex;
