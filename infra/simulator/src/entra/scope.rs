//! Parses scopes, and formats them as Entra does.

use std::collections::BTreeSet;

use crate::entra::error::EntraErrorBody;

/// Graph's resource in the global cloud.
pub(crate) const GRAPH: &str = "https://graph.microsoft.com";

const SIGN_IN: [&str; 4] = ["openid", "profile", "email", "offline_access"];
const GRAPH_PERMISSIONS: [&str; 4] =
    ["User.Read", "OnlineMeetings.ReadWrite", "OnlineMeetings.Read", "User.ReadBasic.All"];

/// Requested scopes.
#[derive(Clone, Debug)]
pub(crate) struct Scopes {
    /// Short names in Microsoft's spelling.
    pub(crate) names: BTreeSet<String>,
    /// Whether `{graph}/.default` was among them.
    pub(crate) default: bool,
    /// The prefix of Graph's names, with the slash.
    pub(crate) prefix: String,
}

impl Scopes {
    /// Parses a `scope` parameter. `graph` is the simulator's own Graph address, another name
    /// of the same resource.
    pub(crate) fn parse(text: &str, graph: &str) -> Result<Self, EntraErrorBody> {
        let mut scopes = Self { names: BTreeSet::new(), default: false, prefix: format!("{GRAPH}/") };
        let mut named_graph_permission = false;
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            let (prefix, name) = [graph, GRAPH]
                .iter()
                .find_map(|resource| {
                    let prefix = format!("{resource}/");
                    let head = word.get(..prefix.len())?;
                    head.eq_ignore_ascii_case(&prefix).then(|| (Some(prefix), &word[head.len()..]))
                })
                .unwrap_or((None, word));
            if let Some(prefix) = &prefix {
                scopes.prefix.clone_from(prefix);
            }
            let plain = prefix.is_none();
            if let Some(known) = SIGN_IN.iter().find(|known| plain && **known == name) {
                scopes.names.insert((*known).to_owned());
            } else if let Some(known) = GRAPH_PERMISSIONS.iter().find(|known| known.eq_ignore_ascii_case(name)) {
                named_graph_permission = true;
                scopes.names.insert((*known).to_owned());
            } else if !plain && name == ".default" {
                scopes.default = true;
            } else if plain && name.contains("://") {
                return Err(EntraErrorBody::new(
                    500_011,
                    "invalid_resource",
                    format!("The resource principal of scope '{word}' was not found in the tenant."),
                ));
            } else {
                return Err(EntraErrorBody::new(
                    650_053,
                    "invalid_client",
                    format!("The application asked for scope '{word}' that does not exist."),
                ));
            }
        }
        if scopes.default && named_graph_permission {
            return Err(EntraErrorBody::new(
                70_011,
                "invalid_scope",
                "The scope is not valid: .default cannot be combined with named scopes.",
            ));
        }
        Ok(scopes)
    }
}

/// Formats scopes as Entra does: Graph's first and with prefix, not in the order of the
/// request, and without `offline_access`, which only the refresh token shows.
pub(crate) fn written(granted: &BTreeSet<String>, prefix: &str) -> String {
    let graph =
        granted.iter().rev().filter(|name| !SIGN_IN.contains(&name.as_str())).map(|name| format!("{prefix}{name}"));
    let sign_in =
        granted.iter().rev().filter(|name| SIGN_IN.contains(&name.as_str()) && *name != "offline_access").cloned();
    graph.chain(sign_in).collect::<Vec<_>>().join(" ")
}

/// Whether a scope belongs to Graph and not to the sign-in itself.
pub(crate) fn is_graph(name: &str) -> bool {
    !SIGN_IN.contains(&name)
}
