//! Of the client secret and its expiry.

use crate::domain::finding::kind::{FindingKind, Message};
use crate::domain::finding::messages::say;
use crate::types::language::Language;

pub(super) fn message(kind: FindingKind, language: Language) -> Message {
    match kind {
        FindingKind::SecretMissing => say(
            language,
            [
                "Brakuje klucza tajnego klienta.",
                "Certyfikaty i klucze tajne → Nowy klucz tajny klienta → skopiuj kolumnę „Wartość”.",
            ],
            ["The client secret is missing.", "Certificates & secrets → New client secret → copy the column “Value”."],
        ),
        FindingKind::SecretIsSecretId => say(
            language,
            [
                "To jest „Identyfikator klucza tajnego”, a nie jego wartość.",
                "Skopiuj kolumnę „Wartość”. Portal pokazuje ją tylko raz; jeśli zniknęła, utwórz nowy klucz tajny.",
            ],
            [
                "This is the “Secret ID”, not the secret's value.",
                "Copy the column “Value”. The portal shows it only once; if it is gone, create a new secret.",
            ],
        ),
        FindingKind::SecretIsMasked => say(
            language,
            [
                "Ta wartość jest zamaskowana gwiazdkami.",
                "Portal pokazuje pełną wartość tylko zaraz po utworzeniu. Utwórz nowy klucz tajny i skopiuj „Wartość”.",
            ],
            [
                "This value is masked with asterisks.",
                "The portal shows the whole value only right after creation. Create a new secret and copy its “Value”.",
            ],
        ),
        FindingKind::SecretHasStrangeCharacters => say(
            language,
            [
                "W wartości są odstępy lub niewidoczne znaki.",
                "Skopiuj „Wartość” przyciskiem kopiowania w portalu i wklej ją ponownie, bez cudzysłowów.",
            ],
            [
                "The value contains blanks or invisible characters.",
                "Copy “Value” with the portal's copy button and paste it again, without quotation marks.",
            ],
        ),
        FindingKind::SecretWrong => say(
            language,
            [
                "Microsoft odrzucił tę wartość klucza tajnego.",
                "Sprawdź, czy skopiowano „Wartość”, a nie „Identyfikator klucza tajnego”, i czy klucz należy do tej \
                 aplikacji. W razie wątpliwości utwórz nowy.",
            ],
            [
                "Microsoft refused this secret.",
                "Make sure that you copied “Value”, not “Secret ID”, and that the secret belongs to this app. When in \
                 doubt, create a new one.",
            ],
        ),
        FindingKind::SecretExpired => say(
            language,
            [
                "Klucz tajny klienta wygasł.",
                "Certyfikaty i klucze tajne → Nowy klucz tajny klienta; przekaż nową „Wartość”.",
            ],
            [
                "The client secret has expired.",
                "Certificates & secrets → New client secret; hand over the new “Value”.",
            ],
        ),
        FindingKind::CredentialRefused
        | FindingKind::CertificateNotRegistered
        | FindingKind::CertificateMissing
        | FindingKind::CertificateExpired => credential_message(kind, language),
        FindingKind::ExpiryMalformed
        | FindingKind::ExpiryInThePast
        | FindingKind::ExpiresSoon
        | FindingKind::ExpiryUnknown
        | FindingKind::CouldNotBeChecked => expiry_message(kind, language),
        _ => say(
            language,
            [
                "To nie wygląda na wartość klucza tajnego.",
                "Skopiuj kolumnę „Wartość” z Certyfikaty i klucze tajne; ma zwykle 40 znaków.",
            ],
            [
                "This does not look like a secret's value.",
                "Copy the column “Value” of Certificates & secrets; it has 40 characters as a rule.",
            ],
        ),
    }
}

fn expiry_message(kind: FindingKind, language: Language) -> Message {
    match kind {
        FindingKind::ExpiryMalformed => say(
            language,
            ["Data wygaśnięcia nie jest datą.", "Podaj datę w postaci RRRR-MM-DD albo zostaw pole puste."],
            ["The expiry date is not a date.", "Give the date as YYYY-MM-DD, or leave the field empty."],
        ),
        FindingKind::ExpiryInThePast => say(
            language,
            [
                "Data wygaśnięcia już minęła.",
                "Przepisz kolumnę „Wygasa” z listy kluczy tajnych; jeśli klucz wygasł, utwórz nowy.",
            ],
            [
                "The expiry date is over.",
                "Copy the column “Expires” from the list of secrets; if the secret has expired, create a new one.",
            ],
        ),
        FindingKind::ExpiresSoon => say(
            language,
            [
                "Klucz tajny lub certyfikat aplikacji wkrótce wygaśnie.",
                "Utwórz nowy i przekaż go, zanim obecny przestanie działać.",
            ],
            [
                "The app's secret or certificate expires soon.",
                "Create a new one and hand it over before this one stops working.",
            ],
        ),
        FindingKind::ExpiryUnknown => say(
            language,
            [
                "Nie podano daty wygaśnięcia klucza tajnego.",
                "Bez niej nikt nie otrzyma przypomnienia. Datę pokazuje kolumna „Wygasa” na liście kluczy tajnych.",
            ],
            [
                "Nobody told when the secret expires.",
                "Without the date nobody can be reminded. It stands in the column “Expires” of the list of secrets.",
            ],
        ),
        _ => say(
            language,
            [
                "Microsoft nie potwierdził ani nie odrzucił tych danych.",
                "Dane zapisano. Wykonaj próbne logowanie; ono rozstrzygnie.",
            ],
            [
                "Microsoft neither confirmed nor refused these values.",
                "They are stored. Test a sign-in: that will decide.",
            ],
        ),
    }
}

fn credential_message(kind: FindingKind, language: Language) -> Message {
    match kind {
        FindingKind::CertificateNotRegistered => say(
            language,
            [
                "Aplikacja nie zna naszego certyfikatu.",
                "Certyfikaty i klucze tajne → Certyfikaty → Przekaż certyfikat: wgraj plik pobrany z tej strony. Jeśli \
                 już tam jest, odczekaj minutę i wyślij ponownie.",
            ],
            [
                "The app does not know our certificate.",
                "Certificates & secrets → Certificates → Upload certificate: choose the file downloaded from this page. \
                 If it is there already, wait a minute and send it again.",
            ],
        ),
        FindingKind::CertificateMissing => say(
            language,
            [
                "Nie ma jeszcze certyfikatu do użycia.",
                "Utwórz go na tej stronie, wgraj pobrany plik w portalu i wyślij formularz ponownie.",
            ],
            [
                "There is no certificate to use yet.",
                "Create one on this page, upload the downloaded file in the portal, and send the form again.",
            ],
        ),
        FindingKind::CertificateExpired => say(
            language,
            [
                "Certyfikat aplikacji wygasł.",
                "Poproś o nowy link, utwórz na nim nowy certyfikat i wgraj go w Certyfikaty i klucze tajne.",
            ],
            [
                "The app's certificate has expired.",
                "Ask for a new link, create a new certificate there, and upload it under Certificates & secrets.",
            ],
        ),
        _ => say(
            language,
            [
                "Microsoft odrzucił poświadczenia aplikacji.",
                "Utwórz nowy klucz tajny w Certyfikaty i klucze tajne i przekaż jego „Wartość”.",
            ],
            [
                "Microsoft refused the app's credential.",
                "Create a new secret under Certificates & secrets and hand over its “Value”.",
            ],
        ),
    }
}
