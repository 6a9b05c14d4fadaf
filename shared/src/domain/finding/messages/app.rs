//! Of the app.

use crate::domain::finding::kind::{FindingKind, Message};
use crate::types::text::Text;

pub(super) fn message(kind: FindingKind) -> Message<Text> {
    match kind {
        FindingKind::ClientIdMissing => Message {
            title: Text::new("Brakuje identyfikatora aplikacji (klienta).", "The application (client) ID is missing."),
            remedy: Text::new(
                "Skopiuj „Identyfikator aplikacji (klienta)” ze strony Przegląd rejestracji aplikacji.",
                "Copy “Application (client) ID” from the Overview page of the app registration.",
            ),
        },
        FindingKind::ClientIdIsTenant => Message {
            title: Text::new("W obu polach jest ta sama wartość.", "Both fields hold the same value."),
            remedy: Text::new(
                "„Identyfikator aplikacji (klienta)” i „Identyfikator katalogu (dzierżawy)” to dwa różne wiersze na \
                 stronie Przegląd. Skopiuj każdy osobno.",
                "“Application (client) ID” and “Directory (tenant) ID” are two lines of the Overview page. Copy each.",
            ),
        },
        FindingKind::ClientIdIsMicrosofts => Message {
            title: Text::new(
                "To identyfikator aplikacji firmy Microsoft, a nie Państwa aplikacji.",
                "This is an application of Microsoft's own, not yours.",
            ),
            remedy: Text::new(
                "Otwórz Rejestracje aplikacji, wybierz swoją aplikację i skopiuj „Identyfikator aplikacji (klienta)”.",
                "Open App registrations, choose your app and copy “Application (client) ID”.",
            ),
        },
        FindingKind::AppNotFound => Message {
            title: Text::new("W tym katalogu nie ma takiej aplikacji.", "There is no such app in this directory."),
            remedy: Text::new(
                "Sprawdź, czy to „Identyfikator aplikacji (klienta)”, a nie „Identyfikator obiektu”, i czy oba \
                 identyfikatory pochodzą z tej samej strony Przegląd.",
                "Make sure that it is “Application (client) ID”, not “Object ID”, and that both IDs come from the same \
                 Overview page.",
            ),
        },
        FindingKind::AppDisabled => Message {
            title: Text::new("Aplikacja jest wyłączona w katalogu.", "The app is disabled in the directory."),
            remedy: Text::new(
                "Aplikacje dla przedsiębiorstw → aplikacja → Właściwości → „Włączone logowanie użytkowników?” = Tak.",
                "Enterprise applications → the app → Properties → “Enabled for users to sign-in?” = Yes.",
            ),
        },
        FindingKind::AppIsPublicClient => Message {
            title: Text::new(
                "Aplikacja jest zarejestrowana jako klient publiczny.",
                "The app is registered as a public client.",
            ),
            remedy: Text::new(
                "Uwierzytelnianie → platforma „Internet”; „Zezwalaj na przepływy klientów publicznych” = Nie.",
                "Authentication → platform “Web”; “Allow public client flows” = No.",
            ),
        },
        FindingKind::ClientIdMalformed => Message {
            title: Text::new("Identyfikator aplikacji nie jest GUID-em.", "The application ID is not a GUID."),
            remedy: Text::new(
                "Skopiuj „Identyfikator aplikacji (klienta)” ze strony Przegląd, a nie nazwę aplikacji.",
                "Copy “Application (client) ID” from the Overview page, not the app's name.",
            ),
        },
        _ => registration_message(kind),
    }
}

fn registration_message(kind: FindingKind) -> Message<Text> {
    match kind {
        FindingKind::AppOfAnotherTenant => Message {
            title: Text::new("Ta aplikacja należy do innego katalogu.", "This app belongs to another directory."),
            remedy: Text::new(
                "Sprawdź w prawym górnym rogu portalu, w którym katalogu jesteś, i skopiuj oba identyfikatory z tej samej strony Przegląd.",
                "See at the top right of the portal which directory you are in, and copy both IDs from the same Overview page.",
            ),
        },
        FindingKind::AppDiffers => Message {
            title: Text::new(
                "Ta firma korzysta już z innej aplikacji w tym katalogu.",
                "This company works with another app of this directory already.",
            ),
            remedy: Text::new(
                "Podaj nowy klucz tajny dotychczasowej aplikacji. Zmiana aplikacji wylogowałaby rekruterów; w tej sprawie napisz do dostawcy systemu ATS.",
                "Hand over a new secret of the present app. Another app would sign the recruiters out; ask the ATS vendor if that is what you want.",
            ),
        },
        FindingKind::AppOfAnotherCustomer => Message {
            title: Text::new(
                "Z tej aplikacji korzysta już inny klient systemu.",
                "Another customer of the system works with this app already.",
            ),
            remedy: Text::new(
                "Zarejestruj osobną aplikację dla tej firmy albo poproś dostawcę systemu ATS, aby najpierw usunął tamtą konfigurację.",
                "Register an app of its own for this company, or ask the ATS vendor to remove the other configuration first.",
            ),
        },
        FindingKind::RedirectUriMissing => Message {
            title: Text::new(
                "Identyfikator URI przekierowania nie jest zarejestrowany.",
                "The redirect URI is not registered.",
            ),
            remedy: Text::new(
                "Uwierzytelnianie → Dodaj platformę → Internet → wklej identyfikator URI dokładnie tak, jak tu stoi, bez spacji i bez ukośnika na końcu.",
                "Authentication → Add a platform → Web → paste the redirect URI exactly as it stands here, without blanks and without a slash at its end.",
            ),
        },
        FindingKind::RedirectUriUnchecked => Message {
            title: Text::new(
                "Nie udało się sprawdzić identyfikatora URI przekierowania.",
                "The redirect URI could not be checked.",
            ),
            remedy: Text::new(
                "Porównaj go z listą Uwierzytelnianie → Internet albo wykonaj próbne logowanie; ono rozstrzygnie.",
                "Compare it with the list under Authentication → Web, or test a sign-in: that will decide.",
            ),
        },
        FindingKind::RedirectUriIsSpa => Message {
            title: Text::new(
                "Identyfikator URI przekierowania jest zarejestrowany jako aplikacja jednostronicowa (SPA).",
                "The redirect URI is registered as one of a single-page application.",
            ),
            remedy: Text::new(
                "Uwierzytelnianie → usuń go z „Aplikacja jednostronicowa” i dodaj na platformie „Internet”.",
                "Authentication → remove it from “Single-page application” and add it to the platform “Web”.",
            ),
        },
        _ => Message {
            title: Text::new(
                "Usługa Microsoft Graph jest wyłączona w katalogu.",
                "Microsoft Graph is switched off in the directory.",
            ),
            remedy: Text::new(
                "Aplikacje dla przedsiębiorstw → Typ aplikacji: Aplikacje firmy Microsoft → Microsoft Graph → Właściwości → „Włączone logowanie użytkowników?” = Tak.",
                "Enterprise applications → Application type: Microsoft Applications → Microsoft Graph → Properties → “Enabled for users to sign-in?” = Yes.",
            ),
        },
    }
}
