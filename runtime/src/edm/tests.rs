use std::fmt::{Debug, Display};
use std::str::FromStr;
use std::time::{Duration as StdDuration, SystemTime};

use serde::Serialize;
use serde::de::DeserializeOwned;
use time::OffsetDateTime;

use super::*;

/// Reads each text of the first column, from a string and from JSON, and writes it as in the second.
pub(super) fn reads_and_writes<T>(rows: &[(&str, &str)])
where
    T: FromStr<Err = ParseError> + Display + Debug + PartialEq + Serialize + DeserializeOwned,
{
    for (text, canonical) in rows {
        let value: T = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(value.to_string(), *canonical);
        assert_eq!(format!("{value:?}"), *canonical);
        assert_eq!(canonical.parse(), Ok(value));
        let json = serde_json::to_string(text).unwrap();
        let read: T = serde_json::from_str(&json).unwrap();
        assert_eq!(read.to_string(), *canonical);
    }
}

pub(super) fn refuses<T: FromStr<Err = ParseError> + Debug + DeserializeOwned>(texts: &[&str]) {
    for text in texts {
        let error = text.parse::<T>().expect_err(text).to_string();
        assert!(error.starts_with("expected "), "{text}: {error}");
        let json = serde_json::to_string(text).unwrap();
        let error = serde_json::from_str::<T>(&json).expect_err(text);
        assert!(error.to_string().starts_with("expected "), "{text}: {error}");
    }
}

