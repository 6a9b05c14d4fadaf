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
        "Powtórz to samo żądanie po upływie czasu z nagłówka Retry-After. Jeśli odpowiedź będzie taka sama, rekruter musi zalogować się ponownie.",
        "Repeat the same request after the time given in Retry-After. If the answer is the same, the recruiter must sign in again.",
    ),
};

#[expect(clippy::too_many_lines, reason = "a table: one row a problem, two languages")]
fn message(kind: ProblemKind) -> Message<Text> {
    match kind {
        ProblemKind::MalformedRequest => Message {
            title: Text::new("Nie można odczytać żądania.", "The request cannot be read."),
            remedy: Text::new(
                "Sprawdź składnię treści, nagłówków i parametrów.",
                "Check the syntax of the body, headers and parameters.",
            ),
        },
        ProblemKind::IdempotencyKeyMissing => Message {
            title: Text::new("Brakuje nagłówka Idempotency-Key.", "The Idempotency-Key header is missing."),
            remedy: Text::new(
                "Wyślij jeden nagłówek Idempotency-Key: od 1 do 255 widocznych znaków ASCII, inny dla każdego zamówienia.",
                "Send one Idempotency-Key header: 1 to 255 visible ASCII characters, different for each order.",
            ),
        },
        ProblemKind::IdempotencyKeyInvalid => Message {
            title: Text::new(
                "Nagłówek Idempotency-Key ma niedozwoloną wartość.",
                "The Idempotency-Key header has an invalid value.",
            ),
            remedy: Text::new(
                "Wyślij dokładnie jeden nagłówek Idempotency-Key: od 1 do 255 widocznych znaków ASCII, bez spacji. Szczegóły są w polu „errors”.",
                "Send exactly one Idempotency-Key header: 1 to 255 visible ASCII characters, no spaces. See “errors” for details.",
            ),
        },
        ProblemKind::SignInNotFound => Message {
            title: Text::new("Nie znaleziono rozpoczętego logowania.", "No sign-in in progress was found."),
            remedy: Text::new(
                "Otwórz link do połączenia konta jeszcze raz w tej samej przeglądarce, z włączonymi plikami cookie, i zakończ logowanie w ciągu 15 minut.",
                "Open the connect link again in the same browser, with cookies enabled, and finish the sign-in within 15 minutes.",
            ),
        },
        ProblemKind::Unauthorized => Message {
            title: Text::new("Nie podano ważnego klucza API.", "No valid API key was provided."),
            remedy: Text::new(
                "Wyślij nagłówek Authorization: Bearer z kluczem API tego wdrożenia.",
                "Send the header Authorization: Bearer with an API key for this deployment.",
            ),
        },
        ProblemKind::InsufficientScope => Message {
            title: Text::new("Ten klucz API nie obejmuje tej operacji.", "This API key does not cover this operation."),
            remedy: Text::new(
                "Użyj klucza z odpowiednim zakresem albo poproś operatora o jego rozszerzenie.",
                "Use a key with the right scope, or ask the operator to extend this one.",
            ),
        },
        ProblemKind::WrongUser => Message {
            title: Text::new("To logowanie rozpoczęto dla innej osoby.", "This sign-in was started for somebody else."),
            remedy: Text::new(
                "Logowanie może dokończyć tylko użytkownik systemu rekrutacyjnego, dla którego utworzono link. Utwórz nowy link dla właściwej osoby.",
                "Only the recruitment system user for whom the link was created can complete this sign-in. Create a new link for the right person.",
            ),
        },
        ProblemKind::CrossSite => Message {
            title: Text::new("Ten formularz wysłano z innej strony.", "This form was submitted from another site."),
            remedy: Text::new(
                "Otwórz link w nowej karcie i tam wyślij formularz.",
                "Open the link in a new tab and submit the form there.",
            ),
        },
        ProblemKind::NotFound => Message {
            title: Text::new("Nie znaleziono.", "Not found."),
            remedy: Text::new(
                "Sprawdź adres oraz identyfikatory klienta i użytkownika.",
                "Check the address and the IDs of the customer and the user.",
            ),
        },
        ProblemKind::NotConnected => Message {
            title: Text::new(
                "Rekruter nie połączył konta Microsoft.",
                "The recruiter has not connected a Microsoft account.",
            ),
            remedy: Text::new(
                "Utwórz link do połączenia konta i przekaż go rekruterowi. Sprawdź też identyfikatory.",
                "Create a connect link and send it to the recruiter. Check the IDs too.",
            ),
        },
        ProblemKind::MeetingGone => Message {
            title: Text::new("Tego spotkania nie ma w Teams.", "This meeting does not exist in Teams."),
            remedy: Text::new(
                "Zostało odwołane, przekazane innej osobie albo należy do innego rekrutera. Zamów nowe spotkanie z nowym kluczem.",
                "It was cancelled or handed over, or it belongs to another recruiter. Order a new meeting with a new key.",
            ),
        },
        ProblemKind::OrderCancelled => Message {
            title: Text::new("To zamówienie zostało anulowane.", "This order was cancelled."),
            remedy: Text::new(
                "Spotkanie z tym kluczem zostało odwołane. Jeśli rozmowa ma się jednak odbyć, zamów spotkanie z nowym kluczem.",
                "The meeting with this key was cancelled. If the interview is to take place after all, order it with a new key.",
            ),
        },
        ProblemKind::InterviewCancelled => Message {
            title: Text::new("Ta rozmowa została odwołana.", "This interview was cancelled."),
            remedy: Text::new(
                "Ten link nie prowadzi już do spotkania. W sprawie nowego terminu skontaktuj się z firmą, która Cię zaprosiła.",
                "This link no longer leads to a meeting. To arrange a new time, contact the company that invited you.",
            ),
        },
        ProblemKind::MethodNotAllowed => Message {
            title: Text::new("Ta metoda nie jest tu dozwolona.", "This method is not allowed here."),
            remedy: Text::new(
                "Użyj jednej z metod podanych w nagłówku Allow.",
                "Use one of the methods in the Allow header.",
            ),
        },
        ProblemKind::NotConfigured => Message {
            title: Text::new(
                "Klient nie przekazał jeszcze danych aplikacji.",
                "The customer has not submitted the app's credentials yet.",
            ),
            remedy: Text::new(
                "Utwórz link dla administratora klienta i poproś go o wypełnienie formularza.",
                "Create an intake link and ask the customer's administrator to fill in the form.",
            ),
        },
        ProblemKind::ReauthRequired => Message {
            title: Text::new("Rekruter musi zalogować się ponownie.", "The recruiter must sign in again."),
            remedy: Text::new(
                "Utwórz link do połączenia konta i przekaż go rekruterowi.",
                "Create a connect link and send it to the recruiter.",
            ),
        },
        ProblemKind::CustomerBlocked => Message {
            title: Text::new("Aplikacja klienta nie działa.", "The customer's app does not work."),
            remedy: Text::new(
                "Administrator klienta musi poprawić jej konfigurację. Szczegóły są w polu „findings”.",
                "The customer's administrator must correct its configuration. See “findings” for details.",
            ),
        },
        ProblemKind::TeamsNotAvailable => Message {
            title: Text::new(
                "Microsoft nie pozwala temu rekruterowi tworzyć spotkań.",
                "Microsoft does not let this recruiter create meetings.",
            ),
            remedy: Text::new(
                "Administrator klienta powinien sprawdzić licencję Teams, zasady spotkań i to, czy konto nie jest kontem gościa.",
                "The customer's administrator should check the Teams licence and the meeting policy, and that the account is not a guest account.",
            ),
        },
        ProblemKind::DifferentAccount => Message {
            title: Text::new(
                "Zalogowano się na inne konto niż oczekiwane.",
                "The account that signed in is not the expected one.",
            ),
            remedy: Text::new(
                "Zaloguj się właściwym kontem. Jeśli konto ma się zmienić, system rekrutacyjny może je zastąpić.",
                "Sign in with the right account. If the account has changed, the recruitment system can replace it.",
            ),
        },
        ProblemKind::HandleUsed => Message {
            title: Text::new("To logowanie zostało już dokończone.", "This sign-in has already been completed."),
            remedy: Text::new(
                "Sprawdź stan połączenia. Jeśli nie jest aktywne, utwórz nowy link do połączenia konta.",
                "Check the state of the connection. If it is not active, create a new connect link.",
            ),
        },
        ProblemKind::SignInRefused => Message {
            title: Text::new(
                "Tym logowaniem nie można utworzyć połączenia.",
                "This sign-in cannot create a connection.",
            ),
            remedy: Text::new("Szczegóły są w polu „findings”.", "See “findings” for what to do."),
        },
        ProblemKind::TooManyHandOvers => Message {
            title: Text::new(
                "Osiągnięto limit przekazanych rozmów.",
                "The limit for handed-over interviews has been reached.",
            ),
            remedy: Text::new(
                "Rekruter może mieć najwyżej 100 przekazanych rozmów, które się jeszcze nie odbyły. Odwołaj to spotkanie i zamów nowe w imieniu drugiego rekrutera.",
                "A recruiter can have at most 100 handed-over interviews that have not taken place yet. Cancel this meeting and order a new one for the other recruiter.",
            ),
        },
        ProblemKind::Conflict => Message {
            title: Text::new(
                "W tej samej chwili ktoś inny wprowadził zmianę.",
                "Somebody else made a change at the same time.",
            ),
            remedy: Text::new(
                "Odczytaj bieżący stan i powtórz żądanie.",
                "Get the current state and repeat the request.",
            ),
        },
        ProblemKind::Disconnected => Message {
            title: Text::new("Konto rekrutera zostało odłączone.", "The recruiter has been disconnected."),
            remedy: Text::new(
                "Utwórz link do połączenia konta, jeśli ma znów tworzyć spotkania.",
                "Create a connect link if the recruiter should create meetings again.",
            ),
        },
        ProblemKind::Offboarded => Message {
            title: Text::new("Obsługa tego klienta została zakończona.", "The customer has been offboarded."),
            remedy: Text::new(
                "Utwórz link dla administratora, jeśli klient ma wrócić.",
                "Create an intake link if the customer is coming back.",
            ),
        },
        ProblemKind::LinkUnusable => Message {
            title: Text::new("Ten link już nie działa.", "This link no longer works."),
            remedy: Text::new(
                "Został już użyty, wygasł albo jest niepełny. Poproś osobę, która go przesłała, o nowy link.",
                "It has been used, has expired or is incomplete. Ask the person who sent it for a new one.",
            ),
        },
        ProblemKind::HandleUnusable => Message {
            title: Text::new("Tego logowania nie można już dokończyć.", "This sign-in can no longer be completed."),
            remedy: Text::new(
                "Na dokończenie logowania jest 10 minut. Otwórz link do połączenia konta jeszcze raz.",
                "A sign-in must be completed within 10 minutes. Open the connect link again.",
            ),
        },
        ProblemKind::BodyTooLarge => Message {
            title: Text::new("Treść żądania jest za duża.", "The request body is too large."),
            remedy: Text::new("Treść żądania może mieć najwyżej 64 KiB.", "A request body can be at most 64 KiB."),
        },
        ProblemKind::UnsupportedMediaType => Message {
            title: Text::new("Ten typ treści nie jest obsługiwany.", "This media type is not supported."),
            remedy: Text::new(
                "Wyślij application/json w UTF-8, bez kompresji (formularz: application/x-www-form-urlencoded).",
                "Send application/json in UTF-8, uncompressed (the form: application/x-www-form-urlencoded).",
            ),
        },
        ProblemKind::PreconditionFailed => Message {
            title: Text::new("Spotkanie zmieniło się w międzyczasie.", "The meeting has changed in the meantime."),
            remedy: Text::new(
                "Odczytaj je ponownie i wyślij zmianę z nowym ETag w nagłówku If-Match.",
                "Get it again and send the change with the new ETag in If-Match.",
            ),
        },
        ProblemKind::InvalidFields => Message {
            title: Text::new("Niektóre pola mają niedozwolone wartości.", "Some fields have invalid values."),
            remedy: Text::new("Popraw pola wymienione w polu „errors”.", "Correct the fields listed in “errors”."),
        },
        ProblemKind::CredentialsRefused => Message {
            title: Text::new("Dane aplikacji nie są poprawne.", "The app's credentials are not correct."),
            remedy: Text::new(
                "Każdy błąd i sposób jego usunięcia opisano w polu „findings”.",
                "“findings” lists every mistake and how to correct it.",
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
            title: Text::new("Microsoft odrzucił to zamówienie.", "Microsoft rejected this order."),
            remedy: Text::new(
                "Sprawdź uczestników i opcje spotkania.",
                "Check the meeting's participants and options.",
            ),
        },
        ProblemKind::TooManyRequests => Message {
            title: Text::new("Zbyt wiele prób w krótkim czasie.", "Too many attempts in a short time."),
            remedy: Text::new(
                "Poczekaj tyle, ile podaje nagłówek Retry-After, i spróbuj ponownie.",
                "Wait for the time given in Retry-After, then try again.",
            ),
        },
        ProblemKind::Internal => Message {
            title: Text::new("Wystąpił błąd po naszej stronie.", "An error occurred on our side."),
            remedy: Text::new("Podaj operatorowi wartość trace_id.", "Give the operator the trace_id."),
        },
        ProblemKind::MicrosoftProtocol => Message {
            title: Text::new(
                "Microsoft odpowiedział w nieoczekiwany sposób.",
                "Microsoft sent an unexpected response.",
            ),
            remedy: Text::new("Podaj operatorowi wartość trace_id.", "Give the operator the trace_id."),
        },
        ProblemKind::MicrosoftUnavailable => Message {
            title: Text::new("Microsoft chwilowo nie odpowiada.", "Microsoft is temporarily unavailable."),
            remedy: Text::new(
                "Powtórz to samo żądanie po upływie czasu z nagłówka Retry-After.",
                "Repeat the same request after the time given in Retry-After.",
            ),
        },
        ProblemKind::VaultUnavailable => Message {
            title: Text::new(
                "Magazyn kluczy tajnych chwilowo nie odpowiada.",
                "The secret store is temporarily unavailable.",
            ),
            remedy: Text::new("Powtórz to samo żądanie za chwilę.", "Repeat the same request in a moment."),
        },
        ProblemKind::TooSlow => Message {
            title: Text::new("Przetwarzanie trwało zbyt długo.", "Processing took too long."),
            remedy: Text::new(
                "Powtórz to samo żądanie. To samo spotkanie nie powstanie dwa razy.",
                "Repeat the same request. The meeting will not be created twice.",
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
