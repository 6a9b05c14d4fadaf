//! Messages about the recruiter's account: a new sign-in solves these.

use crate::domain::finding::kind::Message;
use crate::types::text::Text;

pub(super) const SIGN_IN_DECLINED: Message<Text> = Message {
    title: Text::new(
        "Logowanie anulowano albo uprawnienia czekają na zgodę administratora.",
        "The sign-in was cancelled, or the permissions are waiting for an administrator's approval.",
    ),
    remedy: Text::new(
        "Rekruter: otwórz link jeszcze raz i zaakceptuj uprawnienia. Jeśli wysłano prośbę o zatwierdzenie, administrator musi udzielić zgody: Uprawnienia interfejsu API (API permissions) → „Wyrażam zgodę administratora dla katalogu …” (Grant admin consent for …).",
        "Recruiter: open the link again and accept the permissions. If a request for approval was sent, an administrator must grant consent: API permissions → Grant admin consent for ….",
    ),
};

pub(super) const SIGN_IN_FAILED: Message<Text> = Message {
    title: Text::new("Logowanie w Microsoft nie powiodło się.", "Signing in to Microsoft failed."),
    remedy: Text::new(
        "Spróbuj ponownie w nowym oknie przeglądarki, w razie potrzeby inną metodą logowania. Jeśli błąd się powtórzy, podaj administratorowi numer błędu ze strony Microsoft.",
        "Try again in a new browser window, with another sign-in method if necessary. If it fails again, give your administrator the error number from Microsoft's page.",
    ),
};

pub(super) const ACCOUNT_OF_ANOTHER_TENANT: Message<Text> = Message {
    title: Text::new("To konto należy do innego katalogu.", "This account belongs to another directory."),
    remedy: Text::new(
        "Wyloguj się z Microsoft i zaloguj się kontem służbowym tej firmy.",
        "Sign out of Microsoft and sign in with this company's work account.",
    ),
};

pub(super) const ACCOUNT_IS_GUEST: Message<Text> = Message {
    title: Text::new("To konto gościa z innego katalogu.", "This is a guest account from another directory."),
    remedy: Text::new(
        "Zaloguj się kontem służbowym tej firmy. Goście nie mogą organizować spotkań w cudzym katalogu.",
        "Sign in with a work account of this company. Guests cannot organize meetings in another company's directory.",
    ),
};

pub(super) const DIFFERENT_ACCOUNT: Message<Text> = Message {
    title: Text::new("To nie jest oczekiwane konto.", "This is not the expected account."),
    remedy: Text::new(
        "Zaloguj się oczekiwanym kontem. Jeśli konto ma się zmienić, system rekrutacyjny może je zastąpić.",
        "Sign in with the expected account. If the account has changed, the recruitment system can replace it.",
    ),
};

pub(super) const MFA_NEEDED: Message<Text> = Message {
    title: Text::new(
        "Microsoft wymaga uwierzytelniania wieloskładnikowego.",
        "Microsoft requires multi-factor authentication.",
    ),
    remedy: Text::new(
        "Połącz konto ponownie i potwierdź logowanie. Jeśli nie masz jeszcze drugiej metody, dodaj ją na stronie Informacje zabezpieczające (Security info), korzystając z sieci firmowej i firmowego urządzenia.",
        "Connect again and confirm the sign-in. If you do not have a second method yet, add one under Security info, using your company's network and a company device.",
    ),
};

pub(super) const SIGN_IN_FREQUENCY: Message<Text> = Message {
    title: Text::new(
        "Zasady katalogu ograniczają czas ważności logowania.",
        "A directory policy limits how long a sign-in stays valid.",
    ),
    remedy: Text::new(
        "Połącz konto ponownie. Administrator może zmienić częstotliwość logowania wymaganą dla tej aplikacji.",
        "Connect again. An administrator can change the sign-in frequency for this app.",
    ),
};

pub(super) const PASSWORD_EXPIRED: Message<Text> = Message {
    title: Text::new(
        "Microsoft nie przyjął hasła albo wymaga jego zmiany.",
        "Microsoft did not accept the password, or requires a new one.",
    ),
    remedy: Text::new(
        "Ustaw nowe hasło na stronie logowania Microsoft albo poproś o to administratora, a potem połącz konto ponownie.",
        "Set a new password on Microsoft's sign-in page or ask your administrator to reset it, and then connect again.",
    ),
};

pub(super) const ACCOUNT_LOCKED: Message<Text> = Message {
    title: Text::new(
        "Konto jest zablokowane albo Microsoft uznał adres, z którego się logujesz, za podejrzany.",
        "The account is locked, or Microsoft considers the address you are signing in from suspicious.",
    ),
    remedy: Text::new(
        "Odczekaj 15 minut i spróbuj ponownie, najlepiej z sieci firmowej. Jeśli to nie pomoże, administrator znajdzie przyczynę w Dziennikach logowania (Sign-in logs) i odblokuje konto.",
        "Wait 15 minutes and try again, preferably from your company's network. If that does not help, an administrator can find the reason in the Sign-in logs and unlock the account.",
    ),
};

pub(super) const SIGN_IN_EXPIRED: Message<Text> = Message {
    title: Text::new("Logowanie wygasło albo zostało unieważnione.", "The sign-in has expired or has been revoked."),
    remedy: Text::new("Poproś rekrutera, aby zalogował się ponownie.", "Ask the recruiter to sign in again."),
};
