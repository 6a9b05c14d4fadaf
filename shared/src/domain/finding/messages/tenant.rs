//! Of the tenant.

use crate::domain::finding::kind::{FindingKind, Message};
use crate::domain::finding::messages::say;
use crate::types::language::Language;

pub(super) fn message(kind: FindingKind, language: Language) -> Message {
    match kind {
        FindingKind::TenantMissing => say(
            language,
            [
                "Brakuje identyfikatora katalogu (dzierżawy).",
                "Skopiuj „Identyfikator katalogu (dzierżawy)” ze strony Przegląd rejestracji aplikacji.",
            ],
            [
                "The directory (tenant) ID is missing.",
                "Copy “Directory (tenant) ID” from the Overview page of the app registration.",
            ],
        ),
        FindingKind::TenantIsEveryTenant => say(
            language,
            [
                "To słowo oznacza wszystkie dzierżawy, a nie Państwa dzierżawę.",
                "Wklej GUID „Identyfikator katalogu (dzierżawy)” ze strony Przegląd rejestracji aplikacji.",
            ],
            [
                "This stands for every tenant, not for yours.",
                "Paste the GUID “Directory (tenant) ID” from the Overview page of the app registration.",
            ],
        ),
        FindingKind::TenantIsUrl => say(
            language,
            [
                "To jest adres strony, a nie identyfikator katalogu.",
                "Wklej sam GUID „Identyfikator katalogu (dzierżawy)” albo domenę, np. firma.onmicrosoft.com.",
            ],
            [
                "This is a web address, not a directory ID.",
                "Paste only the GUID “Directory (tenant) ID”, or a domain such as company.onmicrosoft.com.",
            ],
        ),
        FindingKind::TenantIsEmail => say(
            language,
            [
                "To jest adres e-mail, a nie identyfikator katalogu.",
                "Wklej GUID „Identyfikator katalogu (dzierżawy)” albo samą domenę, bez nazwy użytkownika i znaku @.",
            ],
            [
                "This is an e-mail address, not a directory ID.",
                "Paste the GUID “Directory (tenant) ID”, or the domain alone, without the user name and the @.",
            ],
        ),
        FindingKind::TenantNotFound => say(
            language,
            [
                "Microsoft nie zna takiego katalogu.",
                "Porównaj wartość z polem „Identyfikator katalogu (dzierżawy)” na stronie Przegląd. Katalogi chmur \
                 krajowych (US Gov, Chiny) nie są obsługiwane pod tym adresem.",
            ],
            [
                "Microsoft knows no such directory.",
                "Compare the value with “Directory (tenant) ID” on the Overview page. Directories of national clouds \
                 (US Gov, China) are not served at this address.",
            ],
        ),
        FindingKind::TenantUnexpected => say(
            language,
            [
                "To nie jest katalog firmy, dla której utworzono ten link.",
                "Podaj katalog, do którego należy domena firmy, albo poproś o link dla innej domeny.",
            ],
            [
                "This is not the directory of the company that this link was made for.",
                "Give the directory that the company's domain belongs to, or ask for a link for another domain.",
            ],
        ),
        FindingKind::TenantDiffers => say(
            language,
            [
                "Ta firma korzysta już z innego katalogu.",
                "Link nie może zmienić katalogu. Poproś dostawcę systemu ATS, aby najpierw usunął obecną konfigurację.",
            ],
            [
                "This company works with another directory already.",
                "A link cannot change the directory. Ask the ATS vendor to remove the present configuration first.",
            ],
        ),
        _ => format_message(kind, language),
    }
}

fn format_message(kind: FindingKind, language: Language) -> Message {
    match kind {
        FindingKind::TenantIsPersonal => say(
            language,
            [
                "To katalog kont prywatnych, a nie firmy.",
                "Wklej GUID „Identyfikator katalogu (dzierżawy)” katalogu firmowego, w którym zarejestrowano aplikację.",
            ],
            [
                "This is the directory of personal accounts, not a company's.",
                "Paste the GUID “Directory (tenant) ID” of the company's directory, where the app is registered.",
            ],
        ),
        FindingKind::TenantIsShortName => say(
            language,
            [
                "To sama nazwa, a nie domena katalogu.",
                "Dopisz „.onmicrosoft.com” albo wklej GUID „Identyfikator katalogu (dzierżawy)” ze strony Przegląd.",
            ],
            [
                "This is a name alone, not a domain of the directory.",
                "Add “.onmicrosoft.com”, or paste the GUID “Directory (tenant) ID” from the Overview page.",
            ],
        ),
        FindingKind::TenantInChina => say(
            language,
            [
                "To katalog w chmurze Azure China (21Vianet).",
                "Microsoft Graph nie udostępnia tam spotkań online, więc tego katalogu nie da się połączyć. Podaj katalog w chmurze globalnej.",
            ],
            [
                "This directory is in Azure China (21Vianet).",
                "Microsoft Graph has no online meetings there, so it cannot be connected. Give a directory of the global cloud.",
            ],
        ),
        FindingKind::TenantInAnotherCloud => say(
            language,
            [
                "Ten katalog jest w innej chmurze firmy Microsoft niż ta, z którą łączy się system.",
                "Podaj katalog w tej samej chmurze albo poproś dostawcę systemu ATS o wdrożenie dla chmury Państwa katalogu.",
            ],
            [
                "This directory is in another of Microsoft's clouds than the one that is served here.",
                "Give a directory of the same cloud, or ask the ATS vendor for a deployment in the directory's own cloud.",
            ],
        ),
        FindingKind::TenantAndClientIdSwapped => say(
            language,
            [
                "Identyfikatory katalogu i aplikacji są zamienione miejscami.",
                "Zamień wartości: „Identyfikator katalogu (dzierżawy)” w pierwsze pole, „Identyfikator aplikacji (klienta)” w drugie.",
            ],
            [
                "The directory ID and the application ID are in each other's fields.",
                "Swap them: “Directory (tenant) ID” into the first field, “Application (client) ID” into the second.",
            ],
        ),
        _ => say(
            language,
            [
                "To nie jest ani GUID, ani domena.",
                "Wklej „Identyfikator katalogu (dzierżawy)” w postaci 8-4-4-4-12 znaków albo zweryfikowaną domenę, np. \
                 firma.onmicrosoft.com.",
            ],
            [
                "This is neither a GUID nor a domain.",
                "Paste “Directory (tenant) ID” in its form of 8-4-4-4-12 digits, or a verified domain such as \
                 company.onmicrosoft.com.",
            ],
        ),
    }
}
