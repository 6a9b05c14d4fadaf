//! Of the recruiter: what a new sign-in mends.

use super::say;
use crate::finding::{Kind, Words};
use crate::language::Language;

pub(super) fn words(kind: Kind, language: Language) -> Words {
    match kind {
        Kind::SignInDeclined => say(
            language,
            ["Logowanie zostało odrzucone.", "Otwórz link jeszcze raz i zaakceptuj uprawnienia."],
            ["The sign-in was declined.", "Open the link again and accept the permissions."],
        ),
        Kind::AccountOfAnotherTenant => say(
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
        Kind::DifferentAccount => say(
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
        Kind::MfaNeeded => say(
            language,
            ["Microsoft żąda weryfikacji wieloskładnikowej.", "Połącz się ponownie i potwierdź logowanie."],
            ["Microsoft demands multi-factor authentication.", "Connect again and confirm the sign-in."],
        ),
        Kind::SignInFrequency => say(
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
        _ => say(
            language,
            ["Logowanie wygasło albo zostało unieważnione.", "Poproś rekrutera, aby połączył się ponownie."],
            ["The sign-in has expired or was revoked.", "Ask the recruiter to connect again."],
        ),
    }
}
