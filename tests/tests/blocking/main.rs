//! The blocking client: the same scenario on every kind of thread that may block, and refused with
//! an error on those that must not. A deadlock would show as a test that never ends.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod threads;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use tests::fake_pbx::{DEMO_CLIENT, FakePbx, Fault, file_byte};
use threecx_xapi::blocking::Wait;
use threecx_xapi::entities::User;
use threecx_xapi::{Client, Error};
use tokio::runtime::{Builder, Runtime};

/// How many requests the scenario sends.
const CALLS: usize = 10;
const RECORDING: u64 = 100_000;

fn multi_thread() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn current_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// A PBX on a runtime of its own, and a client of it.
struct Bench {
    client: Client,
    pbx: FakePbx,
    home: Runtime,
}

impl Bench {
    fn new() -> Self {
        let home = multi_thread();
        let pbx = home.block_on(FakePbx::builder().recordings(2, RECORDING).start()).unwrap();
        let client = Client::builder(pbx.url()).service_principal(DEMO_CLIENT.0, DEMO_CLIENT.1);
        // Every second recording breaks off.
        let broken = "/xapi/v1/Recordings/Pbx.DownloadRecording(recId=982)";
        pbx.fault(Fault::at(broken).always().ends_early(70));
        Self { client: client.build().unwrap(), pbx, home }
    }

    /// The scenario has run so often, with one sign-in for all.
    #[track_caller]
    fn assert_ran(&self, times: usize) {
        assert_eq!((self.pbx.sign_ins(), self.pbx.calls().len()), (1, times * CALLS));
        assert_eq!(self.pbx.handled("POST /Users"), 2 * times);
        assert_eq!(self.pbx.handled("PATCH /Users({Id})"), 2 * times);
    }
}

/// A folder of one's own, gone with the value.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name =
            format!("blocking-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Lists, gets, creates, changes with a null, downloads to a path, and meets errors: all as `.await`
/// would give it.
fn scenario(client: &Client, number: &str) -> Result<(), Error> {
    let page = client.users().list().select((User::ID, User::NUMBER)).top(3).wait()?;
    assert_eq!(page.iter().filter_map(|user| user.id).collect::<Vec<_>>(), [1001, 1002, 1003]);
    let ada = client.users().get(1001).send().wait()?;
    assert_eq!((ada.status(), ada.value.number.as_deref()), (200, Some("101")));

    let new = User::default().number(number).first_name("Grace").mobile("+12025550100");
    let id = client.users().create(new).wait()?.id.unwrap();
    let change = User::default().last_name("Hopper");
    client.users().update(id, change).clear(User::MOBILE).wait()?;
    let changed = client.users().get(id).wait()?;
    assert_eq!((changed.last_name.as_deref(), changed.mobile), (Some("Hopper"), None));
    assert_eq!(changed.first_name.as_deref(), Some("Grace"));

    let folder = Folder::new();
    let path = folder.0.join("981.wav");
    assert_eq!(
        client.recordings().download_recording(981).wait()?.save_to(&path).wait()?,
        RECORDING
    );
    let bytes = std::fs::read(&path).unwrap();
    assert!((0..RECORDING).zip(&bytes).all(|(at, byte)| *byte == file_byte(981, at)));
    let broken = client.recordings().download_recording(982).wait()?;
    let error = broken.save_to(folder.0.join("982.wav")).wait().unwrap_err();
    assert!(error.is_interrupted() && error.is_retryable(), "{error}");
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 1, "no half file");

    let error = client.users().get(9).wait().unwrap_err();
    assert!(error.is_not_found() && error.operation() == Some("GetUser"), "{error}");
    let error = client.users().create(User::default().number("101")).wait().unwrap_err();
    assert!(error.is_validation(), "{error}");
    assert_eq!(error.details()[0].target, "Number");
    let taken = User::default().email_address("u102@example.com");
    let error = client.users().update(1001, taken).wait().unwrap_err();
    assert_eq!(error.warnings(), ["WARNINGS.XAPI.ALREADY_IN_USE"]);
    Ok(())
}

