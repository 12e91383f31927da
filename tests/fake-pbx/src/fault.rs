//! Faults on demand: rules that say which requests go wrong, and how.

use std::time::Duration;

use serde_json::Value;

use super::gate::Gate;
use super::reply::{Body, Reply};
use crate::recorded::Recorded;

/// How a connection ends, or doesn't.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Reset: what was sent may be lost.
    Reset,
    /// Closed in order, too early.
    Close,
    /// Left open without another byte.
    Stall,
}

/// What goes wrong.
#[derive(Clone, Debug)]
pub(super) enum Effect {
    /// Nothing; the rule only waits.
    Nothing,
    /// This answer in place of the handler's.
    Answer(Reply),
    /// The connection ends without an answer; the flag says whether the handler runs before.
    Hangup { ending: Ending, handled: bool },
    /// Only so many percent of the body are sent, under the whole length.
    Cut { percent: u64, ending: Ending },
    /// A whole answer whose JSON breaks off.
    Truncate,
    /// The handler's answer under another content type.
    Relabel(String),
    /// All tokens end as the request arrives.
    Revoke,
}

/// A rule: which requests, and what happens to them. Without more it concerns the first request
/// to come to its path.
///
/// ```
/// # use threecx_xapi_fake::Fault;
/// Fault::at("/xapi/v1/Users").method("GET").nth(2).times(3).answers(503).header("Retry-After", "1");
/// Fault::at("/xapi/v1/Recordings").always().ends_early(70);
/// ```
#[derive(Clone, Debug)]
#[must_use = "give it to FakePbx::fault"]
pub struct Fault {
    path: String,
    method: Option<String>,
    /// The first and the last request that are concerned, counted from 1.
    range: (usize, usize),
    pub(super) gate: Option<Gate>,
    pub(super) delay: Duration,
    pub(super) effect: Effect,
    matched: usize,
}

impl Fault {
    /// Requests whose target starts so, as sent (`/xapi/v1/Users`, `/connect/token`).
    pub fn at(prefix: impl Into<String>) -> Self {
        let (path, effect) = (prefix.into(), Effect::Nothing);
        let (gate, delay) = (None, Duration::ZERO);
        Self { path, method: None, range: (1, 1), gate, delay, effect, matched: 0 }
    }

    /// Only requests of this method.
    pub fn method(mut self, method: &str) -> Self {
        self.method = Some(method.to_owned());
        self
    }

    /// From the nth matching request on, counted from 1 since the rule was given.
    pub fn nth(mut self, first: usize) -> Self {
        let times = self.range.1.saturating_sub(self.range.0);
        self.range = (first, first.saturating_add(times));
        self
    }

    /// This many requests.
    pub fn times(mut self, times: usize) -> Self {
        self.range.1 = self.range.0.saturating_add(times).saturating_sub(1);
        self
    }

    /// All requests from the nth on.
    pub fn always(mut self) -> Self {
        self.range.1 = usize::MAX;
        self
    }

    /// The request waits at a gate before anything else happens to it.
    pub fn waits_for(mut self, gate: &Gate) -> Self {
        self.gate = Some(gate.clone());
        self
    }

    /// So much time passes before anything else happens to the request.
    pub fn late(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    fn with(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// An answer with this status and no body; the handler doesn't run.
    pub fn answers(self, status: u16) -> Self {
        self.with(Effect::Answer(Reply::empty(status)))
    }

    /// A header of the answer; only after what sets an answer.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        if let Effect::Answer(reply) = self.effect {
            self.effect = Effect::Answer(reply.with(name, value));
        }
        self
    }

    /// The answer's body with its content type; only after what sets an answer.
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        if let Effect::Answer(reply) = &mut self.effect {
            reply.body = Body::Bytes(body.into());
        }
        self.header("Content-Type", content_type)
    }

    /// The answer's body as JSON; only after what sets an answer.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json; odata.metadata=minimal", body.to_string())
    }

    /// A gateway's page in HTML.
    pub fn html(self, status: u16) -> Self {
        let page = format!(
            "<html>\r\n<head><title>{status} Bad Gateway</title></head>\r\n<body>\r\n\
             <center><h1>{status} Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n\
             </body>\r\n</html>\r\n"
        );
        self.answers(status).body("text/html", page)
    }

    /// A redirect to another address.
    pub fn redirects(self, status: u16, location: &str) -> Self {
        self.answers(status).header("Location", location)
    }

    /// The connection is reset before the handler runs.
    pub fn resets_before(self) -> Self {
        self.with(Effect::Hangup { ending: Ending::Reset, handled: false })
    }

    /// The connection is reset after the handler has run, before a byte of its answer.
    pub fn resets_unanswered(self) -> Self {
        self.with(Effect::Hangup { ending: Ending::Reset, handled: true })
    }

    /// The connection is closed after the handler has run, before a byte of its answer.
    pub fn closes_unanswered(self) -> Self {
        self.with(Effect::Hangup { ending: Ending::Close, handled: true })
    }

    /// No answer ever comes, though the handler has run.
    pub fn never_answers(self) -> Self {
        self.with(Effect::Hangup { ending: Ending::Stall, handled: true })
    }

    /// The connection is reset after so many percent of the body.
    pub fn resets_midway(self, percent: u64) -> Self {
        self.with(Effect::Cut { percent, ending: Ending::Reset })
    }

    /// The connection is closed in order after so many percent of the body, though its whole length
    /// was announced.
    pub fn ends_early(self, percent: u64) -> Self {
        self.with(Effect::Cut { percent, ending: Ending::Close })
    }

    /// After so many percent of the body nothing more comes, and the connection stays open.
    pub fn stalls(self, percent: u64) -> Self {
        self.with(Effect::Cut { percent, ending: Ending::Stall })
    }

    /// A whole answer whose JSON breaks off halfway.
    pub fn truncates_json(self) -> Self {
        self.with(Effect::Truncate)
    }

    /// The right answer under another content type.
    pub fn content_type(self, content_type: &str) -> Self {
        self.with(Effect::Relabel(content_type.to_owned()))
    }

    /// All tokens are revoked as the request arrives, so that it is refused.
    pub fn revokes_tokens(self) -> Self {
        self.with(Effect::Revoke)
    }

    /// Counts a request; whether the rule concerns it.
    pub(super) fn concerns(&mut self, request: &Recorded) -> bool {
        let method = self.method.as_ref().is_none_or(|method| *method == request.method);
        if !method || !request.target.starts_with(&self.path) {
            return false;
        }
        self.matched += 1;
        (self.range.0..=self.range.1).contains(&self.matched)
    }
}
