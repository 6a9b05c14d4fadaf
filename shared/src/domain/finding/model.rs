//! A finding, and what Microsoft said about it.

use serde::{Deserialize, Serialize};

use crate::domain::finding::kind::{FindingKind, Severity};

/// What Microsoft reported with an error: enough for Microsoft support, and nothing secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Evidence {
    /// The AADSTS number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aadsts: Option<u32>,
    /// Microsoft's correlation id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
    /// Microsoft's trace id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// The time, by Microsoft's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
}

impl Evidence {
    /// Keeps only values in the expected format: any other value could be a token.
    #[must_use]
    pub fn sanitized(
        aadsts: Option<u32>,
        correlation_id: Option<String>,
        trace_id: Option<String>,
        timestamp: Option<String>,
    ) -> Self {
        let is_guid = |text: &String| text.len() == 36 && uuid::Uuid::try_parse(text).is_ok();
        // `2026-11-24 09:00:00Z`.
        let is_time = |text: &String| {
            (8..=32).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_digit() || b"-:. TZ".contains(&byte))
        };
        Self {
            aadsts,
            correlation_id: correlation_id.filter(is_guid),
            trace_id: trace_id.filter(is_guid),
            timestamp: timestamp.filter(is_time),
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub kind: FindingKind,
    /// What Microsoft said, if Microsoft found it.
    pub evidence: Option<Evidence>,
    /// The right value, where another one stands at Microsoft.
    pub expected: Option<Box<str>>,
}

impl Finding {
    /// A finding of Microsoft's.
    #[must_use]
    pub fn reported(kind: FindingKind, evidence: Evidence) -> Self {
        Self { kind, evidence: Some(evidence), expected: None }
    }
}

impl From<FindingKind> for Finding {
    fn from(kind: FindingKind) -> Self {
        Self { kind, evidence: None, expected: None }
    }
}

/// The first of these stored codes that is of this severity.
#[must_use]
pub fn first_of(codes: &[String], severity: Severity) -> Option<FindingKind> {
    codes.iter().filter_map(|code| FindingKind::from_code(code)).find(|kind| kind.severity() == severity)
}

/// The findings of stored codes. Codes that this version does not know are left out.
#[must_use]
pub fn from_codes(codes: &[String]) -> Vec<Finding> {
    codes.iter().filter_map(|code| FindingKind::from_code(code)).map(Finding::from).collect()
}
