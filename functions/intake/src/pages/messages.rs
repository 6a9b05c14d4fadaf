//! Texts of the pages. Places in the portal have the portal's own names in each language. Some texts contain HTML tags.

use shared::messages;

messages! {
    /// Above the guide and the form.
    pub(super) IntroMessages {
        title: "Połącz Microsoft Teams", "Connect Microsoft Teams";
        customer: "Konfiguracja dla klienta", "Set-up for";
        heading: "Połącz Microsoft Teams z systemem rekrutacyjnym", "Connect Microsoft Teams to your recruiting system";
        lead: "Rejestrujesz w Microsoft Entra ID własną aplikację firmy i wklejasz tutaj trzy wartości. Sprawdzamy je u Microsoft od razu i mówimy dokładnie, co poprawić.",
            "You register your company's own app in Microsoft Entra ID and paste three values here. They are checked with Microsoft on the spot, and you are told exactly what to mend.";
        renewal_title: "Odnów klucz tajny", "Renew the client secret";
        renewal_heading: "Odnów klucz tajny aplikacji Teams", "Renew the client secret of your Teams app";
        renewal_lead: "Potrzebny jest tylko nowy klucz tajny; pozostałe wartości są już wpisane. Sprawdzamy go u Microsoft od razu. Dotychczasowy działa do tej chwili, a rekruterzy pozostają zalogowani.",
            "All that is needed is a new client secret; the other values are filled in. It is checked with Microsoft on the spot. The present one works until then, and recruiters stay signed in.";
        certificate_title: "Odnów certyfikat", "Renew the certificate";
        certificate_heading: "Odnów certyfikat aplikacji Teams", "Renew the certificate of your Teams app";
        certificate_lead: "Potrzebny jest tylko nowy certyfikat; pozostałe wartości są już wpisane. Dotychczasowy działa, dopóki nie sprawdzimy nowego, a rekruterzy pozostają zalogowani.",
            "All that is needed is a new certificate; the other values are filled in. The present one works until the new one has been checked, and recruiters stay signed in.";
        renewal_time: "około 1 minuty", "about 1 minute";
        time: "około 5 minut", "about 5 minutes";
        role: "rola <b>Administrator aplikacji w chmurze</b> lub wyższa", "the role <b>Cloud Application Administrator</b>, or a higher one";
        reach: "dostęp wyłącznie do spotkań osoby, która się zaloguje", "access to meetings of whoever signs in, and nothing else";
        language: "Język", "Language";
    }
}

messages! {
    /// The offer of set-up scripts.
    pub(super) ScriptOfferMessages {
        heading: "Wolisz skrypt?", "Rather a script?";
        lead: "Każdy z tych plików robi kroki 1–4 za Ciebie, z Twoim adresem przekierowania i właściwymi uprawnieniami, i wypisuje trzy wartości do wklejenia. Nic nie wysyła do nas.",
            "Each of these files does steps 1–4 for you, with your redirect URI and the right permissions, and prints the three values to paste. It sends nothing to us.";
        download: "Pobierz", "Download";
        how: "Jak uruchomić", "How to run it";
        bash: "Otwórz <a href=\"https://shell.azure.com\" rel=\"noreferrer noopener\" target=\"_blank\">Azure Cloud Shell</a> (Bash), prześlij plik i wpisz:",
            "Open <a href=\"https://shell.azure.com\" rel=\"noreferrer noopener\" target=\"_blank\">Azure Cloud Shell</a> (Bash), upload the file and type:";
        powershell: "W PowerShell 7 lub Windows PowerShell 5.1, z modułem Microsoft.Graph:", "In PowerShell 7 or Windows PowerShell 5.1, with the module Microsoft.Graph:";
        terraform: "W pustym folderze; stan Terraform zawiera potem klucz tajny, więc trzymaj go w bezpiecznym miejscu:", "In an empty folder; Terraform's state then holds the secret, so keep it in a safe place:";
    }
}

