//! Texts of the pages, in Polish and English.

/// One language.
pub(crate) struct PageMessages {
    pub(crate) language: &'static str,
    pub(crate) simulator: &'static str,
    pub(crate) sign_in_to: &'static str,
    pub(crate) choose: &'static str,
    pub(crate) wants: &'static str,
    pub(crate) accept: &'static str,
    pub(crate) accept_for_organization: &'static str,
    pub(crate) decline: &'static str,
    pub(crate) returns_to: &'static str,
    pub(crate) only_administrators: &'static str,
    pub(crate) administrator: &'static str,
    pub(crate) guest: &'static str,
    pub(crate) disabled: &'static str,
    pub(crate) unlicensed: &'static str,
    pub(crate) approval_title: &'static str,
    pub(crate) approval_text: &'static str,
    pub(crate) approve_as: &'static str,
    pub(crate) way_back: &'static str,
    pub(crate) consent_title: &'static str,
    pub(crate) consent_text: &'static str,
    pub(crate) consent_accept: &'static str,
    pub(crate) refusal_title: &'static str,
    pub(crate) refusal_text: &'static str,
    permissions: [&'static str; 6],
}

impl PageMessages {
    pub(crate) const ENGLISH: Self = Self {
        language: "en",
        simulator: "Simulator: this is not Microsoft, and nobody here is real",
        sign_in_to: "Sign in to",
        choose: "Who is signing in?",
        wants: "The application asks to",
        accept: "Sign in and accept",
        accept_for_organization: "Accept for the organization",
        decline: "Decline",
        returns_to: "You will be returned to",
        only_administrators: "In this organization, only administrators can consent.",
        administrator: "administrator",
        guest: "guest",
        disabled: "disabled",
        unlicensed: "no Teams licence",
        approval_title: "Need admin approval",
        approval_text: "needs permissions that only an administrator of the organization can \
                        grant. Ask an administrator to grant them before you use the application.",
        approve_as: "I am an administrator: grant it for the organization as",
        way_back: "Back to the application without granting",
        consent_title: "Consent for the whole organization",
        consent_text: "would get these permissions for every user of",
        consent_accept: "Accept for everybody",
        refusal_title: "Sign-in stopped here",
        refusal_text: "The browser is not sent back to the application.",
        permissions: [
            "sign you in",
            "see your basic profile",
            "see your e-mail address",
            "keep access you have given it",
            "read your user profile",
            "create, read and change your online meetings",
        ],
    };

    pub(crate) const POLISH: Self = Self {
        language: "pl",
        simulator: "Symulator: to nie jest Microsoft, a te osoby nie istnieją",
        sign_in_to: "Logowanie do",
        choose: "Kto się loguje?",
        wants: "Aplikacja prosi o zgodę, aby",
        accept: "Zaloguj się i zaakceptuj",
        accept_for_organization: "Zaakceptuj w imieniu organizacji",
        decline: "Odmów",
        returns_to: "Po zalogowaniu wrócisz do",
        only_administrators: "W tej organizacji zgody udzielają tylko administratorzy.",
        administrator: "administrator",
        guest: "gość",
        disabled: "konto wyłączone",
        unlicensed: "brak licencji Teams",
        approval_title: "Potrzebna zgoda administratora",
        approval_text: "wymaga uprawnień, które może nadać tylko administrator organizacji. \
                        Poproś administratora o zgodę, zanim użyjesz aplikacji.",
        approve_as: "Jestem administratorem: udzielam zgody w imieniu organizacji jako",
        way_back: "Wróć do aplikacji bez udzielania zgody",
        consent_title: "Zgoda w imieniu całej organizacji",
        consent_text: "otrzyma te uprawnienia dla każdego użytkownika organizacji",
        consent_accept: "Zaakceptuj dla wszystkich",
        refusal_title: "Logowanie zatrzymane",
        refusal_text: "Przeglądarka nie wróci do aplikacji.",
        permissions: [
            "Cię zalogować",
            "widzieć Twój podstawowy profil",
            "widzieć Twój adres e-mail",
            "zachować dostęp, którego udzielisz",
            "czytać Twój profil użytkownika",
            "tworzyć, czytać i zmieniać Twoje spotkania online",
        ],
    };

    /// The description of a scope.
    pub(crate) fn permission(&self, scope: &str) -> &'static str {
        let index = match scope {
            "openid" => 0,
            "profile" => 1,
            "email" => 2,
            "offline_access" => 3,
            "OnlineMeetings.ReadWrite" | "OnlineMeetings.Read" => 5,
            _ => 4,
        };
        self.permissions[index]
    }
}
