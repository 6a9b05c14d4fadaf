//! Turns the guides of `docs` into HTML, so that the program only has to serve them. GitHub shows the same files.
#![expect(clippy::disallowed_methods, reason = "Cargo tells its settings by variables alone")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// The file with the guides: each of its chapters is a page.
const GUIDES: &str = "integration.md";

/// The addresses of the chapters, in order.
const CHAPTERS: [&str; 13] = [
    "calls",
    "customers",
    "recruiters",
    "meetings",
    "changes",
    "many-at-once",
    "invitations",
    "errors",
    "events",
    "polling",
    "times",
    "former-redirect-uri",
    "going-live",
];

/// The folder of each language, from the root of the repository.
const FOLDERS: [(&str, &str); 2] = [("En", "docs"), ("Pl", "docs/pl")];

type Fallible<T> = Result<T, Box<dyn Error>>;

/// A page as it is written.
struct Source {
    name: &'static str,
    title: String,
    markdown: String,
}

/// A heading and what stands below it: the first has none.
#[derive(Default)]
struct Section {
    anchor: String,
    title: String,
    text: String,
}

/// What the links of a page need to know.
struct Site<'a> {
    language: &'a str,
    folder: &'a str,
    /// The page of each heading of the guides.
    headings: BTreeMap<String, &'static str>,
}

fn main() -> Fallible<()> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../..");
    let mut code = "&[\n".to_owned();
    for (language, folder) in FOLDERS {
        println!("cargo::rerun-if-changed={}", root.join(folder).display());
        let read =
            |file: &str| fs::read_to_string(root.join(folder).join(file)).map_err(|error| format!("{file}: {error}"));
        let mut pages = vec![whole("quickstart", &read("quickstart.md")?)?];
        pages.extend(chapters(&read(GUIDES)?)?);
        pages.push(whole("versioning", &read("versioning.md")?)?);
        let site = Site { language, folder, headings: headings(&pages) };
        for page in &pages {
            let (html, sections) = render(page, &site);
            let Source { name, title, .. } = page;
            let title = with_no_break_spaces(title, language);
            writeln!(
                code,
                "Guide {{ name: {name:?}, language: Language::{language}, title: {title:?}, html: {html:?}, sections: &["
            )?;
            for Section { anchor, title, text } in sections {
                writeln!(code, "GuideSection {{ anchor: {anchor:?}, title: {title:?}, text: {text:?} }},")?;
            }
            code.push_str("] },\n");
        }
    }
    code.push(']');
    fs::write(Path::new(&env::var("OUT_DIR")?).join("guides.rs"), code)?;
    Ok(())
}

/// A file that is one page.
fn whole(name: &'static str, text: &str) -> Fallible<Source> {
    let (title, markdown) = text.split_once('\n').ok_or("a page has a title and a text")?;
    Ok(Source { name, title: title.trim_start_matches("# ").to_owned(), markdown: markdown.to_owned() })
}

/// The chapters of a file: below `## 1. Title`, with the headings below one level higher.
fn chapters(text: &str) -> Fallible<Vec<Source>> {
    let mut found: Vec<Source> = Vec::new();
    let mut is_code = false;
    for line in text.lines() {
        is_code ^= line.starts_with("```");
        match line.strip_prefix("## ").filter(|_| !is_code) {
            Some(title) => {
                let name = *CHAPTERS.get(found.len()).ok_or("a chapter has no address")?;
                let title = title.split_once(". ").map_or(title, |(_, title)| title).to_owned();
                found.push(Source { name, title, markdown: String::new() });
            }
            None => {
                if let Some(Source { markdown, .. }) = found.last_mut() {
                    let line = if is_code { line } else { line.strip_prefix('#').unwrap_or(line) };
                    markdown.push_str(line);
                    markdown.push('\n');
                }
            }
        }
    }
    if found.len() == CHAPTERS.len() { Ok(found) } else { Err("an address has no chapter".into()) }
}

fn headings(pages: &[Source]) -> BTreeMap<String, &'static str> {
    let lines = |page: &Source| page.markdown.lines().map(str::to_owned).collect::<Vec<_>>();
    let of =
        |page: &Source| lines(page).into_iter().filter_map(|line| Some(anchor(line.strip_prefix("## ")?))).collect();
    pages.iter().flat_map(|page| Vec::<String>::into_iter(of(page)).map(|heading| (heading, page.name))).collect()
}

