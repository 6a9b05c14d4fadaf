//! Messages about secret, certificate and expiry.

use crate::domain::finding::kind::Message;
use crate::types::text::Text;

pub(super) const SECRET_MISSING: Message<Text> = Message {
    title: Text::new("Brakuje klucza tajnego klienta.", "The client secret is missing."),
    remedy: Text::new(
        "Certyfikaty i klucze tajne (Certificates & secrets) → Nowy klucz tajny klienta (New client secret) → skopiuj kolumnę „Wartość” (Value).",
        "Certificates & secrets → New client secret → copy the column “Value”.",
    ),
};

pub(super) const SECRET_IS_SECRET_ID: Message<Text> = Message {
    title: Text::new(
        "To jest „Identyfikator klucza tajnego” (Secret ID), a nie jego wartość.",
        "This is the “Secret ID”, not the secret's value.",
    ),
    remedy: Text::new(
        "Skopiuj kolumnę „Wartość” (Value). Portal pokazuje ją tylko raz; jeśli zniknęła, utwórz nowy klucz tajny.",
        "Copy the column “Value”. The portal shows it only once; if it is gone, create a new secret.",
    ),
};

pub(super) const SECRET_IS_MASKED: Message<Text> = Message {
    title: Text::new("Ta wartość jest zamaskowana gwiazdkami.", "This value is masked with asterisks."),
    remedy: Text::new(
        "Portal pokazuje pełną wartość tylko zaraz po utworzeniu. Utwórz nowy klucz tajny i skopiuj „Wartość” (Value).",
        "The portal shows the whole value only right after creation. Create a new secret and copy its “Value”.",
    ),
};

pub(super) const SECRET_HAS_STRANGE_CHARACTERS: Message<Text> = Message {
    title: Text::new(
        "W wartości są odstępy lub niewidoczne znaki.",
        "The value contains blanks or invisible characters.",
    ),
    remedy: Text::new(
        "Skopiuj „Wartość” (Value) przyciskiem kopiowania w portalu i wklej ją ponownie, bez cudzysłowów.",
        "Copy “Value” with the portal's copy button and paste it again, without quotation marks.",
    ),
};

pub(super) const SECRET_MALFORMED: Message<Text> = Message {
    title: Text::new("To nie wygląda na wartość klucza tajnego.", "This does not look like a secret's value."),
    remedy: Text::new(
        "Skopiuj kolumnę „Wartość” (Value) z Certyfikaty i klucze tajne (Certificates & secrets); ma zwykle 40 znaków.",
        "Copy the column “Value” of Certificates & secrets; it has 40 characters as a rule.",
    ),
};

pub(super) const SECRET_WRONG: Message<Text> = Message {
    title: Text::new("Microsoft odrzucił tę wartość klucza tajnego.", "Microsoft refused this secret."),
    remedy: Text::new(
        "Sprawdź, czy skopiowano „Wartość” (Value), a nie „Identyfikator klucza tajnego” (Secret ID), i czy klucz należy do tej aplikacji. W razie wątpliwości utwórz nowy.",
        "Make sure that you copied “Value”, not “Secret ID”, and that the secret belongs to this app. When in doubt, create a new one.",
    ),
};

pub(super) const SECRET_EXPIRED: Message<Text> = Message {
    title: Text::new("Klucz tajny klienta wygasł.", "The client secret has expired."),
    remedy: Text::new(
        "Certyfikaty i klucze tajne (Certificates & secrets) → Nowy klucz tajny klienta (New client secret); przekaż nową „Wartość” (Value).",
        "Certificates & secrets → New client secret; hand over the new “Value”.",
    ),
};

pub(super) const EXPIRY_MALFORMED: Message<Text> = Message {
    title: Text::new("Data wygaśnięcia nie jest datą.", "The expiry date is not a date."),
    remedy: Text::new(
        "Podaj datę w postaci RRRR-MM-DD albo zostaw pole puste.",
        "Give the date as YYYY-MM-DD, or leave the field empty.",
    ),
};

pub(super) const EXPIRY_IN_THE_PAST: Message<Text> = Message {
    title: Text::new("Data wygaśnięcia już minęła.", "The expiry date is over."),
    remedy: Text::new(
        "Przepisz kolumnę „Wygasa” (Expires) z listy kluczy tajnych; jeśli klucz wygasł, utwórz nowy.",
        "Copy the column “Expires” from the list of secrets; if the secret has expired, create a new one.",
    ),
};

