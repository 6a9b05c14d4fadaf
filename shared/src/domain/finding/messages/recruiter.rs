//! Messages about the recruiter's account: a new sign-in solves these.

use crate::domain::finding::kind::Message;
use crate::types::text::Text;

pub(super) const SIGN_IN_DECLINED: Message<Text> = Message {
    title: Text::new(
        "Logowanie przerwano albo uprawnienia czekają na zgodę administratora.",
        "The sign-in was declined, or the permissions wait for an administrator's approval.",
    ),
    remedy: Text::new(
        "Rekruter: otwórz link jeszcze raz i zaakceptuj uprawnienia. Jeśli wysłano prośbę o zatwierdzenie, administrator udziela zgody: Uprawnienia interfejsu API (API permissions) → „Wyrażam zgodę administratora dla katalogu …” (Grant admin consent for …).",
        "Recruiter: open the link again and accept the permissions. If a request for approval was sent, an administrator consents: API permissions → Grant admin consent for ….",
    ),
};

pub(super) const SIGN_IN_FAILED: Message<Text> = Message {
    title: Text::new(
        "Logowanie w firmie Microsoft nie doszło do skutku.",
        "The sign-in at Microsoft did not come about.",
    ),
    remedy: Text::new(
        "Spróbuj ponownie w nowym oknie przeglądarki, w razie potrzeby inną metodą logowania. Jeśli się powtórzy, podaj administratorowi numer błędu ze strony Microsoft.",
        "Try again in a new window of the browser, by another method of signing in if need be. If it happens again, tell the administrator the number on Microsoft's page.",
    ),
};

pub(super) const ACCOUNT_OF_ANOTHER_TENANT: Message<Text> = Message {
    title: Text::new("To konto należy do innego katalogu.", "This account belongs to another directory."),
    remedy: Text::new(
        "Wyloguj się z konta Microsoft i zaloguj kontem służbowym tej firmy.",
        "Sign out of Microsoft and sign in with this company's work account.",
    ),
};

pub(super) const ACCOUNT_IS_GUEST: Message<Text> = Message {
    title: Text::new(
        "To konto gościa, którego macierzysty katalog jest gdzie indziej.",
        "This is a guest, whose home directory is elsewhere.",
    ),
    remedy: Text::new(
        "Zaloguj się kontem służbowym tej firmy; goście nie mogą organizować spotkań w cudzym katalogu.",
        "Sign in with a work account of this company; guests cannot organize meetings in another directory.",
    ),
};

pub(super) const DIFFERENT_ACCOUNT: Message<Text> = Message {
    title: Text::new(
        "To inne konto niż to, które było połączone.",
        "This is another account than the one that was connected.",
    ),
    remedy: Text::new(
        "Zaloguj się dotychczasowym kontem, albo najpierw rozłącz rekrutera i połącz go na nowo.",
        "Sign in with the former account, or disconnect the recruiter first and connect again.",
    ),
};

pub(super) const MFA_NEEDED: Message<Text> = Message {
    title: Text::new("Microsoft żąda weryfikacji wieloskładnikowej.", "Microsoft demands multi-factor authentication."),
    remedy: Text::new(
        "Połącz się ponownie i potwierdź logowanie. Jeśli nie masz jeszcze drugiej metody, dodaj ją na stronie Informacje zabezpieczające (Security info), w sieci i na urządzeniu firmy.",
        "Connect again and confirm the sign-in. If there is no second method yet, add one under Security info, in the company's network and on its device.",
    ),
};

pub(super) const SIGN_IN_FREQUENCY: Message<Text> = Message {
    title: Text::new(
        "Zasada katalogu ogranicza czas trwania logowania.",
        "A policy of the directory limits how long a sign-in lasts.",
    ),
    remedy: Text::new(
        "Połącz się ponownie. Administrator może złagodzić częstotliwość logowania dla tej aplikacji.",
        "Connect again. An administrator can relax the sign-in frequency for this app.",
    ),
};

pub(super) const PASSWORD_EXPIRED: Message<Text> = Message {
    title: Text::new(
        "Microsoft nie przyjął hasła albo żąda jego zmiany.",
        "Microsoft did not take the password, or demands a new one.",
    ),
    remedy: Text::new(
        "Ustaw nowe hasło na stronie logowania Microsoft albo poproś o to administratora, a potem połącz się ponownie.",
        "Set a new password at Microsoft, or ask the administrator for one, then connect again.",
    ),
};

pub(super) const ACCOUNT_LOCKED: Message<Text> = Message {
    title: Text::new(
        "Konto jest zablokowane albo adres, z którego się logujesz, budzi podejrzenia.",
        "The account is locked, or the address it signs in from is of ill repute.",
    ),
    remedy: Text::new(
        "Odczekaj kilkanaście minut i spróbuj ponownie, najlepiej z sieci firmy. Jeśli to nie pomoże: administrator w Dzienniki logowania (Sign-in logs) widzi przyczynę i odblokowuje konto.",
        "Wait a quarter of an hour and try again, best from the company's network. If that does not help, the administrator sees the reason in the Sign-in logs and unlocks the account.",
    ),
};

pub(super) const SIGN_IN_EXPIRED: Message<Text> = Message {
    title: Text::new("Logowanie wygasło albo zostało unieważnione.", "The sign-in has expired or was revoked."),
    remedy: Text::new("Poproś rekrutera, aby połączył się ponownie.", "Ask the recruiter to connect again."),
};
