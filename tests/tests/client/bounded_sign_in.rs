//! How often a client signs in when something goes wrong again and again: each row says what does,
//! and how many sign-ins and calls reach the PBX.

mod good_once;

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tests::server::{Play, Recorded, Server};
use threecx_xapi::auth::{AccessToken, SignIn, TokenFuture, TokenSource};
use threecx_xapi::{Client, ClientBuilder, Error, RetryPolicy};
use tokio::sync::watch::{self, Receiver};
use tokio::task::JoinHandle;

use crate::{AGENT, builder, empty, json, later, play};

const HOUR: Duration = Duration::from_secs(3600);

/// What the PBX does with a sign-in and with a call.
type Script = fn(&Recorded, usize) -> Play;
type Calling = JoinHandle<Result<(), Error>>;
type Source = fn(ClientBuilder) -> ClientBuilder;

/// The calls that a row makes.
#[derive(Clone, Copy)]
enum Calls {
    InTurn(usize),
    AtOnce(usize),
    /// Each after one of another operation, which succeeds.
    Between(usize),
}

struct Row {
    what: &'static str,
    script: Script,
    source: Source,
    /// The delay after a first failure, and the limit of time for a sign-in.
    times: (Duration, Duration),
    calls: Calls,
    sign_ins: RangeInclusive<usize>,
    sent: RangeInclusive<usize>,
    /// The bytes of one sign-in.
    size: usize,
    /// Whether each error is as it should be; none where the calls succeed.
    error: Option<fn(&Error) -> bool>,
}

const QUICK: (Duration, Duration) = (Duration::from_millis(1), Duration::from_secs(10));

/// The bytes of the call that a row makes, and of the other one that it may make.
const CALL: usize = AGENT + 145;
const OTHER_CALL: usize = AGENT + 118;

/// The bytes of a service principal's sign-in.
const PRINCIPAL: usize = AGENT + 227;

/// The bytes of all that came, if each sign-in has this size, and nothing came but what a row sends.
fn bytes(server: &Server, sign_in: usize) -> usize {
    let others = server.calls().iter().filter(|it| !it.target.contains("Trunks")).count();
    let calls = server.calls().len() - others;
    server.sign_ins() * sign_in + calls * CALL + others * OTHER_CALL
}

