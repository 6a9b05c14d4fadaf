//! Lists, page by page.

use shared::adapters::vault::model::VaultError;

use super::{Subject, assert_fails};

const NAMES: [&str; 8] = ["c/c10/app", "c/c1/users/b", "c/c1/app", "c/c2/app", "b", "c/c1/users/a", "d", "c/C1/app"];

/// Of [`NAMES`], those that begin with `c/`, by name.
const IN_ORDER: [&str; 6] = ["c/C1/app", "c/c1/app", "c/c1/users/a", "c/c1/users/b", "c/c10/app", "c/c2/app"];

/// All pages of the list of `c/`, each as long as it was asked for.
async fn walked(at: &Subject) -> Vec<String> {
    for of in NAMES {
        at.created(of, "content").await;
    }
    let (mut walked, mut page) = (Vec::new(), None);
    for size in [2, 1, 0, 2] {
        let (names, next) = at.names("c/", page.as_deref(), size).await;
        assert_eq!(names.len(), size.max(1));
        walked.extend(names);
        page = next;
    }
    assert_eq!(page, None);
    walked
}

pub(crate) async fn a_list_has_the_names_with_its_prefix_page_by_page(at: &Subject) {
    let mut walked = walked(at).await;
    walked.sort();
    assert_eq!(walked, IN_ORDER);
    let mut some = at.names("c/c1/", None, 100).await.0;
    some.sort();
    assert_eq!(some, ["c/c1/app", "c/c1/users/a", "c/c1/users/b"]);
    assert_eq!(at.names("", None, 100).await.0.len(), NAMES.len());
    assert_eq!(at.names("e", None, 1).await, (Vec::new(), None));
}

pub(crate) async fn a_list_is_in_the_order_of_the_names(at: &Subject) {
    assert_eq!(walked(at).await, IN_ORDER);
}

pub(crate) async fn the_token_of_a_page_continues_only_its_own_list(at: &Subject) {
    for of in ["c/a", "c/b", "d/a"] {
        at.created(of, "content").await;
    }
    let (_, next) = at.names("c/", None, 1).await;
    let [c, d] = ["c/", "d/"].map(|prefix| at.full(prefix));
    assert_fails!(at.vault.list(&d, None, next.as_deref(), 1).await, VaultError::Refused(_));
    assert_fails!(at.vault.list(&c, None, Some("not a page"), 1).await, VaultError::Refused(_));
}

pub(crate) async fn a_list_leaves_out_what_is_marked(at: &Subject) {
    let (arn, _) = at.created("c/a", "content").await;
    at.created("c/b", "content").await;
    at.vault.delete(&arn).await.unwrap();
    assert_eq!(at.names("c/", None, 100).await, (vec!["c/b".to_owned()], None));
}

pub(crate) async fn a_list_loses_only_what_is_marked_when_secrets_come_and_go_between_pages(at: &Subject) {
    for of in ["c/b", "c/d", "c/f", "c/g"] {
        at.created(of, "content").await;
    }
    let (names, next) = at.names("c/", None, 2).await;
    assert_eq!(names, ["c/b", "c/d"]);
    at.created("c/a", "content").await;
    at.created("c/e", "content").await;
    for of in ["c/d", "c/f"] {
        at.vault.delete(&at.vault.describe(&at.name(of)).await.unwrap().arn).await.unwrap();
    }
    assert_eq!(at.names("c/", next.as_deref(), 2).await, (["c/e", "c/g"].map(String::from).to_vec(), None));
}
