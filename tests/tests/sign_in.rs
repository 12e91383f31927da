//! Sign-in against the fake PBX: one for any number of tasks, and every source of tokens.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tests::fake_pbx::{
    Builder, DEMO_APP, DEMO_CLIENT, DEMO_SECOND_FACTOR, DEMO_USER, FakePbx, Fault, Gate, Renewals,
};
use tests::raw::send;
use threecx_xapi::auth::{
    AccessToken, AuthorizationRequest, OAuthGrant, SignIn, TokenFuture, TokenSource, UserLogin,
};
use threecx_xapi::{Client, Error};
use tokio::task::JoinSet;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

const TASKS: usize = 64;
/// Longer than any token of the fake PBX is good.
const TWO_HOURS: Duration = Duration::from_secs(7200);
const MINUTE: Duration = Duration::from_secs(60);
const TOKEN: &str = "/connect/token";
const LOGIN: &str = "/webclient/api/Login/GetAccessToken";

async fn start() -> FakePbx {
    FakePbx::builder().start().await.unwrap()
}

fn principal(pbx: &FakePbx) -> Client {
    let client = Client::builder(pbx.url()).service_principal(DEMO_CLIENT.0, DEMO_CLIENT.1);
    client.build().unwrap()
}

fn of(pbx: &FakePbx, source: impl TokenSource) -> Client {
    Client::builder(pbx.url()).token_source(source).build().unwrap()
}

/// Moves the client's clock forward while no call is under way.
async fn later(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}

/// One call each from 64 tasks, spread over these clients.
fn start_tasks(clients: &[Client]) -> JoinSet<Result<(), Error>> {
    let clients = clients.iter().cycle().take(TASKS).cloned();
    clients.map(|client| async move { client.users().list().top(1).await.map(drop) }).collect()
}

async fn all_succeed(mut tasks: JoinSet<Result<(), Error>>) {
    let mut done = 0;
    while let Some(outcome) = tasks.join_next().await {
        outcome.unwrap().unwrap();
        done += 1;
    }
    assert_eq!(done, TASKS);
}

/// One client, and two clones of one.
fn alone_and_cloned(client: &Client) -> [Vec<Client>; 2] {
    [vec![client.clone()], vec![client.clone(), client.clone()]]
}

/// A source of one's own. Its first token is told to end after a minute.
#[derive(Default)]
struct FirstIsShort(AtomicUsize);

impl TokenSource for FirstIsShort {
    fn fetch<'a>(&'a self, pbx: &'a SignIn) -> TokenFuture<'a> {
        Box::pin(async move {
            let fields = [
                ("client_id", DEMO_CLIENT.0),
                ("client_secret", DEMO_CLIENT.1),
                ("grant_type", "client_credentials"),
            ];
            let token: AccessToken = pbx.post_form(TOKEN, &fields).await?;
            let is_first = self.0.fetch_add(1, Ordering::Relaxed) == 0;
            Ok(if is_first { token.expires_in(MINUTE) } else { token })
        })
    }
}

