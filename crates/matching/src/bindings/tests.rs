//! Tests of [`super`].

use super::*;

fn at(line: u32) -> Occurrence {
    Occurrence {
        since: Some(line),
        owners: Arc::new([]),
        passing: false,
    }
}

#[test]
fn ids_bind_in_both_lengths_and_one_to_one() {
    let long = |c: char| c.to_string().repeat(64);
    let short = |c: char| c.to_string().repeat(12);
    let mut b = Bindings::new();
    assert_eq!(b.bind_id(&long('a'), &long('1'), &at(3)), Ok(()));
    assert_eq!(b.bind_id(&short('a'), &short('1'), &at(4)), Ok(()));
    let stands = Reason::StandsFor {
        real: short('1'),
        since: Some(3),
        instead: None,
    };
    assert_eq!(b.bind_id(&short('a'), &short('2'), &at(5)), Err(stands));
    let taken = Reason::StoodForBy {
        printed: long('a'),
        since: Some(3),
    };
    assert_eq!(b.bind_id(&short('b'), &short('1'), &at(6)), Err(taken));
    // Short first, long later.
    assert_eq!(b.bind_id(&short('c'), &short('3'), &at(7)), Ok(()));
    assert_eq!(b.bind_id(&long('c'), &long('3'), &at(8)), Ok(()));
    assert_eq!(b.bind_id(&short('c'), &short('3'), &at(9)), Ok(()));
    assert!(
        b.bind_id(&long('c'), &format!("{}4", &long('3')[1..]), &at(9))
            .is_err()
    );
    assert!(b.bind_id(&long('d'), &short('4'), &at(9)).is_err());
    assert_eq!(b.real_of_id_prefix("aaaa"), Some("1111"));
    assert_eq!(b.printed_of_id_prefix("333"), Some("ccc"));
    assert_eq!(b.real_of_id_prefix("f"), None);
}

#[test]
fn undo_takes_back_what_was_bound() {
    let mut b = Bindings::new();
    let mac = |text: &str| Key::Mac(text.into());
    b.keep_journal();
    b.bind(mac("a"), mac("x"), &at(1)).unwrap();
    let point = b.savepoint();
    let before: Vec<_> = b.bound().collect();
    b.bind(mac("b"), mac("y"), &at(2)).unwrap();
    assert!(b.bind(mac("c"), mac("x"), &at(3)).is_err());
    b.undo(point);
    assert_eq!(b.bound().collect::<Vec<_>>(), before);
    assert_eq!(b.bind(mac("c"), mac("y"), &at(4)), Ok(()));
}
