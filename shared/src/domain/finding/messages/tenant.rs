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
    title: Text::new("To nie jest ani identyfikator (GUID), ani domena.", "This is neither a GUID nor a domain."),
    remedy: Text::new(
        "Wklej „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID) w postaci 8-4-4-4-12 znaków albo zweryfikowaną domenę, np. firma.onmicrosoft.com.",
        "Paste “Directory (tenant) ID” (8-4-4-4-12 characters) or a verified domain, such as company.onmicrosoft.com.",
    ),
};

pub(super) const TENANT_IS_EVERY_TENANT: Message<Text> = Message {
    title: Text::new(
        "To słowo oznacza wszystkie katalogi, a nie katalog Twojej firmy.",
        "This word stands for all directories, not your company's.",
    ),
    remedy: Text::new(
        "Wklej GUID „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID) ze strony Przegląd (Overview) rejestracji aplikacji.",
        "Paste the GUID “Directory (tenant) ID” from the Overview page of the app registration.",
    ),
};

pub(super) const TENANT_IS_PERSONAL: Message<Text> = Message {
    title: Text::new(
        "To katalog kont prywatnych, a nie firmowych.",
        "This is the directory for personal accounts, not a company directory.",
    ),
    remedy: Text::new(
        "Wklej „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID) firmy, w której zarejestrowano aplikację.",
        "Paste the “Directory (tenant) ID” of the company where the app is registered.",
    ),
};

pub(super) const TENANT_IS_SHORT_NAME: Message<Text> = Message {
    title: Text::new(
        "To tylko nazwa, a nie domena katalogu.",
        "This is only a name, not one of the directory's domains.",
    ),
    remedy: Text::new(
        "Dopisz „.onmicrosoft.com” albo wklej GUID „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID) ze strony Przegląd (Overview).",
        "Add “.onmicrosoft.com”, or paste the GUID “Directory (tenant) ID” from the Overview page.",
    ),
};

pub(super) const TENANT_IS_URL: Message<Text> = Message {
    title: Text::new("To adres strony, a nie identyfikator katalogu.", "This is a web address, not a directory ID."),
    remedy: Text::new(
        "Wklej sam GUID „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID) albo domenę, np. firma.onmicrosoft.com.",
        "Paste only the GUID “Directory (tenant) ID” or a domain, such as company.onmicrosoft.com.",
    ),
};

pub(super) const TENANT_IS_EMAIL: Message<Text> = Message {
    title: Text::new(
        "To adres e-mail, a nie identyfikator katalogu.",
        "This is an e-mail address, not a directory ID.",
    ),
    remedy: Text::new(
        "Wklej GUID „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID) albo samą domenę, bez nazwy użytkownika i znaku @.",
        "Paste the GUID “Directory (tenant) ID”, or the domain alone, without the user name and the @.",
    ),
};

pub(super) const TENANT_NOT_FOUND: Message<Text> = Message {
    title: Text::new("Microsoft nie zna takiego katalogu.", "Microsoft does not recognize this directory."),
    remedy: Text::new(
        "Porównaj wartość z polem „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID) na stronie Przegląd (Overview). Katalogi w chmurach krajowych (USA, Chiny) nie są tu obsługiwane.",
        "Compare the value with “Directory (tenant) ID” on the Overview page. Directories in national clouds (US Government, China) are not supported here.",
    ),
};

pub(super) const TENANT_IN_CHINA: Message<Text> = Message {
    title: Text::new(
        "Ten katalog jest w chmurze Azure China (21Vianet).",
        "This directory is in Azure China (21Vianet).",
    ),
    remedy: Text::new(
        "Microsoft Graph nie obsługuje tam spotkań online, więc tego katalogu nie można połączyć. Podaj katalog w chmurze globalnej.",
        "Microsoft Graph does not support online meetings there, so this directory cannot be connected. Enter a directory in the global cloud.",
    ),
};