#[test]
fn date_times_are_read_as_they_come_and_written_in_one_form() {
    reads_and_writes::<DateTimeOffset>(&[
        ("2026-02-01T00:00:00Z", "2026-02-01T00:00:00Z"),
        ("2026-02-01T00:00:00.000Z", "2026-02-01T00:00:00Z"),
        ("2026-02-01t01:02:03z", "2026-02-01T01:02:03Z"),
        ("2026-02-01T01:02:03.5Z", "2026-02-01T01:02:03.5Z"),
        ("2026-02-01T01:02:03.050Z", "2026-02-01T01:02:03.05Z"),
        ("2026-02-01T01:02:03.1234567Z", "2026-02-01T01:02:03.1234567Z"),
        ("2026-02-01T01:02:03.123456789Z", "2026-02-01T01:02:03.123456789Z"),
        ("2026-02-01T01:02:03.123456789999Z", "2026-02-01T01:02:03.123456789Z"),
        ("2026-02-01T01:02:03.000000000999Z", "2026-02-01T01:02:03Z"),
        ("2026-02-01T00:00:00+02:00", "2026-02-01T00:00:00+02:00"),
        ("2026-02-01T00:00:00-05:30", "2026-02-01T00:00:00-05:30"),
        ("2026-02-01T00:00:00-00:30", "2026-02-01T00:00:00-00:30"),
        ("2026-02-01T00:00:00+14:00", "2026-02-01T00:00:00+14:00"),
        ("2026-02-01T00:00:00+00:00", "2026-02-01T00:00:00Z"),
        ("2026-02-01T00:00:00-00:00", "2026-02-01T00:00:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ("0001-01-01T00:00:00+02:00", "0001-01-01T00:00:00+02:00"),
        ("9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999Z"),
        ("9999-12-31T23:59:59-05:00", "9999-12-31T23:59:59-05:00"),
        ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"),
    ]);
}

#[test]
fn what_is_no_date_time_is_refused() {
    refuses::<DateTimeOffset>(&[
        "",
        "2026-02-01",
        "2026-02-01T00:00:00",
        "2026-02-01 00:00:00Z",
        "2026-02-01T00:00Z",
        "2026-2-1T00:00:00Z",
        "2026-02-30T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2025-02-29T00:00:00Z",
        "2026-02-01T24:00:00Z",
        "2026-02-01T00:60:00Z",
        "2026-02-01T00:00:60Z",
        "2026-02-01T00:00:00.Z",
        "2026-02-01T00:00:00.1234567890123Z",
        "2026-02-01T00:00:00+0200",
        "2026-02-01T00:00:00+02",
        "2026-02-01T00:00:00+24:00",
        "2026-02-01T00:00:00+02:60",
        "2026-02-01T00:00:00Z ",
        "2026-02-01T00:00:00ZZ",
        "0000-01-01T00:00:00Z",
        "10000-01-01T00:00:00Z",
        "-001-01-01T00:00:00Z",
        "२०२६-02-01T00:00:00Z",
    ]);
}

#[test]
fn a_moment_converts_and_compares_whatever_its_offset() {
    let utc = DateTimeOffset::utc(2026, 2, 1, 10, 0, 0).unwrap();
    let local: DateTimeOffset = "2026-02-01T12:00:00+02:00".parse().unwrap();
    assert_eq!(utc, local);
    assert!(utc < "2026-02-01T12:00:00+01:00".parse().unwrap());
    assert_eq!(DateTimeOffset::from(OffsetDateTime::from(local)).to_string(), local.to_string());
    assert_eq!(DateTimeOffset::from(SystemTime::try_from(local).unwrap()), utc);
    assert_eq!(DateTimeOffset::from(SystemTime::UNIX_EPOCH).to_string(), "1970-01-01T00:00:00Z");
    let before = SystemTime::UNIX_EPOCH - StdDuration::from_millis(1500);
    assert_eq!(DateTimeOffset::from(before).to_string(), "1969-12-31T23:59:58.5Z");
    for (month, day, hour) in [(0, 1, 0), (13, 1, 0), (2, 29, 0), (2, 1, 24)] {
        assert_eq!(DateTimeOffset::utc(2026, month, day, hour, 0, 0), None);
    }
    assert_eq!(DateTimeOffset::utc(0, 1, 1, 0, 0, 0), None);
    assert_eq!(DateTimeOffset::utc(10_000, 1, 1, 0, 0, 0), None);
}

#[test]
fn a_moment_has_parts_and_is_made_of_them() {
    let moment: DateTimeOffset = "2026-02-01T17:30:05.25-05:30".parse().unwrap();
    assert_eq!((moment.year(), moment.month(), moment.day()), (2026, 2, 1));
    assert_eq!((moment.hour(), moment.minute(), moment.second()), (17, 30, 5));
    assert_eq!((moment.nanosecond(), moment.offset_minutes()), (250_000_000, -330));
    let made = DateTimeOffset::new(moment.date(), moment.time(), moment.offset_minutes());
    assert_eq!(made.unwrap().to_string(), moment.to_string());
    let (date, time) = (moment.date(), TimeOfDay::MIDNIGHT);
    assert_eq!((date.year(), date.month(), date.day()), (2026, 2, 1));
    for offset in [24 * 60, -24 * 60, i16::MIN] {
        assert_eq!(DateTimeOffset::new(date, time, offset), None);
        assert_eq!(moment.to_offset(offset), None);
    }
    assert_eq!(moment.to_offset(0).unwrap().to_string(), "2026-02-01T23:00:05.25Z");
    assert_eq!(moment.to_offset(120).unwrap(), moment);
    let first: DateTimeOffset = "0001-01-01T00:00:00+02:00".parse().unwrap();
    assert_eq!(first.to_offset(0), None, "it would be in the year 0");
}

#[test]
fn times_are_added_and_subtracted_within_the_calendar() {
    let moment = |text: &str| text.parse::<DateTimeOffset>().unwrap();
    let noon = moment("2026-02-01T12:00:00+02:00");
    assert_eq!(noon - moment("2026-01-31T12:00:00Z"), Duration::hours(22));
    assert_eq!(moment("2026-01-31T12:00:00Z") - noon, -Duration::hours(22));
    assert_eq!((noon + Duration::days(1)).to_string(), "2026-02-02T12:00:00+02:00");
    assert_eq!((noon - StdDuration::from_millis(1)).to_string(), "2026-02-01T11:59:59.999+02:00");
    assert_eq!(noon - time::Duration::hours(-1), noon + time::Duration::hours(1));

    let (first, last) = (moment("0001-01-01T00:00:01Z"), moment("9999-12-31T23:59:59Z"));
    for length in [Duration::seconds(2), Duration::days(i64::MAX), StdDuration::MAX.into()] {
        assert_eq!((first.checked_sub(length), last.checked_add(length)), (None, None));
        assert_eq!((first - length).to_string(), "0001-01-01T00:00:00Z");
        assert_eq!((last + length).to_string(), "9999-12-31T23:59:59.999999999Z");
        assert_eq!((first + -length, last - -length), (first - length, last + length));
    }

    let day = |text: &str| text.parse::<Date>().unwrap();
    assert_eq!(day("2024-03-01") - day("2024-02-01"), Duration::days(29));
    assert_eq!(day("2024-03-01").checked_add_days(-1), Some(day("2024-02-29")));
    for days in [1, i64::MAX] {
        assert_eq!(day("9999-12-31").checked_add_days(days), None);
        assert_eq!(day("0001-01-01").checked_add_days(-days), None);
    }
    let time = |text: &str| text.parse::<TimeOfDay>().unwrap();
    assert_eq!(time("08:30") - time("17:00"), -Duration::minutes(510));
}

#[test]
fn an_offset_with_seconds_is_written_as_the_same_moment() {
    let offset = time::UtcOffset::from_hms(1, 2, 3).unwrap();
    let noon: DateTimeOffset = "2026-02-01T12:00:00Z".parse().unwrap();
    let moment = DateTimeOffset::from(OffsetDateTime::from(noon).to_offset(offset));
    assert_eq!(moment.to_string(), "2026-02-01T13:02:00+01:02");
    assert_eq!(moment.to_string().parse(), Ok(noon));
}

#[test]
fn a_clock_out_of_range_stops_at_the_calendar_s_ends() {
    let far = StdDuration::from_secs(1 << 40);
    if let Some(late) = SystemTime::UNIX_EPOCH.checked_add(far) {
        assert!(DateTimeOffset::from(late).to_string().starts_with("9999-12-31T23:59:59"));
    }
    if let Some(early) = SystemTime::UNIX_EPOCH.checked_sub(far) {
        assert_eq!(DateTimeOffset::from(early).to_string(), "0001-01-01T00:00:00Z");
    }
}

#[test]
fn durations_are_read_as_they_come_and_written_in_one_form() {
    reads_and_writes::<Duration>(&[
        ("PT0S", "PT0S"),
        ("P0D", "PT0S"),
        ("-PT0S", "PT0S"),
        ("PT5S", "PT5S"),
        ("-PT5S", "-PT5S"),
        ("-PT0.5S", "-PT0.5S"),
        ("-P1DT0.25S", "-P1DT0.25S"),
        ("P5DT13H43M24.960179S", "P5DT13H43M24.960179S"),
        ("P1D", "P1D"),
        ("PT24H", "P1D"),
        ("PT25H61M61S", "P1DT2H2M1S"),
        ("PT1H", "PT1H"),
        ("PT1M", "PT1M"),
        ("P1DT1S", "P1DT1S"),
        ("PT0.000000001S", "PT0.000000001S"),
        ("PT0.123456789999S", "PT0.123456789S"),
        ("PT1.500S", "PT1.5S"),
        ("pt5s", "PT5S"),
        ("P10675199DT2H48M5.4775807S", "P10675199DT2H48M5.4775807S"),
        ("-P10675199DT2H48M5.4775808S", "-P10675199DT2H48M5.4775808S"),
        ("PT9223372036854775807S", "P106751991167300DT15H30M7S"),
    ]);
}

#[test]
fn what_is_no_duration_is_refused() {
    refuses::<Duration>(&[
        "",
        "P",
        "PT",
        "-P",
        "P1",
        "P1DT",
        "5S",
        "P5S",
        "PT5D",
        "PT5",
        "PT5SS",
        "PT5S3S",
        "PT5M3H",
        "PTT5S",
        "PT5HT3M",
        "P1Y",
        "P1M",
        "P1W",
        "PT1.5H",
        "P1.5D",
        "PT.5S",
        "PT5.S",
        "PT0.1234567890123S",
        "P-1D",
        "+PT5S",
        "--PT5S",
        "PT 5S",
        "PT5S ",
        "PT9223372036854775808S",
        "P106751991167301D",
        "PT99999999999999999999S",
        "00:00:05",
    ]);
}

#[test]
fn durations_convert_from_and_to_those_of_others() {
    let ninety = Duration::from(StdDuration::from_secs(90));
    assert_eq!(ninety, Duration::seconds(90));
    assert_eq!(
        ninety,
        time::Duration::minutes(1).saturating_add(time::Duration::seconds(30)).into()
    );
    assert_eq!(StdDuration::try_from(ninety), Ok(StdDuration::from_secs(90)));
    assert!(StdDuration::try_from(Duration::seconds(-1)).is_err());
    assert_eq!(Duration::from(StdDuration::MAX), time::Duration::MAX.into());
    assert_eq!(Duration::default(), Duration::ZERO);
    assert_eq!(time::Duration::from(ninety).whole_minutes(), 1);
    // The shortest possible one, whose length does not fit its own type.
    assert_eq!(
        Duration::from(time::Duration::MIN).to_string(),
        "-P106751991167300DT15H30M8.999999999S"
    );
}

#[test]
fn durations_are_summed_up_and_never_overflow() {
    let lengths = [Duration::seconds(90), Duration::minutes(-1), "PT0.5S".parse().unwrap()];
    let sum: Duration = lengths.into_iter().sum();
    assert_eq!((sum.whole_seconds(), sum.subsec_nanoseconds()), (30, 500_000_000));
    assert!((sum.as_seconds_f64() - 30.5).abs() < 1e-9 && !sum.is_negative());
    let longest = Duration::from(time::Duration::MAX);
    let shortest = Duration::from(time::Duration::MIN);
    assert_eq!((longest + longest, shortest - longest, -shortest), (longest, shortest, longest));
    assert_eq!(Duration::days(i64::MAX), Duration::seconds(i64::MAX));
}

#[test]
fn times_of_day_are_read_as_they_come_and_written_in_one_form() {
    reads_and_writes::<TimeOfDay>(&[
        ("00:00:00", "00:00:00"),
        ("08:30:00", "08:30:00"),
        ("08:30", "08:30:00"),
        ("08:30Z", "08:30:00"),
        ("08:30:05z", "08:30:05"),
        ("08:30:05.250", "08:30:05.25"),
        ("23:59:59.9999999", "23:59:59.9999999"),
        ("23:59:59.999999999999", "23:59:59.999999999"),
    ]);
    refuses::<TimeOfDay>(&[
        "",
        "8:30",
        "08",
        "08:",
        "08:3",
        "08:30:",
        "24:00:00",
        "08:60",
        "08:30:60",
        "08:30:00.",
        "08:30:00+02:00",
        "08:30:00.1234567890123",
        "T08:30:00",
        "08:30:00 AM",
        "-8:30:00",
    ]);
    let time = TimeOfDay::new(8, 30, 5).unwrap();
    assert_eq!((time.hour(), time.minute(), time.second(), time.nanosecond()), (8, 30, 5, 0));
    assert_eq!(TimeOfDay::from(time::Time::from(time)), time);
    assert_eq!(TimeOfDay::new(24, 0, 0), None);
    assert_eq!(TimeOfDay::default(), TimeOfDay::MIDNIGHT);
}

#[test]
fn an_error_does_not_repeat_a_secret_in_the_wrong_place() {
    let canary = r#""canary-7f3a""#;
    let errors = [
        serde_json::from_str::<DateTimeOffset>(canary).unwrap_err(),
        serde_json::from_str::<Duration>(canary).unwrap_err(),
        serde_json::from_str::<TimeOfDay>(canary).unwrap_err(),
        serde_json::from_str::<Decimal>(canary).unwrap_err(),
        serde_json::from_str::<Single>(canary).unwrap_err(),
        serde_json::from_str::<Double>(canary).unwrap_err(),
    ];
    for error in errors {
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}

#[test]
fn guids_are_read_in_either_case_and_written_in_lower() {
    let guid: Guid = serde_json::from_str(r#""6F9619FF-8B86-D011-B42D-00CF4FC964FF""#).unwrap();
    assert_eq!(serde_json::to_string(&guid).unwrap(), r#""6f9619ff-8b86-d011-b42d-00cf4fc964ff""#);
}
