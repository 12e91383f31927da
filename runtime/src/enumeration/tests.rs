use super::*;

#[derive(Clone, PartialEq, Eq, Hash)]
enum Codes {
    No,
    _3CX,
    MinusInf,
    Dotted,
    Unrecognized(String),
}

impl Enumeration for Codes {
    const NAME: &'static str = "Pbx.Codes";
    const VALUES: &'static [&'static str] = &["No", "3CX", "-INF", "WARNINGS.XAPI.IN_USE"];

    fn from_index(index: usize) -> Option<Self> {
        [Self::No, Self::_3CX, Self::MinusInf, Self::Dotted].get(index).cloned()
    }

    fn unrecognized(value: String) -> Self {
        Self::Unrecognized(value)
    }

    fn as_str(&self) -> &str {
        match self {
            Self::No => "No",
            Self::_3CX => "3CX",
            Self::MinusInf => "-INF",
            Self::Dotted => "WARNINGS.XAPI.IN_USE",
            Self::Unrecognized(value) => value,
        }
    }
}

enumeration_serde!(Codes);

fn newer(text: &str) -> Codes {
    Codes::Unrecognized(text.to_owned())
}

#[test]
fn every_value_known_or_not_survives_the_round_trip() {
    let rows = [
        (r#""No""#, Codes::No, "No"),
        (r#""3CX""#, Codes::_3CX, "3CX"),
        (r#""-INF""#, Codes::MinusInf, "-INF"),
        (r#""WARNINGS.XAPI.IN_USE""#, Codes::Dotted, "WARNINGS.XAPI.IN_USE"),
        (r#""no""#, newer("no"), r#"Unrecognized("no")"#),
        (r#""""#, newer(""), r#"Unrecognized("")"#),
        (r#""a \"b\"""#, newer("a \"b\""), r#"Unrecognized("a \"b\"")"#),
    ];
    for (json, value, debug) in rows {
        assert_eq!(serde_json::from_str::<Codes>(json).unwrap(), value);
        assert_eq!(serde_json::to_string(&value).unwrap(), json);
        assert_eq!(format!("{value:?}"), debug);
        assert_eq!(value, value.as_str().parse().unwrap());
        assert_eq!(value, Codes::from(value.as_str()));
        assert_eq!(value, Codes::from(value.to_string()));
        assert_eq!(value.as_ref(), value.to_string());
    }
}

#[test]
fn a_number_or_truth_value_is_kept_as_text_and_no_other_json() {
    for (json, text) in [("7", "7"), ("-1", "-1"), ("true", "true"), ("false", "false")] {
        assert_eq!(serde_json::from_str::<Codes>(json).unwrap(), newer(text));
        assert_eq!(serde_json::from_str::<Flags<Codes>>(json).unwrap().as_str(), text);
    }
    for json in ["null", "[]", "{}", "1.5"] {
        let error = serde_json::from_str::<Codes>(json).unwrap_err().to_string();
        assert!(error.contains("expected a value of Pbx.Codes"), "{error}");
    }
}

#[test]
fn flags_are_written_back_byte_for_byte() {
    for text in ["", "No", "No, 3CX", "No,3CX", " No ,, Newer", "None"] {
        let json = serde_json::to_string(text).unwrap();
        let flags: Flags<Codes> = serde_json::from_str(&json).unwrap();
        assert_eq!(serde_json::to_string(&flags).unwrap(), json);
        assert_eq!(flags.to_string(), text);
        assert_eq!(flags.as_str(), text);
    }
}

#[test]
fn flags_are_read_and_built_as_a_list_of_values() {
    let read: Flags<Codes> = serde_json::from_str(r#"" No , 3CX,Newer,""#).unwrap();
    let built = Flags::from([Codes::No, Codes::_3CX, newer("Newer")]);
    assert_eq!(read.iter().collect::<Vec<_>>(), built.iter().collect::<Vec<_>>());
    assert_eq!(built.as_str(), "No,3CX,Newer");
    assert!(read.contains(&Codes::_3CX) && read.contains(&newer("Newer")));
    assert!(!read.contains(&Codes::MinusInf) && !read.contains(&newer("New")));
    assert_eq!(Flags::from(Codes::No).as_str(), "No");
    assert_eq!(read.iter().collect::<Flags<_>>(), built);
    assert!(Flags::<Codes>::default().is_empty());
    assert!(!read.is_empty());
    assert_eq!(format!("{built:?}"), "Flags(No,3CX,Newer)");
}

#[test]
fn flags_are_equal_by_their_values_in_order() {
    let flags =
        |text: &str| -> Flags<Codes> { serde_json::from_value(serde_json::json!(text)).unwrap() };
    assert_eq!(flags("No, 3CX"), flags("No,3CX,"));
    assert_ne!(flags("No, 3CX"), flags("3CX, No"));
    assert_ne!(flags("No"), flags(""));
}
