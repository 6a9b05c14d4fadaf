//! Messages about the tenant.

use crate::domain::finding::kind::Message;
use crate::types::text::Text;

pub(super) const TENANT_MISSING: Message<Text> = Message {
    title: Text::new("Brakuje identyfikatora katalogu (dzierżawy).", "The directory (tenant) ID is missing."),
    remedy: Text::new(
        "Skopiuj „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID) ze strony Przegląd (Overview) rejestracji aplikacji.",
        "Copy “Directory (tenant) ID” from the Overview page of the app registration.",
    ),
};

pub(super) const TENANT_MALFORMED: Message<Text> = Message {
    title: Text::new("To nie jest ani GUID, ani domena.", "This is neither a GUID nor a domain."),
    remedy: Text::new(
        "Wklej „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID) w postaci 8-4-4-4-12 znaków albo zweryfikowaną domenę, np. firma.onmicrosoft.com.",
        "Paste “Directory (tenant) ID” in its form of 8-4-4-4-12 digits, or a verified domain such as company.onmicrosoft.com.",
    ),
};

pub(super) const TENANT_IS_EVERY_TENANT: Message<Text> = Message {
    title: Text::new(
        "To słowo oznacza wszystkie dzierżawy, a nie Państwa dzierżawę.",
        "This stands for every tenant, not for yours.",
    ),
    remedy: Text::new(
        "Wklej GUID „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID) ze strony Przegląd (Overview) rejestracji aplikacji.",
        "Paste the GUID “Directory (tenant) ID” from the Overview page of the app registration.",
    ),
};

pub(super) const TENANT_IS_PERSONAL: Message<Text> = Message {
    title: Text::new(
        "To katalog kont prywatnych, a nie firmy.",
        "This is the directory of personal accounts, not a company's.",
    ),
    remedy: Text::new(
        "Wklej GUID „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID) katalogu firmowego, w którym zarejestrowano aplikację.",
        "Paste the GUID “Directory (tenant) ID” of the company's directory, where the app is registered.",
    ),
};

pub(super) const TENANT_IS_SHORT_NAME: Message<Text> = Message {
    title: Text::new("To sama nazwa, a nie domena katalogu.", "This is a name alone, not a domain of the directory."),
    remedy: Text::new(
        "Dopisz „.onmicrosoft.com” albo wklej GUID „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID) ze strony Przegląd (Overview).",
        "Add “.onmicrosoft.com”, or paste the GUID “Directory (tenant) ID” from the Overview page.",
    ),
};

pub(super) const TENANT_IS_URL: Message<Text> = Message {
    title: Text::new(
        "To jest adres strony, a nie identyfikator katalogu.",
        "This is a web address, not a directory ID.",
    ),
    remedy: Text::new(
        "Wklej sam GUID „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID) albo domenę, np. firma.onmicrosoft.com.",
        "Paste only the GUID “Directory (tenant) ID”, or a domain such as company.onmicrosoft.com.",
    ),
};

pub(super) const TENANT_IS_EMAIL: Message<Text> = Message {
    title: Text::new(
        "To jest adres e-mail, a nie identyfikator katalogu.",
        "This is an e-mail address, not a directory ID.",
    ),
    remedy: Text::new(
        "Wklej GUID „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID) albo samą domenę, bez nazwy użytkownika i znaku @.",
        "Paste the GUID “Directory (tenant) ID”, or the domain alone, without the user name and the @.",
    ),
};

pub(super) const TENANT_NOT_FOUND: Message<Text> = Message {
    title: Text::new("Microsoft nie zna takiego katalogu.", "Microsoft knows no such directory."),
    remedy: Text::new(
        "Porównaj wartość z polem „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID) na stronie Przegląd (Overview). Katalogi chmur krajowych (US Gov, Chiny) nie są obsługiwane pod tym adresem.",
        "Compare the value with “Directory (tenant) ID” on the Overview page. Directories of national clouds (US Gov, China) are not served at this address.",
    ),
};

