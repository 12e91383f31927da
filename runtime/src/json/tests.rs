use super::from_str;
use crate::enumeration::{Enumeration, Flags};
use crate::enumeration_serde;
use crate::test_entities::{Group, User};
use crate::{Page, Value};

#[derive(Clone)]
enum Color {
    Red,
    Unrecognized(String),
}

impl Enumeration for Color {
    const NAME: &'static str = "Pbx.Color";
    const VALUES: &'static [&'static str] = &["Red"];

    fn from_index(index: usize) -> Option<Self> {
        (index == 0).then_some(Self::Red)
    }

    fn unrecognized(value: String) -> Self {
        Self::Unrecognized(value)
    }

    fn as_str(&self) -> &str {
        match self {
            Self::Red => "Red",
            Self::Unrecognized(value) => value,
        }
    }
}

enumeration_serde!(Color);

#[test]
fn text_that_is_right_is_read_as_an_answer_would_be() {
    for json in [
        r#"{"Id":1,"Number":"101","Groups":[{"Id":2},{}]}"#,
        r#"{"@odata.context":"x","@odata.etag":null,"Id":1,"Groups@odata.count":2,"Groups":[{"@odata.id":{"a":[1,1.5,true,-1]},"Id":2},{}],"Number":"101","Mobile":null}"#,
        "\u{feff} {\"Id\": 1, \"N\\u0075mber\": \"101\",\r\n \"Groups\": [{\"Id\": 2}, {}]}\n",
    ] {
        let user: User = from_str(json).unwrap();
        let groups = Some(vec![Group { id: Some(2), ..Group::default() }, Group::default()]);
        assert_eq!(user, User { id: Some(1), groups, ..User::default() }.number("101"));
    }
    assert_eq!(from_str::<Vec<Group>>(r#"[{"Id":1},{}]"#).unwrap().len(), 2);
    let page: Page<Group> =
        from_str(r#"{"@odata.context":"x","@odata.count":9,"value":[{"Id":1}]}"#).unwrap();
    assert_eq!((page.len(), page.count), (1, Some(9)));
    assert_eq!(from_str::<Value<bool>>(r#"{"value":true}"#).unwrap(), Value::from(true));
}

#[test]
fn an_unknown_or_repeated_key_is_an_error_with_its_path() {
    for (json, path, message) in [
        (
            r#"{"Nmuber":"canary"}"#,
            "$.Nmuber",
            "unknown key at $.Nmuber (line 1): did you mean `Number`?",
        ),
        (r#"{"id":1}"#, "$.id", "unknown key at $.id (line 1): did you mean `Id`?"),
        (r#"{"Colour":"canary","Id":1}"#, "$.Colour", "unknown key at $.Colour (line 1)"),
        // With a null as with a value, and before anything that comes later.
        (r#"{"Id":1,"Mobil" : null,"Id2":1}"#, "$.Mobil", "did you mean `Mobile`?"),
        (
            "{\n\"Groups\": [\n{\"Id\": 1},\n{\"Id\": 2, \"Idd\": {\"canary\": 1}}]}",
            "$.Groups[1].Idd",
            "unknown key at $.Groups[1].Idd (line 4): did you mean `Id`?",
        ),
        (r#"{"odata.context":"canary"}"#, "$.odata.context", "unknown key"),
        (r#"{"Id":1,"Number":"canary","Id":1}"#, "$.Id", "the same key again at $.Id (line 1)"),
        (
            r#"{"Groups":[{"Id":1},{"Id":1,"I\u0064":null}]}"#,
            r"$.Groups[1].I\u0064",
            "the same key again",
        ),
    ] {
        check::<User>(json, path, message);
    }
    check::<Vec<Group>>(r#"[{"Id":1},{"Ix":1}]"#, "$[1].Ix", "unknown key");
    check::<Page<Group>>(r#"{"values":[]}"#, "$.values", "did you mean `value`?");
    check::<Page<Group>>(r#"{"value":[{"id":1}]}"#, "$.value[0].id", "did you mean `Id`?");
}

#[test]
fn a_value_of_another_type_is_an_error_with_its_path() {
    for (json, path, message) in [
        (r#"{"Id":"canary"}"#, "$.Id", "found string, expected i32 at $.Id (line 1)"),
        (r#"{"Id":1.5}"#, "$.Id", "expected i32"),
        (r#"{"Id":99999999999}"#, "$.Id", "expected i32"),
        (r#"{"Number":4711}"#, "$.Number", "found integer, expected a string"),
        (r#"{"Groups":{"Id":1}}"#, "$.Groups", "found map, expected a sequence"),
        (r#"{"Groups":[{"Id":1},{"Id":true}]}"#, "$.Groups[1].Id", "found boolean"),
        (r#"{"Groups":[null]}"#, "$.Groups[0]", "found null"),
        ("[]", "$", "expected an object of type Pbx.User"),
        ("null", "$", "expected an object of type Pbx.User"),
        ("", "$", "ends too early"),
        ("canary", "$", "it is not JSON"),
        (r#"{"Id":1"#, "$.Id", "ends too early"),
        (r#"{"Id":1}}"#, "$", "it is not JSON"),
        (r#"{"Id":1} {"Id":2}"#, "$", "it is not JSON"),
    ] {
        check::<User>(json, path, message);
    }
    let deep = "[".repeat(100_000);
    assert!(from_str::<User>(&deep).unwrap_err().is_decode());
}

#[test]
fn an_enumeration_is_a_string_whose_value_may_be_new() {
    for value in ["7", "-7", "true", "1.5", "[]"] {
        check::<Color>(value, "$", "found");
        check::<Flags<Color>>(value, "$", "found");
    }
    assert_eq!(serde_json::from_str::<Color>("7").unwrap().as_str(), "7", "answers may have it");
    assert_eq!(from_str::<Color>(r#""Newer""#).unwrap().as_str(), "Newer");
}

#[test]
fn strictness_ends_with_the_text_whether_it_was_right_or_not() {
    let unknown = r#"{"Nope":1,"Id":1,"Id":2}"#;
    for json in ["{}", unknown] {
        assert_eq!(from_str::<User>(json).is_ok(), json == "{}");
        assert_eq!(serde_json::from_str::<User>(unknown).unwrap().id, Some(2));
    }
    // A failure is explained by itself, not by the one before.
    let _ = from_str::<User>(unknown);
    check::<User>(r#"{"Id":"x"}"#, "$.Id", "found string");
}

fn check<T: serde::de::DeserializeOwned + std::fmt::Debug>(json: &str, path: &str, message: &str) {
    let error = from_str::<T>(json).unwrap_err();
    assert_eq!(error.json_path(), Some(path), "{json}: {error}");
    assert!(error.to_string().contains(message), "{json}: {error}");
    assert!(error.is_decode() && error.is_usage() && !error.is_retryable(), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
}

#[test]
fn an_answer_that_is_no_utf_8_is_an_error_at_that_place() {
    for before in [
        r#"{"Number":""#,
        r#"{"Number":"\"#,
        r#"{"New":""#,
        r#"{"@odata.x":""#,
        r#"{"Id":1,"Gro"#,
        r#"{"Id":1,"#,
        r#"{"Id":1}"#,
        "",
    ] {
        let json = [before.as_bytes(), b"\xff\"}"].concat();
        let reader = |text: &str| serde_json::from_str::<User>(text);
        let allowance = super::Allowance::default();
        let read = super::read_answer(&json, allowance, &mut Vec::new(), reader);
        let Err(super::Failure::Json(error)) = read else { panic!("{before}") };
        assert!(error.is_syntax(), "{before}: {error}");
        let column = error.column();
        assert!((before.len()..=before.len() + 1).contains(&column), "{before}: {error}");
    }
}
