//! Points in time as text: OData's date-times and HTTP's dates.

use std::time::{SystemTime, UNIX_EPOCH};

/// A point in time, to the nanosecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Moment {
    pub(super) seconds: i64,
    pub(super) nanos: u32,
}

impl Moment {
    pub(super) fn at(seconds: i64) -> Self {
        Self { seconds, nanos: 0 }
    }

    /// What the machine's clock shows.
    pub(super) fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        Self { seconds, nanos: since.subsec_nanos() }
    }

    /// Reads `2026-02-01T00:00:00[.fraction](Z|+HH:MM|-HH:MM)`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let number = |from: usize, to: usize| -> Option<i64> {
            let digits = text.get(from..to)?;
            digits.bytes().all(|it| it.is_ascii_digit()).then(|| digits.parse().ok())?
        };
        let mark = |at: usize, mark: u8| text.as_bytes().get(at) == Some(&mark);
        let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        if !marks.iter().all(|(at, wanted)| mark(*at, *wanted)) {
            return None;
        }
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
        let known = (1..=12).contains(&month) && (1..=31).contains(&day);
        if !known || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let (nanos, zone) = match text.get(19..)?.strip_prefix('.') {
            None => (0, text.get(19..)?),
            Some(rest) => {
                let end = rest.find(|it: char| !it.is_ascii_digit())?;
                let (digits, zone) = rest.split_at(end);
                // Digits beyond nanoseconds are cut off.
                let nine: String = digits.chars().chain("000000000".chars()).take(9).collect();
                (nine.parse().ok().filter(|_| (1..=12).contains(&end))?, zone)
            }
        };
        let offset = match zone.split_at_checked(1)? {
            ("Z", "") => 0,
            (sign @ ("+" | "-"), rest) => {
                let (hours, minutes) = rest.split_once(':')?;
                let two = |text: &str| {
                    (text.len() == 2).then(|| text.parse::<u8>().ok()).flatten().map(i64::from)
                };
                (two(hours)? * 60 + two(minutes)?) * if sign == "-" { -60 } else { 60 }
            }
            _ => return None,
        };
        let time = hour * 3600 + minute * 60 + second - offset;
        Some(Self { seconds: days(year, month, day) * 86_400 + time, nanos })
    }

    /// `2026-02-01T00:00:00Z`; a fraction only where there is one.
    pub(super) fn iso(self) -> String {
        let (year, month, day) = self.date();
        let (hour, minute, second) = self.time();
        let fraction = match self.nanos {
            0 => String::new(),
            nanos => format!(".{:07}", nanos / 100),
        };
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
    }

    /// `Sun, 01 Feb 2026 00:00:00 GMT`
    pub(super) fn http(self) -> String {
        let pick = |names: &str, index: i64| {
            let start = usize::try_from(index * 3).unwrap_or_default();
            names.get(start..start + 3).unwrap_or_default().to_owned()
        };
        // The first day of 1970 was a Thursday.
        let week = pick("ThuFriSatSunMonTueWed", self.seconds.div_euclid(86_400).rem_euclid(7));
        let (year, month, day) = self.date();
        let month = pick("JanFebMarAprMayJunJulAugSepOctNovDec", month - 1);
        let (hour, minute, second) = self.time();
        format!("{week}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
    }

    fn time(self) -> (i64, i64, i64) {
        let second = self.seconds.rem_euclid(86_400);
        (second / 3600, second / 60 % 60, second % 60)
    }

    /// Year, month and day, by counting in eras of 400 years that start in March.
    fn date(self) -> (i64, i64, i64) {
        let days = self.seconds.div_euclid(86_400) + 719_468;
        let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let rest = day - (365 * year + year / 4 - year / 100);
        let from_march = (5 * rest + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        (era * 400 + year + i64::from(month <= 2), month, rest - (153 * from_march + 2) / 5 + 1)
    }
}

/// Days from 1970-01-01 to a date.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The seconds of a duration, `P5DT13H43M24.96S`; none if the text is no duration.
pub(super) fn duration(text: &str) -> Option<f64> {
    let (sign, rest) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let rest = rest.strip_prefix('P')?;
    let (days, time) = rest.split_once('T').unwrap_or((rest, ""));
    let mut seconds = 0.0;
    for (text, units) in
        [(days, &[('D', 86_400.0)][..]), (time, &[('H', 3600.0), ('M', 60.0), ('S', 1.0)])]
    {
        let mut rest = text;
        for (unit, length) in units {
            if let Some((count, after)) = rest.split_once(*unit) {
                seconds += count.parse::<f64>().ok()? * length;
                rest = after;
            }
        }
        if !rest.is_empty() {
            return None;
        }
    }
    Some(sign * seconds)
}

#[cfg(test)]
mod tests {
    use super::{Moment, duration};

    #[test]
    fn durations_are_read() {
        for (text, seconds) in [
            ("PT5S", Some(5.0)),
            ("P1DT1H1M0.5S", Some(90_060.5)),
            ("-PT1H", Some(-3600.0)),
            ("P0D", Some(0.0)),
            ("PT1X", None),
            ("5S", None),
        ] {
            assert_eq!(duration(text), seconds, "{text}");
        }
    }

    #[test]
    fn dates_are_read_and_written() {
        for (text, written) in [
            ("1970-01-01T00:00:00Z", Some("1970-01-01T00:00:00Z")),
            ("2026-02-01T00:00:00+02:00", Some("2026-01-31T22:00:00Z")),
            ("2024-02-29T23:59:59-00:30", Some("2024-03-01T00:29:59Z")),
            ("9999-12-31T23:59:59.9999999Z", Some("9999-12-31T23:59:59.9999999Z")),
            ("0001-01-01T00:00:00Z", Some("0001-01-01T00:00:00Z")),
            ("2026-02-01T00:00:00.5Z", Some("2026-02-01T00:00:00.5000000Z")),
            ("2026-02-01T00:00:00", None),
            ("2026-02-01", None),
            ("2026-13-01T00:00:00Z", None),
            ("2026-02-01 00:00:00Z", None),
            ("2026-02-01T00:00:00.Z", None),
            ("2026-02-01T00:00:00+0200", None),
        ] {
            assert_eq!(Moment::parse(text).map(Moment::iso).as_deref(), written, "{text}");
        }
        assert_eq!(Moment::at(1_769_904_000).http(), "Sun, 01 Feb 2026 00:00:00 GMT");
    }
}
