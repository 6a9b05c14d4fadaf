//! What Secrets Manager answers where the key of a secret is disabled. Its reference names several errors and does not say
//! which one comes.

use aws_api::{AwsApiError, AwsService};
use serde_json::json;
use shared::types::randomness::Randomness;

use crate::promises::Place;

/// How often a secret is read until the key counts as disabled: KMS takes some seconds (*Eventual consistency*).
const READS: u32 = 20;

/// Makes a key and a secret, disables the key and reads the secret. Secret and key are given up, whatever comes.
pub(crate) async fn observe(place: &Place) -> Result<String, AwsApiError> {
    let api = place.account.api(&place.region);
    let description = json!({ "Description": "teams-connect-contract: may be deleted" });
    let made = api.call(AwsService::Kms, "TrentService.CreateKey", &description).await?;
    let key = made["KeyMetadata"]["KeyId"].as_str().ok_or(AwsApiError::Unreadable)?.to_owned();
    let name = format!("{}disabled-key", place.folder);
    let said = read(place, &key, &name).await;
    let forgotten = place.account.forget(&place.region, &name).await;
    let end = json!({ "KeyId": key, "PendingWindowInDays": 7 });
    api.call(AwsService::Kms, "TrentService.ScheduleKeyDeletion", &end).await?;
    forgotten?;
    said
}

async fn read(place: &Place, key: &str, name: &str) -> Result<String, AwsApiError> {
    let api = place.account.api(&place.region);
    let token: [u8; 16] = Randomness::system().bytes().map_err(|_| AwsApiError::Unreadable)?;
    let token = token.map(|byte| format!("{byte:02x}")).concat();
    let secret = json!({ "Name": name, "KmsKeyId": key, "SecretString": "{}", "ClientRequestToken": token });
    api.call(AwsService::SecretsManager, "secretsmanager.CreateSecret", &secret).await?;
    api.call(AwsService::Kms, "TrentService.DisableKey", &json!({ "KeyId": key })).await?;
    for _ in 0..READS {
        let asked = json!({ "SecretId": name });
        match api.call(AwsService::SecretsManager, "secretsmanager.GetSecretValue", &asked).await {
            Ok(_) => tokio::time::sleep(place.lag / READS).await,
            Err(AwsApiError::Refused(status, words)) => return Ok(format!("{status} {words}")),
            Err(other) => return Err(other),
        }
    }
    Ok("it is read all the same".to_owned())
}
