//! The sentences of the doctor. Names of places are the portal's own, in the portal's own language.

use super::{Kind, Words};
use crate::language::Language;

fn say(language: Language, polish: [&'static str; 2], english: [&'static str; 2]) -> Words {
    let [what, remedy] = language.of(polish, english);
    Words { what, remedy }
}

pub(super) fn words(kind: Kind, language: Language) -> Words {
    match kind {
        Kind::TenantMissing
        | Kind::TenantMalformed
        | Kind::TenantIsEveryTenant
        | Kind::TenantIsUrl
        | Kind::TenantIsEmail
        | Kind::TenantNotFound
        | Kind::TenantUnexpected
        | Kind::TenantDiffers => of_the_tenant(kind, language),
        Kind::ClientIdMissing
        | Kind::ClientIdMalformed
        | Kind::ClientIdIsTenant
        | Kind::ClientIdIsMicrosofts
        | Kind::AppNotFound
        | Kind::AppDisabled
        | Kind::AppIsPublicClient => of_the_app(kind, language),
        Kind::SecretMissing
        | Kind::SecretIsSecretId
        | Kind::SecretIsMasked
        | Kind::SecretHasStrangeCharacters
        | Kind::SecretMalformed
        | Kind::SecretWrong
        | Kind::SecretExpired
        | Kind::CredentialRefused
        | Kind::ExpiryMalformed
        | Kind::ExpiryInThePast
        | Kind::ExpiresSoon
        | Kind::CouldNotBeChecked => of_the_secret(kind, language),
        Kind::ConsentMissing
        | Kind::AdminApprovalNeeded
        | Kind::UserNotAssigned
        | Kind::PermissionMissing
        | Kind::NoRefreshToken
        | Kind::BlockedByPolicy
        | Kind::UserDisabled
        | Kind::UserGone
        | Kind::TeamsNotAvailable => of_the_directory(kind, language),
        Kind::SignInDeclined
        | Kind::AccountOfAnotherTenant
        | Kind::DifferentAccount
        | Kind::MfaNeeded
        | Kind::SignInFrequency
        | Kind::SignInExpired => of_the_recruiter(kind, language),
    }
}

fn of_the_tenant(kind: Kind, language: Language) -> Words {
    match kind {
        Kind::TenantMissing => say(
            language,
            [
                "Brakuje identyfikatora katalogu (dzierżawy).",
                "Skopiuj „Identyfikator katalogu (dzierżawy)” ze strony Przegląd rejestracji aplikacji.",
            ],
            [
                "The directory (tenant) ID is missing.",
                "Copy “Directory (tenant) ID” from the Overview page of the app registration.",
            ],
        ),
        Kind::TenantIsEveryTenant => say(
            language,
            [
                "To słowo oznacza wszystkie dzierżawy, a nie Państwa dzierżawę.",
                "Wklej GUID „Identyfikator katalogu (dzierżawy)” ze strony Przegląd rejestracji aplikacji.",
            ],
            [
                "This stands for every tenant, not for yours.",
                "Paste the GUID “Directory (tenant) ID” from the Overview page of the app registration.",
            ],
        ),
        Kind::TenantIsUrl => say(
            language,
            [
                "To jest adres strony, a nie identyfikator katalogu.",
                "Wklej sam GUID „Identyfikator katalogu (dzierżawy)” albo domenę, np. firma.onmicrosoft.com.",
            ],
            [
                "This is a web address, not a directory ID.",
                "Paste only the GUID “Directory (tenant) ID”, or a domain such as company.onmicrosoft.com.",
            ],
        ),
        Kind::TenantIsEmail => say(
            language,
            [
                "To jest adres e-mail, a nie identyfikator katalogu.",
                "Wklej GUID „Identyfikator katalogu (dzierżawy)” albo samą domenę, bez nazwy użytkownika i znaku @.",
            ],
            [
                "This is an e-mail address, not a directory ID.",
                "Paste the GUID “Directory (tenant) ID”, or the domain alone, without the user name and the @.",
            ],
        ),
        Kind::TenantNotFound => say(
            language,
            [
                "Microsoft nie zna takiego katalogu.",
                "Porównaj wartość z polem „Identyfikator katalogu (dzierżawy)” na stronie Przegląd. Katalogi chmur \
                 krajowych (US Gov, Chiny) nie są obsługiwane pod tym adresem.",
            ],
            [
                "Microsoft knows no such directory.",
                "Compare the value with “Directory (tenant) ID” on the Overview page. Directories of national clouds \
                 (US Gov, China) are not served at this address.",
            ],
        ),
        Kind::TenantUnexpected => say(
            language,
            [
                "To nie jest katalog firmy, dla której utworzono ten link.",
                "Podaj katalog, do którego należy domena firmy, albo poproś o link dla innej domeny.",
            ],
            [
                "This is not the directory of the company that this link was made for.",
                "Give the directory that the company's domain belongs to, or ask for a link for another domain.",
            ],
        ),
        Kind::TenantDiffers => say(
            language,
            [
                "Ta firma korzysta już z innego katalogu.",
                "Link nie może zmienić katalogu. Poproś dostawcę systemu ATS, aby najpierw usunął obecną konfigurację.",
            ],
            [
                "This company works with another directory already.",
                "A link cannot change the directory. Ask the ATS vendor to remove the present configuration first.",
            ],
        ),
        _ => say(
            language,
            [
                "To nie jest ani GUID, ani domena.",
                "Wklej „Identyfikator katalogu (dzierżawy)” w postaci 8-4-4-4-12 znaków albo zweryfikowaną domenę, np. \
                 firma.onmicrosoft.com.",
            ],
            [
                "This is neither a GUID nor a domain.",
                "Paste “Directory (tenant) ID” in its form of 8-4-4-4-12 digits, or a verified domain such as \
                 company.onmicrosoft.com.",
            ],
        ),
    }
}

