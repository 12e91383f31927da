//! The examples, run as programs against the fake PBX: what they say, what they write, how they end.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tests::fake_pbx::{Builder, DEMO_CLIENT, FakePbx};

mod calls;
mod lists;
mod system;
mod users;

/// A fake PBX, and a folder for the files of a test.
struct Bench {
    pbx: FakePbx,
    folder: tempfile::TempDir,
}

/// How an example ended.
#[derive(Debug)]
struct Ended {
    status: i32,
    out: String,
    err: String,
}

impl Ended {
    /// The line that says what went wrong, if it failed with this status.
    fn failed(&self, status: i32) -> &str {
        assert_eq!(self.status, status, "{self:?}");
        let mut lines = self.err.lines().filter_map(|line| line.strip_prefix("error: "));
        let line = lines.next().unwrap_or_else(|| panic!("{self:?}"));
        assert_eq!(lines.next(), None, "one message: {self:?}");
        line
    }

    /// What it printed, if all was well.
    fn done(&self) -> &str {
        assert_eq!(self.status, 0, "{self:?}");
        &self.out
    }
}

impl Bench {
    async fn new(builder: Builder) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { pbx: builder.start().await.unwrap(), folder }
    }

    /// Runs an example with arguments, of which `@/` stands for the folder, against the fake PBX.
    async fn run(&self, line: &str) -> Ended {
        let (id, secret) = DEMO_CLIENT;
        let settings =
            [("XAPI_URL", self.pbx.url()), ("XAPI_CLIENT_ID", id), ("XAPI_CLIENT_SECRET", secret)];
        run(&in_folder(line, self.folder.path()), &settings).await
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    /// The files of a folder below the test's own.
    fn files(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path().join(folder)).unwrap();
        let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
        let mut names: Vec<_> = entries.map(|it| name(it).into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// What has been written to the PBX since a number of calls, as lines of method and path.
    fn writes(&self, since: usize) -> Vec<String> {
        let calls = self.pbx.calls().split_off(since);
        let writes = calls.iter().filter(|call| call.method != "GET");
        writes.map(|call| call.line().replace("/xapi/v1", "")).collect()
    }

    /// A property of the rows of a collection.
    fn column(&self, collection: &str, property: &str) -> Vec<Value> {
        self.pbx.rows(collection).iter().map(|row| row[property].clone()).collect()
    }
}

/// A line of arguments with the paths of its files.
fn in_folder(line: &str, folder: &Path) -> String {
    line.replace("@/", &format!("{}/", folder.display()))
}

/// Runs an example; beside its settings it knows none.
async fn run(line: &str, settings: &[(&str, &str)]) -> Ended {
    let mut words = line.split_whitespace();
    let name = words.next().unwrap();
    let mut command = Command::new(&built()[name]);
    for name in ["XAPI_URL", "XAPI_CLIENT_ID", "XAPI_CLIENT_SECRET", "XAPI_CERTIFICATE"] {
        command.env_remove(name);
    }
    command.args(words).envs(settings.iter().copied()).stdin(Stdio::null());
    let output = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let status = output.status.code().unwrap();
    let ended = Ended { status, out: text(output.stdout), err: text(output.stderr) };
    let shown = format!("{ended:?}");
    assert!(!shown.contains(DEMO_CLIENT.1), "no example shows the secret: {shown}");
    ended
}

/// The programs of all examples, built once.
fn built() -> &'static BTreeMap<String, PathBuf> {
    static BUILT: OnceLock<BTreeMap<String, PathBuf>> = OnceLock::new();
    BUILT.get_or_init(|| {
        // With the features that a test of the whole workspace has, so that it finds them built.
        let output = Command::new(env!("CARGO"))
            .args(["build", "--workspace", "--examples", "--message-format=json"])
            .current_dir(tests::root())
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        assert!(output.status.success(), "the examples compile");
        let lines = String::from_utf8(output.stdout).unwrap();
        let messages = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let program = |message: Value| {
            let path = Path::new(message["executable"].as_str()?).to_owned();
            let target = &message["target"];
            (target["kind"][0] == "example")
                .then(|| (target["name"].as_str().unwrap().to_owned(), path))
        };
        messages.filter_map(program).collect()
    })
}

/// Each job with arguments that are right, and the files that they name.
const JOBS: [(&str, &[(&str, &str)]); 10] = [
    (
        "create_user --first-name Ada --last-name Byron --email ada@example.com --department Sales",
        &[],
    ),
    ("change_users @/users.csv", &[("users.csv", "number,enabled\n101,false\n")]),
    ("export_call_log --month 2026-01 --out @/calls.csv", &[]),
    ("queue_agents --queue 80001 --add 102", &[]),
    ("office_hours --open mon-fri=09:00-17:00", &[]),
    ("fetch_recordings --into @/recordings", &[]),
    ("backup --into @/backups --name nightly --every 0", &[]),
    ("sync_blocklist @/addresses.txt", &[("addresses.txt", "203.0.113.7\n")]),
    (
        "create_department --name Help --members 101 --link help --website https://www.example.com",
        &[],
    ),
    ("monitor --rounds 1", &[]),
];

/// Runs each job in a folder with its files.
async fn each_job(extra: &str, settings: &[(&str, &str)], judge: impl Fn(&str, &Ended)) {
    for (line, files) in JOBS {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let line = in_folder(line, folder.path());
        judge(&line, &run(&format!("{line} {extra}"), settings).await);
    }
}

