//! Set-up scripts: the guide as Bash, PowerShell and Terraform, rendered for one link.
//!
//! A script contains no secret. Running it creates one, which it prints for the administrator.

pub(crate) mod escaping;

use askama::Template;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName};
use shared::domain::entra_app::FederatedTrust;
use shared::http::problem::{Problem, ProblemKind};
use shared::messages;
use shared::types::ids::CustomerId;
use shared::types::language::Language;
use url::Url;

/// The client id of Microsoft Graph, the same in every tenant.
const GRAPH_CLIENT_ID: &str = "00000003-0000-0000-c000-000000000000";

/// The delegated permissions of the app, with their ids, which are the same in every tenant
/// ([permissions reference](https://learn.microsoft.com/graph/permissions-reference)).
const PERMISSIONS: [GraphPermission; 5] = [
    GraphPermission { name: "openid", id: "37f7f235-527c-4136-accd-4a02d197296e" },
    GraphPermission { name: "profile", id: "14dad69e-099b-42c9-810b-d002981feec1" },
    GraphPermission { name: "offline_access", id: "7427e0e9-2fba-42fe-b0c0-848c9e6a8182" },
    GraphPermission { name: "User.Read", id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d" },
    GraphPermission { name: "OnlineMeetings.ReadWrite", id: "a65f2972-a4f8-4f5e-afd7-69ccb046d5dc" },
];

/// Without a byte order mark Windows PowerShell 5.1 does not read a file as UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

#[derive(Debug)]
struct GraphPermission {
    name: &'static str,
    id: &'static str,
}

/// A set-up script, by the tool that runs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScriptKind {
    /// Azure CLI in Bash.
    Bash,
    /// The module Microsoft.Graph.
    PowerShell,
    /// The provider azuread.
    Terraform,
}

impl ScriptKind {
    pub(crate) const ALL: [Self; 3] = [Self::Bash, Self::PowerShell, Self::Terraform];

    pub(crate) fn file_name(self) -> &'static str {
        match self {
            Self::Bash => "teams-connect.sh",
            Self::PowerShell => "teams-connect.ps1",
            Self::Terraform => "teams-connect.tf",
        }
    }

    pub(crate) fn from_file_name(name: &str) -> Result<Self, Problem> {
        Self::ALL.into_iter().find(|script| script.file_name() == name).ok_or_else(|| ProblemKind::NotFound.into())
    }
}

