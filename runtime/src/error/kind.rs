//! The kinds of errors, each with the data that only it has.

use super::refusal::Refusal;

#[derive(Clone)]
pub(super) enum Kind {
    /// The client is set up in a way that cannot work.
    Configuration,
    /// The client could not write the request.
    Unwritable,
    /// The client got no connection, so it sent nothing.
    Connect(Network),
    /// The server's certificate or TLS itself.
    Tls(Network),
    /// The limit of time passed.
    Timeout(Network),
    /// The connection broke after the client had sent the request, or may have sent it.
    Interrupted(Network),
    /// No row where there was to be one.
    Nothing,
    /// The body passed the response limit.
    TooLarge,
    /// An HTTP status that is not a success, or a sign-in answer without a token.
    Refused(Box<Refusal>),
    /// The source of tokens has none to give.
    Credentials {
        status: Option<u16>,
        code: String,
        /// The sign-in needs a security code, or another one.
        second_factor: bool,
    },
    /// A body that is not what was declared, where in its JSON, and under which status it came.
    Decode { path: Option<String>, status: Option<u16> },
    /// JSON text of the caller's that is not what was declared, and where.
    Input { path: String },
    /// A file or writer on this side.
    Local,
}

/// What is known of a failure below HTTP.
#[derive(Clone, Default)]
pub(super) struct Network {
    /// The host as people know it, with the proxy if there is one.
    pub(super) host: Option<String>,
    pub(super) timed_out: bool,
}
