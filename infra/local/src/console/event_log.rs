//! The events that the console shows: each fact once.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use shared::types::language::Language;

/// How many of the latest are shown.
const SHOWN: usize = 20;

/// An event that was received.
#[derive(Debug, Clone)]
pub(super) struct ReceivedWebhook {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) time: String,
    pub(super) sentence: Value,
}

/// The latest events, the newest first. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct EventLog(Arc<Mutex<VecDeque<ReceivedWebhook>>>);

impl ReceivedWebhook {
    /// What happened, in a language.
    pub(super) fn sentence(&self, language: Language) -> &str {
        self.sentence[language.bcp47()].as_str().unwrap_or_default()
    }
}

impl EventLog {
    pub(super) fn latest(&self) -> Vec<ReceivedWebhook> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// The same event again is the same fact.
    pub(super) fn add(&self, webhook: ReceivedWebhook) {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if log.iter().all(|known| known.id != webhook.id) {
            log.push_front(webhook);
            log.truncate(SHOWN);
        }
    }
}
