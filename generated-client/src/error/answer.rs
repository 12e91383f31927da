//! Reads the body of an error answer: OData's form, the sign-in's, a problem document, a gateway's
//! page, or nothing.

use std::time::{Duration, SystemTime};

use reqwest::header::{DATE, HeaderMap, LOCATION, RETRY_AFTER};
use serde_json::Value;
use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

use super::{ErrorDetail, Inner};

/// The most that is kept of a message and of an excerpt, in characters.
const MESSAGE: usize = 2_000;
const EXCERPT: usize = 300;

pub(super) fn read(error: &mut Inner, headers: &HeaderMap, body: &[u8]) {
    error.retry_after = retry_after(headers);
    match serde_json::from_slice(body) {
        Ok(json) => read_json(error, &json),
        Err(_) => error.excerpt = excerpt(&String::from_utf8_lossy(body)),
    }
    let redirected = error.status.is_some_and(|status| (300..400).contains(&status));
    if redirected
        && error.message.is_empty()
        && let Some(origin) = redirect_origin(headers)
    {
        error.message = format!("the server redirects to {origin}");
        error.excerpt.clear();
    }
}

fn read_json(error: &mut Inner, json: &Value) {
    match &json["error"] {
        Value::Object(odata) => {
            error.code = text(odata.get("code"));
            error.message = text(odata.get("message"));
            if let Some(Value::Array(details)) = odata.get("details") {
                error.details = details.iter().take(100).map(detail).collect();
            }
        }
        // The sign-in's form, RFC 6749.
        Value::String(code) => {
            error.code = bounded(code, MESSAGE);
            error.message = text(json.get("error_description"));
            if error.message.is_empty() {
                error.message.clone_from(&error.code);
            }
        }
        _ => {
            // A problem document, RFC 9457, as ASP.NET sends it.
            error.message = ["detail", "title", "message", "Message"]
                .into_iter()
                .map(|key| text(json.get(key)))
                .find(|text| !text.is_empty())
                .unwrap_or_default();
            if let Some(Value::Object(errors)) = json.get("errors") {
                for (target, messages) in errors.iter().take(100) {
                    let messages = messages.as_array().map(Vec::as_slice).unwrap_or_default();
                    error.details.extend(messages.iter().take(10).map(|message| ErrorDetail {
                        code: String::new(),
                        message: text(Some(message)),
                        target: bounded(target, MESSAGE),
                    }));
                }
            }
        }
    }
}

fn detail(json: &Value) -> ErrorDetail {
    ErrorDetail {
        code: text(json.get("code")),
        message: text(json.get("message")),
        target: text(json.get("target")),
    }
}

fn text(json: Option<&Value>) -> String {
    match json {
        Some(Value::String(text)) => bounded(text.trim(), MESSAGE),
        _ => String::new(),
    }
}

/// Foreign text, bounded.
pub(super) fn line(text: &str) -> String {
    bounded(text.trim(), MESSAGE)
}

fn bounded(text: &str, limit: usize) -> String {
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
pub(super) fn warnings(error: &Inner) -> Vec<&str> {
    let mut found: Vec<&str> = Vec::new();
    for text in
        std::iter::once(&error.message).chain(error.details.iter().map(|detail| &detail.message))
    {
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
    if let Ok(seconds) = value.parse() {
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
    let day = words.next()?.parse().ok()?;
    let month = words.next()?;
    let months =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = months.iter().position(|name| *name == month)? + 1;
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let year = words.next()?.parse().ok()?;
    let mut clock = words.next()?.split(':');
    let time = Time::from_hms(
        clock.next()?.parse().ok()?,
        clock.next()?.parse().ok()?,
        clock.next()?.parse().ok()?,
    )
    .ok()?;
    if words.next()? != "GMT" {
        return None;
    }
    Some(
        PrimitiveDateTime::new(Date::from_calendar_date(year, month, day).ok()?, time).assume_utc(),
    )
}
