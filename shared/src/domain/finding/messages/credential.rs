//! Messages about secret, certificate and expiry.

use crate::domain::finding::kind::Message;
use crate::types::text::Text;

pub(super) const SECRET_MISSING: Message<Text> = Message {
    title: Text::new("Brakuje klucza tajnego klienta.", "The client secret is missing."),
    remedy: Text::new(
        "Certyfikaty i klucze tajne (Certificates & secrets) → Nowy klucz tajny klienta (New client secret) → skopiuj zawartość kolumny „Wartość” (Value).",
        "Certificates & secrets → New client secret → copy the contents of the “Value” column.",
    ),
};

pub(super) const SECRET_IS_SECRET_ID: Message<Text> = Message {
    title: Text::new(
        "To jest „Identyfikator klucza tajnego” (Secret ID), a nie jego wartość.",
        "This is the “Secret ID”, not the value of the secret.",
    ),
    remedy: Text::new(
        "Skopiuj zawartość kolumny „Wartość” (Value). Portal pokazuje ją tylko raz; jeśli już jej nie widać, utwórz nowy klucz tajny.",
        "Copy the contents of the “Value” column. The portal shows the value only once; if you can no longer see it, create a new secret.",
    ),
};

pub(super) const SECRET_IS_MASKED: Message<Text> = Message {
    title: Text::new("Ta wartość jest zamaskowana gwiazdkami.", "This value is masked with asterisks."),
    remedy: Text::new(
        "Portal pokazuje pełną wartość tylko zaraz po utworzeniu klucza. Utwórz nowy klucz tajny i skopiuj jego „Wartość” (Value).",
        "The portal shows the full value only right after the secret is created. Create a new secret and copy its “Value”.",
    ),
};

pub(super) const SECRET_HAS_STRANGE_CHARACTERS: Message<Text> = Message {
    title: Text::new(
        "Wartość zawiera spacje lub niewidoczne znaki.",
        "The value contains spaces or invisible characters.",
    ),
    remedy: Text::new(
        "Skopiuj „Wartość” (Value) przyciskiem kopiowania w portalu i wklej ją jeszcze raz, bez cudzysłowów.",
        "Copy the “Value” with the portal's copy button and paste it again, without quotation marks.",
    ),
};

pub(super) const SECRET_MALFORMED: Message<Text> = Message {
    title: Text::new("To nie wygląda na wartość klucza tajnego.", "This does not look like the value of a secret."),
    remedy: Text::new(
        "Skopiuj zawartość kolumny „Wartość” (Value) ze strony Certyfikaty i klucze tajne (Certificates & secrets); ma ona zwykle 40 znaków.",
        "Copy the contents of the “Value” column on the Certificates & secrets page; a value usually has 40 characters.",
    ),
};

pub(super) const SECRET_WRONG: Message<Text> = Message {
    title: Text::new("Microsoft odrzucił tę wartość klucza tajnego.", "Microsoft rejected this secret."),
    remedy: Text::new(
        "Sprawdź, czy to „Wartość” (Value), a nie „Identyfikator klucza tajnego” (Secret ID), i czy klucz należy do tej aplikacji. W razie wątpliwości utwórz nowy klucz.",
        "Make sure that this is the “Value”, not the “Secret ID”, and that the secret belongs to this app. If in doubt, create a new secret.",
    ),
};

pub(super) const SECRET_EXPIRED: Message<Text> = Message {
    title: Text::new("Klucz tajny klienta wygasł.", "The client secret has expired."),
    remedy: Text::new(
        "Certyfikaty i klucze tajne (Certificates & secrets) → Nowy klucz tajny klienta (New client secret); podaj nową „Wartość” (Value).",
        "Certificates & secrets → New client secret; enter the new “Value”.",
    ),
};

pub(super) const EXPIRY_MALFORMED: Message<Text> = Message {
    title: Text::new("To nie jest poprawna data.", "This is not a valid date."),
    remedy: Text::new(
        "Wpisz datę w postaci RRRR-MM-DD albo zostaw pole puste.",
        "Enter the date as YYYY-MM-DD, or leave the field empty.",
    ),
};

pub(super) const EXPIRY_IN_THE_PAST: Message<Text> = Message {
    title: Text::new("Data wygaśnięcia już minęła.", "The expiry date has passed."),
    remedy: Text::new(
        "Przepisz datę z kolumny „Wygasa” (Expires) na liście kluczy tajnych; jeśli klucz wygasł, utwórz nowy.",
        "Copy the date from the “Expires” column in the list of secrets; if the secret has expired, create a new one.",
    ),
};

