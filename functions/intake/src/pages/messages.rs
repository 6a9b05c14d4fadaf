//! Texts of the pages. Places in the portal have the portal's own names in each language. Some texts contain HTML tags.

use shared::messages;

messages! {
    /// Above the guide and the form.
    pub(super) IntroMessages {
        title: "Połącz Microsoft Teams", "Connect Microsoft Teams";
        customer: "Konfiguracja dla klienta", "Set-up for";
        heading: "Połącz Microsoft Teams z systemem rekrutacyjnym", "Connect Microsoft Teams to your recruiting system";
        lead: "Zarejestruj aplikację swojej firmy w Microsoft Entra ID i wklej tu trzy wartości. Od razu sprawdzimy je w Microsoft i wskażemy, co poprawić.",
            "Register your company's own app in Microsoft Entra ID and paste three values here. We check them with Microsoft right away and tell you exactly what to fix.";
        renewal_title: "Odnów klucz tajny", "Renew the client secret";
        renewal_heading: "Odnów klucz tajny aplikacji Teams", "Renew the client secret of your Teams app";
        renewal_lead: "Potrzebny jest tylko nowy klucz tajny; pozostałe wartości są już wpisane. Od razu sprawdzimy go w Microsoft. Do tego czasu działa dotychczasowy, a rekruterzy pozostają zalogowani.",
            "You only need a new client secret; the other values are filled in. We check it with Microsoft right away. The current one works until then, and recruiters stay signed in.";
        certificate_title: "Odnów certyfikat", "Renew the certificate";
        certificate_heading: "Odnów certyfikat aplikacji Teams", "Renew the certificate of your Teams app";
        certificate_lead: "Potrzebny jest tylko nowy certyfikat; pozostałe wartości są już wpisane. Dopóki nie sprawdzimy nowego, działa dotychczasowy, a rekruterzy pozostają zalogowani.",
            "You only need a new certificate; the other values are filled in. The current one works until we have checked the new one, and recruiters stay signed in.";
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
        lead: "Każdy z tych plików wykonuje za Ciebie kroki 1–4, z właściwym adresem przekierowania i uprawnieniami, a na końcu wypisuje trzy wartości do wklejenia. Niczego do nas nie wysyła.",
            "Each of these files does steps 1–4 for you, with the right redirect URI and permissions, and prints the three values to paste. It sends nothing to us.";
        download: "Pobierz", "Download";
        how: "Jak uruchomić", "How to run it";
        bash: "Otwórz <a href=\"https://shell.azure.com\" rel=\"noreferrer noopener\" target=\"_blank\">Azure Cloud Shell</a> (Bash), prześlij plik i wpisz:",
            "Open <a href=\"https://shell.azure.com\" rel=\"noreferrer noopener\" target=\"_blank\">Azure Cloud Shell</a> (Bash), upload the file and type:";
        powershell: "W PowerShell 7 lub Windows PowerShell 5.1 z modułem Microsoft.Graph:", "In PowerShell 7 or Windows PowerShell 5.1, with the module Microsoft.Graph:";
        terraform: "W pustym folderze. Plik stanu Terraform będzie zawierał klucz tajny, więc przechowuj go w bezpiecznym miejscu:", "In an empty folder. Terraform's state file will contain the secret, so keep it in a safe place:";
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

        from_the_beginning: "Cała instrukcja: nowa aplikacja", "The whole guide: a new app";

        register: "Zarejestruj aplikację", "Register the app";
        register_short: "Rejestracja", "Register";
        register_open: "Otwórz centrum administracyjne Microsoft Entra", "Open the Microsoft Entra admin center";
        app_registrations: "Rejestracje aplikacji", "App registrations";
        new_registration: "Nowa rejestracja", "New registration";
        register_name: "<b>Nazwa</b>: dowolna, na przykład <code>Teams Connect</code>.", "<b>Name</b>: any name, for example <code>Teams Connect</code>.";
        register_accounts: "<b>Obsługiwane typy kont</b>: <b>Konta tylko w tym katalogu organizacyjnym</b> (pojedyncza dzierżawa).",
            "<b>Supported account types</b>: <b>Accounts in this organizational directory only</b> (single tenant).";
        register_redirect: "<b>Identyfikator URI przekierowania</b>: platforma <b>Sieć Web</b> (gdzie indziej w portalu: <b>Internet</b>) i dokładnie ten adres:",
            "<b>Redirect URI</b>: platform <b>Web</b> and exactly this address:";
        register_done: "Kliknij <b>Zarejestruj</b>.", "Click <b>Register</b>.";

        ids: "Skopiuj dwa identyfikatory", "Copy the two IDs";
        ids_short: "Identyfikatory", "IDs";
        ids_where: "Portal pokaże stronę <b>Przegląd</b> nowej aplikacji. Skopiuj z niej dwie wartości i wklej je do formularza jako <b>A</b> i <b>B</b>.",
            "The portal shows the <b>Overview</b> page of the new app. Copy two values from it and paste them into the form as <b>A</b> and <b>B</b>.";
        ids_not: "Wartość między nimi, <b>Identyfikator obiektu</b>, nie jest potrzebna.", "The value between them, <b>Object ID</b>, is not needed.";
        overview: "Przegląd", "Overview";
        object_id: "Identyfikator obiektu", "Object ID";

        permissions: "Dodaj uprawnienia i zgodę", "Add permissions and consent";
        permissions_short: "Uprawnienia", "Permissions";
        api_permissions: "Uprawnienia interfejsu API", "API permissions";
        add_permission: "Dodaj uprawnienie", "Add a permission";
        permissions_kind: "<b>Microsoft Graph</b> → <b>Uprawnienia delegowane</b>. Zaznacz:", "<b>Microsoft Graph</b> → <b>Delegated permissions</b>. Tick:";
        permissions_meetings: "tworzenie i zmienianie spotkań osoby, która się zalogowała", "creating and changing meetings of the person who signed in";
        permissions_user: "jej imię, nazwisko i adres; portal dodaje to uprawnienie automatycznie", "that person's name and address; the portal adds this permission automatically";
        permissions_openid: "grupa <b>Uprawnienia OpenId</b>: jedno logowanie zamiast wielu", "group <b>OpenId permissions</b>: one sign-in instead of many";
        permissions_add: "Kliknij <b>Dodaj uprawnienia</b>, a potem <b>Wyrażam zgodę administratora dla katalogu…</b> i <b>Tak</b>. W kolumnie <b>Stan</b> pojawią się zielone znaczniki.",
            "Click <b>Add permissions</b>, then <b>Grant admin consent for…</b> and <b>Yes</b>. Green check marks appear in the column <b>Status</b>.";
        grant_consent: "Wyrażam zgodę administratora", "Grant admin consent";
        granted: "Udzielono", "Granted";
        permission: "Uprawnienie", "Permission";
        status: "Stan", "Status";

        secret: "Utwórz klucz tajny", "Create a client secret";
        secret_short: "Klucz tajny", "Secret";
        certificates: "Certyfikaty i klucze tajne", "Certificates &amp; secrets";
        new_secret: "Nowy klucz tajny klienta", "New client secret";
        secret_lifetime: "W polu <b>Wygasa</b> wybierz okres i kliknij <b>Dodaj</b>. Datę wygaśnięcia wpisz też w formularzu.",
            "Under <b>Expires</b> choose a period and click <b>Add</b>. Enter the expiry date in the form as well.";
        secret_value: "Od razu skopiuj zawartość kolumny <b>Wartość</b> i wklej ją do formularza jako <b>C</b>. Portal pokazuje ją tylko raz.",
            "Copy the column <b>Value</b> right away and paste it into the form as <b>C</b>. The portal shows it only once.";
        secret_not: "<b>Identyfikator klucza tajnego</b> to co innego: nie zadziała.", "The <b>Secret ID</b> is something else and will not work.";
        new_certificate: "Utwórz nowy certyfikat", "Create a new certificate";
        or_secret: "Klucz tajny zamiast certyfikatu", "Use a client secret instead of a certificate";
        certificate: "Certyfikat zamiast klucza tajnego", "Use a certificate instead of a secret";
        certificate_why: "Klucz prywatny generujemy i przechowujemy po naszej stronie, a w portalu rejestrujesz tylko certyfikat. Nie trzeba kopiować niczego tajnego, a certyfikat jest ważny dwa lata.",
            "The private key is created here and stays here; in the portal you register only its certificate. There is nothing secret to copy, and the certificate is valid for two years.";
        certificate_make: "Utwórz certyfikat", "Create a certificate";
        certificate_download: "Pobierz certyfikat", "Download the certificate";
        certificates_tab: "Certyfikaty", "Certificates";
        certificate_upload: "Przekaż certyfikat", "Upload certificate";
        certificate_add: "Wybierz pobrany plik i kliknij <b>Dodaj</b>.", "Choose the downloaded file and click <b>Add</b>.";
        certificate_compare: "Porównaj kolumnę <b>Odcisk palca</b>:", "Compare the column <b>Thumbprint</b>:";
        certificate_choose: "W formularzu pozostaw wybrany certyfikat i wyślij formularz.", "In the form leave the certificate selected, and submit the form.";
        description: "Opis", "Description";
        expires: "Wygasa", "Expires";
        value: "Wartość", "Value";
        secret_id: "Identyfikator", "Secret ID";
    }
}

