//! Sign-ins: what a PBX might answer, and what a source might call a token.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use fastrand::Rng;
use threecx_xapi::auth::{
    AccessToken, ServicePrincipal, SignIn, TokenFuture, TokenSource, UserLogin,
};
use threecx_xapi::{Client, Error, RetryPolicy};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

use super::{PIECES, mutated};
use crate::server::{Answer, Recorded};

const CLAIMS: [&str; 4] = [
    r#"{"iat":1000000,"nbf":1000000,"exp":1003600}"#,
    r#"{"exp":99999999999}"#,
    r#"{"iat":1e308,"exp":-1e308}"#,
    r#"{"iat":"soon","exp":null}"#,
];
const LIVES: [&str; 8] =
    ["60", "3600", "0", "-1", "1e308", "1e-300", "\"60\"", "18446744073709551616"];
const DATES: [&str; 3] = [
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "Mon, 01 Jan 0001 00:00:00 GMT",
];
const PATHS: [&str; 6] =
    ["/connect/token", "//evil.example/", "@evil.example", "/\\evil.example", "connect", ""];

/// No token is trusted longer than this.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// A server that signs in as it is told to, and a way to it that is kept.
pub(super) struct SignIns {
    answer: Arc<Mutex<Answer>>,
    way: SignIn,
}

impl SignIns {
    pub(super) fn start(runtime: &Runtime) -> Result<Self, String> {
        let answer = Arc::new(Mutex::new(Answer::empty(500)));
        let way = runtime.block_on(start(Arc::clone(&answer)));
        Ok(Self { answer, way: way.map_err(|error| error.to_string())? })
    }