fn of_the_app(kind: Kind, language: Language) -> Words {
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

fn of_the_secret(kind: Kind, language: Language) -> Words {
    match kind {
        Kind::SecretMissing => say(
            language,
            [
                "Brakuje wpisu tajnego klienta.",
                "Certyfikaty i klucze tajne → Nowy klucz tajny klienta → skopiuj kolumnę „Wartość”.",
            ],
            ["The client secret is missing.", "Certificates & secrets → New client secret → copy the column “Value”."],
        ),
        Kind::SecretIsSecretId => say(
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
        Kind::SecretIsMasked => say(
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
        Kind::SecretHasStrangeCharacters => say(
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
        Kind::SecretWrong => say(
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
        Kind::SecretExpired => say(
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
        Kind::CredentialRefused => say(
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
        Kind::ExpiryMalformed => say(
            language,
            ["Data wygaśnięcia nie jest datą.", "Podaj datę w postaci RRRR-MM-DD albo zostaw pole puste."],
            ["The expiry date is not a date.", "Give the date as YYYY-MM-DD, or leave the field empty."],
        ),
        Kind::ExpiryInThePast => say(
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
        Kind::ExpiresSoon => say(
            language,
            ["Klucz tajny wkrótce wygaśnie.", "Utwórz nowy klucz tajny i przekaż go, zanim obecny przestanie działać."],
            ["The secret expires soon.", "Create a new secret and hand it over before this one stops working."],
        ),
        Kind::CouldNotBeChecked => say(
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

fn of_the_directory(kind: Kind, language: Language) -> Words {
    match kind {
        Kind::ConsentMissing => say(
            language,
            [
                "Aplikacja nie ma zgody na potrzebne uprawnienia.",
                "Uprawnienia interfejsu API → Udziel zgody administratora dla katalogu.",
            ],
            [
                "The app lacks consent to the permissions it needs.",
                "API permissions → Grant admin consent for the directory.",
            ],
        ),
        Kind::AdminApprovalNeeded => say(
            language,
            [
                "Katalog wymaga zgody administratora.",
                "Uprawnienia interfejsu API → Udziel zgody administratora; potem rekruter loguje się ponownie.",
            ],
            [
                "The directory demands an administrator's approval.",
                "API permissions → Grant admin consent; then the recruiter signs in again.",
            ],
        ),
        Kind::UserNotAssigned => say(
            language,
            [
                "Użytkownik nie jest przypisany do aplikacji.",
                "Aplikacje dla przedsiębiorstw → aplikacja → Użytkownicy i grupy: przypisz rekrutera, albo wyłącz „Wymagane \
                 przypisanie”.",
            ],
            [
                "The user is not assigned to the app.",
                "Enterprise applications → the app → Users and groups: assign the recruiter, or set “Assignment \
                 required?” to No.",
            ],
        ),
        Kind::PermissionMissing => say(
            language,
            [
                "Brakuje uprawnienia OnlineMeetings.ReadWrite lub User.Read.",
                "Uprawnienia interfejsu API → Dodaj uprawnienie → Microsoft Graph → Delegowane; potem udziel zgody \
                 administratora.",
            ],
            [
                "The permission OnlineMeetings.ReadWrite or User.Read is missing.",
                "API permissions → Add a permission → Microsoft Graph → Delegated permissions; then grant admin consent.",
            ],
        ),
        Kind::NoRefreshToken => say(
            language,
            [
                "Microsoft nie wydał tokenu odświeżania.",
                "Dodaj delegowane uprawnienie offline_access i udziel zgody administratora.",
            ],
            [
                "Microsoft issued no refresh token.",
                "Add the delegated permission offline_access and grant admin consent.",
            ],
        ),
        Kind::BlockedByPolicy => say(
            language,
            [
                "Zasada dostępu warunkowego blokuje logowanie.",
                "Dzienniki logowania → nieudane logowanie → Dostęp warunkowy pokazuje zasadę. Wyklucz z niej aplikację \
                 albo dopuść jej adresy.",
            ],
            [
                "A Conditional Access policy blocks the sign-in.",
                "Sign-in logs → the failed sign-in → Conditional Access shows the policy. Exclude the app from it, or \
                 allow its addresses.",
            ],
        ),
        Kind::UserDisabled => say(
            language,
            [
                "Konto rekrutera jest wyłączone.",
                "Użytkownicy → konto → Edytuj właściwości → „Konto włączone”; albo połącz innego rekrutera.",
            ],
            [
                "The recruiter's account is disabled.",
                "Users → the account → Edit properties → “Account enabled”; or connect another recruiter.",
            ],
        ),
        Kind::UserGone => say(
            language,
            [
                "Konta rekrutera nie ma już w katalogu.",
                "Połącz innego rekrutera albo przywróć konto w Użytkownicy → Usunięci użytkownicy.",
            ],
            [
                "The recruiter's account is no longer in the directory.",
                "Connect another recruiter, or restore the account under Users → Deleted users.",
            ],
        ),
        _ => say(
            language,
            [
                "Microsoft nie pozwala temu użytkownikowi tworzyć spotkań Teams.",
                "Sprawdź licencję z usługą Microsoft Teams, zasady spotkań użytkownika i to, że konto nie jest gościem.",
            ],
            [
                "Microsoft does not let this user create Teams meetings.",
                "Check for a licence with Microsoft Teams, the user's meeting policy, and that the account is no guest.",
            ],
        ),
    }
}

fn of_the_recruiter(kind: Kind, language: Language) -> Words {
    match kind {
        Kind::SignInDeclined => say(
            language,
            ["Logowanie zostało odrzucone.", "Otwórz link jeszcze raz i zaakceptuj uprawnienia."],
            ["The sign-in was declined.", "Open the link again and accept the permissions."],
        ),
        Kind::AccountOfAnotherTenant => say(
            language,
            [
                "To konto należy do innego katalogu.",
                "Wyloguj się z konta Microsoft i zaloguj kontem służbowym tej firmy.",
            ],
            [
                "This account belongs to another directory.",
                "Sign out of Microsoft and sign in with this company's work account.",
            ],
        ),
        Kind::DifferentAccount => say(
            language,
            [
                "To inne konto niż to, które było połączone.",
                "Zaloguj się dotychczasowym kontem, albo najpierw rozłącz rekrutera i połącz go na nowo.",
            ],
            [
                "This is another account than the one that was connected.",
                "Sign in with the former account, or disconnect the recruiter first and connect again.",
            ],
        ),
        Kind::MfaNeeded => say(
            language,
            ["Microsoft żąda weryfikacji wieloskładnikowej.", "Połącz się ponownie i potwierdź logowanie."],
            ["Microsoft demands multi-factor authentication.", "Connect again and confirm the sign-in."],
        ),
        Kind::SignInFrequency => say(
            language,
            [
                "Zasada katalogu ogranicza czas trwania logowania.",
                "Połącz się ponownie. Administrator może złagodzić częstotliwość logowania dla tej aplikacji.",
            ],
            [
                "A policy of the directory limits how long a sign-in lasts.",
                "Connect again. An administrator can relax the sign-in frequency for this app.",
            ],
        ),
        _ => say(
            language,
            ["Logowanie wygasło albo zostało unieważnione.", "Poproś rekrutera, aby połączył się ponownie."],
            ["The sign-in has expired or was revoked.", "Ask the recruiter to connect again."],
        ),
    }
}