messages! {
    /// The guide through the portal.
    pub(super) GuideMessages {
        steps: "Kroki", "Steps";
        own_app: "Otwórz w centrum administracyjnym Entra:", "Open in the Entra admin center:";
        new_tab: "(w nowej karcie)", "(in a new tab)";
        copy: "Kopiuj", "Copy";
        copied: "Skopiowano", "Copied";

        from_the_beginning: "Cała instrukcja od początku: nowa aplikacja", "The whole guide from the beginning: a new app";

        register: "Zarejestruj aplikację", "Register the app";
        register_short: "Rejestracja", "Register";
        register_open: "Otwórz centrum administracyjne Microsoft Entra", "Open the Microsoft Entra admin center";
        app_registrations: "Rejestracje aplikacji", "App registrations";
        new_registration: "Nowa rejestracja", "New registration";
        register_name: "<b>Nazwa</b>: dowolna, na przykład <code>Teams Connect</code>.", "<b>Name</b>: any you like, such as <code>Teams Connect</code>.";
        register_accounts: "<b>Obsługiwane typy kont</b>: <b>Konta tylko w tym katalogu organizacyjnym</b> (pojedyncza dzierżawa).",
            "<b>Supported account types</b>: <b>Accounts in this organizational directory only</b> (single tenant).";
        register_redirect: "<b>Identyfikator URI przekierowania</b>: platforma <b>Sieć Web</b> (gdzie indziej w portalu: <b>Internet</b>) i dokładnie ten adres:",
            "<b>Redirect URI</b>: the platform <b>Web</b> and exactly this address:";
        register_done: "Kliknij <b>Zarejestruj</b>.", "Click <b>Register</b>.";

        ids: "Skopiuj dwa identyfikatory", "Copy the two IDs";
        ids_short: "Identyfikatory", "IDs";
        ids_where: "Portal pokazuje stronę <b>Przegląd</b> nowej aplikacji. Skopiuj z niej dwa wiersze i wklej je do formularza jako <b>A</b> i <b>B</b>.",
            "The portal shows the <b>Overview</b> of the new app. Copy two of its lines and paste them into the form as <b>A</b> and <b>B</b>.";
        ids_not: "Wiersz między nimi, <b>Identyfikator obiektu</b>, nie jest potrzebny.", "The line between them, <b>Object ID</b>, is not needed.";
        overview: "Przegląd", "Overview";
        object_id: "Identyfikator obiektu", "Object ID";

        permissions: "Dodaj uprawnienia i zgodę", "Add permissions and consent";
        permissions_short: "Uprawnienia", "Permissions";
        api_permissions: "Uprawnienia interfejsu API", "API permissions";
        add_permission: "Dodaj uprawnienie", "Add a permission";
        permissions_kind: "<b>Microsoft Graph</b> → <b>Uprawnienia delegowane</b>. Zaznacz:", "<b>Microsoft Graph</b> → <b>Delegated permissions</b>. Tick:";
        permissions_meetings: "tworzenie i zmiana spotkań osoby, która się zalogowała", "to make and change meetings of the person who signed in";
        permissions_user: "jej imię, nazwisko i adres; portal dodaje je sam", "that person's name and address; the portal adds it by itself";
        permissions_openid: "grupa <b>Uprawnienia OpenId</b>: jedno logowanie zamiast wielu", "the group <b>OpenId permissions</b>: one sign-in instead of many";
        permissions_add: "Kliknij <b>Dodaj uprawnienia</b>, potem <b>Udziel zgody administratora dla…</b> i <b>Tak</b>. W kolumnie <b>Stan</b> pojawią się zielone znaki.",
            "Click <b>Add permissions</b>, then <b>Grant admin consent for…</b> and <b>Yes</b>. Green ticks appear in the column <b>Status</b>.";
        grant_consent: "Udziel zgody administratora", "Grant admin consent";
        granted: "Udzielono", "Granted";
        permission: "Uprawnienie", "Permission";
        status: "Stan", "Status";

        secret: "Utwórz klucz tajny", "Create a client secret";
        secret_short: "Klucz tajny", "Secret";
        certificates: "Certyfikaty i klucze tajne", "Certificates &amp; secrets";
        new_secret: "Nowy klucz tajny klienta", "New client secret";
        secret_lifetime: "W polu <b>Wygasa</b> wybierz okres i kliknij <b>Dodaj</b>. Datę wpisz także tutaj: przypomnimy na czas.",
            "Under <b>Expires</b> choose a period and click <b>Add</b>. Enter the date here as well: you will be reminded in time.";
        secret_value: "Od razu skopiuj kolumnę <b>Wartość</b> i wklej ją do formularza jako <b>C</b>. Portal pokazuje ją tylko raz.",
            "Copy the column <b>Value</b> at once and paste it into the form as <b>C</b>. The portal shows it only once.";
        secret_not: "Kolumna <b>Identyfikator klucza tajnego</b> to nie to samo: nie zadziała.", "The column <b>Secret ID</b> is something else: it will not work.";
        new_certificate: "Utwórz nowy certyfikat", "Create a new certificate";
        or_secret: "Albo klucz tajny zamiast certyfikatu", "Or a client secret instead of a certificate";
        certificate: "Albo certyfikat zamiast klucza tajnego", "Or a certificate instead of a secret";
        certificate_why: "Klucz powstaje u nas i u nas zostaje; w portalu rejestrujesz tylko jego certyfikat. Niczego tajnego nie trzeba kopiować, a certyfikat jest ważny dwa lata.",
            "The key is made here and stays here; in the portal you register only its certificate. There is nothing secret to copy, and the certificate is good for two years.";
        certificate_make: "Utwórz certyfikat", "Create a certificate";
        certificate_download: "Pobierz certyfikat", "Download the certificate";
        certificates_tab: "Certyfikaty", "Certificates";
        certificate_upload: "Przekaż certyfikat", "Upload certificate";
        certificate_add: "Wybierz pobrany plik i kliknij <b>Dodaj</b>.", "Choose the downloaded file and click <b>Add</b>.";
        certificate_compare: "Porównaj kolumnę <b>Odcisk palca</b>:", "Compare the column <b>Thumbprint</b>:";
        certificate_choose: "W formularzu zostaw wybrany certyfikat i wyślij go.", "In the form leave the certificate chosen, and send it.";
        description: "Opis", "Description";
        expires: "Wygasa", "Expires";
        value: "Wartość", "Value";
        secret_id: "Identyfikator", "Secret ID";
    }
}