messages! {
    /// Captions and descriptions of the drawings.
    pub(super) DrawingMessages {
        register: "Szkic: strona Zarejestruj aplikację", "Sketch: the page Register an application";
        register_description: "Zaznaczono pierwszą opcję typów kont oraz pole adresu przekierowania z platformą Sieć Web.",
            "The first account type is selected, and the redirect URI field with the platform Web is highlighted.";
        name: "Nazwa", "Name";
        account_types: "Obsługiwane typy kont", "Supported account types";
        single_tenant: "Konta tylko w tym katalogu", "Accounts in this directory only";
        multi_tenant: "Konta w dowolnym katalogu", "Accounts in any directory";
        redirect_uri: "Identyfikator URI przekierowania", "Redirect URI";
        web: "Sieć Web", "Web";
        register_button: "Zarejestruj", "Register";

        overview: "Szkic: strona Przegląd", "Sketch: the Overview page";
        overview_description: "Od góry: identyfikator aplikacji, oznaczony literą A; identyfikator obiektu, przekreślony; identyfikator katalogu, oznaczony literą B.",
            "From the top: the application ID, marked A; the object ID, crossed out; the directory ID, marked B.";

        permissions: "Szkic: lista uprawnień", "Sketch: the list of permissions";
        permissions_description: "Nad listą jest przycisk zgody administratora, a przy każdym uprawnieniu zielony znacznik w kolumnie Stan.",
            "The button for admin consent is above the list, and each permission has a green check mark in the column Status.";

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
        problems_heading: "Niczego nie zapisano – popraw dane i wyślij formularz ponownie", "Nothing was saved – correct this and submit the form again";
        correlation_id: "Identyfikator korelacji", "Correlation ID";
        swap: "Zamień A i B", "Swap A and B";
        tenant: "Identyfikator katalogu (dzierżawy)", "Directory (tenant) ID";
        tenant_hint: "albo domena, np. firma.onmicrosoft.com", "or a domain, such as company.onmicrosoft.com";
        client_id: "Identyfikator aplikacji (klienta)", "Application (client) ID";
        kind: "Sposób uwierzytelniania aplikacji", "Authentication method";
        kind_certificate: "Certyfikat z tej strony", "Certificate from this page";
        kind_until: "ważny do", "valid until";
        kind_secret: "Klucz tajny klienta", "Client secret";
        client_secret: "Klucz tajny klienta: Wartość", "Client secret: Value";
        client_secret_hint: "wklej go ponownie przy każdej próbie; nie odsyłamy go", "paste it again for each attempt; we never send it back";
        show: "Pokaż", "Show";
        hide: "Ukryj", "Hide";
        expires_on: "Wygasa", "Expires";
        expires_on_hint: "zalecane; kolumna „Wygasa” w portalu", "recommended; column “Expires” in the portal";
        lifetimes: "Okresy ważności z portalu, licząc od dziś", "The portal's validity periods, counted from today";
        submit: "Sprawdź i zapisz", "Check and save";
        checking: "Sprawdzamy w Microsoft…", "Checking with Microsoft…";
        promise: "Klucz tajny jest przechowywany w postaci zaszyfrowanej. Nie pokazuje go żadna strona ani żadna odpowiedź tego systemu.",
            "The secret is stored encrypted. No page and no response of this system ever shows it.";
    }
}

