//! The messages of problems: what happened, and what to do.

use crate::domain::finding::Message;
use crate::http::problem::kind::ProblemKind;
use crate::http::problem::model::Problem;
use crate::types::language::Language;
use crate::types::text::Text;

impl Problem {
    /// What happened, and what to do: that of the first finding, where the customer's app or the sign-in is at fault.
    #[must_use]
    pub fn message(&self, language: Language) -> Message {
        match (self.0.kind, self.0.findings.first()) {
            (ProblemKind::ReauthRequired, _) if self.0.retryable => SUSPECT.in_language(language),
            (
                ProblemKind::CustomerBlocked | ProblemKind::SignInRefused | ProblemKind::ReauthRequired,
                Some(finding),
            ) => finding.kind.message(language),
            (kind, _) => message(kind).in_language(language),
        }
    }
}

/// Entra rejected the refresh token once; it is asked again after a minute.
const SUSPECT: Message<Text> = Message {
    title: Text::new("Microsoft nie przyjął logowania rekrutera.", "Microsoft did not accept the recruiter's sign-in."),
    remedy: Text::new(
        "Powtórz to samo żądanie po czasie z nagłówka Retry-After. Jeśli odpowiedź się powtórzy, rekruter musi zalogować się ponownie.",
        "Repeat the same request after the time in Retry-After. If the answer is the same, the recruiter must sign in again.",
    ),
};

