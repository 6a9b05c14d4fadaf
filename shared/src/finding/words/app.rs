//! Of the app.

use super::say;
use crate::finding::{Kind, Words};
use crate::language::Language;

pub(super) fn words(kind: Kind, language: Language) -> Words {
    match kind {
        Kind::ClientIdMissing => say(
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
        Kind::ClientIdIsTenant => say(
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
        Kind::ClientIdIsMicrosofts => say(
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
        Kind::AppNotFound => say(
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
        Kind::AppDisabled => say(
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
        Kind::AppIsPublicClient => say(
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
        _ => say(
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
    }
}
