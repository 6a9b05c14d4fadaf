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
        lead: "Microsoft zatrzymał logowanie i nie odesłał przeglądarki z powrotem, więc system rekrutacyjny o tym nie wie. Na stronie Microsoft stoi jednak numer, zaraz po literach AADSTS. Wpisz go tutaj: powiemy, co się stało, kto musi działać i co zrobić.",
            "Microsoft stopped the sign-in and did not send your browser back, so the recruiting system does not know of it. But there is a number on Microsoft's page, right after the letters AADSTS. Enter it here, and you are told what happened, who must act, and what to do.";
        field: "Numer błędu", "Number of the error";
        field_hint: "np. AADSTS50011; można też wkleić całą treść strony Microsoft", "such as AADSTS50011; all the text of Microsoft's page may be pasted too";
        submit: "Wyjaśnij", "Explain it";
        another: "Inny numer", "Another number";

        unreadable: "Nie widać tu numeru błędu.", "There is no number of an error in this.";
        unreadable_hint: "Szukaj na stronie Microsoft liter AADSTS i pięciu do siedmiu cyfr po nich.", "Look on Microsoft's page for the letters AADSTS and the five to seven digits after them.";
        unknown: "Tego numeru nie znamy.", "This number is not known here.";
        unknown_hint: "Nie zgadujemy, co oznacza. Wyślij poniższą wiadomość administratorowi Microsoft w swojej firmie albo dostawcy systemu rekrutacyjnego. Identyfikator i czas stoją na stronie Microsoft, zwykle pod numerem.",
            "What it means is not guessed. Send the message below to your company's Microsoft administrator, or to the vendor of the recruiting system. The ID and the time stand on Microsoft's page, below the number as a rule.";
        who: "Kto musi działać", "Who must act";
        nobody_knows_who: "nie wiadomo", "not known";
        remedy: "Co zrobić", "What to do";
        at_microsoft: "Co o tym numerze pisze Microsoft", "What Microsoft says about this number";
        new_tab: "(w nowej karcie)", "(in a new tab)";

        redirect_uri: "Identyfikator URI przekierowania do skopiowania", "Redirect URI to copy";
        place: "Otwórz w centrum administracyjnym Entra:", "Open in the Entra admin center:";
        client_id: "Identyfikator aplikacji (klienta)", "Application (client) ID";
        tenant: "Identyfikator katalogu (dzierżawy)", "Directory (tenant) ID";

        forward: "Wiadomość do przekazania", "Message to forward";
        forward_hint: "Zaznacz i skopiuj albo otwórz w swoim programie pocztowym.", "Select and copy it, or open it in your mail program.";
        mail: "Otwórz jako e-mail", "Open as an e-mail";

        numbers: "Numery, które znamy", "Numbers that are known here";
        all_numbers: "Wszystkie numery", "All numbers";

        again: "Zaloguj ponownie", "Sign in again";
        again_when: "Gdy już wiadomo, co zrobić, albo gdy administrator to poprawił:", "When you know what to do, or the administrator has mended it:";
        link_does_not_work: "Ten link do logowania nie działa. Poproś w systemie rekrutacyjnym o nowy.", "This sign-in link does not work. Ask for a new one in the recruiting system.";
    }
}

messages! {
    /// Texts of the message to forward.
    pub(super) ForwardMessages {
        subject: "Logowanie Microsoft w systemie rekrutacyjnym:", "Microsoft sign-in of the recruiting system:";
        opening: "Logowanie kontem Microsoft w systemie rekrutacyjnym kończy się błędem", "Signing in to the recruiting system with a Microsoft account ends with the error";
        what: "Co jest nie tak", "What is wrong";
        remedy: "Co zrobić w centrum administracyjnym Microsoft Entra", "What to do in the Microsoft Entra admin center";
        redirect_uri: "Identyfikator URI przekierowania", "Redirect URI";
        client_id: "Identyfikator aplikacji (klienta)", "Application (client) ID";
        tenant: "Identyfikator katalogu (dzierżawy)", "Directory (tenant) ID";
        place: "Miejsce w portalu", "Place in the portal";
        correlation_id: "Identyfikator korelacji", "Correlation ID";
        time: "Czas", "Time";
        copy_it: "(przepisz ze strony Microsoft)", "(copy it from Microsoft's page)";
    }
}

/// Who must act, or may have to, in words for a recruiter.
pub(super) fn actor_names(kind: FindingKind, language: Language) -> String {
    let names = std::iter::once(kind.actor()).chain(kind.other_actor()).map(|actor| actor_name(actor, language));
    names.collect::<Vec<_>>().join(language.choose(", albo ", ", or "))
}

fn actor_name(actor: Actor, language: Language) -> &'static str {
    match actor {
        Actor::Ats => language.choose("dostawca systemu rekrutacyjnego", "the vendor of the recruiting system"),
        Actor::Recruiter => language.choose("Ty, bez pomocy administratora", "you, without an administrator"),
        Actor::CustomerAdmin => language
            .choose("administrator Microsoft Entra w Twojej firmie", "your company's Microsoft Entra administrator"),
        Actor::Operator => language.choose("operator tej usługi", "whoever runs this service"),
    }
}
