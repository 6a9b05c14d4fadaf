//! Rust as a flat row of tokens, macros included. Comments and the insides of strings are no words.
//!
//! A syntax tree does not look into macros, and a secret can be logged in one; a regular expression takes a comment
//! for code. Tokens do neither.

use proc_macro2::{Delimiter, Spacing, TokenStream, TokenTree};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A name or a keyword.
    Word,
    /// A number or a string.
    Literal,
    /// Punctuation or a bracket. `::`, `->` and `=>` are one mark each.
    Mark,
}

/// A token and its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// As it is written; without `r#`.
    pub text: String,
    /// What it is.
    pub kind: Kind,
    /// Counted from one.
    pub line: usize,
}

impl Token {
    fn new(text: impl Into<String>, kind: Kind, line: usize) -> Self {
        Self { text: text.into(), kind, line }
    }

    /// Whether it is this word.
    #[must_use]
    pub fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text == word
    }

    /// Whether it is this mark.
    #[must_use]
    pub fn is_mark(&self, mark: &str) -> bool {
        self.kind == Kind::Mark && self.text == mark
    }
}

/// The tokens of a file.
///
/// # Errors
/// Where it is not Rust.
pub fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let stream: TokenStream = text.parse().map_err(|error| format!("not Rust: {error}"))?;
    let mut out = Vec::new();
    flatten(stream, &mut out);
    Ok(out)
}

fn flatten(stream: TokenStream, out: &mut Vec<Token>) {
    let mut adjoins_next = false;
    for tree in stream {
        let line = tree.span().start().line;
        let continued = std::mem::replace(&mut adjoins_next, false);
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                out.push(Token::new(open, Kind::Mark, line));
                flatten(group.stream(), out);
                out.push(Token::new(close, Kind::Mark, group.span_close().start().line));
            }
            TokenTree::Ident(ident) => {
                let text = ident.to_string();
                out.push(Token::new(text.trim_start_matches("r#"), Kind::Word, line));
            }
            TokenTree::Literal(literal) => out.push(Token::new(literal.to_string(), Kind::Literal, line)),
            TokenTree::Punct(punct) => {
                adjoins_next = punct.spacing() == Spacing::Joint;
                match (out.last_mut(), punct.as_char()) {
                    (Some(last), ':') if continued && last.text == ":" => "::".clone_into(&mut last.text),
                    (Some(last), '>') if continued && last.text == "-" => "->".clone_into(&mut last.text),
                    (Some(last), '>') if continued && last.text == "=" => "=>".clone_into(&mut last.text),
                    (_, mark) => out.push(Token::new(mark, Kind::Mark, line)),
                }
            }
        }
    }
}

/// Where the bracket that opens at `open` closes.
#[must_use]
pub fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open).filter(|(_, token)| token.kind == Kind::Mark) {
        match token.text.as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return at;
        }
    }
    tokens.len().saturating_sub(1)
}

/// An attribute, `#[…]` or `#![…]`.
#[derive(Debug, Clone, Copy)]
pub struct Attribute<'a> {
    /// What stands between its brackets.
    pub content: &'a [Token],
    /// Of what it is in, not of what follows.
    pub inner: bool,
    /// Its line.
    pub line: usize,
    /// The first token after it.
    pub end: usize,
}

impl Attribute<'_> {
    /// Whether it is this attribute, or one that `cfg_attr` may make of it.
    #[must_use]
    pub fn is(&self, name: &str) -> bool {
        let first = |name: &str| self.content.first().is_some_and(|token| token.is_word(name));
        first(name) || first("cfg_attr") && self.says(name)
    }

    /// Whether the word stands in it.
    #[must_use]
    pub fn says(&self, word: &str) -> bool {
        self.content.iter().any(|token| token.is_word(word))
    }

    /// `#[test]`, `#[tokio::test]` and their like.
    #[must_use]
    pub fn makes_a_test(&self) -> bool {
        let name = self.content.split(|token| token.is_mark("(")).next().unwrap_or_default();
        name.last().is_some_and(|token| token.is_word("test"))
    }

    /// `#[cfg(test)]`: what follows is in no program that ships.
    #[must_use]
    pub fn is_for_tests_only(&self) -> bool {
        let cfg = self.content.first().is_some_and(|token| token.is_word("cfg"));
        !self.inner && (cfg && self.says("test") && !self.says("any") && !self.says("not") || self.makes_a_test())
    }
}

/// The attribute that begins here, if one does.
#[must_use]
pub fn attribute(tokens: &[Token], at: usize) -> Option<Attribute<'_>> {
    let hash = tokens.get(at).filter(|token| token.is_mark("#"))?;
    let inner = tokens.get(at + 1)?.is_mark("!");
    let open = at + 1 + usize::from(inner);
    tokens.get(open).filter(|token| token.is_mark("["))?;
    let close = closing(tokens, open);
    Some(Attribute { content: tokens.get(open + 1..close)?, inner, line: hash.line, end: close + 1 })
}

