//! How much memory a large download takes, in a process of its own.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use threecx_xapi::Client;

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
    // The peak counts since a process began, so this one's own would say nothing.
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "memory::the_child_that_downloads", "--ignored", "--nocapture"])
        .env(URL, url)
        .env(TARGET, &target)
        .output()
        .unwrap();
    let output = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success(), "{output}{}", String::from_utf8_lossy(&child.stderr));
    assert!(output.contains("1 passed"), "the child must have run: {output}");
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