pub(super) const TENANT_IN_CHINA: Message<Text> = Message {
    title: Text::new("To katalog w chmurze Azure China (21Vianet).", "This directory is in Azure China (21Vianet)."),
    remedy: Text::new(
        "Microsoft Graph nie udostępnia tam spotkań online, więc tego katalogu nie da się połączyć. Podaj katalog w chmurze globalnej.",
        "Microsoft Graph has no online meetings there, so it cannot be connected. Give a directory of the global cloud.",
    ),
};

pub(super) const TENANT_IN_ANOTHER_CLOUD: Message<Text> = Message {
    title: Text::new(
        "Ten katalog jest w innej chmurze firmy Microsoft niż ta, z którą łączy się system.",
        "This directory is in another of Microsoft's clouds than the one that is served here.",
    ),
    remedy: Text::new(
        "Podaj katalog w tej samej chmurze albo poproś dostawcę systemu ATS o wdrożenie dla chmury Państwa katalogu.",
        "Give a directory of the same cloud, or ask the ATS vendor for a deployment in the directory's own cloud.",
    ),
};

pub(super) const DIRECTORY_BLOCKED: Message<Text> = Message {
    title: Text::new("Microsoft zablokował ten katalog.", "Microsoft has blocked this directory."),
    remedy: Text::new(
        "Najczęściej dlatego, że nikt go długo nie używał. Zaloguj się do centrum administracyjnego Microsoft Entra (Microsoft Entra admin center) i poproś o ponowną aktywację albo zgłoś się do pomocy Microsoft. Zrób to od razu: po 20 dniach blokady Microsoft usuwa katalog.",
        "Mostly because nobody used it for long. Sign in to the Microsoft Entra admin center and ask for its reactivation, or turn to Microsoft's support. Do it at once: after 20 days of being blocked Microsoft deletes a directory.",
    ),
};

pub(super) const TENANT_ACCESS_RESTRICTED: Message<Text> = Message {
    title: Text::new(
        "Zasady firmy nie wpuszczają tego konta do katalogu.",
        "Rules of the company keep this account out of the directory.",
    ),
    remedy: Text::new(
        "Dopuść katalog w ograniczeniach dzierżawy (Tenant restrictions) na serwerze proxy albo w Tożsamości zewnętrzne (External Identities) → Ustawienia dostępu między dzierżawami (Cross-tenant access settings). Rekruter: użyj konta służbowego firmy, do której należy katalog.",
        "Allow the directory in the Tenant restrictions of the proxy, or under External Identities → Cross-tenant access settings. Recruiter: use a work account of the company that the directory belongs to.",
    ),
};

pub(super) const TENANT_AND_CLIENT_ID_SWAPPED: Message<Text> = Message {
    title: Text::new(
        "Identyfikatory katalogu i aplikacji są zamienione miejscami.",
        "The directory ID and the application ID are in each other's fields.",
    ),
    remedy: Text::new(
        "Zamień wartości: „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID) w pierwsze pole, „Identyfikator aplikacji (klienta)” (Application (client) ID) w drugie.",
        "Swap them: “Directory (tenant) ID” into the first field, “Application (client) ID” into the second.",
    ),
};

pub(super) const TENANT_UNEXPECTED: Message<Text> = Message {
    title: Text::new(
        "To nie jest katalog firmy, dla której utworzono ten link.",
        "This is not the directory of the company that this link was made for.",
    ),
    remedy: Text::new(
        "Podaj katalog, do którego należy domena firmy, albo poproś o link dla innej domeny.",
        "Give the directory that the company's domain belongs to, or ask for a link for another domain.",
    ),
};

pub(super) const TENANT_DIFFERS: Message<Text> = Message {
    title: Text::new("Ta firma korzysta już z innego katalogu.", "This company works with another directory already."),
    remedy: Text::new(
        "Link nie może zmienić katalogu. Poproś dostawcę systemu ATS, aby najpierw usunął obecną konfigurację.",
        "A link cannot change the directory. Ask the ATS vendor to remove the present configuration first.",
    ),
};
