//! The whole product over HTTP, with Microsoft's simulator and a clock that tests move. The tests are in `tests`, what they
//! share with other packages is in `test-support`.
