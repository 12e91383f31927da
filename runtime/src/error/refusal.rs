//! What a refusing answer says. Its body may be an OData error, an error of the sign-in, a problem
//! document, a gateway's page, or empty.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, LOCATION, RETRY_AFTER};
use serde_json::Value;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

use crate::digits;

/// The most that is kept of a message and of an excerpt, in characters.
pub(super) const MESSAGE: usize = 2_000;
const EXCERPT: usize = 300;

/// One entry of an OData error's `details`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorDetail {
    /// The machine-readable code; usually empty.
    pub code: String,
    /// What is wrong, often a `WARNINGS.…` code.
    pub message: String,
    /// The property it is about, e.g. `EmailAddress`; empty if none is named.
    pub target: String,
}

/// What an answer with a status that is not a success says, apart from its message.
#[derive(Clone, Default)]
pub(super) struct Refusal {
    pub(super) status: u16,
    pub(super) code: String,
    /// The property that the error as a whole is about.
    pub(super) target: String,
    pub(super) details: Vec<ErrorDetail>,
    pub(super) retry_after: Option<Duration>,
    /// The beginning of a body that is not JSON.
    pub(super) excerpt: String,
    /// What of the call the PBX's release does not have.
    pub(super) absence: Option<String>,
}

impl Refusal {
    /// Reads an answer into the refusal and its message.
    pub(super) fn read(status: u16, headers: &HeaderMap, body: &[u8]) -> (Self, String) {
        let mut this = Self { status, retry_after: retry_after(headers), ..Self::default() };
        let mut message = String::new();
        match serde_json::from_slice(body) {
            Ok(json) => message = this.read_json(&json),
            Err(_) => this.excerpt = excerpt(&String::from_utf8_lossy(body)),
        }
        if (300..400).contains(&status)
            && message.is_empty()
            && let Some(origin) = redirect_origin(headers)
        {
            message = format!("the server redirects to {origin}");
            this.excerpt.clear();
        }
        (this, message)
    }

    /// Takes code and details, and yields the message.
    fn read_json(&mut self, json: &Value) -> String {
        match &json["error"] {
            Value::Object(odata) => {
                self.code = text(odata.get("code"));
                self.target = text(odata.get("target"));
                if let Some(Value::Array(details)) = odata.get("details") {
                    self.details = details.iter().take(100).map(detail).collect();
                }
                text(odata.get("message"))
            }
            // The sign-in's form, RFC 6749, or a sentence.
            Value::String(error) => {
                let error = line(error);
                let description = text(json.get("error_description"));
                self.target = text(json.get("target"));
                if !description.is_empty() || !error.contains(' ') {
                    self.code.clone_from(&error);
                }
                if description.is_empty() { error } else { description }
            }
            // A problem document, RFC 9457, as ASP.NET sends it.
            _ => {
                if let Some(Value::Object(errors)) = json.get("errors") {
                    for (target, messages) in errors.iter().take(100) {
                        let messages = messages.as_array().map(Vec::as_slice).unwrap_or_default();
                        self.details.extend(messages.iter().take(10).map(|message| ErrorDetail {
                            code: String::new(),
                            message: text(Some(message)),
                            target: bounded(target, MESSAGE),
                        }));
                    }
                }
                self.code = text(json.get("code"));
                self.target = text(json.get("target"));
                let mut texts = ["detail", "title", "message", "Message"]
                    .into_iter()
                    .map(|key| text(json.get(key)));
                texts.find(|text| !text.is_empty()).unwrap_or_default()
            }
        }
    }

    /// All of its text that comes from the server.
    pub(super) fn texts(&mut self) -> Vec<&mut String> {
        let details =
            self.details.iter_mut().flat_map(|d| [&mut d.code, &mut d.message, &mut d.target]);
        let own = [&mut self.code, &mut self.target, &mut self.excerpt];
        own.into_iter().chain(details).collect()
    }
}

