//! Texts of the pages. Places in the portal have the portal's own names in each language. Some texts contain HTML tags.

use shared::messages;

messages! {
    /// Above the guide and the form.
    pub(super) IntroMessages {
        title: "Połącz Microsoft Teams", "Connect Microsoft Teams";
        customer: "Konfiguracja dla klienta", "Setup for";
        requested_by: "O konfigurację prosi", "Requested by";
        heading: "Połącz Microsoft Teams z systemem rekrutacyjnym", "Connect Microsoft Teams to your recruitment system";
        lead: "Zarejestruj aplikację swojej firmy w Microsoft Entra ID i wklej tu trzy wartości. Od razu sprawdzimy je w Microsoft i wskażemy, co poprawić.",
            "Register your company's own app in Microsoft Entra ID and paste three values here. We check them with Microsoft straight away and tell you exactly what needs fixing.";
        renewal_title: "Odnów klucz tajny", "Renew the client secret";
        renewal_heading: "Odnów klucz tajny aplikacji Teams", "Renew the client secret of your Teams app";
        renewal_lead: "Potrzebny jest tylko nowy klucz tajny; pozostałe wartości są już wpisane. Od razu sprawdzimy go w Microsoft. Do tego czasu działa dotychczasowy klucz, a rekruterzy pozostają zalogowani.",
            "You only need a new client secret; the other values are already filled in. We check it with Microsoft straight away. The current secret works until then, and recruiters stay signed in.";
        certificate_title: "Odnów certyfikat", "Renew the certificate";
        certificate_heading: "Odnów certyfikat aplikacji Teams", "Renew the certificate of your Teams app";
        certificate_lead: "Potrzebny jest tylko nowy certyfikat; pozostałe wartości są już wpisane. Dopóki go nie sprawdzimy, działa dotychczasowy, a rekruterzy pozostają zalogowani.",
            "You only need a new certificate; the other values are already filled in. The current certificate works until we have checked the new one, and recruiters stay signed in.";
        federated_title: "Zmień dane aplikacji", "Change the app's credentials";
        federated_heading: "Zmień dane aplikacji Teams", "Change the credentials of your Teams app";
        federated_lead: "Aplikacja działa bez klucza tajnego, więc niczego nie trzeba odnawiać. Możesz sprawdzić ją ponownie albo przejść na klucz tajny lub certyfikat. Do tego czasu nic się nie zmienia, a rekruterzy pozostają zalogowani.",
            "The app works without a secret, so nothing has to be renewed. You can check it again, or change to a secret or a certificate. Until then nothing changes, and recruiters stay signed in.";
        renewal_time: "około 1 minuty", "about 1 minute";
        time: "około 5 minut", "about 5 minutes";
        role: "rola <b>Administrator aplikacji w chmurze</b> lub wyższa", "role <b>Cloud Application Administrator</b> or higher";
        reach: "dostęp wyłącznie do spotkań osoby, która się zaloguje", "access only to the meetings of the person who signs in";
        language: "Język", "Language";
        skip: "Przejdź do formularza", "Skip to the form";
    }
}

messages! {
    /// The offer of set-up scripts.
    pub(super) ScriptOfferMessages {
        heading: "Wolisz skrypt?", "Prefer a script?";
        lead: "Każdy z tych plików wykona za Ciebie kroki 1–4: ustawi właściwy identyfikator URI przekierowania i uprawnienia, a na końcu wypisze trzy wartości do wklejenia. Niczego do nas nie wysyła.",
            "Each of these files does steps 1–4 for you, with the right redirect URI and permissions, and prints the three values to paste. Nothing is sent to us.";
        download: "Pobierz", "Download";
        how: "Jak uruchomić", "How to run it";
        bash: "Otwórz <a href=\"https://shell.azure.com\" rel=\"noreferrer noopener\" target=\"_blank\">Azure Cloud Shell</a> (Bash), prześlij plik i wpisz:",
            "Open <a href=\"https://shell.azure.com\" rel=\"noreferrer noopener\" target=\"_blank\">Azure Cloud Shell</a> (Bash), upload the file and type:";
        powershell: "W PowerShell 7 lub Windows PowerShell 5.1 z modułem Microsoft.Graph:", "In PowerShell 7 or Windows PowerShell 5.1, with the Microsoft.Graph module:";
        terraform: "W pustym folderze. Plik stanu Terraform będzie zawierał klucz tajny, więc przechowuj go w bezpiecznym miejscu:", "In an empty folder. Terraform's state file will contain the secret, so keep it somewhere safe:";
    }
}