#[tokio::test]
async fn each_example_is_a_job_of_these_tests() {
    let mut jobs: Vec<_> =
        JOBS.iter().map(|(line, _)| line.split_whitespace().next().unwrap()).collect();
    jobs.push("quickstart");
    jobs.sort_unstable();
    assert_eq!(built().keys().collect::<Vec<_>>(), jobs);
}

#[tokio::test]
async fn each_example_explains_itself() {
    for name in built().keys() {
        let help = run(&format!("{name} --help"), &[]).await;
        for part in ["Usage:", "--demo", "XAPI_URL", "XAPI_CLIENT_SECRET", "Exit status:"] {
            assert!(help.done().contains(part), "{name}: {help:?}");
        }
    }
}

#[tokio::test]
async fn each_job_can_be_tried_out_with_a_demo() {
    each_job("--demo", &[], |line, ended| {
        ended.done();
        assert!(ended.err.contains("fake PBX inside of this program"), "{line}: {ended:?}");
    })
    .await;
}

#[tokio::test]
async fn a_job_without_settings_says_which_and_does_nothing() {
    each_job("", &[], |line, ended| {
        assert_eq!(
            ended.failed(2),
            "set XAPI_URL, XAPI_CLIENT_ID, XAPI_CLIENT_SECRET in the environment, or try it out \
             with --demo",
            "{line}"
        );
    })
    .await;
}

#[tokio::test]
async fn each_wrong_setting_gets_one_message() {
    const NO_PEM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let (url, id, secret) =
        (("XAPI_URL", "http://127.0.0.1:9"), ("XAPI_CLIENT_ID", "i"), ("XAPI_CLIENT_SECRET", "s"));
    let all = |changed: (&'static str, &'static str)| {
        let mut settings = vec![url, id, secret];
        settings.retain(|(name, _)| *name != changed.0);
        settings.push(changed);
        settings
    };
    for (settings, message) in [
        (vec![url, id], "set XAPI_CLIENT_SECRET in"),
        (vec![id, secret], "set XAPI_URL in"),
        (all(("XAPI_CLIENT_ID", "")), "set XAPI_CLIENT_ID in"),
        (all(("XAPI_URL", "pbx.example.com")), "pbx.example.com"),
        (all(("XAPI_URL", "http://pbx.example.com")), "https"),
        (all(("XAPI_CERTIFICATE", "/no/such.pem")), "/no/such.pem: "),
        (all(("XAPI_CERTIFICATE", NO_PEM)), "PEM"),
    ] {
        for name in ["quickstart", "monitor --rounds 1"] {
            let ended = run(name, &settings).await;
            assert!(ended.failed(2).contains(message), "{settings:?}: {ended:?}");
        }
    }
}

#[tokio::test]
async fn each_wrong_argument_gets_one_message() {
    for (line, message) in [
        ("quickstart --nope", "unexpected argument '--nope'"),
        ("create_user --first-name A", "--last-name <LAST_NAME>"),
        (
            "create_user --first-name A --last-name B --email c --department D --role king",
            "system_owners",
        ),
        ("change_users", "<FILE>"),
        ("change_users /no/such.csv", "/no/such.csv: "),
        ("export_call_log --month 2026-13 --out x", "a month is written as 2026-01"),
        ("export_call_log --month 2026-01 --offset 1 --out x", "1 is no offset"),
        ("queue_agents --queue 80001", "--add <ADD>"),
        ("office_hours", "--open <OPEN>"),
        ("office_hours --open fri-mon=09:00-17:00", "mon-fri=09:00-17:30"),
        ("office_hours --open mon=17:00-09:00", "mon-fri=09:00-17:30"),
        ("office_hours --open mon=09:00-10:00 --delete-others", "--holidays <HOLIDAYS>"),
        ("fetch_recordings", "--into <INTO>"),
        ("backup --into x --name n --every soon", "invalid value 'soon'"),
        ("sync_blocklist /no/such.txt", "/no/such.txt: "),
        ("create_department --name A --link a", "--website <WEBSITE>"),
        ("monitor --rounds -1", "'-1'"),
    ] {
        let ended = run(line, &[]).await;
        ended.failed(2);
        assert!(ended.err.contains(message), "{line}: {ended:?}");
    }
}

#[tokio::test]
async fn the_quickstart_works_with_nothing_configured() {
    let ended = run("quickstart", &[]).await;
    assert!(ended.err.contains("a fake PBX inside of this program"), "{ended:?}");
    for line in ["The PBX has release 20.0.10", "It has 10 users.", "  101  Ada101", "  Sales"] {
        assert!(ended.done().contains(line), "{line}: {ended:?}");
    }
    let bench = Bench::new(FakePbx::builder().users(3).release("20.0.9.995")).await;
    let ended = bench.run("quickstart").await;
    assert!(ended.err.contains(&format!("the PBX at {}", bench.pbx.url())), "{ended:?}");
    assert!(ended.done().contains("release 20.0.9.995.\nIt has 3 users."), "{ended:?}");
    assert_eq!(bench.writes(0), Vec::<String>::new());
    assert_eq!(bench.pbx.sign_ins(), 1);
}
