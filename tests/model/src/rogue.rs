//! Writers that do not keep the rules: what each does wrong, the witness must see.

use serde_json::{Value, json};
use shared::types::secret::SecretBody;

use crate::schedule::ConnectionSlot;
use crate::world::ModelWorld;

/// One of them does its work, upon what it read some time ago, and reads again for the next time.
pub async fn go(keeping: ConnectionSlot, world: &ModelWorld, former: &mut Vec<Option<Value>>) {
    if matches!(keeping, ConnectionSlot::Everything | ConnectionSlot::LastWriteWins | ConnectionSlot::ForgetsEvents) {
        return;
    }
    let root = format!("model/customers/{}/connections", world.customer);
    let present = world.nodes();
    let [old, new] = [&*former, &present].map(|nodes| nodes.first().cloned().flatten());
    if let (Some(old), Some(mut new)) = (old, new) {
        let child = new["moved"][0]["node"].as_str().map(|node| format!("{root}/{node}"));
        match (keeping, child) {
            // It decided upon an entry that was there, and writes it over what is there now.
            (ConnectionSlot::BlindSecondTry, _) => {
                for user in &world.recruiters {
                    if new["entries"][user.as_str()].is_object() && old["entries"][user.as_str()].is_object() {
                        new["entries"][user.as_str()] = old["entries"][user.as_str()].clone();
                    }
                }
                write(world, &root, &new).await;
            }
            (
                keeping @ (ConnectionSlot::ComparesNoToken
                | ConnectionSlot::RevivesEnded
                | ConnectionSlot::ForgetsTenure),
                _,
            ) => {
                let in_former_tenure = old["tenure"] != new["tenure"];
                for user in &world.recruiters {
                    let (before, now) = (&old["entries"][user.as_str()], &new["entries"][user.as_str()]);
                    let does = before["refresh_token"].is_string()
                        && match keeping {
                            ConnectionSlot::ComparesNoToken => {
                                !in_former_tenure
                                    && now["refresh_token"].is_string()
                                    && now["sign_in"] == before["sign_in"]
                            }
                            ConnectionSlot::RevivesEnded => !in_former_tenure && now["state"] == "disconnected",
                            _ => in_former_tenure,
                        };
                    if does {
                        new["entries"][user.as_str()] = before.clone();
                    }
                }
                write(world, &root, &new).await;
            }
            (ConnectionSlot::DropsOthers, _) => {
                let entries = new["entries"].as_object_mut().unwrap();
                entries.retain(|user, _| *user == world.recruiters[0].as_str());
                write(world, &root, &new).await;
            }
            (ConnectionSlot::ParentBeforeChild, _) => {
                new["entries"] = json!({});
                new["moved"].as_array_mut().unwrap().push(json!({ "from": "0000000000000001", "node": "none" }));
                write(world, &root, &new).await;
            }
            // With a fixed name for the child, a compare-and-set on it would let this through.
            (ConnectionSlot::LateSplitter, Some(child)) => {
                let name = child.clone();
                let held = former.iter().flatten().find(|node| node["from"] == new["moved"][0]["from"]).cloned();
                if let Some(held) = held {
                    write(world, &name, &held).await;
                }
            }
            (ConnectionSlot::DropsChild, Some(child)) => {
                if let Some(lying) = world.memory.stored(&child) {
                    let _ = world.memory.delete(&lying.arn).await;
                }
            }
            _ => {}
        }
    }
    // It holds what it has read for a while.
    let is_old = former.is_empty() || world.now().as_second() % 3 == 0 || former.len() != present.len();
    // Whoever forgets tenures has read before the customer left.
    if !present.is_empty() && is_old {
        *former = present;
    }
}

async fn write(world: &ModelWorld, name: &str, content: &Value) {
    if let Some(lying) = world.memory.stored(name) {
        let _ = world.memory.put(&lying.arn, &lying.version, SecretBody::from(content.to_string())).await;
    }
}