messages! {
    /// The guide through the portal.
    pub(super) GuideMessages {
        steps: "Kroki", "Steps";
        own_app: "Otwórz w centrum administracyjnym Entra:", "Open in the Entra admin center:";
        new_tab: "(w nowej karcie)", "(in a new tab)";
        copy: "Kopiuj", "Copy";
        copied: "Skopiowano", "Copied";

        from_the_beginning: "Pełna instrukcja: rejestracja nowej aplikacji", "Full guide: registering a new app";

        register: "Zarejestruj aplikację", "Register the app";
        register_short: "Rejestracja", "Register";
        register_open: "Otwórz centrum administracyjne Microsoft Entra", "Open the Microsoft Entra admin center";
        app_registrations: "Rejestracje aplikacji", "App registrations";
        new_registration: "Nowa rejestracja", "New registration";
        register_path: "<b>Rejestracje aplikacji</b> (App registrations) → <b>Nowa rejestracja</b> (New registration)",
            "<b>App registrations</b> → <b>New registration</b>";
        register_name: "<b>Nazwa</b>: dowolna, na przykład", "<b>Name</b>: any name, for example";
        register_accounts: "<b>Obsługiwane typy kont</b> (Supported account types): <b>Konta tylko w tym katalogu organizacyjnym</b> (Accounts in this organizational directory only); w nowszym portalu <b>Single tenant only – …</b>",
            "<b>Supported account types</b>: <b>Accounts in this organizational directory only</b>; in the newer portal <b>Single tenant only – …</b>";
        register_redirect: "<b>Identyfikator URI przekierowania</b> (Redirect URI): platforma <b>Sieć Web</b> (Web; gdzie indziej w portalu: <b>Internet</b>) i dokładnie ten adres:",
            "<b>Redirect URI</b>: the <b>Web</b> platform and exactly this address:";
        register_done: "Kliknij <b>Zarejestruj</b> (Register).", "Click <b>Register</b>.";

        ids: "Skopiuj dwa identyfikatory", "Copy the two IDs";
        ids_short: "Identyfikatory", "IDs";
        ids_where: "Portal pokaże stronę <b>Przegląd</b> (Overview) nowej aplikacji. Skopiuj z niej dwie wartości i wklej je do pól <b>A</b> i <b>B</b> formularza.",
            "The portal shows the <b>Overview</b> page of the new app. Copy two values from it and paste them into fields <b>A</b> and <b>B</b> of the form.";
        ids_not: "Wartość między nimi, <b>Identyfikator obiektu</b> (Object ID), nie jest potrzebna.", "You do not need the value between them, <b>Object ID</b>.";
        overview: "Przegląd", "Overview";
        object_id: "Identyfikator obiektu", "Object ID";

        permissions: "Dodaj uprawnienia i udziel zgody", "Add permissions and grant consent";
        permissions_short: "Uprawnienia", "Permissions";
        api_permissions: "Uprawnienia interfejsu API", "API permissions";
        permissions_path: "<b>Uprawnienia interfejsu API</b> (API permissions) → <b>Dodaj uprawnienie</b> (Add a permission)",
            "<b>API permissions</b> → <b>Add a permission</b>";
        permissions_kind: "<b>Microsoft Graph</b> → <b>Uprawnienia delegowane</b> (Delegated permissions). Zaznacz:", "<b>Microsoft Graph</b> → <b>Delegated permissions</b>. Tick:";
        permissions_meetings: "tworzenie i zmienianie spotkań osoby, która się zalogowała", "create and change meetings of the person who signed in";
        permissions_user: "odczyt jej imienia, nazwiska i adresu e-mail; portal dodaje to uprawnienie automatycznie", "read that person's name and e-mail address; the portal adds this permission automatically";
        permissions_openid: "grupa <b>Uprawnienia OpenId</b> (OpenId permissions): dzięki nim wystarczy zalogować się raz", "in the group <b>OpenId permissions</b>: with these, signing in once is enough";
        permissions_add: "Kliknij <b>Dodaj uprawnienia</b> (Add permissions), a potem <b>Wyrażam zgodę administratora dla katalogu…</b> (Grant admin consent for…) i <b>Tak</b>. W kolumnie <b>Stan</b> (Status) pojawią się zielone znaczniki.",
            "Click <b>Add permissions</b>, then <b>Grant admin consent for…</b> and <b>Yes</b>. Green check marks appear in the <b>Status</b> column.";
        grant_consent: "Wyrażam zgodę administratora", "Grant admin consent";
        granted: "Udzielono", "Granted";
        permission: "Uprawnienie", "Permission";
        status: "Stan", "Status";

        secret: "Utwórz klucz tajny", "Create a client secret";
        secret_short: "Klucz tajny", "Secret";
        certificates: "Certyfikaty i klucze tajne", "Certificates &amp; secrets";
        new_secret: "Nowy klucz tajny klienta", "New client secret";
        secret_path: "<b>Certyfikaty i klucze tajne</b> (Certificates &amp; secrets) → <b>Nowy klucz tajny klienta</b> (New client secret)",
            "<b>Certificates &amp; secrets</b> → <b>New client secret</b>";
        secret_lifetime: "W polu <b>Wygasa</b> (Expires) wybierz okres i kliknij <b>Dodaj</b>. Datę wygaśnięcia wpisz też w formularzu.",
            "Under <b>Expires</b>, choose a period and click <b>Add</b>. Enter the expiry date in the form as well.";
        secret_value: "Od razu skopiuj zawartość kolumny <b>Wartość</b> (Value) i wklej ją do pola <b>C</b> formularza. Portal pokazuje ją tylko raz.",
            "Copy the value from the <b>Value</b> column straight away and paste it into field <b>C</b> of the form. The portal shows it only once.";
        secret_not: "<b>Identyfikator klucza tajnego</b> (Secret ID) to co innego i nie zadziała.", "The <b>Secret ID</b> is something else and will not work.";
        new_certificate: "Utwórz nowy certyfikat", "Create a new certificate";
        or_secret: "Klucz tajny zamiast certyfikatu", "Use a client secret instead of a certificate";
        certificate: "Certyfikat zamiast klucza tajnego", "Use a certificate instead of a secret";
        certificate_why: "Klucz prywatny powstaje po naszej stronie i nigdy jej nie opuszcza, a w portalu rejestrujesz tylko certyfikat. Nie trzeba kopiować niczego tajnego, a certyfikat jest ważny dwa lata.",
            "We create the private key, and it never leaves our system; in the portal you register only its certificate. There is no secret to copy, and the certificate is valid for two years.";
        certificate_make: "Utwórz certyfikat", "Create a certificate";
        certificate_download: "Pobierz certyfikat", "Download the certificate";
        certificate_path: "<b>Certyfikaty i klucze tajne</b> (Certificates &amp; secrets) → <b>Certyfikaty</b> (Certificates) → <b>Przekaż certyfikat</b> (Upload certificate)",
            "<b>Certificates &amp; secrets</b> → <b>Certificates</b> → <b>Upload certificate</b>";
        certificate_add: "Wybierz pobrany plik i kliknij <b>Dodaj</b> (Add).", "Choose the downloaded file and click <b>Add</b>.";
        certificate_compare: "Sprawdź, czy w kolumnie <b>Odcisk palca</b> (Thumbprint) jest ta sama wartość:", "Check that the <b>Thumbprint</b> column shows this value:";
        certificate_choose: "W formularzu pozostaw zaznaczony certyfikat i wyślij formularz.", "In the form, leave the certificate selected, then submit.";
        federation: "Bez klucza tajnego i certyfikatu: nic nie wygasa", "Without a secret or certificate: nothing expires";
        federation_why: "Aplikacja ufa podpisom naszego systemu (poświadczenie federacyjne). Nie trzeba kopiować niczego tajnego i niczego później odnawiać.",
            "The app trusts signatures of our system (a federated credential). There is no secret to copy, and nothing to renew later.";
        federation_make: "Pokaż wartości do wpisania", "Show the values to enter";
        federation_path: "<b>Certyfikaty i klucze tajne</b> (Certificates &amp; secrets) → <b>Poświadczenia federacyjne</b> (Federated credentials) → <b>Dodaj poświadczenie</b> (Add credential).",
            "<b>Certificates &amp; secrets</b> → <b>Federated credentials</b> → <b>Add credential</b>.";
        federation_scenario: "Scenariusz: <b>Inny wystawca</b> (Other issuer). Skopiuj dokładnie te trzy wartości:", "Scenario: <b>Other issuer</b>. Copy exactly these three values:";
        federation_issuer: "<b>Wystawca</b> (Issuer)", "<b>Issuer</b>";
        federation_subject: "<b>Identyfikator podmiotu</b> (Subject identifier)", "<b>Subject identifier</b>, type <b>Explicit subject identifier</b>";
        federation_audience: "<b>Odbiorcy</b> (Audience)", "<b>Audience</b>";
        federation_add: "<b>Nazwa</b> (Name) może być dowolna. Kliknij <b>Dodaj</b> (Add).", "The <b>Name</b> can be any. Click <b>Add</b>.";
        federation_choose: "W formularzu zaznacz „Bez klucza tajnego” i wyślij formularz.", "In the form, select “Without a secret”, then submit.";
        description: "Opis", "Description";
        expires: "Wygasa", "Expires";
        value: "Wartość", "Value";
        secret_id: "Identyfikator", "Secret ID";
    }
}

