//! Texts for people, in Polish and English side by side.

use crate::types::language::Language;

/// A text in every language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    pl: &'static str,
    en: &'static str,
}

impl Text {
    /// A text and its translation.
    #[must_use]
    pub const fn new(pl: &'static str, en: &'static str) -> Self {
        Self { pl, en }
    }

    /// The text in a language.
    #[must_use]
    pub fn in_language(self, language: Language) -> &'static str {
        language.choose(self.pl, self.en)
    }
}

/// Declares the texts of a page as one struct, in one language, with Polish and English next to each other:
///
/// ```
/// shared::messages! {
///     /// The texts of a greeting.
///     pub GreetingMessages {
///         come_in: "Proszę wejść.", "Come in.";
///     }
/// }
/// assert_eq!(GreetingMessages::of(shared::types::language::Language::Pl).come_in, "Proszę wejść.");
/// ```
///
/// A text without its translation does not compile, nor does a page that names a text that is not declared:
///
/// ```compile_fail
/// shared::messages! {
///     /// The texts of a greeting.
///     pub GreetingMessages {
///         come_in: "Proszę wejść.";
///     }
/// }
/// ```
#[macro_export]
macro_rules! messages {
    ($(#[$doc:meta])* $visibility:vis $name:ident { $($text:ident: $polish:expr, $english:expr;)* }) => {
        $(#[$doc])*
        #[derive(Debug)]
        $visibility struct $name {
            $(
                #[doc = $english]
                $visibility $text: &'static str,
            )*
        }

        impl $name {
            /// The texts in a language.
            $visibility fn of(language: $crate::types::language::Language) -> &'static Self {
                language.choose(&Self { $($text: $polish,)* }, &Self { $($text: $english,)* })
            }
        }
    };
}
