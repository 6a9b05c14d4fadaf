//! The sentences of the problems: what happened, what to do.

use crate::http::problem::kind::ProblemKind;
use crate::http::problem::model::Problem;
use crate::types::language::Language;

type Words = (&'static str, &'static str);

impl Problem {
    /// The title, and what to do.
    #[must_use]
    pub fn message(&self, language: Language) -> (&'static str, String) {
        if self.0.kind == ProblemKind::ReauthRequired && self.0.retryable {
            let (title, detail) = suspect_message(language);
            return (title, detail.to_owned());
        }
        let (title, detail) = message(self.0.kind, language);
        match (self.0.kind, self.0.findings.first()) {
            (
                ProblemKind::CustomerBlocked | ProblemKind::SignInRefused | ProblemKind::ReauthRequired,
                Some(finding),
            ) => {
                let words = finding.kind.message(language);
                (words.what, words.remedy.to_owned())
            }
            _ => (title, detail.to_owned()),
        }
    }
}

/// While a lost sign-in is only suspected.
fn suspect_message(language: Language) -> Words {
    language.choose(
        ("Microsoft nie przyjął logowania rekrutera.", "Powtórz to samo żądanie po czasie z nagłówka Retry-After. Jeśli odpowiedź się powtórzy, rekruter musi zalogować się ponownie."),
        ("Microsoft did not accept the recruiter's sign-in.", "Repeat the same request after the time in Retry-After. If the answer is the same, the recruiter must sign in again."),
    )
}

fn message(kind: ProblemKind, language: Language) -> Words {
    let (polish, english) = texts(kind);
    language.choose(polish, english)
}

