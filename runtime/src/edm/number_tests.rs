use super::tests::{reads_and_writes, refuses};
use super::*;

#[test]
fn decimals_keep_their_digits_and_lose_idle_zeros() {
    reads_and_writes::<Decimal>(&[
        ("0", "0"),
        ("-0", "0"),
        ("0.000", "0"),
        ("0e9", "0"),
        ("1", "1"),
        ("-1", "-1"),
        ("100", "100"),
        ("1.50", "1.5"),
        ("-0.05", "-0.05"),
        ("007.10", "7.1"),
        ("12e2", "1200"),
        ("1.25E+1", "12.5"),
        ("1e-3", "0.001"),
        ("1500e-2", "15"),
        ("0.12345678901234567", "0.12345678901234567"),
        ("79228162514264337593543950335", "79228162514264337593543950335"),
        ("-7.9228162514264337593543950335", "-7.9228162514264337593543950335"),
        ("1e37", "10000000000000000000000000000000000000"),
        ("1e-38", "0.00000000000000000000000000000000000001"),
        ("1e-39", "0"),
        ("1e-9999999999", "0"),
        // The digits that do not fit are those of the least weight.
        (
            "1.234567890123456789012345678901234567890123",
            "1.23456789012345678901234567890123456789",
        ),
    ]);
    refuses::<Decimal>(&[
        "",
        "-",
        ".",
        ".5",
        "5.",
        "+5",
        "1,5",
        "1 ",
        "--1",
        "1e",
        "1e+",
        "e5",
        "0x10",
        "INF",
        "NaN",
        "1e39",
        "1e99999999999999999999",
        "9999999999999999999999999999999999999999",
        "1.2.3",
        "१",
    ]);
}

#[test]
fn decimals_are_json_numbers_and_read_from_numbers_or_strings() {
    let rows = [
        ("5", "5", "5"),
        ("-5", "-5", "-5"),
        ("18446744073709551615", "18446744073709551615", "18446744073709551615"),
        ("0.1", "0.1", "0.1"),
        ("2.50", "2.5", "2.5"),
        ("3.0", "3", "3"),
        ("-0.0", "0", "0"),
        ("1e3", "1000", "1000"),
        ("0.12345678901234566", "0.12345678901234566", "0.12345678901234566"),
        ("1e-7", "0.0000001", "1e-7"),
        (r#""0.30""#, "0.3", "0.3"),
        (r#""12345678901234567890""#, "12345678901234567890", "12345678901234567890"),
        (r#"{"$serde_json::private::Number":"0.30"}"#, "0.3", "0.3"),
    ];
    for (json, text, written) in rows {
        let decimal: Decimal = serde_json::from_str(json).unwrap();
        assert_eq!(decimal.to_string(), text);
        assert_eq!(serde_json::to_string(&decimal).unwrap(), written);
    }
    for json in ["true", "[]", "{}", r#"{"a":"1"}"#, r#""x""#, "1e300"] {
        assert!(serde_json::from_str::<Decimal>(json).is_err(), "{json}");
    }
}

#[test]
fn decimals_are_ordered_by_value_and_convert() {
    let sorted = [
        "-1e38", "-10", "-1.5", "-1.25", "-1", "-0.5", "-1e-38", "0", "1e-38", "0.1", "0.11", "1",
        "1.000001", "9.5", "10", "1e38",
    ];
    let decimals: Vec<Decimal> = sorted.iter().map(|text| text.parse().unwrap()).collect();
    assert!(decimals.is_sorted());
    assert!(decimals.windows(2).all(|pair| pair[0] != pair[1]));
    assert_eq!(Decimal::from(7_i64), "7.0".parse().unwrap());
    assert_eq!(Decimal::from(i64::MIN).to_string(), i64::MIN.to_string());
    assert_eq!(Decimal::from(-7_i32), Decimal::from(-7_i64));
    assert_eq!(Decimal::try_from(0.1).unwrap().to_string(), "0.1");
    assert_eq!("0.1".parse::<Decimal>().unwrap().to_f64(), 0.1);
    for number in [f64::NAN, f64::INFINITY, 1e300] {
        assert!(Decimal::try_from(number).is_err());
    }
    assert_eq!(Decimal::default(), Decimal::ZERO);
}

#[test]
fn floats_are_json_numbers_or_the_names_that_json_lacks() {
    let rows = [
        ("1.5", "1.5"),
        ("1", "1.0"),
        ("-3", "-3.0"),
        ("0.1", "0.1"),
        (r#""INF""#, r#""INF""#),
        (r#""-INF""#, r#""-INF""#),
        (r#""NaN""#, r#""NaN""#),
        (r#""2.5""#, "2.5"),
        (r#"{"$serde_json::private::Number":"2.5"}"#, "2.5"),
    ];
    for (json, written) in rows {
        let double: Double = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&double).unwrap(), written);
        let single: Single = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&single).unwrap(), written);
        let name = written.trim_matches('"');
        assert_eq!((double.to_string(), single.to_string()), (name.into(), name.into()));
        assert_eq!(format!("{double:?}{single:?}"), format!("{name}{name}"));
    }
    for json in ["true", "{}", r#""""#, r#""inf""#, r#""Infinity""#, r#""nan""#, r#""1e999""#] {
        assert!(serde_json::from_str::<Double>(json).is_err(), "{json}");
        assert!(serde_json::from_str::<Single>(json).is_err(), "{json}");
    }
    assert_eq!(f64::from(Double::from(2.5)), 2.5);
    assert_eq!(f32::from(Single::from(2.5)), 2.5);
}