    /// Whatever comes is a token that is good for a while, or an error of a sign-in.
    pub(super) fn run(&self, runtime: &Runtime, rng: &mut Rng) -> usize {
        let token = token(rng);
        let life = rng.choice(LIVES).unwrap_or_default();
        let plain = format!(
            r#"{{"token_type":"Bearer","expires_in":{life},"access_token":"{token}","refresh_token":"r"}}"#
        );
        let login = format!(r#"{{"Status":"AuthSuccess","Token":{plain},"TwoFactorAuth":null}}"#);
        let body = if rng.bool() { plain } else { login };
        let body = if rng.u8(0..4) == 0 { body } else { mutated(rng, &body, &PIECES) };
        let status = rng.choice([200, 200, 200, 201, 400, 401, 429, 503]).unwrap_or(200);
        let date = rng.choice(DATES).unwrap_or_default();
        let cookie = format!(
            "RefreshTokenCookie={}; Path=/",
            rng.choice(["", "a", "%ff", "a=b", "%"]).unwrap_or_default()
        );
        let answer = Answer::typed(status, "application/json", body.as_bytes());
        let answer = answer.with("Date", date).with("Set-Cookie", &cookie);
        *self.answer.lock().unwrap_or_else(PoisonError::into_inner) = answer;
        let outcome = runtime.block_on(self.sign_in(rng));
        match outcome {
            Ok(token) => {
                assert!((200..300).contains(&status), "{status}: {body}");
                let life = life_of(&token);
                assert!(life.is_none_or(|it| it <= LONGEST), "{life:?}: {body}");
            }
            Err(error) => super::look(Err::<(), _>(error)),
        }
        body.len()
    }

    async fn sign_in(&self, rng: &mut Rng) -> Result<AccessToken, Error> {
        let path = if rng.u8(0..4) == 0 {
            rng.choice(PATHS).unwrap_or_default()
        } else {
            "/connect/token"
        };
        match rng.u8(0..4) {
            0 => ServicePrincipal::new("id", "secret").fetch(&self.way).await,
            1 => {
                // The second time, the refresh token of the first is sent.
                let login = UserLogin::new("101", "password");
                drop(login.fetch(&self.way).await);
                login.fetch(&self.way).await
            }
            2 => {
                let (name, value) = (super::text(rng), super::text(rng));
                self.way
                    .request(path)
                    .field(&name, &value)
                    .cookie("a", &value)
                    .header("X-Key", &value)
                    .send()
                    .await
            }
            _ => self.way.post_form(path, &[("a", "b")]).await,
        }
    }
}

/// How long a token is good, as its `Debug` says: nothing else tells.
fn life_of(token: &AccessToken) -> Option<Duration> {
    let shown = format!("{token:?}");
    assert!(!shown.contains("signature"), "{shown}");
    let (_, life) = shown.split_once("lifetime: Some(")?;
    let seconds = life.split_once("s)")?.0;
    // A whole number of seconds, or a fraction of one (`1.5ms`), which is short anyhow.
    seconds.parse().ok().map(Duration::from_secs_f64)
}

/// A text that is like a JWT.
fn token(rng: &mut Rng) -> String {
    let claims = rng.choice(CLAIMS).unwrap_or_default();
    let claims = if rng.bool() { claims.to_owned() } else { mutated(rng, claims, &PIECES) };
    let token = format!("e30.{}.signature", URL_SAFE_NO_PAD.encode(claims));
    match rng.u8(0..4) {
        0 => {
            let parts = [".", "=", "-", "_", "e30", "!"];
            mutated(rng, &token, &parts).replace(['"', '\\'], "")
        }
        _ => token,
    }
}

/// A client whose source says anything of a token: it signs in once for two calls.
pub(super) fn sources(runtime: &Runtime, rng: &mut Rng) -> usize {
    let text = if rng.u8(0..4) == 0 { super::text(rng) } else { token(rng) };
    let life = rng.choice([Duration::ZERO, Duration::from_nanos(1), LONGEST, Duration::MAX]);
    let told =
        Told { text: text.clone(), life: life.filter(|_| rng.bool()), fetched: Mutex::default() };
    let told = Arc::new(told);
    // Nobody listens there, and a token is fetched before that is known.
    let client = Client::builder("http://127.0.0.1:9").retry(RetryPolicy::none());
    let client = client.token_source(Arc::clone(&told)).build();
    let client = client.unwrap_or_else(|error| panic!("{error}"));
    for _ in 0..2 {
        super::look(runtime.block_on(client.users().get(1).into_future()));
    }
    let fetched = *told.fetched.lock().unwrap_or_else(PoisonError::into_inner);
    assert_eq!(fetched, 1, "{text:?}");
    text.len()
}

struct Told {
    text: String,
    life: Option<Duration>,
    fetched: Mutex<usize>,
}

impl TokenSource for Told {
    fn fetch<'a>(&'a self, _: &'a SignIn) -> TokenFuture<'a> {
        *self.fetched.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        let token = AccessToken::new(self.text.as_str());
        let token = match self.life {
            Some(life) => token.expires_in(life),
            None => token,
        };
        Box::pin(async { Ok(token) })
    }
}

/// Starts the server, and finds the way that a client has to it.
async fn start(answer: Arc<Mutex<Answer>>) -> std::io::Result<SignIn> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&answer)));
        }
    });
    let way = Arc::<Mutex<Option<SignIn>>>::default();
    let client = Client::builder(url).token_source(Finder(Arc::clone(&way))).build();
    let client = client.map_err(std::io::Error::other)?;
    drop(client.users().get(1).await);
    let way = way.lock().unwrap_or_else(PoisonError::into_inner).take();
    way.ok_or_else(|| std::io::Error::other("nobody signed in"))
}

async fn serve(mut stream: TcpStream, answer: Arc<Mutex<Answer>>) -> std::io::Result<()> {
    let mut buffer = Vec::new();
    while Recorded::read(&mut stream, &mut buffer).await?.is_some() {
        let bytes = answer.lock().unwrap_or_else(PoisonError::into_inner).bytes();
        tokio::io::AsyncWriteExt::write_all(&mut stream, &bytes).await?;
    }
    Ok(())
}

/// Keeps the way to the PBX that a client gives it.
struct Finder(Arc<Mutex<Option<SignIn>>>);

impl TokenSource for Finder {
    fn fetch<'a>(&'a self, way: &'a SignIn) -> TokenFuture<'a> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(way.clone());
        Box::pin(async { Ok(AccessToken::new("token")) })
    }
}
