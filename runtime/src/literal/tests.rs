use super::*;
use crate::enumeration::{Enumeration, Flags};
use crate::enumeration_serde;

fn path(value: &(impl Literal + ?Sized)) -> String {
    let mut out = String::new();
    path_literal(&mut out, value);
    out
}

fn text(value: &(impl Literal + ?Sized)) -> String {
    let mut out = String::new();
    odata_text(&mut out, value);
    out
}

#[derive(Clone)]
struct Open(String);

impl Enumeration for Open {
    const NAME: &'static str = "Pbx.Open";
    const VALUES: &'static [&'static str] = &[];

    fn from_index(_: usize) -> Option<Self> {
        None
    }

    fn unrecognized(value: String) -> Self {
        Self(value)
    }

    fn as_str(&self) -> &str {
        &self.0
    }
}

enumeration_serde!(Open);

#[test]
fn strings_are_quoted_doubled_then_percent_encoded() {
    let rows = [
        ("", "''", "''"),
        ("101", "'101'", "'101'"),
        ("1cx.pv.xml", "'1cx.pv.xml'", "'1cx.pv.xml'"),
        ("-._~", "'-._~'", "'-._~'"),
        ("0:00:0", "'0%3A00%3A0'", "'0:00:0'"),
        ("America/Chicago", "'America%2FChicago'", "'America/Chicago'"),
        ("O'Brien & Söhne/1", "'O''Brien%20%26%20S%C3%B6hne%2F1'", "'O''Brien & Söhne/1'"),
        ("'", "''''", "''''"),
        ("''", "''''''", "''''''"),
        ("a'", "'a'''", "'a'''"),
        ("'a", "'''a'", "'''a'"),
        ("50%", "'50%25'", "'50%'"),
        ("%27", "'%2527'", "'%27'"),
        ("%2F", "'%252F'", "'%2F'"),
        ("+49 30", "'%2B49%2030'", "'+49 30'"),
        ("a,b=(c)", "'a%2Cb%3D%28c%29'", "'a,b=(c)'"),
        ("../..", "'..%2F..'", "'../..'"),
        ("a?b#c", "'a%3Fb%23c'", "'a?b#c'"),
        ("a\\b", "'a%5Cb'", "'a\\b'"),
        ("\"<>|`{}^[]", "'%22%3C%3E%7C%60%7B%7D%5E%5B%5D'", "'\"<>|`{}^[]'"),
        ("!*;:@$", "'%21%2A%3B%3A%40%24'", "'!*;:@$'"),
        ("\r\n\t\0\x7f", "'%0D%0A%09%00%7F'", "'\r\n\t\0\x7f'"),
        ("日本", "'%E6%97%A5%E6%9C%AC'", "'日本'"),
        ("😀", "'%F0%9F%98%80'", "'😀'"),
        ("null", "'null'", "'null'"),
    ];
    for (value, in_path, plain) in rows {
        assert_eq!(path(value), in_path);
        assert_eq!(text(value), plain);
        // Owned, borrowed and open enumerations are strings all the same.
        assert_eq!(path(&value.to_owned()), in_path);
        assert_eq!(path(&&value), in_path);
        assert_eq!(path(&Open(value.to_owned())), in_path);
        assert_eq!(text(&Open(value.to_owned())), plain);
    }
}

#[test]
fn ascii_in_a_string_is_unreserved_a_quote_or_encoded() {
    for byte in 0..128_u8 {
        let character = char::from(byte);
        let expected = match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '.' | '_' | '~' => format!("'{character}'"),
            '\'' => "''''".to_owned(),
            _ => format!("'%{byte:02X}'"),
        };
        assert_eq!(path(character.to_string().as_str()), expected);
    }
}

#[test]
fn flags_are_one_string() {
    let flags = Flags::from([Open("HoldCall".into()), Open("Other".into())]);
    assert_eq!(path(&flags), "'HoldCall%2COther'");
    assert_eq!(text(&flags), "'HoldCall,Other'");
    assert_eq!(path(&Flags::<Open>::new()), "''");
}