messages! {
    /// Texts of the scripts. Names of values are those of the form.
    pub(crate) ScriptMessages {
        purpose: "Rejestruje w Microsoft Entra ID aplikację, za pomocą której Teams Connect tworzy spotkania, i wypisuje wartości do formularza.",
            "Registers in Microsoft Entra ID the app that Teams Connect uses to create meetings, and prints the values for the form.";
        run: "Uruchomienie:", "To run it:";
        days: "liczba dni ważności klucza tajnego", "number of days the secret is valid";
        days_wrong: "Klucz tajny może być ważny od 1 do 730 dni.", "A client secret can be valid for 1 to 730 days.";
        days_of_certificate: "Certyfikat ma własną datę ważności. Liczba dni dotyczy tylko klucza tajnego.", "A certificate has its own expiry date. The number of days applies only to a secret.";
        with_certificate: "Z certyfikatem z tej samej strony zamiast klucza tajnego:", "With the certificate from the same page instead of a secret:";
        certificate_file: "plik certyfikatu z tej samej strony, zamiast klucza tajnego", "certificate file from the same page, instead of a secret";
        certificate_unreadable: "Nie można odczytać certyfikatu (skrypt używa programu openssl). Najpierw pobierz plik ze strony.", "The certificate cannot be read (the script uses openssl). Download the file from the page first.";
        with_federation: "Bez klucza tajnego i certyfikatu, z poświadczeniem federacyjnym, które nie zawiera niczego tajnego i nie wygasa:", "Without a secret or certificate, with a federated credential, which contains nothing secret and does not expire:";
        federation: "poświadczenie federacyjne zamiast klucza tajnego", "a federated credential instead of a secret";
        with_app: "Z aplikacją, która jest już w katalogu:", "With an app that is already in the directory:";
        taken: "W katalogu jest już aplikacja o tej nazwie. Mógł ją utworzyć każdy, więc skrypt jej nie użyje. Zmień jej nazwę albo ją usuń. Jeśli to Twoja aplikacja, uruchom skrypt z jej identyfikatorem:",
            "The directory already has an app with this name. Anybody could have created it, so the script will not use it. Rename or delete it. If it is yours, run the script with its ID:";
        no_such_app: "W katalogu nie ma aplikacji o tym identyfikatorze.", "There is no app with this ID in the directory.";
        adopt: "Skrypt użyje tej aplikacji. Kto ma jedno z tych poświadczeń i odbiera odpowiedzi pod jednym z tych adresów, może działać w imieniu rekruterów. Najpierw usuń wszystko, czego nie rozpoznajesz.",
            "The script will use this app. Anybody who has one of these credentials and receives responses at one of these redirect URIs can act on behalf of the recruiters. First remove whatever you do not recognize.";
        owners: "Właściciele", "Owners";
        secrets: "Klucze tajne klienta", "Client secrets";
        certificates: "Certyfikaty", "Certificates";
        federated: "Poświadczenia federacyjne", "Federated credentials";
        redirect_uris: "Identyfikatory URI przekierowania", "Redirect URIs";
        none: "brak", "none";
        confirm: "Wpisz „tak”, aby kontynuować:", "Type “yes” to continue:";
        yes: "tak", "yes";
        stopped: "Przerwano. Niczego nie zmieniono.", "Stopped. Nothing was changed.";
        credential_refused: "Microsoft nie przyjął klucza tajnego ani certyfikatu. Zasady katalogu mogą ich zabraniać, skracać ich ważność albo wymagać zaufanego urzędu certyfikacji: wybierz mniej dni lub certyfikat. Aplikacja została już utworzona, więc uruchom skrypt z jej identyfikatorem:",
            "Microsoft did not accept the secret or the certificate. A policy of the directory may forbid them, limit their lifetime or require a trusted certificate authority: choose fewer days, or use a certificate. The app now exists, so run the script with its ID:";
        federation_refused: "Microsoft nie przyjął poświadczenia federacyjnego. Zasady katalogu mogą go zabraniać: dopuść naszego wystawcę albo użyj certyfikatu lub klucza tajnego. Aplikacja została już utworzona, więc uruchom skrypt z jej identyfikatorem:",
            "Microsoft did not accept the federated credential. A policy of the directory may forbid it: allow our issuer, or use a certificate or a secret. The app now exists, so run the script with its ID:";
        federation_chosen: "W formularzu zaznacz „Bez klucza tajnego”.", "In the form, select “Without a secret”.";
        one_credential: "Wybierz jedno: klucz tajny, certyfikat albo poświadczenie federacyjne.", "Choose one: a secret, a certificate or a federated credential.";
        certificate_chosen: "W formularzu wybierz certyfikat.", "Select the certificate in the form.";
        sign_in: "Najpierw zaloguj się:", "Sign in first:";
        consent_missing: "Nie udało się udzielić zgody administratora. Zrób to w portalu: Uprawnienia interfejsu API.",
            "Admin consent could not be granted. Do it in the portal: API permissions.";
        paste: "Wklej te wartości do formularza:", "Paste these values into the form:";
        tenant: "Identyfikator katalogu (dzierżawy)", "Directory (tenant) ID";
        client_id: "Identyfikator aplikacji (klienta)", "Application (client) ID";
        client_secret: "Klucz tajny klienta: Wartość", "Client secret: Value";
        expires_on: "Wygasa", "Expires";
    }
}

macro_rules! templates {
    ($($name:ident = $path:literal;)*) => {$(
        #[derive(Template)]
        #[template(path = $path)]
        struct $name<'a> {
            messages: &'static ScriptMessages,
            redirect_uri: &'a Url,
            app_name: &'a str,
            credential_name: &'a str,
            graph_client_id: &'static str,
            permissions: &'static [GraphPermission],
            trust: Option<&'a FederatedTrust>,
        }
    )*};
}

templates! {
    BashTemplate = "setup_scripts/teams-connect.sh";
    PowerShellTemplate = "setup_scripts/teams-connect.ps1";
    TerraformTemplate = "setup_scripts/teams-connect.tf";
}

impl BashTemplate<'_> {
    /// The app's name as JSON has it, quotation marks included.
    fn name_in_json(&self) -> String {
        serde_json::Value::from(self.app_name).to_string()
    }
}

