//! A customer's app, looked at once a day: who must act learns of it before an interview does.

use shared::doctor::Diagnosis;
use shared::entra_app::EntraApp;
use shared::finding::Finding;
use shared::ids::CustomerId;
use shared::vault::Held;
use shared::vault::apps::Diagnosed;
use shared::vault::terms::VaultError;

use super::poison::Poison;
use super::report::Done;
use crate::Refresh;

impl Refresh {
    /// Has the doctor look at an app, and notes what was found beside it. No answer is no finding.
    pub(super) async fn check(&self, customer: &CustomerId, poison: &Poison) -> Done {
        let app = match self.apps.read(customer).await {
            Ok(app) => app,
            // Offboarded while we looked.
            Err(VaultError::NotFound | VaultError::Deleted) => return Done::Nothing,
            Err(error) => return Done::failed(customer, None, &error),
        };
        let diagnosis = match self.doctor.examine(&app.value).await {
            Ok(diagnosis) => diagnosis,
            Err(error) => {
                poison.unanswered(customer);
                return Done::failed(customer, None, &error);
            }
        };
        if diagnosis.is_refusal() {
            poison.out(customer);
        }
        match self.note(customer, &app, &diagnosis).await {
            Ok(()) => Done::Checked,
            Err(error) => Done::failed(customer, None, &error),
        }
    }

    async fn note(&self, customer: &CustomerId, app: &Held<EntraApp>, diagnosis: &Diagnosis) -> Result<(), VaultError> {
        for Finding { kind, evidence } in &diagnosis.findings {
            let aadsts = evidence.as_ref().and_then(|evidence| evidence.aadsts);
            tracing::warn!(%customer, code = kind.code(), aadsts, "something is to be said of a credential");
        }
        let diagnosed = Diagnosed::new(diagnosis.verified_at.is_some(), &diagnosis.findings);
        self.notes.examined(app, &diagnosed).await
    }
}
