//! Sign-in at a real OAuth2 server, which knows nothing of this client and lets its tokens end
//! after five seconds of real time.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{BufRead, BufReader, ErrorKind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tests::{raw, root, skipped};
use threecx_xapi::auth::{ServicePrincipal, SignIn, TokenFuture, TokenSource};
use threecx_xapi::{Client, Error};
use tokio::time::{MissedTickBehavior, interval};

const CHECK: &str = "calls at a real OAuth2 server";
const CLIENT_ID: &str = "integration";
/// Each character after the first word means something else in a form that is not encoded.
const CLIENT_SECRET: &str = "s3cret &+=%41/?#";
const TOKEN_LIFE: Duration = Duration::from_secs(5);
const RUN: Duration = Duration::from_secs(20);
const PACE: Duration = Duration::from_millis(50);
const TASKS: usize = 4;

/// The server's process. It is ended by its own id, and ends by itself with its input.
struct OAuth2Server {
    child: Child,
    url: String,
}

impl Drop for OAuth2Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl OAuth2Server {
    /// Starts on a free port, with the packages in this folder.
    fn start(folder: &Path) -> Self {
        let mut node = Command::new("node");
        node.arg(folder.join("server.mjs")).args([
            CLIENT_ID,
            CLIENT_SECRET,
            &TOKEN_LIFE.as_secs().to_string(),
        ]);
        let child = node.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut server = Self { child, url: String::new() };
        let (send, lines) = mpsc::channel();
        let output = BufReader::new(server.child.stdout.take().unwrap());
        // It reads to the end, also when nobody listens any more: a full pipe would hold the server.
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                drop(send.send(line));
            }
        });
        while let Ok(line) = lines.recv_timeout(Duration::from_secs(60)) {
            // The library says other things too.
            if let Some(port) = line.strip_prefix("port ") {
                server.url = format!("http://127.0.0.1:{port}");
                return server;
            }
        }
        panic!("the OAuth2 server did not start")
    }

    async fn counts(&self) -> Counts {
        let answer = raw::send(&self.url, "GET", "/counts", &[], b"").await.unwrap();
        let text = String::from_utf8(answer.body).unwrap();
        // Sent in chunks: the one line of JSON is the body but for their sizes.
        let json = text.lines().find(|line| line.starts_with('{')).unwrap();
        let json: serde_json::Value = serde_json::from_str(json).unwrap();
        let count = |name: &str| json[name].as_u64().unwrap();
        Counts {
            sign_ins: count("signIns"),
            answered: count("answered"),
            refused: count("refused"),
        }
    }
}

/// What reached the server so far.
struct Counts {
    sign_ins: u64,
    answered: u64,
    refused: u64,
}

/// The folder below `target` with the script and the packages it needs, installed once for each
/// state of the lock file. None where Node is missing, or packages that are nowhere to be had.
fn installed() -> Option<PathBuf> {
    let source = root().join("tests/oauth2-server");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oauth2-server");
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    for tool in ["node", npm] {
        match Command::new(tool).arg("--version").stdout(Stdio::null()).status() {
            Ok(status) => assert!(status.success(), "{tool} --version: {status}"),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                skipped(CHECK, &format!("{tool} is not here"));
                return None;
            }
            Err(error) => panic!("{tool}: {error}"),
        }
    }
    std::fs::create_dir_all(&folder).unwrap();
    for file in ["server.mjs", "package.json", "package-lock.json", ".npmrc"] {
        std::fs::copy(source.join(file), folder.join(file)).unwrap();
    }
    let lock = std::fs::read(source.join("package-lock.json")).unwrap();
    let stamp = folder.join("installed.json");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Some(folder);
    }
    // An install that breaks off leaves less than it found.
    drop(std::fs::remove_file(&stamp));
    let options = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    // Without these, a machine without a network waits for minutes to be told so.
    let patience = ["--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000"];
    let mut install = Command::new(npm);
    install.arg("ci").args(options).args(patience).current_dir(&folder);
    let output = install.stdin(Stdio::null()).output().unwrap();
    if output.status.success() {
        std::fs::write(stamp, lock).unwrap();
        return Some(folder);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    if is_out_of_reach(&said) {
        skipped(CHECK, "no package registry is within reach");
        return None;
    }
    // A lock file that doesn't fit is a mistake of this repository.
    panic!("npm ci failed: {said}")
}

/// Whether npm's `code …` line blames the way to the registry, or what stands on it.
fn is_out_of_reach(said: &str) -> bool {
    let codes = [
        "EAI_AGAIN",
        "ECONNREFUSED",
        "ECONNRESET",
        "EHOSTUNREACH",
        "ENETUNREACH",
        "ENOTFOUND",
        "ERR_SOCKET_TIMEOUT",
        "ETIMEDOUT",
        "E401",
        "E403",
        "E407",
        "E429",
        "E500",
        "E502",
        "E503",
        "E504",
    ];
    said.lines()
        .filter_map(|line| line.split_once(" code "))
        .any(|(_, code)| codes.contains(&code.trim()))
}

