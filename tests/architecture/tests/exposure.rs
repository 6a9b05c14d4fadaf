//! Secrets: where one may be read, what their types may do, and who may name AWS.

use std::collections::BTreeSet;

use architecture::rust::{Kind, Token, attribute, closing, tokens, without_tests};
use architecture::{module, tree, verdict};

const EXPLAINED: &str = "CONTRIBUTING.md, 'Habits'";

/// Where a value leaves for Microsoft or for the vault, is sealed, or is hashed.
const MAY_EXPOSE: [&str; 5] = [
    "shared/src/adapters/microsoft/",
    "shared/src/adapters/vault/",
    "shared/src/types/sealing.rs",
    "shared/src/domain/api_key.rs",
    "shared/src/types/secret.rs",
];

/// The one file that knows how secrets are held in memory.
const HOLDS_SECRETS: &str = "shared/src/types/secret.rs";

/// What the secrets' macro may implement. Nothing that prints, compares, copies or writes a value.
const MAY_BE_IMPLEMENTED: [&str; 4] = ["Debug", "Deserialize", "From", "Secret"];

/// The doors to AWS: its secrets, its queue, a function of ours, and how the calls of them leave.
const NAME_AWS: [&str; 3] = [
    "shared/src/adapters/vault/backend/secrets_manager",
    "shared/src/adapters/event_queue/sqs.rs",
    "shared/src/adapters/http_client/aws",
];

/// The code that ships.
const SHIPPED: [&str; 3] = ["shared/", "functions/", "infra/"];

fn words<'a>(tokens: &'a [Token], wanted: impl Fn(&str) -> bool + 'a) -> impl Iterator<Item = &'a Token> {
    tokens.iter().filter(move |token| token.kind == Kind::Word && wanted(&token.text))
}

/// Where a file that ships reads a secret without being one that may.
fn exposures(path: &str, text: &str) -> Result<Vec<String>, String> {
    let shipped = without_tests(&tokens(text)?);
    let mut faults = Vec::new();
    if !MAY_EXPOSE.iter().any(|place| path.starts_with(place)) {
        let places = words(&shipped, |word| word == "expose");
        faults.extend(places.map(|at| format!("{path}:{}: `expose`: a secret may not leave here", at.line)));
    }
    if path != HOLDS_SECRETS {
        let inner = |word: &str| word.starts_with("ExposeSecret") || word.starts_with("expose_secret");
        let places = words(&shipped, inner);
        faults.extend(places.map(|at| format!("{path}:{}: `{}`: only in {HOLDS_SECRETS}", at.line, at.text)));
    }
    Ok(faults)
}

/// The tokens in the brackets that follow `secret_type!` and `macro_rules! secret_type`.
fn macro_bodies(tokens: &[Token]) -> (Vec<&[Token]>, Vec<&[Token]>) {
    let (mut uses, mut definitions) = (Vec::new(), Vec::new());
    for at in (0..tokens.len()).filter(|at| tokens[*at].is_word("secret_type")) {
        let is_use = tokens.get(at + 1).is_some_and(|token| token.is_mark("!"));
        let open = at + 1 + usize::from(is_use);
        let body = tokens.get(open + 1..closing(tokens, open)).unwrap_or_default();
        if is_use { uses.push(body) } else { definitions.push(body) }
    }
    (uses, definitions)
}

/// The names of the secret types.
fn secret_types(text: &str) -> Result<BTreeSet<String>, String> {
    let tokens = tokens(text)?;
    let (uses, _) = macro_bodies(&tokens);
    Ok(uses.iter().filter_map(|body| body.last()).map(|name| name.text.clone()).collect())
}

/// `impl Trait for Type`: trait, type, line. The type made by a macro is `$name`.
fn implementations(tokens: &[Token]) -> Vec<(String, String, usize)> {
    let starts = (0..tokens.len()).filter(|at| tokens[*at].is_word("impl"));
    let read = |at: usize| {
        let (mut depth, mut name, mut for_trait) = (0_usize, None, None);
        for (at, token) in tokens.iter().enumerate().skip(at + 1) {
            let word = token.kind == Kind::Word;
            match token.text.as_str() {
                "<" => depth += 1,
                ">" => depth = depth.saturating_sub(1),
                "for" if depth == 0 && !tokens.get(at + 1)?.is_mark("<") => for_trait = name.take(),
                "{" | ";" | "where" | "(" | ")" | "," | "=" if depth == 0 => break,
                made if word && depth == 0 && tokens[at - 1].is_mark("$") => name = Some(format!("${made}")),
                plain if word && depth == 0 => name = Some(plain.to_owned()),
                _ => {}
            }
        }
        Some((for_trait?, name?, tokens[at].line))
    };
    starts.filter_map(read).collect()
}

