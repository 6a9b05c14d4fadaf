//! Of the client secret and its expiry.

use crate::domain::finding::kind::{FindingKind, Message};
use crate::types::text::Text;

pub(super) fn message(kind: FindingKind) -> Message<Text> {
    match kind {
        FindingKind::SecretMissing => Message {
            title: Text::new("Brakuje klucza tajnego klienta.", "The client secret is missing."),
            remedy: Text::new(
                "Certyfikaty i klucze tajne → Nowy klucz tajny klienta → skopiuj kolumnę „Wartość”.",
                "Certificates & secrets → New client secret → copy the column “Value”.",
            ),
        },
        FindingKind::SecretIsSecretId => Message {
            title: Text::new(
                "To jest „Identyfikator klucza tajnego”, a nie jego wartość.",
                "This is the “Secret ID”, not the secret's value.",
            ),
            remedy: Text::new(
                "Skopiuj kolumnę „Wartość”. Portal pokazuje ją tylko raz; jeśli zniknęła, utwórz nowy klucz tajny.",
                "Copy the column “Value”. The portal shows it only once; if it is gone, create a new secret.",
            ),
        },
        FindingKind::SecretIsMasked => Message {
            title: Text::new("Ta wartość jest zamaskowana gwiazdkami.", "This value is masked with asterisks."),
            remedy: Text::new(
                "Portal pokazuje pełną wartość tylko zaraz po utworzeniu. Utwórz nowy klucz tajny i skopiuj „Wartość”.",
                "The portal shows the whole value only right after creation. Create a new secret and copy its “Value”.",
            ),
        },
        FindingKind::SecretHasStrangeCharacters => Message {
            title: Text::new(
                "W wartości są odstępy lub niewidoczne znaki.",
                "The value contains blanks or invisible characters.",
            ),
            remedy: Text::new(
                "Skopiuj „Wartość” przyciskiem kopiowania w portalu i wklej ją ponownie, bez cudzysłowów.",
                "Copy “Value” with the portal's copy button and paste it again, without quotation marks.",
            ),
        },
        FindingKind::SecretWrong => Message {
            title: Text::new("Microsoft odrzucił tę wartość klucza tajnego.", "Microsoft refused this secret."),
            remedy: Text::new(
                "Sprawdź, czy skopiowano „Wartość”, a nie „Identyfikator klucza tajnego”, i czy klucz należy do tej \
                 aplikacji. W razie wątpliwości utwórz nowy.",
                "Make sure that you copied “Value”, not “Secret ID”, and that the secret belongs to this app. When in \
                 doubt, create a new one.",
            ),
        },
        FindingKind::SecretExpired => Message {
            title: Text::new("Klucz tajny klienta wygasł.", "The client secret has expired."),
            remedy: Text::new(
                "Certyfikaty i klucze tajne → Nowy klucz tajny klienta; przekaż nową „Wartość”.",
                "Certificates & secrets → New client secret; hand over the new “Value”.",
            ),
        },
        FindingKind::CredentialRefused
        | FindingKind::CertificateNotRegistered
        | FindingKind::CertificateMissing
        | FindingKind::CertificateExpired => credential_message(kind),
        FindingKind::ExpiryMalformed
        | FindingKind::ExpiryInThePast
        | FindingKind::ExpiresSoon
        | FindingKind::ExpiryUnknown
        | FindingKind::CouldNotBeChecked => expiry_message(kind),
        _ => Message {
            title: Text::new("To nie wygląda na wartość klucza tajnego.", "This does not look like a secret's value."),
            remedy: Text::new(
                "Skopiuj kolumnę „Wartość” z Certyfikaty i klucze tajne; ma zwykle 40 znaków.",
                "Copy the column “Value” of Certificates & secrets; it has 40 characters as a rule.",
            ),
        },
    }
}

fn expiry_message(kind: FindingKind) -> Message<Text> {
    match kind {
        FindingKind::ExpiryMalformed => Message {
            title: Text::new("Data wygaśnięcia nie jest datą.", "The expiry date is not a date."),
            remedy: Text::new(
                "Podaj datę w postaci RRRR-MM-DD albo zostaw pole puste.",
                "Give the date as YYYY-MM-DD, or leave the field empty.",
            ),
        },
        FindingKind::ExpiryInThePast => Message {
            title: Text::new("Data wygaśnięcia już minęła.", "The expiry date is over."),
            remedy: Text::new(
                "Przepisz kolumnę „Wygasa” z listy kluczy tajnych; jeśli klucz wygasł, utwórz nowy.",
                "Copy the column “Expires” from the list of secrets; if the secret has expired, create a new one.",
            ),
        },
        FindingKind::ExpiresSoon => Message {
            title: Text::new(
                "Klucz tajny lub certyfikat aplikacji wkrótce wygaśnie.",
                "The app's secret or certificate expires soon.",
            ),
            remedy: Text::new(
                "Utwórz nowy i przekaż go, zanim obecny przestanie działać.",
                "Create a new one and hand it over before this one stops working.",
            ),
        },
        FindingKind::ExpiryUnknown => Message {
            title: Text::new("Nie podano daty wygaśnięcia klucza tajnego.", "Nobody told when the secret expires."),
            remedy: Text::new(
                "Bez niej nikt nie otrzyma przypomnienia. Datę pokazuje kolumna „Wygasa” na liście kluczy tajnych.",
                "Without the date nobody can be reminded. It stands in the column “Expires” of the list of secrets.",
            ),
        },
        _ => Message {
            title: Text::new(
                "Microsoft nie potwierdził ani nie odrzucił tych danych.",
                "Microsoft neither confirmed nor refused these values.",
            ),
            remedy: Text::new(
                "Dane zapisano. Wykonaj próbne logowanie; ono rozstrzygnie.",
                "They are stored. Test a sign-in: that will decide.",
            ),
        },
    }
}

fn credential_message(kind: FindingKind) -> Message<Text> {
    match kind {
        FindingKind::CertificateNotRegistered => Message {
            title: Text::new("Aplikacja nie zna naszego certyfikatu.", "The app does not know our certificate."),
            remedy: Text::new(
                "Certyfikaty i klucze tajne → Certyfikaty → Przekaż certyfikat: wgraj plik pobrany z tej strony. Jeśli \
                 już tam jest, odczekaj minutę i wyślij ponownie.",
                "Certificates & secrets → Certificates → Upload certificate: choose the file downloaded from this page. \
                 If it is there already, wait a minute and send it again.",
            ),
        },
        FindingKind::CertificateMissing => Message {
            title: Text::new("Nie ma jeszcze certyfikatu do użycia.", "There is no certificate to use yet."),
            remedy: Text::new(
                "Utwórz go na tej stronie, wgraj pobrany plik w portalu i wyślij formularz ponownie.",
                "Create one on this page, upload the downloaded file in the portal, and send the form again.",
            ),
        },
        FindingKind::CertificateExpired => Message {
            title: Text::new("Certyfikat aplikacji wygasł.", "The app's certificate has expired."),
            remedy: Text::new(
                "Poproś o nowy link, utwórz na nim nowy certyfikat i wgraj go w Certyfikaty i klucze tajne.",
                "Ask for a new link, create a new certificate there, and upload it under Certificates & secrets.",
            ),
        },
        _ => Message {
            title: Text::new("Microsoft odrzucił poświadczenia aplikacji.", "Microsoft refused the app's credential."),
            remedy: Text::new(
                "Utwórz nowy klucz tajny w Certyfikaty i klucze tajne i przekaż jego „Wartość”.",
                "Create a new secret under Certificates & secrets and hand over its “Value”.",
            ),
        },
    }
}