#[expect(clippy::too_many_lines, reason = "a table: one row a problem, two languages")]
fn texts(kind: ProblemKind) -> (Words, Words) {
    match kind {
        ProblemKind::MalformedRequest => (
            ("Nie można odczytać żądania.", "Sprawdź składnię treści, nagłówków i parametrów."),
            ("The request cannot be read.", "Check the syntax of body, headers and parameters."),
        ),
        ProblemKind::IdempotencyKeyMissing => (
            (
                "Brakuje nagłówka Idempotency-Key.",
                "Wyślij jeden nagłówek Idempotency-Key: od 1 do 255 widocznych znaków ASCII, inny dla każdego zamówienia.",
            ),
            (
                "The header Idempotency-Key is missing.",
                "Send one Idempotency-Key header: 1 to 255 visible ASCII characters, another for each order.",
            ),
        ),
        ProblemKind::SignInNotFound => (
            (
                "Nie znaleziono rozpoczętego logowania.",
                "Otwórz link do połączenia jeszcze raz, w tej samej przeglądarce, z włączonymi plikami cookie, i zakończ logowanie w ciągu 15 minut.",
            ),
            (
                "No sign-in was under way here.",
                "Open the connect link again, in the same browser, with cookies allowed, and finish the sign-in within 15 minutes.",
            ),
        ),
        ProblemKind::Unauthorized => (
            ("Brak ważnego klucza API.", "Wyślij nagłówek Authorization: Bearer z kluczem API tego wdrożenia."),
            (
                "No valid API key was given.",
                "Send the header Authorization: Bearer with an API key of this deployment.",
            ),
        ),
        ProblemKind::InsufficientScope => (
            (
                "Ten klucz API nie obejmuje tej operacji.",
                "Użyj klucza z odpowiednim zakresem albo poproś operatora o jego rozszerzenie.",
            ),
            (
                "This API key does not cover this operation.",
                "Use a key with the right scope, or ask the operator to extend this one.",
            ),
        ),
        ProblemKind::WrongUser => (
            (
                "To logowanie rozpoczęto dla innej osoby.",
                "Uchwyt może dokończyć tylko użytkownik ATS, dla którego utworzono link. Utwórz nowy link dla właściwej osoby.",
            ),
            (
                "This sign-in was begun for somebody else.",
                "A handle can be completed only for the ATS user whose link it came from. Create a new link for the right person.",
            ),
        ),
        ProblemKind::CrossSite => (
            ("Formularz wysłała inna strona.", "Otwórz link w nowej karcie i wyślij formularz stamtąd."),
            ("This form was sent by another site.", "Open the link in a new tab and send the form from there."),
        ),
        ProblemKind::NotFound => (
            ("Nie znaleziono.", "Sprawdź adres oraz identyfikatory klienta i użytkownika."),
            ("Not found.", "Check the address and the ids of customer and user."),
        ),
        ProblemKind::NotConnected => (
            (
                "Rekruter nie jest połączony.",
                "Utwórz link do połączenia i przekaż go rekruterowi; sprawdź też identyfikatory.",
            ),
            (
                "The recruiter is not connected.",
                "Create a connect link and hand it to the recruiter; check the ids as well.",
            ),
        ),
        ProblemKind::MeetingGone => (
            (
                "Tego spotkania nie ma w Teams.",
                "Zostało odwołane, przekazane innej osobie albo należy do innego rekrutera. Zamów nowe spotkanie z nowym kluczem.",
            ),
            (
                "Teams has no such meeting.",
                "It was called off, handed to somebody else, or belongs to another recruiter. Order a new one with a new key.",
            ),
        ),
        ProblemKind::InterviewCancelled => (
            (
                "Ta rozmowa została odwołana.",
                "Ten link nie prowadzi już do spotkania. W sprawie nowego terminu skontaktuj się z firmą, która Cię zaprosiła.",
            ),
            (
                "This interview was called off.",
                "This link no longer leads to a meeting. Ask the company that invited you about a new date.",
            ),
        ),
        ProblemKind::MethodNotAllowed => (
            ("Ta metoda nie jest tu obsługiwana.", "Użyj jednej z metod z nagłówka Allow."),
            ("This method is not served here.", "Use one of the methods in the header Allow."),
        ),
        ProblemKind::NotConfigured => (
            (
                "Klient nie przekazał jeszcze danych aplikacji.",
                "Utwórz link dla administratora klienta i poproś o wypełnienie formularza.",
            ),
            (
                "The customer has not handed over credentials yet.",
                "Create an intake link and ask the customer's administrator to fill in the form.",
            ),
        ),
        ProblemKind::ReauthRequired => (
            ("Rekruter musi zalogować się ponownie.", "Utwórz link do połączenia i przekaż go rekruterowi."),
            ("The recruiter must sign in again.", "Create a connect link and hand it to the recruiter."),
        ),
        ProblemKind::CustomerBlocked => (
            (
                "Aplikacja klienta nie działa.",
                "Administrator klienta musi poprawić jej konfigurację; szczegóły są w „findings”.",
            ),
            ("The customer's app does not work.", "The customer's administrator must mend it; “findings” says how."),
        ),
        ProblemKind::TeamsNotAvailable => (
            (
                "Microsoft nie pozwala temu rekruterowi tworzyć spotkań.",
                "Administrator klienta powinien sprawdzić licencję Teams, zasady spotkań i to, że konto nie jest gościem.",
            ),
            (
                "Microsoft does not let this recruiter make meetings.",
                "The customer's administrator should check for a Teams licence, the meeting policy, and that the account is no guest.",
            ),
        ),
        ProblemKind::DifferentAccount => (
            (
                "Zalogowano się na inne konto niż poprzednio.",
                "Zaloguj się dotychczasowym kontem, albo najpierw rozłącz rekrutera.",
            ),
            (
                "Another account than before signed in.",
                "Sign in with the former account, or disconnect the recruiter first.",
            ),
        ),
        ProblemKind::HandleUsed => (
            ("Tego uchwytu już użyto.", "Sprawdź stan połączenia; jeśli nie działa, utwórz nowy link do połączenia."),
            (
                "This handle was used before.",
                "Read the state of the connection; if it is not active, create a new connect link.",
            ),
        ),
        ProblemKind::SignInRefused => (
            ("To logowanie nie daje połączenia.", "Szczegóły są w „findings”."),
            ("This sign-in makes no connection.", "See “findings” for what to do."),
        ),
        ProblemKind::TooManyHandOvers => (
            (
                "Ten rekruter przekazał już tyle rozmów, ile można zapamiętać.",
                "Pamiętamy najwyżej 100 przekazanych rozmów, które się jeszcze nie odbyły. Odwołaj to spotkanie i zamów nowe \
                 w imieniu drugiego rekrutera.",
            ),
            (
                "This recruiter has handed over as many interviews as can be remembered.",
                "At most 100 that are still to come are remembered. Cancel this meeting and order a new one in the \
                 colleague's name.",
            ),
        ),
        ProblemKind::Conflict => (
            ("Ktoś w tej samej chwili zmienił to samo.", "Odczytaj bieżący stan i powtórz żądanie."),
            ("Somebody changed the same thing at the same time.", "Read the present state and repeat the request."),
        ),
        ProblemKind::Disconnected => (
            ("Rekruter jest rozłączony.", "Utwórz link do połączenia, jeśli ma znów tworzyć spotkania."),
            ("The recruiter is disconnected.", "Create a connect link if meetings are wanted again."),
        ),
        ProblemKind::Offboarded => (
            ("Klient został usunięty.", "Utwórz link dla administratora, jeśli klient ma wrócić."),
            ("The customer was offboarded.", "Create an intake link if the customer is to come back."),
        ),
        ProblemKind::LinkUnusable => (
            (
                "Ten link już nie działa.",
                "Został użyty, wygasł albo jest niepełny. Poproś osobę, która go przesłała, o nowy link.",
            ),
            (
                "This link no longer works.",
                "It was used, has expired, or is incomplete. Ask whoever sent it for a new one.",
            ),
        ),
        ProblemKind::HandleUnusable => (
            ("Ten uchwyt już nie działa.", "Uchwyt jest ważny 5 minut. Otwórz link do połączenia jeszcze raz."),
            ("This handle no longer works.", "A handle lasts 5 minutes. Open the connect link again."),
        ),
        ProblemKind::BodyTooLarge => (
            ("Treść żądania jest za duża.", "Największa dopuszczalna treść ma 64 KiB."),
            ("The body is too large.", "A body may have 64 KiB at most."),
        ),
        ProblemKind::UnsupportedMediaType => (
            (
                "Ten typ treści nie jest obsługiwany.",
                "Wyślij application/json w UTF-8, bez kompresji (formularz: application/x-www-form-urlencoded).",
            ),
            (
                "This media type is not taken.",
                "Send application/json in UTF-8, uncompressed (the form: application/x-www-form-urlencoded).",
            ),
        ),
        ProblemKind::InvalidFields => (
            ("Niektóre pola mają niedozwolone wartości.", "Popraw pola wymienione w „errors”."),
            ("Some fields have values that they cannot have.", "Mend the fields named in “errors”."),
        ),
        ProblemKind::CredentialsRefused => (
            ("Te dane aplikacji nie są poprawne.", "Każdy błąd i sposób jego naprawy opisano w „findings”."),
            ("These credentials are not right.", "“findings” names every mistake and its remedy."),
        ),
        ProblemKind::IdempotencyKeyReused => (
            (
                "Tego klucza Idempotency-Key użyto do innego zamówienia.",
                "Wyślij nowy klucz dla nowego zamówienia albo powtórz dokładnie to samo zamówienie.",
            ),
            (
                "This Idempotency-Key was used for another order.",
                "Send a new key for a new order, or repeat exactly the same order.",
            ),
        ),
        ProblemKind::OrderRefused => (
            ("Microsoft odrzucił to zamówienie.", "Sprawdź uczestników i opcje spotkania."),
            ("Microsoft refused this order.", "Check the people and the options of the meeting."),
        ),
        ProblemKind::TooManyRequests => (
            (
                "Zbyt wiele prób w krótkim czasie.",
                "Poczekaj tyle, ile podaje nagłówek Retry-After, i spróbuj ponownie.",
            ),
            ("Too many attempts in a short time.", "Wait as long as Retry-After says, then try again."),
        ),
        ProblemKind::Internal => (
            ("Wystąpił błąd po naszej stronie.", "Podaj operatorowi wartość trace_id."),
            ("Something of ours is broken.", "Give the operator the trace_id."),
        ),
        ProblemKind::MicrosoftProtocol => (
            ("Microsoft odpowiedział w nieoczekiwany sposób.", "Podaj operatorowi wartość trace_id."),
            ("Microsoft answered something unexpected.", "Give the operator the trace_id."),
        ),
        ProblemKind::MicrosoftUnavailable => (
            ("Microsoft chwilowo nie odpowiada.", "Powtórz to samo żądanie po czasie z nagłówka Retry-After."),
            ("Microsoft is not available at the moment.", "Repeat the same request after the time in Retry-After."),
        ),
        ProblemKind::VaultUnavailable => (
            ("Magazyn sekretów chwilowo nie odpowiada.", "Powtórz to samo żądanie za chwilę."),
            ("The vault is not available at the moment.", "Repeat the same request in a moment."),
        ),
        ProblemKind::TooSlow => (
            ("Odpowiedź trwała zbyt długo.", "Powtórz to samo żądanie; to samo spotkanie nie powstanie dwa razy."),
            ("The answer took too long.", "Repeat the same request; no meeting is made twice."),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_problem_says_what_and_what_to_do_in_every_language() {
        for kind in ProblemKind::ALL {
            let [polish, english] = Language::ALL.map(|language| Problem::from(*kind).message(language));
            assert!(polish.0 != english.0 && polish.1 != english.1, "{kind:?}");
            assert!(polish.1.len() > 10 && english.1.len() > 10, "{kind:?}");
        }
    }
}