/// What would let a secret be printed, compared, copied or written: derived or implemented, by the macro or elsewhere.
fn talkative(path: &str, text: &str, secrets: &BTreeSet<String>) -> Result<Vec<String>, String> {
    let tokens = tokens(text)?;
    let (uses, definitions) = macro_bodies(&tokens);
    let mut faults = Vec::new();
    for body in uses.iter().chain(&definitions) {
        let derives = words(body, |word| word == "derive");
        faults.extend(derives.map(|at| format!("{path}:{}: a secret type derives nothing", at.line)));
    }
    for (name, target, line) in definitions.iter().flat_map(|body| implementations(body)) {
        if !target.starts_with('$') || !MAY_BE_IMPLEMENTED.contains(&name.as_str()) {
            faults.push(format!("{path}:{line}: a secret type does not implement `{name}` for `{target}`"));
        }
    }
    for (name, target, line) in implementations(&tokens) {
        if secrets.contains(&target) {
            faults.push(format!("{path}:{line}: nobody implements `{name}` for `{target}` beside its macro"));
        }
    }
    let structs = (1..tokens.len()).filter(|at| tokens[at - 1].is_word("struct") || tokens[at - 1].is_word("enum"));
    for name in structs.map(|at| &tokens[at]).filter(|name| secrets.contains(&name.text)) {
        faults.push(format!("{path}:{}: `{}` is the name of a secret type", name.line, name.text));
    }
    Ok(faults)
}

/// Names of the crates of AWS outside of its door; tests are no exception.
fn names_of_aws(path: &str, text: &str) -> Result<Vec<String>, String> {
    const CRATES: [&str; 7] =
        ["aws_sdk_", "aws_config", "aws_smithy", "aws_credential_types", "aws_types", "aws_runtime", "aws_sigv4"];
    if NAME_AWS.iter().any(|door| path.starts_with(door)) {
        return Ok(Vec::new());
    }
    let tokens = tokens(text)?;
    let names = words(&tokens, |word| CRATES.iter().any(|name| word.starts_with(name)));
    Ok(names.map(|at| format!("{path}:{}: `{}`: only in {}", at.line, at.text, NAME_AWS.join(" and "))).collect())
}

/// All faults that `rule` finds in these files.
fn judge(files: &[String], rule: impl Fn(&str, &str) -> Result<Vec<String>, String>) -> Vec<String> {
    assert!(files.len() > 30, "hardly any file was found: the test reads nothing");
    let judged = files.iter().map(|path| tree::read(path).and_then(|text| rule(path, &text)));
    judged.flat_map(|faults| faults.unwrap_or_else(|fault| vec![fault])).collect()
}

#[test]
fn secrets_are_exposed_only_where_they_leave() {
    let tests = module::test_modules();
    let mut files = tree::rust_files(&SHIPPED);
    files.retain(|path| !tests.contains(path) && !path.contains("/tests/"));
    verdict("A secret goes in and never comes out", EXPLAINED, &judge(&files, exposures));
}

#[test]
fn no_secret_type_can_be_printed_compared_copied_or_written() {
    let secrets = secret_types(&tree::read(HOLDS_SECRETS).unwrap()).unwrap();
    assert!(secrets.contains("ClientSecret") && secrets.len() > 5, "the secret types were not found: {secrets:?}");
    let faults = judge(&tree::rust_files(&SHIPPED), |path, text| talkative(path, text, &secrets));
    verdict("A secret type refuses to speak", EXPLAINED, &faults);
}

#[test]
fn aws_is_named_only_by_its_door() {
    verdict("No type of AWS crosses its door", EXPLAINED, &judge(&tree::rust_files(&[""]), names_of_aws));
}

