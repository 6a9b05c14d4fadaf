//! What a process reads and opens once.

pub mod dependencies;
#[cfg(feature = "aws")]
pub mod lambda;
pub mod settings;
pub mod telemetry;
