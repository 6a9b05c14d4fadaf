//! Texts of the pages for support.

use shared::domain::connection::ConnectionState;
use shared::domain::entra_app::{ConsentState, CredentialKind, CustomerState};
use shared::domain::finding::Actor;
use shared::messages;
use shared::types::language::Language;

messages! {
    /// Texts of the pages.
    pub(super) SupportMessages {
        title: "Wsparcie klientów", "Customer support";
        language: "Język", "Language";
        until: "Ten link działa do", "This link works until";
        back: "Wszyscy klienci", "All customers";

        search: "Szukaj", "Search";
        search_hint: "identyfikator klienta, katalogu lub aplikacji, numer AADSTS albo cała treść błędu Microsoft", "a customer, directory or application ID, an AADSTS number, or all the text of Microsoft's error";
        results: "Wyniki wyszukiwania", "Search results";
        nothing_found: "Nic nie znaleziono.", "Nothing was found.";
        traces: "Pojedyncze żądania i logowania nie są tu zapisywane. Identyfikatora zdarzenia i identyfikatorów Microsoft szukaj w dzienniku usługi.",
            "Single requests and sign-ins are not kept here. Look for a trace ID or one of Microsoft's IDs in the service log.";
        what: "Przyczyna", "Cause";
        remedy: "Co zrobić", "What to do";
        unknown_number: "Tego numeru nie znamy.", "We do not know this number.";

        to_fix: "Do naprawienia dziś", "To fix today";
        nothing_to_fix: "Wszystko działa.", "Everything works.";
        ends: "Wygasa w ciągu miesiąca", "Expires within a month";
        nothing_ends: "W tym miesiącu nic nie wygasa.", "Nothing expires this month.";
        no_date: "Data wygaśnięcia nieznana", "No expiry date was given";
        sign_in: "Rekruterzy, którzy muszą zalogować się ponownie", "Recruiters who must sign in again";
        nobody_signs_in: "Nikt nie musi.", "Nobody must.";
        unfinished: "Konfiguracja niedokończona", "Set-up not finished";
        nothing_unfinished: "Każdy klient ma zakończoną konfigurację.", "Every customer has finished the set-up.";
        more: "i jeszcze więcej: użyj wyszukiwarki lub listy klientów w API. Pozostało:", "and more: use the search, or the list of customers in the API. Left out:";
        customers: "Klienci", "Customers";

        who: "Kto powinien to naprawić", "Who should fix it";
        since: "Od", "Since";
        state: "Stan", "State";
        tenant: "Identyfikator katalogu (dzierżawy)", "Directory (tenant) ID";
        client_id: "Identyfikator aplikacji (klienta)", "Application (client) ID";
        authentication: "Sposób uwierzytelniania aplikacji", "Authentication method";
        expires_on: "Wygasa", "Expires";
        never: "nigdy", "never";
        not_known: "nie wiadomo", "not known";
        submitted_at: "Dane przekazano", "Values submitted";
        verified_at: "Microsoft ostatnio je przyjął", "Microsoft last accepted them";
        checked_at: "Ostatnie sprawdzenie", "Last check";
        consent: "Zgoda administratora", "Admin consent";
        sign_in_test: "Ostatni test logowania", "Last sign-in test";
        passed: "udany", "passed";
        failed: "nieudany", "failed";
        no_test: "jeszcze nie było", "none yet";
        findings: "Co znaleziono", "Findings";
        no_findings: "Niczego nie znaleziono.", "Nothing was found.";
        recruiters: "Rekruterzy", "Recruiters";
        no_recruiters: "Nikt się jeszcze nie połączył.", "Nobody has connected yet.";
        account: "Konto", "Account";
        reason: "Powód", "Reason";

        mail: "Gotowa wiadomość do administratora", "A ready message for the administrator";
        link_hint: "Administrator klienta poda nowe dane lub dokończy konfigurację na stronie, do której prowadzi link. Obok linku pojawi się gotowa wiadomość po polsku i po angielsku.", "The customer's administrator hands over new values, or finishes the set-up, on the page that the link opens. Beside the link there will be a ready message in Polish and English.";
        make_link: "Utwórz nowy link dla administratora", "Create a new link for the administrator";
        new_link: "Nowy link dla administratora", "A new link for the administrator";
        link: "Link", "Link";
        open_mail: "Otwórz jako e-mail", "Open as e-mail";
    }
}