#[test]
fn a_secret_that_is_read_elsewhere_is_seen_also_in_a_macro() {
    let faults = |path: &str, text: &str| exposures(path, text).unwrap().len();
    let elsewhere = "functions/intake/src/credentials.rs";
    assert_eq!(faults(elsewhere, "fn f() { tracing::info!(\"{}\", secret.expose()); }"), 1);
    assert_eq!(faults(elsewhere, "fn f() { keys.iter().map(Secret::expose) }"), 1);
    assert_eq!(faults(elsewhere, "#[cfg(not(test))] fn f() { key.expose(); }"), 1);
    assert_eq!(faults(elsewhere, "#[cfg(test)] mod tests { fn f() { x.expose() } } fn g() { x.expose() }"), 1);
    assert_eq!(faults(elsewhere, "struct A { #[cfg(test)] a: u8, b: [u8; expose()] }"), 1);
    assert_eq!(faults(elsewhere, "// x.expose()\n/// `expose`\nfn f() { \"expose\"; }"), 0);
    assert_eq!(faults(elsewhere, "#[cfg(test)] mod tests { fn f() { x.expose() } }"), 0);
    assert_eq!(faults("shared/src/adapters/vault/documents.rs", "fn f() { x.expose() }"), 0);
    assert_eq!(
        faults("shared/src/adapters/vault/documents.rs", "use secrecy::ExposeSecret; fn f() { x.0.expose_secret() }"),
        2
    );
    assert_eq!(faults("shared/src/adapters/vault.rs", "fn f() { x.expose() }"), 1);
    assert_eq!(faults(HOLDS_SECRETS, "use secrecy::ExposeSecret; fn f() { x.0.expose_secret() }"), 0);
}

#[test]
fn a_secret_type_that_would_speak_is_seen() {
    let macro_with = |more: &str| {
        format!("macro_rules! secret_type {{ ($(#[$d:meta])* $name:ident) => {{ pub struct $name(S); {more} }}; }}")
    };
    let secrets = secret_types("secret_type! { /// Opens.\n AccessToken }").unwrap();
    assert_eq!(secrets, BTreeSet::from(["AccessToken".to_owned()]));
    let faults = |text: &str| talkative("x.rs", text, &secrets).unwrap().len();
    for text in [
        &*macro_with("#[derive(Clone)] struct X;"),
        &*macro_with("impl std::fmt::Display for $name { }"),
        &*macro_with("impl<'a> PartialEq<&'a str> for $name { }"),
        &*macro_with("impl From<$name> for String { }"),
        "secret_type! { #[derive(Debug)] AccessToken }",
        "impl serde::Serialize for AccessToken { }",
        "impl<'a> fmt::Display for &'a crate::secret::AccessToken { }",
        "impl Clone for AccessToken where u8: Copy { }",
        "#[derive(Clone)] struct AccessToken(String);",
    ] {
        assert_eq!(faults(text), 1, "{text}");
    }
    for text in [
        &*macro_with("impl<'de> serde::Deserialize<'de> for $name { fn f<D: X<'de>>(d: impl Fn(&str) -> D) {} }"),
        "impl AccessToken { fn f(self, x: impl Fn(u8) -> u8) { for a in b {} } }",
        "impl Display for Page { }",
        "struct Grant { token: AccessToken }",
    ] {
        assert_eq!(faults(text), 0, "{text}");
    }
}

#[test]
fn a_name_of_aws_is_seen_in_any_other_file() {
    let text = "use aws_sdk_secretsmanager::Client; fn f(e: aws_smithy_types::Blob) { aws_config::load() }";
    assert_eq!(names_of_aws("shared/src/adapters/vault.rs", text).unwrap().len(), 3);
    assert_eq!(names_of_aws("shared/src/adapters/vault/backend/secrets_manager/retry.rs", text).unwrap().len(), 0);
    assert_eq!(names_of_aws("shared/src/adapters/vault.rs", "// aws_config\nfn aws() {}").unwrap().len(), 0);
}

#[test]
fn attributes_are_found_wherever_they_stand() {
    let tokens = tokens("#![a]\n#[b] fn f(#[c] x: u8) {}").unwrap();
    let lines = (0..tokens.len()).filter_map(|at| attribute(&tokens, at)).map(|found| found.line);
    assert_eq!(lines.collect::<Vec<_>>(), [1, 2, 2]);
}