/// All attributes, also those inside macros.
#[must_use]
pub fn attributes(tokens: &[Token]) -> Vec<Attribute<'_>> {
    (0..tokens.len()).filter_map(|at| attribute(tokens, at)).collect()
}

/// What ships: everything but the items under `#[cfg(test)]` and the tests themselves.
#[must_use]
pub fn without_tests(tokens: &[Token]) -> Vec<Token> {
    let (mut kept, mut at) = (Vec::new(), 0);
    while let Some(token) = tokens.get(at) {
        match attribute(tokens, at) {
            Some(attribute) if attribute.is_for_tests_only() => at = end_of_what_follows(tokens, attribute.end),
            _ => {
                kept.push(token.clone());
                at += 1;
            }
        }
    }
    kept
}

/// The end of the item, field or arm that begins here. Rather too early than too late: what is left counts as shipped.
fn end_of_what_follows(tokens: &[Token], mut at: usize) -> usize {
    const ITEMS: [&str; 16] = [
        "pub",
        "fn",
        "mod",
        "use",
        "impl",
        "struct",
        "enum",
        "const",
        "static",
        "type",
        "trait",
        "async",
        "unsafe",
        "extern",
        "let",
        "macro_rules",
    ];
    while let Some(attribute) = attribute(tokens, at) {
        at = attribute.end;
    }
    let item = tokens.get(at).is_some_and(|token| ITEMS.contains(&token.text.as_str()));
    while let Some(token) = tokens.get(at) {
        match token.text.as_str() {
            "{" if token.kind == Kind::Mark => return closing(tokens, at) + 1,
            ";" => return at + 1,
            "," if !item => return at + 1,
            ")" | "]" | "}" if token.kind == Kind::Mark => return at,
            "(" | "[" if token.kind == Kind::Mark => at = closing(tokens, at) + 1,
            _ => at += 1,
        }
    }
    at
}

/// A path such as `crate::vault::Held`; of `a::{b, c::d}` there are two, of `a::*` the last part is `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    /// Its parts.
    pub parts: Vec<String>,
    /// Its line.
    pub line: usize,
    /// The modules of the same file that it stands in, from the outside in.
    pub within: Vec<String>,
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.parts.join("::"))
    }
}

/// All paths of two parts or more, also those inside macros, and those in strings that begin with `crate::`.
#[must_use]
pub fn paths(tokens: &[Token]) -> Vec<Path> {
    let (mut paths, mut at) = (Vec::new(), 0);
    let mut modules: Vec<(String, usize)> = Vec::new();
    while let Some(token) = tokens.get(at) {
        modules.retain(|(_, end)| at < *end);
        let within: Vec<String> = modules.iter().map(|(name, _)| name.clone()).collect();
        let next = |offset: usize| tokens.get(at + offset);
        let inside_another = at >= 2 && tokens[at - 1].is_mark("::") && tokens[at - 2].is_mark(">");
        if token.is_word("mod") && next(2).is_some_and(|token| token.is_mark("{")) {
            modules.push((tokens[at + 1].text.clone(), closing(tokens, at + 2)));
        }
        if token.kind == Kind::Word && next(1).is_some_and(|token| token.is_mark("::")) && !inside_another {
            let mut found = Vec::new();
            at = expand(tokens, at, &[], &mut found);
            paths.extend(found.into_iter().map(|(parts, line)| Path { parts, line, within: within.clone() }));
            continue;
        }
        let quoted = token.text.trim_matches('"');
        if token.kind == Kind::Literal && quoted.starts_with("crate::") {
            let parts = quoted.split("::").map(str::to_owned).collect();
            paths.push(Path { parts, line: token.line, within });
        }
        at += 1;
    }
    paths
}

/// Reads one path from `at` on, and gives the first token after it.
fn expand(tokens: &[Token], mut at: usize, before: &[String], out: &mut Vec<(Vec<String>, usize)>) -> usize {
    let mut parts = before.to_vec();
    let line = tokens.get(at).map_or(0, |token| token.line);
    while let Some(token) = tokens.get(at) {
        if token.is_mark("{") {
            let close = closing(tokens, at);
            at += 1;
            while at < close {
                at = expand(tokens, at, &parts, out);
                while at < close && !tokens[at].is_mark(",") {
                    at += 1;
                }
                at += 1;
            }
            return close + 1;
        }
        if token.kind != Kind::Word && !token.is_mark("*") {
            break;
        }
        parts.push(token.text.clone());
        at += 1;
        if !tokens.get(at).is_some_and(|token| token.is_mark("::")) {
            break;
        }
        at += 1;
    }
    if parts.len() > 1 {
        out.push((parts, line));
    }
    at
}