messages! {
    /// Captions and descriptions of the drawings.
    pub(super) DrawingMessages {
        register: "Szkic: okno Zarejestruj aplikację", "Sketch: the pane Register an application";
        register_description: "Zaznaczona jest pierwsza opcja typów kont oraz pole adresu przekierowania z platformą Sieć Web.",
            "The first of the account types is chosen, and the field of the redirect URI with the platform Web is marked.";
        name: "Nazwa", "Name";
        account_types: "Obsługiwane typy kont", "Supported account types";
        single_tenant: "Konta tylko w tym katalogu", "Accounts in this directory only";
        multi_tenant: "Konta w dowolnym katalogu", "Accounts in any directory";
        redirect_uri: "Identyfikator URI przekierowania", "Redirect URI";
        web: "Sieć Web", "Web";
        register_button: "Zarejestruj", "Register";

        overview: "Szkic: strona Przegląd", "Sketch: the Overview page";
        overview_description: "Od góry: identyfikator aplikacji, oznaczony literą A; identyfikator obiektu, przekreślony; identyfikator katalogu, oznaczony literą B.",
            "From the top: the application ID, marked A; the object ID, crossed out; the directory ID, marked B.";

        permissions: "Szkic: lista uprawnień", "Sketch: the list of permissions";
        permissions_description: "Nad listą jest przycisk zgody administratora, a przy każdym uprawnieniu zielony znak w kolumnie Stan.",
            "Above the list is the button for admin consent, and each permission has a green tick in the column Status.";

        secret: "Szkic: lista kluczy tajnych", "Sketch: the list of client secrets";
        secret_description: "W wierszu nowego klucza kolumna Wartość jest oznaczona literą C, a kolumna Identyfikator przekreślona.",
            "In the row of the new secret the column Value is marked C, and the column Secret ID is crossed out.";
    }
}

