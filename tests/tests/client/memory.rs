//! How much memory an answer takes, in a process of its own: a large file, and answers of few bytes that
//! stand for much.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use threecx_xapi::blocking::Wait;
use threecx_xapi::{Client, ClientBuilder, Error};

const SIZE: u64 = 200 * 1024 * 1024;
/// The environment variables that tell the child what to fetch, and where to put it.
const URL: &str = "THREECX_TEST_DOWNLOAD_URL";
const TARGET: &str = "THREECX_TEST_DOWNLOAD_TARGET";

/// The peak of this process's memory in KiB; None where the system does not tell.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

/// Serves one small file and a large one, each on a connection of its own.
fn serve(listener: &TcpListener) -> std::io::Result<()> {
    for length in [4, SIZE] {
        let (mut stream, _) = listener.accept()?;
        let mut request = [0; 4096];
        let _ = stream.read(&mut request)?;
        write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n")?;
        std::io::copy(&mut std::io::repeat(7).take(length), &mut stream)?;
    }
    Ok(())
}

/// Runs an ignored test of this module in a process of its own: the peak counts since a process began.
fn run_child(test: &str, environment: &[(&str, &str)]) -> Result<(), String> {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("memory::{test}"), "--ignored", "--nocapture"])
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    let has_passed = child.status.success() && output.contains("1 passed");
    has_passed
        .then_some(())
        .ok_or_else(|| format!("{output}{}", String::from_utf8_lossy(&child.stderr)))
}

#[test]
fn a_large_file_is_saved_in_little_memory() {
    if peak().is_none() {
        eprintln!("SKIPPED: this system has no /proc/self/status");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("large.zip");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || serve(&listener));
    let target_text = target.to_str().unwrap();
    run_child("the_child_that_downloads", &[(URL, &url), (TARGET, target_text)]).unwrap();
    server.join().unwrap().unwrap();
    assert_eq!(std::fs::metadata(&target).unwrap().len(), SIZE);
}