messages! {
    /// Captions and descriptions of the drawings.
    pub(super) DrawingMessages {
        register: "Szkic: strona „Zarejestruj aplikację”", "Sketch: the “Register an application” page";
        register_description: "Zaznaczono pierwszą opcję typów kont oraz pole identyfikatora URI przekierowania z platformą Sieć Web.",
            "The first account type and the redirect URI field with the Web platform are highlighted.";
        name: "Nazwa", "Name";
        account_types: "Obsługiwane typy kont", "Supported account types";
        single_tenant: "Konta tylko w tym katalogu", "Accounts in this directory only";
        multi_tenant: "Konta w dowolnym katalogu", "Accounts in any directory";
        redirect_uri: "Identyfikator URI przekierowania", "Redirect URI";
        web: "Sieć Web", "Web";
        register_button: "Zarejestruj", "Register";

        overview: "Szkic: strona „Przegląd”", "Sketch: the Overview page";
        overview_description: "Od góry: identyfikator aplikacji, oznaczony literą A; identyfikator obiektu, przekreślony; identyfikator katalogu, oznaczony literą B.",
            "From the top: the application ID, marked A; the object ID, crossed out; the directory ID, marked B.";

        permissions: "Szkic: lista uprawnień", "Sketch: the list of permissions";
        permissions_description: "Nad listą jest przycisk zgody administratora, a przy każdym uprawnieniu zielony znacznik w kolumnie Stan.",
            "The admin consent button is above the list, and each permission has a green check mark in the Status column.";

        secret: "Szkic: lista kluczy tajnych", "Sketch: the list of client secrets";
        secret_description: "W wierszu nowego klucza wartość jest oznaczona literą C, a identyfikator jest przekreślony.",
            "In the row of the new secret, the value is marked C and the secret ID is crossed out.";
    }
}