/// On an async thread: an error that says what to do instead.
fn refused(client: &Client) {
    for error in [
        client.users().list().top(3).wait().unwrap_err(),
        client.users().get(1001).send().wait().unwrap_err(),
        client.users().create(User::default().number("900")).wait().unwrap_err(),
        client.users().update(1001, User::default()).clear(User::MOBILE).wait().unwrap_err(),
        client.recordings().download_recording(981).wait().err().unwrap(),
    ] {
        assert!(error.is_usage() && !error.is_retryable(), "{error}");
        let text = error.to_string();
        assert!(text.contains(".await") && text.contains("spawn_blocking"), "{text}");
    }
}

#[test]
fn blocking_calls_work_outside_a_runtime() {
    let bench = Bench::new();
    scenario(&bench.client, "900").unwrap();
    bench.assert_ran(1);
    // A thread that knows a runtime, but doesn't run in it.
    let _entered = bench.home.enter();
    scenario(&bench.client, "901").unwrap();
    bench.assert_ran(2);
}

#[test]
fn blocking_calls_work_on_many_threads_at_once_with_one_sign_in() {
    let bench = Bench::new();
    std::thread::scope(|scope| {
        for number in 900..908 {
            let client = bench.client.clone();
            scope.spawn(move || scenario(&client, &number.to_string()).unwrap());
        }
    });
    bench.assert_ran(8);
}

#[test]
fn blocking_calls_work_in_spawn_blocking_beside_async_ones() {
    for runtime in [multi_thread, current_thread] {
        let (bench, runtime) = (Bench::new(), runtime());
        runtime.block_on(async {
            let client = bench.client.clone();
            let blocking = tokio::task::spawn_blocking(move || scenario(&client, "900"));
            blocking.await.unwrap().unwrap();
        });
        bench.assert_ran(1);
        // The same client awaits on that runtime, over connections that waiting has left.
        runtime.block_on(async { bench.client.users().get(1001).await }).unwrap();
        assert_eq!((bench.pbx.sign_ins(), bench.pbx.calls().len()), (1, CALLS + 1));
    }
}

#[test]
fn blocking_calls_work_inside_block_in_place() {
    let (bench, runtime) = (Bench::new(), multi_thread());
    let client = bench.client.clone();
    let task = async move { tokio::task::block_in_place(|| scenario(&client, "900")) };
    runtime.block_on(async { tokio::spawn(task).await }).unwrap().unwrap();
    bench.assert_ran(1);
}

#[test]
fn waiting_on_an_async_thread_is_an_error_and_nothing_is_sent() {
    for runtime in [multi_thread, current_thread] {
        let (bench, runtime) = (Bench::new(), runtime());
        let client = &bench.client;
        runtime.block_on(async {
            refused(client);
            let task = client.clone();
            tokio::spawn(async move { refused(&task) }).await.unwrap();
            tokio::task::LocalSet::new().run_until(async { refused(client) }).await;
        });
        assert_eq!(bench.pbx.requests(), []);
        // Neither the client nor the runtime has suffered.
        runtime.block_on(async { client.users().get(1001).await }).unwrap();
        assert_eq!((bench.pbx.sign_ins(), bench.pbx.calls().len()), (1, 1));
    }
}

#[test]
fn saving_a_file_on_an_async_thread_leaves_an_error_alone() {
    let (bench, runtime, folder) = (Bench::new(), multi_thread(), Folder::new());
    let path = folder.0.join("981.wav");
    runtime.block_on(async {
        let file = bench.client.recordings().download_recording(981).await.unwrap();
        let error = file.save_to(&path).wait().unwrap_err();
        assert!(error.is_usage() && error.to_string().contains("spawn_blocking"), "{error}");
    });
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 0);
}

#[test]
fn a_renewal_is_shared_by_waiting_threads_and_async_tasks() {
    let (bench, runtime) = (Bench::new(), multi_thread());
    let client = &bench.client;
    client.users().get(1001).wait().unwrap();
    bench.pbx.revoke_tokens();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| client.users().get(1001).wait().unwrap());
            scope.spawn(|| runtime.block_on(async { client.users().get(1001).await }).unwrap());
        }
    });
    assert_eq!(bench.pbx.sign_ins(), 2, "exactly one more");
    assert_eq!(bench.pbx.handled("GET /Users({Id})"), 9);
}