messages! {
    /// Texts of the message for an administrator.
    pub(super) MailMessages {
        subject: "Microsoft Teams w systemie rekrutacyjnym: potrzebna poprawka", "Microsoft Teams in the recruiting system: something to fix";
        greeting: "Dzień dobry,", "Hello,";
        broken: "spotkania Microsoft Teams w systemie rekrutacyjnym wymagają poprawki w Microsoft Entra Twojej firmy.", "Microsoft Teams meetings in the recruiting system need a fix in your company's Microsoft Entra.";
        set_up: "prosimy o podanie lub sprawdzenie danych aplikacji, która tworzy spotkania Microsoft Teams w systemie rekrutacyjnym.", "please hand over or review the values of the app that makes Microsoft Teams meetings in the recruiting system.";
        ending: "poświadczenie aplikacji, która tworzy spotkania Microsoft Teams w systemie rekrutacyjnym, wkrótce wygaśnie.", "the credential of the app that makes Microsoft Teams meetings in the recruiting system expires soon.";
        on: "Wygasa", "Expires on";
        what: "Przyczyna", "Cause";
        remedy: "Co zrobić", "What to do";
        client_id: "Identyfikator aplikacji (klienta)", "Application (client) ID";
        tenant: "Identyfikator katalogu (dzierżawy)", "Directory (tenant) ID";
        link: "Formularz z instrukcją", "Form with instructions";
        until: "Link działa do", "The link works until";
    }
}

/// Who must act, in words for support.
pub(super) fn actor_name(actor: Actor, language: Language) -> &'static str {
    match actor {
        Actor::Ats => language.choose("dostawca systemu rekrutacyjnego", "the vendor of the recruiting system"),
        Actor::Recruiter => language.choose("rekruter", "the recruiter"),
        Actor::CustomerAdmin => {
            language.choose("administrator Microsoft Entra u klienta", "the customer's Microsoft Entra administrator")
        }
        Actor::Operator => language.choose("operator tej usługi", "the operator of this service"),
    }
}

pub(super) fn customer_state_name(state: CustomerState, language: Language) -> &'static str {
    match state {
        CustomerState::Ready => language.choose("działa", "works"),
        CustomerState::Incomplete => language.choose("konfiguracja niedokończona", "set-up not finished"),
        CustomerState::Blocked => language.choose("zablokowany", "blocked"),
    }
}

pub(super) fn connection_state_name(state: ConnectionState, language: Language) -> &'static str {
    match state {
        ConnectionState::Active => language.choose("działa", "works"),
        ConnectionState::Suspect => {
            language.choose("Microsoft raz odmówił; sprawdzamy", "Microsoft refused once; being checked")
        }
        ConnectionState::NeedsReauth => language.choose("musi zalogować się ponownie", "must sign in again"),
        ConnectionState::CustomerBlocked => {
            language.choose("wstrzymane: aplikacja klienta nie działa", "on hold: the customer's app does not work")
        }
        ConnectionState::Disconnected => language.choose("rozłączone", "disconnected"),
    }
}

pub(super) fn consent_name(state: ConsentState, language: Language) -> &'static str {
    match state {
        ConsentState::Granted => language.choose("udzielona", "granted"),
        ConsentState::Reported => language.choose(
            "udzielona według przeglądarki, niepotwierdzona logowaniem",
            "granted, says a browser; no sign-in has shown it yet",
        ),
        ConsentState::Declined => language.choose("odmówiono", "declined"),
        ConsentState::Unknown => language.choose("nie wiadomo", "not known"),
    }
}

pub(super) fn credential_name(kind: CredentialKind, language: Language) -> &'static str {
    match kind {
        CredentialKind::ClientSecret => language.choose("klucz tajny klienta", "client secret"),
        CredentialKind::Certificate => language.choose("certyfikat", "certificate"),
    }
}
