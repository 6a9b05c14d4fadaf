//! The kit: files that do what the guide tells, made for one link. They hold no secret; who runs them gets one.

pub(crate) mod escaping;

use askama::Template;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderName};
use shared::http::problem::{Problem, ProblemKind};
use shared::sentences;
use shared::types::ids::CustomerId;
use shared::types::language::Language;
use url::Url;

/// Microsoft Graph, the same in every tenant.
const GRAPH: &str = "00000003-0000-0000-c000-000000000000";

/// What the app may do for whoever signs in: delegated permissions, by their ids in every tenant
/// ([permissions reference](https://learn.microsoft.com/graph/permissions-reference)).
const PERMISSIONS: [GraphPermission; 5] = [
    GraphPermission { name: "openid", id: "37f7f235-527c-4136-accd-4a02d197296e" },
    GraphPermission { name: "profile", id: "14dad69e-099b-42c9-810b-d002981feec1" },
    GraphPermission { name: "offline_access", id: "7427e0e9-2fba-42fe-b0c0-848c9e6a8182" },
    GraphPermission { name: "User.Read", id: "e1fe6dd8-ba31-4d61-89e7-88639da4683d" },
    GraphPermission { name: "OnlineMeetings.ReadWrite", id: "a65f2972-a4f8-4f5e-afd7-69ccb046d5dc" },
];

/// Windows PowerShell 5.1 reads UTF-8 as such only behind this mark.
const BYTE_ORDER_MARK: &str = "\u{feff}";

#[derive(Debug)]
struct GraphPermission {
    name: &'static str,
    id: &'static str,
}

/// A file of the kit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScriptKind {
    /// For Azure CLI.
    Bash,
    /// For the module Microsoft.Graph.
    PowerShell,
    /// For the provider azuread.
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
        Self::ALL.into_iter().find(|file| file.file_name() == name).ok_or_else(|| ProblemKind::NotFound.into())
    }
}

sentences! {
    /// What the files say. Where the administrator pastes it, the form says the same.
    pub(crate) ScriptMessages {
        purpose: "Rejestruje w Microsoft Entra ID aplikację, którą Teams Connect tworzy spotkania, i wypisuje trzy wartości do formularza.",
            "Registers the app in Microsoft Entra ID with which Teams Connect makes meetings, and prints the three values of the form.";
        run: "Uruchomienie:", "To run it:";
        months: "na ile miesięcy klucz tajny", "for how many months the secret";
        months_wrong: "Klucz tajny może być ważny od 1 do 24 miesięcy.", "A client secret lasts from 1 to 24 months.";
        with_certificate: "Z certyfikatem z tej samej strony zamiast klucza tajnego:", "With the certificate of the same page in place of a secret:";
        certificate_file: "plik certyfikatu z tej samej strony; wtedy bez klucza tajnego", "the file of the certificate of the same page; then there is no secret";
        certificate_missing: "Nie ma takiego pliku. Najpierw pobierz certyfikat ze strony.", "There is no such file. Download the certificate from the page first.";
        certificate_chosen: "W formularzu wybierz certyfikat.", "In the form choose the certificate.";
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
            words: &'static ScriptMessages,
            redirect_uri: &'a Url,
            name: &'a str,
            graph: &'static str,
            permissions: &'static [GraphPermission],
        }
    )*};
}

templates! {
    BashTemplate = "setup_scripts/teams-connect.sh";
    PowerShellTemplate = "setup_scripts/teams-connect.ps1";
    TerraformTemplate = "setup_scripts/teams-connect.tf";
}

/// The file's text.
fn render(
    file: ScriptKind,
    language: Language,
    redirect_uri: &Url,
    customer: &CustomerId,
) -> Result<String, askama::Error> {
    let (words, permissions, graph) = (ScriptMessages::of(language), PERMISSIONS.as_slice(), GRAPH);
    let name = &format!("Teams Connect ({customer})");
    match file {
        ScriptKind::Bash => BashTemplate { words, redirect_uri, name, graph, permissions }.render(),
        ScriptKind::PowerShell => PowerShellTemplate { words, redirect_uri, name, graph, permissions }
            .render()
            .map(|script| format!("{BYTE_ORDER_MARK}{script}")),
        ScriptKind::Terraform => TerraformTemplate { words, redirect_uri, name, graph, permissions }.render(),
    }
}

/// What the certificate is called beside the scripts that register it.
pub(crate) const CERTIFICATE: &str = "teams-connect.cer";

/// RFC 8555 §9.1 registers it for certificates in the format of RFC 7468.
pub(crate) const CERTIFICATE_TYPE: &str = "application/pem-certificate-chain";

/// A file to be kept, not shown.
pub(crate) type FileDownload = ([(HeaderName, String); 2], String);

/// A file of this name and type.
pub(crate) fn attachment(name: &str, media_type: &str, text: String) -> FileDownload {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, media_type.to_owned()), (CONTENT_DISPOSITION, disposition)], text)
}

pub(crate) fn download_script(
    file: ScriptKind,
    language: Language,
    redirect_uri: &Url,
    customer: &CustomerId,
) -> Result<FileDownload, Problem> {
    let text = render(file, language, redirect_uri, customer)
        .map_err(|error| Problem::from(ProblemKind::Internal).with_cause(error))?;
    Ok(attachment(file.file_name(), "text/plain; charset=utf-8", text))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    fn written(file: ScriptKind, redirect_uri: &str) -> String {
        render(file, Language::Pl, &redirect_uri.parse().unwrap(), &"kadry".parse().unwrap()).unwrap()
    }

    #[test]
    fn every_file_has_the_redirect_uri_and_every_permission_by_its_id() {
        for file in ScriptKind::ALL {
            let text = written(file, "https://teams.ats.example/oauth/callback");
            assert!(text.contains("https://teams.ats.example/oauth/callback"), "{file:?}");
            for GraphPermission { name, id } in PERMISSIONS {
                assert!(text.contains(name) && text.contains(id), "{file:?}: {name}");
            }
        }
    }

    #[test]
    fn bash_reads_a_hostile_redirect_uri_as_the_text_that_it_is() {
        let hostile = "https://x.example/'$(exit%207)`exit`\\\"${HOME}";
        let parsed: Url = hostile.parse().unwrap();
        let script = written(ScriptKind::Bash, hostile);
        let line = script.lines().find(|line| line.starts_with("redirect_uri=")).unwrap();
        let output =
            Command::new("bash").args(["-c", &format!("{line}\nprintf %s \"$redirect_uri\"")]).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), parsed.as_str());
    }
}
