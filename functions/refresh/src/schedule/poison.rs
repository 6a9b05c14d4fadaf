//! Customers who are set aside for the rest of a run, so that they cost the others nothing.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use shared::ids::CustomerId;
use shared::microsoft::entra::EntraError;
use shared::renewal::RenewalError;

/// So many calls in a row that were not answered are not one recruiter's fault.
const UNANSWERED: u32 = 3;

/// What is known of customers so far in this run.
#[derive(Default)]
pub(super) struct Poison(Mutex<HashMap<CustomerId, Doubt>>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Doubt {
    /// This many calls in a row were not answered.
    Unanswered(u32),
    /// Nothing will go until somebody acts.
    Out,
}

impl Poison {
    /// Whether the customer is set aside.
    pub(super) fn is_in(&self, customer: &CustomerId) -> bool {
        match self.lock().get(customer) {
            Some(Doubt::Out) => true,
            Some(Doubt::Unanswered(times)) => *times >= UNANSWERED,
            None => false,
        }
    }

    /// A call for this customer went well.
    pub(super) fn well(&self, customer: &CustomerId) {
        self.lock().remove(customer);
    }

    /// The customer's app does not work.
    pub(super) fn out(&self, customer: &CustomerId) {
        self.lock().insert(customer.clone(), Doubt::Out);
    }

    /// A call for this customer was not answered.
    pub(super) fn unanswered(&self, customer: &CustomerId) {
        let mut doubts = self.lock();
        let doubt = doubts.entry(customer.clone()).or_insert(Doubt::Unanswered(0));
        if let Doubt::Unanswered(times) = doubt {
            *times += 1;
        }
    }

    /// What the failure of one renewal says about the customer's others.
    pub(super) fn tastes(&self, customer: &CustomerId, error: &RenewalError) {
        match error {
            RenewalError::NotConfigured | RenewalError::Entra(EntraError::AppRefused(_)) => self.out(customer),
            RenewalError::Entra(EntraError::Unavailable { source: Some(_), .. }) => self.unanswered(customer),
            RenewalError::NotConnected
            | RenewalError::Disconnected
            | RenewalError::Reconfigured
            | RenewalError::Lost { .. }
            | RenewalError::Entra(_)
            | RenewalError::Vault(_) => {}
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<CustomerId, Doubt>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::finding::Kind;

    fn unavailable() -> RenewalError {
        RenewalError::Entra(EntraError::Unavailable { retry_after: None, source: Some("no route".into()) })
    }

    #[test]
    fn a_customer_whose_calls_are_not_answered_is_set_aside_after_three() {
        let (poison, customer, other) = (Poison::default(), "a".parse().unwrap(), "b".parse().unwrap());
        for _ in 0..2 {
            poison.tastes(&customer, &unavailable());
            assert!(!poison.is_in(&customer));
        }
        poison.well(&customer);
        for set_aside in [false, false, true] {
            poison.tastes(&customer, &unavailable());
            assert_eq!(poison.is_in(&customer), set_aside, "an answer between them begins the count anew");
        }
        assert!(!poison.is_in(&other));
    }

    #[test]
    fn a_customer_whose_app_is_refused_is_set_aside_at_once_and_one_recruiters_trouble_sets_nobody_aside() {
        let customer = "a".parse().unwrap();
        let refused = RenewalError::Entra(EntraError::AppRefused(Kind::SecretExpired.into()));
        for (error, set_aside) in [
            (refused, true),
            (RenewalError::NotConfigured, true),
            (RenewalError::Lost { finding: None, retry_after: None }, false),
            (RenewalError::Reconfigured, false),
            // Throttling in the guise of a lost grant is about one recruiter.
            (RenewalError::Entra(EntraError::Unavailable { retry_after: None, source: None }), false),
        ] {
            let poison = Poison::default();
            for _ in 0..9 {
                poison.tastes(&customer, &error);
            }
            assert_eq!(poison.is_in(&customer), set_aside, "{error:?}");
        }
    }
}
