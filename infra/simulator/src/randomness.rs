//! Random values, derived from one seed of the operating system.

use std::io;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use uuid::Uuid;

/// A stream of random bytes.
///
/// The seed is read once, where a failure can be reported. Every block is HMAC-SHA-256 of a
/// counter and cannot fail.
pub(crate) struct SeededStream {
    key: hmac::Key,
    blocks: u64,
}

impl SeededStream {
    pub(crate) fn from_system() -> io::Result<Self> {
        let mut seed = [0_u8; 32];
        SystemRandom::new().fill(&mut seed).map_err(|_| io::Error::other("the system gave no random bytes"))?;
        Ok(Self { key: hmac::Key::new(hmac::HMAC_SHA256, &seed), blocks: 0 })
    }

    fn bytes(&mut self, wanted: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(wanted + 32);
        while bytes.len() < wanted {
            self.blocks += 1;
            let block = hmac::sign(&self.key, &self.blocks.to_be_bytes());
            bytes.extend_from_slice(block.as_ref());
        }
        bytes.truncate(wanted);
        bytes
    }

    /// `wanted` random bytes in base64url.
    pub(crate) fn opaque(&mut self, wanted: usize) -> String {
        URL_SAFE_NO_PAD.encode(self.bytes(wanted))
    }

    /// A version 4 GUID.
    pub(crate) fn guid(&mut self) -> Uuid {
        let mut bytes = [0_u8; 16];
        bytes.copy_from_slice(&self.bytes(16));
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// A number from `low` up to but without `high`.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        let mut bytes = [0_u8; 8];
        bytes.copy_from_slice(&self.bytes(8));
        low + u64::from_be_bytes(bytes) % (high - low).max(1)
    }
}
