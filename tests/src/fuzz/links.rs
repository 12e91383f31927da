//! Addresses: links, continuations and base URLs. The token goes where they lead.

use std::sync::{Arc, Mutex, PoisonError};

use fastrand::Rng;
use threecx_xapi::entities::User;
use threecx_xapi::paging::Continuation;
use threecx_xapi::reqwest::Url;
use threecx_xapi::{Client, Reply, RetryPolicy};

use super::{Fuzzer, PIECES, mutated, text};

const ORIGIN: &str = "https://pbx.example.com";

/// Where links lead, and what makes them lead elsewhere.
const PARTS: [&str; 26] = [
    "https:",
    "http:",
    "HTTPS://",
    "//",
    "/",
    "\\",
    "\t",
    "\n",
    " ",
    "@",
    ":",
    "?",
    "#",
    "..",
    "%2e%2e/",
    "%2f",
    "pbx.example.com",
    "PBX.EXAMPLE.COM",
    ":443",
    ":5001",
    "evil.example",
    "xapi/v1/Users",
    "xapi/v1/",
    "[::1]",
    "file:",
    "data:,",
];

const BASES: [&str; 8] = [
    "https://pbx.example.com:5001",
    "https://pbx.example.com/xapi/v1/",
    "http://127.0.0.1:5004",
    "http://[::1]:5000/",
    "http://localhost",
    "https://user:password@pbx.example.com",
    "https://pbx.münchen.example",
    "ftp://pbx.example.com",
];

/// A text that is like a link.
fn link(rng: &mut Rng) -> String {
    if rng.u8(0..8) == 0 {
        return text(rng);
    }
    let mut link =
        rng.choice(["", ORIGIN, "/xapi/v1/Users", "Users?$skip=1"]).unwrap_or("").to_owned();
    for _ in 0..rng.usize(0..5) {
        link += match rng.u8(0..8) {
            0 => rng.choice(PIECES).unwrap_or(""),
            _ => rng.choice(PARTS).unwrap_or(""),
        };
    }
    if rng.u8(0..4) == 0 { mutated(rng, &link, &PARTS) } else { link }
}

/// Where a link leads, if that is this PBX.
fn own(link: &str) -> Option<Url> {
    let root = Url::parse(ORIGIN).and_then(|it| it.join("/xapi/v1/")).ok()?;
    let url = root.join(link).ok()?;
    let is_own = url.origin() == root.origin() && url.username().is_empty();
    (is_own && url.password().is_none()).then_some(url)
}

/// A link is refused, or leads to this PBX.
pub(super) fn links(fuzzer: &Fuzzer, rng: &mut Rng) -> usize {
    let link = link(rng);
    match fuzzer.pbx.download_link(link.as_str()).prepare() {
        Ok(request) => {
            let url = own(&link).unwrap_or_else(|| panic!("{link:?} leads away: {request}"));
            assert_eq!(
                Some(request.target()),
                url.as_str().split('#').next().and_then(|it| it.strip_prefix(ORIGIN))
            );
        }
        Err(error) => assert!(error.is_usage() && !error.is_retryable(), "{link:?}: {error}"),
    }
    link.len()
}

/// A base URL is refused, or names a scheme, a host and at most a port.
pub(super) fn base_urls(rng: &mut Rng) -> usize {
    let base = match rng.u8(0..4) {
        0 => link(rng),
        _ => {
            let base = rng.choice(BASES).unwrap_or_default();
            mutated(rng, base, &PARTS)
        }
    };
    let is_plain_allowed = rng.bool();
    let mut builder =
        Client::builder(base.as_str()).answered_by(|it| Ok(Reply::new(it.info(), 204)));
    if is_plain_allowed {
        builder = builder.allow_plain_http();
    }
    match builder.build() {
        Ok(client) => {
            let origin = client.origin();
            let (scheme, host) = origin.split_once("://").unwrap_or_default();
            let is_host = !host.is_empty() && !host.contains(['/', '\\', '@', '?', '#', ' ']);
            let is_loopback = host.starts_with("localhost")
                || host.starts_with("127.")
                || host.starts_with("[::1]");
            let may_be_plain = is_plain_allowed || is_loopback;
            assert!(
                is_host && (scheme == "https" || (scheme == "http" && may_be_plain)),
                "{base:?}: {origin}"
            );
            let target = client.users().get(1).prepare().map(|it| it.target().to_owned());
            assert_eq!(target.ok().as_deref(), Some("/xapi/v1/Users(1)"), "{base:?}");
        }
        Err(error) => assert!(error.is_usage(), "{base:?}: {error}"),
    }
    base.len()
}

/// A text is no continuation, or the walk that it resumes stays with its own path.
pub(super) fn continuations(fuzzer: &Fuzzer, rng: &mut Rng) -> usize {
    let asked = Arc::<Mutex<Vec<String>>>::default();
    let client = pages(rng, &asked);
    let is_by_key = rng.bool();
    let walk = || {
        let list = client.users().list();
        if is_by_key { list.by_key().items() } else { list.items() }.page_size(2)
    };
    let mut items = walk();
    for _ in 0..rng.usize(0..5) {
        drop(fuzzer.runtime.block_on(items.next()));
    }
    let known = items.continuation().to_string();
    let text =
        if rng.u8(0..3) == 0 { relinked(rng, &known) } else { mutated(rng, &known, &PIECES) };
    asked.lock().unwrap_or_else(PoisonError::into_inner).clear();
    match text.parse::<Continuation>() {
        Ok(continuation) => {
            let mut items = walk().resume(continuation);
            let first = fuzzer.runtime.block_on(items.next());
            let asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
            assert!(asked.iter().all(|it| is_users(it)), "{text}: {asked:?}");
            let foreign = link_of(&text).is_some_and(|link| own(&link).is_none());
            let is_refused = matches!(&first, Some(Err(_)));
            assert!(!foreign || (is_refused && asked.is_empty()), "{text}: {first:?}, {asked:?}");
        }
        Err(error) => assert!(error.is_usage(), "{text}: {error}"),
    }
    text.len()
}

/// The path of a list of users, however it is encoded.
fn is_users(target: &str) -> bool {
    super::decoded(target.split('?').next().unwrap_or_default()) == "/xapi/v1/Users"
}

/// A PBX that gives two users for each request, and mostly a link.
fn pages(rng: &mut Rng, asked: &Arc<Mutex<Vec<String>>>) -> Client {
    let asked = Arc::clone(asked);
    let is_linked = rng.u8(0..4) > 0;
    let client = Client::builder(ORIGIN).retry(RetryPolicy::none()).answered_by(move |request| {
        let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.push(request.target().to_owned());
        let id = i32::try_from(asked.len()).unwrap_or(0) * 2;
        let users = [User::default().id(id), User::default().id(id + 1)];
        let mut page = serde_json::json!({ "value": users });
        if is_linked {
            page["@odata.nextLink"] = format!("Users?$skip={id}").into();
        }
        Reply::new(request.info(), 200).with_json(&page)
    });
    client.build().unwrap_or_else(|error| panic!("{error}"))
}

/// The continuation with another link in it.
fn relinked(rng: &mut Rng, text: &str) -> String {
    let Ok(mut json) = serde_json::from_str::<serde_json::Value>(text) else {
        return String::new();
    };
    json["link"] = link(rng).into();
    for name in ["passed", "asked", "came"] {
        json[name] = rng.u8(0..3).into();
    }
    json.to_string()
}

fn link_of(text: &str) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(text).ok()?;
    json["link"].as_str().map(str::to_owned)
}
