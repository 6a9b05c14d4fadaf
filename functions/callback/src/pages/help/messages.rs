//! Texts of the help page.

use shared::domain::finding::{Actor, FindingKind};
use shared::messages;
use shared::types::language::Language;

messages! {
    /// Texts of the page.
    pub(super) HelpMessages {
        title: "Błąd na stronie logowania Microsoft", "An error on Microsoft's sign-in page";
        language: "Język", "Language";
        heading: "Microsoft pokazał błąd zamiast Cię zalogować?", "Did Microsoft show an error instead of signing you in?";
        lead: "Microsoft przerwał logowanie i nie odesłał przeglądarki z powrotem, więc system rekrutacyjny o tym nie wie. Na stronie Microsoft jest jednak numer, zaraz po literach AADSTS. Wpisz go tutaj, a wyjaśnimy, co się stało, kto powinien to naprawić i co zrobić.",
            "Microsoft stopped the sign-in and did not send your browser back, so the recruitment system does not know about it. Microsoft's page does show a number, right after the letters AADSTS. Enter it here to see what happened, who should fix it, and what to do.";
        field: "Numer błędu", "Error number";
        field_hint: "np. AADSTS50011; można też wkleić całą treść strony Microsoft", "such as AADSTS50011; you can also paste the full text of Microsoft's page";
        submit: "Wyjaśnij", "Explain";
        another: "Inny numer", "Another number";

        unreadable: "W tym tekście nie ma numeru błędu.", "There is no error number in this text.";
        unreadable_hint: "Znajdź na stronie Microsoft litery AADSTS, a po nich od pięciu do siedmiu cyfr.", "On Microsoft's page, look for the letters AADSTS followed by five to seven digits.";
        unknown: "Tego numeru nie znamy.", "We do not know this number.";
        unknown_hint: "Nie będziemy zgadywać, co oznacza. Wyślij poniższą wiadomość administratorowi Microsoft Entra w swojej firmie albo dostawcy systemu rekrutacyjnego. Identyfikator i czas są na stronie Microsoft, zwykle pod numerem.",
            "We will not guess what it means. Send the message below to your company's Microsoft Entra administrator or to the recruitment system vendor. The ID and the time are on Microsoft's page, usually below the number.";
        who: "Kto powinien to naprawić", "Who should fix it";
        nobody_knows_who: "nie wiadomo", "unknown";
        remedy: "Co zrobić", "What to do";
        at_microsoft: "Opis tego błędu na stronie Microsoft", "Microsoft's description of this error";
        new_tab: "(w nowej karcie)", "(in a new tab)";

        redirect_uri: "Identyfikator URI przekierowania do skopiowania", "Redirect URI to copy";
        place: "Otwórz w centrum administracyjnym Entra:", "Open in the Entra admin center:";
        client_id: "Identyfikator aplikacji (klienta)", "Application (client) ID";
        tenant: "Identyfikator katalogu (dzierżawy)", "Directory (tenant) ID";

        forward: "Wiadomość do przekazania", "Message to forward";
        forward_hint: "Skopiuj ją albo otwórz w programie pocztowym.", "Copy it, or open it in your mail program.";
        mail: "Otwórz jako e-mail", "Open as e-mail";

        numbers: "Znane numery", "Known numbers";
        all_numbers: "Wszystkie numery", "All numbers";

        again: "Zaloguj się ponownie", "Sign in again";
        again_when: "Gdy przyczyna błędu zostanie usunięta:", "Once the cause has been fixed:";
        link_does_not_work: "Ten link do połączenia konta nie działa. Poproś o nowy w systemie rekrutacyjnym.", "This link does not work. Ask for a new one in the recruitment system.";
    }
}

messages! {
    /// Texts of the message to forward.
    pub(super) ForwardMessages {
        subject: "Logowanie Microsoft do systemu rekrutacyjnego:", "Microsoft sign-in for the recruitment system:";
        opening: "Logowanie kontem Microsoft w systemie rekrutacyjnym kończy się błędem", "Signing in to the recruitment system with a Microsoft account fails with this error";
        what: "Przyczyna", "Cause";
        remedy: "Co zrobić w centrum administracyjnym Microsoft Entra", "What to do in the Microsoft Entra admin center";
        redirect_uri: "Identyfikator URI przekierowania", "Redirect URI";
        client_id: "Identyfikator aplikacji (klienta)", "Application (client) ID";
        tenant: "Identyfikator katalogu (dzierżawy)", "Directory (tenant) ID";
        place: "Miejsce w portalu", "Place in the portal";
        correlation_id: "Identyfikator korelacji", "Correlation ID";
        time: "Czas", "Time";
        copy_it: "(skopiuj ze strony Microsoft)", "(copy it from Microsoft's page)";
    }
}

/// Who must act, or may have to, in words for a recruiter.
pub(super) fn actor_names(kind: FindingKind, language: Language) -> String {
    let names = std::iter::once(kind.actor()).chain(kind.other_actor()).map(|actor| actor_name(actor, language));
    names.collect::<Vec<_>>().join(language.choose(" albo ", ", or "))
}

fn actor_name(actor: Actor, language: Language) -> &'static str {
    match actor {
        Actor::Ats => language.choose("dostawca systemu rekrutacyjnego", "the recruitment system vendor"),
        Actor::Recruiter => language.choose("Ty", "you"),
        Actor::CustomerAdmin => language
            .choose("administrator Microsoft Entra w Twojej firmie", "your company's Microsoft Entra administrator"),
        Actor::Operator => language.choose("operator tej usługi", "the operator of this service"),
    }
}