messages! {
    /// The form.
    pub(super) FormMessages {
        heading: "Wklej i sprawdź", "Paste and check";
        heading_short: "Sprawdzenie", "Check";
        problems_heading: "Nic nie zapisano. Popraw i wyślij ponownie:", "Nothing was stored. Mend this and send it again:";
        tenant: "Identyfikator katalogu (dzierżawy)", "Directory (tenant) ID";
        tenant_hint: "albo domena, np. firma.onmicrosoft.com", "or a domain, such as company.onmicrosoft.com";
        client_id: "Identyfikator aplikacji (klienta)", "Application (client) ID";
        kind: "Czym aplikacja się wykazuje", "How the app proves itself";
        kind_certificate: "Certyfikatem z tej strony", "By the certificate of this page";
        kind_until: "ważnym do", "good until";
        kind_secret: "Kluczem tajnym klienta", "By a client secret";
        client_secret: "Klucz tajny klienta: Wartość", "Client secret: Value";
        client_secret_hint: "wklej go jeszcze raz przy każdej próbie; nie odsyłamy go", "paste it again at each try; it is not sent back";
        show: "Pokaż", "Show";
        hide: "Ukryj", "Hide";
        expires_on: "Wygasa", "Expires";
        expires_on_hint: "zalecane: przypomnimy na czas", "recommended: you are reminded in time";
        lifetimes: "Okresy z portalu, licząc od dziś", "The portal's periods, from today on";
        submit: "Sprawdź i zapisz", "Check and store";
        checking: "Sprawdzamy w Microsoft…", "Checking with Microsoft…";
        promise: "Klucz tajny trafia zaszyfrowany do magazynu sekretów. Nikt go już nie zobaczy: ani Ty, ani dostawca systemu rekrutacyjnego.",
            "The secret goes, encrypted, into a vault. Nobody will see it again: neither you nor the vendor of your recruiting system.";
    }
}

messages! {
    /// The receipt.
    pub(super) ReceiptMessages {
        title: "Dane działają", "The credentials work";
        heading: "Sprawdzono i zapisano", "Checked and stored";
        lead: "Zostały dwa kroki; każdy trwa chwilę.", "Two steps are left; each takes a moment.";
        consent_heading: "Udziel zgody za całą firmę", "Grant consent for the whole company";
        consent_why: "Rekruterzy nie będą pytani o uprawnienia. Jeśli zgody udzielono już w portalu albo skryptem, ten krok można pominąć.",
            "Recruiters will not be asked for permissions. If consent was granted in the portal or by the script already, skip this step.";
        consent: "Udziel zgody administratora", "Grant admin consent";
        test_heading: "Wypróbuj logowanie", "Test a sign-in";
        test_why: "Zaloguj się na konto rekrutera albo konto usługowe, które ma tworzyć spotkania. To tylko próba: nikogo nie łączy i nic o koncie nie zapisuje.",
            "Sign in as a recruiter, or as the service account that is to make the meetings. It is only a test: it connects nobody and stores nothing about the account.";
        test: "Wypróbuj logowanie", "Test a sign-in";
        test_meeting: "Wypróbuj logowanie i spotkanie", "Test a sign-in and a meeting";
        then_heading: "Gotowe", "Done";
        then: "Rekruterzy dostaną link do połączenia i zalogują się raz swoim kontem służbowym. Tę stronę można zamknąć; link już nie zadziała.",
            "Recruiters get a link and sign in once with their work account. You can close this page; the link will not work again.";
        back: "Wróć do systemu rekrutacyjnego", "Back to the recruiting system";
        stored_heading: "Co jest zapisane", "What is stored";
        customer: "Klient", "Customer";
        tenant: "Katalog (dzierżawa)", "Directory (tenant)";
        client_id: "Aplikacja (klient)", "Application (client)";
        secret: "Klucz tajny", "Secret";
        fingerprint: "Odcisk SHA-256 klucza", "SHA-256 fingerprint of the secret";
        thumbprint: "Certyfikat: odcisk palca", "Certificate: thumbprint";
        expires_on: "Wygasa", "Expires";
        expiry_unknown: "nie podano", "not told";
        secret_storage: "Klucz tajny leży zaszyfrowany w magazynie sekretów i służy wyłącznie do logowania w Microsoft. Nikt nie może go odczytać na żadnej stronie; widać tylko trzy pierwsze znaki i odcisk.",
            "The secret lies encrypted in a vault and serves for signing in at Microsoft only. No page shows it; all that can be seen are its first three characters and its fingerprint.";
        private_key_storage: "Klucz prywatny certyfikatu powstał u nas, leży zaszyfrowany w magazynie sekretów i służy wyłącznie do logowania w Microsoft. Nikt nie może go pobrać ani odczytać na żadnej stronie.",
            "The certificate's private key was made here, lies encrypted in a vault and serves for signing in at Microsoft only. Nobody can download it, and no page shows it.";
        stored_until: "Zostaje tam, aż zastąpi go nowy albo dostawca systemu rekrutacyjnego usunie tę konfigurację. W każdej chwili możesz go też unieważnić w portalu: Certyfikaty i klucze tajne.",
            "It stays there until a new one replaces it or the vendor of the recruiting system removes this configuration. You can also revoke it at any time in the portal: Certificates &amp; secrets.";
    }
}
