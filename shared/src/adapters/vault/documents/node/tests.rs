use super::*;
use crate::types::clock::SignedDuration;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn connections() -> NodeTree {
    NodeTree::Connections("kadry".parse().unwrap())
}

fn hand_overs() -> NodeTree {
    NodeTree::HandOvers("kadry".parse().unwrap())
}

/// Entries of so many bytes each, some of them with an access token.
fn node(tree: &NodeTree, entries: usize, bytes: usize) -> Node<'static> {
    let mut node = Node::empty(tree, NOW);
    for number in 0..entries {
        let access = AccessDocument::new(&AccessToken::from("token".to_owned()), NOW + SignedDuration::from_hours(1));
        let access = (number % 2 == 0).then_some(access);
        node.put(EntryWrite::new(&format!("user-{number:02}"), &"x".repeat(bytes), access).unwrap());
    }
    node
}

fn lasting_bytes(node: &Node<'_>) -> usize {
    node.render_with("", BTreeMap::new()).unwrap().expose().len()
}

#[test]
fn a_node_of_too_many_entries_or_bytes_is_overfull_unless_it_has_one_only() {
    for (entries, is_overfull) in [(32, false), (33, true)] {
        assert_eq!(node(&connections(), entries, 10).is_overfull().unwrap(), is_overfull, "{entries}");
    }
    assert!(!node(&hand_overs(), 33, 10).is_overfull().unwrap());
    let base = lasting_bytes(&node(&hand_overs(), 2, 0));
    for (beyond, is_overfull) in [(0, false), (1, true)] {
        let mut two = node(&hand_overs(), 1, 0);
        two.put(EntryWrite::new("user-01", &"x".repeat(MAX_LASTING_BYTES - base + beyond), None).unwrap());
        assert_eq!((lasting_bytes(&two), two.is_overfull().unwrap()), (MAX_LASTING_BYTES + beyond, is_overfull));
    }
    assert!(!node(&hand_overs(), 1, MAX_LASTING_BYTES).is_overfull().unwrap(), "there are no two halves");
}

#[test]
fn an_entry_finds_room_if_it_would_alone() {
    let crowded = node(&hand_overs(), 5, 12_000);
    let alone = lasting_bytes(&node(&hand_overs(), 1, 0));
    for (beyond, fits) in [(0, true), (1, false)] {
        let bytes = MAX_BODY_BYTES - 64 - alone + beyond;
        let write = EntryWrite::new("user-00", &"x".repeat(bytes), None).unwrap();
        assert_eq!(crowded.takes_alone(write).unwrap(), fits, "{beyond}");
    }
}

#[test]
fn a_split_moves_the_upper_half_by_bytes_with_its_tokens() {
    let tree = connections();
    let whole = node(&tree, 20, 100);
    let mut lower = whole.clone();
    lower.written.add(NOW);
    let upper = lower.split("child").unwrap();
    assert_eq!((lower.entries.len(), upper.entries.len()), (10, 10));
    assert_eq!(lower.moved, [MovedRange { from: upper.from, node: "child".to_owned() }]);
    assert!(upper.moved.is_empty());
    assert_eq!((lower.from, upper.written == WriteCounts::default()), (0, true));
    assert!(lower.written != WriteCounts::default(), "it was written as often as before");
    for (key, entry) in whole.entries() {
        let holder = if tree.hash(key) < upper.from { &lower } else { &upper };
        assert_eq!(holder.entry(key).map(RawValue::get), Some(entry.get()), "{key}");
        assert_eq!(holder.access(key).is_some(), whole.access(key).is_some(), "{key}");
    }
    assert_eq!(lower.access.len() + upper.access.len(), whole.access.len());
    let moved = lower.moved_to(upper.from).map(|moved| moved.node.as_str());
    assert_eq!((moved, lower.moved_to(upper.from - 1)), (Some("child"), None));
}

#[test]
fn one_large_entry_is_a_half_of_its_own() {
    let tree = connections();
    let mut hashes: Vec<_> = (0..5).map(|number| (tree.hash(&format!("user-{number:02}")), number)).collect();
    hashes.sort_unstable();
    for (large, lower_entries) in [(0, 1), (4, 4)] {
        let mut uneven = node(&tree, 5, 10);
        let key = format!("user-{:02}", hashes[large].1);
        uneven.put(EntryWrite::new(&key, &"x".repeat(1_000), None).unwrap());
        let upper = uneven.split("child").unwrap();
        assert_eq!((uneven.entries.len(), upper.entries.len()), (lower_entries, 5 - lower_entries), "{large}");
    }
    assert!(node(&tree, 1, 10).split("child").is_none());
    assert!(node(&tree, 0, 10).split("child").is_none());
    let mut left = node(&tree, 5, 10);
    let all = left.move_all("child");
    assert_eq!((left.entries.len(), left.access.len(), all.entries.len(), all.from), (0, 0, 5, 0));
}

#[test]
fn what_was_written_is_read_and_tokens_that_are_over_are_not_in_it() {
    let tree = connections();
    let mut written = node(&tree, 4, 10);
    let upper = written.split("child").unwrap();
    let name = "test/node".parse().unwrap();
    let body = written.render("1", NOW).unwrap();
    let read = Node::parse(&name, &tree, 0, &body).unwrap();
    assert_eq!((read.moved.as_slice(), read.tenure), (written.moved.as_slice(), NOW));
    assert_eq!(read.access.len(), written.access.len());
    assert!(*read.written() == written.written && *read.written() != WriteCounts::default());
    assert_eq!(read.moved_to(u64::MAX).map(|moved| moved.from), Some(upper.from));
    let end = NOW + SignedDuration::from_hours(1);
    let tokens = |now| Node::parse(&name, &tree, 0, &written.clone().render("2", now).unwrap()).unwrap().access.len();
    assert_eq!(tokens(end), 0);
    assert_eq!(tokens(end - SignedDuration::from_millis(1)), written.access.len());
}
