//! Customers who are set aside for the rest of a run, so that they cost the others nothing.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use shared::adapters::microsoft::entra::EntraError;
use shared::types::ids::CustomerId;
use shared::use_cases::token_refresh::TokenRefreshError;

/// So many calls in a row that were not answered are not one recruiter's fault.
const FAILURE_THRESHOLD: u32 = 3;

/// What is known of customers so far in this run.
#[derive(Default)]
pub(super) struct CircuitBreaker(Mutex<HashMap<CustomerId, CircuitState>>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum CircuitState {
    /// This many calls in a row were not answered.
    Failures(u32),
    /// Nothing will go until somebody acts.
    Open,
}

impl CircuitBreaker {
    /// Whether the customer is set aside.
    pub(super) fn is_open(&self, customer: &CustomerId) -> bool {
        match self.lock().get(customer) {
            Some(CircuitState::Open) => true,
            Some(CircuitState::Failures(times)) => *times >= FAILURE_THRESHOLD,
            None => false,
        }
    }

    /// A call for this customer went well.
    pub(super) fn record_success(&self, customer: &CustomerId) {
        self.lock().remove(customer);
    }

    /// The customer's app does not work.
    pub(super) fn open(&self, customer: &CustomerId) {
        self.lock().insert(customer.clone(), CircuitState::Open);
    }

    /// A call for this customer was not answered.
    pub(super) fn record_failure(&self, customer: &CustomerId) {
        let mut doubts = self.lock();
        let doubt = doubts.entry(customer.clone()).or_insert(CircuitState::Failures(0));
        if let CircuitState::Failures(times) = doubt {
            *times += 1;
        }
    }

    /// What the failure of one renewal says about the customer's others.
    pub(super) fn record_refresh_error(&self, customer: &CustomerId, error: &TokenRefreshError) {
        match error {
            TokenRefreshError::NotConfigured | TokenRefreshError::Entra(EntraError::AppRejected(_)) => {
                self.open(customer)
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
        let (poison, customer, other) = (CircuitBreaker::default(), "a".parse().unwrap(), "b".parse().unwrap());
        for _ in 0..2 {
            poison.record_refresh_error(&customer, &unavailable());
            assert!(!poison.is_open(&customer));
        }
        poison.record_success(&customer);
        for set_aside in [false, false, true] {
            poison.record_refresh_error(&customer, &unavailable());
            assert_eq!(poison.is_open(&customer), set_aside, "an answer between them begins the count anew");
        }
        assert!(!poison.is_open(&other));
    }

    #[test]
    fn a_customer_whose_app_is_refused_is_set_aside_at_once_and_one_recruiters_trouble_sets_nobody_aside() {
        let customer = "a".parse().unwrap();
        let refused = TokenRefreshError::Entra(EntraError::AppRejected(FindingKind::SecretExpired.into()));
        for (error, set_aside) in [
            (refused, true),
            (TokenRefreshError::NotConfigured, true),
            (TokenRefreshError::SignInRejected { finding: None, retry_after: None }, false),
            (TokenRefreshError::AppChanged, false),
            // Throttling in the guise of a lost grant is about one recruiter.
            (TokenRefreshError::Entra(EntraError::Unavailable { retry_after: None, source: None }), false),
        ] {
            let poison = CircuitBreaker::default();
            for _ in 0..9 {
                poison.record_refresh_error(&customer, &error);
            }
            assert_eq!(poison.is_open(&customer), set_aside, "{error:?}");
        }
    }
}