/// Renders a script that makes an app of this name, with a credential of that one.
fn render(
    script: ScriptKind,
    language: Language,
    redirect_uri: &Url,
    (app_name, credential_name): (&str, &str),
    trust: Option<&FederatedTrust>,
) -> Result<String, askama::Error> {
    let (messages, permissions, graph_client_id) =
        (ScriptMessages::of(language), PERMISSIONS.as_slice(), GRAPH_CLIENT_ID);
    match script {
        ScriptKind::Bash => {
            BashTemplate { messages, redirect_uri, app_name, credential_name, graph_client_id, permissions, trust }
                .render()
        }
        ScriptKind::PowerShell => PowerShellTemplate {
            messages,
            redirect_uri,
            app_name,
            credential_name,
            graph_client_id,
            permissions,
            trust,
        }
        .render()
        .map(|text| format!("{BYTE_ORDER_MARK}{text}")),
        ScriptKind::Terraform => {
            TerraformTemplate { messages, redirect_uri, app_name, credential_name, graph_client_id, permissions, trust }
                .render()
        }
    }
}

/// The file name of the certificate, which the scripts expect in their folder.
pub(crate) const CERTIFICATE: &str = "teams-connect.cer";

/// The media type of a certificate as text (RFC 7468), registered by RFC 8555 §9.1.
pub(crate) const CERTIFICATE_TYPE: &str = "application/pem-certificate-chain";

/// A response that the browser saves as a file.
pub(crate) type FileDownload = ([(HeaderName, String); 2], String);

/// Makes a response of a file name, a media type and a text.
pub(crate) fn attachment(name: &str, media_type: &str, text: String) -> FileDownload {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, disposition)], text)
}

/// Renders a script as a file to save. It makes the app of this customer, by the name of this ATS; if it is asked to, with a
/// federated credential of these values instead of a secret.
pub(crate) fn download_script(
    script: ScriptKind,
    language: Language,
    redirect_uri: &Url,
    (ats, customer): (&str, &CustomerId),
    trust: Option<&FederatedTrust>,
) -> Result<FileDownload, Problem> {
    let app_name = format!("{ats} ({customer})");
    let text = render(script, language, redirect_uri, (&app_name, ats), trust)
        .map_err(|error| Problem::from(ProblemKind::Internal).with_cause(error))?;
    Ok(attachment(script.file_name(), "text/plain; charset=utf-8", text))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    const HOSTILE_NAME: &str = "O'Neil \"Kadry\" \\ & $(exit 7)`exit` ${HOME} (kadry)";

    fn rendered(script: ScriptKind, redirect_uri: &str) -> String {
        render(script, Language::Pl, &redirect_uri.parse().unwrap(), (HOSTILE_NAME, "Kadry"), None).unwrap()
    }

    #[test]
    fn every_file_has_the_redirect_uri_and_every_permission_by_its_id() {
        for script in ScriptKind::ALL {
            let text = rendered(script, "https://teams.ats.example/oauth/callback");
            assert!(text.contains("https://teams.ats.example/oauth/callback"), "{script:?}");
            for GraphPermission { name, id } in PERMISSIONS {
                assert!(text.contains(name) && text.contains(id), "{script:?}: {name}");
            }
        }
    }

    #[test]
    fn bash_has_a_hostile_name_as_json_and_as_a_filter_of_odata() {
        let script = rendered(ScriptKind::Bash, "https://teams.ats.example/oauth/callback");
        let names: Vec<&str> = script.lines().filter(|line| line.starts_with("name")).collect();
        let filter = script.lines().find_map(|line| line.split("--filter ").nth(1)).unwrap();
        let filter = filter.split(" --query").next().unwrap();
        let show = format!("quote=\"'\"\n{}\nprintf '%s\\n' \"$name_in_json\" {filter}", names.join("\n"));
        let output = Command::new("bash").args(["-c", &show]).output().unwrap();
        let output = String::from_utf8(output.stdout).unwrap();
        let (json, filter) = output.trim_end().split_once('\n').unwrap();
        assert_eq!(serde_json::from_str::<String>(json).unwrap(), HOSTILE_NAME);
        assert_eq!(filter, format!("displayName eq '{}'", HOSTILE_NAME.replace('\'', "''")));
    }

    #[test]
    fn bash_reads_a_hostile_redirect_uri_as_the_text_that_it_is() {
        let hostile = "https://x.example/'$(exit%207)`exit`\\\"${HOME}";
        let parsed: Url = hostile.parse().unwrap();
        let script = rendered(ScriptKind::Bash, hostile);
        let line = script.lines().find(|line| line.starts_with("redirect_uri=")).unwrap();
        let output =
            Command::new("bash").args(["-c", &format!("{line}\nprintf %s \"$redirect_uri\"")]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), parsed.as_str());
    }
}
