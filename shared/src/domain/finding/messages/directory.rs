//! Messages about the directory: what its administrator must do.

use crate::domain::finding::kind::Message;
use crate::types::text::Text;

pub(super) const CONSENT_MISSING: Message<Text> = Message {
    title: Text::new(
        "Nie udzielono zgody na uprawnienia, których potrzebuje aplikacja.",
        "Consent has not been granted for the permissions the app needs.",
    ),
    remedy: Text::new(
        "Uprawnienia interfejsu API (API permissions) → „Wyrażam zgodę administratora dla katalogu …” (Grant admin consent for …). Możesz też otworzyć link zgody administratora.",
        "API permissions → Grant admin consent for …. Or open the admin consent link.",
    ),
};

pub(super) const ADMIN_APPROVAL_NEEDED: Message<Text> = Message {
    title: Text::new("Katalog wymaga zgody administratora.", "The directory requires an administrator's consent."),
    remedy: Text::new(
        "Uprawnienia interfejsu API (API permissions) → „Wyrażam zgodę administratora dla katalogu …” (Grant admin consent for …). Prośby użytkowników: Aplikacje dla przedsiębiorstw (Enterprise applications) → Żądania zgody administratora (Admin consent requests). Potem rekruter musi zalogować się ponownie.",
        "API permissions → Grant admin consent for …. Users' requests are under Enterprise applications → Admin consent requests. Then the recruiter must sign in again.",
    ),
};

pub(super) const USER_NOT_ASSIGNED: Message<Text> = Message {
    title: Text::new("Użytkownik nie jest przypisany do aplikacji.", "The user is not assigned to the app."),
    remedy: Text::new(
        "Aplikacje dla przedsiębiorstw (Enterprise applications) → aplikacja → Użytkownicy i grupy (Users and groups): przypisz rekrutera albo na stronie Właściwości (Properties) wyłącz „Wymagane przypisanie?” (Assignment required?).",
        "Enterprise applications → the app → Users and groups: assign the recruiter, or under Properties set “Assignment required?” to No.",
    ),
};

pub(super) const PERMISSION_MISSING: Message<Text> = Message {
    title: Text::new(
        "Na liście uprawnień aplikacji brakuje OnlineMeetings.ReadWrite lub User.Read.",
        "OnlineMeetings.ReadWrite or User.Read is missing from the app's permissions.",
    ),
    remedy: Text::new(
        "Uprawnienia interfejsu API (API permissions) → Dodaj uprawnienie (Add a permission) → Microsoft Graph → Uprawnienia delegowane (Delegated permissions); potem „Wyrażam zgodę administratora dla katalogu …” (Grant admin consent for …).",
        "API permissions → Add a permission → Microsoft Graph → Delegated permissions; then Grant admin consent for ….",
    ),
};

pub(super) const NO_REFRESH_TOKEN: Message<Text> = Message {
    title: Text::new("Microsoft nie wydał tokenu odświeżania.", "Microsoft did not issue a refresh token."),
    remedy: Text::new(
        "Uprawnienia interfejsu API (API permissions) → Dodaj uprawnienie (Add a permission): dodaj uprawnienie delegowane offline_access; potem „Wyrażam zgodę administratora dla katalogu …” (Grant admin consent for …).",
        "API permissions → Add a permission: add the delegated permission offline_access; then Grant admin consent for ….",
    ),
};

pub(super) const BLOCKED_BY_POLICY: Message<Text> = Message {
    title: Text::new(
        "To logowanie blokują zasady katalogu, na przykład dostęp warunkowy.",
        "A directory policy, such as Conditional Access, is blocking this sign-in.",
    ),
    remedy: Text::new(
        "Zasadę znajdziesz, wybierając Dzienniki logowania (Sign-in logs) → nieudane logowanie → Dostęp warunkowy (Conditional Access). Wyklucz z niej aplikację albo zezwól na jej adresy IP. Rekruter: użyj urządzenia i przeglądarki zarządzanych przez firmę.",
        "You can find the policy under Sign-in logs → the failed sign-in → Conditional Access. Exclude the app from it, or allow the app's IP addresses. Recruiter: use a device and a browser managed by your company.",
    ),
};

pub(super) const IDENTITY_PROVIDER_FAILED: Message<Text> = Message {
    title: Text::new(
        "Firmowy system logowania (na przykład AD FS) nie potwierdził logowania.",
        "The company's own sign-in system, such as AD FS, did not confirm the sign-in.",
    ),
    remedy: Text::new(
        "Spróbuj ponownie. Jeśli błąd się powtórzy, administrator powinien sprawdzić federację i agenty uwierzytelniania w Microsoft Entra Connect oraz dostawcę tożsamości firmy.",
        "Try again. If it fails again, the administrator should check federation and the authentication agents in Microsoft Entra Connect, as well as the company's identity provider.",
    ),
};

pub(super) const USER_DISABLED: Message<Text> = Message {
    title: Text::new("Konto rekrutera jest wyłączone.", "The recruiter's account is disabled."),
    remedy: Text::new(
        "Użytkownicy (Users) → konto → Edytuj właściwości (Edit properties) → „Konto włączone” (Account enabled). Można też połączyć innego rekrutera.",
        "Users → the account → Edit properties → “Account enabled”. You can also connect another recruiter.",
    ),
};

pub(super) const USER_GONE: Message<Text> = Message {
    title: Text::new(
        "Konta rekrutera nie ma już w katalogu.",
        "The recruiter's account is no longer in the directory.",
    ),
    remedy: Text::new(
        "Połącz innego rekrutera albo przywróć konto: Użytkownicy (Users) → Usunięci użytkownicy (Deleted users).",
        "Connect another recruiter, or restore the account under Users → Deleted users.",
    ),
};

pub(super) const TEAMS_NOT_AVAILABLE: Message<Text> = Message {
    title: Text::new(
        "Microsoft nie pozwala temu użytkownikowi tworzyć spotkań Teams.",
        "Microsoft does not let this user create Teams meetings.",
    ),
    remedy: Text::new(
        "Sprawdź, czy użytkownik ma licencję obejmującą Microsoft Teams, czy pozwalają na to jego zasady spotkań i czy jego konto nie jest kontem gościa.",
        "Check that the user has a licence that includes Microsoft Teams, that the meeting policy allows meetings, and that the account is not a guest account.",
    ),
};

pub(super) const TEAMS_LICENCE_MISSING: Message<Text> = Message {
    title: Text::new(
        "To konto nie ma licencji obejmującej Microsoft Teams.",
        "This account does not have a licence that includes Microsoft Teams.",
    ),
    remedy: Text::new(
        "Centrum administracyjne Microsoft 365 (Microsoft 365 admin center) → Użytkownicy (Users) → konto → Licencje i aplikacje (Licenses and apps): przypisz licencję obejmującą Microsoft Teams.",
        "Microsoft 365 admin center → Users → the account → Licenses and apps: assign a licence that includes Microsoft Teams.",
    ),
};