/// A token got without the client under test.
async fn token(server: &OAuth2Server) -> String {
    let form = b"client_id=integration&client_secret=s3cret%20%26%2B%3D%2541%2F%3F%23&grant_type=client_credentials";
    let headers = [("Content-Type", "application/x-www-form-urlencoded")];
    let answer = raw::send(&server.url, "POST", "/connect/token", &headers, form).await.unwrap();
    let json = answer.json();
    assert_eq!((answer.status, &json["expires_in"]), (200, &TOKEN_LIFE.as_secs().into()), "{json}");
    json["access_token"].as_str().unwrap().to_owned()
}

/// One call, the two kinds by turns.
async fn call(pbx: &Client, number: u64) -> Result<(), Error> {
    if number.is_multiple_of(2) {
        assert_eq!(pbx.defs().get().await?.id, Some(7));
    } else {
        let users = pbx.users().list().top(2).await?.value;
        let numbers: Vec<_> = users.iter().filter_map(|user| user.number.as_deref()).collect();
        assert_eq!(numbers, ["101", "102"]);
    }
    Ok(())
}

/// Calls at a steady pace until the time is over: how many, and those that failed.
async fn steady_calls(pbx: Client, begun: Instant) -> (u64, Vec<String>) {
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (mut calls, mut failed) = (0, Vec::new());
    while begun.elapsed() < RUN {
        pace.tick().await;
        if let Err(error) = call(&pbx, calls).await {
            failed.push(format!("after {:?}: {error}", begun.elapsed()));
        }
        calls += 1;
    }
    (calls, failed)
}

/// Takes a token to be good for an hour, so that only a 401 says otherwise.
struct Credulous(ServicePrincipal);

impl TokenSource for Credulous {
    fn fetch<'a>(&'a self, pbx: &'a SignIn) -> TokenFuture<'a> {
        Box::pin(async { Ok(self.0.fetch(pbx).await?.expires_in(Duration::from_secs(3600))) })
    }
}

/// Runs the calls of several tasks, which share a client. Asserts what holds for every source of
/// tokens, and gives the number of sign-ins and of requests refused with a 401.
async fn run(server: &OAuth2Server, source: impl TokenSource) -> (u64, u64) {
    let pbx = Client::builder(&server.url).token_source(source).build().unwrap();
    let first = Client::builder(&server.url).token(token(server).await).build().unwrap();
    call(&first, 0).await.unwrap();
    let before = server.counts().await;

    let begun = Instant::now();
    let tasks = [(); TASKS].map(|()| tokio::spawn(steady_calls(pbx.clone(), begun)));
    let (mut calls, mut failed) = (0, Vec::new());
    for task in tasks {
        let (made, theirs) = task.await.unwrap();
        calls += made;
        failed.extend(theirs);
    }
    assert_eq!(failed, Vec::<String>::new());

    let after = server.counts().await;
    let sign_ins = after.sign_ins - before.sign_ins;
    let refused = after.refused - before.refused;
    println!("{calls} calls, {sign_ins} sign-ins, {refused} requests refused");
    assert!(calls >= 200, "{calls} calls are too few to meet the end of a token");
    // The first one and at least three renewals. At most one each three seconds: a token is
    // renewed a second early, and the server's whole seconds take up to one more from its life.
    assert!((4..=7).contains(&sign_ins), "{sign_ins} sign-ins");
    // A call goes out again only after a 401, and one sign-in serves all that met one.
    assert_eq!(after.answered - before.answered, calls);
    assert!(refused <= (sign_ins - 1) * TASKS as u64, "{refused} requests refused");
    // The server meant it: a token that was good at the beginning is none now.
    assert!(call(&first, 0).await.is_err_and(|error| error.is_unauthorized()));
    (sign_ins, refused)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_call_fails_while_tokens_of_a_real_oauth2_server_end() {
    let Some(folder) = installed() else { return };
    // One for each, so that each counts for itself.
    let servers = [(); 2].map(|()| OAuth2Server::start(&folder));
    let principal = || ServicePrincipal::new(CLIENT_ID, CLIENT_SECRET);
    let (_, (sign_ins, refused)) =
        tokio::join!(run(&servers[0], principal()), run(&servers[1], Credulous(principal())));
    // Here nothing but a refusal can have led to a renewal.
    assert!(refused >= sign_ins - 1, "{sign_ins} sign-ins, {refused} requests refused");
}