#[expect(clippy::too_many_lines, reason = "a table: one row a problem, two languages")]
fn message(kind: ProblemKind) -> Message<Text> {
    match kind {
        ProblemKind::MalformedRequest => Message {
            title: Text::new("Nie można odczytać żądania.", "The request cannot be read."),
            remedy: Text::new(
                "Sprawdź składnię treści, nagłówków i parametrów.",
                "Check the syntax of body, headers and parameters.",
            ),
        },
        ProblemKind::IdempotencyKeyMissing => Message {
            title: Text::new("Brakuje nagłówka Idempotency-Key.", "The header Idempotency-Key is missing."),
            remedy: Text::new(
                "Wyślij jeden nagłówek Idempotency-Key: od 1 do 255 widocznych znaków ASCII, inny dla każdego zamówienia.",
                "Send one Idempotency-Key header: 1 to 255 visible ASCII characters, another for each order.",
            ),
        },
        ProblemKind::SignInNotFound => Message {
            title: Text::new("Nie znaleziono rozpoczętego logowania.", "No sign-in was under way here."),
            remedy: Text::new(
                "Otwórz link do połączenia jeszcze raz, w tej samej przeglądarce, z włączonymi plikami cookie, i zakończ logowanie w ciągu 15 minut.",
                "Open the connect link again, in the same browser, with cookies allowed, and finish the sign-in within 15 minutes.",
            ),
        },
        ProblemKind::Unauthorized => Message {
            title: Text::new("Brak ważnego klucza API.", "No valid API key was given."),
            remedy: Text::new(
                "Wyślij nagłówek Authorization: Bearer z kluczem API tego wdrożenia.",
                "Send the header Authorization: Bearer with an API key of this deployment.",
            ),
        },
        ProblemKind::InsufficientScope => Message {
            title: Text::new("Ten klucz API nie obejmuje tej operacji.", "This API key does not cover this operation."),
            remedy: Text::new(
                "Użyj klucza z odpowiednim zakresem albo poproś operatora o jego rozszerzenie.",
                "Use a key with the right scope, or ask the operator to extend this one.",
            ),
        },
        ProblemKind::WrongUser => Message {
            title: Text::new("To logowanie rozpoczęto dla innej osoby.", "This sign-in was begun for somebody else."),
            remedy: Text::new(
                "Uchwyt może dokończyć tylko użytkownik ATS, dla którego utworzono link. Utwórz nowy link dla właściwej osoby.",
                "A handle can be completed only for the ATS user whose link it came from. Create a new link for the right person.",
            ),
        },
        ProblemKind::CrossSite => Message {
            title: Text::new("Formularz wysłała inna strona.", "This form was sent by another site."),
            remedy: Text::new(
                "Otwórz link w nowej karcie i wyślij formularz stamtąd.",
                "Open the link in a new tab and send the form from there.",
            ),
        },
        ProblemKind::NotFound => Message {
            title: Text::new("Nie znaleziono.", "Not found."),
            remedy: Text::new(
                "Sprawdź adres oraz identyfikatory klienta i użytkownika.",
                "Check the address and the ids of customer and user.",
            ),
        },
        ProblemKind::NotConnected => Message {
            title: Text::new("Rekruter nie jest połączony.", "The recruiter is not connected."),
            remedy: Text::new(
                "Utwórz link do połączenia i przekaż go rekruterowi; sprawdź też identyfikatory.",
                "Create a connect link and hand it to the recruiter; check the ids as well.",
            ),
        },
        ProblemKind::MeetingGone => Message {
            title: Text::new("Tego spotkania nie ma w Teams.", "Teams has no such meeting."),
            remedy: Text::new(
                "Zostało odwołane, przekazane innej osobie albo należy do innego rekrutera. Zamów nowe spotkanie z nowym kluczem.",
                "It was called off, handed to somebody else, or belongs to another recruiter. Order a new one with a new key.",
            ),
        },
        ProblemKind::OrderCancelled => Message {
            title: Text::new("To zamówienie zostało odwołane.", "This order was cancelled."),
            remedy: Text::new(
                "Spotkanie z tym kluczem odwołano. Jeśli rozmowa ma się jednak odbyć, zamów spotkanie z nowym kluczem.",
                "The meeting of this key was cancelled. If the interview takes place after all, order it with a new key.",
            ),
        },
        ProblemKind::InterviewCancelled => Message {
            title: Text::new("Ta rozmowa została odwołana.", "This interview was called off."),
            remedy: Text::new(
                "Ten link nie prowadzi już do spotkania. W sprawie nowego terminu skontaktuj się z firmą, która Cię zaprosiła.",
                "This link no longer leads to a meeting. Ask the company that invited you about a new date.",
            ),
        },
        ProblemKind::MethodNotAllowed => Message {
            title: Text::new("Ta metoda nie jest tu obsługiwana.", "This method is not served here."),
            remedy: Text::new("Użyj jednej z metod z nagłówka Allow.", "Use one of the methods in the header Allow."),
        },
        ProblemKind::NotConfigured => Message {
            title: Text::new(
                "Klient nie przekazał jeszcze danych aplikacji.",
                "The customer has not handed over credentials yet.",
            ),
            remedy: Text::new(
                "Utwórz link dla administratora klienta i poproś o wypełnienie formularza.",
                "Create an intake link and ask the customer's administrator to fill in the form.",
            ),
        },
        ProblemKind::ReauthRequired => Message {
            title: Text::new("Rekruter musi zalogować się ponownie.", "The recruiter must sign in again."),
            remedy: Text::new(
                "Utwórz link do połączenia i przekaż go rekruterowi.",
                "Create a connect link and hand it to the recruiter.",
            ),
        },
        ProblemKind::CustomerBlocked => Message {
            title: Text::new("Aplikacja klienta nie działa.", "The customer's app does not work."),
            remedy: Text::new(
                "Administrator klienta musi poprawić jej konfigurację; szczegóły są w „findings”.",
                "The customer's administrator must mend it; “findings” says how.",
            ),
        },
        ProblemKind::TeamsNotAvailable => Message {
            title: Text::new(
                "Microsoft nie pozwala temu rekruterowi tworzyć spotkań.",
                "Microsoft does not let this recruiter make meetings.",
            ),
            remedy: Text::new(
                "Administrator klienta powinien sprawdzić licencję Teams, zasady spotkań i to, że konto nie jest gościem.",
                "The customer's administrator should check for a Teams licence, the meeting policy, and that the account is no guest.",
            ),
        },
        ProblemKind::DifferentAccount => Message {
            title: Text::new(
                "Zalogowano się na inne konto niż oczekiwane.",
                "Another account than the expected one signed in.",
            ),
            remedy: Text::new(
                "Zaloguj się właściwym kontem. Jeśli konto ma się zmienić, system rekrutacyjny może je zastąpić.",
                "Sign in with the right account. If the account has changed, the recruiting system can replace it.",
            ),
        },
        ProblemKind::HandleUsed => Message {
            title: Text::new("Tego uchwytu już użyto.", "This handle was used before."),
            remedy: Text::new(
                "Sprawdź stan połączenia; jeśli nie działa, utwórz nowy link do połączenia.",
                "Read the state of the connection; if it is not active, create a new connect link.",
            ),
        },
        ProblemKind::SignInRefused => Message {
            title: Text::new("To logowanie nie daje połączenia.", "This sign-in makes no connection."),
            remedy: Text::new("Szczegóły są w „findings”.", "See “findings” for what to do."),
        },
        ProblemKind::TooManyHandOvers => Message {
            title: Text::new(
                "Ten rekruter przekazał już tyle rozmów, ile można zapamiętać.",
                "This recruiter has handed over as many interviews as can be remembered.",
            ),
            remedy: Text::new(
                "Pamiętamy najwyżej 100 przekazanych rozmów, które się jeszcze nie odbyły. Odwołaj to spotkanie i zamów nowe \
                 w imieniu drugiego rekrutera.",
                "At most 100 that are still to come are remembered. Cancel this meeting and order a new one in the \
                 colleague's name.",
            ),
        },
        ProblemKind::Conflict => Message {
            title: Text::new(
                "Ktoś w tej samej chwili zmienił to samo.",
                "Somebody changed the same thing at the same time.",
            ),
            remedy: Text::new(
                "Odczytaj bieżący stan i powtórz żądanie.",
                "Read the present state and repeat the request.",
            ),
        },
        ProblemKind::Disconnected => Message {
            title: Text::new("Rekruter jest rozłączony.", "The recruiter is disconnected."),
            remedy: Text::new(
                "Utwórz link do połączenia, jeśli ma znów tworzyć spotkania.",
                "Create a connect link if meetings are wanted again.",
            ),
        },
        ProblemKind::Offboarded => Message {
            title: Text::new("Klient został usunięty.", "The customer was offboarded."),
            remedy: Text::new(
                "Utwórz link dla administratora, jeśli klient ma wrócić.",
                "Create an intake link if the customer is to come back.",
            ),
        },
        ProblemKind::LinkUnusable => Message {
            title: Text::new("Ten link już nie działa.", "This link no longer works."),
            remedy: Text::new(
                "Został użyty, wygasł albo jest niepełny. Poproś osobę, która go przesłała, o nowy link.",
                "It was used, has expired, or is incomplete. Ask whoever sent it for a new one.",
            ),
        },
        ProblemKind::HandleUnusable => Message {
            title: Text::new("Ten uchwyt już nie działa.", "This handle no longer works."),
            remedy: Text::new(
                "Uchwyt jest ważny 5 minut. Otwórz link do połączenia jeszcze raz.",
                "A handle lasts 5 minutes. Open the connect link again.",
            ),
        },
        ProblemKind::BodyTooLarge => Message {
            title: Text::new("Treść żądania jest za duża.", "The body is too large."),
            remedy: Text::new("Największa dopuszczalna treść ma 64 KiB.", "A body may have 64 KiB at most."),
        },
        ProblemKind::UnsupportedMediaType => Message {
            title: Text::new("Ten typ treści nie jest obsługiwany.", "This media type is not taken."),
            remedy: Text::new(
                "Wyślij application/json w UTF-8, bez kompresji (formularz: application/x-www-form-urlencoded).",
                "Send application/json in UTF-8, uncompressed (the form: application/x-www-form-urlencoded).",
            ),
        },
        ProblemKind::PreconditionFailed => Message {
            title: Text::new("Spotkanie zmieniło się w międzyczasie.", "The meeting has changed in the meantime."),
            remedy: Text::new(
                "Odczytaj je ponownie i wyślij zmianę z nowym ETag w nagłówku If-Match.",
                "Read it again, and send the change with the new ETag in If-Match.",
            ),
        },
        ProblemKind::InvalidFields => Message {
            title: Text::new(
                "Niektóre pola mają niedozwolone wartości.",
                "Some fields have values that they cannot have.",
            ),
            remedy: Text::new("Popraw pola wymienione w „errors”.", "Mend the fields named in “errors”."),
        },
        ProblemKind::CredentialsRefused => Message {
            title: Text::new("Te dane aplikacji nie są poprawne.", "These credentials are not right."),
            remedy: Text::new(
                "Każdy błąd i sposób jego naprawy opisano w „findings”.",
                "“findings” names every mistake and its remedy.",
            ),
        },
        ProblemKind::IdempotencyKeyReused => Message {
            title: Text::new(
                "Tego klucza Idempotency-Key użyto do innego zamówienia.",
                "This Idempotency-Key was used for another order.",
            ),
            remedy: Text::new(
                "Wyślij nowy klucz dla nowego zamówienia albo powtórz dokładnie to samo zamówienie.",
                "Send a new key for a new order, or repeat exactly the same order.",
            ),
        },
        ProblemKind::OrderRefused => Message {
            title: Text::new("Microsoft odrzucił to zamówienie.", "Microsoft refused this order."),
            remedy: Text::new(
                "Sprawdź uczestników i opcje spotkania.",
                "Check the people and the options of the meeting.",
            ),
        },
        ProblemKind::TooManyRequests => Message {
            title: Text::new("Zbyt wiele prób w krótkim czasie.", "Too many attempts in a short time."),
            remedy: Text::new(
                "Poczekaj tyle, ile podaje nagłówek Retry-After, i spróbuj ponownie.",
                "Wait as long as Retry-After says, then try again.",
            ),
        },
        ProblemKind::Internal => Message {
            title: Text::new("Wystąpił błąd po naszej stronie.", "Something of ours is broken."),
            remedy: Text::new("Podaj operatorowi wartość trace_id.", "Give the operator the trace_id."),
        },
        ProblemKind::MicrosoftProtocol => Message {
            title: Text::new(
                "Microsoft odpowiedział w nieoczekiwany sposób.",
                "Microsoft answered something unexpected.",
            ),
            remedy: Text::new("Podaj operatorowi wartość trace_id.", "Give the operator the trace_id."),
        },
        ProblemKind::MicrosoftUnavailable => Message {
            title: Text::new("Microsoft chwilowo nie odpowiada.", "Microsoft is not available at the moment."),
            remedy: Text::new(
                "Powtórz to samo żądanie po czasie z nagłówka Retry-After.",
                "Repeat the same request after the time in Retry-After.",
            ),
        },
        ProblemKind::VaultUnavailable => Message {
            title: Text::new("Magazyn sekretów chwilowo nie odpowiada.", "The vault is not available at the moment."),
            remedy: Text::new("Powtórz to samo żądanie za chwilę.", "Repeat the same request in a moment."),
        },
        ProblemKind::TooSlow => Message {
            title: Text::new("Odpowiedź trwała zbyt długo.", "The answer took too long."),
            remedy: Text::new(
                "Powtórz to samo żądanie; to samo spotkanie nie powstanie dwa razy.",
                "Repeat the same request; no meeting is made twice.",
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_says_what_and_what_to_do_in_every_language() {
        for kind in ProblemKind::ALL {
            let [polish, english] = Language::ALL.map(|language| Problem::from(*kind).message(language));
            assert!(polish.title != english.title && polish.remedy != english.remedy, "{kind:?}");
            assert!(polish.remedy.len() > 10 && english.remedy.len() > 10, "{kind:?}");
        }
    }
}
