//! The guides: pages that `build.rs` makes of `docs/quickstart.md`, `docs/integration.md`, `docs/versioning.md` and the same in
//! `docs/pl`.

use shared::types::language::Language;

/// A guide in one language.
#[derive(Debug)]
pub(super) struct Guide {
    /// Its address below `/docs`.
    pub(super) name: &'static str,
    pub(super) language: Language,
    pub(super) title: &'static str,
    /// The page below its title.
    pub(super) html: &'static str,
    pub(super) sections: &'static [GuideSection],
}

/// A part of a guide: the first has no heading.
#[derive(Debug)]
pub(super) struct GuideSection {
    pub(super) anchor: &'static str,
    pub(super) title: &'static str,
    /// What it says, without any marks.
    pub(super) text: &'static str,
}

/// All guides, in the order in which they are read.
static GUIDES: &[Guide] = include!(concat!(env!("OUT_DIR"), "/guides.rs"));

/// The guides in a language.
pub(super) fn guides(language: Language) -> Vec<&'static Guide> {
    GUIDES.iter().filter(|guide| guide.language == language).collect()
}

impl Guide {
    /// The headings with an address.
    pub(super) fn headings(&self) -> &'static [GuideSection] {
        self.sections.get(1..).unwrap_or_default()
    }

    /// Its first sentence.
    pub(super) fn summary(&self) -> &'static str {
        let text = self.sections.iter().map(|section| section.text).find(|text| !text.is_empty()).unwrap_or_default();
        text.find(". ").and_then(|end| text.get(..=end)).unwrap_or(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands between two marks, each time.
    fn between<'t>(text: &'t str, start: &'t str, end: &'t str) -> Vec<&'t str> {
        let mut found: Vec<_> = text.split(start).skip(1).filter_map(|rest| rest.split(end).next()).collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn the_guides_say_the_same_in_both_languages() {
        let [polish, english] = Language::ALL.map(guides);
        assert_eq!((polish.len(), english.len()), (15, 15));
        for (polish, english) in polish.iter().zip(&english) {
            let name = english.name;
            assert_eq!(polish.name, name);
            assert!(polish.title != english.title && polish.html != english.html, "{name} is not translated");
            for (start, end) in [("<code>", "</code>"), ("<td>", ">"), ("<li>", ">"), ("<h2 ", ">"), ("<h3 ", ">")] {
                let [in_polish, in_english] = [polish, english].map(|guide| between(guide.html, start, end));
                if start == "<code>" {
                    assert_eq!(in_polish, in_english, "{name}");
                }
                assert_eq!(in_polish.len(), in_english.len(), "{name}: {start}");
            }
        }
    }

    #[test]
    fn a_polish_line_does_not_end_with_a_word_of_one_letter() {
        for guide in guides(Language::Pl) {
            for section in guide.sections {
                for word in [" i ", " a ", " w ", " z ", " o ", " u "] {
                    assert!(!section.text.contains(word), "{}: {word:?} in {}", guide.name, section.text);
                }
            }
        }
    }

    #[test]
    fn no_guide_links_to_a_file_or_leaves_a_mark_behind() {
        for guide in Language::ALL.into_iter().flat_map(guides) {
            for rest in guide.html.split("href=\"").skip(1) {
                assert!(rest.starts_with("/docs") || rest.starts_with("https://"), "{}: {rest:.60}", guide.name);
            }
            let prose = guide.sections.iter().map(|section| section.text).collect::<String>();
            for mark in ["](", "**", "[ ]"] {
                assert!(!prose.contains(mark), "{}: {mark}", guide.name);
            }
        }
    }
}
