//! Of the app.

use crate::domain::finding::kind::{FindingKind, Message};
use crate::domain::finding::messages::say;
use crate::types::language::Language;

pub(super) fn message(kind: FindingKind, language: Language) -> Message {
    match kind {
        FindingKind::ClientIdMissing => say(
            language,
            [
                "Brakuje identyfikatora aplikacji (klienta).",
                "Skopiuj „Identyfikator aplikacji (klienta)” ze strony Przegląd rejestracji aplikacji.",
            ],
            [
                "The application (client) ID is missing.",
                "Copy “Application (client) ID” from the Overview page of the app registration.",
            ],
        ),
        FindingKind::ClientIdIsTenant => say(
            language,
            [
                "W obu polach jest ta sama wartość.",
                "„Identyfikator aplikacji (klienta)” i „Identyfikator katalogu (dzierżawy)” to dwa różne wiersze na \
                 stronie Przegląd. Skopiuj każdy osobno.",
            ],
            [
                "Both fields hold the same value.",
                "“Application (client) ID” and “Directory (tenant) ID” are two lines of the Overview page. Copy each.",
            ],
        ),
        FindingKind::ClientIdIsMicrosofts => say(
            language,
            [
                "To identyfikator aplikacji firmy Microsoft, a nie Państwa aplikacji.",
                "Otwórz Rejestracje aplikacji, wybierz swoją aplikację i skopiuj „Identyfikator aplikacji (klienta)”.",
            ],
            [
                "This is an application of Microsoft's own, not yours.",
                "Open App registrations, choose your app and copy “Application (client) ID”.",
            ],
        ),
        FindingKind::AppNotFound => say(
            language,
            [
                "W tym katalogu nie ma takiej aplikacji.",
                "Sprawdź, czy to „Identyfikator aplikacji (klienta)”, a nie „Identyfikator obiektu”, i czy oba \
                 identyfikatory pochodzą z tej samej strony Przegląd.",
            ],
            [
                "There is no such app in this directory.",
                "Make sure that it is “Application (client) ID”, not “Object ID”, and that both IDs come from the same \
                 Overview page.",
            ],
        ),
        FindingKind::AppDisabled => say(
            language,
            [
                "Aplikacja jest wyłączona w katalogu.",
                "Aplikacje dla przedsiębiorstw → aplikacja → Właściwości → „Włączone logowanie użytkowników?” = Tak.",
            ],
            [
                "The app is disabled in the directory.",
                "Enterprise applications → the app → Properties → “Enabled for users to sign-in?” = Yes.",
            ],
        ),
        FindingKind::AppIsPublicClient => say(
            language,
            [
                "Aplikacja jest zarejestrowana jako klient publiczny.",
                "Uwierzytelnianie → platforma „Internet”; „Zezwalaj na przepływy klientów publicznych” = Nie.",
            ],
            [
                "The app is registered as a public client.",
                "Authentication → platform “Web”; “Allow public client flows” = No.",
            ],
        ),
        FindingKind::ClientIdMalformed => say(
            language,
            [
                "Identyfikator aplikacji nie jest GUID-em.",
                "Skopiuj „Identyfikator aplikacji (klienta)” ze strony Przegląd, a nie nazwę aplikacji.",
            ],
            [
                "The application ID is not a GUID.",
                "Copy “Application (client) ID” from the Overview page, not the app's name.",
            ],
        ),
        _ => registration_message(kind, language),
    }
}

fn registration_message(kind: FindingKind, language: Language) -> Message {
    match kind {
        FindingKind::AppOfAnotherTenant => say(
            language,
            [
                "Ta aplikacja należy do innego katalogu.",
                "Sprawdź w prawym górnym rogu portalu, w którym katalogu jesteś, i skopiuj oba identyfikatory z tej samej strony Przegląd.",
            ],
            [
                "This app belongs to another directory.",
                "See at the top right of the portal which directory you are in, and copy both IDs from the same Overview page.",
            ],
        ),
        FindingKind::AppDiffers => say(
            language,
            [
                "Ta firma korzysta już z innej aplikacji w tym katalogu.",
                "Podaj nowy klucz tajny dotychczasowej aplikacji. Zmiana aplikacji wylogowałaby rekruterów; w tej sprawie napisz do dostawcy systemu ATS.",
            ],
            [
                "This company works with another app of this directory already.",
                "Hand over a new secret of the present app. Another app would sign the recruiters out; ask the ATS vendor if that is what you want.",
            ],
        ),
        FindingKind::AppOfAnotherCustomer => say(
            language,
            [
                "Z tej aplikacji korzysta już inny klient systemu.",
                "Zarejestruj osobną aplikację dla tej firmy albo poproś dostawcę systemu ATS, aby najpierw usunął tamtą konfigurację.",
            ],
            [
                "Another customer of the system works with this app already.",
                "Register an app of its own for this company, or ask the ATS vendor to remove the other configuration first.",
            ],
        ),
        FindingKind::RedirectUriMissing => say(
            language,
            [
                "Identyfikator URI przekierowania nie jest zarejestrowany.",
                "Uwierzytelnianie → Dodaj platformę → Internet → wklej identyfikator URI dokładnie tak, jak tu stoi, bez spacji i bez ukośnika na końcu.",
            ],
            [
                "The redirect URI is not registered.",
                "Authentication → Add a platform → Web → paste the redirect URI exactly as it stands here, without blanks and without a slash at its end.",
            ],
        ),
        FindingKind::RedirectUriUnchecked => say(
            language,
            [
                "Nie udało się sprawdzić identyfikatora URI przekierowania.",
                "Porównaj go z listą Uwierzytelnianie → Internet albo wykonaj próbne logowanie; ono rozstrzygnie.",
            ],
            [
                "The redirect URI could not be checked.",
                "Compare it with the list under Authentication → Web, or test a sign-in: that will decide.",
            ],
        ),
        FindingKind::RedirectUriIsSpa => say(
            language,
            [
                "Identyfikator URI przekierowania jest zarejestrowany jako aplikacja jednostronicowa (SPA).",
                "Uwierzytelnianie → usuń go z „Aplikacja jednostronicowa” i dodaj na platformie „Internet”.",
            ],
            [
                "The redirect URI is registered as one of a single-page application.",
                "Authentication → remove it from “Single-page application” and add it to the platform “Web”.",
            ],
        ),
        _ => say(
            language,
            [
                "Usługa Microsoft Graph jest wyłączona w katalogu.",
                "Aplikacje dla przedsiębiorstw → Typ aplikacji: Aplikacje firmy Microsoft → Microsoft Graph → Właściwości → „Włączone logowanie użytkowników?” = Tak.",
            ],
            [
                "Microsoft Graph is switched off in the directory.",
                "Enterprise applications → Application type: Microsoft Applications → Microsoft Graph → Properties → “Enabled for users to sign-in?” = Yes.",
            ],
        ),
    }
}
