//! Customers: an offboarding taken back, and recruiters disconnected.

use std::io::Write;

use shared::adapters::vault::Vault;
use shared::adapters::vault::connections::ListedNode;
use shared::adapters::vault::model::VaultError;
use shared::types::ids::CustomerId;

use crate::error::OperatorError;
use crate::report::Report;

/// Everything that the customer had is there again, but for links.
pub(crate) async fn restore(
    vault: &Vault,
    report: &mut Report<impl Write>,
    customer: &CustomerId,
) -> Result<(), OperatorError> {
    let restorer = vault.customer_restorer();
    let (app, marked) = match restorer.find(customer).await {
        Err(VaultError::NotFound) => {
            let gone = format!("nothing is left of {customer}: the customer hands credentials over again");
            return Err(OperatorError::Refused(gone));
        }
        found => found?,
    };
    if marked {
        report.step(&format!("restore the app {} of {customer}", app.client_id))?;
    } else {
        report.line(&format!("The app of {customer} is in force."))?;
    }
    report.step(&"restore connections and hand-overs that were marked with it")?;
    if report.does_it {
        let were_marked = restorer.restore(customer).await?;
        report.line(&if were_marked { "Some were marked, and are back." } else { "None was marked." })?;
    }
    Ok(report.end()?)
}

/// Ends the connections of all recruiters of one customer, or of all.
pub(crate) async fn revoke(
    vault: &Vault,
    report: &mut Report<impl Write>,
    customer: Option<&CustomerId>,
) -> Result<(), OperatorError> {
    let (index, connections) = (vault.secret_index(), vault.connections());
    let (mut page, mut disconnected, mut damaged, mut failed) = (None, 0, 0, 0);
    loop {
        let listed = index.page(page.as_deref()).await?;
        for found in listed.nodes.iter().filter(|found| is_meant(found, customer)) {
            let counts = &found.summary.counts;
            let told = counts.active + counts.suspect + counts.needs_reauth;
            report.step(&format!("disconnect {told} recruiters of {}", found.node.customer))?;
            if !report.does_it {
                continue;
            }
            match connections.disconnect_node(&found.node).await {
                Ok(done) => {
                    disconnected += done.disconnected;
                    damaged += done.damaged;
                }
                // Nobody works with what is of a former tenure or was marked.
                Err(VaultError::NotFound | VaultError::Deleted) => {}
                Err(error) => {
                    failed += 1;
                    report.line(&format!("  not done: {error}"))?;
                }
            }
        }
        page = listed.next;
        if page.is_none() {
            break;
        }
    }
    if report.does_it {
        report.line(&format!("{disconnected} recruiters were connected and are not any more."))?;
    }
    if damaged + failed > 0 {
        let left = format!("{damaged} entries are damaged and {failed} secrets were not written: do it again");
        return Err(OperatorError::Refused(left));
    }
    Ok(report.end()?)
}

fn is_meant(found: &ListedNode, customer: Option<&CustomerId>) -> bool {
    found.holds_connections && customer.is_none_or(|customer| *customer == found.node.customer)
}