#[tokio::test]
async fn with_a_token_known_to_have_expired_64_tasks_sign_in_once() {
    for cloned in 0..2 {
        let pbx = start().await;
        let client = of(&pbx, FirstIsShort::default());
        client.defs().get().await.unwrap();
        later(MINUTE).await;
        let gate = Gate::new();
        pbx.fault(Fault::at(TOKEN).waits_for(&gate));
        let tasks = start_tasks(&alone_and_cloned(&client)[cloned]);
        gate.reached(1).await;
        assert_eq!(pbx.calls().len(), 1, "none goes out with the old token");
        gate.open();
        all_succeed(tasks).await;
        assert_eq!(pbx.sign_ins(), 2, "exactly one more");
        assert_eq!((pbx.calls().len(), pbx.handled("GET /Users")), (1 + TASKS, TASKS));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_token_that_is_refused_64_tasks_sign_in_once() {
    for cloned in 0..2 {
        let pbx = start().await;
        let client = principal(&pbx);
        client.defs().get().await.unwrap();
        pbx.advance(TWO_HOURS);
        // All are refused before the first of them gets a new token.
        let gate = Gate::new();
        pbx.fault(Fault::at("/xapi/v1/Users").times(TASKS).waits_for(&gate));
        let tasks = start_tasks(&alone_and_cloned(&client)[cloned]);
        gate.reached(TASKS).await;
        assert_eq!(pbx.sign_ins(), 1, "the token was good until then");
        gate.open();
        all_succeed(tasks).await;
        assert_eq!(pbx.sign_ins(), 2, "exactly one more");
        assert_eq!((pbx.calls().len(), pbx.handled("GET /Users")), (1 + 2 * TASKS, TASKS));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_a_token_revoked_midway_64_tasks_sign_in_once() {
    for cloned in 0..2 {
        let pbx = start().await;
        let client = principal(&pbx);
        // The first half gets through; the other one is on its way when the token ends.
        let gate = Gate::new();
        let half = TASKS / 2;
        pbx.fault(Fault::at("/xapi/v1/Users").nth(half + 1).times(half).waits_for(&gate));
        let tasks = start_tasks(&alone_and_cloned(&client)[cloned]);
        gate.reached(half).await;
        assert_eq!(pbx.sign_ins(), 1, "64 tasks without a token sign in once, too");
        while pbx.handled("GET /Users") < half {
            tokio::task::yield_now().await;
        }
        pbx.revoke_tokens();
        gate.open();
        all_succeed(tasks).await;
        assert_eq!(pbx.sign_ins(), 2, "exactly one more");
        assert_eq!((pbx.calls().len(), pbx.handled("GET /Users")), (TASKS + half, TASKS));
    }
}

#[tokio::test]
async fn a_service_principal_signs_in_and_renews_an_expired_token() {
    let pbx = start().await;
    let client = principal(&pbx);
    for round in 1..=3 {
        for _ in 0..3 {
            client.users().get(1001).await.unwrap();
        }
        assert_eq!(pbx.sign_ins(), round);
        pbx.advance(TWO_HOURS);
    }
    // What is a user's alone is refused to it.
    assert!(client.my_user().get().await.unwrap_err().is_forbidden());
    assert!(pbx.handled("POST /connect/token") == 4 && pbx.handled("GET /MyUser") == 0);
}

#[tokio::test]
async fn a_user_login_renews_an_expired_token() {
    let pbx = start().await;
    let client = of(&pbx, UserLogin::new(DEMO_USER.0, DEMO_USER.1));
    for round in 1..=3 {
        assert_eq!(client.my_user().get().await.unwrap().number.as_deref(), Some(DEMO_USER.0));
        assert_eq!((pbx.sign_ins(), pbx.handled(&format!("POST {LOGIN}"))), (round, 1));
        pbx.advance(TWO_HOURS);
    }
    let client = of(&pbx, UserLogin::new(DEMO_USER.0, "canary"));
    let error = client.my_user().get().await.unwrap_err();
    assert!(error.is_unauthorized() && error.is_sign_in() && !error.is_second_factor());
    // The answer's status of HTTP is 200.
    assert_eq!((error.status(), error.attempts()), (Some(200), 0));
    let text = error.to_string();
    assert!(text.contains("AuthFailed") && text.contains("user name, password"), "{text}");
    assert!(!text.contains("canary"), "{text}");
}

#[tokio::test]
async fn a_second_factor_needs_a_new_code_for_each_sign_in() {
    let pbx = FakePbx::builder().renewals(Renewals::Refused).start().await.unwrap();
    let (number, password, good) = DEMO_SECOND_FACTOR;
    let login = || UserLogin::new(number, password);
    for (login, words) in [
        (login(), "asks for a security code (Totp)"),
        (login().security_code("000000"), "refuses the security code (Totp)"),
    ] {
        let error = of(&pbx, login).my_user().get().await.unwrap_err();
        assert!(error.is_second_factor() && error.is_unauthorized() && error.is_sign_in());
        assert!(error.to_string().contains(words), "{error}");
        assert!(!error.to_string().contains("000000"), "{error}");
    }
    assert_eq!(pbx.sign_ins(), 2);

    let once = of(&pbx, login().security_code(good));
    assert_eq!(once.my_user().get().await.unwrap().number.as_deref(), Some(number));
    pbx.advance(TWO_HOURS);
    let error = once.my_user().get().await.unwrap_err();
    assert!(error.is_second_factor() && !error.is_retryable(), "{error}");
    assert!(error.to_string().contains("a new sign-in needs a new one"), "{error}");
    once.my_user().get().await.unwrap_err();
    let spent = pbx.handled(&format!("POST {LOGIN}"));
    assert_eq!((pbx.sign_ins(), spent), (5, 3), "a spent code is not sent again");
}

#[tokio::test]
async fn a_login_needs_one_code_while_it_can_be_renewed() {
    let (number, password, good) = DEMO_SECOND_FACTOR;
    // Where the refresh token is looked for, and the requests for three tokens.
    for (renewals, requests) in [(Renewals::ByCookie, 3), (Renewals::ByField, 4)] {
        let pbx = FakePbx::builder().renewals(renewals).start().await.unwrap();
        let client = of(&pbx, UserLogin::new(number, password).security_code(good));
        for round in 1..=3 {
            for _ in 0..2 {
                let user = client.my_user().get().await.unwrap();
                assert_eq!(user.number.as_deref(), Some(number));
            }
            assert_eq!(pbx.calls().len(), 2 * round, "no call was refused");
            later(MINUTE).await;
            pbx.advance(MINUTE);
        }
        assert_eq!(pbx.sign_ins(), requests, "{renewals:?}");
        assert_eq!(pbx.handled(&format!("POST {LOGIN}")), 1);
    }
}

/// The address to which the PBX sends the browser back after the user has consented.
async fn browse(pbx: &FakePbx, request: &AuthorizationRequest) -> String {
    let url = request.url(pbx.url()).unwrap();
    let target = url.strip_prefix(pbx.url()).unwrap();
    let answer = send(pbx.url(), "GET", target, &[], b"").await.unwrap();
    assert_eq!(answer.status, 302);
    answer.header("location").unwrap().to_owned()
}

/// A field of all forms sent to the token endpoint so far, in order.
fn sent(pbx: &FakePbx, field: &str) -> Vec<String> {
    let forms = pbx.requests().into_iter().filter(|request| request.target == TOKEN);
    let forms = forms.map(|request| String::from_utf8(request.body).unwrap());
    let value = |form: String| {
        let pairs = form.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(name, _)| *name == field).map(|(_, value)| value.to_owned()).next()
    };
    forms.filter_map(value).collect()
}

#[tokio::test]
async fn a_code_and_each_refresh_token_are_used_once() {
    let pbx = start().await;
    let request = AuthorizationRequest::new(DEMO_APP.0, DEMO_APP.1).unwrap();
    let returned = browse(&pbx, &request).await;
    assert!(returned.starts_with(DEMO_APP.1), "{returned}");
    let kept = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&kept);
    let keep = move |_: &_| {
        count.fetch_add(1, Ordering::Relaxed);
    };
    let client = of(&pbx, request.finish(&returned).unwrap().on_refresh_token(keep));
    for round in 1..=4 {
        for _ in 0..2 {
            assert_eq!(client.my_user().get().await.unwrap().number.as_deref(), Some(DEMO_USER.0));
        }
        assert_eq!((pbx.sign_ins(), kept.load(Ordering::Relaxed)), (round, round));
        pbx.advance(TWO_HOURS);
    }
    let kinds = ["authorization_code", "refresh_token", "refresh_token", "refresh_token"];
    assert_eq!(sent(&pbx, "grant_type"), kinds);
    assert_eq!((sent(&pbx, "code").len(), sent(&pbx, "code_verifier").len()), (1, 1));
    let mut refreshes = sent(&pbx, "refresh_token");
    refreshes.sort();
    refreshes.dedup();
    assert_eq!(refreshes.len(), 3, "each is another one: {refreshes:?}");
}

#[tokio::test]
async fn a_pkce_code_is_good_for_its_own_request_only() {
    let pbx = start().await;
    let request = || AuthorizationRequest::new(DEMO_APP.0, DEMO_APP.1).unwrap();
    let (mine, other) = (request(), request());
    let returned = browse(&pbx, &mine).await;
    let error = other.finish(&returned).unwrap_err();
    assert!(error.is_usage() && error.to_string().contains("another `state`"), "{error}");

    // Somebody who has the code, but not the verifier.
    let thief = request();
    let (_, state) = returned.split_once("state=").unwrap();
    let stolen = returned.replace(state, thief.state());
    let client = of(&pbx, thief.finish(&stolen).unwrap());
    let error = client.my_user().get().await.unwrap_err();
    assert!(error.is_unauthorized() && error.code() == Some("invalid_grant"), "{error}");
    assert!(error.to_string().contains("let the user sign in again"), "{error}");

    // Without offline access there is nothing to renew with.
    let short = request().scopes("openid");
    let returned = browse(&pbx, &short).await;
    let client = of(&pbx, short.finish(&returned).unwrap());
    client.my_user().get().await.unwrap();
    pbx.advance(TWO_HOURS);
    let error = client.my_user().get().await.unwrap_err();
    assert!(error.is_unauthorized() && error.is_sign_in(), "{error}");
    assert!(error.to_string().contains("offline_access"), "{error}");
    assert_eq!(sent(&pbx, "grant_type").len(), 2);
}

#[tokio::test]
async fn a_kept_refresh_token_goes_on_where_an_earlier_grant_ended() {
    let pbx = FakePbx::builder().renewals(Renewals::ByField).start().await.unwrap();
    let body = format!(r#"{{"Username":"{}","Password":"{}"}}"#, DEMO_USER.0, DEMO_USER.1);
    let answer = send(pbx.url(), "POST", LOGIN, &[], body.as_bytes()).await.unwrap().json();
    let kept = answer["Token"]["refresh_token"].as_str().unwrap();
    let client = of(&pbx, OAuthGrant::from_refresh_token("Webclient", kept));
    for round in 2..=4 {
        client.my_user().get().await.unwrap();
        assert_eq!(pbx.sign_ins(), round);
        pbx.advance(TWO_HOURS);
    }
    assert_eq!(sent(&pbx, "refresh_token")[0], kept);
}

#[tokio::test]
async fn a_fixed_token_is_never_renewed() {
    let pbx = start().await;
    let form = format!(
        "client_id={}&client_secret={}&grant_type=client_credentials",
        DEMO_CLIENT.0, DEMO_CLIENT.1
    );
    let header = ("Content-Type", "application/x-www-form-urlencoded");
    let answer = send(pbx.url(), "POST", TOKEN, &[header], form.as_bytes()).await.unwrap().json();
    let token = answer["access_token"].as_str().unwrap();
    let client = Client::builder(pbx.url()).token(token).build().unwrap();
    client.users().get(1001).await.unwrap();
    pbx.advance(TWO_HOURS);
    let error = client.users().get(1001).await.unwrap_err();
    assert!(error.is_unauthorized() && !error.is_sign_in(), "{error}");
    assert!(!format!("{error} {error:?}").contains(token));
    assert_eq!((error.attempts(), pbx.sign_ins(), pbx.calls().len()), (1, 1, 2));
}

#[tokio::test]
async fn a_source_of_ones_own_is_asked_again_when_its_token_has_ended() {
    let pbx = start().await;
    let client = of(&pbx, FirstIsShort::default());
    for sign_ins in [1, 2, 2] {
        client.users().get(1001).await.unwrap();
        assert_eq!(pbx.sign_ins(), sign_ins);
        later(MINUTE).await;
    }
    assert_eq!(pbx.calls().len(), 3, "no call was refused");
    pbx.advance(TWO_HOURS);
    client.users().get(1001).await.unwrap();
    assert_eq!((pbx.sign_ins(), pbx.calls().len()), (3, 5));
}

thread_local! {
    /// For how long the client trusts each token that it got on this thread.
    static LIFETIMES: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// Looks for lifetimes in what the client tells `tracing`. It is there for all threads: were it for
/// one alone, what another one meets first could stay off for all.
struct Watch;

impl Visit for Watch {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "lifetime_s" {
            LIFETIMES.with_borrow_mut(|lifetimes| lifetimes.push(value));
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

impl Subscriber for Watch {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "threecx_xapi"
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Self);
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn expires_in_is_read_in_both_units_and_not_trusted_long() {
    tracing::subscriber::set_global_default(Watch).unwrap();
    let opaque = |builder: Builder| builder.opaque_tokens();
    for (release, expires_in, builder, trusted) in [
        ("20.0.8", 60, FakePbx::builder(), 3600),
        ("20.0.10", 3600, FakePbx::builder(), 3600),
        // Without claims the unit can't be told: the shorter reading is the safe one.
        ("20.0.8", 60, opaque(FakePbx::builder()), 60),
        ("20.0.10", 3600, opaque(FakePbx::builder()), 3600),
    ] {
        let pbx = builder.release(release).start().await.unwrap();
        let client = principal(&pbx);
        for _ in 0..3 {
            client.users().get(1001).await.unwrap();
        }
        let [lifetime] = LIFETIMES.take()[..] else { panic!("one sign-in is expected") };
        // The PBX's clock shows whole seconds, and may go on between token and answer.
        assert!((trusted - 1..=trusted).contains(&lifetime), "{release} {expires_in}: {lifetime}");
        // A little before its end the PBX still takes it, after that it costs one sign-in.
        for (time, sign_ins) in [(3500, 1), (200, 2)] {
            pbx.advance(Duration::from_secs(time));
            client.users().get(1001).await.unwrap();
            assert_eq!(pbx.sign_ins(), sign_ins, "{release}");
        }
        LIFETIMES.take();
    }
}