messages! {
    /// The form.
    pub(super) FormMessages {
        heading: "Wklej i sprawdź", "Paste and check";
        heading_short: "Sprawdzenie", "Check";
        problems_heading: "Niczego nie zapisano – popraw dane i wyślij formularz ponownie", "Nothing was saved – correct the values and submit the form again";
        correlation_id: "Identyfikator korelacji", "Correlation ID";
        swap: "Zamień A i B", "Swap A and B";
        tenant: "Identyfikator katalogu (dzierżawy)", "Directory (tenant) ID";
        tenant_hint: "albo domena, np. firma.onmicrosoft.com", "or a domain, such as company.onmicrosoft.com";
        client_id: "Identyfikator aplikacji (klienta)", "Application (client) ID";
        kind: "Sposób uwierzytelniania aplikacji", "Authentication method";
        kind_certificate: "Certyfikat z tej strony", "Certificate from this page";
        kind_until: "ważny do", "valid until";
        kind_federated: "Bez klucza tajnego", "Without a secret";
        kind_federated_hint: "poświadczenie federacyjne; nic nie wygasa", "federated credential; nothing expires";
        kind_secret: "Klucz tajny klienta", "Client secret";
        client_secret: "Klucz tajny klienta: Wartość", "Client secret: Value";
        client_secret_hint: "wklej go ponownie przy każdej próbie; formularz go nie zapamiętuje", "paste it again for each attempt; the form does not remember it";
        show: "Pokaż", "Show";
        hide: "Ukryj", "Hide";
        expires_on: "Wygasa", "Expires";
        expires_on_hint: "zalecane; kolumna „Wygasa” (Expires) w portalu", "recommended; the “Expires” column in the portal";
        contact: "Adres e-mail do kontaktu (opcjonalnie)", "Contact e-mail address (optional)";
        contact_hint: "przekażemy go systemowi rekrutacyjnemu, gdy administrator będzie miał coś do zrobienia, np. zanim wygaśnie klucz tajny lub certyfikat",
            "passed on to the recruitment system when the administrator must act, for example before the secret or certificate expires";
        contact_renewal: "Puste pole nie zmienia adresu podanego wcześniej.", "Leave it empty to keep the address given before.";
        lifetimes: "Okresy ważności z portalu, licząc od dziś", "The portal's validity periods, starting today";
        submit: "Sprawdź i zapisz", "Check and save";
        checking: "Sprawdzamy w Microsoft…", "Checking with Microsoft…";
        promise: "Klucz tajny jest przechowywany w postaci zaszyfrowanej. Nie pokazuje go żadna strona ani odpowiedź tego systemu.",
            "The secret is stored encrypted. No page or response of this system ever shows it.";
    }
}

