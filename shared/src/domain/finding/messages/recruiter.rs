//! Of the recruiter: what a new sign-in mends.

use crate::domain::finding::kind::{FindingKind, Message};
use crate::domain::finding::messages::say;
use crate::types::language::Language;

pub(super) fn message(kind: FindingKind, language: Language) -> Message {
    match kind {
        FindingKind::SignInDeclined => say(
            language,
            ["Logowanie zostało odrzucone.", "Otwórz link jeszcze raz i zaakceptuj uprawnienia."],
            ["The sign-in was declined.", "Open the link again and accept the permissions."],
        ),
        FindingKind::SignInFailed => say(
            language,
            [
                "Logowanie w firmie Microsoft nie doszło do skutku.",
                "Spróbuj ponownie; jeśli się powtórzy, podaj administratorowi numer błędu ze strony Microsoft.",
            ],
            [
                "The sign-in at Microsoft did not come about.",
                "Try again; if it happens again, tell the administrator the number on Microsoft's page.",
            ],
        ),
        FindingKind::AccountOfAnotherTenant => say(
            language,
            [
                "To konto należy do innego katalogu.",
                "Wyloguj się z konta Microsoft i zaloguj kontem służbowym tej firmy.",
            ],
            [
                "This account belongs to another directory.",
                "Sign out of Microsoft and sign in with this company's work account.",
            ],
        ),
        FindingKind::DifferentAccount => say(
            language,
            [
                "To inne konto niż to, które było połączone.",
                "Zaloguj się dotychczasowym kontem, albo najpierw rozłącz rekrutera i połącz go na nowo.",
            ],
            [
                "This is another account than the one that was connected.",
                "Sign in with the former account, or disconnect the recruiter first and connect again.",
            ],
        ),
        FindingKind::MfaNeeded => say(
            language,
            ["Microsoft żąda weryfikacji wieloskładnikowej.", "Połącz się ponownie i potwierdź logowanie."],
            ["Microsoft demands multi-factor authentication.", "Connect again and confirm the sign-in."],
        ),
        FindingKind::SignInFrequency => say(
            language,
            [
                "Zasada katalogu ogranicza czas trwania logowania.",
                "Połącz się ponownie. Administrator może złagodzić częstotliwość logowania dla tej aplikacji.",
            ],
            [
                "A policy of the directory limits how long a sign-in lasts.",
                "Connect again. An administrator can relax the sign-in frequency for this app.",
            ],
        ),
        FindingKind::AccountIsGuest => say(
            language,
            [
                "To konto gościa, którego macierzysty katalog jest gdzie indziej.",
                "Zaloguj się kontem służbowym tej firmy; goście nie mogą organizować spotkań w cudzym katalogu.",
            ],
            [
                "This is a guest, whose home directory is elsewhere.",
                "Sign in with a work account of this company; guests cannot organize meetings in another directory.",
            ],
        ),
        FindingKind::PasswordExpired => say(
            language,
            ["Hasło do konta wygasło.", "Zmień hasło na stronie logowania Microsoft i połącz się ponownie."],
            ["The account's password has expired.", "Change the password at Microsoft, then connect again."],
        ),
        FindingKind::Throttled => say(
            language,
            [
                "Microsoft prosi o przerwę: zbyt wiele zapytań.",
                "Spróbuj ponownie za kilka minut. W ustawieniach nie trzeba nic zmieniać.",
            ],
            [
                "Microsoft asks for a pause: too many requests.",
                "Try again in a few minutes. Nothing needs to be changed in the settings.",
            ],
        ),
        _ => say(
            language,
            ["Logowanie wygasło albo zostało unieważnione.", "Poproś rekrutera, aby połączył się ponownie."],
            ["The sign-in has expired or was revoked.", "Ask the recruiter to connect again."],
        ),
    }
}
