//! Headers of an answer: the name of a file, and when to ask again.

use std::time::Duration;

use fastrand::Rng;

use super::{Fuzzer, mutated};

/// What stands in names and dates.
const PARTS: [&str; 32] = [
    ";",
    "=",
    "\"",
    "\\",
    "/",
    "'",
    "''",
    "%",
    "%2F",
    "%5C",
    "%00",
    "%0a",
    "%FF",
    "%e2%80%ae",
    "..",
    ".",
    " ",
    ":",
    "CON",
    "com1",
    "nul.txt",
    "filename=",
    "filename*=",
    "UTF-8''",
    "iso-8859-1''",
    "C:\\evil.exe",
    "%F0%9F%98%80",
    "%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4%C3%A4",
    "99999999999999999999",
    "-1",
    "GMT",
    "Feb",
];

const DISPOSITIONS: [&str; 5] = [
    "attachment; filename=\"call.wav\"",
    "attachment; filename=plain.wav; filename*=UTF-8''na%C3%AFve.wav",
    "attachment; filename*=iso-8859-1''na%EFve.wav",
    "inline; filename=\"../../etc/passwd\"",
    "attachment; filename=\"a\\\"b;c=d.wav\"",
];

const TIMES: [&str; 4] =
    ["0", "120", "Sun, 06 Nov 1994 08:49:37 GMT", "Fri, 31 Dec 9999 23:59:59 GMT"];

/// What Windows takes for a device.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

/// A proposed name of a file is none, or a plain one on every system.
pub(super) fn file_names(fuzzer: &Fuzzer, rng: &mut Rng) -> usize {
    let known = rng.choice(DISPOSITIONS).unwrap_or_default();
    let value = header(&mutated(rng, known, &PARTS));
    fuzzer.answer(
        200,
        vec![("content-type", "audio/wav".to_owned()), ("content-disposition", value.clone())],
        b"RIFF",
    );
    let file = fuzzer.runtime.block_on(fuzzer.pbx.recordings().download_recording(1).into_future());
    let file = file.unwrap_or_else(|error| panic!("{value:?}: {error}"));
    if let Some(name) = file.file_name() {
        assert!(is_plain(&name), "{value:?}: {name:?}");
    }
    value.len()
}

fn is_plain(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_uppercase();
    let is_numbered =
        stem.chars().count() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT"));
    let is_device = DEVICES.contains(&&*stem)
        || (is_numbered && stem.ends_with(|c: char| c.is_numeric() && c != '0'));
    let is_wrong = |c: char| {
        c.is_control() || r#"/\:*?"<>|"#.contains(c) || ('\u{202a}'..='\u{202e}').contains(&c)
    };
    !name.is_empty()
        && name.len() <= 200
        && !name.contains(is_wrong)
        && !name.starts_with('.')
        && !name.ends_with(['.', ' '])
        && !is_device
}

/// Seconds are what they say; of all else there is no more than a date can be away.
pub(super) fn times(fuzzer: &Fuzzer, rng: &mut Rng) -> usize {
    let known = rng.choice(TIMES).unwrap_or_default();
    let value = header(&mutated(rng, known, &PARTS));
    let date = rng.choice(TIMES).unwrap_or_default();
    let date = header(&mutated(rng, date, &PARTS));
    let status = rng.choice([429, 503, 500]).unwrap_or(503);
    fuzzer.answer(status, vec![("retry-after", value.clone()), ("date", date)], b"");
    let error = fuzzer.runtime.block_on(fuzzer.pbx.users().get(1).into_future());
    let error = error.err().unwrap_or_else(|| panic!("{status} is no error"));
    let wait = error.retry_after();
    let is_seconds = value.trim().bytes().all(|it| it.is_ascii_digit());
    match value.trim().parse::<u64>() {
        Ok(seconds) if is_seconds => {
            assert_eq!(wait, Some(Duration::from_secs(seconds)), "{value:?}")
        }
        _ => assert!(
            wait.is_none_or(|it| it.as_secs() < 20_000 * 366 * 86_400),
            "{value:?}: {wait:?}"
        ),
    }
    super::look(Err::<(), _>(error));
    value.len()
}

/// What of a text HTTP carries in a header.
fn header(text: &str) -> String {
    text.chars().filter(|it| (' '..='~').contains(it)).collect()
}