messages! {
    /// How things stand.
    pub(super) StatusMessages {
        credential_good: "Microsoft przyjmuje dane aplikacji.", "Microsoft accepts the app's credentials.";
        credential_open: "Microsoft nie potwierdził jeszcze danych aplikacji.", "Microsoft has not yet confirmed the app's credentials.";
        credential_bad: "Microsoft nie przyjmuje danych aplikacji.", "Microsoft does not accept the app's credentials.";
        consent_granted: "Zgoda administratora została udzielona.", "Admin consent has been granted.";
        consent_reported: "Administrator udzielił zgody. Potwierdzi ją pierwsze logowanie.", "An administrator has granted consent. The first sign-in will confirm it.";
        consent_declined: "Administrator odmówił zgody.", "An administrator declined consent.";
        consent_unknown: "Nie wiadomo jeszcze, czy administrator udzielił zgody.", "We do not know yet whether an administrator has granted consent.";
        test_none: "Nikt jeszcze nie przetestował logowania.", "Nobody has tested sign-in yet.";
        test_good: "Test logowania powiódł się.", "The sign-in test passed.";
        test_bad: "Test logowania nie powiódł się.", "The sign-in test failed.";
        expiry: "Sprawdź termin ważności.", "Check the expiry date.";
    }
}

messages! {
    /// The receipt.
    pub(super) ReceiptMessages {
        title: "Dane są poprawne", "The credentials work";
        heading: "Sprawdzono i zapisano", "Checked and saved";
        lead: "Zostały jeszcze dwa krótkie kroki.", "Just two short steps left.";
        unchecked_title: "Dane zapisane, jeszcze niesprawdzone", "Saved, not checked yet";
        unchecked_heading: "Zapisano, ale jeszcze nie sprawdzono", "Saved, but not checked yet";
        unchecked_lead: "Microsoft jeszcze nie potwierdził tych danych. Sprawdzimy je automatycznie w ciągu doby. Możesz też sprawdzić je od razu poniższym testem logowania.",
            "Microsoft has not confirmed these values yet. We will check them automatically within a day. To check them now, use the sign-in test below.";
        consent_heading: "Udziel zgody w imieniu organizacji", "Grant consent on behalf of your organization";
        consent_why: "Bez tej zgody rekruterzy zwykle nie mogą się zalogować. Jeśli udzielono jej już w portalu lub za pomocą skryptu, pomiń ten krok.",
            "Without this consent, recruiters usually cannot sign in. If it has already been granted in the portal or by the script, skip this step.";
        consent: "Udziel zgody administratora", "Grant admin consent";
        test_heading: "Przetestuj logowanie", "Test sign-in";
        test_why: "Zaloguj się na konto rekrutera lub konto usługowe, które ma tworzyć spotkania. To tylko test: konto nie zostanie połączone i nie zapiszemy o nim żadnych danych.",
            "Sign in as a recruiter or with the service account that will create the meetings. This is only a test: the account is not connected, and nothing about it is stored.";
        test: "Przetestuj logowanie", "Test sign-in";
        test_meeting: "Przetestuj logowanie i spotkanie", "Test sign-in and a meeting";
        then_heading: "Gotowe", "Done";
        then: "Rekruterzy dostaną link do połączenia konta i zalogują się raz swoim kontem służbowym. Możesz zamknąć tę stronę: dopóki link jest ważny, znajdziesz pod nim stan konfiguracji i te kroki.",
            "Recruiters will get a link and sign in once with their work account. You can close this page: until the link expires, you can come back to this status and these steps.";
        back: "Wróć do systemu rekrutacyjnego", "Back to the recruitment system";
        status_heading: "Stan konfiguracji", "Setup status";
        complete_heading: "Wszystko gotowe", "Everything is ready";
        complete_lead: "Rekruterzy mogą łączyć swoje konta.", "Recruiters can connect their accounts.";
        blocked_heading: "Aplikacja nie działa", "The app does not work";
        blocked_lead: "Rekruterzy nie mogą teraz tworzyć spotkań. Poniżej podajemy, co poprawić. Aby przekazać nowe dane, poproś o nowy link.", "Recruiters cannot create meetings at the moment. See below what to fix. To submit new values, ask for a new link.";
        new_tab: "(w nowej karcie)", "(in a new tab)";
        refresh: "Odśwież stan", "Refresh status";
        what_a_code_means: "Co to znaczy?", "What does this mean?";
        stored_heading: "Co przechowujemy", "What we store";
        customer: "Klient", "Customer";
        requested_by: "O konfigurację prosi", "Setup requested by";
        tenant: "Katalog (dzierżawa)", "Directory (tenant)";
        client_id: "Aplikacja (klient)", "Application (client)";
        secret: "Klucz tajny", "Client secret";
        fingerprint: "Odcisk SHA-256 klucza tajnego", "SHA-256 fingerprint of the secret";
        thumbprint: "Odcisk palca certyfikatu", "Certificate thumbprint";
        expires_on: "Wygasa", "Expires";
        expiry_unknown: "nie podano", "not given";
        never_expires: "nigdy", "never";
        federated_subject: "Identyfikator podmiotu poświadczenia federacyjnego", "Subject identifier of the federated credential";
        nothing_stored: "Nie przechowujemy niczego tajnego należącego do tej aplikacji: ufa ona podpisom naszego systemu. W każdej chwili możesz to cofnąć w portalu: Certyfikaty i klucze tajne (Certificates &amp; secrets) → Poświadczenia federacyjne (Federated credentials).",
            "We store nothing secret of this app: it trusts signatures of our system. You can end that at any time in the portal: Certificates &amp; secrets → Federated credentials.";
        correlation_id: "Identyfikator korelacji", "Correlation ID";
        secret_storage: "Klucz tajny jest przechowywany w postaci zaszyfrowanej i służy wyłącznie do uwierzytelniania aplikacji w Microsoft. Żadna strona nie pokazuje go w całości: widać tylko trzy pierwsze znaki i odcisk.",
            "The secret is stored encrypted and used only to authenticate the app with Microsoft. No page shows it in full: only its first three characters and its fingerprint are visible.";
        private_key_storage: "Klucz prywatny certyfikatu powstał po naszej stronie, jest przechowywany w postaci zaszyfrowanej i służy wyłącznie do uwierzytelniania aplikacji w Microsoft. Nie można go pobrać i nie pokazuje go żadna strona.",
            "We created the certificate's private key. It is stored encrypted and used only to authenticate the app with Microsoft. It cannot be downloaded, and no page shows it.";
        stored_until: "Przechowujemy go, dopóki nie zastąpi go nowy albo dostawca systemu rekrutacyjnego nie usunie tej konfiguracji. W każdej chwili możesz go unieważnić w portalu: Certyfikaty i klucze tajne (Certificates &amp; secrets).",
            "We keep it until a new one replaces it or the recruitment system vendor removes this configuration. You can revoke it at any time in the portal: Certificates &amp; secrets.";
    }
}