/// A heading as a link names it, on GitHub too.
fn anchor(heading: &str) -> String {
    let lower = heading.trim().to_lowercase();
    lower
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// The page in HTML, and its sections as plain text.
fn render(page: &Source, site: &Site<'_>) -> (String, Vec<Section>) {
    // A list to tick off is a list: nobody could tick anything here.
    let markdown = page.markdown.replace("- [ ] ", "- ");
    let events: Vec<_> = Parser::new_ext(&markdown, Options::ENABLE_TABLES).collect();
    let mut sections = vec![Section::default()];
    let mut written: Vec<Event<'_>> = Vec::new();
    let mut is_heading = false;
    let mut is_code = false;
    // What follows the text of a link that leads to a file of the repository.
    let mut link_end: Option<Event<'_>> = None;
    for (at, event) in events.iter().enumerate() {
        let section = sections.len() - 1;
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                let Some(Event::Text(first)) = events.get(at + 1) else { continue };
                let heading = anchor(first);
                written.push(Event::Html(format!("<{level} id=\"{heading}\">").into()));
                if *level == HeadingLevel::H2 {
                    sections.push(Section { anchor: heading, ..Section::default() });
                }
                is_heading = true;
            }
            Event::End(TagEnd::Heading(level)) => {
                written.push(Event::Html(format!("</{level}>\n").into()));
                is_heading = false;
            }
            Event::Start(Tag::Link { dest_url, .. }) => match site.address(dest_url) {
                Ok(address) => {
                    written.push(Event::Html(format!("<a href=\"{address}\">").into()));
                    link_end = Some(Event::Html("</a>".into()));
                }
                Err(file) => link_end = Some(Event::Html(format!(" (<code>{file}</code>)").into())),
            },
            Event::End(TagEnd::Link) => written.extend(link_end.take()),
            // Both may be wider than a screen, and are then moved by the keyboard too.
            Event::Start(Tag::CodeBlock(_)) => {
                written.push(Event::Html("<pre tabindex=\"0\"><code>".into()));
                is_code = true;
            }
            Event::End(TagEnd::CodeBlock) => {
                written.push(Event::Html("</code></pre>\n".into()));
                is_code = false;
            }
            Event::Start(Tag::Table(_)) => {
                written.push(Event::Html("<div class=\"wide\" tabindex=\"0\">".into()));
                written.push(event.clone());
            }
            Event::End(TagEnd::Table) => {
                written.push(event.clone());
                written.push(Event::Html("</div>\n".into()));
            }
            Event::Text(text) => {
                let text = if is_code { text.to_string() } else { with_no_break_spaces(text, site.language) };
                let Section { title, text: body, .. } = &mut sections[section];
                let place = if is_heading { title } else { body };
                place.push_str(&text);
                written.push(Event::Text(text.into()));
            }
            Event::SoftBreak if ends_with_short_word(&sections[section].text, site.language) => {
                sections[section].text.push('\u{a0}');
                written.push(Event::Text("\u{a0}".into()));
            }
            Event::Code(code) => {
                let Section { title, text, .. } = &mut sections[section];
                if is_heading { title } else { text }.push_str(code);
                written.push(event.clone());
            }
            _ => {
                let ends = matches!(event, Event::End(_) | Event::SoftBreak | Event::HardBreak);
                let body = &mut sections[section].text;
                if ends && !body.ends_with(' ') && !matches!(event, Event::End(TagEnd::Strong | TagEnd::Emphasis)) {
                    body.push(' ');
                }
                written.push(event.clone());
            }
        }
    }
    let mut page = String::new();
    html::push_html(&mut page, written.into_iter());
    for section in &mut sections {
        // A space that does not break stays.
        section.text = section.text.split([' ', '\n']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    }
    (page, sections)
}

impl Site<'_> {
    /// Where a link leads on our site, or the file of the repository that it names.
    fn address(&self, target: &CowStr<'_>) -> Result<String, String> {
        if target.contains("://") {
            return Ok(target.to_string());
        }
        let language = self.language.to_lowercase();
        let (file, heading) = target.split_once('#').unwrap_or((target, ""));
        let own = [(GUIDES, "/docs"), ("quickstart.md", "/docs/quickstart"), ("versioning.md", "/docs/versioning")];
        let page = match (own.iter().find(|(name, _)| *name == file), self.headings.get(heading)) {
            (Some((GUIDES, _)), Some(page)) => format!("/docs/{page}"),
            (Some((_, page)), _) => (*page).to_owned(),
            (None, _) => return Err(self.resolve(file)),
        };
        let heading = if heading.is_empty() { String::new() } else { format!("#{heading}") };
        Ok(format!("{page}?language={language}{heading}"))
    }

    /// The path from the root of the repository.
    fn resolve(&self, file: &str) -> String {
        let mut parts: Vec<&str> = self.folder.split('/').collect();
        for part in file.split('/') {
            if part == ".." {
                parts.pop();
            } else {
                parts.push(part);
            }
        }
        parts.join("/")
    }
}

/// In Polish no line ends with a word of one letter.
fn ends_with_short_word(text: &str, language: &str) -> bool {
    let last = text.rsplit([' ', '\u{a0}', '(']).next().unwrap_or_default();
    language == "Pl" && last.chars().count() == 1 && last.chars().all(char::is_alphabetic)
}

/// A text with the spaces that do not break.
fn with_no_break_spaces(text: &str, language: &str) -> String {
    let mut words = text.split(' ');
    let mut joined = words.next().unwrap_or_default().to_owned();
    for word in words {
        joined.push(if ends_with_short_word(&joined, language) { '\u{a0}' } else { ' ' });
        joined.push_str(word);
    }
    joined
}