fn detail(json: &Value) -> ErrorDetail {
    ErrorDetail {
        code: text(json.get("code")),
        message: text(json.get("message")),
        target: text(json.get("target")),
    }
}

/// A text; a number counts as one, as some codes are numbers.
fn text(json: Option<&Value>) -> String {
    match json {
        Some(Value::String(text)) => line(text),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// Foreign text, bounded.
pub(super) fn line(text: &str) -> String {
    bounded(text.trim(), MESSAGE)
}

pub(super) fn bounded(text: &str, limit: usize) -> String {
    let mut chars = text.chars();
    let mut out: String = chars.by_ref().take(limit).collect();
    if chars.next().is_some() {
        out.push('…');
    }
    out
}

/// The text of a page: no tags, no scripts and styles, spaces folded, bounded.
fn excerpt(body: &str) -> String {
    let mut out = String::new();
    let mut rest = body;
    while let Some(open) = rest.find('<') {
        let (before, tag) = rest.split_at(open);
        out.push_str(before);
        out.push(' ');
        let hidden = ["script", "style"].into_iter().find(|name| {
            let found = tag.as_bytes().get(1..=name.len());
            found.is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        });
        rest = match hidden {
            Some(name) => after_closing(tag, name),
            None => tag.split_once('>').map_or("", |(_, after)| after),
        };
    }
    out.push_str(rest);
    let mut folded = String::new();
    for word in
        out.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty())
    {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
        if folded.len() > EXCERPT * 4 {
            break;
        }
    }
    bounded(&folded, EXCERPT)
}

/// What follows `</name…>`.
fn after_closing<'a>(text: &'a str, name: &str) -> &'a str {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("</") {
        if after
            .as_bytes()
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        {
            return after.split_once('>').map_or("", |(_, after)| after);
        }
        rest = after;
    }
    ""
}

/// The `WARNINGS.…` tokens, each once.
pub(super) fn warnings<'a>(message: &'a str, details: &'a [ErrorDetail]) -> Vec<&'a str> {
    let mut found: Vec<&str> = Vec::new();
    let texts = details.iter().map(|detail| detail.message.as_str());
    for text in std::iter::once(message).chain(texts) {
        for word in text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_')) {
            let word = word.trim_end_matches('.');
            if word.strip_prefix("WARNINGS.").is_some_and(|rest| !rest.is_empty())
                && !found.contains(&word)
            {
                found.push(word);
            }
        }
    }
    found
}

/// Scheme and authority alone: the rest may hold anything.
fn redirect_origin(headers: &HeaderMap) -> Option<String> {
    let url = reqwest::Url::parse(headers.get(LOCATION)?.to_str().ok()?).ok()?;
    Some(url.origin().ascii_serialization())
}

/// Seconds, or a date; a date is held against the server's own clock where it sends one.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Some(seconds) = digits::number(value) {
        return Some(Duration::from_secs(seconds));
    }
    let until = http_date(value)?;
    let now = headers
        .get(DATE)
        .and_then(|date| http_date(date.to_str().ok()?))
        .unwrap_or_else(|| OffsetDateTime::from(SystemTime::now()));
    Some((until - now).try_into().unwrap_or(Duration::ZERO))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, the only form that servers still send.
pub(crate) fn http_date(text: &str) -> Option<OffsetDateTime> {
    let mut words = text.split_once(", ")?.1.split(' ');
    let day = digits::number(words.next()?)?;
    let month = words.next()?;
    let months =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = months.iter().position(|name| *name == month)? + 1;
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let year = digits::number(words.next()?)?;
    let mut clock = words.next()?.split(':');
    let time = Time::from_hms(
        digits::number(clock.next()?)?,
        digits::number(clock.next()?)?,
        digits::number(clock.next()?)?,
    )
    .ok()?;
    if words.next()? != "GMT" {
        return None;
    }
    Some(
        PrimitiveDateTime::new(Date::from_calendar_date(year, month, day).ok()?, time).assume_utc(),
    )
}
