use super::*;

#[test]
fn a_search_text_is_one_word_or_a_phrase_in_quotes() {
    let rows = [
        ("Ada", "Ada"),
        (" ", "\" \""),
        ("Söhne", "Söhne"),
        ("101", "101"),
        ("Ada Lovelace", "\"Ada Lovelace\""),
        ("O'Brien", "\"O'Brien\""),
        ("NOT", "\"NOT\""),
        ("not", "not"),
        ("a\"b\\c", "\"a\\\"b\\\\c\""),
        ("+49", "\"+49\""),
    ];
    for (text, expected) in rows {
        assert_eq!(search_text(text).as_deref(), Some(expected), "{text}");
    }
    assert_eq!(search_text(""), None);
}

#[test]
fn what_was_selected_is_known_by_its_first_name() {
    let mut query = Query::default();
    assert!(query.selected().has("Id"), "without select, all of it was");
    query.select.add("Id");
    query.select.add("Hours/Type");
    let selected = query.selected();
    let rows = [("Id", true), ("Hours", true), ("Type", false), ("Number", false)];
    for (name, expected) in rows {
        assert_eq!(selected.has(name), expected, "{name}");
    }
    // Raw text may name several.
    query.select.add("Mobile, Groups/Name");
    let selected = query.selected();
    assert!(selected.has("Mobile") && selected.has("Groups") && !selected.has("Name"));
    query.select.add("*");
    assert!(query.selected().has("Number"));
}
