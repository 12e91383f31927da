//! The wire driver: every operation of the client, sent once, each with a line on how it went. And the
//! calls of those who know one release alone.

use std::future::Future;
use std::pin::Pin;

use serde::Serialize;
use serde::de::DeserializeOwned;
use threecx_xapi::answer::Answer;
use threecx_xapi::entities::{Property as TenantProperty, Rights, User, UserGroup};
use threecx_xapi::operation::Operation;
use threecx_xapi::resources::OPERATIONS;
use threecx_xapi::{Client, Download, Error, PreparedRequest, Release, Request, Response};
use xapi_codegen::model::Api;

pub use crate::generated::calls::{CALLS, VARIANTS};
use crate::variants::{is_undecided, number};

/// How a call went. The names of its JSON fields are a promise to other programs.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// The operationId.
    pub operation_id: String,
    /// The HTTP method.
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// The status that came; none if none came.
    pub status: Option<u16>,
    /// `decoded`, or the error.
    pub outcome: String,
    /// Whether the request went out.
    #[serde(skip)]
    pub sent: bool,
    /// What was decoded, written as JSON again; none for a file.
    #[serde(skip)]
    pub value: Option<serde_json::Value>,
}

/// A call that is under way.
pub type Running = Pin<Box<dyn Future<Output = Line> + Send>>;

/// Makes an operation's call.
pub type Call = fn(&Client) -> Running;

/// Every printable character of ASCII, and some beyond.
const EVERY: &str = " !\"#$%&'()*+,-./0129:;<=>?@ABYZ[\\]^_`abyz{|}~ %41 \u{e9}\u{1f600}";

/// Calls with every character in each place that takes a text, and with options inside of an expansion. All
/// releases know them.
pub const HOSTILE: &[(&str, Call)] = &[
    ("ListUser", |pbx| {
        let groups = User::GROUPS
            .select((UserGroup::ID, UserGroup::NAME))
            .expand(UserGroup::RIGHTS.select(Rights::ROLE_NAME))
            .filter(UserGroup::NAME.eq(EVERY).or(UserGroup::ID.gt(-1)))
            // The client refuses these there, as 3CX's reader would end the expansion at them.
            .search(EVERY.replace(['(', ')', ';', '\''], ""))
            .order_by(UserGroup::NAME.desc())
            .top(5);
        let number = User::NUMBER.is_in([EVERY, "a;b"]).or(User::FIRST_NAME.contains(EVERY));
        run(pbx.users().list().filter(number).search(EVERY).expand(groups))
    }),
    ("GetProperty", |pbx| run(pbx.tenant_properties().get(EVERY).select(TenantProperty::NAME))),
];

/// The calls of those who know one document alone, by operationId. Of an operation that has changed it is the
/// call of the document's variant. A write is left out if nothing tells the client which route the PBX has.
pub fn calls_in(api: &Api, release: Release) -> Vec<(&'static str, Call)> {
    let generated = CALLS.iter().filter_map(|(id, call)| {
        let operation = api.operations.get(*id)?;
        let info = OPERATIONS.iter().find(|info| info.id == *id)?;
        if info.variants.is_empty() {
            return Some((*id, *call));
        }
        let number = number(id, operation)?;
        let mut variants = VARIANTS.iter();
        let (.., call) = variants.find(|(known, at, _)| known == id && *at == number)?;
        (!is_undecided(info, operation, number, release)).then_some((*id, *call))
    });
    generated.chain(HOSTILE.iter().copied()).collect()
}

/// Sends a request whose answer can be written as JSON again.
pub(crate) fn run<O: Operation<Output: Serialize + Send>>(request: Request<O>) -> Running {
    let prepared = request.prepare();
    let call = request.send();
    finish(O::INFO.id, prepared, async move {
        let (status, value) = parted(call.await?);
        Ok((status, serde_json::to_value(value).ok()))
    })
}

/// Sends a request whose answer is a file, and reads it to its end.
pub(crate) fn download<O, T>(request: Request<O>) -> Running
where
    O: Operation<Output = Download<T>>,
    T: Answer + DeserializeOwned + Send,
    Download<T>: Answer + Send,
{
    let prepared = request.prepare();
    let call = request.send();
    finish(O::INFO.id, prepared, async move {
        let (status, file) = parted(call.await?);
        file.bytes().await?;
        Ok((status, None))
    })
}

fn parted<T>(response: Response<T>) -> (u16, T) {
    (response.status(), response.value)
}

type Decoded = Result<(u16, Option<serde_json::Value>), Error>;

fn finish(
    id: &'static str,
    prepared: Result<PreparedRequest, Error>,
    call: impl Future<Output = Decoded> + Send + 'static,
) -> Running {
    Box::pin(async move {
        let mut line = Line {
            operation_id: id.to_owned(),
            method: String::new(),
            target: String::new(),
            status: None,
            outcome: "decoded".to_owned(),
            sent: true,
            value: None,
        };
        match prepared {
            Ok(prepared) => {
                line.method = prepared.method().as_str().to_owned();
                line.target = prepared.target().to_owned();
            }
            Err(error) => {
                line.sent = false;
                line.outcome = error.to_string();
                return line;
            }
        }
        match call.await {
            Ok((status, value)) => (line.status, line.value) = (Some(status), value),
            Err(error) => {
                line.status = error.status();
                line.sent = !error.is_connect() && !error.is_usage();
                line.outcome = error.to_string();
            }
        }
        line
    })
}
