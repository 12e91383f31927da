//! How often a client signs in when something goes wrong again and again: each row says what does,
//! and how many sign-ins and calls reach the PBX.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tests::server::{Play, Recorded, Server, nobody};
use threecx_xapi::auth::{
    AccessToken, AuthorizationRequest, OAuthGrant, SignIn, TokenFuture, TokenSource, UserLogin,
};
use threecx_xapi::{Client, ClientBuilder, Error, RetryPolicy};

use crate::{builder, empty, json, later, play};

const HOUR: Duration = Duration::from_secs(3600);

/// What the PBX does with a sign-in and with a call.
type Script = fn(&Recorded, usize) -> Play;
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
    /// Whether each error is as it should be; none where the calls succeed.
    error: Option<fn(&Error) -> bool>,
}

const QUICK: (Duration, Duration) = (Duration::from_millis(1), Duration::from_secs(10));

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
        if !row.sign_ins.contains(&sign_ins) || !row.sent.contains(&sent) {
            wrong.push(format!("{}: {sign_ins} sign-ins, {sent} calls", row.what));
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

#[tokio::test]
async fn a_fresh_token_that_is_refused_is_renewed_later_and_later() {
    let server = play(trunks_refuse).await;
    let client = principal(builder(&server)).build().unwrap();
    // The seconds that pass before a call, and the sign-ins so far. Tokens last a minute.
    for (seconds, sign_ins) in [(0, 2), (4, 2), (1, 3), (9, 3), (1, 4), (19, 4), (1, 5)] {
        later(Duration::from_secs(seconds)).await;
        assert!(is_refused_call(&call(&client).await.unwrap_err()));
        assert_eq!(server.sign_ins(), sign_ins, "after {seconds} s more");
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
}

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
        error: Some(passes_by),
    };
    let panic = |what, calls| Row {
        script: |_, _| signed_in(),
        source: panics,
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

fn login(builder: ClientBuilder) -> ClientBuilder {
    builder.token_source(UserLogin::new("101", "password").security_code("123456"))
}

fn login_with_a_code_for_a_while(builder: ClientBuilder) -> ClientBuilder {
    let login = UserLogin::new("101", "password").security_code_with(|| "123456");
    builder.token_source(login)
}

fn refresh_token(builder: ClientBuilder) -> ClientBuilder {
    builder.token_source(OAuthGrant::from_refresh_token("id", "refresh-token"))
}

fn authorization_code(builder: ClientBuilder) -> ClientBuilder {
    let request = AuthorizationRequest::new("id", "http://127.0.0.1/").unwrap();
    let returned = format!("/?code=code&state={}", request.state());
    builder.token_source(request.finish(&returned).unwrap())
}

const SECRETS_GOOD_ONCE: [(&str, Source); 4] = [
    ("a security code", login),
    ("a function that gives the same code for a while", login_with_a_code_for_a_while),
    ("a refresh token", refresh_token),
    ("an authorization code", authorization_code),
];

#[tokio::test]
async fn a_secret_good_once_is_not_sent_again_after_a_lost_answer() {
    let short = (Duration::from_millis(1), Duration::from_millis(50));
    let faults: [(&str, Script, _); 6] = [
        ("closed", |_, _| Play::Cut(Vec::new()), QUICK),
        ("reset", |_, _| Play::Reset(Vec::new()), QUICK),
        (
            "cut off",
            |_, _| Play::Cut(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{".into()),
            QUICK,
        ),
        ("stalled", |_, _| Play::Stall(Vec::new()), short),
        ("a gateway's", |_, _| Play::Answer(empty(504)), QUICK),
        ("an error", |_, _| Play::Answer(empty(500)), QUICK),
    ];
    let mut rows = Vec::new();
    for (what, script, times) in faults {
        for (secret, source) in SECRETS_GOOD_ONCE {
            rows.push(Row {
                what: format!("{secret}, {what}").leak(),
                script,
                source,
                times,
                calls: Calls::InTurn(5),
                sign_ins: 1..=1,
                sent: 0..=0,
                error: Some(Error::is_sign_in),
            });
        }
    }
    rows.push(Row {
        what: "a function that gives new codes",
        script: |_, _| Play::Cut(Vec::new()),
        source: |builder| {
            let codes = AtomicUsize::new(100_000);
            let code = move || codes.fetch_add(1, Ordering::Relaxed).to_string();
            builder.token_source(UserLogin::new("101", "password").security_code_with(code))
        },
        times: QUICK,
        calls: Calls::InTurn(1),
        sign_ins: 3..=3,
        sent: 0..=0,
        error: Some(Error::is_interrupted),
    });
    check(rows).await;
}

#[tokio::test]
async fn a_secret_that_could_not_be_sent_is_sent_later() {
    for (secret, source) in SECRETS_GOOD_ONCE {
        let (address, socket) = nobody().unwrap();
        let retry = RetryPolicy::none().base_delay(Duration::ZERO);
        let client = Client::builder(format!("http://{address}")).retry(retry);
        let client = source(client).build().unwrap();
        for _ in 0..2 {
            let error = call(&client).await.unwrap_err();
            assert!(error.is_sign_in() && error.is_connect(), "{secret}: {error}");
        }
        let server = Server::on(socket.listen(8).unwrap(), |request, _| {
            Play::Answer(match request.is_sign_in() {
                true => json(
                    200,
                    r#"{"Status":"AuthSuccess","access_token":"t","Token":{"access_token":"t"}}"#,
                ),
                false => empty(204),
            })
        });
        let server = server.unwrap();
        call(&client).await.unwrap_or_else(|error| panic!("{secret}: {error}"));
        assert_eq!((server.sign_ins(), server.calls().len()), (1, 1), "{secret}");
    }
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
        error: None,
    }])
    .await;
}

/// A runtime that began the sign-in and then runs no more tasks holds up no other runtime for longer
/// than a sign-in may take.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_on_a_stalled_runtime_is_taken_over() {
    let (tell, mut told) = tokio::sync::watch::channel(0);
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
}
