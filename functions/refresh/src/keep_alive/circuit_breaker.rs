//! Stops calls for a customer who keeps failing, for the rest of a run.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use shared::adapters::microsoft::entra::EntraError;
use shared::types::ids::CustomerId;
use shared::use_cases::token_refresh::TokenRefreshError;

/// Unanswered calls in a row that are not one recruiter's fault.
const FAILURE_THRESHOLD: u32 = 3;

/// The customers that failed in this run.
#[derive(Default)]
pub(super) struct CircuitBreaker(Mutex<HashMap<CustomerId, CircuitState>>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum CircuitState {
    /// So many calls in a row were not answered.
    Failures(u32),
    /// No call succeeds until somebody acts.
    Open,
}

impl CircuitBreaker {
    /// Whether calls for the customer are stopped.
    pub(super) fn is_open(&self, customer: &CustomerId) -> bool {
        match self.lock().get(customer) {
            Some(CircuitState::Open) => true,
            Some(CircuitState::Failures(times)) => *times >= FAILURE_THRESHOLD,
            None => false,
        }
    }

    /// Records a call that succeeded.
    pub(super) fn record_success(&self, customer: &CustomerId) {
        self.lock().remove(customer);
    }

    /// Opens the circuit: the customer's app does not work.
    pub(super) fn open(&self, customer: &CustomerId) {
        self.lock().insert(customer.clone(), CircuitState::Open);
    }

    /// Records a call that was not answered.
    pub(super) fn record_failure(&self, customer: &CustomerId) {
        let mut circuits = self.lock();
        let circuit = circuits.entry(customer.clone()).or_insert(CircuitState::Failures(0));
        if let CircuitState::Failures(times) = circuit {
            *times += 1;
        }
    }

    /// Records what a failed refresh says about the customer's other connections.
    pub(super) fn record_refresh_error(&self, customer: &CustomerId, error: &TokenRefreshError) {
        match error {
            TokenRefreshError::NotConfigured | TokenRefreshError::Entra(EntraError::AppRejected(_)) => {
                self.open(customer);
            }
            TokenRefreshError::Entra(EntraError::Unavailable { source: Some(_), .. }) => self.record_failure(customer),
            TokenRefreshError::NotConnected
            | TokenRefreshError::Disconnected
            | TokenRefreshError::AppChanged
            | TokenRefreshError::SignInRejected { .. }
            | TokenRefreshError::Entra(_)
            | TokenRefreshError::Vault(_) => {}
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<CustomerId, CircuitState>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::domain::finding::FindingKind;

    fn unavailable() -> TokenRefreshError {
        TokenRefreshError::Entra(EntraError::Unavailable { retry_after: None, source: Some("no route".into()) })
    }

    #[test]
    fn a_customer_whose_calls_are_not_answered_is_set_aside_after_three() {
        let (breaker, customer, other) = (CircuitBreaker::default(), "a".parse().unwrap(), "b".parse().unwrap());
        for _ in 0..2 {
            breaker.record_refresh_error(&customer, &unavailable());
            assert!(!breaker.is_open(&customer));
        }
        breaker.record_success(&customer);
        for is_open in [false, false, true] {
            breaker.record_refresh_error(&customer, &unavailable());
            assert_eq!(breaker.is_open(&customer), is_open, "a success resets the count");
        }
        assert!(!breaker.is_open(&other));
    }

    #[test]
    fn a_rejected_app_opens_the_circuit_at_once_and_one_recruiters_failure_never_does() {
        let customer = "a".parse().unwrap();
        let rejected = TokenRefreshError::Entra(EntraError::AppRejected(FindingKind::SecretExpired.into()));
        for (error, is_open) in [
            (rejected, true),
            (TokenRefreshError::NotConfigured, true),
            (TokenRefreshError::SignInRejected { finding: None, retry_after: None }, false),
            (TokenRefreshError::AppChanged, false),
            // Throttling reported as a lost grant is about one recruiter.
            (TokenRefreshError::Entra(EntraError::Unavailable { retry_after: None, source: None }), false),
        ] {
            let breaker = CircuitBreaker::default();
            for _ in 0..9 {
                breaker.record_refresh_error(&customer, &error);
            }
            assert_eq!(breaker.is_open(&customer), is_open, "{error:?}");
        }
    }
}
