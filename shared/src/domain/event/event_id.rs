//! The id of an event: a digest of the fact, so that whoever tells it again says so.

use std::fmt;
use std::str::FromStr;

use ring::digest;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The id of an event: `evt_` and 24 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EventId([u8; 12]);

/// The text is no id of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the id of an event")]
pub struct EventIdError;

const PREFIX: &str = "evt_";

impl EventId {
    /// The id of the fact that these parts name.
    pub(super) fn of(parts: [&str; 5]) -> Self {
        let mut text = String::from("teams-connect/event");
        for part in parts {
            // No part has a line break in it, so no two facts have the same text.
            text.push('\n');
            text.push_str(part);
        }
        let mut bytes = [0; 12];
        let digest = digest::digest(&digest::SHA256, text.as_bytes());
        bytes.iter_mut().zip(digest.as_ref()).for_each(|(byte, digest)| *byte = *digest);
        Self(bytes)
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", hex::encode(self.0))
    }
}

impl FromStr for EventId {
    type Err = EventIdError;
    fn from_str(text: &str) -> Result<Self, EventIdError> {
        let digits = text.strip_prefix(PREFIX).ok_or(EventIdError)?;
        let mut bytes = [0; 12];
        hex::decode_to_slice(digits, &mut bytes).map_err(|_| EventIdError)?;
        Ok(Self(bytes))
    }
}

impl Serialize for EventId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for EventId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
