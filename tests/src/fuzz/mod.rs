//! Inputs that nobody would send, made from seeds: the client must take each without a panic or a hang,
//! and with memory that its length bounds.
//!
//! An input is a function of its seed, so a seed is all that must be kept of one that was a fault:
//! `cargo run -p tests --bin fuzz -- --seed N --count 1` makes it again.

#![allow(clippy::panic, reason = "a fault ends the program")]

mod headers;
mod links;
mod tokens;

use std::sync::{Arc, Mutex, PoisonError};

use fastrand::Rng;
use threecx_xapi::edm::{Date, DateTimeOffset, Decimal, Duration, Guid, TimeOfDay};
use threecx_xapi::entities::{Group, User, UserGroup};
use threecx_xapi::paging::Continuation;
use threecx_xapi::{Client, Error, Filter, Reply, RetryPolicy, json};

use crate::document::full_body;
use crate::sample::api;
use tokens::SignIns;

/// The longest input.
const LONGEST: usize = 64 * 1024;

/// What stands in an answer and in the texts of a request where something may go wrong.
const PIECES: [&str; 44] = [
    "null",
    "true",
    "{}",
    "[]",
    "{",
    "}",
    "[",
    "]",
    "\"",
    ",",
    ":",
    "\\",
    "\\u0000",
    "\\ud800",
    "1e999",
    "-0",
    "-9223372036854775809",
    "1.00000000000000000000000000000000000001",
    "NaN",
    "INF",
    "\u{feff}",
    "\u{0}",
    "ö",
    "😀",
    "<html>",
    "<script",
    "</",
    "\"error\":",
    "\"value\":",
    "\"@odata.context\":",
    "\"@odata.nextLink\":\"?$skip=1\"",
    "\"@odata.count\":-1",
    "\"details\":[",
    "\"code\":7",
    "WARNINGS.",
    "'",
    "''",
    "%27",
    ")",
    ";$top=1",
    "9999-12-31T23:59:59.9999999Z",
    "-P1DT",
    "\"Id\":",
    "\n",
];

const ERRORS: [&str; 8] = [
    r#"{"error":{"code":"","message":"Name:\nWARNINGS.XAPI.ALREADY_IN_USE","details":[{"code":"","message":"WARNINGS.XAPI.ALREADY_IN_USE","target":"Name"}]}}"#,
    r#"{"error":"Department not found"}"#,
    r#"{"error":"unauthorized","error_description":"The request requires valid user authentication."}"#,
    r#"{"error":{"code":7,"message":"No","target":"Id","details":[{"message":"A"},null]}}"#,
    r#"{"title":"One","status":400,"errors":{"delta":["The delta field is required."]}}"#,
    "<html><head><style>p{}</style><title>502</title></head><body><script>x('<p>')</script>nginx</body></html>",
    r#"{"error":{"message":"The limit of '100' for Top query has been exceeded."}}"#,
    "",
];

/// What the client is answered with.
#[derive(Default)]
struct Answered {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

/// Makes inputs and gives them to the client.
pub struct Fuzzer {
    pbx: Client,
    answered: Arc<Mutex<Answered>>,
    bodies: Vec<Vec<u8>>,
    sign_ins: SignIns,
    runtime: tokio::runtime::Runtime,
}

impl Fuzzer {
    /// Reads the tracked document for what a PBX could answer.
    ///
    /// # Panics
    /// There is no runtime.
    pub fn new() -> Self {
        let answered = Arc::<Mutex<Answered>>::default();
        let shared = Arc::clone(&answered);
        let answer = move |request: &threecx_xapi::PreparedRequest| {
            let answered = shared.lock().unwrap_or_else(PoisonError::into_inner);
            let reply =
                Reply::new(request.info(), answered.status).with_body(answered.body.clone());
            let mut headers = answered.headers.iter();
            headers.try_fold(reply, |reply, (name, value)| reply.with_header(name, value))
        };
        let builder = Client::builder("https://pbx.example.com").retry(RetryPolicy::none());
        let wanted = [
            "ListUser",
            "GetUser",
            "GetTrunk",
            "GetCallLogData",
            "ListQueue",
            "HasDuplicatedEmail",
            "IsRequestHelpEnabled",
        ];
        let known = api().operations.values().filter(|it| wanted.contains(&it.id.as_str()));
        let bodies = known.map(|it| full_body(it).1.to_string().into_bytes());
        let bodies = bodies.chain(ERRORS.map(|error| error.as_bytes().to_vec())).collect();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.unwrap_or_else(|error| panic!("{error}"));
        let pbx = builder.answered_by(answer).build().unwrap_or_else(|error| panic!("{error}"));
        let sign_ins = SignIns::start(&runtime).unwrap_or_else(|error| panic!("{error}"));
        Self { pbx, answered, bodies, sign_ins, runtime }
    }

