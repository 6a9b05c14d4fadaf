//! Texts of people, browsers and settings, damaged.
#![cfg(test)]

use parsers::damage::{config, damaged};
use parsers::texts;
use proptest::prelude::*;

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_redirect_is_an_answer_or_none(bytes in damaged(include_str!("../corpus/redirects.txt"))) {
        texts::redirect(&bytes);
    }

    #[test]
    fn what_is_read_of_microsofts_page_stands_there(bytes in damaged(include_str!("../corpus/pages.txt"))) {
        texts::page(&bytes);
    }

    #[test]
    fn a_form_is_read_strictly_or_not_at_all(bytes in damaged(include_str!("../corpus/forms.txt"))) {
        texts::form(&bytes);
    }

    #[test]
    fn an_id_that_is_read_is_one_that_can_stand_in_a_path_and_a_name(bytes in damaged(include_str!("../corpus/ids.txt"))) {
        texts::id(&bytes);
    }

    #[test]
    fn a_moment_that_is_read_stands_there(
        bytes in damaged(include_str!("../corpus/times.txt")),
        zone in prop::option::of(damaged(include_str!("../corpus/zones.txt"))),
    ) {
        texts::moment(&bytes, zone.as_deref());
    }

    #[test]
    fn people_titles_and_links_are_what_they_should_be(bytes in damaged(include_str!("../corpus/people.txt"))) {
        texts::people(&bytes);
    }

    #[test]
    fn no_header_of_a_browser_makes_a_reader_panic(bytes in damaged(include_str!("../corpus/headers.txt"))) {
        texts::headers(&bytes);
    }
}