pub(super) const CONTACT_MALFORMED: Message<Text> = Message {
    title: Text::new("To nie jest jeden adres e-mail.", "This is not a single e-mail address."),
    remedy: Text::new(
        "Wpisz jeden adres, np. it@firma.example, albo zostaw pole puste.",
        "Enter one address, such as it@company.example, or leave the field empty.",
    ),
};

pub(super) const EXPIRES_SOON: Message<Text> = Message {
    title: Text::new(
        "Klucz tajny lub certyfikat aplikacji wkrótce wygaśnie.",
        "The app's secret or certificate will expire soon.",
    ),
    remedy: Text::new(
        "Utwórz i przekaż nowy, zanim obecny przestanie działać.",
        "Create a new one and submit it before the current one stops working.",
    ),
};

pub(super) const EXPIRY_UNKNOWN: Message<Text> = Message {
    title: Text::new("Nie podano daty wygaśnięcia klucza tajnego.", "No expiry date was given for the secret."),
    remedy: Text::new(
        "Bez tej daty nie możemy uprzedzić, że klucz wygasa. Znajdziesz ją w kolumnie „Wygasa” (Expires) na liście kluczy tajnych.",
        "Without it, we cannot warn anybody before the secret expires. You can find it in the “Expires” column in the list of secrets.",
    ),
};

pub(super) const COULD_NOT_BE_CHECKED: Message<Text> = Message {
    title: Text::new(
        "Microsoft nie potwierdził ani nie odrzucił tych danych.",
        "Microsoft neither confirmed nor rejected these values.",
    ),
    remedy: Text::new(
        "Dane zostały zapisane. Przetestuj logowanie: test da ostateczną odpowiedź.",
        "They have been stored. Test sign-in: the test gives a definite answer.",
    ),
};

pub(super) const CREDENTIAL_REFUSED: Message<Text> = Message {
    title: Text::new("Microsoft odrzucił klucz tajny aplikacji.", "Microsoft rejected the app's secret."),
    remedy: Text::new(
        "Utwórz nowy klucz tajny na stronie Certyfikaty i klucze tajne (Certificates & secrets) i podaj jego „Wartość” (Value).",
        "Create a new secret under Certificates & secrets and enter its “Value”.",
    ),
};

pub(super) const CERTIFICATE_NOT_REGISTERED: Message<Text> = Message {
    title: Text::new(
        "Certyfikat nie jest zarejestrowany w aplikacji albo został unieważniony.",
        "The certificate is not registered for the app, or it has been revoked.",
    ),
    remedy: Text::new(
        "Certyfikaty i klucze tajne (Certificates & secrets) → Certyfikaty (Certificates) → Przekaż certyfikat (Upload certificate): wgraj plik pobrany z naszej strony. Jeśli certyfikat już tam jest, porównaj odcisk palca (Thumbprint), odczekaj minutę i spróbuj ponownie.",
        "Certificates & secrets → Certificates → Upload certificate: choose the file downloaded from our page. If the certificate is already there, compare the Thumbprint, wait a minute and try again.",
    ),
};

pub(super) const CERTIFICATE_MISSING: Message<Text> = Message {
    title: Text::new("Nie ma jeszcze certyfikatu.", "There is no certificate yet."),
    remedy: Text::new(
        "Utwórz go na tej stronie, wgraj pobrany plik w portalu i wyślij formularz ponownie.",
        "Create one on this page, upload the file in the portal and submit the form again.",
    ),
};

pub(super) const CERTIFICATE_EXPIRED: Message<Text> = Message {
    title: Text::new("Certyfikat aplikacji wygasł.", "The app's certificate has expired."),
    remedy: Text::new(
        "Poproś o nowy link, utwórz tam nowy certyfikat i wgraj go na stronie Certyfikaty i klucze tajne (Certificates & secrets).",
        "Ask for a new link, create a new certificate on that page and upload it under Certificates & secrets.",
    ),
};

pub(super) const CERTIFICATE_REFUSED: Message<Text> = Message {
    title: Text::new("Microsoft odrzucił certyfikat aplikacji.", "Microsoft rejected the app's certificate."),
    remedy: Text::new(
        "Certyfikaty i klucze tajne (Certificates & secrets) → Certyfikaty (Certificates): porównaj odcisk palca (Thumbprint) i datę wygaśnięcia z naszymi. Jeśli się zgadzają, poproś o nowy link i wgraj nowy certyfikat. Jeśli katalog przyjmuje tylko certyfikaty zaufanego urzędu certyfikacji, użyj klucza tajnego.",
        "Certificates & secrets → Certificates: compare the Thumbprint and the expiry date with ours. If they match, ask for a new link and upload a new certificate. If the directory accepts only certificates from a trusted certificate authority, use a client secret.",
    ),
};