pub(super) const TENANT_IS_FOR_CUSTOMERS: Message<Text> = Message {
    title: Text::new(
        "To katalog klientów firmy (Azure AD B2C lub Entra External ID), a nie pracowników.",
        "This is a directory for customers (Azure AD B2C or Entra External ID), not for employees.",
    ),
    remedy: Text::new(
        "W takim katalogu nie ma Microsoft Teams. Podaj katalog, w którym pracownicy logują się do Microsoft 365.",
        "Such a directory has no Microsoft Teams. Enter the directory in which your employees sign in to Microsoft 365.",
    ),
};

pub(super) const TENANT_IN_ANOTHER_CLOUD: Message<Text> = Message {
    title: Text::new(
        "Ten katalog jest w innej chmurze Microsoft niż ta, z którą łączy się system rekrutacyjny.",
        "This directory is in a different Microsoft cloud from the one the recruitment system connects to.",
    ),
    remedy: Text::new(
        "Podaj katalog w tej samej chmurze albo zapytaj dostawcę systemu rekrutacyjnego o wdrożenie w chmurze Twojego katalogu.",
        "Enter a directory in that cloud, or ask your recruitment system vendor about a deployment in your directory's cloud.",
    ),
};

pub(super) const DIRECTORY_BLOCKED: Message<Text> = Message {
    title: Text::new("Microsoft zablokował ten katalog.", "Microsoft has blocked this directory."),
    remedy: Text::new(
        "Najczęściej dlatego, że nikt go długo nie używał. Zaloguj się do centrum administracyjnego Microsoft Entra (Microsoft Entra admin center) i poproś o ponowną aktywację albo zgłoś się do pomocy Microsoft. Zrób to jak najszybciej: po 20 dniach blokady Microsoft usuwa katalog.",
        "Usually because nobody has used it for a long time. Sign in to the Microsoft Entra admin center and ask for it to be reactivated, or contact Microsoft support. Do this soon: Microsoft deletes a directory once it has been blocked for 20 days.",
    ),
};

pub(super) const TENANT_ACCESS_RESTRICTED: Message<Text> = Message {
    title: Text::new(
        "Zasady firmy nie pozwalają temu kontu na dostęp do katalogu.",
        "The company's policies do not allow this account to access the directory.",
    ),
    remedy: Text::new(
        "Dopuść katalog w ograniczeniach dzierżawy (Tenant restrictions) na serwerze proxy albo w Tożsamości zewnętrzne (External Identities) → Ustawienia dostępu między dzierżawami (Cross-tenant access settings). Rekruter: użyj konta służbowego firmy, do której należy katalog.",
        "Allow the directory in the Tenant restrictions of the proxy, or under External Identities → Cross-tenant access settings. Recruiter: use a work account of the company that the directory belongs to.",
    ),
};

pub(super) const TENANT_AND_CLIENT_ID_SWAPPED: Message<Text> = Message {
    title: Text::new(
        "Identyfikatory aplikacji i katalogu są zamienione miejscami.",
        "The application ID and the directory ID are swapped.",
    ),
    remedy: Text::new(
        "Zamień je: w polu A wpisz „Identyfikator aplikacji (klienta)” (Application (client) ID), a w polu B „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID).",
        "Swap them: “Application (client) ID” goes in field A, “Directory (tenant) ID” in field B.",
    ),
};

pub(super) const TENANT_UNEXPECTED: Message<Text> = Message {
    title: Text::new(
        "To nie jest katalog firmy, dla której utworzono ten link.",
        "This is not the directory of the company this link was created for.",
    ),
    remedy: Text::new(
        "Podaj katalog, do którego należy domena firmy, albo poproś o link dla innej domeny.",
        "Enter the directory that the company's domain belongs to, or ask for a link for another domain.",
    ),
};

pub(super) const TENANT_DIFFERS: Message<Text> = Message {
    title: Text::new("Ta firma korzysta już z innego katalogu.", "This company already uses another directory."),
    remedy: Text::new(
        "Tym linkiem nie można zmienić katalogu. Poproś dostawcę systemu rekrutacyjnego, aby najpierw usunął obecną konfigurację.",
        "This link cannot change the directory. Ask your recruitment system vendor to remove the current configuration first.",
    ),
};
