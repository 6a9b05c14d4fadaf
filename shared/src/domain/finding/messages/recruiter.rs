//! Of the recruiter: what a new sign-in mends.

use crate::domain::finding::kind::{FindingKind, Message};
use crate::types::text::Text;

pub(super) fn message(kind: FindingKind) -> Message<Text> {
    match kind {
        FindingKind::SignInDeclined => Message {
            title: Text::new("Logowanie zostało odrzucone.", "The sign-in was declined."),
            remedy: Text::new(
                "Otwórz link jeszcze raz i zaakceptuj uprawnienia.",
                "Open the link again and accept the permissions.",
            ),
        },
        FindingKind::SignInFailed => Message {
            title: Text::new(
                "Logowanie w firmie Microsoft nie doszło do skutku.",
                "The sign-in at Microsoft did not come about.",
            ),
            remedy: Text::new(
                "Spróbuj ponownie; jeśli się powtórzy, podaj administratorowi numer błędu ze strony Microsoft.",
                "Try again; if it happens again, tell the administrator the number on Microsoft's page.",
            ),
        },
        FindingKind::AccountOfAnotherTenant => Message {
            title: Text::new("To konto należy do innego katalogu.", "This account belongs to another directory."),
            remedy: Text::new(
                "Wyloguj się z konta Microsoft i zaloguj kontem służbowym tej firmy.",
                "Sign out of Microsoft and sign in with this company's work account.",
            ),
        },
        FindingKind::DifferentAccount => Message {
            title: Text::new(
                "To inne konto niż to, które było połączone.",
                "This is another account than the one that was connected.",
            ),
            remedy: Text::new(
                "Zaloguj się dotychczasowym kontem, albo najpierw rozłącz rekrutera i połącz go na nowo.",
                "Sign in with the former account, or disconnect the recruiter first and connect again.",
            ),
        },
        FindingKind::MfaNeeded => Message {
            title: Text::new(
                "Microsoft żąda weryfikacji wieloskładnikowej.",
                "Microsoft demands multi-factor authentication.",
            ),
            remedy: Text::new("Połącz się ponownie i potwierdź logowanie.", "Connect again and confirm the sign-in."),
        },
        FindingKind::SignInFrequency => Message {
            title: Text::new(
                "Zasada katalogu ogranicza czas trwania logowania.",
                "A policy of the directory limits how long a sign-in lasts.",
            ),
            remedy: Text::new(
                "Połącz się ponownie. Administrator może złagodzić częstotliwość logowania dla tej aplikacji.",
                "Connect again. An administrator can relax the sign-in frequency for this app.",
            ),
        },
        FindingKind::AccountIsGuest => Message {
            title: Text::new(
                "To konto gościa, którego macierzysty katalog jest gdzie indziej.",
                "This is a guest, whose home directory is elsewhere.",
            ),
            remedy: Text::new(
                "Zaloguj się kontem służbowym tej firmy; goście nie mogą organizować spotkań w cudzym katalogu.",
                "Sign in with a work account of this company; guests cannot organize meetings in another directory.",
            ),
        },
        FindingKind::PasswordExpired => Message {
            title: Text::new("Hasło do konta wygasło.", "The account's password has expired."),
            remedy: Text::new(
                "Zmień hasło na stronie logowania Microsoft i połącz się ponownie.",
                "Change the password at Microsoft, then connect again.",
            ),
        },
        FindingKind::Throttled => Message {
            title: Text::new(
                "Microsoft prosi o przerwę: zbyt wiele zapytań.",
                "Microsoft asks for a pause: too many requests.",
            ),
            remedy: Text::new(
                "Spróbuj ponownie za kilka minut. W ustawieniach nie trzeba nic zmieniać.",
                "Try again in a few minutes. Nothing needs to be changed in the settings.",
            ),
        },
        _ => Message {
            title: Text::new("Logowanie wygasło albo zostało unieważnione.", "The sign-in has expired or was revoked."),
            remedy: Text::new("Poproś rekrutera, aby połączył się ponownie.", "Ask the recruiter to connect again."),
        },
    }
}
