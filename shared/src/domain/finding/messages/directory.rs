//! Of the directory: what its administrator must do.

use crate::domain::finding::kind::{FindingKind, Message};
use crate::domain::finding::messages::say;
use crate::types::language::Language;

pub(super) fn message(kind: FindingKind, language: Language) -> Message {
    match kind {
        FindingKind::ConsentMissing => say(
            language,
            [
                "Aplikacja nie ma zgody na potrzebne uprawnienia.",
                "Uprawnienia interfejsu API → Udziel zgody administratora dla katalogu.",
            ],
            [
                "The app lacks consent to the permissions it needs.",
                "API permissions → Grant admin consent for the directory.",
            ],
        ),
        FindingKind::AdminApprovalNeeded => say(
            language,
            [
                "Katalog wymaga zgody administratora.",
                "Uprawnienia interfejsu API → Udziel zgody administratora; potem rekruter loguje się ponownie.",
            ],
            [
                "The directory demands an administrator's approval.",
                "API permissions → Grant admin consent; then the recruiter signs in again.",
            ],
        ),
        FindingKind::UserNotAssigned => say(
            language,
            [
                "Użytkownik nie jest przypisany do aplikacji.",
                "Aplikacje dla przedsiębiorstw → aplikacja → Użytkownicy i grupy: przypisz rekrutera, albo wyłącz „Wymagane \
                 przypisanie”.",
            ],
            [
                "The user is not assigned to the app.",
                "Enterprise applications → the app → Users and groups: assign the recruiter, or set “Assignment \
                 required?” to No.",
            ],
        ),
        FindingKind::PermissionMissing => say(
            language,
            [
                "Brakuje uprawnienia OnlineMeetings.ReadWrite lub User.Read.",
                "Uprawnienia interfejsu API → Dodaj uprawnienie → Microsoft Graph → Delegowane; potem udziel zgody \
                 administratora.",
            ],
            [
                "The permission OnlineMeetings.ReadWrite or User.Read is missing.",
                "API permissions → Add a permission → Microsoft Graph → Delegated permissions; then grant admin consent.",
            ],
        ),
        FindingKind::NoRefreshToken => say(
            language,
            [
                "Microsoft nie wydał tokenu odświeżania.",
                "Dodaj delegowane uprawnienie offline_access i udziel zgody administratora.",
            ],
            [
                "Microsoft issued no refresh token.",
                "Add the delegated permission offline_access and grant admin consent.",
            ],
        ),
        _ => user_message(kind, language),
    }
}

fn user_message(kind: FindingKind, language: Language) -> Message {
    match kind {
        FindingKind::BlockedByPolicy => say(
            language,
            [
                "Zasada dostępu warunkowego blokuje logowanie.",
                "Dzienniki logowania → nieudane logowanie → Dostęp warunkowy pokazuje zasadę. Wyklucz z niej aplikację \
                 albo dopuść jej adresy.",
            ],
            [
                "A Conditional Access policy blocks the sign-in.",
                "Sign-in logs → the failed sign-in → Conditional Access shows the policy. Exclude the app from it, or \
                 allow its addresses.",
            ],
        ),
        FindingKind::UserDisabled => say(
            language,
            [
                "Konto rekrutera jest wyłączone.",
                "Użytkownicy → konto → Edytuj właściwości → „Konto włączone”; albo połącz innego rekrutera.",
            ],
            [
                "The recruiter's account is disabled.",
                "Users → the account → Edit properties → “Account enabled”; or connect another recruiter.",
            ],
        ),
        FindingKind::UserGone => say(
            language,
            [
                "Konta rekrutera nie ma już w katalogu.",
                "Połącz innego rekrutera albo przywróć konto w Użytkownicy → Usunięci użytkownicy.",
            ],
            [
                "The recruiter's account is no longer in the directory.",
                "Connect another recruiter, or restore the account under Users → Deleted users.",
            ],
        ),
        FindingKind::TeamsLicenceMissing => say(
            language,
            [
                "To konto nie ma licencji z usługą Microsoft Teams.",
                "Centrum administracyjne Microsoft 365 → Użytkownicy → konto → Licencje i aplikacje: przydziel licencję z Microsoft Teams.",
            ],
            [
                "This account has no licence with Microsoft Teams.",
                "Microsoft 365 admin center → Users → the account → Licenses and apps: assign a licence with Microsoft Teams.",
            ],
        ),
        _ => say(
            language,
            [
                "Microsoft nie pozwala temu użytkownikowi tworzyć spotkań Teams.",
                "Sprawdź licencję z usługą Microsoft Teams, zasady spotkań użytkownika i to, że konto nie jest gościem.",
            ],
            [
                "Microsoft does not let this user create Teams meetings.",
                "Check for a licence with Microsoft Teams, the user's meeting policy, and that the account is no guest.",
            ],
        ),
    }
}
