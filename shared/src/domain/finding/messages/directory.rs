//! Messages about the directory: what its administrator must do.

use crate::domain::finding::kind::Message;
use crate::types::text::Text;

pub(super) const CONSENT_MISSING: Message<Text> = Message {
    title: Text::new(
        "Aplikacja nie ma zgody na potrzebne uprawnienia.",
        "The app lacks consent to the permissions it needs.",
    ),
    remedy: Text::new(
        "Uprawnienia interfejsu API (API permissions) → „Wyrażam zgodę administratora dla katalogu …” (Grant admin consent for …); możesz też otworzyć link zgody administratora.",
        "API permissions → Grant admin consent for …; or open the link for admin consent.",
    ),
};

pub(super) const ADMIN_APPROVAL_NEEDED: Message<Text> = Message {
    title: Text::new("Katalog wymaga zgody administratora.", "The directory demands an administrator's approval."),
    remedy: Text::new(
        "Uprawnienia interfejsu API (API permissions) → „Wyrażam zgodę administratora dla katalogu …” (Grant admin consent for …). Prośby użytkowników są w Aplikacje dla przedsiębiorstw (Enterprise applications) → Żądania zgody administratora (Admin consent requests). Potem rekruter loguje się ponownie.",
        "API permissions → Grant admin consent for …. Requests of users are under Enterprise applications → Admin consent requests. Then the recruiter signs in again.",
    ),
};

pub(super) const USER_NOT_ASSIGNED: Message<Text> = Message {
    title: Text::new("Użytkownik nie jest przypisany do aplikacji.", "The user is not assigned to the app."),
    remedy: Text::new(
        "Aplikacje dla przedsiębiorstw (Enterprise applications) → aplikacja → Użytkownicy i grupy (Users and groups): przypisz rekrutera albo w Właściwości (Properties) wyłącz „Wymagane przypisanie?” (Assignment required?).",
        "Enterprise applications → the app → Users and groups: assign the recruiter, or under Properties set “Assignment required?” to No.",
    ),
};

pub(super) const PERMISSION_MISSING: Message<Text> = Message {
    title: Text::new(
        "Aplikacja nie ma na liście uprawnień OnlineMeetings.ReadWrite lub User.Read.",
        "The app's permissions do not list OnlineMeetings.ReadWrite or User.Read.",
    ),
    remedy: Text::new(
        "Uprawnienia interfejsu API (API permissions) → Dodaj uprawnienie (Add a permission) → Microsoft Graph → Uprawnienia delegowane (Delegated permissions); potem „Wyrażam zgodę administratora dla katalogu …” (Grant admin consent for …).",
        "API permissions → Add a permission → Microsoft Graph → Delegated permissions; then Grant admin consent for ….",
    ),
};

pub(super) const NO_REFRESH_TOKEN: Message<Text> = Message {
    title: Text::new("Microsoft nie wydał tokenu odświeżania.", "Microsoft issued no refresh token."),
    remedy: Text::new(
        "Uprawnienia interfejsu API (API permissions) → Dodaj uprawnienie (Add a permission): delegowane offline_access; potem „Wyrażam zgodę administratora dla katalogu …” (Grant admin consent for …).",
        "API permissions → Add a permission: the delegated offline_access; then Grant admin consent for ….",
    ),
};

pub(super) const BLOCKED_BY_POLICY: Message<Text> = Message {
    title: Text::new(
        "Zasady katalogu blokują to logowanie, na przykład dostęp warunkowy.",
        "Policies of the directory block this sign-in, such as Conditional Access.",
    ),
    remedy: Text::new(
        "Dzienniki logowania (Sign-in logs) → nieudane logowanie → Dostęp warunkowy (Conditional Access) pokazuje zasadę. Wyklucz z niej aplikację albo dopuść jej adresy. Rekruter: spróbuj na urządzeniu i w przeglądarce zarządzanych przez firmę.",
        "Sign-in logs → the failed sign-in → Conditional Access shows the policy. Exclude the app from it, or allow its addresses. Recruiter: try on a device and in a browser that the company manages.",
    ),
};

pub(super) const IDENTITY_PROVIDER_FAILED: Message<Text> = Message {
    title: Text::new(
        "Firmowy system logowania (na przykład AD FS) nie potwierdził logowania.",
        "The company's own sign-in system, such as AD FS, did not confirm the sign-in.",
    ),
    remedy: Text::new(
        "Spróbuj ponownie. Jeśli się powtórzy: administrator sprawdza federację i agentów uwierzytelniania w Microsoft Entra Connect oraz dostawcę tożsamości firmy.",
        "Try again. If it happens again, the administrator looks at federation and authentication agents under Microsoft Entra Connect, and at the company's identity provider.",
    ),
};

pub(super) const USER_DISABLED: Message<Text> = Message {
    title: Text::new("Konto rekrutera jest wyłączone.", "The recruiter's account is disabled."),
    remedy: Text::new(
        "Użytkownicy (Users) → konto → Edytuj właściwości (Edit properties) → „Konto włączone” (Account enabled); albo połącz innego rekrutera.",
        "Users → the account → Edit properties → “Account enabled”; or connect another recruiter.",
    ),
};

pub(super) const USER_GONE: Message<Text> = Message {
    title: Text::new(
        "Konta rekrutera nie ma już w katalogu.",
        "The recruiter's account is no longer in the directory.",
    ),
    remedy: Text::new(
        "Połącz innego rekrutera albo przywróć konto w Użytkownicy (Users) → Usunięci użytkownicy (Deleted users).",
        "Connect another recruiter, or restore the account under Users → Deleted users.",
    ),
};

pub(super) const TEAMS_NOT_AVAILABLE: Message<Text> = Message {
    title: Text::new(
        "Microsoft nie pozwala temu użytkownikowi tworzyć spotkań Teams.",
        "Microsoft does not let this user create Teams meetings.",
    ),
    remedy: Text::new(
        "Sprawdź licencję z usługą Microsoft Teams, zasady spotkań użytkownika i to, że konto nie jest gościem.",
        "Check for a licence with Microsoft Teams, the user's meeting policy, and that the account is no guest.",
    ),
};

pub(super) const TEAMS_LICENCE_MISSING: Message<Text> = Message {
    title: Text::new(
        "To konto nie ma licencji z usługą Microsoft Teams.",
        "This account has no licence with Microsoft Teams.",
    ),
    remedy: Text::new(
        "Centrum administracyjne Microsoft 365 (Microsoft 365 admin center) → Użytkownicy (Users) → konto → Licencje i aplikacje (Licenses and apps): przydziel licencję z Microsoft Teams.",
        "Microsoft 365 admin center → Users → the account → Licenses and apps: assign a licence with Microsoft Teams.",
    ),
};
