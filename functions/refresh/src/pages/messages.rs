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
        search_hint: "identyfikator klienta, katalogu lub aplikacji, numer AADSTS albo cała treść błędu Microsoft", "a customer, directory or application ID, an AADSTS number, or the full text of Microsoft's error";
        results: "Wyniki wyszukiwania", "Search results";
        nothing_found: "Nic nie znaleziono.", "Nothing was found.";
        traces: "Pojedyncze żądania i logowania nie są tu zapisywane. Identyfikatora zdarzenia i identyfikatorów Microsoft szukaj w dzienniku usługi.",
            "Individual requests and sign-ins are not recorded here. Look for a trace ID or a Microsoft ID in the service log.";
        what: "Przyczyna", "Cause";
        remedy: "Co zrobić", "What to do";
        unknown_number: "Tego numeru nie znamy.", "We do not know this number.";

        to_fix: "Do naprawienia dziś", "To fix today";
        nothing_to_fix: "Wszystko działa.", "Everything works.";
        ends: "Wygasa w ciągu miesiąca", "Expires within a month";
        nothing_ends: "W tym miesiącu nic nie wygasa.", "Nothing expires this month.";
        no_date: "Nie podano daty wygaśnięcia", "No expiry date was given";
        sign_in: "Rekruterzy, którzy muszą zalogować się ponownie", "Recruiters who must sign in again";
        nobody_signs_in: "Nikt nie musi logować się ponownie.", "Nobody needs to sign in again.";
        unfinished: "Konfiguracja niedokończona", "Setup not finished";
        nothing_unfinished: "Wszyscy klienci zakończyli konfigurację.", "Every customer has finished setup.";
        more: "To nie wszystko: użyj wyszukiwarki lub listy klientów w API. Nie pokazano:", "There are more: use the search or the list of customers in the API. Not shown:";
        customers: "Klienci", "Customers";

        who: "Kto powinien to naprawić", "Who should fix it";
        since: "Od", "Since";
        state: "Stan", "State";
        tenant: "Identyfikator katalogu (dzierżawy)", "Directory (tenant) ID";
        client_id: "Identyfikator aplikacji (klienta)", "Application (client) ID";
        authentication: "Sposób uwierzytelniania aplikacji", "Authentication method";
        expires_on: "Wygasa", "Expires";
        never: "nigdy", "never";
        not_known: "nie wiadomo", "unknown";
        submitted_at: "Dane przekazano", "Values submitted";
        verified_at: "Ostatnio przyjęte przez Microsoft", "Last accepted by Microsoft";
        checked_at: "Ostatnie sprawdzenie", "Last check";
        consent: "Zgoda administratora", "Admin consent";
        sign_in_test: "Ostatni test logowania", "Last sign-in test";
        passed: "udany", "passed";
        failed: "nieudany", "failed";
        link_opened: "Link otwarto", "Link opened";
        stopped_at: "Gdzie utknięto", "Stopped at";
        nothing_submitted: "formularz otwarto, niczego nie wysłano", "the form was opened, nothing was submitted";
        no_app: "Nie przekazano jeszcze danych aplikacji", "No app details submitted yet";
        no_test: "jeszcze nie było", "none yet";
        findings: "Wykryte problemy", "Problems found";
        no_findings: "Nie wykryto problemów.", "No problems were found.";
        recruiters: "Rekruterzy", "Recruiters";
        no_recruiters: "Nikt się jeszcze nie połączył.", "Nobody has connected yet.";
        account: "Konto", "Account";
        reason: "Powód", "Reason";

        mail: "Gotowa wiadomość do administratora", "Message to send to the administrator";
        link_hint: "Na stronie, do której prowadzi link, administrator klienta poda nowe dane albo dokończy konfigurację. Obok linku pojawi się gotowa wiadomość po polsku i po angielsku.", "On the page that the link opens, the customer's administrator enters new details or finishes the setup. A ready-made message, in Polish and English, comes with the link.";
        make_link: "Utwórz link dla administratora", "Create a link for the administrator";
        new_link: "Nowy link dla administratora", "New link for the administrator";
        link: "Link", "Link";
        open_mail: "Otwórz jako e-mail", "Open as e-mail";
    }
}

messages! {
    /// Texts of the message for an administrator.
    pub(super) MailMessages {
        subject: "Microsoft Teams w systemie rekrutacyjnym: wymagane działanie", "Microsoft Teams in the recruitment system: action needed";
        greeting: "Dzień dobry,", "Hello,";
        broken: "spotkania Microsoft Teams w systemie rekrutacyjnym wymagają zmiany w ustawieniach Microsoft Entra Twojej firmy.", "Microsoft Teams meetings in the recruitment system need a change in your company's Microsoft Entra settings.";
        set_up: "prosimy o podanie lub sprawdzenie danych aplikacji, która tworzy spotkania Microsoft Teams w systemie rekrutacyjnym.", "Please enter or check the details of the app that creates Microsoft Teams meetings in the recruitment system.";
        ending: "klucz tajny lub certyfikat aplikacji, która tworzy spotkania Microsoft Teams w systemie rekrutacyjnym, wkrótce wygaśnie.", "The secret or certificate of the app that creates Microsoft Teams meetings in the recruitment system will expire soon.";
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
        Actor::Ats => language.choose("dostawca systemu rekrutacyjnego", "the recruitment system vendor"),
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
        CustomerState::Incomplete => language.choose("konfiguracja niedokończona", "setup not finished"),
        CustomerState::Blocked => language.choose("zablokowany", "blocked"),
    }
}

pub(super) fn connection_state_name(state: ConnectionState, language: Language) -> &'static str {
    match state {
        ConnectionState::Active => language.choose("działa", "works"),
        ConnectionState::Suspect => {
            language.choose("Microsoft raz odmówił; sprawdzamy", "Microsoft refused once; we are checking")
        }
        ConnectionState::NeedsReauth => language.choose("musi zalogować się ponownie", "must sign in again"),
        ConnectionState::CustomerBlocked => {
            language.choose("wstrzymane: aplikacja klienta nie działa", "on hold: the customer's app does not work")
        }
        ConnectionState::Disconnected => language.choose("odłączone", "disconnected"),
    }
}

pub(super) fn consent_name(state: ConsentState, language: Language) -> &'static str {
    match state {
        ConsentState::Granted => language.choose("udzielona", "granted"),
        ConsentState::Reported => language.choose(
            "udzielona według przeglądarki, niepotwierdzona logowaniem",
            "granted according to the browser, not confirmed by a sign-in",
        ),
        ConsentState::Declined => language.choose("odmówiono", "declined"),
        ConsentState::Unknown => language.choose("nie wiadomo", "unknown"),
    }
}

pub(super) fn credential_name(kind: CredentialKind, language: Language) -> &'static str {
    match kind {
        CredentialKind::ClientSecret => language.choose("klucz tajny klienta", "client secret"),
        CredentialKind::Certificate => language.choose("certyfikat", "certificate"),
        CredentialKind::Federated => language.choose("bez klucza tajnego", "without a secret"),
    }
}