messages! {
    /// How things stand.
    pub(super) StatusMessages {
        credential_good: "Microsoft przyjmuje dane aplikacji.", "Microsoft accepts the app's credentials.";
        credential_open: "Microsoft nie potwierdził jeszcze danych aplikacji.", "Microsoft has not confirmed the app's credentials yet.";
        credential_bad: "Microsoft nie przyjmuje danych aplikacji.", "Microsoft does not accept the app's credentials.";
        consent_granted: "Zgoda administratora jest udzielona.", "Admin consent is granted.";
        consent_reported: "Administrator udzielił zgody. Potwierdzi ją pierwsze logowanie.", "An administrator granted consent. The first sign-in will confirm it.";
        consent_declined: "Administrator odmówił zgody.", "An administrator declined to grant consent.";
        consent_unknown: "Nie wiadomo jeszcze o zgodzie administratora.", "Nothing is known of admin consent yet.";
        test_none: "Nikt jeszcze nie przetestował logowania.", "Nobody has tested a sign-in yet.";
        test_good: "Test logowania się powiódł.", "The sign-in test passed.";
        test_bad: "Test logowania się nie powiódł.", "The sign-in test failed.";
        expiry: "Termin ważności wymaga uwagi.", "The expiry date needs attention.";
    }
}

messages! {
    /// The receipt.
    pub(super) ReceiptMessages {
        title: "Dane są poprawne", "The credentials work";
        heading: "Sprawdzono i zapisano", "Checked and saved";
        lead: "Zostały jeszcze dwa krótkie kroki.", "Two short steps are left.";
        unchecked_title: "Dane zapisane, jeszcze niesprawdzone", "Saved, not checked yet";
        unchecked_heading: "Zapisano, ale jeszcze nie sprawdzono", "Saved, but not checked yet";
        unchecked_lead: "Microsoft nie potwierdził teraz tych danych. Sprawdzimy je automatycznie w ciągu doby. Możesz to też sprawdzić od razu testem logowania poniżej.",
            "Microsoft has not confirmed these values now. They are checked automatically within a day. The sign-in test below shows sooner whether they work.";
        consent_heading: "Udziel zgody w imieniu organizacji", "Grant consent on behalf of your organization";
        consent_why: "Bez tej zgody rekruterzy zwykle nie mogą się zalogować. Jeśli udzielono jej już w portalu albo skryptem, pomiń ten krok.",
            "Without this consent, recruiters usually cannot sign in. If it was already granted in the portal or by the script, skip this step.";
        consent: "Udziel zgody administratora", "Grant admin consent";
        test_heading: "Przetestuj logowanie", "Test a sign-in";
        test_why: "Zaloguj się na konto rekrutera albo konto usługowe, które ma tworzyć spotkania. To tylko test: konto nie zostanie połączone i nic o nim nie zostanie zapisane.",
            "Sign in as a recruiter or as the service account that will create the meetings. It is only a test: it connects nobody and stores nothing about the account.";
        test: "Przetestuj logowanie", "Test a sign-in";
        test_meeting: "Przetestuj logowanie i spotkanie", "Test a sign-in and a meeting";
        then_heading: "Gotowe", "Done";
        then: "Rekruterzy dostaną link do połączenia konta i zalogują się raz swoim kontem służbowym. Możesz zamknąć tę stronę: dopóki link jest ważny, pokazuje ten sam stan i te same kroki.",
            "Recruiters get a link and sign in once with their work account. You can close this page: until the link expires, it shows this status and these steps.";
        back: "Wróć do systemu rekrutacyjnego", "Back to the recruiting system";
        status_heading: "Stan konfiguracji", "Status";
        complete_heading: "Wszystko gotowe", "Everything is ready";
        complete_lead: "Rekruterzy mogą łączyć swoje konta.", "Recruiters can connect their accounts.";
        blocked_heading: "Aplikacja nie działa", "The app does not work";
        blocked_lead: "Rekruterzy nie mogą teraz pracować. Poniżej widać, co poprawić. Nowe dane przyjmie nowy link.", "Recruiters cannot work now. See below what to fix. A new link takes new values.";
        new_tab: "(nowa karta)", "(new tab)";
        refresh: "Odśwież stan", "Refresh the status";
        what_a_code_means: "Co to znaczy?", "What does it mean?";
        stored_heading: "Co jest zapisane", "What is stored";
        customer: "Klient", "Customer";
        tenant: "Katalog (dzierżawa)", "Directory (tenant)";
        client_id: "Aplikacja (klient)", "Application (client)";
        secret: "Klucz tajny", "Secret";
        fingerprint: "Odcisk SHA-256 klucza", "SHA-256 fingerprint of the secret";
        thumbprint: "Certyfikat: odcisk palca", "Certificate: thumbprint";
        expires_on: "Wygasa", "Expires";
        expiry_unknown: "nie podano", "not given";
        never_expires: "nigdy", "never";
        correlation_id: "Identyfikator korelacji", "Correlation ID";
        secret_storage: "Klucz tajny jest przechowywany w postaci zaszyfrowanej i służy wyłącznie do logowania w Microsoft. Żadna strona go nie pokazuje: widać tylko trzy pierwsze znaki i odcisk.",
            "The secret is stored encrypted and used only for signing in at Microsoft. No page shows it: only its first three characters and its fingerprint can be seen.";
        private_key_storage: "Klucz prywatny certyfikatu powstał u nas, jest przechowywany w postaci zaszyfrowanej i służy wyłącznie do logowania w Microsoft. Nie można go pobrać i żadna strona go nie pokazuje.",
            "The certificate's private key was created here, is stored encrypted and is used only for signing in at Microsoft. It cannot be downloaded, and no page shows it.";
        stored_until: "Pozostaje zapisany, dopóki nie zastąpi go nowy albo dostawca systemu rekrutacyjnego nie usunie tej konfiguracji. W każdej chwili możesz go unieważnić w portalu: Certyfikaty i klucze tajne.",
            "It stays stored until a new one replaces it or the vendor of the recruiting system removes this configuration. You can revoke it at any time in the portal: Certificates &amp; secrets.";
    }
}