#[test]
fn everything_else_is_bare() {
    let date = |text: &str| text.parse::<DateTimeOffset>().unwrap();
    let rows = [
        (both(true), "true", "true"),
        (both(false), "false", "false"),
        (both(255_u8), "255", "255"),
        (both(i32::MIN), "-2147483648", "-2147483648"),
        (both(0_i32), "0", "0"),
        (both(i64::MAX), "9223372036854775807", "9223372036854775807"),
        (both(1.5_f64), "1.5", "1.5"),
        (both(-0.25_f64), "-0.25", "-0.25"),
        (both(Double(1e300)), "1e300", "1e300"),
        (both(Double(1e-7)), "1e-7", "1e-7"),
        (both(Double(f64::INFINITY)), "INF", "INF"),
        (both(Double(f64::NEG_INFINITY)), "-INF", "-INF"),
        (both(Single(f32::NAN)), "NaN", "NaN"),
        (both(Single(0.1)), "0.1", "0.1"),
        (both("-12.50".parse::<Decimal>().unwrap()), "-12.5", "-12.5"),
        (both(date("2026-02-01T00:00:00.000Z")), "2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z"),
        (
            both(date("2026-02-01T00:00:00.5+02:00")),
            "2026-02-01T00:00:00.5%2B02:00",
            "2026-02-01T00:00:00.5+02:00",
        ),
        (
            both(date("2026-02-01T00:00:00-05:30")),
            "2026-02-01T00:00:00-05:30",
            "2026-02-01T00:00:00-05:30",
        ),
        (both("08:30".parse::<TimeOfDay>().unwrap()), "08:30:00", "08:30:00"),
        (
            both("-P5DT13H43M24.960179S".parse::<Duration>().unwrap()),
            "duration'-P5DT13H43M24.960179S'",
            "duration'-P5DT13H43M24.960179S'",
        ),
        (
            both("6F9619FF-8B86-D011-B42D-00CF4FC964FF".parse::<Guid>().unwrap()),
            "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
            "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
        ),
    ];
    for (written, in_path, plain) in rows {
        assert_eq!(written, (in_path.to_owned(), plain.to_owned()));
    }
}

fn both(value: impl Literal) -> (String, String) {
    (path(&value), text(&value))
}

#[test]
fn a_literal_is_appended_to_what_is_there() {
    let mut out = String::from("Users(Number=");
    path_literal(&mut out, "101");
    out.push_str(",Id=");
    path_literal(&mut out, &-1);
    out.push(')');
    assert_eq!(out, "Users(Number='101',Id=-1)");
}

#[test]
fn query_values_keep_odatas_punctuation_and_encode_the_rest() {
    let rows = [
        ("", ""),
        ("Id,Number", "Id,Number"),
        ("$count", "$count"),
        ("*", "*"),
        ("Number eq '1+1'", "Number%20eq%20%271%2B1%27"),
        ("Name eq 'O''Brien'", "Name%20eq%20%27O%27%27Brien%27"),
        ("A&B=C#D%E", "A%26B=C%23D%25E"),
        // Inside a string OData's punctuation is text.
        ("A eq 'a/b:c@d$e,f(g)*h=i;j'", "A%20eq%20%27a%2Fb%3Ac%40d%24e%2Cf%28g%29%2Ah%3Di%3Bj%27"),
        ("A in ('a,b','(''c)') or B/C", "A%20in%20(%27a%2Cb%27,%27%28%27%27c%29%27)%20or%20B/C"),
        ("A eq '\"' and B/C", "A%20eq%20%27%22%27%20and%20B/C"),
        ("A eq '\\' and B/C", "A%20eq%20%27%5C%27%20and%20B/C"),
        ("A eq 'b/c", "A%20eq%20%27b%2Fc"),
        ("\"a/b 'c\" OR d", "%22a%2Fb%20%27c%22%20OR%20d"),
        ("\"a\\\")\\\\\" OR (d)", "%22a%5C%22%29%5C%5C%22%20OR%20(d)"),
        ("\"a\\", "%22a%5C"),
        ("contains(tolower(Name),'x')", "contains(tolower(Name),%27x%27)"),
        ("Groups($expand=Rights;$top=5)", "Groups($expand=Rights%3B$top=5)"),
        ("Start ge 2026-02-01T00:00:00+02:00", "Start%20ge%202026-02-01T00:00:00%2B02:00"),
        ("a/any(b:b/c eq @p)", "a/any(b:b/c%20eq%20@p)"),
        ("Söhne \"?\"", "S%C3%B6hne%20%22%3F%22"),
        ("\n", "%0A"),
    ];
    for (value, encoded) in rows {
        assert_eq!(encode_query_value(value), encoded);
    }
}

#[test]
fn an_encoded_query_value_decodes_to_what_it_was() {
    let all: String = (0..=255_u8).map(char::from).collect();
    let encoded = encode_query_value(&all);
    assert!(encoded.is_ascii() && !encoded.contains(['+', '&', '#', ' ', '\'', '?', ';']));
    let decoded = percent_encoding::percent_decode_str(&encoded).decode_utf8();
    assert_eq!(decoded.unwrap(), all);
}