fn signed_in() -> Play {
    Play::Answer(json(200, r#"{"access_token":"t","expires_in":60}"#))
}

fn principal(builder: ClientBuilder) -> ClientBuilder {
    builder.service_principal("id", "secret")
}

async fn call(client: &Client) -> Result<(), Error> {
    client.trunks().delete(1).await
}

/// The outcomes of the calls of a row.
async fn make(client: &Client, calls: Calls) -> Vec<Result<(), Error>> {
    let mut outcomes = Vec::new();
    match calls {
        Calls::InTurn(count) => {
            for _ in 0..count {
                outcomes.push(call(client).await);
            }
        }
        Calls::Between(count) => {
            for _ in 0..count {
                client.defs().get().await.unwrap();
                outcomes.push(call(client).await);
            }
        }
        Calls::AtOnce(count) => {
            let start = |_| {
                let client = client.clone();
                tokio::spawn(async move { call(&client).await })
            };
            let tasks: Vec<_> = (0..count).map(start).collect();
            for task in tasks {
                outcomes.push(task.await.unwrap());
            }
        }
    }
    outcomes
}

async fn check(rows: Vec<Row>) {
    let mut wrong = Vec::new();
    for row in rows {
        let server = play(row.script).await;
        let (delay, limit) = row.times;
        let builder = builder(&server)
            .retry(RetryPolicy::default().base_delay(delay).max_delay(delay))
            .attempt_timeout(limit);
        let client = (row.source)(builder).build().unwrap();
        let outcomes = make(&client, row.calls).await;
        let (sign_ins, sent) = (server.sign_ins(), server.calls().len());
        let is_right = row.sign_ins.contains(&sign_ins) && row.sent.contains(&sent);
        let (bytes, right) = (server.bytes(), bytes(&server, row.size));
        if !is_right || bytes != right {
            let counts = format!("{sign_ins} sign-ins, {sent} calls, {bytes} bytes ({right})");
            wrong.push(format!("{}: {counts}", row.what));
        }
        for outcome in outcomes {
            let is_right = match (&outcome, row.error) {
                (Ok(()), None) => true,
                (Err(error), Some(is_right)) => is_right(error),
                _ => false,
            };
            if !is_right {
                wrong.push(format!("{}: {outcome:?}", row.what));
                break;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Takes any token but for the trunks.
fn trunks_refuse(request: &Recorded, _: usize) -> Play {
    match (request.is_sign_in(), request.target.contains("Trunks")) {
        (true, _) => signed_in(),
        (false, true) => Play::Answer(empty(401)),
        (false, false) => Play::Answer(json(200, r#"{"Id":1}"#)),
    }
}

fn is_refused_call(error: &Error) -> bool {
    error.status() == Some(401) && !error.is_sign_in()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_fresh_token_that_is_refused_is_not_renewed_with_each_call() {
    let row = |what, calls, sent| Row {
        what,
        script: trunks_refuse,
        source: principal,
        times: QUICK,
        calls,
        sign_ins: 2..=2,
        sent,
        size: PRINCIPAL,
        error: Some(is_refused_call),
    };
    check(vec![
        row("one route, in turn", Calls::InTurn(50), 51..=51),
        // A call that comes late finds the fresh token, and does not try another one.
        row("one route, at once", Calls::AtOnce(50), 51..=100),
        row("one route of two", Calls::Between(25), 51..=51),
    ])
    .await;
}

/// A call under way that has sent its request with a second token, as the server has told; `others` says
/// whether another operation has used that token since.
async fn renewing(client: &Client, told: &mut Receiver<usize>, others: bool) -> Calling {
    let calling = tokio::spawn({
        let client = client.clone();
        async move { call(&client).await }
    });
    told.wait_for(|count| *count == 2).await.unwrap();
    if others {
        client.defs().get().await.unwrap();
    }
    calling
}

/// The call that replaced the token still waits for its answer, so that the client has yet to hear that the
/// new token is refused too.
#[tokio::test]
async fn a_token_that_has_just_replaced_another_is_not_renewed() {
    for others in [false, true] {
        let (tell, mut told) = watch::channel(0);
        let trunks = AtomicUsize::new(0);
        let server = play(move |request, number| {
            if request.is_sign_in() || !request.target.contains("Trunks") {
                return trunks_refuse(request, number);
            }
            let count = trunks.fetch_add(1, Ordering::SeqCst) + 1;
            tell.send_replace(count);
            if count == 2 { Play::Stall(Vec::new()) } else { Play::Answer(empty(401)) }
        })
        .await;
        let client = principal(builder(&server)).build().unwrap();
        let first = renewing(&client, &mut told, others).await;
        // The seconds that pass before a call, and the sign-ins so far.
        for (seconds, sign_ins) in [(0, 2), (4, 2), (1, 3), (1, 3)] {
            later(Duration::from_secs(seconds)).await;
            assert!(is_refused_call(&call(&client).await.unwrap_err()));
            assert_eq!(server.sign_ins(), sign_ins, "{seconds} s more; used by others: {others}");
        }
        first.abort();
        assert_eq!(server.bytes(), bytes(&server, PRINCIPAL));
    }
}

#[tokio::test]
async fn a_fresh_token_that_is_refused_is_renewed_later_and_later() {
    let server = play(trunks_refuse).await;
    let client = principal(builder(&server)).build().unwrap();
    // The seconds that pass before a call, and the sign-ins so far. Tokens last a minute.
    for (seconds, sign_ins) in [(0, 2), (4, 2), (1, 3), (9, 3), (1, 4), (19, 4), (1, 5)] {
        later(Duration::from_secs(seconds)).await;
        assert!(is_refused_call(&call(&client).await.unwrap_err()));
        assert_eq!(server.sign_ins(), sign_ins, "after {seconds} s more");
        assert_eq!(server.bytes(), bytes(&server, PRINCIPAL), "after {seconds} s more");
    }
}

#[tokio::test]
async fn a_route_that_refuses_every_token_holds_up_no_other() {
    let revoked = Arc::new(AtomicUsize::new(0));
    let (revoke, minted) = (Arc::clone(&revoked), AtomicUsize::new(0));
    let server = play(move |request, number| {
        let good = revoked.load(Ordering::SeqCst) < minted.load(Ordering::SeqCst);
        if request.is_sign_in() {
            minted.fetch_add(1, Ordering::SeqCst);
        }
        if request.is_sign_in() || good {
            return trunks_refuse(request, number);
        }
        Play::Answer(empty(401))
    })
    .await;
    let client = principal(builder(&server)).build().unwrap();
    call(&client).await.unwrap_err();
    client.defs().get().await.unwrap();
    call(&client).await.unwrap_err();
    assert_eq!(server.sign_ins(), 2, "the route that refuses all costs no other sign-in");
    revoke.store(2, Ordering::SeqCst);
    client.defs().get().await.unwrap();
    assert_eq!(server.sign_ins(), 3, "the route that was good gets a new token");
    // What helped that one may help the other, so that it is tried once more.
    for _ in 0..3 {
        call(&client).await.unwrap_err();
        assert_eq!(server.sign_ins(), 4);
    }
    assert_eq!(server.calls().len(), 10);
    assert_eq!(server.bytes(), bytes(&server, PRINCIPAL));
}

/// A token may end between the attempts of a call that has renewed it. Then the operation does not refuse
/// every token.
#[tokio::test]
async fn a_token_that_ended_during_a_call_is_replaced_by_the_next() {
    for (what, others, sign_ins, succeeds) in
        [("others used it", true, 3, true), ("nobody used it", false, 2, false)]
    {
        let (tell, mut told) = watch::channel(0);
        let trunks = AtomicUsize::new(0);
        let server = play(move |request, number| {
            if request.is_sign_in() {
                let token = r#"{"access_token":"t","expires_in":86400}"#;
                return Play::Answer(json(200, token));
            }
            if !request.target.contains("Trunks") {
                return trunks_refuse(request, number);
            }
            let count = trunks.fetch_add(1, Ordering::SeqCst);
            tell.send_replace(count + 1);
            Play::Answer(empty([401, 503, 401, 401, 204][count.min(4)]))
        })
        .await;
        let client = principal(builder(&server).retry(RetryPolicy::default().base_delay(HOUR)));
        let client = client.timeout(3 * HOUR).build().unwrap();
        let first = renewing(&client, &mut told, others).await;
        later(2 * HOUR).await;
        let error = first.await.unwrap().unwrap_err();
        assert!(is_refused_call(&error), "{what}: {error}");
        assert_eq!(call(&client).await.is_ok(), succeeds, "{what}");
        assert_eq!(server.sign_ins(), sign_ins, "{what}");
        assert_eq!(server.bytes(), bytes(&server, PRINCIPAL), "{what}");
    }
}

/// The bytes of the sign-in of a source of one's own, which sends no field.
const OWN: usize = AGENT + 144;

/// Asks the PBX, and panics over the answer.
struct Panics;

impl TokenSource for Panics {
    fn fetch<'a>(&'a self, pbx: &'a SignIn) -> TokenFuture<'a> {
        Box::pin(async move {
            let token = pbx.post_form("/connect/token", &[]).await?;
            panic!("no use for {token:?}");
        })
    }
}

fn is_final(error: &Error) -> bool {
    error.is_sign_in() && error.is_unauthorized() && !error.is_retryable() && error.attempts() == 0
}

fn passes_by(error: &Error) -> bool {
    error.is_sign_in() && error.status() == Some(502) && error.is_retryable()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_share_a_sign_in_that_failed() {
    let panics: Source = |builder| builder.token_source(Panics);
    let gateway: Script = |_, _| Play::Answer(empty(502));
    let row = |what, calls| Row {
        what,
        script: gateway,
        source: principal,
        times: QUICK,
        calls,
        sign_ins: 1..=1,
        sent: 0..=0,
        size: PRINCIPAL,
        error: Some(passes_by),
    };
    let panic = |what, calls| Row {
        script: |_, _| signed_in(),
        source: panics,
        size: OWN,
        error: Some(is_final),
        ..row(what, calls)
    };
    let (short, long) = ((Duration::from_millis(100), HOUR), (HOUR, HOUR));
    check(vec![
        panic("a source that panics, in turn", Calls::InTurn(32)),
        panic("a source that panics, at once", Calls::AtOnce(32)),
        Row { times: long, ..row("a 502 within its hold, in turn", Calls::InTurn(64)) },
        Row { times: long, ..row("a 502 within its hold, at once", Calls::AtOnce(64)) },
        // Three attempts. A task that wakes late may find the hold over, hence the rest.
        Row {
            times: short,
            sign_ins: 3..=6,
            ..row("a 502 that is tried again", Calls::AtOnce(64))
        },
    ])
    .await;
}

#[tokio::test]
async fn a_token_is_used_for_seconds_whatever_its_life_is_said_to_be() {
    for expires_in in [
        "1e-300",
        "0.000001",
        "0",
        "-1",
        "-1e300",
        "1e308",
        r#""NaN""#,
        r#""inf""#,
        r#""-inf""#,
        "null",
        "[]",
    ] {
        let answer = json(200, format!(r#"{{"access_token":"t","expires_in":{expires_in}}}"#));
        let server = play(move |request, _| {
            Play::Answer(if request.is_sign_in() { answer.clone() } else { empty(204) })
        })
        .await;
        let client = principal(builder(&server)).build().unwrap();
        for outcome in make(&client, Calls::InTurn(20)).await {
            outcome.unwrap();
        }
        assert_eq!((server.sign_ins(), server.calls().len()), (1, 20), "{expires_in}");
        assert_eq!(server.bytes(), bytes(&server, PRINCIPAL), "{expires_in}");
    }
}

/// Says of each token that it has ended.
struct Ended;

impl TokenSource for Ended {
    fn fetch<'a>(&'a self, pbx: &'a SignIn) -> TokenFuture<'a> {
        Box::pin(async move {
            let token: AccessToken = pbx.post_form("/connect/token", &[]).await?;
            Ok(token.expires_in(Duration::ZERO))
        })
    }
}

#[tokio::test]
async fn a_token_of_ones_own_source_is_used_for_some_seconds_too() {
    check(vec![Row {
        what: "a lifetime of zero",
        script: |request, _| {
            if request.is_sign_in() { signed_in() } else { Play::Answer(empty(204)) }
        },
        source: |builder| builder.token_source(Ended),
        times: QUICK,
        calls: Calls::InTurn(20),
        sign_ins: 1..=1,
        sent: 20..=20,
        size: OWN,
        error: None,
    }])
    .await;
}

/// A runtime that began the sign-in and then runs no more tasks holds up no other runtime for longer
/// than a sign-in may take.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_on_a_stalled_runtime_is_taken_over() {
    let (tell, mut told) = watch::channel(0);
    let server = play(move |request, number| {
        tell.send_replace(number + 1);
        match (request.is_sign_in(), number) {
            (true, 0) => Play::Stall(Vec::new()),
            (true, _) => signed_in(),
            (false, _) => Play::Answer(empty(204)),
        }
    })
    .await;
    let client = principal(builder(&server)).attempt_timeout(Duration::from_millis(100));
    let client = client.timeout(Duration::from_secs(20)).build().unwrap();
    let (stall, stalled) = tokio::sync::oneshot::channel::<()>();
    let (end, ended) = std::sync::mpsc::channel::<()>();
    let of_thread = client.clone();
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            tokio::select! {
                _ = call(&of_thread) => panic!("the sign-in does not end"),
                arrived = told.wait_for(|count| *count > 0) => drop(arrived),
            }
        });
        stall.send(()).unwrap();
        let _ = ended.recv();
    });
    stalled.await.unwrap();
    for outcome in make(&client, Calls::AtOnce(16)).await {
        outcome.unwrap();
    }
    assert_eq!((server.sign_ins(), server.calls().len()), (2, 16));
    end.send(()).unwrap();
    thread.join().unwrap();
    call(&client).await.unwrap();
    assert_eq!(server.sign_ins(), 2, "the end of the first one changes nothing");
    assert_eq!(server.bytes(), bytes(&server, PRINCIPAL));
}