#[test]
#[ignore = "run by a_large_file_is_saved_in_little_memory in a process of its own"]
fn the_child_that_downloads() {
    let (Ok(url), Ok(target)) = (std::env::var(URL), std::env::var(TARGET)) else {
        eprintln!("SKIPPED: this is a part of another test");
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let client = Client::builder(url).token("t").build().unwrap();
    let fetch = |path: &Path| {
        let (client, path) = (client.clone(), path.to_owned());
        runtime.block_on(async move {
            client.recordings().download_recording(1).await.unwrap().save_to(path).await.unwrap()
        })
    };
    let target = Path::new(&target);
    fetch(target);
    let idle = peak().unwrap();
    assert_eq!(fetch(target), SIZE);
    let grown = peak().unwrap() - idle;
    println!("{grown} KiB above {idle} KiB");
    assert!(grown <= 16 * 1024, "{grown} KiB above {idle} KiB");
}

/// The most that an answer may take, whatever it stands for.
const MOST_KIB: u64 = 64 * 1024;
const MIB: usize = 1024 * 1024;
/// The environment variable that tells the child which row it is.
const ROW: &str = "THREECX_TEST_MEMORY_ROW";

/// An answer that stands for much memory.
struct Row {
    name: &'static str,
    /// The beginning of the body, what is repeated up to the length, and the end.
    body: [&'static str; 3],
    length: usize,
    /// The length that the server announces, if it is another one.
    announced: Option<u64>,
    set: fn(ClientBuilder) -> ClientBuilder,
    call: fn(&Client) -> Result<(), Error>,
    /// What the error says.
    error: &'static str,
}

const PLAIN: Row = Row {
    name: "",
    body: ["", "", ""],
    length: 0,
    announced: None,
    set: |builder| builder,
    call: |pbx| pbx.users().list().wait().map(drop),
    error: "",
};

const MEMORY: &str = "take more memory than the client's limit allows";
const ROWS_OF_TOP: &str = "many more rows than `top` asked for";

const ROWS: &[Row] = &[
    Row { name: "brackets", body: ["", "[", ""], length: 63 * MIB, error: "deeper", ..PLAIN },
    Row {
        name: "brackets in an unknown property",
        body: ["{\"value\":[{\"X\":", "[", ""],
        length: 63 * MIB,
        error: "deeper",
        ..PLAIN
    },
    Row {
        name: "braces in an unknown property, as far as they are read",
        body: ["{\"value\":[{\"X\":", "{\"a\":", ""],
        length: 15 * MIB,
        error: "the JSON ends too early",
        ..PLAIN
    },
    Row {
        name: "an error that never ends",
        body: ["{\"error\":", "[", ""],
        length: 63 * MIB,
        error: "deeper",
        ..PLAIN
    },
    Row {
        name: "empty rows",
        body: ["{\"value\":[", "{},", "{}]}"],
        length: 4 * MIB,
        error: MEMORY,
        ..PLAIN
    },
    Row {
        name: "empty rows for a page of some",
        body: ["{\"value\":[", "{},", "{}]}"],
        length: 4 * MIB,
        call: |pbx| pbx.users().list().top(100).wait().map(drop),
        error: ROWS_OF_TOP,
        ..PLAIN
    },
    Row {
        name: "empty rows for one",
        body: ["{\"value\":[", "{},", "{}]}"],
        length: 4 * MIB,
        call: |pbx| pbx.users().list().first().wait().map(drop),
        error: ROWS_OF_TOP,
        ..PLAIN
    },
    Row {
        name: "empty rows for a walk",
        body: ["{\"value\":[", "{},", "{}]}"],
        length: 30 * MIB,
        call: |pbx| pbx.users().list().items().wait().next().unwrap().map(drop),
        error: ROWS_OF_TOP,
        ..PLAIN
    },
    Row {
        name: "empty entities in a list of an entity",
        body: ["{\"Id\":1,\"Groups\":[", "{},", "{}]}"],
        length: 4 * MIB,
        call: |pbx| pbx.users().get(1).wait().map(drop),
        error: MEMORY,
        ..PLAIN
    },
    Row {
        name: "unknown properties",
        body: ["{\"Id\":1,", "\"\":1,\"b\":2,", "\"c\":3}"],
        length: 8 * MIB,
        call: |pbx| pbx.users().get(1).wait().map(drop),
        error: MEMORY,
        ..PLAIN
    },
    Row {
        name: "rows that do not fit",
        body: ["{\"value\":[", "{\"Id\":\"\"},", "{}]}"],
        length: 4 * MIB,
        error: MEMORY,
        ..PLAIN
    },
    Row {
        name: "brackets in place of a file",
        body: ["{\"value\":", "[", ""],
        length: 40 * MIB,
        call: |pbx| {
            let day = "2026-08-20T00:00:00Z".parse().unwrap();
            let report = pbx.report_queue_performance_overview();
            let file = report.download_queue_performance_overview(day, day).wait()?;
            file.declared().wait().map(drop)
        },
        error: "deeper",
        ..PLAIN
    },
    Row {
        name: "a length that nobody has",
        announced: Some(1 << 62),
        set: |builder| builder.response_limit(usize::MAX),
        body: ["{\"Id\":1}", "", ""],
        call: |pbx| pbx.users().get(1).wait().map(drop),
        error: "before message length reached",
        ..PLAIN
    },
    Row {
        name: "a file of a length that nobody has",
        announced: Some(1 << 62),
        set: |builder| builder.response_limit(usize::MAX),
        body: ["RIFF", "", ""],
        call: |pbx| pbx.recordings().download_recording(1).wait()?.bytes().wait().map(drop),
        error: "before message length reached",
        ..PLAIN
    },
];

#[test]
fn an_answer_takes_no_more_memory_than_was_asked_for() {
    if peak().is_none() {
        tests::skipped("the memory of answers", "this system has no /proc/self/status");
        return;
    }
    let mut problems = Vec::new();
    for (number, row) in ROWS.iter().enumerate() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || play(&listener, row));
        let number = number.to_string();
        let outcome = run_child("the_child_that_reads_a_row", &[(URL, &url), (ROW, &number)]);
        problems.extend(outcome.err());
        server.join().unwrap().unwrap();
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Answers a first call shortly, so that the child is warm, and the second one with the row's body. A client
/// that knows enough hangs up.
fn play(listener: &TcpListener, row: &Row) -> std::io::Result<()> {
    let [begin, unit, end] = row.body;
    let times = row.length.checked_div(unit.len()).unwrap_or(0);
    let body = format!("{begin}{}{end}", unit.repeat(times));
    for (body, announced) in [("{\"Id\":1}", None), (&body, row.announced)] {
        let (mut stream, _) = listener.accept()?;
        let mut request = [0; 4096];
        let _ = stream.read(&mut request)?;
        let length = announced.unwrap_or(body.len() as u64);
        write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n")?;
        let _ = stream.write_all(body.as_bytes());
    }
    Ok(())
}

#[test]
#[ignore = "run by an_answer_takes_no_more_memory_than_was_asked_for in a process of its own"]
fn the_child_that_reads_a_row() {
    let (Ok(url), Ok(row)) = (std::env::var(URL), std::env::var(ROW)) else {
        tests::skipped("the memory of a row", "this is a part of another test");
        return;
    };
    let row = &ROWS[row.parse::<usize>().unwrap()];
    let builder = Client::builder(url).token("t").retry(threecx_xapi::RetryPolicy::none());
    let client = (row.set)(builder).build().unwrap();
    client.users().get(1).wait().unwrap();
    let idle = peak().unwrap();
    let error = (row.call)(&client).unwrap_err();
    let grown = peak().unwrap() - idle;
    println!("{}: {grown} KiB above {idle} KiB", row.name);
    assert!(grown <= MOST_KIB, "{}: {grown} KiB above {idle} KiB", row.name);
    assert!(error.to_string().contains(row.error), "{}: {error}", row.name);
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(text.len() < 4_000, "{}: {} bytes", row.name, text.len());
    }
}
