//! What grows unnoticed and makes people wait: bounds without a clock, each with the reason for it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use allocation_counter::AllocationInfo;
use tests::root;
use threecx_xapi::entities::User;
use threecx_xapi::{Client, Page, Reply};

/// A number that may shrink, and grow up to a bound.
fn within(what: &str, found: u64, most: u64) {
    println!("{what}: {found} of {most}");
    assert!(
        found <= most,
        "{what}: {found} is above {most}; lower it, or say here why more is right"
    );
}

fn lines(folder: &Path) -> u64 {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        sum += match path.is_dir() {
            true => lines(&path),
            false => std::fs::read_to_string(&path).unwrap().lines().count() as u64,
        };
    }
    sum
}

/// The compiler reads and checks every line of the client whenever somebody builds it first.
#[test]
fn the_generated_client_stays_short() {
    within("lines", lines(&root().join("generated-client/src/generated")), 110_000);
}

/// Most of a first build is dependencies. A further one must be worth it.
#[test]
fn the_clients_dependencies_stay_few() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--package", "threecx-xapi", "--edges", "normal", "--prefix", "none"]);
    cargo.args(["--target", "x86_64-unknown-linux-gnu", "--format", "{p}", "--locked"]);
    let output = cargo.current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let crates: BTreeSet<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    within("crates with the client", crates.len() as u64, 97);
}

/// What a call allocates on this thread, once connections and tables are there.
fn of_one(call: impl AsyncFn()) -> AllocationInfo {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    for _ in 0..3 {
        runtime.block_on(call());
    }
    allocation_counter::measure(|| runtime.block_on(call()))
}

const USER: &str = r#"{"Id":12,"Number":"101","FirstName":"Ada"}"#;

/// Each allocation costs tens of nanoseconds, and the memory of many is scattered.
#[test]
fn a_call_allocates_little_beside_the_http_library() {
    let client = Client::builder("http://localhost")
        .answered_by(|request| Ok(Reply::new(request.info(), 200).with_body(USER)))
        .build()
        .unwrap();
    let own = of_one(async || assert_eq!(client.users().get(12).await.unwrap().id, Some(12)));
    within("allocations of a call without a network", own.count_total, 10);
    within("bytes of a call without a network", own.bytes_total, 3_000);
}

#[test]
fn a_call_over_a_socket_allocates_a_bounded_number_of_times() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let length = USER.len();
        let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{USER}");
        let mut request = [0; 4096];
        while stream.read(&mut request).unwrap_or(0) > 0 {
            stream.write_all(answer.as_bytes()).unwrap();
        }
    });
    let client = Client::builder(url).token("t").build().unwrap();
    let all = of_one(async || assert_eq!(client.users().get(12).await.unwrap().id, Some(12)));
    within("allocations of a call over a socket", all.count_total, 64);
}

/// A row is read in place: what it allocates are its texts and lists.
#[test]
fn a_page_allocates_its_texts_and_little_else() {
    let row = r#"{"Id":1,"Number":"101","FirstName":"Ada","LastName":"Byron","Enabled":true,"Groups":[{"GroupId":7,"Name":"Sales"}]}"#;
    // Three texts, a list, and a text in it.
    let (rows, texts) = (1_000, 5);
    let text = format!("{{\"value\":[{}]}}", vec![row; rows].join(","));
    let read = || serde_json::from_str::<Page<User>>(&text).unwrap();
    assert_eq!(read().len(), rows);
    let found = allocation_counter::measure(|| drop(read()));
    within("allocations of a page beside its texts", found.count_total - (rows * texts) as u64, 16);
}
