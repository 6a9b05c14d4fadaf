//! `/.well-known/security.txt` (RFC 9116): where to report a weakness.

use shared::http::branding::{Branding, SupportUrl};
use shared::http::problem::{Problem, ProblemKind};
use shared::types::base_url::BaseUrl;
use shared::types::clock::{SignedDuration, Timestamp, add_saturating};

/// Whoever kept a copy asks again within this time.
const VALIDITY: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The file. Its contact is where the ATS helps its users.
///
/// # Errors
/// [`ProblemKind::NotFound`] if the operator has set no such contact: the file must have one (RFC 9116 §2.5.3).
pub(crate) fn render(branding: &Branding, public_url: &BaseUrl, now: Timestamp) -> Result<String, Problem> {
    let contact = branding.support.as_ref().map(SupportUrl::as_str).ok_or(ProblemKind::NotFound)?;
    let expires = add_saturating(now, VALIDITY).strftime("%Y-%m-%dT00:00:00Z");
    let address = public_url.as_str();
    Ok(format!(
        "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: pl, en\n\
         Canonical: {address}/.well-known/security.txt\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_names_the_contact_of_the_ats_and_an_end() {
        let now: Timestamp = "2026-12-31T23:59:59Z".parse().unwrap();
        let public_url: BaseUrl = "https://teams.ats.example".parse().unwrap();
        let mut branding = Branding { support: "mailto:help@ats.example".parse().ok(), ..Branding::default() };
        let text = render(&branding, &public_url, now).unwrap();
        assert_eq!(
            text,
            "Contact: mailto:help@ats.example\nExpires: 2027-01-30T00:00:00Z\nPreferred-Languages: pl, en\n\
             Canonical: https://teams.ats.example/.well-known/security.txt\n"
        );
        branding.support = None;
        assert_eq!(render(&branding, &public_url, now).unwrap_err().kind(), ProblemKind::NotFound);
    }
}