    /// Makes the input of a seed and gives it to the client; yields its length.
    ///
    /// # Panics
    /// The client does something wrong.
    pub fn run(&self, seed: u64) -> usize {
        let mut rng = Rng::with_seed(seed);
        match rng.u8(0..32) {
            0..10 => self.decode(&mut rng, 200),
            10..14 => self.decode(&mut rng, 400),
            14..17 => literals(&mut rng),
            17..20 => self.queries(&mut rng),
            20..22 => links::links(self, &mut rng),
            22..24 => links::continuations(self, &mut rng),
            24 => links::base_urls(&mut rng),
            25..27 => headers::file_names(self, &mut rng),
            27..29 => headers::times(self, &mut rng),
            29..31 => self.sign_ins.run(&self.runtime, &mut rng),
            _ => tokens::sources(&self.runtime, &mut rng),
        }
    }

    /// What the client is answered with from now on.
    fn answer(&self, status: u16, headers: Vec<(&'static str, String)>, body: impl Into<Vec<u8>>) {
        *self.answered.lock().unwrap_or_else(PoisonError::into_inner) =
            Answered { status, headers, body: body.into() };
    }

    fn decode(&self, rng: &mut Rng, status: u16) -> usize {
        let body = self.body(rng, status);
        let length = body.len();
        let media_type =
            rng.choice(["application/json", "text/html", "audio/wav", ""]).unwrap_or("");
        let text = String::from_utf8_lossy(&body).into_owned();
        self.answer(status, vec![("content-type", media_type.to_owned())], body);
        let pbx = &self.pbx;
        self.runtime.block_on(async {
            match rng.u8(0..12) {
                0 => look(pbx.users().list().await),
                1 => look(pbx.users().get(1).await),
                2 => look(pbx.trunks().get(1).await),
                3 => look(pbx.users().has_duplicated_email(1).await),
                4 => look(pbx.system_status().is_request_help_enabled().await),
                5 => look(pbx.users().delete(1).await),
                6 => look(pbx.users().list().items().page_size(3).next().await.transpose()),
                7 => look(pbx.users().list().by_key().all(50).await),
                8 => look(pbx.users().list().count_only().await),
                9 => look(pbx.queues().list().exactly_one().await),
                10 => match pbx.recordings().download_recording(1).await {
                    Ok(file) => look(file.declared().await),
                    Err(error) => look(Err::<(), _>(error)),
                },
                _ => {
                    look(json::from_str::<User>(&text));
                    look(json::from_str::<threecx_xapi::Page<Group>>(&text));
                    look(text.parse::<Continuation>());
                }
            }
        });
        length
    }

    fn body(&self, rng: &mut Rng, status: u16) -> Vec<u8> {
        let known = if status == 200 { self.bodies.len() } else { ERRORS.len() };
        let at = self.bodies.len() - known + rng.usize(0..known);
        let mut body = self.bodies.get(at).cloned().unwrap_or_default();
        for _ in 0..rng.usize(0..8) {
            let (from, to) = span(rng, body.len());
            match rng.u8(0..7) {
                0 => drop(body.drain(from..to)),
                1 => body.truncate(from),
                2 => body[from..to].iter_mut().take(1).for_each(|it| *it = rng.u8(..)),
                3 => {
                    let piece = rng.choice(PIECES).unwrap_or_default();
                    drop(body.splice(from..to.min(from + 8), piece.bytes()));
                }
                4 => {
                    let again = body[from..to].repeat(rng.usize(1..4));
                    drop(body.splice(from..from, again));
                }
                5 => {
                    let depth = rng.usize(1..300);
                    let open = rng.choice(["[", "{\"Groups\":", "{\"error\":"]).unwrap_or("[");
                    drop(body.splice(from..from, open.repeat(depth).into_bytes()));
                }
                _ => {
                    let other = rng.choice(&self.bodies).map(Vec::as_slice).unwrap_or_default();
                    let (start, end) = span(rng, other.len());
                    drop(body.splice(from..to, other[start..end].iter().copied()));
                }
            }
            body.truncate(LONGEST);
        }
        body
    }

    /// What the client writes into a URL must be read back as what was meant.
    fn queries(&self, rng: &mut Rng) -> usize {
        let value = text(rng);
        let users = self.pbx.users();
        let filter =
            User::NUMBER.eq(&value).or(User::GROUPS.any(|it| it.get(UserGroup::NAME).ne(&value)));
        let query = written(users.list().filter(filter).prepare());
        let meant = value.replace('\'', "''");
        let whole = format!("Number eq '{meant}' or Groups/any(x:x/Name ne '{meant}')");
        assert_eq!(decoded(&query["$filter=".len()..]), whole);
        let raw = query.matches(['/', ':', ',', '(', ')', '*', '@', '$', '=']).collect::<String>();
        assert_eq!(raw, "$=/(:/)", "{query}");

        let values: Vec<String> = (0..rng.usize(0..40)).map(|_| text(rng)).collect();
        drop(written(users.list().filter(User::NUMBER.is_in(&values)).prepare()));
        drop(written(users.list().filter(Filter::raw(value.as_str())).prepare()));
        drop(written(users.list().search(&value).select(value.as_str()).prepare()));
        let inside = users.list().expand(User::GROUPS.search(&value).top(5)).prepare();
        match inside {
            Ok(request) => assert!(request.target().ends_with("$top=5)"), "{request}"),
            Err(error) => assert!(error.is_usage(), "{error}"),
        }
        let path = self.pbx.users().get_by_number(value.as_str()).prepare();
        let path = path.map(|it| it.target().to_owned()).unwrap_or_default();
        let literal =
            path.strip_prefix("/xapi/v1/Users(Number='").and_then(|it| it.strip_suffix("')"));
        assert_eq!(literal.map(decoded), Some(meant), "{path}");
        value.len()
    }
}

impl Default for Fuzzer {
    fn default() -> Self {
        Self::new()
    }
}

/// A place and one behind it.
fn span(rng: &mut Rng, length: usize) -> (usize, usize) {
    let (one, other) = (rng.usize(0..=length), rng.usize(0..=length));
    (one.min(other), one.max(other))
}

/// Whatever it is, it can be shown, and an error can be asked for all that it knows.
fn look<T: std::fmt::Debug>(outcome: Result<T, Error>) {
    match outcome {
        Ok(value) => assert!(!format!("{value:?}").is_empty()),
        Err(error) => {
            let told = (error.code(), error.message(), error.target(), error.excerpt());
            let shown =
                format!("{error} {error:?} {told:?} {:?} {:?}", error.details(), error.warnings());
            assert!(shown.len() < 8 * LONGEST, "an error of {} bytes", shown.len());
        }
    }
}

/// Reads texts as every type of Edm that has one.
fn literals(rng: &mut Rng) -> usize {
    fn both<T: std::str::FromStr + std::fmt::Display + PartialEq + std::fmt::Debug>(text: &str) {
        let Ok(value) = text.parse::<T>() else { return };
        let again = value.to_string();
        assert!(again.parse::<T>().is_ok_and(|it| it == value), "{text}: {value:?}, {again}");
    }
    let known = [
        "2026-02-01T23:59:59.123456789+02:00",
        "9999-12-31T23:59:59.9999999Z",
        "-P5DT13H43M24.960179S",
        "PT0S",
        "23:59:59.1234567",
        "01234567-89ab-cdef-0123-456789abcdef",
        "-12345678901234567890.12",
        "1e300",
        "2026-02-28",
    ];
    let mut value: Vec<char> = rng.choice(known).unwrap_or_default().chars().collect();
    for _ in 0..rng.usize(0..5) {
        let (from, to) = span(rng, value.len());
        match rng.u8(0..3) {
            0 => drop(value.drain(from..to)),
            1 => value
                .insert(from, char::from(rng.choice(*b"0123456789TPZDHMS:-+.eE ").unwrap_or(b'0'))),
            _ => drop(value.splice(from..to, "9".repeat(rng.usize(0..40)).chars())),
        }
    }
    let value: String = value.into_iter().collect();
    both::<DateTimeOffset>(&value);
    both::<Duration>(&value);
    both::<Decimal>(&value);
    both::<TimeOfDay>(&value);
    both::<Date>(&value);
    both::<Guid>(&value);
    value.len()
}

/// The text with some of its pieces gone, repeated, or others between them.
fn mutated(rng: &mut Rng, text: &str, pieces: &[&str]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..rng.usize(0..5) {
        let (from, to) = span(rng, chars.len());
        match rng.u8(0..5) {
            0 => drop(chars.drain(from..to.min(from + 8))),
            1 => chars.truncate(from),
            2 => {
                let again = chars[from..to].repeat(rng.usize(1..4));
                drop(chars.splice(from..from, again));
            }
            3 => chars.insert(from, rng.char('\0'..='~')),
            _ => {
                let piece = rng.choice(pieces).copied().unwrap_or_default();
                drop(chars.splice(from..to.min(from + 4), piece.chars()));
            }
        }
        chars.truncate(LONGEST / 4);
    }
    chars.into_iter().collect()
}

fn text(rng: &mut Rng) -> String {
    let mut out = String::new();
    for _ in 0..rng.usize(0..8) {
        match rng.u8(0..3) {
            0 => out.push(rng.char(..)),
            1 => out.push(rng.char('\0'..='~')),
            _ => out.push_str(rng.choice(PIECES).unwrap_or_default()),
        }
    }
    out
}

fn written(request: Result<threecx_xapi::PreparedRequest, Error>) -> String {
    let request = request.unwrap_or_else(|error| panic!("{error}"));
    let (_, query) = request.target().split_once('?').unwrap_or_default();
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~%$(),*/:@=&".contains(c);
    assert!(query.chars().all(allowed), "{query}");
    query.to_owned()
}

/// Percent-decodes, with a reader of our own.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        let hex = after.get(..2).and_then(|it| std::str::from_utf8(it).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
