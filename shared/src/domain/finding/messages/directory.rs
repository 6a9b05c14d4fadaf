//! Of the directory: what its administrator must do.

use crate::domain::finding::kind::{FindingKind, Message};
use crate::types::text::Text;

pub(super) fn message(kind: FindingKind) -> Message<Text> {
    match kind {
        FindingKind::ConsentMissing => Message {
            title: Text::new(
                "Aplikacja nie ma zgody na potrzebne uprawnienia.",
                "The app lacks consent to the permissions it needs.",
            ),
            remedy: Text::new(
                "Uprawnienia interfejsu API → Udziel zgody administratora dla katalogu.",
                "API permissions → Grant admin consent for the directory.",
            ),
        },
        FindingKind::AdminApprovalNeeded => Message {
            title: Text::new(
                "Katalog wymaga zgody administratora.",
                "The directory demands an administrator's approval.",
            ),
            remedy: Text::new(
                "Uprawnienia interfejsu API → Udziel zgody administratora; potem rekruter loguje się ponownie.",
                "API permissions → Grant admin consent; then the recruiter signs in again.",
            ),
        },
        FindingKind::UserNotAssigned => Message {
            title: Text::new("Użytkownik nie jest przypisany do aplikacji.", "The user is not assigned to the app."),
            remedy: Text::new(
                "Aplikacje dla przedsiębiorstw → aplikacja → Użytkownicy i grupy: przypisz rekrutera, albo wyłącz „Wymagane \
                 przypisanie”.",
                "Enterprise applications → the app → Users and groups: assign the recruiter, or set “Assignment \
                 required?” to No.",
            ),
        },
        FindingKind::PermissionMissing => Message {
            title: Text::new(
                "Brakuje uprawnienia OnlineMeetings.ReadWrite lub User.Read.",
                "The permission OnlineMeetings.ReadWrite or User.Read is missing.",
            ),
            remedy: Text::new(
                "Uprawnienia interfejsu API → Dodaj uprawnienie → Microsoft Graph → Delegowane; potem udziel zgody \
                 administratora.",
                "API permissions → Add a permission → Microsoft Graph → Delegated permissions; then grant admin consent.",
            ),
        },
        FindingKind::NoRefreshToken => Message {
            title: Text::new("Microsoft nie wydał tokenu odświeżania.", "Microsoft issued no refresh token."),
            remedy: Text::new(
                "Dodaj delegowane uprawnienie offline_access i udziel zgody administratora.",
                "Add the delegated permission offline_access and grant admin consent.",
            ),
        },
        _ => user_message(kind),
    }
}

fn user_message(kind: FindingKind) -> Message<Text> {
    match kind {
        FindingKind::BlockedByPolicy => Message {
            title: Text::new(
                "Zasada dostępu warunkowego blokuje logowanie.",
                "A Conditional Access policy blocks the sign-in.",
            ),
            remedy: Text::new(
                "Dzienniki logowania → nieudane logowanie → Dostęp warunkowy pokazuje zasadę. Wyklucz z niej aplikację \
                 albo dopuść jej adresy.",
                "Sign-in logs → the failed sign-in → Conditional Access shows the policy. Exclude the app from it, or \
                 allow its addresses.",
            ),
        },
        FindingKind::UserDisabled => Message {
            title: Text::new("Konto rekrutera jest wyłączone.", "The recruiter's account is disabled."),
            remedy: Text::new(
                "Użytkownicy → konto → Edytuj właściwości → „Konto włączone”; albo połącz innego rekrutera.",
                "Users → the account → Edit properties → “Account enabled”; or connect another recruiter.",
            ),
        },
        FindingKind::UserGone => Message {
            title: Text::new(
                "Konta rekrutera nie ma już w katalogu.",
                "The recruiter's account is no longer in the directory.",
            ),
            remedy: Text::new(
                "Połącz innego rekrutera albo przywróć konto w Użytkownicy → Usunięci użytkownicy.",
                "Connect another recruiter, or restore the account under Users → Deleted users.",
            ),
        },
        FindingKind::TeamsLicenceMissing => Message {
            title: Text::new(
                "To konto nie ma licencji z usługą Microsoft Teams.",
                "This account has no licence with Microsoft Teams.",
            ),
            remedy: Text::new(
                "Centrum administracyjne Microsoft 365 → Użytkownicy → konto → Licencje i aplikacje: przydziel licencję z Microsoft Teams.",
                "Microsoft 365 admin center → Users → the account → Licenses and apps: assign a licence with Microsoft Teams.",
            ),
        },
        _ => Message {
            title: Text::new(
                "Microsoft nie pozwala temu użytkownikowi tworzyć spotkań Teams.",
                "Microsoft does not let this user create Teams meetings.",
            ),
            remedy: Text::new(
                "Sprawdź licencję z usługą Microsoft Teams, zasady spotkań użytkownika i to, że konto nie jest gościem.",
                "Check for a licence with Microsoft Teams, the user's meeting policy, and that the account is no guest.",
            ),
        },
    }
}
