//! The keys of the issuer that apps without a secret trust.

use std::io::Write;

use clap::Subcommand;
use shared::adapters::vault::deployment_secrets::DeploymentSecrets;
use shared::adapters::vault::issuer_keys::IssuerOverview;
use shared::types::clock::Timestamp;

use crate::error::OperatorError;
use crate::report::Report;

/// What can be done with the keys.
#[derive(Debug, Subcommand)]
pub(crate) enum IssuerCommand {
    /// List the published keys: which one signs, and which one next
    Show,
    /// Make the first keys; from then on customers can do without a secret
    Start,
    /// Let the next key sign; customers need not do anything
    Rotate,
    /// A key has leaked: let it sign no more and publish it no more, at once
    Withdraw {
        /// The key, as `issuer show` names it
        kid: String,
    },
}

/// Does one of them.
pub(crate) async fn run(
    secrets: &DeploymentSecrets,
    report: &mut Report<impl Write>,
    command: IssuerCommand,
    now: Timestamp,
) -> Result<(), OperatorError> {
    match command {
        IssuerCommand::Show => show(secrets, report, now).await,
        IssuerCommand::Start => start(secrets, report, now).await,
        IssuerCommand::Rotate => rotate(secrets, report, now).await,
        IssuerCommand::Withdraw { kid } => withdraw(secrets, report, &kid, now).await,
    }
}

/// Tells the keys by their names: which signs, which signs next, what is published and until when.
async fn show(
    secrets: &DeploymentSecrets,
    report: &mut Report<impl Write>,
    now: Timestamp,
) -> Result<(), OperatorError> {
    let overview = secrets.issuer().await?;
    if overview.signing.is_none() {
        report.line(&"there are no keys: nobody can do without a secret")?;
    }
    for key in overview.published.iter().filter(|key| key.is_published(now)) {
        let kid = Some(key.key.kid.clone());
        let what = match key.until {
            _ if kid == overview.signing => "signs".to_owned(),
            _ if kid == overview.next => format!("signs next, from {} on", key.may_sign_from()),
            Some(until) => format!("signed before, published until {until}"),
            None => "is of no use".to_owned(),
        };
        report.line(&format!("{}: {what}", key.key.kid))?;
    }
    if overview.is_unfinished() {
        report.line(&"an operation stopped half-way: `issuer rotate` goes on with it")?;
    }
    Ok(())
}

/// Makes the first keys.
async fn start(
    secrets: &DeploymentSecrets,
    report: &mut Report<impl Write>,
    now: Timestamp,
) -> Result<(), OperatorError> {
    let overview = secrets.issuer().await?;
    if overview.signing.is_some() && !overview.is_unfinished() {
        return Err(OperatorError::Refused("there are keys already: `issuer rotate` replaces them".to_owned()));
    }
    report.step(&"make a key that signs, and the next one; from then on customers can do without a secret")?;
    if report.does_it {
        secrets.complete_issuer(now).await?;
    }
    Ok(report.end()?)
}

/// Lets the next key sign.
async fn rotate(
    secrets: &DeploymentSecrets,
    report: &mut Report<impl Write>,
    now: Timestamp,
) -> Result<(), OperatorError> {
    let overview = secrets.issuer().await?;
    if overview.is_unfinished() {
        report.step(&"go on with what stopped half-way")?;
    } else {
        let next = next_of(&overview)?;
        if let Some(from) = overview.waits_until(now) {
            let told = format!("{next} cannot sign before {from}: Microsoft may not know it yet");
            return Err(OperatorError::Refused(told));
        }
        report
            .step(&format!("let {next} sign, and make another next key; the one before stays published for a day"))?;
    }
    if report.does_it {
        secrets.rotate_issuer(now).await?;
    }
    Ok(report.end()?)
}

/// Withdraws a key that was stolen.
async fn withdraw(
    secrets: &DeploymentSecrets,
    report: &mut Report<impl Write>,
    kid: &str,
    now: Timestamp,
) -> Result<(), OperatorError> {
    let overview = secrets.issuer().await?;
    let is_known = overview.published.iter().any(|key| key.key.kid == kid)
        || [&overview.signing, &overview.next].into_iter().flatten().any(|known| known == kid);
    if !is_known {
        return Err(OperatorError::Refused(format!("there is no key {kid}: `issuer show` names them")));
    }
    report.step(&format!("withdraw {kid} within a minute; Microsoft may accept it for up to a day from its copy"))?;
    if overview.signing.as_deref() == Some(kid) {
        report.step(&format!("let {} sign at once", next_of(&overview)?))?;
    }
    if report.does_it {
        secrets.withdraw_issuer_key(kid, now).await?;
    }
    Ok(report.end()?)
}

fn next_of(overview: &IssuerOverview) -> Result<&str, OperatorError> {
    let none = || OperatorError::Refused("there are no keys: `issuer start` makes them".to_owned());
    overview.next.as_deref().ok_or_else(none)
}
