//! What the other folders are written in. Imports nothing of ours.

pub mod base_url;
pub mod clock;
pub mod colour;
pub mod domain_name;
pub mod held_values;
pub mod ids;
pub mod keyed_mutex;
pub mod language;
pub(crate) mod lock;
pub mod pasted_text;
pub mod randomness;
pub mod rate_limiter;
pub mod rsa_key;
pub mod sealing;
pub mod secret;
pub(crate) mod single_flight;
pub mod single_line;
pub mod text;
pub mod ttl_cache;
