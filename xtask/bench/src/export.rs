//! The call log from a PBX that takes its time for each page.

use std::time::{Duration, Instant};

use threecx_xapi::Client;
use threecx_xapi::edm::DateTimeOffset;

use crate::{runtime, server, status};

const LATENCY: Duration = Duration::from_millis(50);
const CAP: usize = 100;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A PBX with so many rows each day.
fn pbx(latency: Duration, rows: usize) -> String {
    server::start(latency, move |target| {
        let after = |mark: &str| target.split_once(mark).map_or("", |(_, rest)| rest);
        let number = |text: &str| {
            let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().unwrap_or(0)
        };
        let day: String = after("periodFrom=").chars().take(10).collect();
        let (skip, top) = (number(after("$skip=")), number(after("$top=")).min(CAP));
        let rows: Vec<String> = (skip..rows.min(skip + top))
            .map(|row| {
                let (hour, minute, second) = (row / 3600 % 24, row / 60 % 60, row % 60);
                format!(
                    r#"{{"SegmentId":{row},"CallId":{row},"StartTime":"{day}T{hour:02}:{minute:02}:{second:02}Z","SourceDn":"101","DestinationDn":"102","TalkingDuration":"PT1M5S","Answered":true}}"#
                )
            })
            .collect();
        format!(r#"{{"value":[{}]}}"#, rows.join(","))
    })
}

fn start() -> DateTimeOffset {
    DateTimeOffset::utc(2026, 1, 1, 0, 0, 0).unwrap()
}

/// Reads so many days; the rows' days and ids folded into one number, and how many there were.
async fn read(url: &str, days: u32, ahead: usize) -> (usize, u64) {
    let client = Client::builder(url).token("token").build().unwrap();
    let end = start().checked_add(DAY * days).unwrap();
    let mut calls = client.call_log(start()..end).read_ahead(ahead).items();
    let (mut rows, mut folded) = (0, 0_u64);
    while let Some(call) = calls.next().await {
        let call = call.unwrap();
        rows += 1;
        let id = u64::try_from(call.segment_id.unwrap()).unwrap();
        folded = folded.wrapping_mul(31).wrapping_add(id);
    }
    (rows, folded)
}

pub(crate) fn run() {
    let (days, rows) = (10, 10_000);
    let url = pbx(LATENCY, rows);
    let measure = |ahead| {
        let begun = Instant::now();
        let read = runtime().block_on(read(&url, days, ahead));
        (begun.elapsed().as_secs_f64(), read)
    };
    let (sequential, expected) = measure(0);
    let (ahead, found) = measure(8);
    assert_eq!(found, expected, "the same rows in the same order");
    println!(
        "export of {} rows, {LATENCY:?} for each page of {CAP}: {ahead:.1} s with 8 at once, {sequential:.1} s in turn: {:.1} x",
        found.0,
        sequential / ahead
    );
}

/// A million rows, one after the other.
pub(crate) fn stream() {
    let url = pbx(Duration::ZERO, 100_000);
    let idle = status("VmHWM");
    let (rows, _) = runtime().block_on(read(&url, 10, 8));
    println!("stream of {rows} rows: {} KiB above {idle} KiB", status("VmHWM") - idle);
}
