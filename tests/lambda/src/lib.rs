//! The product as AWS runs it, on one machine: the four real binaries, each under AWS's own Runtime Interface Emulator,
//! behind a gateway that speaks API Gateway's payload format 2.0; moto for Secrets Manager and SQS, the simulator for Microsoft.
//!
//! `tests/lambda/run` brings what is needed and runs the tests. Without the feature `emulator` there are only those of
//! the gateway itself.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a journey that stumbles should say where")]

pub mod answer;
pub mod deployment;
pub mod event;
pub mod function;
pub mod gateway;
pub mod process;
pub mod queue;
pub mod receiver;
pub mod routes;
pub mod wire;
