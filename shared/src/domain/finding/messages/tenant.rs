//! Of the tenant.

use crate::domain::finding::kind::{FindingKind, Message};
use crate::types::text::Text;

pub(super) fn message(kind: FindingKind) -> Message<Text> {
    match kind {
        FindingKind::TenantMissing => Message {
            title: Text::new("Brakuje identyfikatora katalogu (dzierżawy).", "The directory (tenant) ID is missing."),
            remedy: Text::new(
                "Skopiuj „Identyfikator katalogu (dzierżawy)” ze strony Przegląd rejestracji aplikacji.",
                "Copy “Directory (tenant) ID” from the Overview page of the app registration.",
            ),
        },
        FindingKind::TenantIsEveryTenant => Message {
            title: Text::new(
                "To słowo oznacza wszystkie dzierżawy, a nie Państwa dzierżawę.",
                "This stands for every tenant, not for yours.",
            ),
            remedy: Text::new(
                "Wklej GUID „Identyfikator katalogu (dzierżawy)” ze strony Przegląd rejestracji aplikacji.",
                "Paste the GUID “Directory (tenant) ID” from the Overview page of the app registration.",
            ),
        },
        FindingKind::TenantIsUrl => Message {
            title: Text::new(
                "To jest adres strony, a nie identyfikator katalogu.",
                "This is a web address, not a directory ID.",
            ),
            remedy: Text::new(
                "Wklej sam GUID „Identyfikator katalogu (dzierżawy)” albo domenę, np. firma.onmicrosoft.com.",
                "Paste only the GUID “Directory (tenant) ID”, or a domain such as company.onmicrosoft.com.",
            ),
        },
        FindingKind::TenantIsEmail => Message {
            title: Text::new(
                "To jest adres e-mail, a nie identyfikator katalogu.",
                "This is an e-mail address, not a directory ID.",
            ),
            remedy: Text::new(
                "Wklej GUID „Identyfikator katalogu (dzierżawy)” albo samą domenę, bez nazwy użytkownika i znaku @.",
                "Paste the GUID “Directory (tenant) ID”, or the domain alone, without the user name and the @.",
            ),
        },
        FindingKind::TenantNotFound => Message {
            title: Text::new("Microsoft nie zna takiego katalogu.", "Microsoft knows no such directory."),
            remedy: Text::new(
                "Porównaj wartość z polem „Identyfikator katalogu (dzierżawy)” na stronie Przegląd. Katalogi chmur \
                 krajowych (US Gov, Chiny) nie są obsługiwane pod tym adresem.",
                "Compare the value with “Directory (tenant) ID” on the Overview page. Directories of national clouds \
                 (US Gov, China) are not served at this address.",
            ),
        },
        FindingKind::TenantUnexpected => Message {
            title: Text::new(
                "To nie jest katalog firmy, dla której utworzono ten link.",
                "This is not the directory of the company that this link was made for.",
            ),
            remedy: Text::new(
                "Podaj katalog, do którego należy domena firmy, albo poproś o link dla innej domeny.",
                "Give the directory that the company's domain belongs to, or ask for a link for another domain.",
            ),
        },
        FindingKind::TenantDiffers => Message {
            title: Text::new(
                "Ta firma korzysta już z innego katalogu.",
                "This company works with another directory already.",
            ),
            remedy: Text::new(
                "Link nie może zmienić katalogu. Poproś dostawcę systemu ATS, aby najpierw usunął obecną konfigurację.",
                "A link cannot change the directory. Ask the ATS vendor to remove the present configuration first.",
            ),
        },
        _ => format_message(kind),
    }
}

fn format_message(kind: FindingKind) -> Message<Text> {
    match kind {
        FindingKind::TenantIsPersonal => Message {
            title: Text::new(
                "To katalog kont prywatnych, a nie firmy.",
                "This is the directory of personal accounts, not a company's.",
            ),
            remedy: Text::new(
                "Wklej GUID „Identyfikator katalogu (dzierżawy)” katalogu firmowego, w którym zarejestrowano aplikację.",
                "Paste the GUID “Directory (tenant) ID” of the company's directory, where the app is registered.",
            ),
        },
        FindingKind::TenantIsShortName => Message {
            title: Text::new(
                "To sama nazwa, a nie domena katalogu.",
                "This is a name alone, not a domain of the directory.",
            ),
            remedy: Text::new(
                "Dopisz „.onmicrosoft.com” albo wklej GUID „Identyfikator katalogu (dzierżawy)” ze strony Przegląd.",
                "Add “.onmicrosoft.com”, or paste the GUID “Directory (tenant) ID” from the Overview page.",
            ),
        },
        FindingKind::TenantInChina => Message {
            title: Text::new(
                "To katalog w chmurze Azure China (21Vianet).",
                "This directory is in Azure China (21Vianet).",
            ),
            remedy: Text::new(
                "Microsoft Graph nie udostępnia tam spotkań online, więc tego katalogu nie da się połączyć. Podaj katalog w chmurze globalnej.",
                "Microsoft Graph has no online meetings there, so it cannot be connected. Give a directory of the global cloud.",
            ),
        },
        FindingKind::TenantInAnotherCloud => Message {
            title: Text::new(
                "Ten katalog jest w innej chmurze firmy Microsoft niż ta, z którą łączy się system.",
                "This directory is in another of Microsoft's clouds than the one that is served here.",
            ),
            remedy: Text::new(
                "Podaj katalog w tej samej chmurze albo poproś dostawcę systemu ATS o wdrożenie dla chmury Państwa katalogu.",
                "Give a directory of the same cloud, or ask the ATS vendor for a deployment in the directory's own cloud.",
            ),
        },
        FindingKind::TenantAndClientIdSwapped => Message {
            title: Text::new(
                "Identyfikatory katalogu i aplikacji są zamienione miejscami.",
                "The directory ID and the application ID are in each other's fields.",
            ),
            remedy: Text::new(
                "Zamień wartości: „Identyfikator katalogu (dzierżawy)” w pierwsze pole, „Identyfikator aplikacji (klienta)” w drugie.",
                "Swap them: “Directory (tenant) ID” into the first field, “Application (client) ID” into the second.",
            ),
        },
        _ => Message {
            title: Text::new("To nie jest ani GUID, ani domena.", "This is neither a GUID nor a domain."),
            remedy: Text::new(
                "Wklej „Identyfikator katalogu (dzierżawy)” w postaci 8-4-4-4-12 znaków albo zweryfikowaną domenę, np. \
                 firma.onmicrosoft.com.",
                "Paste “Directory (tenant) ID” in its form of 8-4-4-4-12 digits, or a verified domain such as \
                 company.onmicrosoft.com.",
            ),
        },
    }
}
