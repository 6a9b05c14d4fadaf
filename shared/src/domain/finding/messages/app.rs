//! Messages about the app.

use crate::domain::finding::kind::Message;
use crate::types::text::Text;

pub(super) const CLIENT_ID_MISSING: Message<Text> = Message {
    title: Text::new("Brakuje identyfikatora aplikacji (klienta).", "The application (client) ID is missing."),
    remedy: Text::new(
        "Skopiuj „Identyfikator aplikacji (klienta)” (Application (client) ID) ze strony Przegląd (Overview) rejestracji aplikacji.",
        "Copy “Application (client) ID” from the Overview page of the app registration.",
    ),
};

pub(super) const CLIENT_ID_MALFORMED: Message<Text> = Message {
    title: Text::new("Identyfikator aplikacji nie ma postaci GUID.", "The application ID is not a GUID."),
    remedy: Text::new(
        "Skopiuj „Identyfikator aplikacji (klienta)” (Application (client) ID) ze strony Przegląd (Overview), a nie nazwę aplikacji.",
        "Copy “Application (client) ID” from the Overview page, not the app's name.",
    ),
};

pub(super) const CLIENT_ID_IS_TENANT: Message<Text> = Message {
    title: Text::new("W obu polach jest ta sama wartość.", "Both fields contain the same value."),
    remedy: Text::new(
        "„Identyfikator aplikacji (klienta)” (Application (client) ID) i „Identyfikator katalogu (dzierżawy)” (Directory (tenant) ID) to dwa różne wiersze na stronie Przegląd (Overview). Skopiuj każdy osobno.",
        "“Application (client) ID” and “Directory (tenant) ID” are two different rows on the Overview page. Copy each one separately.",
    ),
};

pub(super) const CLIENT_ID_IS_MICROSOFTS: Message<Text> = Message {
    title: Text::new(
        "To identyfikator aplikacji firmy Microsoft, a nie Twojej.",
        "This is the ID of one of Microsoft's own applications, not of yours.",
    ),
    remedy: Text::new(
        "Otwórz Rejestracje aplikacji (App registrations), wybierz swoją aplikację i skopiuj „Identyfikator aplikacji (klienta)” (Application (client) ID).",
        "Open App registrations, choose your app and copy “Application (client) ID”.",
    ),
};

pub(super) const APP_NOT_FOUND: Message<Text> = Message {
    title: Text::new("W tym katalogu nie ma takiej aplikacji.", "There is no such app in this directory."),
    remedy: Text::new(
        "Sprawdź, czy to „Identyfikator aplikacji (klienta)” (Application (client) ID), a nie „Identyfikator obiektu” (Object ID), i czy oba identyfikatory pochodzą z tej samej strony Przegląd (Overview). Jeśli aplikację usunięto, przywróć ją: Rejestracje aplikacji (App registrations) → Usunięte aplikacje (Deleted applications).",
        "Make sure that this is “Application (client) ID”, not “Object ID”, and that both IDs come from the same Overview page. If the app was deleted, restore it under App registrations → Deleted applications.",
    ),
};

pub(super) const APP_OF_ANOTHER_TENANT: Message<Text> = Message {
    title: Text::new("Ta aplikacja należy do innego katalogu.", "This app belongs to another directory."),
    remedy: Text::new(
        "Sprawdź w prawym górnym rogu portalu, który katalog jest wybrany, i skopiuj oba identyfikatory z tej samej strony Przegląd (Overview).",
        "Check at the top right of the portal which directory is selected, and copy both IDs from the same Overview page.",
    ),
};

pub(super) const ENTERPRISE_APP_MISSING: Message<Text> = Message {
    title: Text::new(
        "Aplikacja jest zarejestrowana, ale w katalogu brakuje odpowiadającej jej aplikacji dla przedsiębiorstw.",
        "The app is registered, but the directory has no enterprise application for it.",
    ),
    remedy: Text::new(
        "Otwórz Rejestracje aplikacji (App registrations) → aplikacja → Przegląd (Overview) i przy „Zarządzana aplikacja w katalogu lokalnym” (Managed application in local directory) utwórz jednostkę usługi (Create Service Principal). Możesz też otworzyć link zgody administratora. Nowy klucz tajny nic tu nie zmieni.",
        "Open App registrations → the app → Overview, and under “Managed application in local directory” choose Create Service Principal. Opening the admin consent link also creates it. A new secret will not help.",
    ),
};

pub(super) const APP_DIFFERS: Message<Text> = Message {
    title: Text::new(
        "Ta firma korzysta już z innej aplikacji w tym katalogu.",
        "This company already uses another app in this directory.",
    ),
    remedy: Text::new(
        "Podaj nowy klucz tajny dotychczasowej aplikacji. Zmiana aplikacji wylogowałaby rekruterów; jeśli mimo to jest potrzebna, napisz do dostawcy systemu rekrutacyjnego.",
        "Enter a new secret for the current app. Changing the app would sign the recruiters out; if you still need to change it, contact your recruitment system vendor.",
    ),
};