pub(super) const EXPIRES_SOON: Message<Text> = Message {
    title: Text::new(
        "Klucz tajny lub certyfikat aplikacji wkrótce wygaśnie.",
        "The app's secret or certificate expires soon.",
    ),
    remedy: Text::new(
        "Utwórz nowy i przekaż go, zanim obecny przestanie działać.",
        "Create a new one and hand it over before this one stops working.",
    ),
};

pub(super) const EXPIRY_UNKNOWN: Message<Text> = Message {
    title: Text::new("Nie podano daty wygaśnięcia klucza tajnego.", "Nobody told when the secret expires."),
    remedy: Text::new(
        "Bez niej nikt nie otrzyma przypomnienia. Datę pokazuje kolumna „Wygasa” (Expires) na liście kluczy tajnych.",
        "Without the date nobody can be reminded. It stands in the column “Expires” of the list of secrets.",
    ),
};

pub(super) const COULD_NOT_BE_CHECKED: Message<Text> = Message {
    title: Text::new(
        "Microsoft nie potwierdził ani nie odrzucił tych danych.",
        "Microsoft neither confirmed nor refused these values.",
    ),
    remedy: Text::new(
        "Dane zapisano. Wykonaj próbne logowanie; ono rozstrzygnie.",
        "They are stored. Test a sign-in: that will decide.",
    ),
};

pub(super) const CREDENTIAL_REFUSED: Message<Text> = Message {
    title: Text::new("Microsoft odrzucił klucz tajny aplikacji.", "Microsoft refused the app's secret."),
    remedy: Text::new(
        "Utwórz nowy klucz tajny w Certyfikaty i klucze tajne (Certificates & secrets) i przekaż jego „Wartość” (Value).",
        "Create a new secret under Certificates & secrets and hand over its “Value”.",
    ),
};

pub(super) const CERTIFICATE_NOT_REGISTERED: Message<Text> = Message {
    title: Text::new(
        "Aplikacja nie ma tego certyfikatu albo został on unieważniony.",
        "The app does not have this certificate, or it was revoked.",
    ),
    remedy: Text::new(
        "Certyfikaty i klucze tajne (Certificates & secrets) → Certyfikaty (Certificates) → Przekaż certyfikat (Upload certificate): wgraj plik pobrany z naszej strony. Jeśli już tam jest, porównaj odcisk palca (Thumbprint), odczekaj minutę i spróbuj ponownie.",
        "Certificates & secrets → Certificates → Upload certificate: choose the file downloaded from our page. If it is there already, compare its Thumbprint, wait a minute and try again.",
    ),
};

pub(super) const CERTIFICATE_MISSING: Message<Text> = Message {
    title: Text::new("Nie ma jeszcze certyfikatu do użycia.", "There is no certificate to use yet."),
    remedy: Text::new(
        "Utwórz go na tej stronie, wgraj pobrany plik w portalu i wyślij formularz ponownie.",
        "Create one on this page, upload the downloaded file in the portal, and send the form again.",
    ),
};

pub(super) const CERTIFICATE_EXPIRED: Message<Text> = Message {
    title: Text::new("Certyfikat aplikacji wygasł.", "The app's certificate has expired."),
    remedy: Text::new(
        "Poproś o nowy link, utwórz na nim nowy certyfikat i wgraj go w Certyfikaty i klucze tajne (Certificates & secrets).",
        "Ask for a new link, create a new certificate there, and upload it under Certificates & secrets.",
    ),
};

pub(super) const CERTIFICATE_REFUSED: Message<Text> = Message {
    title: Text::new("Microsoft odrzucił certyfikat aplikacji.", "Microsoft refused the app's certificate."),
    remedy: Text::new(
        "Certyfikaty i klucze tajne (Certificates & secrets) → Certyfikaty (Certificates): porównaj odcisk palca (Thumbprint) i datę wygaśnięcia z naszymi. Jeśli się zgadzają, poproś o nowy link i wgraj nowy certyfikat; jeśli katalog przyjmuje tylko certyfikaty zaufanego urzędu, użyj klucza tajnego.",
        "Certificates & secrets → Certificates: compare Thumbprint and expiry with ours. If they agree, ask for a new link and upload a new certificate; if the directory takes only certificates of a trusted authority, use a secret.",
    ),
};