pub(super) const APP_OF_ANOTHER_CUSTOMER: Message<Text> = Message {
    title: Text::new(
        "Z tej aplikacji korzysta już inny klient systemu rekrutacyjnego.",
        "Another customer of the recruitment system already uses this app.",
    ),
    remedy: Text::new(
        "Zarejestruj osobną aplikację dla tej firmy albo poproś dostawcę systemu rekrutacyjnego, aby najpierw usunął tamtą konfigurację.",
        "Register a separate app for this company, or ask your recruitment system vendor to remove the other configuration first.",
    ),
};

pub(super) const APP_DISABLED: Message<Text> = Message {
    title: Text::new(
        "Aplikacja jest wyłączona lub dezaktywowana w katalogu.",
        "The app is disabled or deactivated in the directory.",
    ),
    remedy: Text::new(
        "Aplikacje dla przedsiębiorstw (Enterprise applications) → aplikacja → Właściwości (Properties) → „Włączone logowanie użytkowników?” (Enabled for users to sign-in?) = Tak. Sprawdź też Rejestracje aplikacji (App registrations) → Dezaktywowane aplikacje (Deactivated applications) → aplikacja → Aktywuj ponownie (Reactivate).",
        "Enterprise applications → the app → Properties → “Enabled for users to sign-in?” = Yes. Also check App registrations → Deactivated applications → the app → Reactivate.",
    ),
};

pub(super) const APP_IS_PUBLIC_CLIENT: Message<Text> = Message {
    title: Text::new(
        "Aplikacja jest zarejestrowana jako klient publiczny.",
        "The app is registered as a public client.",
    ),
    remedy: Text::new(
        "Uwierzytelnianie (Authentication): wybierz platformę Internet (Web), a opcję „Zezwalaj na przepływy klientów publicznych” (Allow public client flows) ustaw na Nie.",
        "Under Authentication, choose the “Web” platform and set “Allow public client flows” to No.",
    ),
};

pub(super) const REDIRECT_URI_MISSING: Message<Text> = Message {
    title: Text::new(
        "Identyfikator URI przekierowania nie jest zarejestrowany.",
        "The redirect URI is not registered.",
    ),
    remedy: Text::new(
        "Uwierzytelnianie (Authentication) → Konfiguracja identyfikatora URI przekierowania (Redirect URI configuration) → Dodaj identyfikator URI przekierowania (Add Redirect URI) → Internet (Web); w starszym portalu: Dodaj platformę (Add a platform) → Internet (Web). Wklej identyfikator URI dokładnie w tej postaci, bez spacji i bez ukośnika na końcu.",
        "Authentication → Redirect URI configuration → Add Redirect URI → Web; in the older portal: Add a platform → Web. Paste the redirect URI exactly as shown here, without spaces or a trailing slash.",
    ),
};

pub(super) const REDIRECT_URI_UNCHECKED: Message<Text> = Message {
    title: Text::new(
        "Nie udało się sprawdzić identyfikatora URI przekierowania.",
        "The redirect URI could not be checked.",
    ),
    remedy: Text::new(
        "Porównaj go z listą Uwierzytelnianie (Authentication) → Internet (Web) albo przetestuj logowanie: test da ostateczną odpowiedź.",
        "Compare it with the list under Authentication → Web, or test sign-in: the test gives a definite answer.",
    ),
};

pub(super) const REDIRECT_URI_IS_SPA: Message<Text> = Message {
    title: Text::new(
        "Identyfikator URI przekierowania jest zarejestrowany jako aplikacja jednostronicowa (SPA).",
        "The redirect URI is registered for a single-page application.",
    ),
    remedy: Text::new(
        "Uwierzytelnianie (Authentication): usuń go z platformy „Aplikacja jednostronicowa” (Single-page application) i dodaj do platformy Internet (Web). Rekruterzy, którzy połączyli się wcześniej, muszą zrobić to ponownie.",
        "Under Authentication, remove it from “Single-page application” and add it to the “Web” platform. Recruiters who have already connected must connect again.",
    ),
};

pub(super) const CLAIMS_MAPPING_BROKEN: Message<Text> = Message {
    title: Text::new("Mapowanie oświadczeń (claims) aplikacji nie działa.", "The app's claims mapping does not work."),
    remedy: Text::new(
        "Aplikacje dla przedsiębiorstw (Enterprise applications) → aplikacja → Logowanie jednokrotne (Single sign-on) → Atrybuty i oświadczenia (Attributes & Claims): usuń albo popraw mapowanie. Ten system nie potrzebuje mapowania.",
        "Enterprise applications → the app → Single sign-on → Attributes & Claims: remove or correct the mapping. This system does not need the mapping.",
    ),
};

pub(super) const GRAPH_DISABLED: Message<Text> = Message {
    title: Text::new(
        "W katalogu usługa Microsoft Graph jest wyłączona albo w ogóle jej brakuje.",
        "Microsoft Graph is disabled in the directory or missing from it.",
    ),
    remedy: Text::new(
        "Aplikacje dla przedsiębiorstw (Enterprise applications) → Typ aplikacji (Application type): Aplikacje firmy Microsoft (Microsoft Applications) → Microsoft Graph → Właściwości (Properties) → „Włączone logowanie użytkowników?” (Enabled for users to sign-in?) = Tak.",
        "Enterprise applications → Application type: Microsoft Applications → Microsoft Graph → Properties → “Enabled for users to sign-in?” = Yes.",
    ),
};
